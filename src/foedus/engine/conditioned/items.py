"""How an item happens: its date, its time within it, what it came out as, and what that is worth.

Between the start of its date (or the item before it, if later) and the end b, an item is proposed
with hazard 1/(b - t) wherever the model gives its event a hazard at all. One unit exponential e
decides: with s the last moment at which that began, it happens at b - (b - s) exp(-e). Its weight
is the hazard of its event then, over that of the proposal, times exp of what the proposal had
accrued; the silence around it is charged where strands are settled. So the mean weight over the
noise is the probability that the event happened once within its date, and not otherwise.

Where its random draws were measured they are drawn from the measurement and weighted by their own
law. A kind without a hazard happens by itself: then the item is a filter, met or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from foedus.engine import clocks, laws, numerics
from foedus.engine.conditioned.state import FIRED, OPEN, WAITING, ConditionedWorld, DeadError
from foedus.engine.conditioned.tracked import PreparedItem, Tracked
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import PreparedDraw
from foedus.engine.world import UNDRAWN, World
from foedus.jump.record import Measurement, Window


def choose_date(world: ConditionedWorld, item: PreparedItem) -> int:
    """Which of an item's dates is taken for right in this run."""
    windows = item.sighting.windows
    if len(windows) == 1:
        return 0
    uniform = clocks.uniform(world.item_keys[item.number], item.date_key, 0)
    return numerics.categorical([window.weight for window in windows], uniform)


def time_within(world: ConditionedWorld, item: PreparedItem, window: Window) -> float:
    """A moment of a date, all alike."""
    uniform = clocks.uniform(world.item_keys[item.number], item.time_key, 0)
    return window.start + (window.end - window.start) * uniform


def begin_date(world: ConditionedWorld, item: PreparedItem, place: int, tracked: Tracked) -> None:
    """The date of an item begins: it may happen as soon as those before it have.

    Unless something else that is known denies it for the whole of its date.
    """
    items, window = world.items, item.sighting.windows[place]
    if world.is_on[item.number] and items.date[item.number] == place:
        for number, other in item.against:
            if world.is_on[number] and window.lies_in(other.start, other.end):
                raise DeadError(item.number)
        items.is_begun[item.number] = True
        items.until[item.number] = window.end
        try_open(world, item, tracked)


def end_date(world: ConditionedWorld, item: PreparedItem, place: int) -> None:
    """The date of an item ends: if it has not happened, the run contradicts it."""
    items, number = world.items, item.number
    if world.is_on[number] and items.date[number] == place and items.status[number] != FIRED:
        raise DeadError(number)


def try_open(world: ConditionedWorld, item: PreparedItem, tracked: Tracked) -> None:
    """Let an item happen from now on, if its date has begun and those before it have happened."""
    items, number = world.items, item.number
    if items.status[number] != WAITING or not items.is_begun[number]:
        return
    if all(items.status[one] == FIRED for one in item.before if world.is_on[one]):
        items.status[number] = OPEN
        renew_item(world, item, tracked)


def renew_items(
    world: ConditionedWorld, tracked: tuple[Tracked, ...], items: tuple[PreparedItem, ...]
) -> None:
    """After hazards have changed: bring the proposals of the open items up to date."""
    for one in tracked:
        for number in one.items:
            if world.items.status[number] == OPEN:
                renew_item(world, items[number], one)


def renew_item(world: ConditionedWorld, item: PreparedItem, tracked: Tracked) -> None:
    """Start or stop the clock of an open item, as its event can or cannot happen now."""
    items, number = world.items, item.number
    is_on = total_rate(world, item, tracked) > 0.0
    if is_on == items.is_enabled[number]:
        return
    items.is_enabled[number] = is_on
    ring = len(world.ring) - len(items.status) + number
    now, until = world.time, items.until[number]
    if is_on:
        if items.total[number] == UNDRAWN:
            keys = world.item_keys[number]
            items.total[number] = clocks.unit_exponential(keys, item.time_key, 0)
            items.left[number] = items.total[number]
        items.since[number] = now
        world.ring[ring] = until - (until - now) * numerics.exponential(-items.left[number])
        return
    passed = numerics.logarithm((until - items.since[number]) / (until - now))
    items.left[number] = max(0.0, items.left[number] - passed)
    world.ring[ring] = inf


