"""The states a model can reach, and how it moves between them.

States are found breadth first, from the start on, instant by instant of the calendar: what a dated
event can bring about is looked at only in states that can be there by then. A model that has more
states than the limit is cut off there: what would leave the states that were found goes `outside`,
and the mass that ends there by a time bounds what the cut can change in any probability
[MunskyKhammash2006]_.

References
----------
.. [MunskyKhammash2006] B. Munsky, M. Khammash (2006), The finite state projection algorithm for
   the solution of the chemical master equation, J. Chem. Phys. 124, 044104 [theorem 2.2].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from foedus.engine.arithmetic import Evaluate
from foedus.engine.failure import EvaluationError
from foedus.engine.prepare import Prepared
from foedus.exact.moves import Happened, Moves, Outcomes, State
from foedus.exact.refusal import NotExactError
from foedus.expr.tree import mentions_time
from foedus.frozen import dataclass
from foedus.jump.model import Dated, Each, EventKind

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Truths = NDArray[np.bool_]

OUTSIDE = -1
"""The place of all states that are not looked at."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An instant of the calendar: its time and the kinds that stand there, in order."""

    time: float
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Moves, one a row: from where to where, how fast (per day) or how likely, and what happened.

    `deeds` are places in `Space.happened`.
    """

    sources: Places
    targets: Places
    weights: Numbers
    deeds: Places


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A model's states and moves, at given parameters in one atom.

    `start` is the law of the state at 0, `rates` moves the chain between instants of the calendar,
    `maps` has for each of the `stops` how it moves then (equal ones are one object). `is_whole`
    says that no state was left out.
    """

    moves: Moves
    states: list[State]
    start: Ways
    rates: Ways
    stops: tuple[Stop, ...]
    maps: tuple[Ways, ...]
    happened: list[Happened]
    is_whole: bool
    clocks: Places
    """Of each row of `rates`, the number of the instance whose clock rings."""
    chances: Numbers
    """Of each row of `rates`, how likely it is to be what comes of that (row,)."""
    idle: Truths
    """Where a clock rings and nothing comes of it (state, instance)."""

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.states)

    @property
    def dates_lead_outside(self) -> bool:
        """Whether what comes of an instant of the calendar was left out."""
        return any((ways.targets == OUTSIDE).any() for ways in self.maps)

    def values(self, look: Callable[[Moves], float]) -> Numbers:
        """A number for each state (state,)."""
        found = np.empty(self.size)
        for place, state in enumerate(self.states):
            self.moves.enter(state)
            found[place] = look(self.moves)
        return found

    def matrix(self, ways: Ways) -> csr_array:
        """Moves as a matrix (target, source); what goes outside is left out."""
        inside = ways.targets != OUTSIDE
        entries = ways.weights[inside], (ways.targets[inside], ways.sources[inside])
        return csr_array(entries, shape=(self.size, self.size))


def values_of(space: Space, evaluate: Evaluate, title: str) -> Numbers:
    """What an expression is worth in each state (state,); `title` is what messages call it."""
    try:
        return space.values(lambda moves: float(evaluate(moves.world)))
    except EvaluationError as fault:
        cure = "this can happen in some course of the case: exclude it"
        raise NotExactError(f"{title}: {fault.message}", cure, fault.span) from None


def stops_of(prepared: Prepared, until: float) -> tuple[Stop, ...]:
    """The instants of the calendar up to a time, each with its kinds in the engine's order."""
    found: dict[float, list[tuple[int, int]]] = {}
    for number, kind in enumerate(prepared.model.kinds):
        if isinstance(kind.timing, Dated):
            for time in kind.timing.times:
                if time <= until:
                    found.setdefault(time, []).append((0, number))
        elif isinstance(kind.timing, Each):
            for count in range(1, int(until / kind.timing.step) + 2):
                time = count * kind.timing.step
                if time <= until:
                    found.setdefault(time, []).append((1, number))
    return tuple(
        Stop(time, tuple(number for _, number in sorted(found[time]))) for time in sorted(found)
    )


@dataclass(slots=True)
class _Collector:
    """Moves as they are found."""

    sources: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    deeds: list[int] = field(default_factory=list)
    done: int = 0

    def ways(self) -> Ways:
        return Ways(
            np.array(self.sources, dtype=np.int64), np.array(self.targets, dtype=np.int64),
            np.array(self.weights), np.array(self.deeds, dtype=np.int64),
        )  # fmt: skip


