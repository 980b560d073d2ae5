"""The reference engine: what a jump model means, run by run, in plain Python.

A run is a function of (model, parameters, atom, seed, run number) and nothing else. This module is
the order of events; `timing` says when an instance happens, `firing` what it does, `closures` what
an expression is worth, `monitors` what a question sees. Other engines are tested against it, path
by path. Use it to check and to understand; it fires some ten thousand events a second.

The order at one instant: what stands in the calendar (dated events, interventions, regular events,
each in file and index order), then ringing clocks, then immediates, one at a time until none is
pending, and all over again while anything is due; then interventions whose condition holds for the
first time; then ticks, which let held rates be worked out anew; then questions look.

Each event sees the state that the one before it left. Guards and hazards are looked at again after
every event that changed something they read. Those that read `time` or `since` are looked at when
an instant begins, too; but where a rate is held between ticks, at its ticks. A held rate is worked
out at its ticks (multiples of its step from 0) and when its guard turns true. A run covers 0 to the
horizon, both included, so that a question gets the same answer whatever the horizon is.

References
----------
.. [Gillespie1976] D. T. Gillespie (1976), A general method for numerically simulating the
   stochastic time evolution of coupled chemical reactions, J. Comput. Phys. 22, 403-434.
.. [Anderson2007] see `timing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf

from foedus.engine import clocks
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import evaluator
from foedus.engine.course import (
    Choose,
    fire_immediate,
    guard_holds,
    happen,
    refresh,
    ring,
    touch_time,
)
from foedus.engine.failure import EvaluationError, ModelError
from foedus.engine.firing import choose
from foedus.engine.interventions import Planned, is_due, is_part, is_set_from_start, make, plan
from foedus.engine.monitors import Gallery, Watch, gallery, look, stop
from foedus.engine.prepare import FORCED, TICK, Prepared, prepare
from foedus.engine.runaway import LIMIT, Count, counts_clock_changes, has_run_away, runaway
from foedus.engine.start import flat_parameters, start_state
from foedus.engine.world import Happening, Parameters, World, empty_world
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Each, Intervention, Rate

__all__ = [
    "LIMIT",
    "ModelError",
    "Parameters",
    "Prepared",
    "RunResult",
    "Watch",
    "prepare",
    "simulate_run",
]


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run, as the questions saw it.

    `values` has the answer of each question in this run: 1 or 0 for a probability, days for a
    `time-until`; nan for never, and for runs that do not count. `is_given` says which runs count:
    those whose `given` held, whose origin came, and that were long enough. `waited` is, for a
    `time-until`, how long it was watched: the days until the condition held, or until the end.
    `vacuous` says of each intervention whether it had no effect: its moment never came, or no guard
    held. `samples` has the watched expressions (expression,) at each time that was reached.
    """

    values: tuple[float, ...]
    is_given: tuple[bool, ...]
    waited: tuple[float, ...]
    events: int
    vacuous: tuple[bool, ...]
    samples: tuple[tuple[float, ...], ...]
    record: tuple[Happening, ...]


def simulate_run(
    prepared: Prepared,
    theta: Parameters,
    atom: Atom,
    seed: int,
    run: int,
    *,
    horizon: float | None = None,
    interventions: tuple[Intervention, ...] = (),
    watch: Watch | None = None,
    record: bool = False,
    limit: int = LIMIT,
) -> RunResult:
    """One course of the model, from 0 to `horizon` days (the model's own if None).

    Parameters are in days and per day (`sampling.draw_parameters`); `atom` says which components
    are present. With `record`, every event is kept. Raises `ModelError` where the run has no
    meaning, `ValueError` where `theta` does not fit the model.
    """
    planned = plan(prepared, interventions)
    counters = sum(block.count for block in prepared.names.layout.counters.values())
    keys = (clocks.run_keys(seed, run),) * len(prepared.model.kinds)
    world = empty_world(keys, len(prepared.instances), counters)
    world.parameters = flat_parameters(prepared.model, theta)
    world.components = [name in atom.components for name in prepared.model.components]
    world.applied = [False] * len(planned)
    world.record = [] if record else None
    seen = gallery(prepared.monitors, *watched(prepared, watch))
    try:
        begin(prepared, world, planned)
        _go(prepared, world, planned, seen, _end(prepared, horizon), limit)
    except EvaluationError as fault:
        subject = fault.subject or "watched expression"
        message = f"{subject}: {fault.message}"
        raise ModelError(message, fault.span, run, world.time) from fault
    return RunResult(
        tuple(track.answer for track in seen.tracks),
        tuple(track.is_given for track in seen.tracks),
        tuple(track.waited for track in seen.tracks),
        world.fired,
        tuple(not applied for applied in world.applied),
        tuple(seen.samples),
        tuple(world.record or ()),
    )


def _end(prepared: Prepared, horizon: float | None) -> float:
    return prepared.model.horizon if horizon is None else horizon


