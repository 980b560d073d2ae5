"""Another world on the same chance: a run with a record made again, with interventions.

Clocks that the record does not tell of are keyed and ring as they did, as far as their hazards let
them. Those it tells of take their gaps from the history of the run that agreed with the record: an
event that was observed fires in the other world when its clock reaches the inner time at which it
fired, earlier, later or not at all. Choices that the record decided are made again with the noise
that it implies, and what was measured comes out as measured. Without an intervention this is the
first run again, bit for bit.
"""

from __future__ import annotations

from dataclasses import replace

from foedus.engine import clocks, numerics
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import condition, evaluator
from foedus.engine.conditioned.clocks import note_inner_time, option_utilities, take
from foedus.engine.conditioned.cover import NOTHING
from foedus.engine.conditioned.firings import start_gap
from foedus.engine.conditioned.history import History, next_ring, observed_choice, with_measured
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.run import empty_conditioned, go
from foedus.engine.conditioned.state import ConditionedWorld
from foedus.engine.conditioned.tracked import is_filter
from foedus.engine.course import Choose
from foedus.engine.failure import EvaluationError, ModelError
from foedus.engine.firing import Act, Deed
from foedus.engine.interventions import plan
from foedus.engine.monitors import Watch, gallery
from foedus.engine.prepare import Prepared
from foedus.engine.reference import LIMIT, RunResult, begin, watched
from foedus.engine.timing import Instance, Refresh, hazard_finder, is_enabled, verify_hazard
from foedus.engine.world import UNDRAWN, Keys, Parameters, World
from foedus.jump.model import Atom, Intervention, Rate, Waiting
from foedus.jump.stages import nothing_known


def run_other_world(
    conditioned: Conditioned,
    history: History,
    theta: Parameters,
    atom: Atom,
    noise: Keys,
    interventions: tuple[Intervention, ...] = (),
    *,
    since: float | None = None,
    horizon: float | None = None,
    limit: int = LIMIT,
    record: bool = False,
    watch: Watch | None = None,
) -> RunResult:
    """The run that `history` was kept of, with some interventions.

    `theta`, `atom` and `noise` must be those of that run. The answers are those of a plain run; to
    see them beside the first run's, let both go to one `horizon`. With `record`, all events are
    kept. At `since` (days), if given, conditions of interventions are looked at even if nothing
    happens. Raises `ModelError`.
    """
    scripted = replace(conditioned, prepared=_scripted(conditioned))
    prepared = scripted.prepared
    planned = plan(prepared, interventions)
    world = empty_conditioned(scripted, theta, atom, noise, nothing_known(conditioned.record))
    world.history, world.record = history, [] if record else None
    world.is_scripted = True
    world.applied = [False] * len(planned)
    instants = sorted({*history.instants, *(() if since is None else (since,))}, reverse=True)
    world.breaks = [(time, NOTHING, 0, 0) for time in instants]
    seen = gallery(prepared.monitors, *watched(prepared, watch))
    end = prepared.model.horizon if horizon is None else horizon
    try:
        begin(prepared, world, planned)
        go(scripted, world, seen, atom.name, end, limit, _decision(scripted, history), planned)
    except EvaluationError as fault:
        raise ModelError(f"{fault.subject}: {fault.message}", fault.span, 0, world.time) from fault
    return RunResult(
        tuple(track.answer for track in seen.tracks),
        tuple(track.is_given for track in seen.tracks),
        tuple(track.waited for track in seen.tracks),
        world.fired,
        tuple(not applied for applied in world.applied),
        tuple(seen.samples),
        tuple(world.record or ()),
    )


