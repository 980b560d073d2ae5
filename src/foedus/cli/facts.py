"""Reading a table of dated facts: tolerant of headers, strict about what stands below them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from foedus.dates import UTC, DateError, Period, Zone, format_instant, parse_date, parse_zone
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span
from foedus.text.suggest import list_names

COLUMNS = {
    "id": ("id", "nr", "key", "code", "fact", "fact id", "case id"),
    "date": ("date", "when", "day", "start", "start date", "event date", "date start", "from"),
    "date_end": ("date end", "end", "end date", "until", "to"),
    "precision": ("precision", "date precision", "prec"),
    "known": ("known", "known date", "date known", "reported", "published"),
    "actors": ("actors", "actor", "who", "participants"),
    "event": ("event", "what", "description", "happened", "text", "summary", "fact text"),
    "value": ("value", "number", "figure", "size"),
    "claim_by": ("claim by", "claimed by", "speaker", "according to", "attributed to", "said by"),
    "status": ("status", "verified", "confidence"),
    "source": ("source", "sources", "url", "urls", "link", "links", "citation", "cites"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks"),
    "model_event": ("model event", "event kind", "foedus event"),
}
"""What a column may be called, case, `_` and `-` apart."""

NEEDED = ("date", "event")
MOST_ROWS = 20_000
PRECISIONS = {"day": 10, "month": 7, "year": 4}
_CELL = re.compile(r"\s+")
_ZONE = re.compile(r"T[0-9:]{5,8}([+-][0-9]{2}:[0-9]{2})\Z")


@dataclass(frozen=True, slots=True)
class Fact:
    """A row: what happened, when, when it was known, who is in it, who says so, where it stands."""

    id: str
    at: Period
    known: Period | None
    actors: tuple[str, ...]
    event: str
    value: str
    claim_by: str
    status: str
    sources: tuple[str, ...]
    note: str
    model_event: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """The rows in order of date, the zone of their dates, and the columns not understood."""

    facts: tuple[Fact, ...]
    zone: Zone
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file: its line, its cells by our names for the columns, and theirs."""

    source: Source
    line: int
    cells: dict[str, str]
    headers: dict[str, str]

    def place(self, column: str) -> Span:
        """The cell, or the row if the cell is not found as it is."""
        start = self.source.line_starts[min(self.line, len(self.source.line_starts)) - 1]
        text = self.cells.get(column, "")
        found = self.source.text.find(text, start) if text else -1
        if found >= 0:
            return Span(self.source, found, found + len(text))
        return Span(self.source, start, start + len(self.source.line(self.line)))


def read_facts(source: Source, diagnostics: Diagnostics) -> FactTable | None:
    """The table, or None with every fault noted by row and column."""
    first = source.text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(_rows(source, delimiter, diagnostics))
    except csv.Error as fault:
        message, cure = f"this is no CSV table: {fault}", "save it as CSV, as a spreadsheet does"
        diagnostics.error(Code.BAD_TABLE, Span(source, 0, 0), message, help=cure)
        return None
    seen: dict[str, _Row] = {}
    zone = _zone(rows)
    facts = [_fact(row, number, zone, seen, diagnostics) for number, row in enumerate(rows, 1)]
    if not rows and not diagnostics.has_errors:
        cure = "write a line for each fact below the names of the columns"
        diagnostics.error(Code.BAD_TABLE, Span(source, 0, 0), "the table has no rows", help=cure)
    if diagnostics.has_errors:
        return None
    known = set(rows[0].headers.values())
    unused = tuple(h for h in next(csv.reader([first], delimiter=delimiter)) if h not in known)
    whole = [fact for fact in facts if fact is not None]
    return FactTable(tuple(sorted(whole, key=lambda fact: fact.at.start)), zone, unused)


def _zone(rows: list[_Row]) -> Zone:
    """The zone of dates without one: that of most clock times with one, since both are local."""
    cells = (row.cells.get(column, "") for row in rows for column in ("date", "date_end", "known"))
    zones = Counter(match[1] for cell in cells if (match := _ZONE.search(cell)) is not None)
    for text, _ in zones.most_common(1):
        with suppress(DateError):
            return parse_zone(text)
    return UTC


