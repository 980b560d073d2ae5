"""The probability of a record: the forward filter, and the smoother, over all states of a model.

The state is enlarged by the layer: which of the items under way have been met. Between moments at
which something begins or ends, layers and states together are one Markov chain with a generator of
its own: a firing that the record holds and no item accounts for loses its mass; one that an item
accounts for leads to a layer in which the item is met; a state seen at an unknown moment of its
date leads there too, at the density of that moment times the likelihood of what was seen. Where an
item's date ends, the layers in which it is not met end. What mass is left at the end is the
probability of the record [Rabiner1989]_.

References
----------
.. [Rabiner1989] L. R. Rabiner (1989), A tutorial on hidden Markov models and selected applications
   in speech recognition, Proc. IEEE 77, 257-286 [the forward-backward procedure].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp, inf, log

import numpy as np
from scipy.sparse import csr_array

from foedus.engine.closures import evaluator
from foedus.exact.course import leaving
from foedus.exact.moves import Happened
from foedus.exact.sightings import Layer, Sightings, log_error
from foedus.exact.space import OUTSIDE, Numbers, Places, Space, Ways, values_of
from foedus.exact.uniformisation import ROUNDING, Generator, Matrix, evolve, generator
from foedus.frozen import dataclass

WHOLE = 40_000
"""Entries of a matrix up to which it is kept whole."""

CUT = 1e-40
"""Mass of the Poisson law that sums leave out."""


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A stretch of days with one generator over layers and states."""

    start: float
    end: float
    layers: tuple[Layer, ...]
    generator: Generator


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """What a moment does to the law over layers and states: a matrix (after, before)."""

    time: float
    layers: tuple[Layer, ...]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class LogProbability:
    """A log probability (minus infinity for what cannot be), and a bound on its error."""

    value: float
    error: float
    outside: float = 0.0
    """The share of courses that left the states that were listed, part of the error."""


