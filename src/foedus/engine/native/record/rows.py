"""The history of a run as a table: a row for each firing of a clock of which the record tells.

A row has what `conditioned/history.Ring` has, each in eight bytes; the rows of an instance are
linked in order. The room for them is the caller's, as long as a run and its other worlds take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.engine.native.ir import Function
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.engine.conditioned.prepared import Conditioned
    from foedus.engine.native.memory import Memory

CELLS = ("instance", "next", "taken", "time", "gap", "used", "moved", "whole")
"""What stands first in a row; then the utilities of options, then the draws that were measured."""

WHOLE = CELLS[:3]

OPEN, FRESH = "-1", "-2"
"""In place of an instance's next row: what was still open comes next, or what is drawn anew."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where utilities begin in a row, where measured draws do, and how long it is."""

    utilities: int
    measured: int
    width: int


def rows_of(conditioned: Conditioned) -> Rows:
    """Rows that fit every kind of which the record tells."""
    kinds = conditioned.prepared.model.kinds
    told = conditioned.grouping.by_kind
    options = max((len(kinds[number].options) for number in told), default=0)
    draws = max((len(measured_of(conditioned, number)) for number in told), default=0)
    first = len(CELLS)
    return Rows(first, first + options, first + options + draws)


def measured_of(conditioned: Conditioned, kind: int) -> tuple[str, ...]:
    """The draws of a kind that some item has measured, in the order of their places in a row."""
    items = [item for one in conditioned.grouping.by_kind.get(kind, ()) for item in one.items]
    names = (name for item in items for name, _ in conditioned.record.sightings[item].draws)
    return tuple(dict.fromkeys(names))


def add_history(memory: Memory, conditioned: Conditioned) -> None:
    """Room for where a history stands, and for what is worked out with it."""
    instances, rows = len(conditioned.prepared.instances), rows_of(conditioned)
    for name in ("rows", "rows_room", "rows_used", "row"):
        memory.add(name, "i64", 1)
    memory.add("is_scripted", "i8", 1)
    memory.add("first_row", "i64", instances)
    memory.add("next_row", "i64", instances)
    memory.add("open_gap", "double", instances)
    memory.add("utilities", "double", rows.measured - rows.utilities)
    memory.add("units", "double", rows.measured - rows.utilities)


def address_of(memory: Memory, code: Function, number: str, rows: Rows) -> str:
    """The address of a row."""
    base = code.load("ptr", memory.cell(code, "rows", 0))
    return code.at(base, f"[{rows.width} x i64]", number)


def cell(code: Function, row: str, name: str) -> str:
    """The address of a cell that every row has."""
    return code.at(row, "i64", str(CELLS.index(name)))


def load_cell(code: Function, row: str, name: str) -> str:
    """What stands in a cell that every row has."""
    return code.load("i64" if name in WHOLE else "double", cell(code, row, name))


def store_cell(code: Function, row: str, name: str, value: str) -> None:
    """Set a cell that every row has."""
    code.store("i64" if name in WHOLE else "double", value, cell(code, row, name))
