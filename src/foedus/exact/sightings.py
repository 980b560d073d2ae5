"""What the record says of each firing: which is free, which an item has seen, which must not be.

A kind, or an option of one, that the record tells of is a strand for each instance. At any moment
the record holds a fraction of a strand's firings: all of them where it is complete or an `absent`
item covers the moment, the reported share where firings are reported by chance, none where nothing
is known (an item that is left out leaves its dates unknown). A firing that is held must be that of
an item whose date it is and whose predecessors have happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf, log, pi, sqrt

from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance
from foedus.exact.moves import Firing, Happened
from foedus.exact.refusal import NotExactError
from foedus.frozen import dataclass
from foedus.jump.record import Measurement, Record, Sighting, Target, Window
from foedus.jump.stages import Stage

Layer = frozenset[int]
"""The items under way that have been met (by their number in the record)."""

STREAMS = ("happened", "absent", "no-report")


@dataclass(frozen=True, slots=True)
class Fraction:
    """How much of a strand's firings the record holds."""

    kind: float = 0.0
    option: float = 0.0

    @property
    def free(self) -> float:
        """How likely a firing is to be one that the record does not hold."""
        return (1.0 - self.kind) * (1.0 - self.option)


class Sightings:
    """A record as of a stage, at given reporting probabilities and dates.

    `dates` has for each item that happened which of its windows is taken for right.
    """

    def __init__(
        self,
        prepared: Prepared,
        record: Record,
        stage: Stage,
        shares: dict[int, float],
        dates: dict[int, int],
    ) -> None:
        self.prepared, self.record, self.stage = prepared, record, stage
        self.shares, self.dates = shares, dates
        self.is_on = [one.id in stage.items for one in record.sightings]
        self.before = [self._before(number) for number in range(len(record.sightings))]
        self._coverage = {
            (one.target.kind, one.target.option): number
            for number, one in enumerate(record.coverages)
        }
        self._options = {
            kind.name: {option.name for option in kind.options} for kind in prepared.model.kinds
        }

    def _before(self, number: int) -> tuple[int, ...]:
        """The items that must have happened first: the one it follows, earlier ones of its strand
        if that is recorded completely."""
        record, one = self.record, self.record.sightings[number]
        if one.kind != "happened":
            return ()
        found = {
            other
            for other, that in enumerate(record.sightings)
            if that.id == one.follows and that.kind == "happened"
        }
        is_complete = any(
            each.reported is None and _names(each.target) == _names(one.target)
            for each in record.coverages
        )
        for other, that in enumerate(record.sightings if is_complete else ()):
            is_earlier = (that.start, other) < (one.start, number)
            if that.kind == "happened" and that.target == one.target and is_earlier:
                found.add(other)
        return tuple(sorted(found))

    # Time ----------------------------------------------------------------------------------------

    def breaks(self) -> set[float]:
        """Every moment at which what is held, or what is under way, changes."""
        found: set[float] = set()
        for number, one in enumerate(self.record.sightings):
            if one.kind in STREAMS and not (one.is_outcome and not self.is_on[number]):
                found.update((one.start, one.end))
            if self.is_on[number]:
                for window in one.windows:
                    found.update((window.start, window.end))
        for coverage, until in zip(self.record.coverages, self.stage.silent_until, strict=True):
            if until > -inf:
                found.update((coverage.start, until))
        return found

    def window(self, number: int) -> Window:
        """The stretch in which an item is under way: its date, or all its dates for what is seen
        in the state."""
        one = self.record.sightings[number]
        if one.kind == "happened":
            return one.windows[self.dates.get(number, 0)]
        return Window(one.start, one.end)

    def under_way(self, time: float) -> tuple[int, ...]:
        """The items that are on and can be met from a moment on."""
        return tuple(
            number
            for number, one in enumerate(self.record.sightings)
            if self.is_on[number]
            and one.kind not in ("absent", "no-report")
            and self.window(number).start <= time < self.window(number).end
        )

    def seen_density(self, number: int, time: float) -> float:
        """How densely the moment at which a state was seen lies here (per day)."""
        return sum(
            window.weight / (window.end - window.start)
            for window in self.record.sightings[number].windows
            if window.start <= time < window.end
        )

    # Firings -------------------------------------------------------------------------------------

    def fraction(self, one: Instance, act: str, time: float) -> Fraction:
        """What is held of an instance's firings with an act from a moment on."""
        option = act.removeprefix(f"{one.kind.name}.") if act != one.kind.name else None
        kind = self._held(one, None, time)
        return Fraction(kind, 0.0 if option is None else self._held(one, option, time))

    def _held(self, one: Instance, option: str | None, time: float) -> float:
        """The same rule as that of conditioned runs: items first, then what is not known, then the
        record's span."""
        name = (one.kind.name, option)
        coverage = self._coverage.get(name)
        whole = 1.0 if coverage is None else self.shares.get(coverage, 1.0)
        is_known = is_unknown = False
        until = -inf
        for number, item in enumerate(self.record.sightings):
            if item.kind not in STREAMS or not _is_about(item.target, name, one.labels):
                continue
            is_now = item.start <= time < item.end
            if not self.is_on[number]:
                is_unknown |= is_now and not item.is_outcome
                continue
            if item.kind == "happened":
                until = max(until, item.end)
            if is_now and item.kind == "absent":
                return 1.0
            is_known |= is_now
        if is_known:
            return whole
        if is_unknown or coverage is None:
            return 0.0
        until = max(until, self.stage.silent_until[coverage])
        return whole if self.record.coverages[coverage].start <= time < until else 0.0

    def follow(
        self, happened: Happened, layer: Layer, time: float
    ) -> Iterator[tuple[float, Layer]]:
        """The ways in which the record can account for what happened: factor and layer after."""
        ways = [(1.0, layer)]
        for firing in happened:
            ways = [
                (factor * more, after)
                for factor, here in ways
                for more, after in self._account(firing, here, time)
            ]
        yield from ways

    def _account(self, firing: Firing, layer: Layer, time: float) -> Iterator[tuple[float, Layer]]:
        kind = (
            firing.name if firing.name in self.prepared.by_kind else firing.name.rpartition(".")[0]
        )
        one = self.prepared.by_kind[kind][firing.order]
        free = self.fraction(one, firing.name, time).free
        if free > 0.0:
            yield free, layer
        option = None if firing.name == kind else firing.name[len(kind) + 1 :]
        for number in self.under_way(time):
            item = self.record.sightings[number]
            if item.kind != "happened" or number in layer or item.target is None:
                continue
            if self._is_denied(item.target, self.window(number)):
                continue
            names = {(kind, None), (kind, option)}
            if not any(_is_about(item.target, name, one.labels) for name in names):
                continue
            if all(self._is_met(other, layer, time) for other in self.before[number]):
                factor = self._reported(item) * _measured(item, firing)
                if factor > 0.0:
                    yield factor, layer | {number}

    def _is_denied(self, target: Target, window: Window) -> bool:
        """Whether something that is known denies what an item says for all of its date."""
        return any(
            is_on and other.kind == "absent" and other.target is not None
            and other.target.holds(target) and window.lies_in(other.start, other.end)
            for is_on, other in zip(self.is_on, self.record.sightings, strict=True)
        )  # fmt: skip

    def _is_met(self, number: int, layer: Layer, time: float) -> bool:
        return not self.is_on[number] or number in layer or self.window(number).end <= time

    def _reported(self, item: Sighting) -> float:
        assert item.target is not None
        coverage = self._coverage.get((item.target.kind, item.target.option))
        return 1.0 if coverage is None else self.shares.get(coverage, 1.0)


