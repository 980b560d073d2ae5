"""Coups: how often attempts succeed, and how often there is one."""

from __future__ import annotations

from collections import Counter
from datetime import date

from foedus.history.store import data
from foedus.history.units import Measure, Unit

_YEAR = {"year": "year of the attempt"}


def _powell_thyne() -> list[Unit]:
    return [
        Unit(
            float(row["coup"] == 2), 1.0, date(row["year"], row["month"], row["day"]),
            {"year": row["year"], "state": row["ccode"]},
        )
        for row in data("powell-thyne").to_pylist()
    ]  # fmt: skip


def _cline() -> list[Unit]:
    return [
        Unit(
            float(row["event_type"] == "coup"), 1.0, date(row["year"], row["month"], row["day"]),
            {"year": row["year"], "state": row["cowcode"]}
            | {kind: row[kind] for kind in _CLINE_KINDS},
        )
        for row in data("cline").to_pylist()
        if row["event_type"] != "conspiracy"
    ]  # fmt: skip


def _colpus() -> list[Unit]:
    return [
        Unit(
            float(row["success"] == 1), 1.0, row["date"],
            {
                "year": row["year"], "state": row["ccode"],
                "regime-change": row["type2"] == "CH",
                "military": row["milcoup"] == "Military Coup",
                "outside-support": row["anyoutsidesupport"],
            },
        )
        for row in data("colpus").to_pylist()
    ]  # fmt: skip


def _attempts() -> list[Unit]:
    """Years of states after Gleditsch and Ward, and the attempts in each (by the code of the
    Correlates of War, which is the same number but for a few states).

    An attempt in a state that is not on that list has no year of its own and is counted in one of
    no length, so that none is lost.
    """
    attempts = Counter((row["ccode"], row["year"]) for row in data("powell-thyne").to_pylist())
    first = min(year for _, year in attempts)
    years = {
        (row["gwcode"], year)
        for row in data("gw-states").to_pylist()
        for year in range(max(row["startdate"].year, first), row["enddate"].year + 1)
    }
    return [
        Unit(
            float(attempts[state, year]), float((state, year) in years), date(year, 12, 31),
            {"year": year, "state": state},
        )
        for state, year in sorted(years | set(attempts))
    ]  # fmt: skip


_CLINE_KINDS = {
    "military": "by the military", "dissident": "by dissidents", "rebel": "by rebels",
    "palace": "within the palace", "foreign": "with foreigners", "auto": "by the ruler himself",
    "popular": "by a popular revolt", "counter": "a counter-coup",
}  # fmt: skip
_STATE = {"state": "code of the state (Correlates of War)"}
COUPS = (
    Measure(
        "coup-succeeds", "share", "share",
        ("powell-thyne",), ("powell-thyne",), _YEAR | _STATE, _powell_thyne,
    ),
    Measure(
        "coup-succeeds-cline", "share",
        "share", ("cline",), ("cline",), _YEAR | _STATE | _CLINE_KINDS, _cline,
        "no-conspiracies",
    ),
    Measure(
        "coup-succeeds-colpus", "share", "share",
        ("colpus",), ("colpus",),
        _YEAR | _STATE | {
            "regime-change": "aimed at the regime, not only the ruler",
            "military": "by the military",
            "outside-support": "with support from outside the military",
        },
        _colpus,
    ),
    Measure(
        "coup-attempts", "rate", "per state-year",
        ("powell-thyne", "gw-states"), ("powell-thyne", "gw-states"),
        {"year": "year", "state": "code of the state"}, _attempts,
    ),
)  # fmt: skip
