"""An answer in words and figures, with no more digits than it deserves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from foedus.case.case import Case, Question
from foedus.expr.laws import LogitNormal
from foedus.expr.tree import NumberType
from foedus.frozen import dataclass
from foedus.history.classes import Counted
from foedus.history.intervals import wilson
from foedus.history.learned import LearnedShare
from foedus.questions.answers import Answer, Answers
from foedus.questions.estimates import Estimate
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_count,
    show_duration,
    show_duration_range,
    show_estimate,
    show_figure,
    show_number_range,
    show_share,
    show_share_range,
)
from foedus.report.language.words import show_range
from foedus.report.phrases.class_words import show_body, show_class, show_counted

Measure = Literal["probability", "duration", "rate", "number"]

NOTHING = "–"
"""What stands where there is no estimate."""

LARGEST_ERROR = 0.05
"""A probability with a larger Monte Carlo error gets no words: they are finer than it is."""

FEWEST_RUNS = 100
"""Nor does one from fewer runs: where none of 12 runs says yes, the error is not zero."""

ROUNDING = 1e-9
"""How far a probability may lie outside 0..1 because sums are rounded."""


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer as it is read: the value, the range over the assumptions, the range in words.

    `words` is empty for what is no probability; `notes` are further sentences.
    """

    value: str
    range: str
    words: str
    notes: tuple[str, ...]


def measure_of(question: Question) -> Measure:
    """What the answer to a question is measured in."""
    if question.kind == "probability":
        return "probability"
    kind = question.expression.type
    power = kind.time_power if isinstance(kind, NumberType) else 0
    power += question.kind in ("integral", "time-until")
    if question.kind == "time-until" or power == 1:
        return "duration"
    return "rate" if power == -1 else "number"


def show_answer(question: Question, answer: Answer, language: str = "en") -> AnswerText:
    """The answer to a question as it is read."""
    measure = measure_of(question)
    value = show_values(answer, [answer.estimate], measure, language)[0]
    span = show_estimate_of(answer.estimate, measure, language)[1]
    notes = (*_notes(answer, measure, language), *_outside(question.outside, language))
    words = words_of(answer.estimate, answer.counted, measure, language)
    return AnswerText(value, span, words, notes)


def show_values(
    answer: Answer, estimates: Sequence[Estimate], measure: Measure, language: str
) -> list[str]:
    """Values of one answer (together, under explanations), lengths of time all in one unit."""
    longest = max((abs(one.value) for one in estimates if one.value is not None), default=0.0)
    values = [show_estimate_of(one, measure, language, longest)[0] for one in estimates]
    return [at_least(answer, value, language) for value in values]


def at_least(answer: Answer, value: str, language: str) -> str:
    """A value of an answer; a mean that is cut off at the end is less than the mean would be."""
    if value == NOTHING or not is_cut_off(answer):
        return value
    return say(language, "answer.at-least", value=value)


def is_cut_off(answer: Answer) -> bool:
    """Whether some runs had not got there when the time was over."""
    return answer.never is not None and bool(answer.never.value)


def show_estimate_of(
    estimate: Estimate, measure: Measure, language: str, like: float | None = None
) -> tuple[str, str]:
    """The value and the range of an estimate; a dash where there is none.

    A length of time is shown in the unit that fits `like`, if that is given.
    """
    if estimate.value is None:
        return NOTHING, NOTHING
    low, high = bounds(estimate)
    if measure == "probability":
        value = show_share(probability(estimate.value), estimate.error, language)
        span = show_share_range(low, high, language, estimate.error)
    elif measure == "duration":
        value = show_duration(estimate.value, estimate.error, language, like)
        span = show_duration_range(low, high, language, estimate.error)
    else:
        value = show_estimate(estimate.value, estimate.error, language)
        span = show_number_range(low, high, language, estimate.error)
    if low == high == estimate.value:  # ranges have fewer digits, and would contradict the value
        span = value
    if measure == "rate":
        return say(language, "per-day", number=value), say(language, "per-day", number=span)
    return value, span


def bounds(estimate: Estimate) -> tuple[float, float]:
    """The range of an estimate that has a value; the value itself where no range is known."""
    value = estimate.value if estimate.value is not None else 0.0
    low = value if estimate.low is None else estimate.low
    high = value if estimate.high is None else estimate.high
    return low, high


def probability(value: float) -> float:
    """A probability without the rounding errors of sums. Raises `ValueError` for other numbers."""
    if not -ROUNDING <= value <= 1.0 + ROUNDING:
        raise ValueError(f"{value} is not a probability")
    return min(max(value, 0.0), 1.0)


