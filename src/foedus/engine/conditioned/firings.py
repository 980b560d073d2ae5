"""Firings under a record: of an event by itself, of one without a hazard, of an item's event."""

from __future__ import annotations

from foedus.engine import laws, numerics
from foedus.engine.conditioned.clocks import end_waiting, is_held, option_utilities, take
from foedus.engine.conditioned.history import Choice, note_item, note_ring
from foedus.engine.conditioned.items import (
    Measured,
    charge,
    close_item,
    pick_instance,
    total_rate,
    try_open,
)
from foedus.engine.conditioned.prepared import Conditioned, tracked_of
from foedus.engine.conditioned.state import FIRED, NOBODY, OPEN, ConditionedWorld
from foedus.engine.conditioned.tracked import PreparedItem, Tracked, is_filter
from foedus.engine.course import Choose, refresh, touch
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import Act, Deed, carry_out, counters_of
from foedus.engine.timing import Instance
from foedus.engine.world import World
from foedus.jump.model import Waiting


def decision(conditioned: Conditioned) -> Choose:
    """How an event that happens by itself decides what it does, and what the record says of it."""

    def decide(deed: Deed, world: World, instance: Instance, number: int) -> Act | None:
        assert isinstance(world, ConditionedWorld)
        tracked = conditioned.grouping.by_kind.get(instance.kind_number, ())
        if not tracked:
            return take(deed, world, instance, number, {})
        if is_filter(instance.kind):
            act = take(deed, world, instance, number, {})
            for one in tracked:
                if one.option is None or act is deed.options[one.option].act:
                    _pass_filter(conditioned, world, one, instance, act is not None)
            return act
        held = {
            one.option: world.strands.fraction[one.first + instance.order]
            for one in tracked
            if one.option is not None
        }
        act = take(deed, world, instance, number, held)
        decided = is_held(world, instance, tracked)
        choice = _choice(deed, world, instance, act) if decided else None
        _end_gap(world, instance, tracked, choice, {})
        return act

    return decide


def _choice(
    deed: Deed, world: ConditionedWorld, instance: Instance, act: Act | None
) -> Choice | None:
    """What is kept of a choice on which the record has had a say."""
    if world.history is None or act is None or not deed.options:
        return None
    taken = next(place for place, option in enumerate(deed.options) if option.act is act)
    return Choice(taken, tuple(option_utilities(deed, world, instance)))


def _end_gap(
    world: ConditionedWorld,
    instance: Instance,
    tracked: tuple[Tracked, ...],
    choice: Choice | None,
    measured: dict[str, float],
) -> None:
    """The clock of an instance has rung, by itself or by an item."""
    timing = instance.kind.timing
    if isinstance(timing, Waiting):
        end_waiting(world, instance, timing.distribution, tracked)
    note_ring(world, instance, choice, measured)
    start_gap(world, instance)


def start_gap(world: ConditionedWorld, instance: Instance) -> None:
    """After a firing: no inner time has passed since."""
    world.gaps.used[instance.number] = 0.0
    world.gaps.moved[instance.number] = world.time
    world.gaps.count[instance.number] += 1


def _pass_filter(
    conditioned: Conditioned, world: ConditionedWorld, tracked: Tracked, instance: Instance,
    is_carried_out: bool,
) -> None:  # fmt: skip
    """An event without a hazard has happened: an open item has seen it, or it should not be."""
    strand = tracked.first + instance.order
    fraction, account = world.strands.fraction[strand], world.strands.account[strand]
    for number in conditioned.grouping.strand_items[strand]:
        item = conditioned.items[number]
        if world.items.status[number] == OPEN and instance.order in item.orders:
            world.items.status[number] = FIRED
            charge(world, number, numerics.logarithm(fraction))
            if is_carried_out:
                note_item(world, number)
            _open_those_after(conditioned, world, item)
            return
    if account != NOBODY:
        charge(world, account, numerics.logarithm_plus_one(-fraction))


def _open_those_after(
    conditioned: Conditioned, world: ConditionedWorld, item: PreparedItem
) -> None:
    for number in item.after:
        other = conditioned.items[number]
        try_open(world, other, tracked_of(conditioned, other))


def fire_item(conditioned: Conditioned, world: ConditionedWorld, item: PreparedItem) -> None:
    """An item happens: its event is carried out, and weighed."""
    prepared, tracked = conditioned.prepared, tracked_of(conditioned, item)
    instance = tracked.instances[pick_instance(world, item, tracked)]
    weight = _log_rate(world, item, tracked, instance)
    if tracked.coverage is not None and tracked.coverage in conditioned.reported:
        weight += numerics.logarithm(world.parameters[conditioned.reported[tracked.coverage]])
    close_item(world, item, weight)
    number = world.number[instance.number]
    world.number[instance.number] += 1
    deed = prepared.deeds[instance.kind_number]
    try:
        act = deed.options[tracked.option].act if tracked.option is not None else None
        choice = None if act is None else _choice(deed, world, instance, act)
        act = act or take(deed, world, instance, number, {})
        measured = Measured(item)
        about = conditioned.grouping.by_kind[instance.kind_number]
        _end_gap(world, instance, about, choice, measured.values)
        if act is not None:
            note_item(world, item.number)
            cells = carry_out(act, deed, world, instance, number, False, measured)
            touch(prepared, world, cells, counters_of(deed, act, instance))
    except EvaluationError as fault:
        raise fault.about(instance.title) from None
    refresh(prepared, world, (instance.number,))
    _open_those_after(conditioned, world, item)


def _log_rate(
    world: ConditionedWorld, item: PreparedItem, tracked: Tracked, instance: Instance
) -> float:
    """The log hazard, now, of what an item is about."""
    rate = total_rate(world, item, tracked)
    timing = instance.kind.timing
    if not isinstance(timing, Waiting):
        return numerics.logarithm(rate)
    ages, number = world.ages, instance.number
    age = world.time - ages.begun[number]
    hazard = laws.log_hazard(timing.distribution, ages.law[number], age)
    return numerics.logarithm(rate) + hazard
