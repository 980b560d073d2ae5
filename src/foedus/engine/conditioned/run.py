"""The conditioned run: what it means that a run agrees with a record, in plain Python.

It is a deterministic function of the model, the parameters, the atom, the noise and the stage. With
nothing known it is the run of `engine/reference.py`, bit for bit. The order at one instant is that
of the reference engine, with what the record adds in front: dates that end, coverage that changes,
dates that begin; an item rings like a clock, after the clocks of the model. Looks come between
instants, as questions' stops do.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from foedus.engine import laws
from foedus.engine.conditioned.clocks import is_held, settle
from foedus.engine.conditioned.cover import BEGINS, COVERS, NOTHING, breaks_of, cover
from foedus.engine.conditioned.firings import decision, fire_item
from foedus.engine.conditioned.history import History, close_gap, note_wait
from foedus.engine.conditioned.items import begin_date, choose_date, end_date
from foedus.engine.conditioned.looks import look, plan_looks
from foedus.engine.conditioned.prepared import Conditioned, condition_on, noise_of, tracked_of
from foedus.engine.conditioned.state import WAITING, ConditionedWorld, DeadError, with_record
from foedus.engine.conditioned.tracked import Tracked
from foedus.engine.course import Choose, fire_immediate, refresh, ring, touch_time
from foedus.engine.failure import EvaluationError, ModelError
from foedus.engine.interventions import Planned
from foedus.engine.monitors import Gallery, Watch, gallery, stop
from foedus.engine.monitors import look as look_at_questions
from foedus.engine.prepare import TICK
from foedus.engine.reference import (
    LIMIT,
    begin,
    firings_by_kind,
    intervene,
    keep_appointment,
    tick,
    watched,
)
from foedus.engine.runaway import counts_clock_changes, has_run_away, runaway
from foedus.engine.start import flat_parameters
from foedus.engine.timing import change_hazard
from foedus.engine.world import UNDRAWN, Keys, Parameters, empty_world
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Rate, Waiting
from foedus.jump.stages import Stage

__all__ = [
    "Conditioned",
    "ConditionedRun",
    "condition_on",
    "noise_of",
    "run_conditioned",
]


@dataclass(frozen=True, slots=True)
class ConditionedRun:
    """One run that was made to agree with a record.

    `weights` are log weights (account,): sightings, then the silence of coverages; their sum is the
    log weight of the run. Where it `died_of` an account that alone is minus infinity, and the rest
    is 0: there is no such run. `claims` has the truth (1 or
    0) or the number of each claim, nan where it is not known or was not reached. `values`,
    `is_given` and `waited` are the answers of `reference.RunResult`, nan for what lies beyond the
    end of the run. `history` is kept, and `samples` are taken (time, expression), where that was
    asked for.
    """

    weights: tuple[float, ...]
    died_of: int | None
    claims: tuple[float, ...]
    values: tuple[float, ...]
    is_given: tuple[bool, ...]
    waited: tuple[float, ...]
    events: int
    history: History | None = None
    samples: tuple[tuple[float, ...], ...] = ()

    @property
    def log_weight(self) -> float:
        """The logarithm of the probability that this run stands for."""
        return -inf if self.died_of is not None else sum(self.weights)


def run_conditioned(
    conditioned: Conditioned,
    theta: Parameters,
    atom: Atom,
    noise: Keys,
    stage: Stage,
    *,
    horizon: float | None = None,
    switches: Sequence[bool] | None = None,
    limit: int = LIMIT,
    keep: bool = False,
    watch: Watch | None = None,
) -> ConditionedRun:
    """One run that agrees with what `stage` knows, and how probable that was.

    `noise` has the words that each kind's and each item's noise is keyed by (`noise_of`). The run
    ends at `horizon` (days; at least the stage's end, which is taken if None). `switches` (one for
    each sighting) drops items of the stage for this run. With `keep`, what is needed to run another
    world on the same chance is kept (`counterfactual.run_other_world`). Raises `ModelError` as the
    reference does.
    """
    world = empty_conditioned(conditioned, theta, atom, noise, stage, switches)
    end = stage.end if horizon is None else max(horizon, stage.end)
    seen = gallery(conditioned.prepared.monitors, *watched(conditioned.prepared, watch))
    died_of = None
    if keep:
        world.history, world.record = History(), []
    try:
        _start(conditioned, world, stage, end)
        go(conditioned, world, seen, atom.name, end, limit, decision(conditioned))
        if world.history is not None:
            close_history(conditioned, world)
    except DeadError as death:
        died_of = death.account
        world.weights = [0.0] * conditioned.accounts
        world.weights[died_of] = -inf
        world.fired = 0
    except EvaluationError as fault:
        raise ModelError(f"{fault.subject}: {fault.message}", fault.span, 0, world.time) from fault
    return ConditionedRun(
        tuple(world.weights), died_of, tuple(world.claims),
        tuple(track.answer for track in seen.tracks),
        tuple(track.is_given for track in seen.tracks),
        tuple(track.waited for track in seen.tracks),
        world.fired,
        world.history if died_of is None else None,
        tuple(seen.samples),
    )  # fmt: skip


def close_history(conditioned: Conditioned, world: ConditionedWorld) -> None:
    """At the end of a run: what is still open on the clocks of which the record tells."""
    assert world.history is not None
    world.history.happenings = tuple(world.record or ())
    for number, tracked in conditioned.grouping.by_kind.items():
        kind = conditioned.prepared.model.kinds[number]
        for instance in conditioned.prepared.by_kind[kind.name]:
            held = is_held(world, instance, tracked)
            if isinstance(kind.timing, Rate):
                close_gap(world, instance, held)
            elif instance.number in world.ages.begun:
                note_wait(world, instance, False, held)


def empty_conditioned(
    conditioned: Conditioned,
    theta: Parameters,
    atom: Atom,
    noise: Keys,
    stage: Stage,
    switches: Sequence[bool] | None = None,
) -> ConditionedWorld:
    """The world of a run before its start."""
    prepared, record = conditioned.prepared, conditioned.record
    kinds = len(prepared.model.kinds)
    if len(noise) != conditioned.rows:
        raise ValueError(f"the noise needs {conditioned.rows} pairs of words, not {len(noise)}")
    counters = sum(block.count for block in prepared.names.layout.counters.values())
    plain = empty_world(noise[:kinds], len(prepared.instances), counters)
    strands = len(conditioned.grouping.strand_items)
    world = with_record(plain, strands, len(record.sightings), len(record.coverages))
    world.parameters = flat_parameters(prepared.model, theta)
    world.components = [name in atom.components for name in prepared.model.components]
    ends = conditioned.first_item_row, conditioned.first_member_row
    world.noise, world.item_keys = noise, noise[slice(*ends)]
    world.members, world.member_keys = conditioned.members.of, _member_keys(conditioned, noise, 0)
    world.is_on = [one.id in stage.items for one in record.sightings]
    if switches is not None:
        world.is_on = [on and bool(kept) for on, kept in zip(world.is_on, switches, strict=True)]
    world.silent_until = stage.silent_until
    return world


def _member_keys(conditioned: Conditioned, noise: Keys, epoch: int) -> Keys:
    """The words of members in an epoch."""
    count = conditioned.members.count
    first = conditioned.first_member_row + count * epoch
    return noise[first : first + count]


def _begin_epoch(conditioned: Conditioned, world: ConditionedWorld) -> None:
    """The noise is keyed anew, and what is left on every clock with a rate is drawn anew.

    Waiting times under way, and items, keep what they have.
    """
    world.epoch += 1
    kinds = len(conditioned.prepared.model.kinds)
    world.keys = world.noise[kinds * world.epoch : kinds * (world.epoch + 1)]
    world.member_keys = _member_keys(conditioned, world.noise, world.epoch)
    for instance in conditioned.prepared.instances:
        is_scripted = world.is_scripted and instance.kind_number in conditioned.grouping.by_kind
        if isinstance(instance.kind.timing, Rate) and not is_scripted:
            hazard = world.hazard[instance.number]
            world.hazard[instance.number], world.inner[instance.number] = 0.0, UNDRAWN
            if hazard > 0.0:
                change_hazard(world, instance, hazard, instance.kind.span)


def _start(conditioned: Conditioned, world: ConditionedWorld, stage: Stage, end: float) -> None:
    """Everything that is known before the first instant, and the state at 0."""
    world.breaks = breaks_of(conditioned.record, conditioned.grouping, stage)
    world.breaks.reverse()
    if world.history is not None:
        world.history.instants = tuple(sorted({one[0] for one in world.breaks}))
    for item in conditioned.items:
        if world.is_on[item.number] and item.sighting.kind == "happened":
            world.items.status[item.number] = WAITING
            world.items.date[item.number] = choose_date(world, item)
    plan_looks(world, conditioned.items, conditioned.claims, stage, end)
    for tracked in conditioned.grouping.tracked:
        _renew_cover(conditioned, world, tracked)
    begin(conditioned.prepared, world, ())


def go(
    conditioned: Conditioned,
    world: ConditionedWorld,
    seen: Gallery,
    atom: str,
    horizon: float,
    limit: int,
    decide: Choose,
    planned: tuple[Planned, ...] = (),
) -> None:
    """Instant by instant until the horizon, what events do being decided by `decide`."""
    prepared, calendar, breaks = conditioned.prepared, world.calendar, world.breaks
    epochs, is_counted = conditioned.epochs, counts_clock_changes(prepared.model)
    awaited = [place for place, one in enumerate(planned) if one.when is not None]
    time = 0.0
    while time <= horizon:
        _observe(conditioned, world, seen, atom, time, False)
        world.time = time
        world.at_once = 0
        while world.epoch < len(epochs) and epochs[world.epoch] <= time:
            _begin_epoch(conditioned, world)
        while breaks and breaks[-1][0] <= time:
            _break(conditioned, world)
        touch_time(prepared, world)
        while calendar and calendar[0][0] <= time and calendar[0][1] != TICK:
            keep_appointment(prepared, world, planned, decide)
        _settle(conditioned, world, decide)
        while awaited and intervene(prepared, world, planned, awaited):
            _settle(conditioned, world, decide)
        while calendar and calendar[0][0] <= time:
            tick(prepared, world)
        if world.stale:
            look_at_questions(seen, world, world.stale)
            world.stale.clear()
        if has_run_away(world.fired, world.clock_changes, limit, is_counted):
            raise runaway(limit, world.fired, firings_by_kind(prepared, world.firings))
        time = min(world.ring, default=inf)
        if world.epoch < len(epochs):
            time = min(time, epochs[world.epoch])
        for ahead in (calendar[0][0] if calendar else inf, breaks[-1][0] if breaks else inf):
            time = min(time, ahead)
    _observe(conditioned, world, seen, atom, horizon, True)
    world.time = horizon
    _settle_strands(conditioned, world)


def _observe(
    conditioned: Conditioned,
    world: ConditionedWorld,
    seen: Gallery,
    atom: str,
    time: float,
    is_end: bool,
) -> None:
    """Questions' stops and looks that come before a time; at the end, at it as well."""
    for stops in (seen.stops, world.looks):
        while stops and (stops[-1][0] < time or (is_end and stops[-1][0] <= time)):
            if stops is seen.stops:
                stop(seen, world)
            else:
                look(world, conditioned.items, conditioned.claims, atom)


