"""The law of the state through time: between the instants of the calendar, and at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from scipy.sparse import csr_array

from foedus.exact.space import OUTSIDE, Numbers, Space, Truths, Ways
from foedus.exact.uniformisation import Generator, Segment, evolve, generator
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A space's moves as matrices: `rates` between instants, `maps` at each of `times`."""

    rates: Generator
    times: tuple[float, ...]
    maps: tuple[csr_array, ...]


def chain(space: Space) -> Chain:
    """The chain of a whole space."""
    made: dict[int, csr_array] = {}
    for ways in space.maps:
        if id(ways) not in made:
            made[id(ways)] = space.matrix(ways)
    return Chain(
        generator(space.matrix(space.rates), leaving(space, space.rates)),
        tuple(stop.time for stop in space.stops),
        tuple(made[id(ways)] for ways in space.maps),
    )


def leaving(space: Space, ways: Ways) -> Numbers:
    """The total rate of all moves from each state, those to itself included (state,)."""
    found = np.zeros(space.size)
    np.add.at(found, ways.sources, ways.weights)
    return found


def restricted(whole: Chain, keep: Truths) -> Chain:
    """The chain on the states where `keep` (state,) holds only; it ends when it leaves them."""
    kept = np.flatnonzero(keep)

    def part(matrix: csr_array) -> csr_array:
        return matrix[kept][:, kept].tocsr()

    return mapped(whole, part)


def mapped(whole: Chain, change: Callable[[csr_array], csr_array]) -> Chain:
    """The chain with each of its matrices changed; none of them may gain mass by it."""
    made: dict[int, csr_array] = {}
    for matrix in whole.maps:
        if id(matrix) not in made:
            made[id(matrix)] = change(matrix)
    rates = Generator(change(whole.rates.chances), whole.rates.rate, 0.0)
    return Chain(rates, whole.times, tuple(made[id(one)] for one in whole.maps))


def start_law(space: Space) -> tuple[Numbers, float]:
    """The law of the state at time 0 (state,), and the mass that begins outside."""
    law = np.zeros(space.size)
    inside = space.start.targets != OUTSIDE
    np.add.at(law, space.start.targets[inside], space.start.weights[inside])
    return law, float(space.start.weights[~inside].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The law (state,) at a time, after all that happens at it, with the error bound so far.

    `segment` is what led to it, None at the first moment.
    """

    time: float
    law: Numbers
    before: Numbers
    error: float
    segment: Segment | None
    map_number: int | None


def follow(
    one: Chain,
    law: Numbers,
    start: float,
    times: Iterable[float],
    read: Numbers | None = None,
) -> Iterator[Moment]:
    """The law at the given times and at every instant of the calendar up to the last, in order.

    `law` is that at `start`, after its instant. `read` (reading, state) is read on the way.
    """
    wanted = sorted({time for time in times if time > start})
    if not wanted:
        return
    at = {time: place for place, time in enumerate(one.times) if start < time <= wanted[-1]}
    now, error = start, 0.0
    for time in sorted({*wanted, *at}):
        step = evolve(one.rates, law, now, time, read)
        law, error, now = step.law, error + step.error, time
        before = law
        place = at.get(time)
        if place is not None:
            law = one.maps[place] @ law
        yield Moment(time, law, before, error, step.segment, place)