def _scripted(conditioned: Conditioned) -> Prepared:
    """The model with the clocks of which the record tells taking their gaps from a history."""
    prepared = conditioned.prepared
    known = prepared.plans.get(_scripted)
    if isinstance(known, Prepared):
        return known
    refreshers = list(prepared.refreshers)
    for number in conditioned.grouping.by_kind:
        kind = prepared.model.kinds[number]
        for instance in prepared.by_kind[kind.name]:
            if not is_filter(kind):
                refreshers[instance.number] = _scripted_clock(prepared, instance)
    found = replace(prepared, refreshers=tuple(refreshers), plans={})
    prepared.plans[_scripted] = found
    return found


def _scripted_clock(prepared: Prepared, instance: Instance) -> Refresh:
    timing, names = instance.kind.timing, prepared.names
    if isinstance(timing, Waiting):
        guard = condition(instance.kind.guard, names)
        arguments = [evaluator(argument, names) for argument in timing.arguments]
        return _scripted_wait(instance, timing, guard, arguments)
    assert isinstance(timing, Rate)
    find, span = hazard_finder(instance.kind, timing, names)(instance), timing.hazard.span
    number = instance.number

    def refresh(world: World) -> None:
        assert isinstance(world, ConditionedWorld)
        assert world.history is not None
        whole = find(world)
        verify_hazard(whole, span)
        note_inner_time(world, number, whole)
        if whole == world.hazard[number]:
            return
        world.hazard[number] = whole
        world.ring[number] = next_ring(world, world.history, instance)

    return refresh


def _scripted_wait(
    instance: Instance, timing: Waiting, guard: Evaluate | None, arguments: list[Evaluate]
) -> Refresh:
    """As `timing` has it, with the cumulated hazards of a history."""
    number, law = instance.number, timing.distribution

    def refresh(world: World) -> None:
        assert isinstance(world, ConditionedWorld)
        is_on = is_enabled(world, instance, guard)
        if is_on == world.is_enabled[number]:
            return
        world.is_enabled[number] = is_on
        if not is_on:
            world.inner[number] = world.ring[number] - world.time if timing.resumes else UNDRAWN
            world.ring[number] = float("inf")
        elif world.inner[number] == UNDRAWN:
            values = [argument(world) for argument in arguments]
            world.ring[number] = _ring_of_wait(world, instance, law, values)
            world.inner[number] = world.ring[number] - world.time
        else:
            world.ring[number] = world.time + world.inner[number]

    return refresh


def _ring_of_wait(
    world: ConditionedWorld, instance: Instance, law: str, values: list[float]
) -> float:
    assert world.history is not None
    number, enabling = instance.number, world.enablings[instance.number]
    world.enablings[number] += 1
    waits = world.history.waits.get(number, [])
    if enabling < len(waits):
        one = waits[enabling]
        if one.has_rung and (one.begun, one.law) == (world.time, tuple(values)):
            return one.time
        hazard = one.hazard
    else:
        keys = world.keys[instance.kind_number]
        hazard = clocks.unit_exponential(keys, instance.key, enabling)
    try:
        return world.time + numerics.waiting_time(law, values, hazard)
    except numerics.NumericsError as error:
        raise EvaluationError(str(error), instance.kind.span) from None


def _decision(conditioned: Conditioned, history: History) -> Choose:
    """How events decide what they do, as the history says where it says anything."""

    def decide(deed: Deed, world: World, instance: Instance, number: int) -> Act | None:
        assert isinstance(world, ConditionedWorld)
        if instance.kind_number not in conditioned.grouping.by_kind or is_filter(instance.kind):
            return take(deed, world, instance, number, {})
        rings, count = history.rings.get(instance.number, []), world.gaps.count[instance.number]
        start_gap(world, instance)
        if count >= len(rings):
            return take(deed, world, instance, number, {})
        ring = rings[count]
        if ring.choice is None:
            act = take(deed, world, instance, number, {})
        else:
            now = option_utilities(deed, world, instance)
            act = observed_choice(world, deed, instance, number, ring.choice, now)
            if act is not deed.options[ring.choice.taken].act:
                return act  # what another option draws was not measured, though it be called alike
        return None if act is None else with_measured(act, ring.measured)

    return decide