class _Explorer:
    def __init__(self, moves: Moves, limit: int) -> None:
        self.moves, self.limit = moves, limit
        self.states: list[State] = []
        self.place: dict[State, int] = {}
        self.happened: dict[Happened, int] = {(): 0}
        self.rates = _Collector()
        self.clocks: list[int] = []
        self.hazards: list[float] = []
        self.idle: list[tuple[int, int]] = []
        self.is_whole = True

    def find(self, state: State) -> int:
        known = self.place.get(state)
        if known is not None:
            return known
        if len(self.states) >= self.limit:
            self.is_whole = False
            return OUTSIDE
        self.place[state] = len(self.states)
        self.states.append(state)
        return len(self.states) - 1

    def add(self, into: _Collector, source: int, outcomes: Outcomes, weight: float) -> None:
        for (state, happened), chance in outcomes.items():
            target = self.find(state)
            if target == source and not happened and into is self.rates:
                continue  # nothing moves and nothing is noted
            into.sources.append(source)
            into.targets.append(target)
            into.weights.append(weight * chance)
            into.deeds.append(self.happened.setdefault(happened, len(self.happened)))

    def spread(self) -> None:
        """Follow the clocks from every state that was not looked at yet."""
        moves = self.moves
        while self.rates.done < len(self.states):
            source = self.rates.done
            self.rates.done += 1
            state = self.states[source]
            for one in moves.timed:
                moves.enter(state)
                hazard = moves.hazard(one, state)
                if hazard > 0.0:
                    before = len(self.rates.sources)
                    self.add(self.rates, source, moves.ring(state, one), hazard)
                    added = len(self.rates.sources) - before
                    self.clocks.extend([one.number] * added)
                    self.hazards.extend([hazard] * added)
                    if not added:
                        self.idle.append((source, one.number))

    def space(self, first: _Collector, stops: tuple[Stop, ...], maps: tuple[Ways, ...]) -> Space:
        """All that was found."""
        rates = self.rates.ways()
        idle = np.zeros((len(self.states), len(self.moves.prepared.instances)), dtype=np.bool_)
        if self.idle:
            idle[tuple(np.array(self.idle).T)] = True
        return Space(
            self.moves, self.states, first.ways(), rates, stops, maps, list(self.happened),
            self.is_whole, np.array(self.clocks, dtype=np.int64),
            rates.weights / np.array(self.hazards), idle,
        )  # fmt: skip

    def stop(self, into: _Collector, stop: Stop) -> None:
        """Follow an instant of the calendar from every state that it was not followed from yet."""
        known = len(self.states)
        while into.done < known:
            source = into.done
            into.done += 1
            outcomes = self.moves.instant(self.states[source], stop.kinds, stop.time)
            self.add(into, source, outcomes, 1.0)


def explore_from(moves: Moves, starts: Iterable[Outcomes], limit: int) -> Space:
    """The states that can be reached from any of some starts, the calendar left out."""
    explorer = _Explorer(moves, limit)
    first = _Collector()
    for outcomes in starts:
        explorer.add(first, 0, outcomes, 1.0)
    explorer.spread()
    return explorer.space(first, stops_of(moves.prepared, moves.prepared.model.horizon), ())


def explore(moves: Moves, limit: int, until: float, *, in_turn: bool) -> Space:
    """The states that can be reached by a time, `limit` of them at most.

    With `in_turn` each instant of the calendar adds an equal part to the states that may be looked
    at, so that there is room for what comes of it: a count without end would take it all.
    """
    stops = stops_of(moves.prepared, until)
    dated = stops[0].kinds if stops and stops[0].time == 0.0 else ()
    later = stops[1:] if dated else stops
    part = max(1, limit // (len(later) + 1)) if in_turn else limit
    explorer, first = _Explorer(moves, part), _Collector()
    explorer.add(first, 0, moves.start(dated), 1.0)
    explorer.spread()
    maps: dict[object, _Collector] = {}
    at_stop: list[_Collector] = []
    for stop in later:
        kinds = [moves.prepared.model.kinds[number] for number in stop.kinds]
        key = stop if any(map(_reads_time, kinds)) else stop.kinds
        collector = maps.setdefault(key, _Collector())
        at_stop.append(collector)
        if in_turn:
            explorer.limit += part
        explorer.stop(collector, stop)
        explorer.spread()
    made = {id(collector): collector.ways() for collector in at_stop}
    return explorer.space(first, later, tuple(made[id(one)] for one in at_stop))


def _reads_time(kind: EventKind) -> bool:
    nodes = [kind.guard, *(effect.value for effect in kind.effects)]
    nodes += [effect.value for option in kind.options for effect in option.effects]
    nodes += [option.utility for option in kind.options] + [one.guard for one in kind.options]
    nodes += [argument for draw in kind.draws for argument in draw.arguments]
    return any(node is not None and mentions_time(node) for node in nodes)
