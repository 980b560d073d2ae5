"""What is wrong with a data file, as diagnostics: file, line, row, column, cause, cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from foedus.history.cells import Fault, Faults
from foedus.history.files import Opened, lines_of
from foedus.history.formats import Format
from foedus.text.diagnostic import MOST_FAULTS, Diagnostic, Label
from foedus.text.source import Source, Span


@dataclass(frozen=True, eq=False)
class Excerpt(Source):
    """A few lines of a file that is too large to be held: line numbers begin at `first`."""

    first: int = field(default=1)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line of the file and column of an offset in the excerpt."""
        line, column = super().line_and_column(offset)
        return line + self.first - 1, column

    def line(self, number: int) -> str:
        """The text of a line of the file."""
        return super().line(number - self.first + 1)


def as_diagnostics(
    path: Path, opened: Opened | None, form: Format, faults: Faults
) -> tuple[Diagnostic, ...]:
    """All that is wrong with a file, in order of its rows; what repeats is counted."""
    rows = {fault.row for _, fault in faults.named if fault.row is not None}
    lines = {} if opened is None else lines_of(opened, form, rows)
    unnamed = dict(faults.counts)
    for kind, fault in faults.named:
        unnamed[fault.column, kind] -= 1
    found = []
    for kind, fault in reversed(faults.named):  # the last of a kind says how many more there are
        more = unnamed.pop((fault.column, kind), 0)
        found.append((fault.row, _diagnostic(str(path), fault, more, opened, form, lines)))
    found.reverse()
    found.sort(key=lambda item: -1 if item[0] is None else item[0])
    return tuple(diagnostic for _, diagnostic in found[:MOST_FAULTS])


def _diagnostic(
    name: str,
    fault: Fault,
    more: int,
    opened: Opened | None,
    form: Format,
    lines: dict[int, tuple[int, str, list[str]]],
) -> Diagnostic:
    where = "" if fault.row is None else f"row {fault.row + 1}"
    if fault.column and fault.row is not None:
        where += f", column `{fault.column}`"
    message = f"{where}: {fault.cause}" if where else fault.cause
    message += f" (and in {more} more rows)" if more else ""
    span = Span(Source(name, ""), 0, 0)
    if fault.row is not None and fault.row in lines and opened is not None:
        first, text, cells = lines[fault.row]
        start, end = _cell_place(text, cells, fault.column, opened, form.separator)
        span = Span(Excerpt(name, text, first), start, end)
    return Diagnostic(fault.code, message, Label(span), help=fault.cure, is_error=fault.is_error)


def _cell_place(
    text: str, cells: list[str], column: str, opened: Opened, separator: str
) -> tuple[int, int]:
    """Where the cell of a column stands in the text of its row; the row if that is not plain."""
    written = [
        place for place, name in enumerate(opened.header) if opened.names.get(name) == column
    ]
    if not written or written[0] >= len(cells):
        return 0, len(text)
    start = 0
    for cell in cells[: written[0]]:
        start = text.find(cell, start) + len(cell)
        start = text.find(separator, start) + 1
    cell = cells[written[0]]
    place = text.find(cell, start)
    return (place, place + len(cell)) if cell and place >= 0 else (start, start)