def watched(
    prepared: Prepared, watch: Watch | None
) -> tuple[tuple[Evaluate, ...], tuple[float, ...]]:
    """The functions of what is watched, prepared once and kept with the model, and the times."""
    if watch is None:
        return (), ()
    known = prepared.plans.get(watch)
    if known is None:
        known = tuple(evaluator(one, prepared.names) for one in watch.expressions)
        prepared.plans[watch] = known
    assert isinstance(known, tuple)
    return known, watch.times


def begin(prepared: Prepared, world: World, planned: tuple[Planned, ...]) -> None:
    """The state at 0, before anything happens, with every clock set."""
    for place, intervention in enumerate(planned):
        if is_set_from_start(intervention.source):
            world.applied[place] = make(intervention, prepared, world)
    start_state(prepared.starts, world)
    for instance in prepared.instances:
        absent = not is_part(instance.kind, prepared.names, world)
        world.is_forbidden[instance.number] = absent
    world.calendar = list(prepared.calendar)
    for place, intervention in enumerate(planned):
        if intervention.is_from_start:
            world.applied[place] = make(intervention, prepared, world)
        elif intervention.time is not None:
            world.calendar.append((intervention.time, FORCED, place, 0))
    heapify(world.calendar)
    refresh(prepared, world, range(len(prepared.instances)))


def _go(
    prepared: Prepared,
    world: World,
    planned: tuple[Planned, ...],
    seen: Gallery,
    horizon: float,
    limit: int,
) -> None:
    """Instant by instant until the horizon."""
    stops, calendar, rings = seen.stops, world.calendar, world.ring
    is_counted = counts_clock_changes(prepared.model)
    awaited = [place for place, one in enumerate(planned) if one.when is not None]
    time = 0.0
    while time <= horizon:
        while stops and stops[-1][0] < time:
            stop(seen, world)
        world.time = time
        world.at_once = 0
        touch_time(prepared, world)
        while calendar and calendar[0][0] <= time and calendar[0][1] != TICK:
            keep_appointment(prepared, world, planned)
        _settle(prepared, world)
        while awaited and intervene(prepared, world, planned, awaited):
            _settle(prepared, world)
        while calendar and calendar[0][0] <= time:
            tick(prepared, world)
        if world.stale:
            look(seen, world, world.stale)
            world.stale.clear()
        if has_run_away(world.fired, world.clock_changes, limit, is_counted):
            raise runaway(limit, world.fired, firings_by_kind(prepared, world.firings))
        time = min(min(rings, default=inf), calendar[0][0] if calendar else inf)
    while stops and stops[-1][0] <= horizon:
        stop(seen, world)


def firings_by_kind(prepared: Prepared, firings: Sequence[float]) -> list[Count]:
    """How often each kind has happened, by cells of the counters."""
    counters = prepared.names.layout.counters
    return [
        (kind.name, sum(firings[cell] for cell in counters[kind.name].cells), kind.span)
        for kind in prepared.model.kinds
    ]


def _settle(prepared: Prepared, world: World) -> None:
    """Ringing clocks, then immediates, until neither is due at this instant."""
    rings, pending = world.ring, world.pending
    while True:
        first = min(rings, default=inf)
        if first <= world.time:
            ring(prepared, world, rings.index(first))
        elif pending:
            fire_immediate(prepared, world, min(pending))
        else:
            return


def keep_appointment(
    prepared: Prepared, world: World, planned: tuple[Planned, ...], decide: Choose = choose
) -> None:
    """Do what stands first in the calendar: a dated event, an intervention, a regular event."""
    _, phase, number, occurrence = heappop(world.calendar)
    if phase == FORCED:
        world.applied[number] = make(planned[number], prepared, world)
        return
    kind = prepared.model.kinds[number]
    if isinstance(kind.timing, Each):
        following = (occurrence + 1) * kind.timing.step
        heappush(world.calendar, (following, phase, number, occurrence + 1))
    for instance in prepared.by_kind[kind.name]:
        if not world.is_forbidden[instance.number] and guard_holds(prepared, world, instance):
            happen(prepared, world, instance, decide)


def intervene(
    prepared: Prepared, world: World, planned: tuple[Planned, ...], awaited: list[int]
) -> bool:
    """Make the first awaited intervention whose condition holds; False if there is none."""
    for place in awaited:
        if is_due(planned[place], world):
            awaited.remove(place)
            world.applied[place] = make(planned[place], prepared, world)
            return True
    return False


def tick(prepared: Prepared, world: World) -> None:
    """Let a kind whose rate is held work it out anew."""
    _, phase, number, occurrence = heappop(world.calendar)
    kind = prepared.model.kinds[number]
    assert isinstance(kind.timing, Rate)
    assert kind.timing.every is not None
    following = (occurrence + 1) * kind.timing.every
    heappush(world.calendar, (following, phase, number, occurrence + 1))
    for instance in prepared.by_kind[kind.name]:
        world.held[instance.number] = None
        refresh(prepared, world, (instance.number,))
