"""When an event instance happens: one function per timing that brings its clock up to date.

Each function is called when something its instance reads may have changed. It looks at the guard
and the hazard in the state as it is now, and sets the instance's ring time.

A rate clock has unit rate in its own inner time and runs at the speed of the hazard [Kurtz1980]_.
It is kept as the inner time `R` left at the moment `s` when the hazard last changed, and rings at
`s + R / hazard`; when the hazard changes at `t`, `R` becomes `R - hazard (t - s)` and the ring time
follows, as in the modified next reaction method [Anderson2007]_.

References
----------
.. [Kurtz1980] T. G. Kurtz (1980), Representations of Markov processes as multiparameter time
   changes, Annals of Probability 8, 682-715.
.. [Anderson2007] D. F. Anderson (2007), A modified next reaction method for simulating chemical
   systems with time dependent propensities and delays, J. Chem. Phys. 127, 214107 [algorithm 3].
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from foedus.engine import clocks, numerics
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, condition, evaluator
from foedus.engine.failure import EvaluationError
from foedus.engine.world import UNDRAWN, World
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Immediate, Rate, Waiting
from foedus.text.source import Span

Refresh = Callable[[World], None]
"""Brings the clock of one instance up to date."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An event kind at one index. `number` is its place among all instances, `order` within it."""

    number: int
    order: int
    kind: EventKind
    kind_number: int
    labels: tuple[str, ...]
    binding: tuple[tuple[str, int], ...]
    key: int

    @property
    def title(self) -> str:
        """What messages call it."""
        index = f"[{', '.join(self.labels)}]" if self.labels else ""
        return f"event `{self.kind.name}{index}`"


def clock_maker(kind: EventKind, names: Names) -> Callable[[Instance], Refresh]:
    """The function that makes, for an instance of `kind`, the function to refresh its clock."""
    timing = kind.timing
    guard = condition(kind.guard, names)
    if isinstance(timing, Rate):
        find, span = hazard_finder(kind, timing, names), timing.hazard.span
        return lambda instance: _rate(instance, find(instance), span)
    if isinstance(timing, Waiting):
        waiting, arguments = timing, [evaluator(argument, names) for argument in timing.arguments]
        return lambda instance: _waiting(instance, guard, waiting, arguments)
    if isinstance(timing, Immediate):
        return lambda instance: _immediate(instance, guard)
    return lambda instance: _leave_alone


def _leave_alone(world: World) -> None:
    """Dated and regular events ask their guard when their time has come."""


def bind(world: World, instance: Instance) -> None:
    """Let the index names of the kind mean this instance."""
    for name, place in instance.binding:
        world.bound[name] = place


def is_enabled(world: World, instance: Instance, guard: Evaluate | None) -> bool:
    """Whether an instance may happen in the state as it is now; binds its index names."""
    if world.is_forbidden[instance.number]:
        return False
    bind(world, instance)
    return guard is None or bool(guard(world))


def hazard_finder(
    kind: EventKind, timing: Rate, names: Names
) -> Callable[[Instance], Callable[[World], float]]:
    """The function that makes, for an instance, the one that gives its hazard as it is now."""
    guard, hazard = condition(kind.guard, names), evaluator(timing.hazard, names)

    def free(instance: Instance) -> Callable[[World], float]:
        return lambda world: hazard(world) if is_enabled(world, instance, guard) else 0.0

    def held(instance: Instance) -> Callable[[World], float]:
        number = instance.number

        def now(world: World) -> float:
            value = world.held[number]
            if not is_enabled(world, instance, guard):
                value = None
            elif value is None:  # just enabled, or a tick has let go of the old value
                value = hazard(world)
            world.held[number] = value
            return 0.0 if value is None else value

        return now

    return free if timing.every is None else held


def _rate(instance: Instance, now: Callable[[World], float], span: Span | None) -> Refresh:
    number = instance.number

    def refresh(world: World) -> None:
        new = now(world)
        if new != world.hazard[number]:
            change_hazard(world, instance, new, span)

    return refresh


def change_hazard(world: World, instance: Instance, new: float, span: Span | None) -> None:
    """Let a clock go on at another speed; the inner time left is kept."""
    number, now = instance.number, world.time
    verify_hazard(new, span)
    old = world.hazard[number]
    if old > 0.0:
        # A clock due at this very moment can be left with minus a rounding error.
        world.inner[number] = max(0.0, world.inner[number] - old * (now - world.changed[number]))
    world.clock_changes += 1
    world.hazard[number] = new
    world.changed[number] = now
    if new == 0.0:
        world.ring[number] = inf
        return
    if world.inner[number] == UNDRAWN:
        words = world.words_of_clock(instance.kind_number, number)
        world.inner[number] = clocks.unit_exponential(words, instance.key, world.number[number])
    world.ring[number] = now + world.inner[number] / new


def verify_hazard(value: float, span: Span | None) -> None:
    """Refuse what is no hazard."""
    if not 0.0 <= value < inf:
        raise EvaluationError(f"the hazard is {value:g} per day", span)


def _waiting(
    instance: Instance, guard: Evaluate | None, timing: Waiting, arguments: list[Evaluate]
) -> Refresh:
    number, span = instance.number, instance.kind.span

    def refresh(world: World) -> None:
        is_on = is_enabled(world, instance, guard)
        if is_on == world.is_enabled[number]:
            return
        world.is_enabled[number] = is_on
        world.clock_changes += 1
        if not is_on:
            world.inner[number] = world.ring[number] - world.time if timing.resumes else UNDRAWN
            world.ring[number] = inf
            return
        if world.inner[number] == UNDRAWN:
            keys = world.keys[instance.kind_number]
            inner = clocks.unit_exponential(keys, instance.key, world.enablings[number])
            world.enablings[number] += 1
            values = [argument(world) for argument in arguments]
            try:
                wait = numerics.waiting_time(timing.distribution, values, inner)
            except numerics.NumericsError as error:
                raise EvaluationError(str(error), span) from None
            world.inner[number] = wait
        world.ring[number] = world.time + world.inner[number]

    return refresh


def _immediate(instance: Instance, guard: Evaluate | None) -> Refresh:
    number = instance.number

    def refresh(world: World) -> None:
        is_on = is_enabled(world, instance, guard)
        if is_on and not world.is_enabled[number]:
            world.pending.add(number)
        elif not is_on:
            world.pending.discard(number)
        world.is_enabled[number] = is_on

    return refresh


def wind_up(world: World, instance: Instance) -> None:
    """After a clock has rung: let its next waiting time begin when it is next looked at."""
    number = instance.number
    world.inner[number] = UNDRAWN
    world.ring[number] = inf
    world.hazard[number] = 0.0
    if isinstance(instance.kind.timing, Waiting):
        world.is_enabled[number] = False
