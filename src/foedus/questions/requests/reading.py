"""Reading a file of requests to be forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from foedus.history.cells import Faults, values_of
from foedus.history.faults import as_diagnostics
from foedus.history.files import blocks, open_file
from foedus.history.formats import Column, Format
from foedus.questions.requests.features import Asked
from foedus.text.diagnostic import Diagnostic

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
    path: Path, covariates: Callable[[Asked], dict[str, float]] | None = None
) -> tuple[list[Asked], tuple[Diagnostic, ...]]:
    """The requests of a CSV file, in its order, and what is wrong with it.

    Other columns are not read: what became of a request can change nothing. A word that the table
    of requests does not know is no fault; capital letters make no other word. Raises `OSError`.
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
        found += _requests(columns)
        rows += block.num_rows
    diagnostics = as_diagnostics(path, opened, LAYOUT, faults)
    if faults.has_errors:
        return [], diagnostics
    if covariates is not None:
        found = [replace(asked, covariates=covariates(asked)) for asked in found]
    return found, diagnostics


def _requests(columns: dict[str, pa.Array]) -> list[Asked]:
    table = pa.table(columns).to_pylist()
    return [
        Asked(
            row["case_id"], row["requester"] or "", row["body"] or "", _word(row["frame"]),
            _word(row["threat"]), _word(row["genuine"]), row["request_date"], row["leader"] or "",
        )
        for row in table
    ]  # fmt: skip


def _word(cell: str | None) -> str:
    return (cell or "").lower()
