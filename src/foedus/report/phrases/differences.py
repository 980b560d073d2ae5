"""Differences between two worlds, with sign, error and range, as each language writes them."""

from __future__ import annotations

from foedus.questions.estimates import Estimate
from foedus.questions.worlds import Comparison
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    places_of,
    show_duration,
    show_estimate,
    show_figure,
    time_unit,
)
from foedus.report.phrases.answer_text import NOTHING, Measure, show_estimate_of

CLEAR = 2.0
"""A difference is clear of chance from so many standard errors on."""

NONE, UNCLEAR = STILL = "0", "·"
"""What stands in the cell of a table for a difference that is none, or not clear of chance."""


def is_clear(difference: Estimate) -> bool:
    """Whether a difference is clear of chance."""
    if difference.value is None or difference.value == 0.0:
        return False
    return abs(difference.value) > CLEAR * (difference.error or 0.0)


def show_both(one: Comparison, measure: Measure, language: str) -> tuple[str, str]:
    """An answer in both worlds; what is waited for may never come, or not in all runs."""
    first, second = (
        _in_world(estimate, share, measure, language)
        for estimate, share in zip(
            (one.factual, one.counterfactual), one.never or (0.0, 0.0), strict=True
        )
    )  # fmt: skip
    return first, second


def _in_world(estimate: Estimate, never: float, measure: Measure, language: str) -> str:
    value = show_estimate_of(estimate, measure, language)[0]
    if value == NOTHING or never == 0.0:
        return value
    if never == 1.0:
        return say(language, "what-if.never")
    return say(language, "answer.at-least", value=value)


def bounded(one: Comparison, shown: str, language: str) -> str:
    """A difference as it is shown: only a bound where what is waited for may not come in a world.

    What never comes counts with the whole time, so that the answer there would be at least so much.
    """
    factual, changed = one.never or (0.0, 0.0)
    if bool(factual) == bool(changed) or shown in (NOTHING, *STILL):
        return shown
    return say(language, "answer.at-least" if changed else "answer.at-most", value=shown)


def show_compared(one: Comparison, measure: Measure, language: str) -> str:
    """The difference between two worlds, a length of time in the unit of what is compared."""
    like = max(abs(each.value or 0.0) for each in (one.factual, one.counterfactual))
    return bounded(one, show_difference(one.difference, measure, language, like), language)


def show_difference(
    difference: Estimate, measure: Measure, language: str, like: float = 0.0
) -> str:
    """A difference with its sign and error; in words where there is none, or none resolved.

    A length of time is in the unit that fits `like`, if it is at least one of that unit.
    """
    if difference.value is None:
        return NOTHING
    if difference.value == 0.0 and not difference.error:
        return say(language, "what-if.no-change")
    number = _signed(difference.value, difference.error, measure, language, like)
    if measure == "probability":
        number = say(language, "what-if.points", count=number)
    if not is_clear(difference):
        return say(language, "what-if.unresolved", number=number)
    return number


def show_short(difference: Estimate, measure: Measure, language: str) -> str:
    """A difference for the cell of a table, where 100 beside 100.0 would look like another."""
    if difference.value is None:
        return NOTHING
    if difference.value == 0.0 and not difference.error:
        return NONE
    if not is_clear(difference):
        return UNCLEAR
    return _plain(difference.value, difference.error, measure, language, trim=True)


def _signed(value: float, error: float | None, measure: Measure, language: str, like: float) -> str:
    if like == 0.0 or abs(value) < time_unit(like)[1]:
        like = max(abs(value), error or 0.0)
    if not error:
        return _plain(value, error, measure, language, like)
    if measure == "duration":  # both in one unit, which is said once
        unit, length = time_unit(like)
        number = _with_error(value / length, error / length, "number", language)
        return say(language, f"time.{unit}.many", number=number)
    return _with_error(value, error, measure, language)


def _with_error(value: float, error: float, measure: Measure, language: str) -> str:
    return say(
        language, "what-if.with-error", value=_plain(value, error, measure, language),
        error=_margin(value, error, 100.0 if measure == "probability" else 1.0, language),
    )  # fmt: skip


def _plain(
    value: float, error: float | None, measure: Measure, language: str, like: float | None = None,
    *, trim: bool = False,
) -> str:  # fmt: skip
    """With its sign; a length of time in the unit that fits it, or fits `like`."""
    size = abs(value)
    if measure == "probability":
        scaled = None if error is None else 100.0 * error
        shown = show_estimate(100.0 * size, scaled, language, trim=trim)
    elif measure == "duration":
        shown = show_duration(size, error, language, like, trim=trim)
    else:
        shown = show_estimate(size, error, language, trim=trim)
        shown = say(language, "per-day", number=shown) if measure == "rate" else shown
    is_zero = not any(digit in shown for digit in "123456789")  # all that the error leaves of it
    return shown if is_zero else ("−" if value < 0.0 else "+") + shown


def _margin(value: float, error: float, scale: float, language: str) -> str:
    """A standard error, rounded up to the last place that is shown of the number."""
    step = 10.0 ** -places_of(abs(value) * scale, error * scale)
    return show_figure(max(error * scale, step), language, 1)


def show_range(difference: Estimate, measure: Measure, language: str) -> str:
    """Where a difference lies under the assumptions that are open."""
    low, high = difference.low, difference.high
    if difference.value is None or low is None or high is None:
        return NOTHING
    if low == high == 0.0:
        return "0"
    like = max(abs(low), abs(high))
    first, last = (_plain(side, difference.error, measure, language, like) for side in (low, high))
    return first if first == last else say(language, "range.spaced", low=first, high=last)
