"""From a case file to a case: read every section, resolve every name, then ask what is wrong.

`foedus.case.assemble` reads the sections in the order of their dependence; the checks on the
finished case are the functions in `foedus.case.checks.CHECKS`, one file each.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from contextlib import suppress
from pathlib import Path

from foedus.case.assemble import is_whole, read_case
from foedus.case.case import Case
from foedus.case.checks import examine, examine_runs
from foedus.case.draft import Draft, read_date
from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.node import Entry, Mapping
from foedus.case.reader import parse_yaml
from foedus.case.texts import with_texts
from foedus.dates import UTC, Clock, DateError, parse_zone
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import (
    MOST_PLACES,
    OF_NAMES,
    Diagnostic,
    Diagnostics,
    TooManyFaultsError,
)
from foedus.text.source import Source, Span

LANGUAGE_VERSION = 1


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file as written: its nodes with their places, of the right shape, nothing resolved."""

    source: Source
    root: Mapping
    folder: Path | None


def parse_case(source: Source, folder: Path | None, diagnostics: Diagnostics) -> CaseFile | None:
    """The file's nodes, structural faults noted; with the texts of the file beside it.

    Never raises on user text.
    """
    root = parse_yaml(source, diagnostics)
    if root is None:
        if not diagnostics.has_errors:
            diagnostics.error(
                Code.BAD_YAML,
                Span(source, 0, 0),
                "the file is empty",
                help="start with `foedus new NAME`",
            )
        return None
    fitted = None
    with suppress(TooManyFaultsError):
        fitted = fit(root, CASE, diagnostics, key_places(CASE))
        if isinstance(fitted, Mapping):
            fitted = with_texts(fitted, CASE, folder, diagnostics)
    return CaseFile(source, fitted, folder) if isinstance(fitted, Mapping) else None


def check_case(
    file: CaseFile, diagnostics: Diagnostics, replaced: MappingOf[str, str] | None = None
) -> Case | None:
    """The case as meant, or None with every fault noted.

    `replaced` puts another mechanism in the place of one in use, by prefix. Of what can be proved
    without running, only that is then asked without which no run can go on: it is no fault of a
    case if a what-if leaves a part unused.
    """
    draft = Draft(
        file.source, file.root, file.folder, diagnostics, case_name=file.root.text("case")
    )
    with suppress(TooManyFaultsError):
        _read_version(draft)
        _read_clock(draft)
        is_fit = not diagnostics.has_errors
        case = read_case(draft, replaced or {})
        if case is None or not is_fit or not is_whole(draft, case):
            return None
        if replaced:
            examine_runs(case, diagnostics)
        else:
            examine(case, diagnostics)
            if not diagnostics.has_errors:
                _check_replaced(file, case, diagnostics)
        return None if diagnostics.has_errors else case
    return None


def _check_replaced(file: CaseFile, case: Case, diagnostics: Diagnostics) -> None:
    """Check the worlds in which what-ifs put other mechanisms in the place of those in use."""
    checked: set[tuple[tuple[str, str], ...]] = set()
    for entry in file.root.mapping("what-if"):
        replaces, node = case.what_ifs[entry.key.text].replaces, entry.value
        if replaces and replaces not in checked and isinstance(node, Mapping):
            checked.add(replaces)
            found = Diagnostics()
            check_case(file, found, dict(replaces))
            faults = [fault for fault in found.in_order() if fault.is_error]
            if faults:
                _report_replaced(node.mapping("replace")[0], faults, diagnostics)


def _report_replaced(
    replacement: Entry, faults: list[Diagnostic], diagnostics: Diagnostics
) -> None:
    """Note that another mechanism does not fit, and where that shows."""
    first, code = faults[0], faults[0].code
    diagnostics.error(
        Code.MECHANISM_OFFER if code in OF_NAMES else code,
        replacement.value.span,
        f"with this mechanism as `{replacement.key.text}`, {first.message}",
        help="name a mechanism that goes with all that is shown here, or change that",
        other=[(one.primary.span, one.message) for one in faults[: MOST_PLACES + 1]],
    )


def _read_version(draft: Draft) -> None:
    node = draft.root.scalar("foedus")
    if node is not None and node.text != str(LANGUAGE_VERSION):
        draft.diagnostics.error(
            Code.UNKNOWN_VERSION,
            node.span,
            f"version {node.text} of the language is not known",
            help=f"write `foedus: {LANGUAGE_VERSION}`",
        )


def _read_clock(draft: Draft) -> None:
    node = draft.root.get("clock")
    if not isinstance(node, Mapping):
        return
    zone = node.scalar("zone")
    try:
        draft.zone = UTC if zone is None else parse_zone(zone.text)
    except DateError as fault:
        if zone is not None:
            draft.diagnostics.error(Code.BAD_DATE, zone.span, fault.message, help=fault.help)
    start, end = read_date(node.get("start"), draft), read_date(node.get("end"), draft)
    place = node.get("end")
    if start is None or end is None or place is None:
        return
    if end.end <= start.start:
        draft.diagnostics.error(
            Code.DATES_REVERSED,
            place.span,
            "the clock ends before it starts",
            help=f"write a date after {start.text}",
        )
        return
    draft.clock = Clock(start.start, end.end, draft.zone)
