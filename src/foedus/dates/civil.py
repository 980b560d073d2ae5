"""Days, months, years and weeks of the proleptic Gregorian calendar, in whole numbers.

Python's `datetime` ends at year 1; alliances do not. Years are counted as in ISO 8601: the year
before 1 is 0, so 431 BC is -430. A day number is the days since 1970-01-01.
"""

from __future__ import annotations

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# The arithmetic counts years from 1 March, so that a leap day is the last day of its year.
_DAYS_TO_1970 = 719_468  # from 0000-03-01 to 1970-01-01
_DAYS_IN_400_YEARS = 146_097
_DAYS_IN_CENTURY = 36_524  # a century that does not end with a leap day
_DAYS_IN_4_YEARS = 1_461


def is_leap_year(year: int) -> bool:
    """Whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days a month (1 to 12) has in that year."""
    if month == 2:
        return 29 if is_leap_year(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: int, month: int, day: int) -> int:
    """The day number of a date, negative before 1970."""
    years = year - 1 if month <= 2 else year
    days_before_month = (153 * ((month - 3) % 12) + 2) // 5
    leap_days = years // 4 - years // 100 + years // 400
    return 365 * years + leap_days + days_before_month + day - 1 - _DAYS_TO_1970


def civil_date(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of `day_number`."""
    eras, rest = divmod(number + _DAYS_TO_1970, _DAYS_IN_400_YEARS)
    # The last century of four and the last year of four are a day longer than the others.
    centuries = min(rest // _DAYS_IN_CENTURY, 3)
    fours, rest = divmod(rest - centuries * _DAYS_IN_CENTURY, _DAYS_IN_4_YEARS)
    years = min(rest // 365, 3)
    day_of_year = rest - years * 365
    months = (5 * day_of_year + 2) // 153
    year = 400 * eras + 100 * centuries + 4 * fours + years + (1 if months >= 10 else 0)
    return year, (months + 2) % 12 + 1, day_of_year - (153 * months + 2) // 5 + 1


def weekday(number: int) -> int:
    """The day of the week of a day number, 1 for Monday to 7 for Sunday."""
    return (number + 3) % 7 + 1


def first_day_of_week(year: int, week: int) -> int:
    """The day number of the Monday of an ISO week; week 1 is the one with 4 January."""
    fourth = day_number(year, 1, 4)
    return fourth - weekday(fourth) + 1 + 7 * (week - 1)


def weeks_in_year(year: int) -> int:
    """How many ISO weeks a year has: 52 or 53."""
    return (first_day_of_week(year + 1, 1) - first_day_of_week(year, 1)) // 7


def week_of(number: int) -> tuple[int, int]:
    """ISO year and week of a day number. The ISO year is that of the week's Thursday."""
    year = civil_date(number - weekday(number) + 4)[0]
    return year, (number - first_day_of_week(year, 1)) // 7 + 1
