"""`foedus sources`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from foedus.case.case import Citation
from foedus.case.find import find_case
from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS, FINE
from foedus.cli.holding import Held, hold
from foedus.cli.output import tell, write, write_json
from foedus.cli.reading import open_case
from foedus.evidence.locators import LocatorFault
from foedus.text.diagnostic import Diagnostic, Diagnostics
from foedus.text.render import as_json as diagnostics_json
from foedus.text.render import as_text, counted, wants_colour


@click.command()
@options.case_argument
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the documents are; the case's own folder is looked into, too.",
)  # fmt: skip
@options.as_json
def command(case: str, folder: Path | None, as_json: bool) -> None:
    """Verify that what is cited by its place stands there, letter for letter.

    Also lists the sentences of each commentary that nothing in the case carries. No words of a
    document are printed, only places. Exits with 1 if anything fails.
    """
    opened = open_case(case, json=as_json)
    path = find_case(case, Diagnostics())
    own = [] if path is None else [path.parent]
    diagnostics = Diagnostics()
    held = hold(opened, [*([] if folder is None else [folder]), *own], diagnostics)
    found = diagnostics.in_order()
    if as_json:
        write_json({"case": opened.name, **records(held, found)})
    else:
        tell(as_text(found, colour=wants_colour(sys.stderr)))
        write(summary(held))
    raise click.exceptions.Exit(CASE_HAS_ERRORS if diagnostics.has_errors else FINE)


def summary(held: Iterable[Held]) -> str:
    """A line for each document that is cited by places."""
    lines = [f"{one.document.name}: {_counted(one)}\n" for one in held]
    return "".join(lines) or "nothing is cited by its place in a text\n"


def _counted(held: Held) -> str:
    passages = counted(len(held.citings), "passage")
    report = held.report
    if report is None:
        return f"{passages}, not verified"
    wrong = sum(fault is not None for fault in report.faults)
    sentences = counted(len(report.sentences), "sentence")
    return f"{passages}, {wrong} wrong; {len(report.uncovered)} of {sentences} not carried"


def records(held: Iterable[Held], found: Sequence[Diagnostic]) -> dict[str, object]:
    """What was found, for `--json`."""
    documents = [_document_record(one) for one in held]
    return {"documents": documents, **json.loads(diagnostics_json(found))}


def _document_record(held: Held) -> dict[str, object]:
    report = held.report
    record: dict[str, object] = {
        "source": held.document.name,
        "file": held.document.file,
        "is_found": report is not None,
        "is_unchanged": report is not None and report.is_unchanged,
    }
    faults = [None] * len(held.citings) if report is None else list(report.faults)
    record["passages"] = [
        _passage_record(by, citation, fault, report is not None)
        for (by, citation), fault in zip(held.citings, faults, strict=True)
    ]
    record["sentences"] = 0 if report is None else len(report.sentences)
    uncovered = () if report is None else report.uncovered
    record["uncovered"] = [{"start": start, "end": end} for start, end in uncovered]
    return record


def _passage_record(
    by: str, citation: Citation, fault: LocatorFault | None, is_found: bool
) -> dict[str, object]:
    moved = None if fault is None else fault.moved_to
    return {
        "by": by,
        "start": citation.start,
        "end": citation.end,
        "holds": is_found and fault is None,
        "fault": None if fault is None else fault.kind,
        "moved_to": None if moved is None else {"start": moved[0], "end": moved[1]},
    }
