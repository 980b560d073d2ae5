"""Zones: fixed offsets from UTC, and nothing else.

Named zones need a table of the world's clock changes that differs between machines and years; an
offset written in the case means the same for ever.
"""

from __future__ import annotations

import re

from foedus.dates.error import DateError, check_characters
from foedus.frozen import dataclass

# Local time in Manila before 1845 was 15 h 56 min behind UTC, the widest offset ever in force.
WIDEST_OFFSET = 15 * 60 + 59

_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_LOOSE_OFFSET = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})?")
_NAME = re.compile(r"[A-Za-z][A-Za-z_]*(?:[/+-][A-Za-z0-9_+-]*)*")


@dataclass(frozen=True, slots=True)
class Zone:
    """A fixed offset from UTC, in whole minutes, positive to the east."""

    minutes: int

    def __str__(self) -> str:
        """The offset as dates carry it: `Z`, `+06:00`, `-03:30`."""
        if self.minutes == 0:
            return "Z"
        hours, minutes = divmod(abs(self.minutes), 60)
        return f"{'-' if self.minutes < 0 else '+'}{hours:02}:{minutes:02}"


UTC = Zone(0)


def parse_zone(text: str) -> Zone:
    """The zone a text such as `+06:00`, `-03:30`, `Z` or `UTC` means.

    Raises `DateError` for anything else, names such as `Asia/Almaty` included.
    """
    check_characters(text, "zone", "+06:00")
    if text in ("Z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise _unknown_zone(text)
    sign, hours, minutes = match[1], int(match[2]), int(match[3])
    offset = 60 * hours + minutes
    if minutes > 59 or offset > WIDEST_OFFSET:
        help_text = "offsets run from `-15:59` to `+15:59`"
        raise DateError(f"`{text}` is not an offset from UTC", help_text, 0, len(text))
    return Zone(-offset if sign == "-" else offset)


def _unknown_zone(text: str) -> DateError:
    """The error for a text that is no offset, with the offset it may mean."""
    loose = _LOOSE_OFFSET.fullmatch(text.strip())
    if text.strip().upper() in ("Z", "UTC", "GMT"):
        help_text = "write `Z`"
    elif loose is not None:
        help_text = f"write `{loose[1]}{int(loose[2]):02}:{loose[3] or '00'}`"
    elif _NAME.fullmatch(text.strip()):
        message = f"a zone is a fixed offset, not a name such as `{text}`"
        return DateError(message, "write the offset in force, such as `+06:00`", 0, len(text))
    else:
        help_text = "write an offset such as `+06:00`, or `Z` for UTC"
    return DateError(f"`{text}` is not a zone", help_text, 0, len(text))
