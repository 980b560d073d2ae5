"""The closed list of units, and what each is inside, where time is days and rates are per day."""

from __future__ import annotations

from difflib import get_close_matches

from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit a number can be written in.

    A value in this unit is `value * factor` inside. `time_power` is its dimension: 1 for durations
    (days), -1 for rates (per day), 0 for plain numbers. `name` is the plural for durations, so that
    `day` and `days` are one unit.
    """

    name: str
    factor: float
    time_power: int


class UnitError(ValueError):
    """A text that is no unit: `message` says so in one clause, `help` what to write instead."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return self.message


# Minutes in each; a month is a twelfth of a year (30.4375 days), a year is Julian (365.25 days).
_MINUTES_IN_DAY = 1_440
_MINUTES = {
    "minute": 1,
    "hour": 60,
    "day": _MINUTES_IN_DAY,
    "week": 7 * _MINUTES_IN_DAY,
    "month": 43_830,
    "year": 525_960,
}
_PLAIN = ("share", "people", "troops", "events", "points", "factor", "none")
_LONGEST_ECHO = 64


def _all_units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for name, minutes in _MINUTES.items():
        duration = Unit(f"{name}s", minutes / _MINUTES_IN_DAY, 1)
        units[name] = units[duration.name] = duration
        units[f"per {name}"] = Unit(f"per {name}", _MINUTES_IN_DAY / minutes, -1)
    return units | {name: Unit(name, 1.0, 0) for name in _PLAIN}


UNITS = _all_units()


def parse_unit(text: str) -> Unit:
    """The unit a text names.

    Rates: `per minute`, `per hour`, `per day`, `per week`, `per month`, `per year`. Durations:
    `minute`, `hour`, `day`, `week`, `month`, `year`, each also with an s. Plain numbers: `share`,
    `people`, `troops`, `events`, `points`, `factor`, `none`. A month is 30.4375 days, a year
    365.25. Raises `UnitError` for anything else.
    """
    unit = UNITS.get(text)
    if unit is not None:
        return unit
    if len(text) > _LONGEST_ECHO or not (text.isascii() and text.isprintable() and text.strip()):
        raise UnitError("the text is not a unit", _list_of_units())
    close = get_close_matches(_plain_spelling(text), UNITS, n=1, cutoff=0.7)
    help_text = f"write `{close[0]}`" if close else _list_of_units()
    raise UnitError(f"no unit is called `{text}`", help_text)


def _plain_spelling(text: str) -> str:
    """A text spelt as units are: `1/day` and `daily` resemble `per day`, never `day`."""
    words = " ".join(text.lower().split())
    rate = words.removeprefix("1").lstrip()
    if rate.startswith("/"):
        return "per " + rate.removeprefix("/").lstrip()
    return "per " + words.removesuffix("ly") if words.endswith("ly") else words


def _list_of_units() -> str:
    names = dict.fromkeys(unit.name for unit in UNITS.values())
    return "units are " + ", ".join(f"`{name}`" for name in names)
