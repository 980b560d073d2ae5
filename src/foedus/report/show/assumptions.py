"""`foedus show CASE --assumptions`: every number that was put in, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.case import Case, Citation, LocalText
from foedus.case.reads import unread_parameters
from foedus.expr.show import show_expression, show_number
from foedus.expr.tree import Number, Truth
from foedus.frozen import dataclass
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share
from foedus.report.layout import heading, wrap
from foedus.report.phrases.citations import all_parameters
from foedus.report.phrases.names import (
    atom_parts,
    parameter_name,
    plain_name,
    show_citation,
    state_name,
)
from foedus.report.phrases.written import show_written
from foedus.report.show.page import show_indexed

GRADES = ("assumed", "judged", "reported", "measured", "")
"""The grades, what rests on least first; the last one is for starts and weights without a grade."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that was put in: a parameter, the prior of an atom, or a start."""

    kind: str
    name: str
    words: str
    value: str
    grade: str
    because: LocalText
    cites: tuple[Citation, ...]
    mechanism: str | None = None
    is_default: bool = False
    is_read: bool = True
    is_apart: bool = False
    """Whether it has no prior to share with other numbers that only some explanations have."""


def assumptions(case: Case, language: str) -> list[Assumption]:
    """All that was put in, by grade and then by name."""
    apart = _apart(case)
    found = [
        *_parameters(case, language, apart), *_atoms(case, language, apart),
        *_starts(case, language),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (GRADES.index(one.grade), one.kind, one.name))


def _parameters(case: Case, language: str, apart: frozenset[str]) -> Iterator[Assumption]:
    unread = unread_parameters(case)
    for parameter in all_parameters(case):
        spec = parameter.spec
        name = show_indexed(spec.name, [""] * len(spec.groups), spec.groups)
        yield Assumption(
            "parameter", name, _words(spec.name, parameter_name(case, spec.name, language)),
            show_written(parameter, language), parameter.grounds.grade,
            parameter.grounds.because, parameter.grounds.cites, parameter.mechanism,
            parameter.is_default, spec.name not in unread, spec.name in apart,
        )  # fmt: skip


def _apart(case: Case) -> frozenset[str]:
    """Of what `foedus weigh` says that nobody knows how much of the weight comes from it."""
    from foedus.infer.verdict.questionable import without_common_prior
    from foedus.jump.lower import lower

    return frozenset(without_common_prior(case, lower(case)))


def _atoms(case: Case, language: str, apart: frozenset[str]) -> Iterator[Assumption]:
    for belief in case.atoms:
        grounds, prior = belief.grounds, show_share(belief.atom.prior, None, language)
        parts = _words(belief.atom.name, atom_parts(case, belief, language))
        yield Assumption(
            "atom", belief.atom.name, parts, prior, grounds.grade, grounds.because, grounds.cites
        )
        for own in belief.own:
            yield Assumption(
                "parameter", f"{own.spec.name} ({belief.atom.name})",
                _words(own.spec.name, parameter_name(case, own.spec.name, language)),
                show_written(own, language), own.grounds.grade, own.grounds.because,
                own.grounds.cites, is_apart=own.spec.name in apart,
            )  # fmt: skip


def _words(name: str, words: str) -> str:
    """What a name stands for; nothing where that is the name again."""
    return "" if words in (name, plain_name(name)) else words


def _starts(case: Case, language: str) -> Iterator[Assumption]:
    """The starts that rest on something; 0, 1, true and false by themselves say nothing."""
    for variable in case.state.values():
        name, start, grounds = variable.spec.name, variable.spec.start, variable.grounds
        if isinstance(start, Truth | Number) and not (grounds.because or grounds.cites):
            continue
        if not (grounds.grade or grounds.because or grounds.cites):
            continue
        value = show_number(start.value) if isinstance(start, Number) else show_expression(start)
        yield Assumption(
            "state", name, _words(name, state_name(case, name, language)), value, grounds.grade,
            grounds.because, grounds.cites, variable.mechanism,
        )  # fmt: skip


def show_assumptions(case: Case, language: str = "en", width: int = 80) -> str:
    """Every parameter, atom and start by grade, with its reason and its citations."""
    found = assumptions(case, language)
    lines: list[str] = []
    for grade in GRADES:
        chosen = [one for one in found if one.grade == grade]
        if not chosen:
            continue
        lines += heading(
            say(language, f"grade.{grade or 'none'}.heading", count=len(chosen)), width
        )
        for assumption in chosen:
            lines += _show(assumption, language, width)
    return "\n".join(lines[1:]) + "\n" if lines else say(language, "assumptions.none") + "\n"


def _show(assumption: Assumption, language: str, width: int) -> Iterator[str]:
    name = f"{assumption.name} ({assumption.words})" if assumption.words else assumption.name
    text = say(language, f"assumptions.{assumption.kind}", name=name, value=assumption.value)
    if assumption.is_default:
        text += " " + say(language, "assumptions.default")
    elif assumption.mechanism is not None and assumption.kind == "parameter":
        text += " " + say(language, "assumptions.set")
    if not assumption.is_read:
        text += " " + say(language, "assumptions.unread")
    if assumption.is_apart:
        text += " " + say(language, "assumptions.apart")
    yield from wrap(text, width, "  ", "      ")
    if assumption.because:
        yield from wrap(assumption.because.get(language), width, "      ")
    if assumption.cites:
        cites = ", ".join(show_citation(citation, language) for citation in assumption.cites)
        yield from wrap(say(language, "cites", cites=cites), width, "      ")


def assumption_records(case: Case, language: str) -> list[dict[str, object]]:
    """The assumptions for `--json`."""
    return [
        {
            "kind": one.kind, "name": one.name, "words": one.words, "value": one.value,
            "grade": one.grade,
            "because": one.because.get(language), "mechanism": one.mechanism,
            "is_default": one.is_default,
            "is_read": one.is_read, "is_without_common_prior": one.is_apart,
            "cites": [show_citation(citation, language) for citation in one.cites],
        }
        for one in assumptions(case, language)
    ]  # fmt: skip
