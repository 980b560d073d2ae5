"""Lengths of time in days."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import DateError, parse_duration
from foedus.units import parse_unit

UNITS = ("minute", "hour", "day", "week", "month", "year")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1 day", 1.0),
        ("36 hours", 1.5),
        ("2 weeks", 14.0),
        ("10 minutes", 1 / 144),
        ("1.5 days", 1.5),
        ("1 month", 30.4375),
        ("12 months", 365.25),
        ("1 year", 365.25),
        ("0 days", 0.0),
        ("007  days", 7.0),
        ("20000 years", 7_305_000.0),
    ],
)
def test_durations(text: str, days: float) -> None:
    assert parse_duration(text) == days


@given(st.integers(0, 10_000_000), st.integers(0, 6), st.sampled_from(UNITS), st.booleans())
def test_a_duration_is_the_nearest_float(number: int, digits: int, unit: str, many: bool) -> None:
    text = f"{number}"
    if digits:
        text = text.zfill(digits + 1)
        text = f"{text[:-digits]}.{text[-digits:]}"
    minutes = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_830}
    exact = Fraction(number, 10**digits) * Fraction(minutes.get(unit, 525_960), 1440)
    if exact <= 7_305_000:
        assert parse_duration(f"{text} {unit}{'s' if many else ''}") == float(exact)


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_as_long_here_as_for_numbers(unit: str) -> None:
    assert parse_duration(f"1 {unit}") == parse_unit(unit).factor


@pytest.mark.parametrize(
    ("text", "part", "message", "cure"),
    [
        ("1 dya", "dya", "no unit of time is called `dya`", "write `day`"),
        ("3 wekes", "wekes", "no unit of time is called `wekes`", "write `weeks`"),
        ("1 Day", "Day", "no unit of time is called `Day`", "write `day`"),
        (
            "1 fortnight",
            "fortnight",
            "no unit of time is called `fortnight`",
            "units of time are `minutes`, `hours`, `days`, `weeks`, `months`, `years`",
        ),
        ("36hours", "36hours", "`36hours` is not a duration", "write `36 hours`"),
        ("1,5 days", "1,5 days", "`1,5 days` is not a duration", "write `1.5 days`"),
        (" 1 day", " 1 day", "` 1 day` is not a duration", "write `1 day`"),
        (
            "one day",
            "one day",
            "`one day` is not a duration",
            "write a number and a unit, such as `36 hours` or `1.5 days`",
        ),
        (
            "-1 day",
            "-1 day",
            "the duration `-1 day` is negative",
            "write a duration of `0 days` or more",
        ),
        (
            "20001 years",
            "20001 years",
            "`20001 years` is longer than 20,000 years",
            "write a duration of at most 20,000 years",
        ),
        ("", "", "the duration is empty", "write a duration such as `36 hours`"),
        (
            "1 dаy",
            "а",
            "`а` (U+0430) cannot stand in a duration",
            "write a duration such as `36 hours`",
        ),
    ],
)
def test_errors(text: str, part: str, message: str, cure: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_duration(text)
    assert (caught.value.message, caught.value.help) == (message, cure)
    assert text[caught.value.start : caught.value.end] == part


@pytest.mark.parametrize("text", ["3", "days", "1e3 days", "1 day 6 hours", "inf days", ".5 days"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(DateError, match="is not a duration"):
        parse_duration(text)


@given(st.text(max_size=80) | st.text(alphabet="0123456789. daysmoth-", max_size=20))
def test_any_text_is_a_duration_or_an_error_in_its_place(text: str) -> None:
    try:
        days = parse_duration(text)
    except DateError as error:
        days, start, end = 0.0, error.start, error.end
    else:
        start, end = 0, len(text)
    assert 0 <= days <= 7_305_000
    assert 0 <= start <= end <= len(text)
