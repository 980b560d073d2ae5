"""One what-if within the whole job: what it changes, in few lines and as a part of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foedus.case.case import Case
from foedus.frozen import dataclass
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.questions.worlds import Comparison
from foedus.report.findings import decided_finding
from foedus.report.language.catalogue import say
from foedus.report.layout import heading, wrap
from foedus.report.phrases.answer_text import measure_of
from foedus.report.phrases.differences import is_clear, show_both, show_compared
from foedus.report.phrases.kept_words import when_made
from foedus.report.phrases.names import question_name
from foedus.report.phrases.precedents import show_precedents
from foedus.report.what_if.what_if import level_of, name_of, warnings

MOST = 5
"""Changes that are told; all of them stand on the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question in both worlds, in words."""

    question: str
    factual: str
    changed: str
    difference: str


def what_if_in_short(
    case: Case, found: Change | OtherWorld, language: str = "en", width: int = 80
) -> Iterator[str]:
    """The main answer in both worlds, and what else clearly changes."""
    yield from heading(title_of(case, found, language), width)
    for sentence in _first(case, found, language):
        yield from wrap(sentence, width)
    rows = rows_of(case, found, language)
    for row in rows[: MOST + 1]:
        yield from wrap(row.question, width)
        moved = {"factual": row.factual, "changed": row.changed, "difference": row.difference}
        yield from wrap(say(language, "what-if.short", **moved), width, "    ")
    for sentence in _last(case, found, len(rows) - MOST - 1, language):
        yield from wrap(sentence, width)


def what_if_part(case: Case, found: Change | OtherWorld, language: str) -> dict[str, Any]:
    """The same for the page, with every clear change."""
    return {
        "name": found.what_if,
        "title": _found(case, found, language),
        "first": list(_first(case, found, language)),
        "rows": rows_of(case, found, language),
        "last": list(_last(case, found, 0, language)),
    }


def _found(case: Case, found: Change | OtherWorld, language: str) -> str:
    """What the what-if does to the main answer, as it heads a part that says "What if" above it."""
    told = decided_finding(case, found.questions, language)
    what_if = name_of(case, found.what_if, language)
    return say(language, "finding.what-if", what_if=what_if, found=told) if told else what_if


def title_of(case: Case, found: Change | OtherWorld, language: str) -> str:
    """The what-if, as it heads the part."""
    return say(language, "what-if.title", what_if=name_of(case, found.what_if, language))


def rows_of(case: Case, found: Change | OtherWorld, language: str) -> list[Row]:
    """The case's first question, then all that clearly changes, what the decision settles last."""
    answered = [one for one in found.questions if one.difference.value is not None]
    if not answered:
        return []
    first, *others = answered
    clear = [one for one in others if is_clear(one.difference)]
    return [_row(case, one, language) for one in (first, *sorted(clear, key=_is_settled))]


def _is_settled(one: Comparison) -> bool:
    """Whether the answer with the decision is the same in every run: it follows by itself."""
    return not one.counterfactual.error


def _row(case: Case, one: Comparison, language: str) -> Row:
    measure = measure_of(case.questions[one.name])
    factual, changed = show_both(one, measure, language)
    difference = show_compared(one, measure, language)
    return Row(question_name(case, one.name, language), factual, changed, difference)


def _first(case: Case, found: Change | OtherWorld, language: str) -> Iterator[str]:
    yield from warnings(case, found, language)
    yield level_of(case, found, language)
    yield show_precedents(case, found.what_if, language)


def _last(case: Case, found: Change | OtherWorld, more: int, language: str) -> Iterator[str]:
    """What is not shown, what it rests on, and where there is more."""
    if any(one.difference.error for one in found.questions):
        yield say(language, "what-if.short.errors")
    still = sum(
        one.difference.value is not None and not is_clear(one.difference)
        for one in found.questions[1:]
    )
    if more > 0:
        yield say(language, "what-if.short.more", count=more)
    if still:
        yield say(language, "what-if.short.still", count=still)
    if isinstance(found, OtherWorld) and found.made is not None:
        yield say(language, "what-if.short.made", **when_made(found.made, language))
    yield say(
        language, "what-if.short.all", case=case.source.in_commands, what_if=found.what_if,
        count=len(case.what_ifs),
    )  # fmt: skip
