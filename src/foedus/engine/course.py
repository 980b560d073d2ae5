"""The steps a run is made of: bring clocks up to date, let an event happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from foedus.engine.failure import EvaluationError
from foedus.engine.firing import Act, Deed, carry_out, choose, counters_of
from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance, bind, wind_up
from foedus.engine.world import World

Choose = Callable[[Deed, World, Instance, int], Act | None]
"""Gives what an instance does at its firing of that number; None for nothing."""

AT_ONCE = 10_000
"""More firings at one instant than this, without a calendar asking for them, are a cycle."""

REMEMBERED = 64
"""How many of the last of them are kept to name the cycle."""


def refresh(prepared: Prepared, world: World, numbers: Iterable[int]) -> None:
    """Bring the clocks of some instances up to date with the state as it is now."""
    number = -1
    try:
        for number in numbers:
            prepared.refreshers[number](world)
    except EvaluationError as fault:
        raise fault.about(prepared.instances[number].title) from None


def touch(
    prepared: Prepared, world: World, cells: Iterable[int], counters: Iterable[int] = ()
) -> None:
    """After cells and counters changed: refresh the clocks that read them, note the questions."""
    numbers: set[int] = set()
    for readers, changed in (
        (prepared.dependencies.state, cells),
        (prepared.dependencies.counters, counters),
    ):
        for cell in changed:
            numbers.update(readers.everywhere[cell])
            numbers.update(readers.single.get(cell, ()))
            world.stale.update(readers.monitors[cell])
    refresh(prepared, world, sorted(numbers))


def touch_time(prepared: Prepared, world: World) -> None:
    """After time has passed: the same for what reads `time` or `since`."""
    refresh(prepared, world, prepared.dependencies.clocks_on_time)
    world.stale.update(prepared.dependencies.monitors_on_time)


def guard_holds(prepared: Prepared, world: World, instance: Instance) -> bool:
    """Whether the guard of an instance holds in the state as it is now."""
    guard = prepared.guards[instance.kind_number]
    bind(world, instance)
    try:
        return guard is None or bool(guard(world))
    except EvaluationError as fault:
        raise fault.about(instance.title) from None


def happen(prepared: Prepared, world: World, instance: Instance, decide: Choose = choose) -> None:
    """Let an instance fire of its own: carry out its act, or the option its actor takes."""
    number = world.number[instance.number]
    world.number[instance.number] += 1
    deed = prepared.deeds[instance.kind_number]
    try:
        act = decide(deed, world, instance, number)
        if act is None:
            return
        cells = carry_out(act, deed, world, instance, number, is_forced=False)
    except EvaluationError as fault:
        raise fault.about(instance.title) from None
    touch(prepared, world, cells, counters_of(deed, act, instance))


def ring(prepared: Prepared, world: World, number: int, decide: Choose = choose) -> None:
    """Let the clock of an instance ring, and begin its next waiting time."""
    instance = prepared.instances[number]
    _note_at_once(world, instance)
    wind_up(world, instance)
    happen(prepared, world, instance, decide)
    refresh(prepared, world, (number,))


def fire_immediate(prepared: Prepared, world: World, number: int, decide: Choose = choose) -> None:
    """Let an immediate instance fire whose guard has turned true."""
    world.pending.discard(number)
    instance = prepared.instances[number]
    _note_at_once(world, instance)
    happen(prepared, world, instance, decide)


def _note_at_once(world: World, instance: Instance) -> None:
    world.at_once += 1
    if world.at_once <= AT_ONCE - REMEMBERED:
        return
    world.recent.append(instance.kind.name)
    if world.at_once > AT_ONCE:
        cycle = ", ".join(f"`{name}`" for name in dict.fromkeys(world.recent))
        message = f"more than {AT_ONCE:,} firings at one instant, by {cycle} in turn"
        raise EvaluationError(message, instance.kind.span, instance.title)
