"""Numbers, shares, lengths of time and dates as each language writes them.

Babel knows the signs and the names of months; how many digits are shown is decided here and in
`foedus.report.language.words`.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

from foedus.dates import Clock, Instant, Period, Zone
from foedus.dates.civil import civil_date
from foedus.dates.instant import DAY, MINUTE, SECOND, later
from foedus.report.language.catalogue import say
from foedus.report.language.words import decimals

LOCALES = {"en": "en_GB", "fi": "fi"}

Style = Literal["long", "short"]

LEAST_POWER = 7
"""Factors of ten millions and more are written as powers of ten."""

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def show_count(count: int, language: str = "en") -> str:
    """A whole number with its thousands set apart: `2,030` or `2 030`."""
    return show_number(float(count), language, places=0)


def show_number(value: float, language: str = "en", *, places: int) -> str:
    """A number with so many decimals; negative places round to tens and hundreds.

    What is below zero has a minus, not a hyphen.
    """
    from babel.numbers import format_decimal

    shown = round(value, places) + 0.0  # turns -0.0 into 0.0
    pattern = "#,##0" + ("." + "0" * places if places > 0 else "")
    return str(format_decimal(shown, pattern, locale=LOCALES[language])).replace("-", "−")


def as_written(number: str, language: str = "en") -> str:
    """A number in digits with a minus, not a hyphen, and the decimal comma that Finnish has."""
    number = number.replace("-", "−")
    return number.replace(".", ",") if language == "fi" else number


def show_estimate(
    value: float, error: float | None, language: str = "en", *, trim: bool = False
) -> str:
    """A number with the digits its Monte Carlo error allows, three significant ones at most.

    `trim` leaves out decimals that are zeros.
    """
    return show_number(value, language, places=places_of(value, error, trim=trim))


def show_figure(value: float, language: str = "en", digits: int = 2) -> str:
    """A number that has no error of its own, with so many significant digits."""
    return show_number(value, language, places=significant_places(value, digits, trim=True))


def show_factor(nats: float, language: str = "en", digits: int = 2) -> str:
    """A factor of at least 1 by its logarithm: with so many significant digits, or as a power of
    ten where it is too large to be taken in.
    """
    if not math.isfinite(nats):
        return "∞"
    power = round(nats / math.log(10.0))
    if power >= LEAST_POWER:
        return "10" + str(power).translate(SUPERSCRIPTS)
    return show_figure(math.exp(nats), language, digits)


def significant_places(value: float, digits: int, *, trim: bool = False) -> int:
    """The decimals with which a value has so many significant digits, negative for large ones.

    `trim` leaves out decimals that are zeros.
    """
    if value == 0.0 or not math.isfinite(value):
        return 0
    places = digits - 1 - math.floor(math.log10(abs(value)))
    while trim and places > 0 and round(value, places) == round(value, places - 1):
        places -= 1
    return places


def places_of(value: float, error: float | None, *, trim: bool = False) -> int:
    """The decimals of an estimate: those of its error, and never more than three digits.

    `trim` leaves out decimals that are zeros, as is done where there is no error.
    """
    most = significant_places(value, 3, trim=not error)
    allowed = decimals(error)
    places = most if allowed is None else min(allowed, most)
    while trim and places > 0 and round(value, places) == round(value, places - 1):
        places -= 1
    return places


def show_share(share: float, error: float | None, language: str = "en") -> str:
    """A probability in percent: whole percents, or a decimal below 1 % and above 99 %.

    A share that is neither 0 nor 1 is not rounded to them: `< 0.1 %`.
    """
    percent = 100.0 * share
    allowed = decimals(error)
    most = 0 if 1.0 <= percent <= 99.0 or percent in (0.0, 100.0) else 1
    places = most if allowed is None else min(allowed - 2, most)
    shown = round(percent, places)
    if percent > 0.0 and shown <= 0.0:
        return say(
            language, "share.under", number=show_number(10.0**-places, language, places=places)
        )
    if percent < 100.0 and shown >= 100.0:
        rest = 100.0 - 10.0**-places
        return say(language, "share.over", number=show_number(rest, language, places=places))
    return say(language, "share", number=show_number(shown, language, places=max(places, 0)))


def show_share_range(
    low: float, high: float, language: str = "en", error: float | None = None
) -> str:
    """An interval of probabilities: `20–80 %`, whole percents, or tens where the error is large.

    One that lies below 1 % or above 99 % as a whole gets a decimal, as a share there does.
    """
    allowed = decimals(error)
    places = 0 if allowed is None else min(allowed - 2, 0)
    sides = [100.0 * low, 100.0 * high]
    if {round(side) for side in sides} in ({0}, {100}) and (allowed is None or allowed > 2):
        if round(sides[0], 1) == round(sides[1], 1):
            return show_share((low + high) / 2.0, error, language)
        places = 1
    first, last = (
        show_number(side, language, places=0 if round(side, 1) in (0.0, 100.0) else places)
        for side in sides
    )
    if first == last:
        return say(language, "share", number=first)
    return say(language, "share.range", low=first, high=last)


def time_unit(days: float) -> tuple[str, float]:
    """The unit in which people would say a length of time, and its length in days."""
    if 0.0 < days < 1.0 / 24.0:
        return "minutes", 1.0 / 1440.0
    if 0.0 < days < 2.0:
        return "hours", 1.0 / 24.0
    return ("days", 1.0) if days < 730.5 else ("years", 365.25)


def show_duration(
    days: float, error: float | None, language: str = "en", like: float | None = None, *,
    trim: bool = False,
) -> str:  # fmt: skip
    """A length of time in the unit that fits it (or fits `like`): `8.6 days`, `5 hours`, `3 years`.

    Without an error, with two significant digits; `trim` leaves out decimals that are zeros.
    """
    unit, length = time_unit(abs(days if like is None else like))
    scaled = days / length
    shown = (
        show_estimate(scaled, error / length, language, trim=trim)
        if error
        else show_figure(scaled, language)
    )
    return say(language, f"time.{unit}.{'one' if shown == '1' else 'many'}", number=shown)


def show_duration_range(
    low: float, high: float, language: str = "en", error: float | None = None
) -> str:
    """An interval of lengths of time in one unit: `3–12 days`."""
    unit, length = time_unit(abs(high))
    scaled = None if error is None else error / length
    numbers = show_number_range(low / length, high / length, language, scaled)
    return say(language, f"time.{unit}.many", number=numbers)


def show_number_range(
    low: float, high: float, language: str = "en", error: float | None = None
) -> str:
    """An interval of numbers, both with the decimals of two digits of the larger side.

    Where the Monte Carlo error allows fewer, with those.
    """
    allowed = decimals(error)
    places = significant_places(max(abs(low), abs(high)), 2)
    places = places if allowed is None else min(places, allowed)
    while places > 0 and all(
        round(side, places) == round(side, places - 1) for side in (low, high)
    ):
        places -= 1
    first, last = (show_number(side, language, places=places) for side in (low, high))
    if first == last:
        return first
    return say(language, "range" if low >= 0.0 else "range.spaced", low=first, high=last)


def show_instant(
    instant: Instant, zone: Zone, language: str, *, clock_time: bool = False,
    style: Style = "long", with_year: bool = True,
) -> str:  # fmt: skip
    """A day, in a zone: `5 January 2022`, short `5 Jan 2022`; `5. tammikuuta 2022`, `5.1.2022`."""
    year, month, day = _civil(instant, zone)
    name = f"date.{style}" + ("" if with_year else ".yearless")
    date = say(
        language, name, day=day, month=_month(month, style, language), number=month,
        year=show_year(year, language),
    )  # fmt: skip
    if not clock_time:
        return date
    time = show_clock_time(instant, zone, language)
    return say(language, f"date.{style}.time", date=date, time=time)


def show_date(day: date, language: str) -> str:
    """A day of the calendar, wherever that is: `5 January 2022`, `5. tammikuuta 2022`."""
    return say(
        language, "date.long", day=day.day, month=_month(day.month, "long", language),
        number=day.month, year=show_year(day.year, language),
    )  # fmt: skip


def show_written_date(text: str, language: str) -> str:
    """A date from a file as people read it; one that is no plain day stays as it was written."""
    try:
        return show_date(date.fromisoformat(text[:10]), language)
    except ValueError:
        return text


def _month(
    month: int, style: Style, language: str, context: Literal["format", "stand-alone"] = "format"
) -> str:
    from babel.dates import get_month_names

    names = get_month_names(
        "wide" if style == "long" else "abbreviated", context, LOCALES[language]
    )
    return str(names[month])


def show_month(year: int, month: int, language: str = "en") -> str:
    """A month as it stands at an axis: `Jan 2023`, `tammi 2023`."""
    name = _month(month, "short", language, "stand-alone")
    return say(language, "date.month", month=name, year=show_year(year, language))


def show_year(year: int, language: str = "en") -> str:
    """A year: `2022`, `431 BC`."""
    return str(year) if year > 0 else say(language, "date.before-christ", year=1 - year)


def show_days(clock: Clock, days: float, language: str = "en", *, style: Style = "long") -> str:
    """The last moment of a time of the model: a question `at` a day means the end of that day."""
    instant = clock.instant(days)
    is_midnight = (instant.microseconds + clock.zone.minutes * MINUTE) % DAY == 0
    if is_midnight and days > 0.0:
        return show_instant(later(instant, -SECOND), clock.zone, language, style=style)
    return show_instant(
        instant, clock.zone, language, clock_time=not is_midnight, style=style
    )  # fmt: skip


def show_period(period: Period, zone: Zone, language: str = "en", *, style: Style = "long") -> str:
    """A date with the precision it was written with, in a zone."""
    if period.precision in ("day", "minute", "second"):
        is_timed = period.precision != "day"
        return show_instant(period.start, zone, language, clock_time=is_timed, style=style)
    if period.precision == "interval":
        return _show_interval(period, zone, language, style)
    year, month, _ = _civil(period.start, zone)
    if period.precision == "week":
        return say(language, "date.week", week=int(period.text.partition("W")[2][:2]), year=year)
    if period.precision == "year":
        return show_year(year, language)
    name = _month(month, style, language, "stand-alone")
    return say(language, "date.month", month=name, year=show_year(year, language))


def _show_interval(period: Period, zone: Zone, language: str, style: Style) -> str:
    """Two dates, or one with two clock times; what both sides share is said once."""
    first, _, last = period.text.partition("/")
    end = later(period.end, -MINUTE if _is_to_the_minute(last) else -SECOND)
    one, two = _civil(period.start, zone), _civil(end, zone)
    is_timed, ends_timed = "T" in first, "T" in last
    if one == two and not is_timed:
        return show_instant(end, zone, language, clock_time=ends_timed, style=style)
    closing = show_instant(end, zone, language, clock_time=ends_timed, style=style)
    if one == two and ends_timed:
        begin = show_instant(period.start, zone, language, clock_time=True, style=style)
        clock_time = show_clock_time(end, zone, language)
        return say(language, "date.span", first=begin, last=clock_time)
    if one[:2] == two[:2] and not is_timed:
        opening = say(language, "date.day", day=one[2])
        return say(language, "date.span", first=opening, last=closing)
    opening = show_instant(
        period.start, zone, language, clock_time=is_timed, style=style,
        with_year=one[0] != two[0],
    )  # fmt: skip
    return say(language, "date.interval", first=opening, last=closing)


def _is_to_the_minute(text: str) -> bool:
    """Whether a date has a clock time without seconds."""
    return "T" in text and text.partition("T")[2][5:6] != ":"


def _civil(instant: Instant, zone: Zone) -> tuple[int, int, int]:
    """Year, month and day of an instant in a zone."""
    return civil_date((instant.microseconds + zone.minutes * MINUTE) // DAY)


def show_clock_time(instant: Instant, zone: Zone, language: str) -> str:
    """The time of the day in a zone, to the minute: `18:30`, in Finnish `18.30`."""
    hours, minutes = divmod((instant.microseconds + zone.minutes * MINUTE) % DAY // MINUTE, 60)
    return say(language, "date.time", hour=hours, hours=f"{hours:02}", minutes=f"{minutes:02}")