def total_rate(world: ConditionedWorld, item: PreparedItem, tracked: Tracked) -> float:
    """The hazard of what an item is about, over all instances it may be: a left fold."""
    rates, total = world.strands.rate, 0.0
    for order in item.orders:
        total += rates[tracked.first + order]
    return total


def pick_instance(world: ConditionedWorld, item: PreparedItem, tracked: Tracked) -> int:
    """The order of the instance that an item happens at, in proportion to their hazards."""
    if len(item.orders) == 1:
        return item.orders[0]
    rates = [world.strands.rate[tracked.first + order] for order in item.orders]
    uniform = clocks.uniform(world.item_keys[item.number], item.place_key, 0)
    return item.orders[numerics.categorical(rates, uniform)]


def charge(world: ConditionedWorld, account: int, weight: float) -> None:
    """Add a log weight to an account; a run without weight has died of it."""
    world.weights[account] += weight
    if weight == -inf:
        raise DeadError(account)


def close_item(world: ConditionedWorld, item: PreparedItem, weight: float) -> None:
    """An item happens now: charge the `weight` of its event, less that of its proposal."""
    items, number = world.items, item.number
    items.status[number], items.is_enabled[number] = FIRED, False
    world.ring[len(world.ring) - len(items.status) + number] = inf
    width = numerics.logarithm(items.until[number] - items.since[number])
    proposed = width + (items.total[number] - items.left[number])
    charge(world, number, weight + proposed)


class Measured:
    """Says what the draws of an item's event come out as: what was measured, or by the law."""

    def __init__(self, item: PreparedItem) -> None:
        self.item = item
        self.known = dict(item.sighting.draws)
        self.values: dict[str, float] = {}

    def __call__(
        self, world: World, draw: PreparedDraw, keys: tuple[int, int], key: int, number: int
    ) -> float:
        assert isinstance(world, ConditionedWorld)
        measured = self.known.get(draw.name)
        if measured is None:
            return draw.sample(world, keys, key, number)
        arguments = draw.arguments(world)
        law = draw.spec.distribution
        if measured.form != "exact" and law in laws.DISCRETE:
            value = draw.sample(world, keys, key, number)
            weight = laws.error_log(measured.form, measured.value, measured.size, value)
        else:
            value = self._proposed(world, draw, measured)
            weight = log_density_of(draw, arguments, value)
            if measured.form == "factor":
                weight += numerics.logarithm(value) - numerics.logarithm(measured.value)
        charge(world, self.item.number, weight)
        self.values[draw.name] = value
        return value

    def _proposed(self, world: ConditionedWorld, draw: PreparedDraw, what: Measurement) -> float:
        if what.form == "exact":
            return what.value
        keys = world.item_keys[self.item.number]
        uniform = clocks.uniform(keys, self.item.draw_keys[draw.name], 0)
        if what.form == "sd":
            return numerics.normal(what.value, what.size, uniform)
        return numerics.lognormal(what.value, what.size, uniform)


def log_density_of(draw: PreparedDraw, arguments: Sequence[float], value: float) -> float:
    """The log density of a draw's value; impossible arguments are faults, as when it is drawn."""
    law, span = draw.spec.distribution, draw.spec.span
    try:
        sampler = numerics.DRAWS[law]
        sampler(arguments, 0.5) if law == "categorical" else sampler(*arguments, 0.5)
    except numerics.NumericsError as error:
        raise EvaluationError(f"draw `{draw.name}`: {error}", span) from None
    return laws.log_density(law, arguments, value)
