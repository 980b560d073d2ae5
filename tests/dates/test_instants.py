"""Instants: order, distance, text."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import (
    UTC,
    Instant,
    PointPrecision,
    Zone,
    days_between,
    format_instant,
    parse_date,
)

DAY = 86_400_000_000
EPOCH = datetime.datetime(1970, 1, 1)
ONE = datetime.timedelta(microseconds=1)

instants = st.builds(Instant, st.integers(-4_300_000 * DAY, 2_900_000 * DAY))
zones = st.builds(Zone, st.integers(-959, 959))
precisions = st.sampled_from(("minute", "second", "day", "week", "month", "year"))


@given(instants, zones, precisions)
def test_the_text_of_an_instant_means_a_period_that_holds_it(
    instant: Instant, zone: Zone, precision: PointPrecision
) -> None:
    text = format_instant(instant, zone, precision)
    period = parse_date(text, zone)
    assert period.start <= instant < period.end
    assert period.precision == precision
    assert format_instant(period.start, zone, precision) == text


@given(st.datetimes())
def test_agrees_with_python(moment: datetime.datetime) -> None:
    instant = Instant((moment - EPOCH) // ONE)
    text = moment.isoformat(timespec="seconds")
    assert format_instant(instant, UTC, "second") == text
    assert format_instant(instant, UTC, "minute") == text[:16]
    assert format_instant(instant, UTC, "day") == text[:10]
    assert format_instant(instant, UTC, "month") == text[:7]
    assert format_instant(instant, UTC, "year") == text[:4]


@given(st.datetimes(datetime.datetime(2, 1, 1), datetime.datetime(9998, 1, 1)), zones)
def test_a_zone_shifts_the_text(moment: datetime.datetime, zone: Zone) -> None:
    instant = Instant((moment - EPOCH) // ONE)
    local = moment + datetime.timedelta(minutes=zone.minutes)
    assert format_instant(instant, zone, "minute") == local.isoformat(timespec="minutes")


@given(instants, instants)
def test_order_is_that_of_time(first: Instant, second: Instant) -> None:
    days = days_between(first, second)
    assert (first < second) == (days > 0)
    assert (first == second) == (days == 0)
    assert days == float(Fraction(second.microseconds - first.microseconds, DAY))


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (-876_888 * DAY, "-0431-03-01T00:00:00Z"),
        (-719_468 * DAY, "-0000-03-01T00:00:00Z"),
        (2_932_897 * DAY, "10000-01-01T00:00:00Z"),
    ],
)
def test_text_in_utc(microseconds: int, text: str) -> None:
    assert str(Instant(microseconds)) == text
