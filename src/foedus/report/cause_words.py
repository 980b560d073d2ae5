"""Probabilities of causation in words: the model's own, and the bounds without its coupling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.questions.causation import Causation
from foedus.questions.other_worlds import Decided, OtherWorld
from foedus.report.catalogue import say
from foedus.report.numbers import show_share


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
            yield from _alone(found.experiment, given, language)


def _alone(experiment: Sequence[Causation], given: Decided, language: str) -> Iterator[str]:
    wanted = (given.question, given.kind, given.is_yes)
    for one in experiment:
        if (one.question, one.kind, one.is_yes) == wanted:
            share = show_share(one.value, one.error, language)
            yield say(language, "what-if.alone", share=share, bounds=_bounds(one, language))


def _bounds(one: Causation, language: str) -> str:
    low, high = (show_share(end, one.bounds_error, language) for end in (one.low, one.high))
    return low if low == high else say(language, "range.spaced", low=low, high=high)


def _answer(is_yes: bool) -> str:
    return "yes" if is_yes else "no"
