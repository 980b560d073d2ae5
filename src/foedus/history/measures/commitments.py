"""Commitments of allies: honoured or not, once they were invoked."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any

from foedus.history.store import data
from foedus.history.units import Measure, Unit, Value

WORLD_WARS = {"WorldWarI": 1918, "WorldWarII": 1945}
OBLIGATIONS = {"defense": "defence", "offense": "offence", "neutral": "neutrality"}
OBLIGATIONS |= {"nonagg": "non-aggression", "consul": "consultation"}


def last_year(war: str) -> int:
    """The last year of a war from its name (`Vietnam1965-75` is 1975, `Boer1899-02` is 1902)."""
    if war in WORLD_WARS:
        return WORLD_WARS[war]
    years = re.search(r"([0-9]{4})(?:-([0-9]{2,4}))?\s*$", war)
    if years is None:
        raise ValueError(f"the name of the war `{war}` holds no year")
    first, end = years[1], years[2] or years[1]
    last = int(first[: 4 - len(end)] + end)
    return last if last >= int(first) else last + 10 ** len(end)


def _berkemeier_fuhrmann(success: str) -> list[Unit]:
    """Alliances whose terms a war invoked, by the later coding (`LLM` in the file)."""
    found = []
    for row in data("berkemeier-fuhrmann").to_pylist():
        if row["dnaLLM"]:  # the terms did not apply
            continue
        columns: dict[str, Value] = {name: bool(row[name]) for name in OBLIGATIONS}
        columns["year"] = last_year(row["warname"])
        columns["period"] = "1816-1944" if row["sample"] else "1945-2003"
        columns["multilateral"] = bool(row["multilateral"])
        known = date(last_year(row["warname"]), 12, 31)
        found.append(Unit(float(bool(row[success])), 1.0, known, columns))
    return found


def _leeds_anac() -> list[Unit]:
    return [
        Unit(
            float(row["honor3"]), 1.0, date(1944, 12, 31),
            {name: bool(row[name]) for name in ("active", "bilat", "wartime")},
        )
        for row in data("leeds-anac").to_pylist()
    ]  # fmt: skip


def _disputes() -> list[tuple[dict[str, Any], int, int]]:
    """For each attacked state with an ally bound to defend it (either way): the dispute, how many
    allies there were, and how many of them joined its side."""
    allies: dict[tuple[int, int], set[int]] = defaultdict(set)
    pacts = data("atop-dyad-years", ["ccode1", "ccode2", "year", "atop_defense"])
    for row in pacts.filter(pacts["atop_defense"]).to_pylist():
        allies[row["ccode1"], row["year"]].add(row["ccode2"])
        allies[row["ccode2"], row["year"]].add(row["ccode1"])
    sides: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in data("gml-mid-participants").to_pylist():
        sides[row["dispnum"]].append(row)
    found = []
    for dispute in data("gml-mid-disputes").to_pylist():
        parties = sides[dispute["dispnum"]]
        first = {row["ccode"] for row in parties if row["orig"]}
        joined = {row["ccode"] for row in parties if not row["orig"] and not row["sidea"]}
        for target in {row["ccode"] for row in parties if row["orig"] and not row["sidea"]}:
            bound = allies[target, dispute["styear"]] - first
            if bound:
                found.append((dispute, len(bound), len(bound & joined)))
    return found


def _dispute_columns(dispute: dict[str, Any]) -> dict[str, Value]:
    fatal = dispute["fatality"]
    return {
        "year": dispute["styear"],
        "hostility": dispute["hostlev"],
        "fatal": None if fatal is None else fatal > 0,
    }


def _joined(by_ally: bool) -> list[Unit]:
    return [
        Unit(
            float(joined if by_ally else joined > 0),
            float(bound if by_ally else 1),
            date(dispute["styear"], 12, 31),
            _dispute_columns(dispute),
        )
        for dispute, bound, joined in _disputes()
    ]


_WAR_COLUMNS = {
    **{name: f"the alliance promises {word}" for name, word in OBLIGATIONS.items()},
    "year": "last year of the war",
    "period": "1816-1944 or 1945-2003",
    "multilateral": "more than two members",
}
_DISPUTE_COLUMNS = {
    "year": "year in which the dispute began",
    "hostility": "highest level: 2 threat, 3 display, 4 use of force, 5 war",
    "fatal": "whether anybody was killed",
}
_DISPUTE_DATA = ("gml-mid-disputes", "gml-mid-participants", "atop-dyad-years")
COMMITMENTS = (
    Measure(
        "commitment-honoured",
        "share", "share", ("berkemeier-fuhrmann",), ("berkemeier-fuhrmann",), _WAR_COLUMNS,
        lambda: _berkemeier_fuhrmann("honorLLM"),
    ),
    Measure(
        "ally-honours",
        "share", "share", ("berkemeier-fuhrmann",), ("berkemeier-fuhrmann",), _WAR_COLUMNS,
        lambda: _berkemeier_fuhrmann("sabroskyhonorllm"),
    ),
    Measure(
        "commitment-honoured-to-1944",
        "share", "share", ("leeds-anac",), ("leeds-anac",),
        {"active": "a promise to fight", "bilat": "two members", "wartime": "made in war"},
        _leeds_anac,
    ),
    Measure(
        "ally-joins",
        "share", "share", _DISPUTE_DATA, _DISPUTE_DATA, _DISPUTE_COLUMNS, lambda: _joined(False),
    ),
    Measure(
        "each-ally-joins",
        "share", "share", _DISPUTE_DATA, _DISPUTE_DATA, _DISPUTE_COLUMNS, lambda: _joined(True),
    ),
)  # fmt: skip
