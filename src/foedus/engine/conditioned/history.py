"""What a run with a record says of the noise behind it: the same chance, for another world.

The n-th firing of an instance comes when the inner time of its clock, the integral of its whole
hazard, has grown by the n-th gap since the firing before. In a plain run the gaps are keyed unit
exponentials. In a run with a record those of what the record holds were found out on the way: a
firing that the record knows fixes its gap, silence says that a gap is longer than what has passed
of it, and what is left is fresh [Kurtz1980]_. What was reported and what was not are one stream. A
`History` keeps these gaps, what actors took and could have taken where the record decided it, and
what was measured; all else is keyed and needs no keeping. Of a waiting time it keeps the cumulated
hazard of each enabling.

Another world takes the gaps in order; when they are used up the clock goes on as in a plain run.
Where an actor's choice was observed, its Gumbel noise is drawn given that choice: the largest noisy
utility M first, then each other one below M [MaddisonTarlow2017]_.

References
----------
.. [Kurtz1980] See `engine/timing.py`.
.. [MaddisonTarlow2017] C. J. Maddison, D. Tarlow (2017), Gumbel machinery (note on sampling Gumbels
   given their argmax, top down), after C. J. Maddison, D. Tarlow, T. Minka (2014), A* sampling,
   Advances in Neural Information Processing Systems 27.
"""

from __future__ import annotations

from dataclasses import field, replace
from math import inf

