"""Lengths of time as people write them, in days."""

from __future__ import annotations

import re
from difflib import get_close_matches

from foedus.dates.error import DateError, check_characters

_SECONDS_IN_DAY = 86_400
SECONDS = {
    "minute": 60,
    "hour": 3_600,
    "day": _SECONDS_IN_DAY,
    "week": 7 * _SECONDS_IN_DAY,
    "month": 2_629_800,  # a twelfth of a year: 30.4375 days
    "year": 31_557_600,  # a Julian year: 365.25 days
}
LONGEST_DAYS = 7_305_000  # 20,000 years, about all the years that can be written

_NUMBER_AND_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?) +([A-Za-z]+)")
_LOOSE = re.compile(r" *([0-9]+)(?:[.,]([0-9]+))? *([A-Za-z]+)\.? *")


def parse_duration(text: str) -> float:
    """The length in days of a text such as `1 day`, `36 hours`, `1.5 days` or `10 minutes`.

    One number and one unit: minute, hour, day, week, month (30.4375 days, a twelfth of a year) or
    year (365.25 days), each also with an s. The result is the float64 nearest to the true value, so
    that `10 minutes` is the very number a clock gives ten minutes after its start. Raises
    `DateError` for any other text, and above 20,000 years; `0 days` is a duration.
    """
    check_characters(text, "duration", "36 hours")
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        raise _unknown_duration(text)
    word = match[2]
    unit = word.removesuffix("s")
    if unit not in SECONDS:
        raise DateError(f"no unit of time is called `{word}`", _unit_help(word), *match.span(2))
    whole, _, decimals = match[1].partition(".")
    # Whole numbers divide to the nearest float64; a product of floats would not.
    seconds = int(whole + decimals) * SECONDS[unit]
    scale: int = 10 ** len(decimals) * _SECONDS_IN_DAY
    if seconds > LONGEST_DAYS * scale:
        message = f"`{text}` is longer than 20,000 years"
        raise DateError(message, "write a duration of at most 20,000 years", 0, len(text))
    return seconds / scale


def _unit_help(word: str) -> str:
    """The unit that was probably meant, or the list of all."""
    close = get_close_matches(word.lower(), [*SECONDS, *(f"{unit}s" for unit in SECONDS)], n=1)
    if close:
        return f"write `{close[0]}`"
    return "units of time are " + ", ".join(f"`{unit}s`" for unit in SECONDS)


def _unknown_duration(text: str) -> DateError:
    """The error for a text that is not a number and a unit."""
    help_text = "write a number and a unit, such as `36 hours` or `1.5 days`"
    if text.lstrip().startswith("-"):
        message = f"the duration `{text}` is negative"
        return DateError(message, "write a duration of `0 days` or more", 0, len(text))
    loose = _LOOSE.fullmatch(text)
    if loose is not None and loose[3].removesuffix("s") in SECONDS:
        number = f"{loose[1]}.{loose[2]}" if loose[2] else loose[1]
        help_text = f"write `{number} {loose[3]}`"
    return DateError(f"`{text}` is not a duration", help_text, 0, len(text))