def _break(conditioned: Conditioned, world: ConditionedWorld) -> None:
    """What is known changes."""
    _, change, number, place = world.breaks.pop()
    if change == NOTHING:
        return
    if change == COVERS:
        tracked = conditioned.grouping.tracked[number]
        for order in _renew_cover(conditioned, world, tracked):
            refresh(conditioned.prepared, world, (tracked.instances[order].number,))
        return
    item = conditioned.items[number]
    if change == BEGINS:
        begin_date(world, item, place, tracked_of(conditioned, item))
    else:
        end_date(world, item, place)


def _renew_cover(conditioned: Conditioned, world: ConditionedWorld, tracked: Tracked) -> list[int]:
    """Look anew at what the record holds of a kind; gives the instances of which it changed."""
    changed, strands = [], world.strands
    for order in range(len(tracked.instances)):
        strand = tracked.first + order
        new = cover(
            conditioned.record, conditioned.grouping, conditioned.reported, world, tracked, order
        )
        if new != (strands.fraction[strand], strands.account[strand]):
            _settle_strand(conditioned, world, tracked, order)
            strands.fraction[strand], strands.account[strand] = new
            changed.append(order)
    return changed


def _settle_strands(conditioned: Conditioned, world: ConditionedWorld) -> None:
    for tracked in conditioned.grouping.tracked:
        for order in range(len(tracked.instances)):
            _settle_strand(conditioned, world, tracked, order)


def _settle_strand(
    conditioned: Conditioned, world: ConditionedWorld, tracked: Tracked, order: int
) -> None:
    """Charge the silence of a strand up to now; a waiting time's is charged in its hazard."""
    instance = tracked.instances[order]
    timing = instance.kind.timing
    now = world.time
    if isinstance(timing, Waiting):
        if instance.number not in world.ages.begun:
            return
        age = now - world.ages.begun[instance.number]
        law = world.ages.law[instance.number]
        now = max(
            world.ages.seen[instance.number],
            laws.cumulated_hazard(timing.distribution, law, age),
        )
    settle(world, tracked.first + order, now)


def _settle(conditioned: Conditioned, world: ConditionedWorld, decide: Choose) -> None:
    """Ringing clocks and items, then immediates, until none is due at this instant."""
    prepared = conditioned.prepared
    instances = len(prepared.instances)
    while True:
        first = min(world.ring, default=inf)
        if first <= world.time:
            number = world.ring.index(first)
            if number < instances:
                ring(prepared, world, number, decide)
            else:
                fire_item(conditioned, world, conditioned.items[number - instances])
        elif world.pending:
            fire_immediate(prepared, world, min(world.pending), decide)
        else:
            return