class Filter:
    """A record and a space made into steps from time 0 to `end`, in order.

    `looks` are further observations: a time, and the log likelihood in each state (state,).
    """

    def __init__(
        self,
        space: Space,
        sightings: Sightings,
        end: float,
        looks: Iterable[tuple[float, Numbers]] = (),
    ) -> None:
        self.space, self.sightings, self.end = space, sightings, end
        self.looks = sorted(looks, key=lambda one: one[0])
        self._rates = _Grouped(space, space.rates)
        self._leaving = np.append(leaving(space, space.rates), 0.0)
        self._maps = {id(ways): _Grouped(space, ways) for ways in space.maps}
        self._seen: dict[int, tuple[Numbers, float]] = {}
        self.log_scale = 0.0
        self.size = space.size + 1  # the last stands for all states that were not listed
        self.start = np.zeros(self.size)
        self.steps: list[Flow | Jump] = list(self._plan())

    # Planning ------------------------------------------------------------------------------------

    def _plan(self) -> Iterator[Flow | Jump]:
        breaks = {time for time in self.sightings.breaks() if 0.0 < time < self.end}
        stops = {one.time: place for place, one in enumerate(self.space.stops)}
        calendar = {time for time in stops if time <= self.end}
        looks = {time for time, _ in self.looks if time <= self.end}
        layers: tuple[Layer, ...] = (frozenset(),)
        self._first = _Grouped(self.space, self.space.start)
        layers, matrix = self._moved(self._first, layers, 0.0)
        self.start = np.asarray(matrix.sum(axis=1)).ravel()
        now = 0.0
        yield from self._looked(layers, now)
        for time in sorted({*breaks, *calendar, *looks, self.end} - {0.0}):
            layers = self._reachable(layers, now)
            yield Flow(now, time, layers, self._generator(layers, now))
            now = time
            closed = self._close(layers, now)
            yield closed
            layers = closed.layers
            if time in stops:
                ways = self.space.maps[stops[time]]
                layers, matrix = self._moved(self._maps[id(ways)], layers, now)
                yield Jump(now, layers, matrix)
            yield from self._looked(layers, now)

    def _close(self, layers: tuple[Layer, ...], time: float) -> Jump:
        """Items whose date ends have been met, or the course ends."""
        sightings, size = self.sightings, self.size
        ended = {
            number
            for number, is_on in enumerate(sightings.is_on)
            if is_on
            and sightings.record.sightings[number].kind not in ("absent", "no-report")
            and sightings.window(number).end == time
        }
        kept = [layer for layer in layers if ended <= layer]
        after = tuple(dict.fromkeys(frozenset(layer - ended) for layer in kept)) or (frozenset(),)
        place = {layer: number for number, layer in enumerate(after)}
        rows, columns = [], []
        for number, layer in enumerate(layers):
            if ended <= layer:
                rows.append(place[frozenset(layer - ended)] * size + np.arange(size))
                columns.append(number * size + np.arange(size))
            else:  # outside, anything may have happened
                rows.append(np.array([size - 1]))
                columns.append(np.array([number * size + size - 1]))
        return Jump(
            time, after, _matrix(rows, columns, None, len(after) * size, len(layers) * size)
        )

    def _reachable(self, layers: tuple[Layer, ...], time: float) -> tuple[Layer, ...]:
        """The layers that can be reached before something else begins or ends."""
        found = dict.fromkeys(layers)
        queue = list(layers)
        while queue:
            layer = queue.pop()
            after = [new for way in self._rates.happened for _, new in
                     self.sightings.follow(way, layer, time)]  # fmt: skip
            after += [layer | {number} for number in self._to_see(layer, time)]
            for new in after:
                if new not in found:
                    found[new] = None
                    queue.append(new)
        return tuple(found)

    def _to_see(self, layer: Layer, time: float) -> list[int]:
        return [
            number
            for number in self.sightings.under_way(time)
            if self.sightings.record.sightings[number].expression is not None
            and number not in layer
            and self.sightings.seen_density(number, time) > 0.0
        ]

    def _generator(self, layers: tuple[Layer, ...], time: float) -> Generator:
        size, place = self.size, {layer: number for number, layer in enumerate(layers)}
        rows, columns, weights = [], [], []
        for number, layer in enumerate(layers):
            for happened, (sources, targets, rates) in self._rates.items():
                for factor, after in self.sightings.follow(happened, layer, time):
                    rows.append(place[after] * size + targets)
                    columns.append(number * size + sources)
                    weights.append(factor * rates)
            for item in self._to_see(layer, time):
                density = self.sightings.seen_density(item, time)
                rows.append(place[layer | {item}] * size + np.arange(size))
                columns.append(number * size + np.arange(size))
                weights.append(density * self._likelihood(item))
        total = len(layers) * size
        moves = _matrix(rows, columns, weights, total, total)
        return generator(moves, np.tile(self._leaving, len(layers)))

    def _moved(
        self, ways: _Grouped, layers: tuple[Layer, ...], time: float
    ) -> tuple[tuple[Layer, ...], Matrix]:
        """What an instant of the calendar (or the start) does."""
        size = self.size
        after: dict[Layer, int] = {}
        rows, columns, weights = [], [], []
        for number, layer in enumerate(layers):
            for happened, (sources, targets, chances) in ways.items():
                for factor, new in self.sightings.follow(happened, layer, time):
                    place = after.setdefault(new, len(after))
                    rows.append(place * size + targets)
                    columns.append(number * size + sources)
                    weights.append(factor * chances)
            if ways is not self._first:
                rows.append(np.array([size - 1]))  # outside stays outside, in the first layer
                columns.append(np.array([number * size + size - 1]))
                weights.append(np.ones(1))
        shape = max(1, len(after)) * size, len(layers) * size
        found = tuple(after) or (frozenset(),)
        return found, _matrix(rows, columns, weights, *shape)

    def _likelihood(self, number: int) -> Numbers:
        """What was seen of the state, in each state, relative to the largest (state,)."""
        known = self._seen.get(number)
        if known is None:
            item = self.sightings.record.sightings[number]
            likelihood, scale = _scaled(self._log_likelihood(number))
            known = self._seen[number] = np.append(likelihood, 1.0), scale
            if item.kind in ("state", "value"):
                self.log_scale += known[1]
        return known[0]

    def _log_likelihood(self, number: int) -> Numbers:
        item = self.sightings.record.sightings[number]
        assert item.expression is not None
        read = evaluator(item.expression, self.space.moves.prepared.names)
        values = values_of(self.space, read, f"item `{item.id}`")
        if item.measured is None:
            return np.where(values != 0.0, 0.0, -inf)
        measured = item.measured
        return np.array([log_error(measured, float(value)) for value in values])

    def _looked(self, layers: tuple[Layer, ...], time: float) -> Iterator[Jump]:
        for at, logs in self.looks:
            if at == time:
                likelihood, scale = _scaled(logs)
                likelihood = np.append(likelihood, 1.0)
                self.log_scale += scale
                total = len(layers) * self.size
                places = [np.arange(total)]
                yield Jump(
                    time, layers,
                    _matrix(places, places, [np.tile(likelihood, len(layers))], total, total),
                )  # fmt: skip

    # Carrying out --------------------------------------------------------------------------------

    def forward(self) -> Iterator[tuple[Flow | Jump | None, Numbers, float, float]]:
        """The law after each step, scaled to one, with the log of the scale and the error bound of
        the scaled law; None stands for the start.

        Rounding is relative in every state, as nothing is subtracted; what sums leave out is not,
        and grows as the law falls. So it is kept so small that this does not matter.
        """
        law, scale, slip, rounding = self.start, self.log_scale, 0.0, 0.0
        step: Flow | Jump | None = None
        for step in (None, *self.steps):
            if isinstance(step, Flow):
                opened = np.zeros(len(step.layers) * self.size)
                opened[: law.size] = law  # layers that open now come last
                made = evolve(step.generator, opened, step.start, step.end, None, CUT)
                growth = exp(step.generator.growth * (step.end - step.start))
                law, slip = made.law, slip * growth + float(made.cut)
                rounding += made.rounding
            elif isinstance(step, Jump):
                law = step.matrix @ law
                slip *= max(1.0, float(step.matrix.max()))
                rounding += ROUNDING * len(step.layers)
            mass = float(law.sum())
            if mass <= 0.0:
                yield step, law, -inf, slip
                return
            law, slip, scale = law / mass, slip / mass, scale + log(mass)
            yield step, law, scale, slip + rounding

    def log_probability(self) -> LogProbability:
        """The log probability of the record; courses that left the states that were listed are
        counted as not agreeing with it, and their mass in the error."""
        *_, (_, law, scale, error) = self.forward()
        outside = float(law.reshape(-1, self.size)[:, -1].sum())
        if scale == -inf or outside >= 1.0:
            return LogProbability(-inf, 0.0 if outside == 0.0 else inf, outside)
        error = (error + outside) / (1.0 - outside)
        value = scale + float(np.log1p(-outside))
        return LogProbability(value, -_log_less(error), outside)

    def smoothed(self, times: Iterable[float]) -> dict[float, Numbers]:
        """The law of the state (state,) at some moments, given the whole record.

        A moment must be one at which something begins or ends, or of the calendar; others are
        looked up by adding a look that says nothing.
        """
        wanted = set(times)
        laws = [(step, law) for step, law, scale, _ in self.forward() if scale > -inf]
        if len(laws) <= len(self.steps):
            return {}
        behind = np.ones(laws[-1][1].size)
        found: dict[float, Numbers] = {}
        for place in range(len(laws) - 1, -1, -1):
            step, law = laws[place]
            time = 0.0 if step is None else step.end if isinstance(step, Flow) else step.time
            if time in wanted and time not in found:
                both = (law * behind).reshape(-1, self.size).sum(axis=0)[:-1]
                found[time] = both / both.sum()
            if isinstance(step, Flow):
                made = step.generator
                backwards = Generator(made.chances.T, made.rate, made.growth)
                behind = evolve(backwards, behind, step.start, step.end).law
            elif isinstance(step, Jump):
                behind = step.matrix.T @ behind
            if place > 0:
                behind = behind[: laws[place - 1][1].size]
            behind = behind / behind.max(initial=1e-300)
        return found


