"""The closed list of units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.units import UNITS, Unit, UnitError, parse_unit

TIMES = {
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.4375,
    "year": 365.25,
}
PLAIN = ("share", "people", "troops", "events", "points", "factor", "none")


@pytest.mark.parametrize(("name", "days"), TIMES.items())
def test_durations_become_days_and_rates_per_day(name: str, days: float) -> None:
    assert parse_unit(name) == parse_unit(f"{name}s") == Unit(f"{name}s", days, 1)
    rate = parse_unit(f"per {name}")
    assert (rate.name, rate.time_power) == (f"per {name}", -1)
    assert rate.factor == pytest.approx(1 / days, rel=1e-15)


@pytest.mark.parametrize("name", PLAIN)
def test_plain_units_change_nothing(name: str) -> None:
    assert parse_unit(name) == Unit(name, 1.0, 0)


def test_the_list_is_closed() -> None:
    times = [text for name in TIMES for text in (name, f"{name}s", f"per {name}")]
    assert sorted(UNITS) == sorted([*times, *PLAIN])


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("per dya", "per day"),
        ("Per day", "per day"),
        ("per  days", "per day"),
        ("per annual", None),
        ("1/day", "per day"),
        ("/ hour", "per hour"),
        ("daily", "per day"),
        ("monthly", "per month"),
        ("dayz", "day"),
        ("Troops", "troops"),
        ("shares", "share"),
        ("%", None),
        ("soldiers", None),
        ("per second", None),
    ],
)
def test_a_misspelling_is_corrected(text: str, cure: str | None) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit(text)
    assert str(caught.value) == f"no unit is called `{text}`"
    if cure is None:
        assert caught.value.help.startswith("units are `minutes`, `per minute`, ")
    else:
        assert caught.value.help == f"write `{cure}`"


@pytest.mark.parametrize("text", ["", " ", "x" * 65, "dаy", "day\n"])
def test_what_cannot_be_shown_is_not_repeated(text: str) -> None:
    with pytest.raises(UnitError, match=r"^the text is not a unit$"):
        parse_unit(text)


@given(st.text(max_size=70))
def test_any_text_is_a_unit_or_an_error(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnitError as error:
        told = error.help
    else:
        told = unit.name
        assert unit in UNITS.values()
    assert told
