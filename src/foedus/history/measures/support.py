"""Foreign troops beside a government: how long they stay, and how its leader fares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from foedus.history.measures.leaders import FORCED, conflicts
from foedus.history.store import data
from foedus.history.units import Measure, Unit

LAST_LEADERS = 2014
"""The last year whose leaders are known a year on (Archigos ends with 2015)."""


def spells() -> list[tuple[int, int, int]]:
    """Each spell of years in which another state's troops fought beside a government: the conflict,
    the first year and the last."""
    rows = data("ucdp-acd", ["conflict_id", "year", "type_of_conflict", "side_a_2nd"]).to_pylist()
    years = {
        (row["conflict_id"], row["year"])
        for row in rows
        if row["type_of_conflict"] >= 3 and row["side_a_2nd"]
    }
    found = []
    for conflict, first in sorted(years):
        if (conflict, first - 1) not in years:
            last = first
            while (conflict, last + 1) in years:
                last += 1
            found.append((conflict, first, last))
    return found


def _lengths(value: Callable[[int], float]) -> list[Unit]:
    """Completed spells; one that reaches the last year of the data is not."""
    every = spells()
    end = max(data("ucdp-acd", ["year"])["year"].to_pylist())
    return [
        Unit(value(last - first + 1), 1.0, date(last + 1, 12, 31), {"year": first})
        for _, first, last in every
        if last < end
    ]


def _first_years(with_troops: bool) -> Iterable[tuple[int, int]]:
    """States and the first years of their spells: of foreign troops beside the government, or of
    conflict without any."""
    found = conflicts()
    if with_troops:
        there = {key for key, marks in found.items() if "troops" in marks}
        return ((state, year) for state, year in there if (state, year - 1) not in there)
    return (
        (state, year)
        for (state, year), marks in found.items()
        if (state, year - 1) not in found and "troops" not in marks
    )


def _leaves_within_a_year(happened: Callable[[str], bool]) -> list[Unit]:
    """Leaders in office at the end of such a first year, and whether they left in the next."""
    leaders: dict[int, list[tuple[date, date, str]]] = {}
    for row in data("archigos").to_pylist():
        spell = row["startdate"], row["enddate"], row["exit"]
        leaders.setdefault(row["gwcode"], []).append(spell)
    found = []
    for with_troops in (True, False):
        for state, year in _first_years(with_troops):
            day = date(year, 12, 31)
            here = [spell for spell in leaders.get(state, []) if spell[0] <= day <= spell[1]]
            if year > LAST_LEADERS or not here:
                continue
            _, end, how = here[0]
            left = how != "Still in Office" and end <= date(year + 1, 12, 31) and happened(how)
            columns = {"year": year, "foreign-troops": with_troops}
            found.append(Unit(float(left), 1.0, date(year + 1, 12, 31), columns))
    return found


_COLUMNS = {
    "year": "first year of the spell",
    "foreign-troops": "another state's troops came to fight beside the government",
}
SUPPORT = (
    Measure(
        "support-years",
        "length", "years", ("ucdp-acd",), ("ucdp-acd",), {"year": _COLUMNS["year"]},
        lambda: _lengths(float),
        "calendar-years",
    ),
    Measure(
        "support-within-a-year", "share", "share", ("ucdp-acd",), ("ucdp-acd",),
        {"year": _COLUMNS["year"]}, lambda: _lengths(lambda years: float(years == 1)),
    ),
    Measure(
        "leader-leaves-in-conflict", "share", "share", ("archigos", "ucdp-acd"),
        ("archigos", "ucdp-acd"), _COLUMNS, lambda: _leaves_within_a_year(lambda how: True),
    ),
    Measure(
        "leader-forced-out-in-conflict", "share", "share", ("archigos", "ucdp-acd"),
        ("archigos", "ucdp-acd"), _COLUMNS,
        lambda: _leaves_within_a_year(lambda how: how in FORCED),
    ),
)  # fmt: skip
