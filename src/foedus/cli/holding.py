"""Holding the citations of a case to the documents in a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from foedus.case.case import Case, Citation, Document
from foedus.case.reader import read_bytes
from foedus.evidence.locators import (
    DocumentReport,
    Locator,
    LocatorFault,
    Position,
    Quotation,
    verify_document,
)
from foedus.frozen import dataclass
from foedus.report.phrases.citations import citings
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest

LARGEST_DOCUMENT = 50_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """A document, what cites it by a place in its text, and what came of looking there.

    `report` is None if the document could not be read.
    """

    document: Document
    citings: tuple[tuple[str, Citation], ...]
    report: DocumentReport | None

    @property
    def is_subject(self) -> bool:
        """Whether the case is the case of this document, so that all of it should be carried."""
        return self.document.kind == "commentary"


def hold(case: Case, folders: Sequence[Path], diagnostics: Diagnostics) -> tuple[Held, ...]:
    """The documents that are cited by places, held to what is found in the folders.

    What fails is noted, rows of tables that are cited but not there included. A sentence is covered
    by what cites it, except by background, and by a statement that nothing but background carries.
    """
    carried = {
        statement.id: any(kind != "background" for kind, _ in statement.carried_by)
        for statement in case.statements
    }
    by_source: dict[str, list[tuple[str, Citation, Locator]]] = {}
    for kind, name, citation in citings(case):
        covers = carried[name] if kind == "statement" else kind != "background"
        locator = _locator(citation, covers)
        if locator is not None:
            by_source.setdefault(citation.source, []).append((f"{kind} {name}", citation, locator))
    _verify_rows(case, folders, diagnostics)
    found: list[Held] = []
    for source, cited in by_source.items():
        document = case.sources[source]
        locators = [locator for _, _, locator in cited]
        report = _verify(document, locators, folders, diagnostics)
        held = Held(document, tuple((by, citation) for by, citation, _ in cited), report)
        found.append(held)
        if report is not None:
            _note(held, report, diagnostics)
    return tuple(found)


def _locator(citation: Citation, covers: bool) -> Locator | None:
    if citation.start is not None and citation.end is not None:
        return Position(citation.start, citation.end, citation.sha256, covers)
    return None if citation.quote is None else Quotation(*citation.quote, covers)


def _place(document: Document) -> Span:
    assert document.span is not None  # what is read from a file has a place
    return document.span


def _verify(
    document: Document, locators: list[Locator], folders: Sequence[Path], diagnostics: Diagnostics
) -> DocumentReport | None:
    """Look into the document; None, with the reason noted, if that cannot be done."""
    if not document.file:
        diagnostics.error(
            Code.FILE_UNREADABLE,
            _place(document),
            f"`{document.name}` is cited by places in its text, but names no `file`",
            help="add `file:` with the name that the text has in the folder of documents",
        )
        return None
    path = _find(document.file, folders)
    try:
        if path is None:
            raise FileNotFoundError(None, "there is no such file in the folder of documents")
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise OSError(None, f"it is larger than {LARGEST_DOCUMENT:,} bytes")
        return verify_document(path.read_bytes(), document.sha256, locators)
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8 text"
        diagnostics.error(
            Code.FILE_UNREADABLE,
            _place(document),
            f"`{document.file}` cannot be read: {reason.lower()}",
            help="give the folder that holds the documents with `--dir`",
        )
    return None


def _verify_rows(case: Case, folders: Sequence[Path], diagnostics: Diagnostics) -> None:
    """Look up rows that are cited by their first cell, as `facts#K16`, in tables in the folders."""
    tables: dict[str, frozenset[str] | None] = {}
    for kind, name, citation in citings(case):
        document = case.sources[citation.source]
        span, row = citation.span, citation.row
        if span is None or not row:
            continue
        if not document.file.endswith(".csv"):
            continue
        if document.name not in tables:
            path = _find(document.file, folders)
            tables[document.name] = None if path is None else _first_cells(path)
        rows = tables[document.name]
        if rows is None or row in rows:
            continue
        near = closest(row, sorted(rows))
        diagnostics.error(
            Code.CITATION_OUTSIDE_DOCUMENT,
            span,
            f"the {kind} `{name}` cites the row `{row}`, which `{document.file}` lacks",
            help=f"write `{document.name}#{near}`" if near else "cite a row by its first cell",
        )


def _first_cells(path: Path) -> frozenset[str] | None:
    try:
        text = read_bytes(path, LARGEST_DOCUMENT).decode("utf-8-sig")
        return frozenset(row[0] for row in csv.reader(io.StringIO(text)) if row)
    except (OSError, ValueError, csv.Error):
        return None  # a table that cannot be read is no fault of what cites it


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    """The file in the first folder that holds it; no name leads out of a folder."""
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    return None


def _note(held: Held, report: DocumentReport, diagnostics: Diagnostics) -> None:
    document = held.document
    if not report.is_unchanged:
        diagnostics.error(
            Code.CITATION_DIGEST_MISMATCH,
            _place(document),
            f"`{document.file}` is not the file that was cited: its digest differs",
            help="compare the passages, then write the new digest in `sha256:`",
        )
    for (by, citation), fault in zip(held.citings, report.faults, strict=True):
        if fault is not None:
            _note_fault(by, citation, fault, document, diagnostics)
    for start, end in report.uncovered if held.is_subject else ():
        diagnostics.error(
            Code.UNCOVERED_SENTENCE,
            _place(document),
            f"nothing in the case carries the sentence at {start}..{end} of `{document.name}`",
            help=f"let an element cite it: {{source: {document.name}, start: {start}, end: {end}, "
            "sha256: ...}",
        )


def _note_fault(
    by: str, citation: Citation, fault: LocatorFault, document: Document, diagnostics: Diagnostics
) -> None:
    kind, _, name = by.partition(" ")
    where = f"the {kind} `{name}` cites `{document.name}`"
    messages = {
        "outside": "past its end",
        "no-digest": "by a position without a digest",
        "wrong-digest": "at a place that reads otherwise",
        "many-sentences": "by more than one sentence",
        "not-found": "in words that do not stand there",
        "ambiguous": "in words that stand there more than once",
    }
    helps = {
        "no-digest": "add `sha256:` with the first 16 hex digits of the passage's digest",
        "many-sentences": "cite each sentence by itself",
        "ambiguous": "add what stands before and after, as `prefix:` and `suffix:`",
    }
    help_text = helps.get(fault.kind, "the passage was not found anywhere else")
    if fault.moved_to is not None:
        help_text = "the passage now stands at start: {}, end: {}".format(*fault.moved_to)
    mismatch = fault.kind in ("wrong-digest", "no-digest")
    diagnostics.error(
        Code.CITATION_DIGEST_MISMATCH if mismatch else Code.CITATION_OUTSIDE_DOCUMENT,
        citation.span or _place(document),
        f"{where} {messages[fault.kind]}",
        help=help_text,
    )
