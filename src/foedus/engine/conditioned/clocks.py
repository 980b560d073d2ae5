"""The clocks of what the record tells of: the free part runs, the part that is held is weighed.

If the record holds the fraction c of a strand with hazard h, firings of the rest come from the
instance's own clock at (1 - c) h, and c h is charged as it accrues: the log weight of having seen
none is minus its integral. Of a choice, the hazard of an option is the actor's hazard times the
option's share in the multinomial logit; the clock runs at what the held shares leave, and the
options compete for it with their utilities plus log(1 - c).

A waiting time is treated alike in its cumulated hazard H in place of time: its free part rings when
(1 - c) H has grown by a unit exponential.

The inner time of an instance (`Gaps`) is that of the whole hazard, held or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from foedus.engine import clocks, laws, numerics
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, condition, evaluator
from foedus.engine.conditioned.history import note_wait
from foedus.engine.conditioned.items import renew_items
from foedus.engine.conditioned.state import NOBODY, ConditionedWorld
from foedus.engine.conditioned.tracked import PreparedItem, Tracked, is_filter
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import Act, Deed
from foedus.engine.timing import (
    Instance,
    Refresh,
    bind,
    change_hazard,
    hazard_finder,
    is_enabled,
    verify_hazard,
)
from foedus.engine.world import UNDRAWN, World
from foedus.jump.model import EventKind, Rate, Waiting


def tracked_clock(
    instance: Instance,
    deed: Deed,
    names: Names,
    tracked: tuple[Tracked, ...],
    items: tuple[PreparedItem, ...],
) -> Refresh | None:
    """The function that brings the clock of a tracked instance up to date.

    None where the kind has no hazard: its own function serves, and items about it are filters.
    """
    kind = instance.kind
    if is_filter(kind):
        return None
    if isinstance(kind.timing, Waiting):
        return _waiting(instance, deed, kind.timing, names, tracked, items)
    assert isinstance(kind.timing, Rate)
    find, span = hazard_finder(kind, kind.timing, names)(instance), kind.timing.hazard.span
    number = instance.number

    def refresh(world: World) -> None:
        assert isinstance(world, ConditionedWorld)
        whole = find(world)
        verify_hazard(whole, span)
        note_inner_time(world, number, whole)
        free = _hold(world, instance, deed, tracked, whole, world.time)
        if free != world.hazard[number]:
            change_hazard(world, instance, free, span)
        renew_items(world, tracked, items)

    return refresh


def note_inner_time(world: ConditionedWorld, number: int, whole: float) -> None:
    """Keep how much inner time has passed when the whole hazard changes."""
    gaps = world.gaps
    if whole != gaps.whole[number]:
        gaps.used[number] += gaps.whole[number] * (world.time - gaps.moved[number])
        gaps.whole[number], gaps.moved[number] = whole, world.time


def _hold(
    world: ConditionedWorld,
    instance: Instance,
    deed: Deed,
    tracked: tuple[Tracked, ...],
    whole: float,
    now: float,
) -> float:
    """Set what the record holds of an instance from now on; gives what is left to its clock.

    `now` is the time, or the cumulated hazard of a waiting time, for which `whole` is then 1 or 0.
    """
    shares = option_shares(deed, world, instance) if _weighs(tracked) and whole > 0.0 else ()
    left, options_left = 1.0, 1.0
    for one in tracked:
        if one.option is None:
            left = 1.0 - world.strands.fraction[one.first + instance.order]
            _set_strand(world, one.first + instance.order, whole, 1.0, now)
    for one in tracked:
        if one.option is not None:
            strand = one.first + instance.order
            rate = whole * shares[one.option] if shares else 0.0
            _set_strand(world, strand, rate, left, now)
            if shares:
                options_left -= world.strands.fraction[strand] * shares[one.option]
    if options_left < 0.0:  # by rounding, where all that could be chosen is held
        options_left = 0.0
    return whole * left * options_left


def _weighs(tracked: tuple[Tracked, ...]) -> bool:
    return any(one.option is not None for one in tracked)


def _set_strand(world: ConditionedWorld, strand: int, rate: float, left: float, now: float) -> None:
    strands = world.strands
    strands.rate[strand] = rate
    taken = strands.fraction[strand] * rate * left
    if taken != strands.taken[strand]:
        settle(world, strand, now)
        strands.taken[strand] = taken


def settle(world: ConditionedWorld, strand: int, now: float) -> None:
    """Charge what a strand's silence has been worth up to now to its account."""
    strands = world.strands
    if strands.account[strand] != NOBODY and strands.taken[strand] != 0.0:
        spent = strands.taken[strand] * (now - strands.since[strand])
        world.weights[strands.account[strand]] -= spent
    strands.since[strand] = now


