"""Reference classes that a case can name as a prior, read without arrays and without the data.

Requests for help are our own coding and ship row by row, so that any class of them can be asked
for. Of data of others only counts ship, by year (`classes.json`, made by `tools/derive_classes.py`
with the digests of the files that were counted).
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from foedus.frozen import dataclass
from foedus.history.class_error import ClassError
from foedus.history.conditions import parse_condition, verify_values
from foedus.history.measures.handovers import HANDOVERS
from foedus.history.measures.requests import REQUESTS
from foedus.history.requests import is_about
from foedus.history.units import (
    Measure,
    Tally,
    Unit,
    known_before,
    perhaps_known_before,
    tally,
)
from foedus.text.suggest import closest, list_names

COUNTS = Path(__file__).parent / "classes.json"
OWN: dict[str, Measure] = {one.name: one for one in (*REQUESTS, *HANDOVERS) if one.kind == "share"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a class held before a day: `kind` is `share` or `rate` (at risk: years).

    `undated`: so many were left out because their dates are too imprecise to say whether they were
    known by then.
    """

    name: str
    where: str
    kind: str
    tally: Tally
    cites: tuple[str, ...]
    undated: int = 0


def class_names() -> tuple[str, ...]:
    """The classes that can be named."""
    return (*OWN, *_shipped())


def classes_of(measure: str) -> dict[str, str]:
    """The classes of a question of which counts by year ship, each with what narrows it."""
    return {name: one["where"] for name, one in _shipped().items() if one["measure"] == measure}


def question_of(name: str) -> str:
    """The question that a class answers; of requests and handovers it has the class's name."""
    return str(_shipped()[name]["measure"]) if name in _shipped() else name


def count_class(name: str, where: str, before: date | None, case: str = "") -> Counted:
    """What was counted in a class before a day, the case itself left out.

    Counts that ship by year are taken up to the last year that was over on that day. Raises
    `ClassError`.
    """
    if name in OWN:
        counted = _count_own(OWN[name], where, before, case)
    elif name in _shipped():
        counted = _count_shipped(name, where, before)
    else:
        near = closest(name, class_names())
        cure = f"write `{near}`" if near else f"there are {list_names(class_names(), 40)}"
        raise ClassError(f"history has no class `{name}`", cure)
    if counted.tally.at_risk <= 0:
        day = f" before {before.isoformat()}" if before is not None else ""
        raise ClassError(f"nothing was counted in the class `{name}`{day}", "take a wider class")
    return counted


def _count_own(measure: Measure, where: str, before: date | None, case: str) -> Counted:
    units = measure.units()
    holds = parse_condition(where, measure.columns) if where else lambda unit: True
    if where:
        verify_values(where, units)
    asked = [unit for unit in units if holds(unit) and not _is_of(unit, case)]
    found, undated = tally(known_before(asked, before)), len(perhaps_known_before(asked, before))
    return Counted(measure.name, where, measure.kind, found, measure.cites, undated)


def _is_of(unit: Unit, case: str) -> bool:
    who = unit.columns.get("requester", unit.columns.get("country"))
    return is_about(str(who), unit.columns["year"], case)


def _count_shipped(name: str, where: str, before: date | None) -> Counted:
    if where:
        cure = f"classes with `where` are {list_names(OWN)}; or `foedus history rate` counts it"
        raise ClassError(f"of the class `{name}` only counts by year are shipped", cure)
    shipped = _shipped()[name]
    rows = [
        (k, n) for year, k, n in shipped["years"] if before is None or date(year, 12, 31) < before
    ]
    found = Tally(sum(k for k, _ in rows), sum(n for _, n in rows), len(rows))
    return Counted(name, shipped["where"], shipped["kind"], found, tuple(shipped["cites"]))


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return dict(json.loads(COUNTS.read_text(encoding="utf-8"))["classes"])
