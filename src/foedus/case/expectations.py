"""A file of expectations: what the author of a case says its answers must come out as.

It stands beside the case, `case.expect.yaml` beside `case.yaml`. A case whose numbers are edited is
then held to what is known of it, in the subject's terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from foedus.case.case import Case
from foedus.case.draft import local_text, number
from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.grammar.expect import EXPECT
from foedus.case.grounds import LocalText
from foedus.case.node import Mapping, Scalar
from foedus.case.reader import parse_yaml, read_source
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names

ENDING = ".expect.yaml"
PLACES = key_places(EXPECT, key_places(CASE))


@dataclass(frozen=True, slots=True)
class World:
    """Where an answer is looked at: with which decision changed, and which parameters fixed."""

    what_if: str | None
    settings: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the answer to a question must lie between, in the numbers of the JSON contract."""

    question: str
    explanation: str | None
    world: World
    low: float | None
    high: float | None
    because: LocalText
    line: int


def expectations_beside(case: Path) -> Path:
    """The file of expectations of a case, whether it is there or not."""
    return case.with_name(f"{case.stem}{ENDING}")


def read_expectations(
    case: Case, path: Path, shown: str, diagnostics: Diagnostics
) -> tuple[Expectation, ...]:
    """The expectations in a file; what is wrong with it is noted."""
    source = read_source(path, shown, diagnostics)
    root = None if source is None else parse_yaml(source, diagnostics)
    if root is None:
        if source is not None and not diagnostics.has_errors:
            cure = "list expectations under `expect:`, or remove the file"
            diagnostics.error(Code.BAD_YAML, Span(source, 0, 0), "the file is empty", help=cure)
        return ()
    fitted = fit(root, EXPECT, diagnostics, PLACES)
    nodes = fitted.items("expect") if isinstance(fitted, Mapping) else ()
    found = (_read(node, case, diagnostics) for node in nodes if isinstance(node, Mapping))
    return tuple(one for one in found if one is not None)


def _read(node: Mapping, case: Case, diagnostics: Diagnostics) -> Expectation | None:
    known = {
        "question": tuple(case.questions),
        "explanation": (*case.explanations, *case.sets),
        "what-if": tuple(case.what_ifs),
    }
    names = {key: node.scalar(key) for key in known}
    is_known = [
        name is None or _is_known(name, key, known[key], diagnostics) for key, name in names.items()
    ]
    settings = []
    for entry in node.mapping("set"):
        is_known.append(_is_known(entry.key, "parameter", case.parameters, diagnostics))
        value = number(entry.value)
        if value is not None:
            settings.append((entry.key.text, value))
    low, high = number(node.get("at-least")), number(node.get("at-most"))
    question = names["question"]
    if question is None or not all(is_known) or not _has_bounds(node, low, high, diagnostics):
        return None
    texts = {key: None if name is None else name.text for key, name in names.items()}
    return Expectation(
        question.text, texts["explanation"], World(texts["what-if"], tuple(settings)), low, high,
        local_text(node.get("because")), question.span.line,
    )  # fmt: skip


def _is_known(name: Scalar, what: str, known: Iterable[str], diagnostics: Diagnostics) -> bool:
    every = tuple(known)
    if name.text in every:
        return True
    near = closest(name.text, every)
    cure = f"write `{near}`" if near else f"the case has {list_names(every) or 'none'}"
    code = Code.UNKNOWN_PARAMETER if what == "parameter" else Code.UNKNOWN_NAME
    diagnostics.error(code, name.span, f"no {what} is called `{name.text}`", help=cure)
    return False


def _has_bounds(
    node: Mapping, low: float | None, high: float | None, diagnostics: Diagnostics
) -> bool:
    entry = node.entry("at-most")
    if low is not None and high is not None and low > high and entry is not None:
        message = f"nothing is at least {low:g} and at most {high:g}"
        diagnostics.error(
            Code.BAD_NUMBER, entry.value.span, message, help="put the smaller number first"
        )
        return False
    if low is None and high is None:
        diagnostics.error(
            Code.MISSING_KEY,
            node.span,
            "an expectation needs a bound",
            help="add `at-least:` or `at-most:`, or both",
        )
        return False
    return True
