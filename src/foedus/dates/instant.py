"""Points of time, exact to the microsecond, for any year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foedus.dates.civil import civil_date, week_of
from foedus.dates.zone import Zone

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND

PointPrecision = Literal["minute", "second", "day", "week", "month", "year"]
Precision = Literal["minute", "second", "day", "week", "month", "year", "interval"]


@dataclass(frozen=True, order=True, slots=True)
class Instant:
    """A point of time: whole microseconds since 1970-01-01T00:00 UTC, negative before.

    Days have 86,400 seconds (no leap seconds); dates before 1582 are proleptic Gregorian.
    """

    microseconds: int

    def __str__(self) -> str:
        """The instant in UTC, to the microsecond where it needs it."""
        rest = self.microseconds % SECOND
        return format_instant(self, Zone(0), "second") + (f".{rest:06}" if rest else "") + "Z"


def midnight(day: int, zone: Zone) -> Instant:
    """The instant at which a day (days since 1970-01-01) begins in a zone."""
    return Instant(day * DAY - zone.minutes * MINUTE)


def later(instant: Instant, microseconds: int) -> Instant:
    """The instant so many microseconds later."""
    return Instant(instant.microseconds + microseconds)


def days_between(start: Instant, end: Instant) -> float:
    """Days from `start` to `end`, negative if `end` is earlier; the nearest float64."""
    return (end.microseconds - start.microseconds) / DAY


def format_instant(instant: Instant, zone: Zone, precision: PointPrecision) -> str:
    """The ISO 8601 text of the minute, second, day, week, month or year an instant falls in.

    The text is in local time and does not name the zone: `parse_date(text, zone)` gives a period
    that holds the instant. Where a reader may not know the zone, append `str(zone)` to a text with
    a clock time. Years beyond 9999 are written in full, and cannot be read back.
    """
    day, rest = divmod(instant.microseconds + zone.minutes * MINUTE, DAY)
    if precision == "week":
        year, week = week_of(day)
        return f"{show_year(year)}-W{week:02}"
    year, month, day_of_month = civil_date(day)
    if precision == "year":
        return show_year(year)
    if precision == "month":
        return f"{show_year(year)}-{month:02}"
    text = f"{show_year(year)}-{month:02}-{day_of_month:02}"
    if precision == "day":
        return text
    hours, seconds = divmod(rest // SECOND, 3600)
    text += f"T{hours:02}:{seconds // 60:02}"
    return f"{text}:{seconds % 60:02}" if precision == "second" else text


def show_year(year: int) -> str:
    """A year in four digits; up to 0 with a minus, so that 1 BC is `-0000`, 431 BC `-0430`."""
    return f"{year:04}" if year > 0 else f"-{-year:04}"
