"""Answers under several files of priors, side by side: a mean would hide who thinks what."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from foedus.case.case import Case
from foedus.questions.answers import Answer, Answers
from foedus.questions.estimates import Estimate
from foedus.report.language.catalogue import say
from foedus.report.layout import letters, wrap
from foedus.report.phrases.answer_text import show_answer
from foedus.report.phrases.names import question_name

CLEAR = 3.0
"""So many Monte Carlo errors apart, two answers differ."""


def show_disagreement(
    case: Case, found: Sequence[tuple[str, Answers]], language: str, width: int, *,
    is_moved: bool = False,
) -> list[str]:  # fmt: skip
    """Each answer under each file of priors, which go by letters; `found` has their names.

    `is_moved`: the files are an old and a new case, and only answers that an edit moved are given.
    """
    named, reading = letters(len(found)), "moved" if is_moved else "reading"
    lines: list[str] = []
    for letter, (name, _) in zip(named, found, strict=True):
        lines += wrap(f"{letter}  {name}", width, "  ", "     ")
    lines += ["", *wrap(say(language, f"disagreement.{reading}"), width)]
    for number, question in enumerate(found[0][1].questions):
        answers = [one.questions[number] for _, one in found]
        mark = "≠ " if differ(answers) and not is_moved else ""
        lines += ["", *wrap(mark + question_name(case, question.name, language), width)]
        for letter, answer in zip(named, answers, strict=True):
            text = show_answer(case.questions[answer.name], answer, language)
            span = "" if text.range == text.value else f" ({text.range})"
            parts = [f"{letter}  {text.value}{span}", text.words, *text.notes]
            lines += wrap("; ".join(part for part in parts if part), width, "  ", "     ")
    return lines


def differ(answers: Sequence[Answer]) -> bool:
    """Whether any two answers are further apart than their Monte Carlo errors explain.

    An answer differs from none, too. The runs share their random numbers, so their errors are
    correlated and the test is cautious.
    """
    known = [one.estimate for one in answers]
    return any(
        _are_apart(one, other) for place, one in enumerate(known) for other in known[place + 1 :]
    )


def _are_apart(one: Estimate, other: Estimate) -> bool:
    if one.value is None or other.value is None:
        return (one.value is None) != (other.value is None)
    return abs(one.value - other.value) > CLEAR * hypot(one.error or 0.0, other.error or 0.0)
