"""From dates to days and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import Clock, Instant, Zone, format_instant, parse_date, parse_duration

ALMATY = Zone(360)
START = parse_date("2022-01-01", ALMATY).start
CRISIS = Clock(START, parse_date("2023-01-31", ALMATY).end, ALMATY)
ALL_YEARS = Clock(parse_date("-9999", ALMATY).start, parse_date("9999", ALMATY).end, ALMATY)

MINUTE = 60_000_000
DAY = 1440 * MINUTE


def test_the_horizon_is_the_length() -> None:
    assert CRISIS.horizon == 396.0
    assert CRISIS.days(CRISIS.start) == 0.0
    assert CRISIS.days(CRISIS.end) == CRISIS.horizon


def test_days_of_a_date() -> None:
    asked = parse_date("2022-01-05T20:00", ALMATY)
    assert CRISIS.days(asked.start) == 4 + 20 / 24
    assert CRISIS.show_days(4 + 20 / 24) == "2022-01-05T20:00"
    assert CRISIS.show_days(-0.5) == "2021-12-31T12:00"
    assert CRISIS.days(parse_date("2021-12-31", ALMATY).start) == -1.0


def test_a_duration_is_the_days_it_takes() -> None:
    assert parse_duration("10 minutes") == CRISIS.days(Instant(START.microseconds + 10 * MINUTE))


@given(st.integers(-65_536 * DAY, 65_536 * DAY))
def test_within_179_years_an_instant_comes_back_exactly(microseconds: int) -> None:
    instant = Instant(START.microseconds + microseconds)
    assert CRISIS.instant(CRISIS.days(instant)) == instant


@given(st.integers(0, int(ALL_YEARS.horizon) * DAY))
def test_over_all_years_an_instant_comes_back_within_a_tenth_of_a_millisecond(
    microseconds: int,
) -> None:
    instant = Instant(ALL_YEARS.start.microseconds + microseconds)
    back = ALL_YEARS.instant(ALL_YEARS.days(instant))
    assert abs(back.microseconds - instant.microseconds) <= 100


@given(st.integers(0, int(ALL_YEARS.horizon) * 1440 - 1))
def test_a_whole_minute_is_shown_as_itself(minutes: int) -> None:
    instant = Instant(ALL_YEARS.start.microseconds + minutes * MINUTE)
    expected = format_instant(instant, ALMATY, "minute")
    assert ALL_YEARS.show_days(ALL_YEARS.days(instant)) == expected


@given(st.floats(0, CRISIS.horizon), st.floats(0, CRISIS.horizon))
def test_later_days_are_later_instants(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert CRISIS.instant(low) <= CRISIS.instant(high)


@pytest.mark.parametrize("days", [math.nan, math.inf, -math.inf])
def test_never_has_no_date(days: float) -> None:
    with pytest.raises(ValueError, match="is no instant"):
        CRISIS.instant(days)
    with pytest.raises(ValueError, match="is no instant"):
        CRISIS.show_days(days)


def test_a_clock_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end at"):
        Clock(START, START, ALMATY)
