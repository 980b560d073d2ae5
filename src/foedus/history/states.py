"""Codes of states and the years in which they are in use.

The table is our own coding. A row says that in those years the state of that name had these numbers
in the lists of the Correlates of War and of Gleditsch and Ward, and this ISO 3166 code of three
letters; its years are the widest in which either list has it. The two differ for Germany after 1990
(255 and 260), Yemen after 1990 (679 and 678) and Serbia (345 and 340).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from foedus.frozen import dataclass

TABLE = Path(__file__).parent / "states.csv"
NEVER_ENDED = 9999


@dataclass(frozen=True, slots=True)
class State:
    """A state under one set of codes, from the year `start` to the year `end`, both included."""

    name: str
    iso3: str
    cow: int | None
    gw: int | None
    start: int
    end: int

    def code(self, system: str) -> str:
        """Its code in `cow`, `gw` or `iso3`; empty if it has none there."""
        value = {"cow": self.cow, "gw": self.gw, "iso3": self.iso3}[system]
        return "" if value is None else str(value)


@cache
def states() -> tuple[State, ...]:
    """All rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            State(
                row["name"],
                row["iso3"],
                int(row["cow"]) if row["cow"] else None,
                int(row["gw"]) if row["gw"] else None,
                int(row["from"]),
                int(row["to"]) if row["to"] else NEVER_ENDED,
            )
            for row in csv.DictReader(file)
        )


@cache
def codes_in_use(system: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Each code of a system (`cow`, `gw`, `iso3`) with the spans of years in which it is in use."""
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for state in states():
        code = state.code(system)
        if code:
            spans[code] = (*spans.get(code, ()), (state.start, state.end))
    return spans


@cache
def _by_code(system: str) -> dict[str, tuple[State, ...]]:
    found: dict[str, tuple[State, ...]] = {}
    for state in states():
        code = state.code(system)
        found[code] = (*found.get(code, ()), state)
    return found


def translated(code: int | str, system: str, target: str, year: int) -> str | None:
    """A state's code in another system in a year; None if it had none then."""
    for state in _by_code(system).get(str(code), ()):
        if state.start <= year <= state.end:
            return state.code(target) or None
    return None


def named(code: int | str, system: str, year: int) -> str | None:
    """What the state with a code in a year is called; None if the code was not in use then."""
    for state in _by_code(system).get(str(code), ()):
        if state.start <= year <= state.end:
            return state.name
    return None