def option_shares(deed: Deed, world: World, instance: Instance) -> tuple[float, ...]:
    """The probability that the actor takes each option, 0 where it is closed.

    All are 0 where none is open: an actor without options acts and does nothing.
    """
    utilities = option_utilities(deed, world, instance)
    highest = max(utilities)
    if highest == -inf:
        return tuple(0.0 for _ in utilities)
    total, parts = 0.0, []
    for utility in utilities:
        part = 0.0 if utility == -inf else numerics.exponential(utility - highest)
        total += part
        parts.append(part)
    return tuple(part / total for part in parts)


def option_utilities(deed: Deed, world: World, instance: Instance) -> list[float]:
    """The utility of each option now, minus infinity where it is closed."""
    bind(world, instance)
    utilities: list[float] = []
    for place, option in enumerate(deed.options):
        utility = -inf
        closed = (instance.number, place) in world.forbidden_options
        if not closed and (option.guard is None or option.guard(world)):
            utility = option.utility(world)
            if utility - utility != 0.0:
                message = f"the utility of `{option.act.name}` is {utility:g}"
                raise EvaluationError(message, option.span)
        utilities.append(utility)
    return utilities


def take(
    deed: Deed, world: World, instance: Instance, number: int, held: Mapping[int, float]
) -> Act | None:
    """As `firing.choose`, where a fraction of some options is `held` back."""
    if not deed.options:
        return deed.act
    bind(world, instance)
    keys = world.keys[instance.kind_number]
    best, taken = -inf, None
    for place, option in enumerate(deed.options):
        fraction = held.get(place, 0.0)
        if fraction == 1.0 or (instance.number, place) in world.forbidden_options:
            continue
        if option.guard is not None and not option.guard(world):
            continue
        utility = option.utility(world)
        if utility - utility != 0.0:
            raise EvaluationError(f"the utility of `{option.act.name}` is {utility:g}", option.span)
        if fraction > 0.0:
            utility += numerics.logarithm(1.0 - fraction)
        uniform = clocks.uniform(keys, option.keys[instance.order], number)
        noisy = utility - numerics.logarithm(-numerics.logarithm(uniform))
        if noisy > best:
            best, taken = noisy, option.act
    return taken


# Waiting times -----------------------------------------------------------------------------------


def _waiting(
    instance: Instance,
    deed: Deed,
    timing: Waiting,
    names: Names,
    tracked: tuple[Tracked, ...],
    items: tuple[PreparedItem, ...],
) -> Refresh:
    guard = condition(instance.kind.guard, names)
    arguments = [evaluator(argument, names) for argument in timing.arguments]
    number, law = instance.number, timing.distribution

    def refresh(world: World) -> None:
        assert isinstance(world, ConditionedWorld)
        is_on = is_enabled(world, instance, guard)
        if is_on and not world.is_enabled[number]:
            _begin_waiting(world, instance, timing, arguments)
        if is_on or world.is_enabled[number]:
            _pass_age(world, instance, law)
        seen = world.ages.seen.get(number, 0.0)
        free = _hold(world, instance, deed, tracked, 1.0 if is_on else 0.0, seen)
        world.is_enabled[number] = is_on
        if is_on:
            _set_ring(world, instance, timing, free)
        else:
            _stop_waiting(world, instance, timing, tracked)
        renew_items(world, tracked, items)

    return refresh