def _rows(source: Source, delimiter: str, diagnostics: Diagnostics) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(source.text), delimiter=delimiter, strict=True)
    header = next(reader, [])
    headers = _headers(header)
    missing = [column for column in NEEDED if column not in headers]
    if missing:
        diagnostics.error(
            Code.BAD_TABLE,
            Span(source, 0, len(source.line(1))),
            f"no column is called {list_names(missing)}",
            help=f"columns that are understood: {list_names(COLUMNS, 20)}",
        )
        return
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        row = _Row(source, line, {}, headers)
        if len(cells) > len(header):
            message = f"line {line} has {len(cells)} cells where the header has {len(header)}"
            help_text = "put text that holds the separator into double quotes"
            diagnostics.error(Code.BAD_TABLE, row.place(""), message, help=help_text)
        elif line > MOST_ROWS:
            message, cure = f"more than {MOST_ROWS:,} rows", "keep the rows that bear on the case"
            diagnostics.error(Code.BAD_TABLE, row.place(""), message, help=cure)
            return
        elif any(cell.strip() for cell in cells):
            named = dict(zip(header, cells, strict=False))
            row.cells.update({column: named.get(h, "").strip() for column, h in headers.items()})
            yield row


def _headers(header: list[str]) -> dict[str, str]:
    """For each of our columns the first of the table's that goes by one of its names."""
    plain = {
        " ".join(re.split(r"[\s_-]+", name.strip().lower())): name for name in reversed(header)
    }
    return {
        column: plain[alias]
        for column, aliases in COLUMNS.items()
        for alias in reversed(aliases)
        if alias in plain
    }


def _fact(
    row: _Row, number: int, zone: Zone, seen: dict[str, _Row], diagnostics: Diagnostics
) -> Fact | None:
    cells = row.cells
    name = _name(cells.get("id", ""), number)
    first = seen.setdefault(name, row)
    if first is not row:
        message = f"the id `{name}` stands in line {first.line} already"
        _fault(row, "id", message, diagnostics, "give each row an id of its own")
    for column in NEEDED:
        if not cells[column]:
            cure = "fill it in, or remove the row"
            _fault(row, column, "the cell is empty", diagnostics, cure)
    at = _date(row, zone, diagnostics)
    known = _period(row, "known", cells.get("known", ""), zone, diagnostics)
    if at is not None and known is not None and known.end <= at.start:
        cure = "write the date on which it became known, or leave the cell empty"
        _fault(row, "known", "it is known before it happened", diagnostics, cure)
    if at is None:
        return None
    said_by = cells.get("claim_by", "")
    return Fact(
        name, at, known, _parts(cells.get("actors", "")), cells["event"], cells.get("value", ""),
        said_by if _parts(said_by) else "", cells.get("status", ""),
        _parts(cells.get("source", "")), cells.get("note", ""), cells.get("model_event", ""),
    )  # fmt: skip


def _name(text: str, number: int) -> str:
    """The id as a name of the case language."""
    name = "-".join(re.findall("[A-Za-z0-9]+", text))[:60]
    return name if name[:1].isalpha() else f"F{name or number}"


def _parts(text: str) -> tuple[str, ...]:
    pieces = re.split(r"\s*[;|]\s*|\s*\n\s*", text)
    return tuple(dict.fromkeys(_CELL.sub(" ", piece) for piece in pieces if piece.strip()))


def _date(row: _Row, zone: Zone, diagnostics: Diagnostics) -> Period | None:
    """When it happened, as precisely as the row says."""
    precision = row.cells.get("precision", "").lower() or "day"
    if precision not in (*PRECISIONS, "week"):
        words = list_names((*PRECISIONS, "week"))
        cure = "write one of them, or leave the cell empty"
        _fault(row, "precision", f"`{precision}` is none of {words}", diagnostics, cure)
        return None
    start = _period(row, "date", row.cells["date"], zone, diagnostics)
    end = _period(row, "date_end", row.cells.get("date_end", ""), zone, diagnostics)
    if start is None:
        return None
    sides = [_coarse(side, precision, zone) for side in (start, end) if side is not None]
    text = "/".join(dict.fromkeys(sides))
    return _period(row, "date_end" if end else "date", text, zone, diagnostics)


def _coarse(period: Period, precision: str, zone: Zone) -> str:
    """A date written no more finely than the precision says."""
    if period.precision not in ("day", "minute", "second") or precision == "day":
        return period.text
    if precision == "week":
        return format_instant(period.start, zone, "week")
    return period.text[: PRECISIONS[precision] + period.text.startswith("-")]


def _period(
    row: _Row, column: str, text: str, zone: Zone, diagnostics: Diagnostics
) -> Period | None:
    if not text:
        return None
    try:
        return parse_date(text, zone)
    except DateError as fault:
        _fault(row, column, fault.message, diagnostics, fault.help)
    return None


def _fault(row: _Row, column: str, cause: str, diagnostics: Diagnostics, cure: str | None) -> None:
    header = row.headers.get(column, column)
    message = f"line {row.line}, column `{header}`: {cause}"
    diagnostics.error(Code.BAD_TABLE, row.place(column), message, help=cure)
