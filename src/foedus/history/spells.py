"""Leaders' times in office, whole, with what was so when they entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from foedus.history.measures.leaders import (
    DAYS_IN_YEAR,
    POST_SOVIET,
    Piece,
    by_state,
    conflicts,
    polyarchy,
    regimes,
    region,
)
from foedus.history.store import data, missing
from foedus.history.units import Unit, Value

ENDS = {
    "Regular": "regular", "Irregular": "irregular", "Foreign": "foreign",
    "Natural Death": "death or illness", "Retired Due to Ill Health": "death or illness",
    "Suicide": "death or illness", "Unknown": "regular", "Still in Office": "",
}  # fmt: skip
"""Ways out of office; three exits of an unknown kind are taken for regular ones."""

COLUMNS = {
    "year": "year of entry",
    "state": "code of the state (Gleditsch and Ward)",
    "region": "part of the world",
    "post-soviet": "one of the fifteen states that came out of the Soviet Union",
    "entry": "Regular, Irregular, Foreign Imposition or Unknown",
    "age": "age at entry",
    "regime": "kind of regime in the year of entry (needs reign-regimes)",
    "polyarchy": "electoral democracy in the year of entry, 0 to 1 (needs vdem)",
    "democracy": "polyarchy above one half",
    "conflict": "armed conflict within the state in the year of entry (needs ucdp-acd)",
    "end": "how the spell ended: regular, irregular, foreign, death or illness",
}


def leader_spells() -> Sequence[Unit]:
    """Every leader's time in office: years `at_risk`, and whether its end was seen (`happened`).

    Covariates are those of the year of entry, so that none has been changed by how long the leader
    lasted. Raises `MissingDataError` without archigos.
    """
    found_regimes = {} if missing(["reign-regimes"]) else regimes()
    index = {} if missing(["vdem"]) else polyarchy()
    fights = {} if missing(["ucdp-acd"]) else conflicts()
    fought = {year for _, year in fights}
    spells = []
    for row in data("archigos").to_pylist():
        entered, left = row["startdate"], row["enddate"] + timedelta(days=1)
        piece = Piece(row["gwcode"], entered.year, entered.year, 0, "", "")
        code = by_state(piece.state, piece.year)
        openness: Value = None if code is None else index.get((code, piece.year))
        end = ENDS[row["exit"]]
        columns: dict[str, Value] = {
            "year": entered.year,
            "state": row["gwcode"],
            "region": region(row["gwcode"]),
            "post-soviet": row["gwcode"] in POST_SOVIET,
            "entry": row["entry"],
            "age": None if row["yrborn"] is None else entered.year - row["yrborn"],
            "regime": None if code is None else found_regimes.get((code, piece.year)),
            "polyarchy": openness,
            "democracy": openness > 0.5 if isinstance(openness, float) else None,
            "conflict": (row["gwcode"], piece.year) in fights if piece.year in fought else None,
            "end": end,
        }
        years = (left - entered).days / DAYS_IN_YEAR
        spells.append(Unit(float(end != ""), years, row["enddate"], columns))
    return spells
