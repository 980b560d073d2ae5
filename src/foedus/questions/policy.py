"""A decision made from a day on: the third kind of what-if, a forecast with a policy.

What went before the day is as it was; only what comes after it is changed.
"""

from __future__ import annotations

from dataclasses import replace

from foedus.case.case import WhatIf
from foedus.expr.tree import BOOLEAN, Binary, Number, NumberType, Time
from foedus.jump.model import Intervention
from foedus.text.diagnostic import NoAnswerError


def why_not(what_if: WhatIf, as_of: float | None) -> str | None:
    """Why a what-if cannot be answered given the record; None if it can."""
    if as_of is None:
        return None
    return hindrance(what_if.name, what_if.interventions, as_of)


def decision_of(what_if: WhatIf, as_of: float | None) -> tuple[Intervention, ...]:
    """The interventions of a what-if, from a day on if one is given.

    Raises `NoAnswerError` where it cannot be answered (`why_not`).
    """
    if (reason := why_not(what_if, as_of)) is not None:
        raise NoAnswerError(reason)
    if as_of is None:
        return what_if.interventions
    return from_day(what_if.name, what_if.interventions, as_of)


def from_day(
    what_if: str, interventions: tuple[Intervention, ...], day: float
) -> tuple[Intervention, ...]:
    """The interventions as they can be made from a day on (in days from the start of the clock).

    What has no date of its own begins on that day, and a condition is waited for from then on.
    Raises `NoAnswerError` where there is a `hindrance`.
    """
    reason = hindrance(what_if, interventions, day)
    if reason is not None:
        raise NoAnswerError(reason)
    return tuple(_from_day(one, day) for one in interventions)


def hindrance(what_if: str, interventions: tuple[Intervention, ...], day: float) -> str | None:
    """Why it cannot be decided so from a day on: it was to be done before that day. None if it
    can."""
    for one in interventions:
        if one.at is not None and one.at < day:
            return (
                f"`{what_if}` is decided before that date: give an earlier one, or leave out "
                "`--as-of` to change the past"
            )
    return None


def _from_day(one: Intervention, day: float) -> Intervention:
    if one.condition is not None:
        later = Binary(">=", Time(), Number(day, NumberType(1)), BOOLEAN)
        return replace(one, condition=Binary("and", later, one.condition, BOOLEAN))
    return one if one.at is not None else replace(one, at=day)
