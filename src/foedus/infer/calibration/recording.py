"""What would be recorded of a course: records told by a model, in the way in which one was kept.

How a record is kept is read off it (`Kept`): which kinds of events are known, from when to when and
how completely; how finely they are dated (the n-th firing of a kind as the n-th item about it);
when somebody looked at the state, and with what error. A model then tells other records that are
kept alike. Who published an item plays no part: all are told truly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor
from statistics import median

import numpy as np

from foedus.engine.monitors import Watch
from foedus.engine.prepare import Prepared
from foedus.engine.reference import simulate_run
from foedus.engine.world import Happening, Parameters
from foedus.expr.tree import BOOLEAN, PLAIN, Binary, Not, Number
from foedus.frozen import dataclass
from foedus.jump.model import Atom
from foedus.jump.record import Coverage, Measurement, Record, Sighting, Target, Window

SEEDS = 2**62
NEVER = 1.0
"""How many days after the clock's end the items lie that a record does not have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a record is kept.

    `widths` are the lengths in days of the dates of items about each kind (or option), in order;
    `usual` is that of kinds without items. `looks` are the items about the state.
    """

    coverages: tuple[Coverage, ...]
    widths: Mapping[tuple[str, str | None], tuple[float, ...]]
    usual: float
    looks: tuple[Sighting, ...]
    horizon: float


@dataclass(frozen=True, slots=True)
class Told:
    """A record by itself: its dated events, and what each look came to (a truth is 1 or 0)."""

    events: tuple[tuple[Target, tuple[Window, ...], float], ...]
    seen: tuple[float, ...]


def why_not(record: Record) -> str | None:
    """Why a model cannot tell records like this one; None if it can."""
    evidence = _evidence(record)
    if record.assertions:
        return "claims are not simulated: what else the speaker might have said is not in the case"
    if record.tables:
        return "tables of many units are not simulated"
    for one in evidence:
        if one.draws:
            return f"what `{one.id}` measured of an event's draws is not simulated"
        if not _is_told(one, record):
            return f"that nothing was heard (`{one.id}`) is not simulated"
    return None


def untold(record: Record) -> tuple[int, tuple[str, ...]]:
    """What a model cannot tell others like: how many claims, and the items (or their measures)."""
    left = (one for one in _evidence(record) if one.draws or not _is_told(one, record))
    return len(record.assertions), tuple(one.id for one in left)


def tellable(record: Record) -> Record:
    """A record without what is `untold`, and without tables of many units."""
    sightings = (
        replace(one, draws=())
        for one in record.sightings
        if one.is_outcome or _is_told(one, record)
    )
    return replace(record, sightings=tuple(sightings), assertions=(), speakers=(), tables=())


def kept(record: Record, horizon: float) -> Kept:
    """How a record is kept; one for which there is nothing to say `why_not`."""
    widths: dict[tuple[str, str | None], tuple[float, ...]] = {}
    for one in sorted(_evidence(record), key=lambda one: one.start):
        if one.kind == "happened" and one.target is not None:
            name = one.target.kind, one.target.option
            width = one.windows[0].end - one.windows[0].start
            widths[name] = (*widths.get(name, ()), width)
    everything = [width for own in widths.values() for width in own]
    return Kept(
        record.coverages, widths, median(everything) if everything else 1.0,
        tuple(one for one in _evidence(record) if one.kind in ("state", "value")), horizon,
    )  # fmt: skip


def as_told(record: Record) -> Told:
    """A record that was kept, in the form of one that is told."""
    happened = [one for one in _evidence(record) if one.kind == "happened"]
    looks = [one for one in _evidence(record) if one.kind in ("state", "value")]
    return Told(
        tuple(
            (one.target, one.windows, one.known)
            for one in sorted(happened, key=lambda one: one.start)
            if one.target is not None
        ),
        tuple(1.0 if one.measured is None else one.measured.value for one in looks),
    )


def tell(
    keeping: Kept, prepared: Prepared, theta: Parameters, atom: Atom, random: np.random.Generator
) -> Told:
    """The record of a new course of the model with these parameters (days, per day)."""
    moments = [_moment(one.windows[0], random) for one in keeping.looks]
    order = sorted(range(len(moments)), key=moments.__getitem__)
    expressions = tuple(one.expression for one in keeping.looks if one.expression is not None)
    run = simulate_run(
        prepared, theta, atom, int(random.integers(SEEDS)), 0, horizon=keeping.horizon,
        watch=Watch(expressions, tuple(moments[place] for place in order)), record=True,
    )  # fmt: skip
    samples = dict(zip(order, run.samples, strict=True))
    seen = (
        _seen(one, float(samples[place][place]), random) for place, one in enumerate(keeping.looks)
    )
    events = [
        event
        for coverage in keeping.coverages
        for event in _events(keeping, coverage, theta, run.record, random)
    ]
    return Told(tuple(sorted(events, key=lambda event: event[1][0].start)), tuple(seen))


def _moment(window: Window, random: np.random.Generator) -> float:
    return window.start + (window.end - window.start) * float(random.random())


def _seen(one: Sighting, value: float, random: np.random.Generator) -> float:
    """What a look comes to, with the error of its measurement: no factor makes much of nothing."""
    if one.measured is None or one.measured.form == "exact":
        return value
    error = float(random.standard_normal())
    if one.measured.form == "sd":
        return value + one.measured.size * error
    return value * float(one.measured.size**error)


def _events(
    keeping: Kept, coverage: Coverage, theta: Parameters, record: Iterable[Happening],
    random: np.random.Generator,
) -> Iterable[tuple[Target, tuple[Window, ...], float]]:  # fmt: skip
    """The events that one coverage brings into the record, each dated as finely as is usual."""
    about = coverage.target
    share = 1.0 if coverage.reported is None else theta[coverage.reported]
    assert isinstance(share, float)
    widths = keeping.widths.get((about.kind, about.option), (keeping.usual,))
    known = 0
    for one in record:
        is_about = one.name == about.name or (
            about.option is None and one.name.rpartition(".")[0] == about.kind
        )
        if not is_about or (about.labels is not None and about.labels not in ((), one.labels)):
            continue
        if not coverage.start <= one.time < coverage.end or random.random() >= share:
            continue
        width = widths[min(known, len(widths) - 1)]
        known += 1
        start = floor(one.time / width) * width
        window = Window(max(coverage.start, start), min(start + width, keeping.horizon))
        target = Target(about.kind, about.option, one.labels)
        yield target, (window,), ceil(window.end) + coverage.lag


# Records of one shape ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Template:
    """Room for as many events of each target as any of some records has.

    All records that are filled in have the same items, so that code compiled for one fits all;
    those that a record does not have lie beyond the end of the clock, and are never known.
    """

    base: Record
    keeping: Kept
    room: Mapping[Target, int]

    def filled(self, told: Told) -> Record:
        """The record with what was told."""
        waiting: dict[Target, list[tuple[tuple[Window, ...], float]]] = {}
        for target, windows, known in told.events:
            waiting.setdefault(target, []).append((windows, known))
        items = []
        for target, count in self.room.items():
            own = waiting.get(target, [])
            for number in range(count):
                what = own[number] if number < len(own) else None
                items.append(self._event(target, number, what))
        for one, value in zip(self.keeping.looks, told.seen, strict=True):
            items.extend(self._look(one, value))
        return replace(self.base, sightings=tuple(items))

    def _event(
        self, target: Target, number: int, what: tuple[tuple[Window, ...], float] | None
    ) -> Sighting:
        later = self.keeping.horizon + NEVER + number
        windows, known = what or ((Window(later, later + 1.0),), later + 1.0)
        name = f"{target.name}[{', '.join(target.labels or ())}] {number + 1}"
        return Sighting(
            name, "happened", windows, known, target,
            is_established=True, is_outcome=what is None,
        )  # fmt: skip

    def _look(self, one: Sighting, value: float) -> Iterable[Sighting]:
        plain = replace(one, origins=(), is_established=True, follows=None)
        assert one.expression is not None
        if one.measured is not None:
            is_none = one.measured.form == "factor" and value == 0.0
            measured = Measurement(value, one.measured.form, one.measured.size)
            yield replace(plain, measured=measured, is_outcome=is_none)
            if one.measured.form == "factor":
                nothing = Binary("==", one.expression, Number(0.0, PLAIN), BOOLEAN)
                yield replace(
                    plain, id=f"none of {one.id}", kind="state", measured=None,
                    expression=nothing, is_outcome=not is_none,
                )  # fmt: skip
            return
        yield replace(plain, is_outcome=value == 0.0)
        other = Not(one.expression)
        yield replace(plain, id=f"not {one.id}", expression=other, is_outcome=value != 0.0)


def template(record: Record, keeping: Kept, records: Sequence[Told]) -> Template:
    """Room for each of some records that are kept like `record`."""
    room: Counter[Target] = Counter()
    for told in records:
        room |= Counter(target for target, _, _ in told.events)
    ordered = sorted(room, key=lambda target: (target.name, target.labels or ()))
    return Template(
        replace(record, sightings=(), assertions=(), speakers=(), parameters=(), reliabilities=()),
        keeping,
        {target: room[target] for target in ordered},
    )


def _evidence(record: Record) -> list[Sighting]:
    return [one for one in record.sightings if not one.is_outcome]


def _is_told(one: Sighting, record: Record) -> bool:
    """Whether a model can tell an item: not that nothing was heard where all of it need not be."""
    return one.kind != "no-report" and (one.kind != "absent" or _is_covered(one, record))


def _is_covered(one: Sighting, record: Record) -> bool:
    """Whether an absence lies within what is recorded completely, so that silence says the same."""
    return any(
        coverage.reported is None
        and one.target is not None
        and (coverage.target.kind, coverage.target.option) == (one.target.kind, one.target.option)
        and coverage.start <= one.start
        and one.end <= coverage.end
        for coverage in record.coverages
    )