from foedus.engine import clocks, numerics
from foedus.engine.conditioned.state import ConditionedWorld
from foedus.engine.firing import Act, Deed, PreparedDraw
from foedus.engine.timing import Instance
from foedus.engine.world import UNDRAWN, Happening, World
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What an actor took, and the utility of each option then (minus infinity where closed)."""

    taken: int
    utilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """A firing: at `time`, when `gap` of inner time had passed since the one before.

    `used`, `moved` and `whole` say how it was reached: the hazard was `whole` since `moved`, when
    `used` had passed. A world that gets there in the same way fires at `time` exactly.
    """

    time: float
    gap: float
    used: float
    moved: float
    whole: float
    choice: Choice | None = None
    measured: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """An enabling of a waiting kind: the cumulated hazard at which it rings, known or drawn.

    If it rang, it did at `time`, having begun at `begun` under the parameters `law`.
    """

    hazard: float
    has_rung: bool
    time: float
    begun: float
    law: tuple[float, ...]


@dataclass(slots=True)
class History:
    """By instance of which the record tells: its firings, and the gap that was still open.

    `rings` and `waits` are in order; `open_gap` is known to be longer than what had passed of it at
    the end. `instants` are the moments at which what is known changed: another world looks at its
    clocks then as well, so that it agrees wherever nothing was changed. `happenings` are all events
    of the run, in order; `met` says of items which of these they are: (item, place).
    """

    rings: dict[int, list[Ring]] = field(default_factory=dict)
    open_gap: dict[int, float] = field(default_factory=dict)
    waits: dict[int, list[Wait]] = field(default_factory=dict)
    instants: tuple[float, ...] = ()
    happenings: tuple[Happening, ...] = ()
    met: list[tuple[int, int]] = field(default_factory=list)


def note_ring(
    world: ConditionedWorld, instance: Instance, choice: Choice | None, measured: dict[str, float]
) -> None:
    """Keep a firing that happens now, if a history is kept."""
    if world.history is None:
        return
    gaps, number = world.gaps, instance.number
    used, moved, whole = gaps.used[number], gaps.moved[number], gaps.whole[number]
    gap = used + whole * (world.time - moved)
    ring = Ring(world.time, gap, used, moved, whole, choice, measured)
    world.history.rings.setdefault(number, []).append(ring)


def note_item(world: ConditionedWorld, item: int) -> None:
    """Keep that the event which is carried out next is that of an item, if a history is kept."""
    if world.history is not None and not world.is_scripted:
        world.history.met.append((item, len(world.record or ())))


def note_wait(world: ConditionedWorld, instance: Instance, has_rung: bool, is_held: bool) -> None:
    """Keep the enabling of a waiting kind that ends now, if a history is kept."""
    if world.history is None:
        return
    ages, number = world.ages, instance.number
    hazard = ages.seen[number]
    if not has_rung:
        left = ages.left[number]
        if is_held or left == UNDRAWN:
            left = _fresh(world, instance, world.enablings[number] - 1, is_held)
        hazard += left
    law = tuple(ages.law[number])
    wait = Wait(hazard, has_rung, world.time, ages.begun[number], law)
    world.history.waits.setdefault(number, []).append(wait)


def close_gap(world: ConditionedWorld, instance: Instance, is_held: bool) -> None:
    """At the end of a run: how long the open gap of an instance is.

    What is left on its own clock is left on the whole if nothing is held; else the rest is fresh.
    """
    assert world.history is not None
    gaps, number = world.gaps, instance.number
    passed = gaps.used[number] + gaps.whole[number] * (world.time - gaps.moved[number])
    left = world.inner[number]
    if is_held or left == UNDRAWN:
        left = _fresh(world, instance, world.number[number], is_held)
    elif world.hazard[number] > 0.0:
        left = max(0.0, left - world.hazard[number] * (world.time - world.changed[number]))
    world.history.open_gap[number] = passed + left


def _fresh(world: ConditionedWorld, instance: Instance, number: int, is_held: bool) -> float:
    """What is left of a gap of which nothing is known but that it has not ended."""
    key = instance.key
    if is_held:
        key = clocks.label_key(instance.kind.name, instance.labels, "open gap")
    return clocks.unit_exponential(world.keys[instance.kind_number], key, number)


def observed_choice(
    world: World, deed: Deed, instance: Instance, number: int, choice: Choice, now: list[float]
) -> Act | None:
    """What the actor takes in this world, having taken `choice` in the other by the same chance.

    `now` are the utilities of the options in this world, minus infinity where closed.
    """
    if tuple(now) == choice.utilities:
        return deed.options[choice.taken].act
    noise = noise_given(world, deed, instance, number, choice)
    best, taken = -inf, None
    for place, utility in enumerate(now):
        if utility > -inf and utility + noise[place] > best:
            best, taken = utility + noise[place], deed.options[place].act
    return taken


def noise_given(
    world: World, deed: Deed, instance: Instance, number: int, choice: Choice
) -> list[float]:
    """The Gumbel noise of each option, given which one had the largest noisy utility."""
    keys = world.keys[instance.kind_number]
    exponentials = [  # -log of the keyed uniform of each option
        -numerics.logarithm(clocks.uniform(keys, option.keys[instance.order], number))
        for option in deed.options
    ]
    highest = max(choice.utilities)
    total = 0.0
    for utility in choice.utilities:
        total += 0.0 if utility == -inf else numerics.exponential(utility - highest)
    top = highest + numerics.logarithm(total) - numerics.logarithm(exponentials[choice.taken])
    noise = []
    for place, utility in enumerate(choice.utilities):
        if place == choice.taken:
            noise.append(top - utility)
        elif utility == -inf:
            noise.append(-numerics.logarithm(exponentials[place]))
        else:
            floor = numerics.exponential(utility - top)
            noise.append(-numerics.logarithm(floor + exponentials[place]))
    return noise


def with_measured(act: Act, measured: dict[str, float]) -> Act:
    """The same act, its measured draws coming out as they were measured."""

    def known(draw: PreparedDraw) -> PreparedDraw:
        if draw.name not in measured:
            return draw
        value = measured[draw.name]
        return replace(draw, sample=lambda world, keys, key, number: value)

    return replace(act, draws=tuple(map(known, act.draws))) if measured else act


def next_ring(world: ConditionedWorld, history: History, instance: Instance) -> float:
    """When the clock of an instance rings in another world, if its hazard stays as it is."""
    gaps, number = world.gaps, instance.number
    rings = history.rings.get(number, [])
    used, moved, whole = gaps.used[number], gaps.moved[number], gaps.whole[number]
    count = gaps.count[number]
    if whole == 0.0:
        return inf
    if count < len(rings):
        one = rings[count]
        if (used, moved, whole) == (one.used, one.moved, one.whole):
            return one.time
        target = one.gap
    elif count == len(rings) and number in history.open_gap:
        target = history.open_gap[number]
    else:
        if world.inner[number] == UNDRAWN:
            keys = world.keys[instance.kind_number]
            fresh = clocks.unit_exponential(keys, instance.key, world.number[number])
            world.inner[number] = fresh
        target = world.inner[number]
    return max(world.time, moved + (target - used) / whole)
