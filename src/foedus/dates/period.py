"""Dates as people write them, read as the intervals they mean.

The only place that knows the accepted forms. What is wrong is said here; what may have been meant
is guessed in `foedus.dates.repair`.
"""

from __future__ import annotations

import re

from foedus.dates.civil import (
    MONTHS,
    civil_date,
    day_number,
    days_in_month,
    first_day_of_week,
    weeks_in_year,
)
from foedus.dates.error import DateError, ReversedError, check_characters
from foedus.dates.instant import (
    MINUTE,
    SECOND,
    Instant,
    Precision,
    later,
    midnight,
    show_year,
)
from foedus.dates.repair import rewrites
from foedus.dates.zone import Zone, parse_zone
from foedus.frozen import dataclass

FORMS = (
    "2022",
    "2022-01",
    "2022-W01",
    "2022-01-05",
    "2022-01-05T20:00",
    "2022-01-05T20:00:30",
    "2022-01-05T20:00+06:00",
    "2022-01-05/2022-01-07",
)

_FORM = re.compile(
    r"(?P<year>-?[0-9]{4})"
    r"(?:-W(?P<week>[0-9]{2})"
    r"|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_ZONE_NAME = re.compile(r"T[0-9:]{5,8} ?(?P<name>[A-Za-z][A-Za-z_]+(?:/[A-Za-z_]+)*)\Z")
_DAY_AND_ZONE = re.compile(r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """The interval a written date means: from `start` to `end`, end excluded, never empty.

    `precision` is what it was written to; `text` is the text as written.
    """

    start: Instant
    end: Instant
    precision: Precision
    text: str


def parse_date(text: str, zone: Zone) -> Period:
    """The interval a date means, in `zone` unless the date names its own.

    Forms: `2022`, `2022-01`, `2022-W01` (ISO week, Monday to Sunday), `2022-01-05`,
    `2022-01-05T20:00` (a minute wide), `2022-01-05T20:00:30` (a second wide), clock times also with
    a zone (`Z`, `+06:00`), and intervals `A/B` of any two forms, from the start of A to the end of
    B. `24:00` is the next day's `00:00`. Years are ISO 8601's with a minus up to 1 BC: 431 BC is
    `-0430`, 1 BC is `-0000`; `0000` is refused, because no calendar in use has that year. Raises
    `DateError` for every other text and for dates that do not exist.
    """
    check_characters(text, "date", "2022-01-05")
    period = _read(text, zone)
    if period is None:
        raise _unknown_form(text, zone)
    return period


def _read(text: str, zone: Zone) -> Period | None:
    """The period, or None if the text is in none of the forms."""
    middle = text.find("/")
    if middle < 0:
        return _read_date(text, 0, len(text), zone)
    first = _read_date(text, 0, middle, zone)
    second = _read_date(text, middle + 1, len(text), zone)
    if first is None or second is None:
        return None
    _check_zones(first, second)
    if second.end <= first.start:
        message = "the interval ends before it starts"
        raise ReversedError(message, f"write `{second.text}/{first.text}`", 0, len(text))
    return Period(first.start, second.end, "interval", text)


def _read_date(text: str, start: int, end: int, zone: Zone) -> Period | None:
    """One date, the part of the text from `start` to `end`."""
    match = _FORM.fullmatch(text, start, end)
    if match is None:
        return None
    year = _year(match)
    if match["week"]:
        first = first_day_of_week(year, _week(match, year))
        return _days(match, "week", first, first + 7, zone)
    if not match["month"]:
        return _days(match, "year", day_number(year, 1, 1), day_number(year + 1, 1, 1), zone)
    month = _in_range(match, "month", 1, 12)
    if not match["day"]:
        first = day_number(year, month, 1)
        return _days(match, "month", first, first + days_in_month(year, month), zone)
    first = day_number(year, month, _day(match, year, month))
    if not match["hour"]:
        return _days(match, "day", first, first + 1, zone)
    return _clock_time(match, first, zone)


def _days(match: re.Match[str], precision: Precision, first: int, last: int, zone: Zone) -> Period:
    """A period of whole days, `last` excluded."""
    return Period(midnight(first, zone), midnight(last, zone), precision, match[0])


def _clock_time(match: re.Match[str], day: int, zone: Zone) -> Period:
    """The minute or the second of a clock time on a day."""
    minute = _in_range(match, "minute", 0, 59)
    second = _in_range(match, "second", 0, 59) if match["second"] else 0
    hour = _hour(match, day)
    if match["zone"]:
        try:
            zone = parse_zone(match["zone"])
        except DateError as error:
            raise error.shifted(match.start("zone")) from None
    start = later(midnight(day, zone), (60 * hour + minute) * MINUTE + second * SECOND)
    if match["second"]:
        return Period(start, later(start, SECOND), "second", match[0])
    return Period(start, later(start, MINUTE), "minute", match[0])


def _year(match: re.Match[str]) -> int:
    if match["year"] == "0000":
        help_text = "write `0001` for AD 1, `-0000` for 1 BC, `-0430` for 431 BC"
        raise DateError("there is no year `0000`", help_text, *match.span("year"))
    return int(match["year"])


def _week(match: re.Match[str], year: int) -> int:
    week, last = int(match["week"]), weeks_in_year(year)
    if 1 <= week <= last:
        return week
    help_text = f"weeks of {show_year(year)} run from `W01` to `W{last}`"
    raise DateError(f"{show_year(year)} has {last} weeks", help_text, *match.span("week"))


def _day(match: re.Match[str], year: int, month: int) -> int:
    day, last = int(match["day"]), days_in_month(year, month)
    if 1 <= day <= last:
        return day
    help_text = f"days of that month run from `01` to `{last}`"
    if last < day <= 31:
        help_text = f"write `{_replaced(match, *match.span('day'), str(last))}`"
    message = f"{MONTHS[month - 1]} {show_year(year)} has {last} days"
    raise DateError(message, help_text, *match.span("day"))


def _hour(match: re.Match[str], day: int) -> int:
    hour = int(match["hour"])
    if hour < 24:
        return hour
    if hour > 24:
        help_text = "hours run from `00` to `23`, and `24:00` is the end of the day"
        raise DateError(f"`{match['hour']}` is not an hour", help_text, *match.span("hour"))
    if int(match["minute"]) or int(match["second"] or 0):
        year, month, day_of_month = civil_date(day + 1)
        next_day = f"{show_year(year)}-{month:02}-{day_of_month:02}T00"
        help_text = f"write `{_replaced(match, match.start('year'), match.end('hour'), next_day)}`"
        span = match.start("hour"), match.end("second" if match["second"] else "minute")
        message = f"`{match.string[slice(*span)]}` is after the end of the day"
        raise DateError(message, help_text, *span)
    return hour


def _in_range(match: re.Match[str], name: str, low: int, high: int) -> int:
    number = int(match[name])
    if low <= number <= high:
        return number
    message = f"`{match[name]}` is not a {name}"
    raise DateError(message, f"{name}s run from `{low:02}` to `{high}`", *match.span(name))


def _replaced(match: re.Match[str], start: int, end: int, new: str) -> str:
    """The whole text with one stretch of it corrected."""
    return match.string[:start] + new + match.string[end:]


def _check_zones(first: Period, second: Period) -> None:
    """Nothing, unless one clock time of an interval names a zone and the other does not.

    ISO 8601 lets the second side take the zone of the first; everywhere else in a case a missing
    zone is the clock's. Rather than choose for the reader, both must be written.
    """
    sides = [_FORM.fullmatch(period.text) for period in (first, second)]
    zones = [side["zone"] for side in sides if side is not None and side["hour"]]
    if len(zones) == 2 and (zones[0] is None) != (zones[1] is None):
        suffix = zones[0] or zones[1]
        corrected = "/".join(
            period.text + ("" if own else suffix)
            for period, own in zip((first, second), zones, strict=True)
        )
        message = "only one side of the interval names a zone"
        help_text = f"write a zone on both sides, such as `{corrected}`"
        raise DateError(message, help_text, 0, len(corrected) - len(suffix))


def _unknown_form(text: str, zone: Zone) -> DateError:
    """The error for a text in none of the forms: the nearest form if there is one, or all."""
    for candidate in rewrites(text):
        if _is_readable(candidate, zone):
            message = f"`{text}` is not written in a form of dates"
            return DateError(message, f"write `{candidate}`", 0, len(text))
    if (name := _ZONE_NAME.search(text)) is not None:
        try:
            parse_zone(name["name"])
        except DateError as error:
            return error.shifted(name.start("name"))
    if text.count("/") > 1:
        message = f"`{text}` has {text.count('/') + 1} dates instead of two"
        return DateError(message, "write the first and the last", text.index("/"), len(text))
    start = 0
    for side in text.split("/"):
        if _FORM.fullmatch(side) is None:
            return _unknown_side(side).shifted(start)
        start += len(side) + 1
    return _unknown_side(text)


def _is_readable(text: str, zone: Zone) -> bool:
    """Whether a text is a date that exists."""
    try:
        return _read(text, zone) is not None
    except DateError:
        return False


def _unknown_side(side: str) -> DateError:
    """The error for one date in none of the forms."""
    if not side.strip():
        return DateError("one side of the interval is empty", "write both dates", 0, len(side))
    dated = _DAY_AND_ZONE.fullmatch(side)
    if dated is not None:
        help_text = f"write a clock time too, such as `{dated[1]}T00:00{dated['zone']}`"
        return DateError("only a clock time can name a zone", help_text, *dated.span("zone"))
    match = _FORM.match(side)
    rest = "" if match is None else side[match.end() :]
    if match is None or rest.startswith(tuple("0123456789-:T")):
        forms = ", ".join(f"`{form}`" for form in FORMS)
        return DateError(f"`{side}` is not a date", f"dates are written as {forms}", 0, len(side))
    message = f"`{rest.strip()}` stands after the date"
    return DateError(message, f"write `{match[0]}`", match.end(), len(side))
