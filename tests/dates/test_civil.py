"""The calendar against Python's within its range, and by its 400-year period beyond it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates.civil import (
    civil_date,
    day_number,
    days_in_month,
    first_day_of_week,
    is_leap_year,
    week_of,
    weekday,
    weeks_in_year,
)

EPOCH = datetime.date(1970, 1, 1).toordinal()
DAYS_IN_400_YEARS = 146_097

day_numbers = st.integers(-10_000_000, 10_000_000)
years = st.integers(-12_000, 12_000)


@given(st.dates())
def test_agrees_with_python(date: datetime.date) -> None:
    number = date.toordinal() - EPOCH
    assert day_number(date.year, date.month, date.day) == number
    assert civil_date(number) == (date.year, date.month, date.day)
    assert weekday(number) == date.isoweekday()


@given(st.dates(min_value=datetime.date(2, 1, 1), max_value=datetime.date(9998, 12, 31)))
def test_weeks_agree_with_python(date: datetime.date) -> None:
    year, week, _ = date.isocalendar()
    assert week_of(date.toordinal() - EPOCH) == (year, week)
    assert first_day_of_week(year, week) == (
        datetime.date.fromisocalendar(year, week, 1).toordinal() - EPOCH
    )
    last = datetime.date(date.year, 12, 28).isocalendar()
    assert weeks_in_year(date.year) == last.week


@given(day_numbers)
def test_a_day_number_comes_back(number: int) -> None:
    assert day_number(*civil_date(number)) == number


@given(day_numbers)
def test_each_day_follows_the_one_before(number: int) -> None:
    year, month, day = civil_date(number)
    if day < days_in_month(year, month):
        expected = year, month, day + 1
    elif month < 12:
        expected = year, month + 1, 1
    else:
        expected = year + 1, 1, 1
    assert civil_date(number + 1) == expected


@given(years, st.integers(1, 12), st.integers(1, 28), st.integers(-30, 30))
def test_the_calendar_repeats_every_400_years(year: int, month: int, day: int, times: int) -> None:
    shift = DAYS_IN_400_YEARS * times
    assert day_number(year + 400 * times, month, day) == day_number(year, month, day) + shift
    assert is_leap_year(year) == is_leap_year(year + 400 * times)


@given(years)
def test_a_year_is_as_long_as_its_months(year: int) -> None:
    length = day_number(year + 1, 1, 1) - day_number(year, 1, 1)
    assert length == sum(days_in_month(year, month) for month in range(1, 13))
    assert length == (366 if is_leap_year(year) else 365)


@given(years)
def test_weeks_of_a_year_begin_on_monday_and_follow_each_other(year: int) -> None:
    first, weeks = first_day_of_week(year, 1), weeks_in_year(year)
    assert weekday(first) == 1
    assert weeks in (52, 53)
    assert week_of(first + 7 * weeks - 1) == (year, weeks)
    assert week_of(first + 7 * weeks) == (year + 1, 1)


@pytest.mark.parametrize(
    ("date", "number"),
    [((1970, 1, 1), 0), ((-431, 3, 1), -876_888), ((0, 3, 1), -719_468), ((2022, 1, 5), 18_997)],
)
def test_known_days(date: tuple[int, int, int], number: int) -> None:
    assert day_number(*date) == number


@pytest.mark.parametrize(
    ("year", "leap"),
    [(1900, False), (2000, True), (2022, False), (0, True), (-4, True), (-1, False)],
)
def test_leap_years(year: int, leap: bool) -> None:
    assert is_leap_year(year) is leap


@pytest.mark.parametrize("year", [-400, 0, 1600, 2000, 2400])
def test_the_last_day_of_400_years(year: int) -> None:
    number = day_number(year, 2, 29)
    assert civil_date(number) == (year, 2, 29)
    assert civil_date(number + 1) == (year, 3, 1)
