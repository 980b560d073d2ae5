"""Tables of units in a case file: what is refused, where, and with which cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.case.observed import OrderTable, UnitTable
from foedus.text.source import Source
from tests.loading import case_of, try_case

BASE = """\
foedus: 1
case: tables
title: Tables
clock: {start: 2000-01-01, end: 2000-12-31}
groups: {town: [north, south]}
parameters:
  up: {value: 0.3, unit: per day, grade: assumed, because: an example}
  missed: {value: 0.2, unit: share, grade: assumed, because: an example}
state:
  mood: {type: {one of: [calm, angry]}, starts: calm}
  lit: {type: flag, per: town, starts: false}
events:
  angers: {when: mood == calm, rate: up, then: {mood: angry}}
  lights: {per: town, rate: up, then: {"lit[town]": true}}
tables:
"""
ROWS = "who,day,found\na,0,calm\na,2,angry\n"
PANEL = "csv: rows.csv, unit: who, time: day, state: found, scheme: panel, variable: mood"


def faults(folder: Path, table: str, rows: str = ROWS) -> list[tuple[str, str, str]]:
    (folder / "rows.csv").write_text(rows)
    _, diagnostics = try_case(Source("case.yaml", f"{BASE}  t: {{{table}}}\n"), folder)
    return [(one.code.value, one.message, one.help or "") for one in diagnostics.in_order()]


def test_what_a_table_holds(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "order.csv").write_text("run,place\n1,north\n1,south\n2,north\n")
    text = (
        f"{BASE}  t: {{{PANEL}, time-unit: weeks}}\n"
        "  o: {csv: order.csv, event: lights, unit: run, index: [place], times: order}\n"
    )
    units, order = case_of(text, tmp_path).unit_tables
    assert isinstance(units, UnitTable)
    assert units.histories[0].times == (0.0, 14.0)
    assert units.histories[0].found == (("calm",), ("angry",))
    assert isinstance(order, OrderTable)
    assert order.sequences == ((("north",), ("south",)), (("north",),))


@pytest.mark.parametrize(
    ("table", "rows", "code", "message"),
    [
        (PANEL.replace("state: found, ", ""), ROWS, "missing-key", "has no `state`"),
        (PANEL.replace("panel", "normal"), ROWS, "missing-key", "has no `reads`"),
        (PANEL + ", ends: [angry]", ROWS, "conflicting-keys", "`ends` does not go with this"),
        (PANEL + ", event: angers", ROWS, "conflicting-keys", "`event`"),
        (PANEL.replace("mood", "lit"), ROWS, "wrong-index", "`lit` is indexed"),
        (PANEL.replace("mood", "moods"), ROWS, "unknown-name", "no state variable is called"),
        (PANEL.replace("time: day", "time: days"), ROWS, "bad-table", "has no column `days`"),
        (PANEL, "who,day,found\na,0,calm\na,x,angry\n", "bad-table", "`x` is no time"),
        (PANEL, "who,day,found\na,3,calm\na,2,angry\n", "bad-table", "goes back in time"),
        (PANEL, "who,day,found\na,0,clam\n", "bad-table", "`clam` is nothing that `mood` can be"),
        (PANEL.replace("panel", "terminal") + ", ends: [gone]", ROWS, "unknown-name",
         "`mood` is never `gone`"),
        ("csv: rows.csv, event: lights, index: [who], times: order", ROWS, "bad-table",
         "`a` is not in the group `town`"),
        ("csv: rows.csv, event: lights, times: order", ROWS, "wrong-index", "0 columns are named"),
        ("csv: rows.csv, event: light, index: [who], times: order", ROWS, "unknown-event",
         "no event is called `light`"),
        ("csv: rows.csv, event: lights, index: [who]", ROWS, "missing-key", "has no `times`"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, table: str, rows: str, code: str, message: str) -> None:
    found = faults(tmp_path, table, rows)
    assert len(found) == 1, found
    assert found[0][0] == code
    assert message in found[0][1]
    assert found[0][2]
