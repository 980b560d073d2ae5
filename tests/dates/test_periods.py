"""What written dates mean."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import UTC, DateError, Instant, Period, Zone, days_between, parse_date

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
ALMATY = Zone(360)


def instant(text: str) -> Instant:
    """An instant from Python's own reading of a text with an offset."""
    return Instant((datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta.resolution)


def outcome(text: str) -> Period | DateError:
    """What becomes of a text; anything but these two fails the test that asks."""
    try:
        return parse_date(text, ALMATY)
    except DateError as error:
        return error


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2022", "2022-01-01T00:00+06:00", "2023-01-01T00:00+06:00", "year"),
        ("2022-01", "2022-01-01T00:00+06:00", "2022-02-01T00:00+06:00", "month"),
        ("2021-12", "2021-12-01T00:00+06:00", "2022-01-01T00:00+06:00", "month"),
        ("2022-W01", "2022-01-03T00:00+06:00", "2022-01-10T00:00+06:00", "week"),
        ("2020-W53", "2020-12-28T00:00+06:00", "2021-01-04T00:00+06:00", "week"),
        ("2022-01-05", "2022-01-05T00:00+06:00", "2022-01-06T00:00+06:00", "day"),
        ("2020-02-29", "2020-02-29T00:00+06:00", "2020-03-01T00:00+06:00", "day"),
        ("2022-01-05T20:00", "2022-01-05T20:00+06:00", "2022-01-05T20:01+06:00", "minute"),
        ("2022-01-05T20:00:30", "2022-01-05T20:00:30+06:00", "2022-01-05T20:00:31+06:00", "second"),
        ("2022-01-05T24:00", "2022-01-06T00:00+06:00", "2022-01-06T00:01+06:00", "minute"),
        ("2021-12-31T24:00:00", "2022-01-01T00:00+06:00", "2022-01-01T00:00:01+06:00", "second"),
        ("2022-01-05T20:00Z", "2022-01-05T20:00+00:00", "2022-01-05T20:01+00:00", "minute"),
        ("2022-01-05T20:00-03:30", "2022-01-05T23:30+00:00", "2022-01-05T23:31+00:00", "minute"),
        ("2022-01-05T21:50:00Z", "2022-01-06T03:50+06:00", "2022-01-06T03:50:01+06:00", "second"),
        ("2022-01-04/2022-01-06", "2022-01-04T00:00+06:00", "2022-01-07T00:00+06:00", "interval"),
        ("2021-11/2022", "2021-11-01T00:00+06:00", "2023-01-01T00:00+06:00", "interval"),
        (
            "2022-01-05T20:00/2022-01-05T21:00",
            "2022-01-05T20:00+06:00",
            "2022-01-05T21:01+06:00",
            "interval",
        ),
        (
            "2022-01-05T20:00Z/2022-01-06T09:00+06:00",
            "2022-01-06T02:00+06:00",
            "2022-01-06T09:01+06:00",
            "interval",
        ),
        ("2022-01-05/2022-01-05", "2022-01-05T00:00+06:00", "2022-01-06T00:00+06:00", "interval"),
    ],
)
def test_forms(text: str, start: str, end: str, precision: str) -> None:
    period = parse_date(text, ALMATY)
    assert (period.start, period.end) == (instant(start), instant(end))
    assert (period.precision, period.text) == (precision, text)


@pytest.mark.parametrize(
    ("text", "days", "length"),
    [
        ("-0431-03-01", -876_888, 1),
        ("-0430-03", -876_523, 31),
        ("-0000", -719_528, 366),
        ("-0001", -719_893, 365),
        ("-0001/0001", -719_893, 365 + 366 + 365),
    ],
)
def test_years_before_1(text: str, days: int, length: int) -> None:
    period = parse_date(text, UTC)
    assert days_between(Instant(0), period.start) == days
    assert days_between(period.start, period.end) == length


def test_year_before_1_is_followed_by_year_1() -> None:
    assert parse_date("-0000", UTC).end == parse_date("0001", UTC).start
    assert parse_date("-0001", UTC).end == parse_date("-0000", UTC).start


@given(st.datetimes(timezones=st.just(datetime.UTC)), st.integers(-959, 959))
def test_clock_times_agree_with_python(moment: datetime.datetime, offset: int) -> None:
    zone = Zone(offset)
    text = moment.strftime("%H:%M:%S")
    date = moment.date().isoformat()
    micros = (moment.replace(microsecond=0) - EPOCH) // datetime.timedelta.resolution
    own, default = parse_date(f"{date}T{text}{zone}", UTC), parse_date(f"{date}T{text}", zone)
    assert own.start == default.start == Instant(micros - offset * 60_000_000)
    assert own.end.microseconds - own.start.microseconds == 1_000_000


@given(st.dates(datetime.date(1, 1, 8), datetime.date(9999, 12, 20)))
def test_weeks_agree_with_python(date: datetime.date) -> None:
    year, week, weekday = date.isocalendar()
    period = parse_date(f"{year:04}-W{week:02}", UTC)
    monday = date - datetime.timedelta(days=weekday - 1)
    assert period.start == parse_date(monday.isoformat(), UTC).start
    assert days_between(period.start, period.end) == 7


@given(st.text(alphabet="0123456789-:/TZW+ ", max_size=40) | st.text(max_size=80))
def test_any_text_is_a_period_or_an_error_in_its_place(text: str) -> None:
    read = outcome(text)
    if isinstance(read, Period):
        assert read.start < read.end
        assert read.text == text
    else:
        assert 0 <= read.start <= read.end <= len(text)
        assert read.help
        assert "\n" not in read.message


@given(st.dates().map(str) | st.dates().map(lambda date: str(date)[:7]), st.dates().map(str))
def test_an_interval_runs_from_its_first_start_to_its_last_end(first: str, second: str) -> None:
    start, end = parse_date(first, ALMATY).start, parse_date(second, ALMATY).end
    if start < end:
        period = parse_date(f"{first}/{second}", ALMATY)
        assert (period.start, period.end) == (start, end)
    else:
        with pytest.raises(DateError, match="the interval ends before it starts"):
            parse_date(f"{first}/{second}", ALMATY)