def _begin_waiting(
    world: ConditionedWorld, instance: Instance, timing: Waiting, arguments: list[Evaluate]
) -> None:
    ages, number = world.ages, instance.number
    kept = ages.kept.get(number)
    if kept is None:
        ages.law[number] = [argument(world) for argument in arguments]
        world.enablings[number] += 1
        ages.left[number] = UNDRAWN
        _verify_law(timing, ages.law[number], instance.kind)
    ages.begun[number] = world.time - (kept or 0.0)
    ages.seen[number] = laws.cumulated_hazard(timing.distribution, ages.law[number], kept or 0.0)
    world.hazard[number] = 0.0


def _verify_law(timing: Waiting, values: list[float], kind: EventKind) -> None:
    try:
        numerics.waiting_time(timing.distribution, values, 1.0)
    except numerics.NumericsError as error:
        raise EvaluationError(str(error), kind.span) from None


def _pass_age(world: ConditionedWorld, instance: Instance, law: str) -> None:
    """Let the cumulated hazard reach the age of now; `hazard` holds the part that runs free."""
    ages, number = world.ages, instance.number
    age = world.time - ages.begun[number]
    reached = max(ages.seen[number], laws.cumulated_hazard(law, ages.law[number], age))
    if ages.left[number] != UNDRAWN:
        passed = world.hazard[number] * (reached - ages.seen[number])
        ages.left[number] = max(0.0, ages.left[number] - passed)
    ages.seen[number] = reached


def _set_ring(world: ConditionedWorld, instance: Instance, timing: Waiting, free: float) -> None:
    ages, number = world.ages, instance.number
    if free == world.hazard[number] and world.ring[number] < inf:
        return
    world.hazard[number] = free
    if free == 0.0:
        world.ring[number] = inf
        return
    if ages.left[number] == UNDRAWN:
        keys = world.keys[instance.kind_number]
        enabling = world.enablings[number] - 1
        ages.left[number] = clocks.unit_exponential(keys, instance.key, enabling)
    target = ages.seen[number] + ages.left[number] / free
    wait = numerics.waiting_time(timing.distribution, ages.law[number], target)
    world.ring[number] = max(world.time, ages.begun[number] + wait)


def _stop_waiting(
    world: ConditionedWorld, instance: Instance, timing: Waiting, tracked: tuple[Tracked, ...]
) -> None:
    ages, number = world.ages, instance.number
    world.ring[number], world.hazard[number] = inf, 0.0
    if number not in ages.begun:
        return
    if timing.resumes:
        ages.kept[number] = world.time - ages.begun[number]
    else:
        ages.kept.pop(number, None)
        note_wait(world, instance, False, is_held(world, instance, tracked))
    del ages.begun[number]


def is_held(world: ConditionedWorld, instance: Instance, tracked: tuple[Tracked, ...]) -> bool:
    """Whether the record holds any part of an instance now."""
    fractions = world.strands.fraction
    return any(fractions[one.first + instance.order] > 0.0 for one in tracked)


def end_waiting(world: World, instance: Instance, law: str, tracked: tuple[Tracked, ...]) -> None:
    """At a firing: settle the age that was reached; what comes next is a new enabling."""
    assert isinstance(world, ConditionedWorld)
    ages, number = world.ages, instance.number
    if number in ages.begun:
        _pass_age(world, instance, law)
        note_wait(world, instance, True, False)
    for one in tracked:
        _set_strand(world, one.first + instance.order, 0.0, 1.0, ages.seen.get(number, 0.0))
    ages.kept.pop(number, None)
    ages.begun.pop(number, None)
    world.is_enabled[number] = False
    world.hazard[number], world.ring[number] = 0.0, inf
