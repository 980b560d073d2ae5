"""`foedus whatif`: what a decision changes, given all that the record says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from foedus.case.case import Case
from foedus.questions.other_worlds import OtherWorld
from foedus.report.catalogue import say
from foedus.report.layout import heading, item, wrap
from foedus.report.numbers import show_count, show_share
from foedus.report.what_if import (
    FAR,
    MOSTLY_VACUOUS,
    comparison_record,
    name_of,
    show_comparisons,
)


def show_other_world(case: Case, found: OtherWorld, language: str = "en", width: int = 80) -> str:
    """What one decision changes, given the record, in every question."""
    title = say(language, "what-if.title", what_if=name_of(case, found.what_if, language))
    lines = heading(title, width)[1:]
    for sentence in warnings(found, language):
        lines += wrap(sentence, width)
    lines += wrap(say(language, "what-if.level.record"), width)
    shown = show_comparisons(case, found.questions, found.necessity, language, width)
    lines += ["", *shown, ""]
    lines += wrap(say(language, "what-if.reading.record"), width)
    for sentence in _basis(found, language):
        lines += item(sentence, width)
    return "\n".join(lines) + "\n"


def other_world_record(found: OtherWorld) -> dict[str, object]:
    """What one decision changes, given the record, as the JSON contract has it."""
    return {
        **asdict(found),
        "level": "counterfactual",
        "questions": [
            comparison_record(one, found.necessity.get(one.name)) for one in found.questions
        ],
        "happened": [
            {"target": target, "kind": kind, "share": share}
            for target, kind, share in found.happened
        ],
        "warnings": warnings(found, "en"),
    }


def warnings(found: OtherWorld, language: str) -> list[str]:
    """What must be said first: far from the record, or mostly without effect."""
    told = []
    missed = max(found.vacuous, default=0.0)
    if missed > MOSTLY_VACUOUS:
        told.append(say(language, "what-if.vacuous", share=show_share(missed, None, language)))
    for _, kind, share in found.happened:
        if kind == "force" and share < FAR:
            reason = say(
                language, "what-if.happened.force", share=show_share(share, None, language)
            )
            told.append(say(language, "what-if.far", reason=reason))
    return told


def _basis(found: OtherWorld, language: str) -> Iterator[str]:
    for _, kind, share in found.happened:
        shown = show_share(share, None, language)
        yield say(language, f"what-if.happened.{kind}", share=shown)
    if found.kept < 1.0:
        yield say(language, "what-if.outcomes", share=show_share(found.kept, None, language))
    yield say(
        language, "what-if.courses", courses=show_count(found.courses, language),
        distinct=show_count(found.distinct, language), inner=found.inner, seed=found.seed,
    )  # fmt: skip
