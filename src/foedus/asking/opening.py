"""From a case's name to the case, and from the case to its mathematics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import CaseFile, check_case, parse_case
from foedus.case.constants import with_constants
from foedus.case.find import SHIPPED, find_case
from foedus.case.priors import verify_priors_are_read, with_priors, written_odds
from foedus.case.reader import read_source
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.text.diagnostic import CaseError, Diagnostic, Diagnostics


def read(
    name: str,
    settings: Mapping[str, float] | None = None,
    replaced: Mapping[str, str] | None = None,
    priors: str | Path | None = None,
) -> tuple[Case | None, tuple[Diagnostic, ...]]:
    """A case, or None, with all there is to say about it.

    Of `settings` only constants of the case are used here: see `parameters_in_days`. `replaced`
    puts other mechanisms in the place of those in use, by prefix. Where the file of `priors` has
    others of atoms, atoms know both (`Atom.written`).
    """
    diagnostics = Diagnostics()
    file = own = parse(name, diagnostics)
    if file is not None and priors is not None:
        file = with_priors(file, Path(priors), diagnostics)
    case = None
    if file is not None:
        case = check_case(with_constants(file, settings or {}), diagnostics, replaced)
    if case is not None and own is not None and priors is not None:
        case = _with_written_odds(case, own)
        verify_priors_are_read(case, Path(priors), diagnostics)
        case = None if diagnostics.has_errors else case
    return case, diagnostics.in_order()


def _with_written_odds(case: Case, own: CaseFile) -> Case:
    """A case with the priors of atoms that its own file has, where they are not the same."""
    written = written_odds(own)
    if not written or all(written[one.atom.name] == one.atom.prior for one in case.atoms):
        return case
    atoms = tuple(
        replace(one, atom=replace(one.atom, written=written[one.atom.name])) for one in case.atoms
    )
    return replace(case, atoms=atoms)


def parse(name: str, diagnostics: Diagnostics) -> CaseFile | None:
    """A case file by path or shipped name, of the right shape, nothing resolved."""
    path = find_case(name, diagnostics)
    if path is None:
        return None
    is_shipped = SHIPPED in path.parents
    shown = f"{path.parent.name}/{path.name}" if is_shipped else str(path)
    source = read_source(path, shown, diagnostics)
    return None if source is None else parse_case(source, path.parent, diagnostics)


def load(
    name: str | Path,
    settings: Mapping[str, float] | None = None,
    replaced: Mapping[str, str] | None = None,
    priors: str | Path | None = None,
) -> Case:
    """A case by its path or shipped name. Raises `CaseError` with all diagnostics.

    `settings` may change constants of the case, such as the size of a group declared by number;
    `priors` is a file of priors to use instead of the case's own.
    """
    case, diagnostics = read(str(name), settings, replaced, priors)
    if case is None:
        raise CaseError(diagnostics)
    return case


def build(case: Case) -> JumpModel:
    """The jump model of a case: its mathematics."""
    return lower(case)