def _log_less(error: float) -> float:
    """The log of one less a relative error: minus what a log may be off."""
    return -inf if error >= 1.0 else float(np.log1p(-error))


Rows = tuple[Places, Places, Numbers]


class _Grouped:
    """Moves by what happened on the way; those that lead outside go to one more state."""

    def __init__(self, space: Space, ways: Ways) -> None:
        deeds, sources, weights = ways.deeds, ways.sources, ways.weights
        targets = np.where(ways.targets == OUTSIDE, space.size, ways.targets)
        self._groups: list[tuple[Happened, Rows]] = []
        for deed in np.unique(deeds):
            here = deeds == deed
            rows = sources[here], targets[here], weights[here]
            self._groups.append((space.happened[deed], rows))

    @property
    def happened(self) -> list[Happened]:
        """All that can happen."""
        return [happened for happened, _ in self._groups]

    def items(self) -> list[tuple[Happened, Rows]]:
        """What can happen, with its moves: from where, to where, how fast or likely."""
        return self._groups


def _scaled(logs: Numbers) -> tuple[Numbers, float]:
    """Likelihoods relative to the largest, and its logarithm."""
    largest = float(logs.max(initial=-inf))
    if largest == -inf:
        return np.zeros_like(logs), 0.0
    return np.exp(logs - largest), largest


def _matrix(
    rows: list[Places],
    columns: list[Places],
    weights: list[Numbers] | None,
    height: int,
    width: int,
) -> Matrix:
    if not rows:
        return np.zeros((height, width)) if height * width <= WHOLE else csr_array((height, width))
    row, column = np.concatenate(rows), np.concatenate(columns)
    entries = np.ones(row.size) if weights is None else np.concatenate(weights)
    if height * width > WHOLE:
        return csr_array((entries, (row, column)), shape=(height, width))
    found = np.zeros((height, width))
    np.add.at(found, (row, column), entries)
    return found
