"""How leaders leave office: hazards by regime, democracy, conflict, region and time in office.

A leader's time in office is cut into calendar years; each piece has the covariates of its state in
that year, known at its end, and counts the exit if it fell into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from foedus.frozen import dataclass
from foedus.history.states import translated
from foedus.history.store import data, missing
from foedus.history.units import Measure, Unit, Value

DAYS_IN_YEAR = 365.25
CENTRAL_ASIA = frozenset(range(701, 706))
POST_SOVIET = CENTRAL_ASIA | {359, *range(365, 374)}
REGIONS = {
    "Americas": (2, 199), "Europe": (200, 399), "Africa": (402, 599), "Middle East": (600, 699),
    "Asia": (700, 899), "Oceania": (900, 999),
}  # fmt: skip
"""By the number of the state; North Africa (600-625) stands with the Middle East."""

REGIMES = {
    "personal": "personalist", "party-personal": "personalist-hybrid",
    "military personal": "personalist-hybrid", "party-personal-military": "personalist-hybrid",
    "party-based": "party", "party-military": "party", "oligarchy": "oligarchy",
    "military": "military", "indirect military": "military", "monarchy": "monarchy",
    "parliamentary": "democracy-parl", "presidential": "democracy-pres",
}  # fmt: skip
"""Groups of the regime types of REIGN; those not named here are `provisional/other`."""

CowOf = Callable[[int, int], int | None]
"""The number of the Correlates of War for a number of Gleditsch and Ward in a year."""


def by_state(state: int, year: int) -> int | None:
    """The same state's number in the other list in that year."""
    code = translated(state, "gw", "cow", year)
    return None if code is None else int(code)


@dataclass(frozen=True, slots=True)
class Piece:
    """A leader's time in office in one calendar year. `exit` is empty unless it fell into it."""

    state: int
    year: int
    entered: int
    days: int
    exit: str
    exit_code: str


