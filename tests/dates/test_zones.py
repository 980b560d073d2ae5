"""Zones are fixed offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import UTC, DateError, Zone, parse_zone


@given(st.integers(-959, 959))
def test_an_offset_comes_back(minutes: int) -> None:
    assert parse_zone(str(Zone(minutes))) == Zone(minutes)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("+06:00", 360), ("-03:30", -210), ("Z", 0), ("UTC", 0), ("-00:25", -25), ("-15:59", -959)],
)
def test_offsets(text: str, minutes: int) -> None:
    assert parse_zone(text) == Zone(minutes)


def test_utc_is_shown_as_z() -> None:
    assert str(UTC) == "Z"


@pytest.mark.parametrize(
    ("text", "message", "cure"),
    [
        (
            "Asia/Almaty",
            "a zone is a fixed offset, not a name such as `Asia/Almaty`",
            "write the offset in force, such as `+06:00`",
        ),
        ("CET", "a zone is a fixed offset, not a name such as `CET`", "write the offset in force"),
        ("+16:00", "`+16:00` is not an offset from UTC", "offsets run from `-15:59` to `+15:59`"),
        ("+05:60", "`+05:60` is not an offset from UTC", "offsets run from"),
        ("+6", "`+6` is not a zone", "write `+06:00`"),
        ("-0330", "`-0330` is not a zone", "write `-03:30`"),
        ("gmt", "`gmt` is not a zone", "write `Z`"),
        ("6", "`6` is not a zone", "write an offset such as `+06:00`, or `Z` for UTC"),
        ("", "the zone is empty", "write a zone such as `+06:00`"),
        ("+٠٦:00", "`٠` (U+0660) cannot stand in a zone", "write a zone such as `+06:00`"),
    ],
)
def test_errors(text: str, message: str, cure: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_zone(text)
    assert caught.value.message == message
    assert caught.value.help.startswith(cure)
    assert 0 <= caught.value.start <= caught.value.end <= len(text)
