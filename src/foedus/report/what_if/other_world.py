"""`foedus whatif`: what a decision changes, given what the record says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from foedus.case.case import Case
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.worlds import Comparison
from foedus.report.answers.dated import date_of, parting_record
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count, show_share
from foedus.report.layout import item, wrap
from foedus.report.phrases.kept_words import show_courses_made
from foedus.report.phrases.precedents import precedents_record
from foedus.report.what_if.cause_words import show_given_causes
from foedus.report.what_if.channel_words import show_channel_basis
from foedus.report.what_if.what_if import (
    comparison_record,
    head,
    is_void,
    show_comparisons,
    show_placed,
    show_replaced,
    warnings,
    which_event,
)


def show_other_world(case: Case, found: OtherWorld, language: str = "en", width: int = 80) -> str:
    """What one decision changes, given the record, in every question."""

    def causes(one: Comparison) -> Iterable[str]:
        return show_given_causes(found, one.name, language)

    lines = head(case, found, language, width)
    if is_void(found):
        return "\n".join(lines) + "\n"
    kept = frozenset(one.question for one in found.given)
    lines += ["", *show_comparisons(case, found, causes, kept, language, width), ""]
    lines += wrap(say(language, "what-if.reading.record"), width)
    for sentence in _basis(case, found, language):
        lines += item(sentence, width)
    return "\n".join(lines) + "\n"


def other_world_record(case: Case, found: OtherWorld) -> dict[str, object]:
    """What one decision changes, given the record, as the JSON contract has it."""
    return {
        "case": found.case,
        "what_if": found.what_if,
        "level": found.level,
        "as_of": found.as_of,
        "as_of_date": None if found.as_of is None else date_of(case, found.as_of),
        "seed": found.seed,
        "seconds": found.seconds,
        "courses": found.courses,
        "inner": found.inner,
        "distinct": found.distinct,
        "kept": found.kept,
        "counted": found.counted,
        "effective": found.effective,
        "first": found.first,
        "questions": [
            comparison_record(one, found.necessity.get(one.name)) for one in found.questions
        ],
        "vacuous": list(found.vacuous),
        "happened": [
            {"target": target, "kind": kind, "share": share}
            for target, kind, share in found.happened
        ],
        "naturals": [asdict(one) for one in found.naturals],
        "placed": [asdict(one) for one in found.placed],
        "drawn": None if found.drawn is None else list(found.drawn),
        "given": [asdict(one) for one in found.given],
        "experiment": [asdict(one) for one in found.experiment],
        "channels": [asdict(one) for one in found.channels],
        "parting": parting_record(case, found.parting),
        "precedents": precedents_record(case, found.what_if),
        "warnings": warnings(case, found, "en"),
        "made": None if found.made is None else asdict(found.made),
    }


def _ended(found: OtherWorld, language: str) -> Iterator[str]:
    """How many courses end as the outcomes say, and on how many particles the answers rest."""
    if found.kept < 1.0:
        yield say(
            language, "what-if.outcomes", share=show_share(found.kept, None, language),
            count=found.counted if found.first is None else found.first,
        )  # fmt: skip
    if found.first is not None:
        count = show_count(found.counted, language)
        yield say(language, "what-if.outcomes-moved", count=count)


def _basis(case: Case, found: OtherWorld, language: str) -> Iterator[str]:
    for target, kind, share in found.happened:
        which = which_event(case, found, target, language)
        shown = show_share(share, None, language)
        yield say(language, f"what-if.happened.{kind}", which=which, share=shown)
    if found.level == "counterfactual":
        for natural in found.naturals:
            which = which_event(case, found, natural.target, language)
            shown = show_share(natural.share, natural.error, language)
            key = "what-if.anew-set" if natural.kind == "set-state" else "what-if.anew"
            yield say(language, key, which=which, share=shown)
    for one in found.placed:
        yield show_placed(case, found, one, language)
    yield from _ended(found, language)
    yield from show_replaced(case, found, language)
    yield show_channel_basis(found.channels, language)
    if found.parting is not None:
        parted = show_share(found.parting.shares[-1], None, language)
        yield say(language, "what-if.parted", share=parted)
    yield say(
        language, "what-if.courses", courses=show_count(found.courses, language),
        distinct=show_count(found.distinct, language), inner=found.inner, seed=found.seed,
    )  # fmt: skip
    yield from show_courses_made(found.made, language)