def pieces() -> list[Piece]:
    """Every leader's time in office by calendar years, the last day included."""
    found = []
    one = timedelta(days=1)
    for row in data("archigos").to_pylist():
        start, end = row["startdate"], row["enddate"] + one
        last = row["enddate"].year
        for year in range(start.year, last + 1):
            days = (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days
            left = year == last and row["exit"] != "Still in Office"
            found.append(
                Piece(
                    row["gwcode"], year, start.year, days,
                    row["exit"] if left else "", row["exitcode"] if left else "",
                )
            )  # fmt: skip
    return found


def regimes() -> dict[tuple[int, int], str]:
    """The kind of regime in each year of a state (Correlates of War); the last one in a year."""
    found: dict[tuple[int, int], tuple[date, str]] = {}
    for row in data("reign-regimes").to_pylist():
        kind = REGIMES.get(row["gwf_regimetype"], "provisional/other")
        start, end = row["gwf_startdate"], row["gwf_enddate"]
        for year in range(start.year, end.year + 1):
            key = row["cowcode"], year
            if key not in found or start > found[key][0]:
                found[key] = start, kind
    return {key: kind for key, (_, kind) in found.items()}


def polyarchy() -> dict[tuple[int, int], float]:
    """The index of electoral democracy of V-Dem in each year of a state (Correlates of War)."""
    return {
        (row["vdem_cowcode"], row["year"]): row["v2x_polyarchy"]
        for row in data("vdem").to_pylist()
        if row["vdem_cowcode"] is not None and row["v2x_polyarchy"] is not None
    }


def conflicts() -> dict[tuple[int, int], set[str]]:
    """What of armed conflict within states there was in each year of a state (Gleditsch and Ward).

    Marks: `conflict`, `government` (over government), `war` (1,000 dead in the year), `troops`
    (another state's troops fought beside the government).
    """
    found: dict[tuple[int, int], set[str]] = {}
    for row in data("ucdp-acd").to_pylist():
        if row["type_of_conflict"] < 3:
            continue
        marks = {"conflict"}
        marks |= {"government"} if row["incompatibility"] in (2, 3) else set()
        marks |= {"war"} if row["intensity_level"] == 2 else set()
        marks |= {"troops"} if row["side_a_2nd"] else set()
        for state in row["gwno_a"].split(","):
            found.setdefault((int(state), row["year"]), set()).update(marks)
    return found


def units_of(
    happened: Callable[[Piece], bool],
    regime_code: CowOf = by_state,
    polyarchy_code: CowOf = by_state,
) -> list[Unit]:
    """The pieces as units with all covariates that the store has data for."""
    found_regimes = _if_there("reign-regimes", regimes)
    found_polyarchy = _if_there("vdem", polyarchy)
    found_conflicts = _if_there("ucdp-acd", conflicts)
    years = {year for _, year in found_conflicts}
    units = []
    for piece in pieces():
        key = piece.state, piece.year
        columns: dict[str, Value] = {
            "year": piece.year,
            "state": piece.state,
            "region": region(piece.state),
            "post-soviet": piece.state in POST_SOVIET,
            "central-asia": piece.state in CENTRAL_ASIA,
            "years-in-office": piece.year - piece.entered,
            "regime": _at(found_regimes, piece, regime_code),
            "polyarchy": _at(found_polyarchy, piece, polyarchy_code),
        }
        marks = found_conflicts.get(key, set()) if piece.year in years else None
        for name, mark in _MARKS.items():
            columns[name] = None if marks is None else mark in marks
        units.append(
            Unit(
                float(happened(piece)), piece.days / DAYS_IN_YEAR, date(piece.year, 12, 31), columns
            )
        )
    return units


def _if_there(name: str, read: Callable[[], Any]) -> Any:
    return {} if missing([name]) else read()


def _at(found: Mapping[tuple[int, int], Any], piece: Piece, code: CowOf) -> Value:
    number = code(piece.state, piece.year) if found else None
    value: Value = None if number is None else found.get((number, piece.year))
    return value


def region(state: int) -> str | None:
    """The part of the world of a state, by its number."""
    spans: Iterable[tuple[str, tuple[int, int]]] = REGIONS.items()
    return next((name for name, (low, high) in spans if low <= state <= high), None)


_MARKS = {"conflict": "conflict", "over-government": "government", "war": "war"}
_MARKS |= {"foreign-troops": "troops"}
IRREGULAR = frozenset({"Irregular"})
FORCED = frozenset({"Irregular", "Foreign"})
COLUMNS = {
    "year": "calendar year",
    "state": "code of the state (Gleditsch and Ward)",
    "region": "part of the world: " + ", ".join(REGIONS),
    "post-soviet": "one of the fifteen states that came out of the Soviet Union",
    "central-asia": "one of the five of Central Asia",
    "years-in-office": "calendar years since the leader entered",
    "regime": "at the end of the year (needs reign-regimes): personalist, personalist-hybrid, "
    "party, oligarchy, military, monarchy, democracy-parl, democracy-pres, provisional/other",
    "polyarchy": "electoral democracy, 0 to 1 (needs vdem)",
    "conflict": "armed conflict within the state (needs ucdp-acd)",
    "over-government": "such conflict over government",
    "war": "such conflict with 1,000 dead in the year",
    "foreign-troops": "another state's troops fight beside the government in such conflict",
}


def _measure(name: str, happened: Callable[[Piece], bool]) -> Measure:
    cites = ("archigos", "reign-regimes", "vdem", "ucdp-acd")
    return Measure(
        name, "rate", "per leader-year", ("archigos",), cites, COLUMNS,
        lambda: units_of(happened),
    )  # fmt: skip


LEADERS = (
    _measure(
        "irregular-exit",
        lambda piece: piece.exit in IRREGULAR,
    ),
    _measure(
        "forced-exit",
        lambda piece: piece.exit in FORCED,
    ),
    _measure(
        "protest-exit",
        lambda piece: piece.exit_code.startswith("Popular Protest"),
    ),
    _measure(
        "military-exit",
        lambda piece: piece.exit_code == "Removed by Military, without Foreign Support",
    ),
    _measure("any-exit", lambda piece: piece.exit != ""),
)  # fmt: skip