def is_noisy(estimate: Estimate, counted: int | None) -> bool:
    """Whether a probability is known too badly for words: a large error, or few runs that count."""
    error = 0.0 if estimate.error is None else estimate.error
    return error > LARGEST_ERROR or (counted is not None and counted < FEWEST_RUNS)


def words_of(estimate: Estimate, counted: int | None, measure: Measure, language: str) -> str:
    """The estimative words of a probability's range; nothing where it is known too badly."""
    if measure != "probability" or estimate.value is None or is_noisy(estimate, counted):
        return ""
    low, high = bounds(estimate)
    return show_range(probability(low), probability(high), language)


def _notes(answer: Answer, measure: Measure, language: str) -> list[str]:
    notes: list[str] = []
    if answer.counted == 0 or answer.estimate.value is None:
        return [say(language, "answer.none")]
    if measure == "probability" and is_noisy(answer.estimate, answer.counted):
        error = 100.0 * (answer.estimate.error or 0.0)
        key = "answer.noisy" if error else "answer.few"
        notes.append(say(language, key, count=show_figure(error, language, 1)))
    quantiles = answer.quantiles or {}
    low, half, high = (quantiles.get(level) for level in ("0.05", "0.5", "0.95"))
    if answer.never is not None and answer.never.value is not None:
        share, span = show_estimate_of(answer.never, "probability", language)
        if answer.never.value > 0.0:
            words = words_of(answer.never, answer.counted, "probability", language)
            key = "answer.never" if words else "answer.never-wordless"
            notes.append(say(language, key, share=share, range=span, words=words))
        if half is not None:
            notes.append(say(language, "answer.half", time=show_duration(half, None, language)))
    elif low is not None and high is not None:
        show = show_duration_range if measure == "duration" else show_number_range
        key = "answer.runs" if low < high else "answer.runs-same"
        notes.append(say(language, key, range=show(low, high, language)))
    if answer.counted is not None and answer.counted < answer.runs:
        share = show_share(answer.counted / answer.runs, None, language)
        notes.append(say(language, "answer.counted", share=share, count=answer.counted))
    return notes


def _outside(counted: Counted | LearnedShare | None, language: str) -> list[str]:
    """The outside view: how often such a thing happened in a class of past cases, or what was
    learned from them."""
    if counted is None:
        return []
    if isinstance(counted, LearnedShare):
        law = LogitNormal(counted.median, counted.spread)
        way = "new" if not counted.where else "learned" if counted.calls else "unasked"
        way = way if counted.used else "none"
        return [
            say(
                language, f"answer.outside-{way}",
                share=show_share(law.mean, None, language),
                range=show_share_range(*law.interval(0.95), language),
                number=show_count(counted.used, language),
                happened=show_count(counted.granted, language),
                calls=show_count(counted.calls, language), body=show_body(counted.body, language),
            )
        ]  # fmt: skip
    k, n = counted.tally.happened, counted.tally.at_risk
    low, high = wilson(k, n)
    return [
        say(
            language, "answer.outside" if counted.where else "answer.outside-all",
            share=show_share(k / n, None, language), range=show_share_range(low, high, language),
            happened=show_count(round(k), language), number=show_count(round(n), language),
            what=show_counted(counted.name, language), where=show_class(counted.where, language),
        )
    ]  # fmt: skip


def outside_record(case: Case) -> dict[str, object]:
    """The outside view of each question that has one, for `--json`."""
    found: dict[str, object] = {}
    for question in case.questions.values():
        counted = question.outside
        if isinstance(counted, LearnedShare):
            law = LogitNormal(counted.median, counted.spread)
            low, high = law.interval(0.95)
            found[question.name] = {
                "class": counted.name, "where": counted.where, "k": counted.granted,
                "n": counted.calls, "learned_from": counted.used, "estimate": law.mean,
                "low": low, "high": high, "cites": list(counted.cites),
            }  # fmt: skip
        elif counted is not None:
            k, n = counted.tally.happened, counted.tally.at_risk
            low, high = wilson(k, n)
            found[question.name] = {
                "class": counted.name, "where": counted.where, "k": k, "n": n,
                "estimate": k / n, "low": low, "high": high, "cites": list(counted.cites),
            }  # fmt: skip
    return found


def answer_texts(case: Case, answers: Answers, language: str = "en") -> Mapping[str, str]:
    """Each answer as one clause, by the name of its question."""
    texts: dict[str, str] = {}
    for answer in answers.questions:
        shown = show_answer(case.questions[answer.name], answer, language)
        if answer.estimate.value is None:
            texts[answer.name] = say(language, "answer.none")
            continue
        clause = say(language, "answer.clause", value=shown.value, range=shown.range)
        notes = [shown.words] if shown.words else list(shown.notes)
        texts[answer.name] = "; ".join([clause, *notes])
    return texts