def _names(target: Target | None) -> tuple[str, str | None] | None:
    return None if target is None else (target.kind, target.option)


def _is_about(target: Target | None, name: tuple[str, str | None], labels: tuple[str, ...]) -> bool:
    if target is None or (target.kind, target.option) != name:
        return False
    return target.labels is None or target.labels == labels


def _measured(item: Sighting, firing: Firing) -> float:
    """The density of what an item's draws were measured to be, given what they were."""
    factor, drawn = 1.0, dict(firing.draws)
    for name, measurement in item.draws:
        values = drawn.get(name, ())
        if len(values) != 1:
            what = f"the item `{item.id}` measures `{name}`, which has several values"
            raise NotExactError(what, "use particles")
        factor *= exp(log_error(measurement, values[0]))
    return factor


def log_error(measurement: Measurement, truth: float) -> float:
    """The log density of a measurement given the truth; of one without error, 0 or minus infinity.

    A standard deviation is that of a normal error; a factor is exp of that of the log, and the
    density is that of the measured number itself.
    """
    value, size = measurement.value, measurement.size
    if measurement.form == "exact" or size == (0.0 if measurement.form == "sd" else 1.0):
        return 0.0 if truth == value else -inf
    if measurement.form == "sd":
        return -0.5 * ((value - truth) / size) ** 2 - log(size * sqrt(2.0 * pi))
    if truth <= 0.0 or value <= 0.0:
        return -inf
    sigma = log(size)
    return -0.5 * (log(value / truth) / sigma) ** 2 - log(sigma * sqrt(2.0 * pi)) - log(value)
