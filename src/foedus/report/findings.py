"""What was found, in a sentence that can head a section or a figure; empty where nothing was."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, comb, hypot
from statistics import NormalDist

from foedus.case.case import Case
from foedus.infer.verdict.decibels import between
from foedus.infer.verdict.verdict import Verdict
from foedus.questions.answers import Answer
from foedus.questions.sensitivity import OTHERS, Drivers
from foedus.questions.worlds import Comparison
from foedus.report.answers.sensitivity import input_words, shown_effects
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days, show_duration, show_share
from foedus.report.phrases.answer_text import (
    bounds,
    measure_of,
    show_answer,
    show_estimate_of,
    show_values,
)
from foedus.report.phrases.differences import is_clear, show_both, show_compared
from foedus.report.phrases.names import asked, reading_name
from foedus.report.phrases.pieces import piece_name
from foedus.report.verdict.verdict_words import SHOWN, is_clear_of_rival
from foedus.report.verdict.weight_words import show_decibels

CHANCE = 0.0027
"""How often chance alone may make a heading of a difference: as often as it exceeds three standard
errors, over all the differences from which the heading picks."""

OPEN = (0.45, 0.55)
"""A probability that may lie below the first and above the second is left open."""


def answer_finding(case: Case, answers: Sequence[Answer], language: str) -> str:
    """The answer to the first question that has one."""
    answer = next((one for one in answers if one.estimate.value is not None), None)
    if answer is None:
        return ""
    shown = show_answer(case.questions[answer.name], answer, language)
    low, high = bounds(answer.estimate)
    if shown.words and low == high:
        way = "-one"
    elif shown.words:
        way = "-open" if low < OPEN[0] and high > OPEN[1] else "-words"
    else:
        way = "-range" if shown.range != shown.value else ""
    return say(
        language, f"finding.answer{way}", question=asked(case, answer.name, language),
        value=shown.value, words=shown.words, range=shown.range,
    )  # fmt: skip


def explanations_finding(case: Case, answers: Sequence[Answer], language: str) -> str:
    """Between what the first answer moves on which two explanations differ beyond chance."""
    valued = [
        (answer, {
            name: part.estimate for name, part in answer.by_explanation.items()
            if part.estimate.value is not None
        })
        for answer in answers
    ]  # fmt: skip
    apart = standard_errors(sum(comb(len(parts), 2) for _, parts in valued))
    for answer, parts in valued:
        if len(parts) < 2:
            continue
        first, last = (pick(parts, key=lambda n: parts[n].value or 0.0) for pick in (min, max))
        low, high = parts[first], parts[last]
        difference = (high.value or 0.0) - (low.value or 0.0)
        if difference <= apart * hypot(low.error or 0.0, high.error or 0.0):
            continue
        measure = measure_of(case.questions[answer.name])
        shown = show_values(answer, [low, high], measure, language)
        if shown[0] != shown[1]:
            return say(
                language, "finding.explanations", question=asked(case, answer.name, language),
                low=shown[0], first=reading_name(case, first, language),
                high=shown[1], last=reading_name(case, last, language),
            )  # fmt: skip
    return say(language, "finding.explanations-none")


def standard_errors(count: int) -> float:
    """How many standard errors chance alone exceeds in one of so many differences with `CHANCE`."""
    return NormalDist().inv_cdf(1.0 - CHANCE / (2.0 * max(count, 1)))


def posterior_finding(case: Case, verdict: Verdict, language: str) -> str:
    """How probable the leader was before the record and is after it."""
    leader = next(one for one in verdict.standings if one.name == verdict.turning.leader)
    return say(
        language, "finding.posteriors", name=reading_name(case, leader.name, language),
        prior=show_share(leader.prior, None, language),
        posterior=show_share(leader.posterior, 0.005, language),
    )  # fmt: skip


def weight_finding(case: Case, verdict: Verdict, language: str) -> str:
    """The piece of evidence that moves the leader against the runner-up most, if that is clear."""
    leader, rival = verdict.turning.leader, verdict.turning.rival
    clear = [one for one in verdict.weights if is_clear_of_rival(one, verdict)]
    most = max(clear, key=lambda one: abs(between(one, leader, rival)), default=None)
    if most is None or abs(between(most, leader, rival)) < SHOWN:
        return ""
    moved = most.log_weight[leader] - most.log_weight[rival]
    is_silence = most.arrival == "silence"
    return say(
        language, "finding.weights", piece=piece_name(case, most.id, language),
        id=show_days(case.clock, most.day, language) if is_silence else most.id,
        decibels=show_decibels(moved, language, signed=True),
        leader=reading_name(case, leader, language), rival=reading_name(case, rival, language),
    )  # fmt: skip


def delay_finding(ends: Sequence[tuple[float, float]], language: str) -> str:
    """How many days passed until half of a record was known, and all of it.

    `ends` are, of each piece, the times at which it was over and at which it was known (days).
    """
    delays = sorted(max(0.0, float(ceil(known) - ceil(end))) for end, known in ends)
    half, longest = delays[(len(delays) - 1) // 2], delays[-1]
    way = "-none" if longest == 0.0 else "-half" if half == 0.0 else ""
    return say(
        language, f"finding.delay{way}", half=show_duration(half, None, language),
        longest=show_duration(longest, None, language),
    )  # fmt: skip


def drivers_finding(case: Case, found: Sequence[Drivers], language: str) -> str:
    """The strongest assumption behind the first answer for which one is resolved."""
    for drivers in found:
        named = [one for one in shown_effects(drivers) if one.input != OTHERS]
        if named:
            most = max(named, key=lambda one: one.total)
            return say(
                language, "finding.drivers", question=asked(case, drivers.question, language),
                share=show_share(min(max(most.total, 0.0), 1.0), most.total_error, language),
                name=input_words(case, most.input, language)[0],
            )  # fmt: skip
    return ""


def moved_finding(case: Case, compared: Sequence[Comparison], language: str) -> str:
    """The probability that a decision moves most, in both worlds."""
    least = standard_errors(len(compared))
    moved = [
        one for one in compared
        if abs(one.difference.value or 0.0) > least * (one.difference.error or 0.0)
    ]  # fmt: skip
    if not moved:
        return say(language, "finding.moved-none")
    most = max(moved, key=lambda one: abs(one.difference.value or 0.0))
    measure = measure_of(case.questions[most.name])
    factual, changed = (
        show_estimate_of(one, measure, language)[0] for one in (most.factual, most.counterfactual)
    )
    return say(
        language, "finding.moved", question=asked(case, most.name, language),
        factual=factual, changed=changed,
    )  # fmt: skip


def decided_finding(case: Case, compared: Sequence[Comparison], language: str) -> str:
    """What a decision does to the first answer that it leaves one, as large as it is or unclear."""
    one = next((one for one in compared if one.difference.value is not None), None)
    if one is None:
        return ""
    measure = measure_of(case.questions[one.name])
    factual, _ = show_both(one, measure, language)
    difference = show_compared(one, measure, language)
    is_still = one.difference.value == 0.0 and not one.difference.error
    way = "" if is_clear(one.difference) else "-none" if is_still else "-unclear"
    return say(
        language, f"finding.decided{way}", question=asked(case, one.name, language),
        factual=factual, difference=difference,
    )  # fmt: skip
