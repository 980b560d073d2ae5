"""Reading a file of requests to be forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from foedus.history.cells import Fault, Faults, values_of
from foedus.history.faults import as_diagnostics
from foedus.history.files import blocks, open_file
from foedus.history.formats import Column, Format
from foedus.history.requests import PRECISIONS, possible_days
from foedus.questions.requests.features import Asked
from foedus.text.diagnostic import Diagnostic
from foedus.text.suggest import closest, list_names

COLUMNS = (
    Column("case_id", "text"),
    Column("requester", "text", blank=True),
    Column("body", "text", blank=True),
    Column("frame", "text", blank=True),
    Column("threat", "text", blank=True),
    Column("genuine", "text", blank=True),
    Column("request_date", "date", blank=True, form="%Y-%m-%d|%Y-%m|%Y"),
    Column("request_prec", "text", blank=True),
    Column("leader", "text", blank=True),
)
LAYOUT = Format("requests", "requests to be forecast", "1", "", "", COLUMNS)


def read_requests(
    path: Path, covariates: Callable[[Asked], Asked] | None = None
) -> tuple[list[Asked], tuple[Diagnostic, ...]]:
    """The requests of a CSV file, in its order, and what is wrong with it.

    Other columns are not read: what became of a request can change nothing. A word that the table
    of requests does not know is no fault; capital letters make no other word. Two rows of one
    `case_id` are two requests, with a warning. Raises `OSError`.
    """
    faults = Faults()
    opened = open_file(path, LAYOUT, "utf-8", faults, other_encoding="save it as UTF-8")
    if opened is None:
        return [], as_diagnostics(path, None, LAYOUT, faults)
    found: list[Asked] = []
    rows = 0
    for block in blocks(opened, LAYOUT, faults, None):
        columns = {
            column.name: values_of(column, block.column(column.name), rows, faults)
            for column in COLUMNS
        }
        _verify_precisions(columns["request_prec"], rows, faults)
        if not faults.has_errors:
            found += _requests(columns, block.column("request_date"))
        rows += block.num_rows
    if not rows:
        cause, cure = (
            "the file has no requests",
            "write one in each row, below the names of columns",
        )
        faults.add(Fault(None, "", cause, cure, is_error=False))
    _warn_of_doubles(found, faults)
    diagnostics = as_diagnostics(path, opened, LAYOUT, faults)
    if faults.has_errors:
        return [], diagnostics
    if covariates is not None:
        found = [covariates(asked) for asked in found]
    return found, diagnostics


def _warn_of_doubles(found: Sequence[Asked], faults: Faults) -> None:
    """Note the requests that are called as an earlier one."""
    first: dict[str, int] = {}
    for row, asked in enumerate(found):
        before = first.setdefault(asked.case_id, row)
        if before != row:
            cause = f"`{asked.case_id}` stands in row {before + 1}, too"
            cure = "both are forecast, in the order of the rows; give each a name of its own"
            faults.add(Fault(row, "case_id", cause, cure, is_error=False), "double")


def _verify_precisions(precisions: pa.Array, first_row: int, faults: Faults) -> None:
    """Note every precision of a date that is none; an empty cell is as precise as its date."""
    bad = [word is not None and word.lower() not in PRECISIONS for word in precisions.to_pylist()]

    def name(index: int) -> Fault:
        near = closest(precisions[index].as_py(), PRECISIONS)
        cure = f"write `{near}`" if near else f"possible are {list_names(PRECISIONS)}"
        cause = f"`{precisions[index]}` is no precision of a date"
        return Fault(first_row + index, "request_prec", cause, cure)

    faults.add_where(np.array(bad, np.bool_), first_row, "no precision", name)


def _requests(columns: dict[str, pa.Array], dates: pa.Array) -> list[Asked]:
    """The requests of a block; `dates` are the dates as written."""
    table = pa.table(columns).to_pylist()
    return [
        _request(row, written or "") for row, written in zip(table, dates.to_pylist(), strict=True)
    ]


def _request(row: dict[str, Any], written: str) -> Asked:
    first, last = row["request_date"], None
    if first is not None:
        first, last = possible_days(first, _precision(written, _word(row["request_prec"])))
    return Asked(
        row["case_id"], row["requester"] or "", row["body"] or "", _word(row["frame"]),
        _word(row["threat"]), _word(row["genuine"]), first, row["leader"] or "",
        None if last == first else last,
    )  # fmt: skip


def _precision(written: str, said: str) -> str:
    """How precise a date is: as it is written, or less so if that is said."""
    as_written = ("year", "month", "day")[written.count("-")]
    return max(as_written, said or as_written, key=PRECISIONS.__getitem__)


def _word(cell: str | None) -> str:
    return (cell or "").lower()
