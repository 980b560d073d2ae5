"""What a person may have meant by a text that is almost a date: texts to try, likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator

_INTERVAL = re.compile(r" *(?:/|--|\.\.+| - |\bto\b|\buntil\b) *")
_ZONE = r"(?P<zone> ?(?:[Zz]|UTC|utc|GMT|gmt|[+-][0-9]{1,2}(?::?[0-9]{2})?))?"
_HOUR = r"(?:T|t| |, ?)(?P<hour>[0-9]{1,2})"
_MINUTE = r"(?:[:.h]?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2}))?)?"
_TIME = rf"(?:{_HOUR}{_MINUTE}{_ZONE})?"
_LOOSE = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{3,4})"
    r"(?:(?P<gap>[-/. ])(?P<month>[0-9]{1,2})(?:(?P=gap)(?P<day>[0-9]{1,2})" + _TIME + ")?)?"
)
_COMPACT = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?:(?P<day>[0-9]{2})" + _TIME + ")?"
)
_WEEK = re.compile(r"(-?[0-9]{4})-?[Ww]([0-9]{1,2})")
_BEFORE_CHRIST = re.compile(r"([0-9]{1,4}) ?(?:BC|BCE|bc|bce)")


def rewrites(text: str) -> Iterator[str]:
    """Texts of the accepted forms that resemble `text`. They may still name no date."""
    sides = _INTERVAL.split(text.strip())
    if len(sides) == 2:
        first, second = _tidy(sides[0]), _tidy(sides[1])
        yield f"{first}/{second}"
        # `2022-01-05/07` leaves out what both sides share.
        yield f"{first}/{first[: -len(second)]}{second}"
    yield _tidy(text.strip())


def _tidy(text: str) -> str:
    """One date in the accepted form, or the text as it is if it does not resemble one."""
    week = _WEEK.fullmatch(text)
    if week is not None:
        return f"{week[1]}-W{int(week[2]):02}"
    year = _BEFORE_CHRIST.fullmatch(text)
    if year is not None:
        return f"-{int(year[1]) - 1:04}" if int(year[1]) else text
    match = _COMPACT.fullmatch(text) or _LOOSE.fullmatch(text)
    if match is None:
        return text
    part = match.groupdict()
    tidy = f"{part['sign']}{int(part['year']):04}"
    tidy += "".join(f"-{int(part[name]):02}" for name in ("month", "day") if part[name])
    if part["hour"]:
        tidy += f"T{int(part['hour']):02}:{part['minute'] or '00'}"
        tidy += f":{part['second']}" if part["second"] else ""
    return tidy + _tidy_zone((part["zone"] or "").strip())


def _tidy_zone(text: str) -> str:
    """A zone suffix with both of its parts in two digits."""
    if not text.startswith(("+", "-")):
        return "Z" if text else ""
    hours, minutes = text[1:], "00"
    if len(hours) > 2:
        hours, minutes = hours[:-2].rstrip(":"), hours[-2:]
    return f"{text[0]}{int(hours):02}:{minutes}"
