"""`foedus test`: which answers of a case come out as expected, and which do not."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.case import Case
from foedus.case.expectations import Expectation
from foedus.questions.expected import Outcome, Tested
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_duration, show_figure, show_share
from foedus.report.layout import wrap
from foedus.report.phrases.answer_text import Measure, measure_of
from foedus.report.phrases.names import asked, reading_name


def show_tested(tested: Tested, language: str, width: int) -> str:
    """How many expectations are met; of each, what came and what was expected.

    Those that failed come with their reason.
    """
    case, outcomes = tested.case, tested.outcomes
    if not outcomes:
        return say(language, "test.case-none", case=case.name) + "\n"
    met = sum(outcome.is_met for outcome in outcomes)
    lines = [say(language, "test.case", case=case.name, met=met, count=len(outcomes))]
    for outcome in outcomes:
        lines += _show(case, outcome, language, width)
    return "\n".join(lines) + "\n"


def _show(case: Case, outcome: Outcome, language: str, width: int) -> Iterator[str]:
    expected = outcome.expectation
    measure = measure_of(case.questions[expected.question])
    value = say(language, "test.no-answer")
    if outcome.value is not None:
        error = _number(outcome.error or 0.0, measure, language)
        value = say(
            language, "test.value", value=_number(outcome.value, measure, language), error=error
        )
    verdict = say(language, "test.met" if outcome.is_met else "test.failed")
    question = asked(case, expected.question, language)
    where = ", ".join(_where(case, expected, language))
    if where:
        question = say(language, "test.where", question=question, where=where)
    bounds = _bounds(expected, measure, language)
    text = say(language, "test.one", verdict=verdict, question=question, value=value, bounds=bounds)
    yield from wrap(text, width, "  ", "      ")
    if not outcome.is_met:
        because = expected.because.get(language).strip().rstrip(".")
        yield from wrap(say(language, "test.because", because=because), width, "      ")


def _where(case: Case, expected: Expectation, language: str) -> Iterator[str]:
    if expected.explanation is not None:
        name = reading_name(case, expected.explanation, language)
        yield say(language, "test.under", name=name)
    if expected.world.what_if is not None:
        yield say(language, "test.what-if", name=expected.world.what_if)
    for name, value in expected.world.settings:
        yield say(language, "test.set", name=name, value=show_figure(value, language, 6))


def _bounds(expected: Expectation, measure: Measure, language: str) -> str:
    low, high = (
        "" if end is None else _number(end, measure, language)
        for end in (expected.low, expected.high)
    )
    if low and high:
        return say(language, "test.between", low=low, high=high)
    return say(language, "test.at-least", low=low) if low else say(
        language, "test.at-most", high=high
    )  # fmt: skip


def _number(value: float, measure: Measure, language: str) -> str:
    if measure == "probability":
        return show_share(value, None, language)
    if measure == "duration":
        return show_duration(value, None, language)
    return show_figure(value, language, 3)


def tested_record(tested: Tested) -> dict[str, object]:
    """A case and its expectations for `--json`, in the numbers of the contract."""
    return {
        "case": tested.case.name,
        "is_met": tested.is_met,
        "expectations": [
            {
                "question": one.expectation.question, "explanation": one.expectation.explanation,
                "what_if": one.expectation.world.what_if,
                "set": dict(one.expectation.world.settings),
                "at_least": one.expectation.low, "at_most": one.expectation.high,
                "because": one.expectation.because.get(), "value": one.value, "error": one.error,
                "is_met": one.is_met,
            }
            for one in tested.outcomes
        ],
    }  # fmt: skip
