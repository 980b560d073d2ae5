"""Differences are shown with a sign, and a zero without one."""

import pytest

from foedus.questions.estimates import Estimate
from foedus.questions.worlds import Comparison
from foedus.report.phrases.differences import (
    bounded,
    show_both,
    show_compared,
    show_difference,
    show_range,
    show_short,
)


def test_a_zero_has_no_sign() -> None:
    days = Estimate(-21.0, -168.0, -0.001, 6.1)
    assert show_range(days, "duration", "en") == "−168 days to 0 days"
    share = Estimate(-0.07, -0.35, -0.0001, 0.02)
    assert show_range(share, "probability", "en") == "−35 to 0"
    assert show_range(Estimate(0.3, 0.0001, 0.9, 0.02), "number", "fi") == "0,00 … +0,90"


def test_what_is_not_zero_has_one() -> None:
    assert show_short(Estimate(0.25, None, None, 0.01), "probability", "en") == "+25"
    assert show_short(Estimate(-0.25, None, None, 0.01), "number", "fi") == "−0,25"
    assert show_short(Estimate(0.0, None, None, 0.0), "number", "en") == "0"


def test_one_column_of_a_table_has_one_way_of_writing() -> None:
    """−100 had stood beside −100.0."""
    for error in (0.0, 0.0003, 0.002):
        assert show_short(Estimate(-1.0, None, None, error), "probability", "en") == "−100"
    assert show_short(Estimate(-5.0, None, None, 0.2), "duration", "fi") == "−5 päivää"
    assert show_short(Estimate(-2.0, None, None, 0.1), "number", "en") == "−2"
    assert show_short(Estimate(-2000.0, None, None, 0.1), "number", "en") == "−2,000"
    assert show_short(Estimate(-0.355, None, None, 0.001), "probability", "en") == "−35.5"


def test_an_error_is_in_the_unit_of_what_it_is_the_error_of() -> None:
    """43 days had an error of 35 hours."""
    assert show_difference(Estimate(-43.2, None, None, 1.46), "duration", "en") == ("−43 ± 1 days")
    assert show_difference(Estimate(0.75, None, None, 0.12), "duration", "fi") == ("+18 ± 3 tuntia")
    assert show_difference(Estimate(84.6, None, None, 0.014), "duration", "en") == (
        "+84.6 ± 0.1 days"
    )
    assert "+1 ± 2 days" in show_difference(Estimate(1.25, None, None, 2.5), "duration", "en")
    assert show_range(Estimate(1.0, -1.125, 5.2, 0.1), "duration", "en") == (
        "−1.1 days to +5.2 days"
    )


@pytest.mark.parametrize(
    ("never", "both", "difference"),
    [
        ((0.0, 0.0), ("3 days", "10 days"), "+7 days"),
        ((0.0, 0.25), ("3 days", "≥ 10 days"), "≥ +7 days"),
        ((0.0, 1.0), ("3 days", "never in time"), "≥ +7 days"),
        ((0.5, 0.0), ("≥ 3 days", "10 days"), "≤ +7 days"),
        ((0.5, 1.0), ("≥ 3 days", "never in time"), "+7 days"),
        (None, ("3 days", "10 days"), "+7 days"),
    ],
)
def test_what_never_comes_is_not_shown_as_a_time(
    never: tuple[float, float] | None, both: tuple[str, str], difference: str
) -> None:
    """Troops that are never sent had been said to come after 85 days, the end of the time."""
    first, second, change = (Estimate(value, None, None, 0.0) for value in (3.0, 10.0, 7.0))
    one = Comparison(
        "wait", "time-until", first, second, change, None, None, {}, True, (1, 1), never
    )  # fmt: skip
    assert show_both(one, "duration", "en") == both
    shown = show_short(one.difference, "duration", "en")
    assert bounded(one, shown, "en") == difference


@pytest.mark.parametrize(
    ("second", "shown"),
    [(16.1, "+1.5 ± 0.3 days"), (14.9, "+7 ± 6 hours")],
)
def test_a_difference_is_in_the_unit_of_what_is_compared(second: float, shown: str) -> None:
    """14.6 days and 16.1 days had been 37 hours apart."""
    first, other = (Estimate(value, None, None, 0.2) for value in (14.6, second))
    change = Estimate(second - 14.6, None, None, 6.3 / 24.0)
    one = Comparison("days", "integral", first, other, change, None, None, {}, True, (1, 1), None)
    assert show_compared(one, "duration", "en").startswith(shown)
