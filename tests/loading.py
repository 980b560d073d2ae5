"""Cases for tests: from a file or from text, with every fault an assertion."""

from __future__ import annotations

from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import check_case, parse_case
from foedus.case.reader import read_source
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.text.diagnostic import Diagnostics
from foedus.text.render import as_text
from foedus.text.source import Source


def try_case(source: Source, folder: Path | None = None) -> tuple[Case | None, Diagnostics]:
    """The case of a text, or None, and what was found on the way."""
    diagnostics = Diagnostics()
    file = parse_case(source, folder, diagnostics)
    return (None if file is None else check_case(file, diagnostics)), diagnostics


def case_of(text: str, folder: Path | None = None, name: str = "case.yaml") -> Case:
    """The case that a text means; any fault, even a warning, fails the test."""
    case, diagnostics = try_case(Source(name, text), folder)
    assert not diagnostics.found, as_text(diagnostics.in_order())
    assert case is not None
    return case


def warned_case(text: str, folder: Path | None = None) -> Case:
    """The case that a text means, whatever it is warned of; an error fails the test."""
    case, diagnostics = try_case(Source("case.yaml", text), folder)
    assert case is not None, as_text(diagnostics.in_order())
    return case


def case_at(path: Path) -> Case:
    """The case in a file."""
    source = read_source(path, path.name, Diagnostics())
    assert source is not None
    return case_of(source.text, path.parent, path.name)


def model_at(path: Path) -> JumpModel:
    """The jump model of the case in a file."""
    return lower(case_at(path))


def faults_of(text: str) -> list[tuple[str, int, str, str]]:
    """What is wrong with a text: slug, line, message and help, in order."""
    _, diagnostics = try_case(Source("case.yaml", text))
    return [
        (one.code.value, one.primary.span.line, one.message, one.help or "")
        for one in diagnostics.in_order()
    ]
