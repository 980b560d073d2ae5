"""Probabilities of causation in words: the model's own, and the bounds without its coupling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.case.case import Case
from foedus.questions.causation import Causation
from foedus.questions.decided import Decided
from foedus.questions.other_worlds import OtherWorld
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share
from foedus.report.phrases.names import question_name


def show_causes(found: Sequence[Causation], question: str, language: str) -> Iterator[str]:
    """The probabilities of causation of a question, from the start."""
    for one in found:
        if one.question == question:
            yield say(
                language, f"what-if.cause.{one.kind}-{_answer(one.is_yes)}",
                share=show_share(one.value, one.error, language), bounds=_bounds(one, language),
            )  # fmt: skip


def show_given_causes(found: OtherWorld, question: str, language: str) -> Iterator[str]:
    """Those that the record lets be told, then what cause and outcome alone tell of them."""
    for given in found.given:
        if given.question == question:
            share = show_share(given.value, given.error, language)
            yield say(language, f"what-if.given.{given.kind}-{_answer(given.is_yes)}", share=share)
            for one in _experiments(found, given):
                alone = show_share(one.value, one.error, language)
                yield say(language, "what-if.alone", share=alone, bounds=_bounds(one, language))


def show_unmoved(case: Case, found: OtherWorld, questions: Sequence[str], language: str) -> str:
    """Questions whose answer is what it was in every course, with what bounds there are."""
    told = []
    for given in found.given:
        if given.question in questions:
            name = question_name(case, given.question, language)
            bounds = [_bounds(one, language) for one in _experiments(found, given)]
            told.append(
                say(language, "what-if.firm.bounds", name=name, bounds=bounds[0])
                if bounds
                else name
            )
    return say(language, f"what-if.firm.{found.given[0].kind}", names="; ".join(told))


def _experiments(found: OtherWorld, given: Decided) -> Iterator[Causation]:
    """What is told of the same on fresh chance."""
    wanted = (given.question, given.kind, given.is_yes)
    return (one for one in found.experiment if (one.question, one.kind, one.is_yes) == wanted)


def _bounds(one: Causation, language: str) -> str:
    low, high = (show_share(end, one.bounds_error, language) for end in (one.low, one.high))
    return low if low == high else say(language, "range.spaced", low=low, high=high)


def _answer(is_yes: bool) -> str:
    return "yes" if is_yes else "no"
