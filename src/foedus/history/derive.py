"""Counting the classes that ship: by year, from the data in the store."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from foedus.history.conditions import parse_condition
from foedus.history.measures.registry import MEASURES
from foedus.history.store import files_of, missing, provenance
from foedus.history.units import Unit

LIST = Path(__file__).parent / "classes.toml"


def needed() -> tuple[str, ...]:
    """The data sets that the classes in `classes.toml` are counted from."""
    with LIST.open("rb") as file:
        listed = tomllib.load(file)
    names = (name for one in listed.values() for name in MEASURES[one["measure"]].needs)
    return tuple(dict.fromkeys(names))


def derived() -> dict[str, object]:
    """The counts of every class in `classes.toml`, with the digests of what was counted.

    Raises `MissingDataError` where data have not been imported.
    """
    with LIST.open("rb") as file:
        listed = tomllib.load(file)
    cites = sorted({name for one in listed.values() for name in MEASURES[one["measure"]].cites})
    digests = {name: provenance(files_of(name)[0]).digest for name in cites if not missing([name])}
    units = {name: MEASURES[name].units() for name in {one["measure"] for one in listed.values()}}
    classes = {
        name: _class(units[one["measure"]], one["measure"], one.get("where", ""))
        for name, one in listed.items()
    }
    return {"digests": digests, "classes": classes}


def _class(units: Sequence[Unit], measure: str, where: str) -> dict[str, object]:
    asked = MEASURES[measure]
    holds = parse_condition(where, asked.columns) if where else lambda unit: True
    years: dict[int, tuple[float, float]] = {}
    for unit in units:
        if holds(unit):
            k, n = years.get(unit.known.year, (0.0, 0.0))
            years[unit.known.year] = k + unit.happened, n + unit.at_risk
    return {
        "measure": measure,
        "where": where,
        "kind": asked.kind,
        "cites": list(asked.cites),
        "years": [[year, round(k), round(n, 4)] for year, (k, n) in sorted(years.items())],
    }
