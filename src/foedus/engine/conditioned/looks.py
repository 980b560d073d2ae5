"""What is only seen: states and values that items know of, and what claims are about.

An item about the state is looked up at one moment of its date, drawn for each run; a condition that
does not hold ends the run, a number weighs by the error of its measurement. A claim is looked up at
the end of its date, or at the end of the run.
"""

from __future__ import annotations

from math import inf, isfinite, nan

from foedus.engine import laws
from foedus.engine.conditioned.items import charge, choose_date, time_within
from foedus.engine.conditioned.state import ConditionedWorld
from foedus.engine.conditioned.tracked import PreparedClaim, PreparedItem
from foedus.engine.failure import EvaluationError
from foedus.jump.stages import Stage

ITEM, CLAIM = 0, 1


def plan_looks(
    world: ConditionedWorld,
    items: tuple[PreparedItem, ...],
    claims: tuple[PreparedClaim, ...],
    stage: Stage,
    horizon: float,
) -> None:
    """Every look of a run, the latest first."""
    looks: list[tuple[float, int, int]] = []
    for item in items:
        if world.is_on[item.number] and item.expression is not None:
            window = item.sighting.windows[choose_date(world, item)]
            looks.append((time_within(world, item, window), ITEM, item.number))
    for number, claim in enumerate(claims):
        if claim.assertion.id in stage.claims:
            looks.append((min(claim.assertion.end, horizon), CLAIM, number))
    looks.sort(reverse=True)
    world.looks = looks
    world.claims = [nan] * len(claims)


def look(
    world: ConditionedWorld,
    items: tuple[PreparedItem, ...],
    claims: tuple[PreparedClaim, ...],
    atom: str,
) -> None:
    """Make the next look; the state has been constant since the last instant."""
    world.time, order, number = world.looks.pop()
    if order == CLAIM:
        world.claims[number] = _truth(world, claims[number], atom)
    else:
        _see(world, items[number])


def _see(world: ConditionedWorld, item: PreparedItem) -> None:
    one = item.sighting
    assert item.expression is not None
    try:
        value = float(item.expression(world))
    except EvaluationError as fault:
        raise fault.about(f"item `{one.id}`") from None
    if one.measured is None:
        charge(world, item.number, 0.0 if value else -inf)
    elif isfinite(value):
        form, measured, size = one.measured.form, one.measured.value, one.measured.size
        charge(world, item.number, laws.error_log(form, measured, size, value))
    else:
        subject = f"item `{one.id}`"
        raise EvaluationError(f"the number is {value:g}", None, subject)


def _truth(world: ConditionedWorld, claim: PreparedClaim, atom: str) -> float:
    """What a claim is worth: 1 or 0 where it is true or not, or the number that it is about."""
    one = claim.assertion
    if one.kind == "reading":
        return 1.0 if atom in one.atoms else 0.0
    if one.kind == "event":
        return 1.0 if any(world.firings[cell] for cell in claim.counters) else 0.0
    if claim.expression is None:
        return nan
    try:
        return float(claim.expression(world))
    except EvaluationError as fault:
        raise fault.about(f"claim `{one.id}`") from None
