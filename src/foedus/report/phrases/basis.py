"""What answers rest on: the assumptions by grade, the widest of them, the runs, the error."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from foedus.case.case import Case, Parameter
from foedus.case.reads import unread_parameters
from foedus.expr.prior import Prior
from foedus.questions.answers import Answer, Answers
from foedus.questions.estimates import Estimate
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count, show_figure, show_number
from foedus.report.language.words import Confidence, decimals, show_confidence
from foedus.report.phrases.answer_text import measure_of, show_estimate_of
from foedus.report.phrases.names import clause, parameter_name, question_name
from foedus.units import UNITS

WIDEST = 4
"""Assumed parameters that are named."""

STANDARD_ERRORS = 3.0
"""A difference beyond so many standard errors counts as a change."""


def show_basis(case: Case, answers: Answers, language: str = "en") -> Iterator[str]:
    """Sentences on what the answers rest on."""
    yield say(language, of_record(case, "run.unconditional"))
    if case.parameters:
        yield from _parameters(case, language)
    confidence = confidence_of(case)
    reason = say(
        language,
        of_record(case, "run.reason" if confidence == "low" else "run.reason-measured"),
        doubtful=doubtful_sentence(case, language),
    )  # fmt: skip
    word = show_confidence(confidence, language)
    yield say(language, "run.confidence", confidence=word, reason=reason)
    yield from _runs(answers, language)
    yield from _half_step(case, answers, language)


def of_record(case: Case, sentence: str) -> str:
    """The id of a sentence that speaks of evidence, or of its twin for a case that holds none."""
    return sentence if case.evidence or case.claims else f"{sentence}-alone"


def confidence_of(case: Case, *, is_weighed: bool = False) -> Confidence:
    """How good the basis is: whether most parameters are measured or reported, and whether the
    evidence has been weighed. High if both, moderate if one, low if neither.
    """
    is_measured = 2 * _doubtful(case) < len(case.parameters)
    return ("low", "moderate", "high")[is_measured + is_weighed]


def doubtful_sentence(case: Case, language: str) -> str:
    """How many of the parameters are neither measured nor reported."""
    shown = show_count(len(case.parameters), language)
    return say(language, "run.doubtful", count=_doubtful(case), all=shown)


def _doubtful(case: Case) -> int:
    grades = Counter(parameter.grounds.grade for parameter in case.parameters.values())
    return grades["judged"] + grades["assumed"]


def _parameters(case: Case, language: str) -> Iterator[str]:
    parameters = list(case.parameters.values())
    grades = Counter(parameter.grounds.grade for parameter in parameters)
    shown = [
        say(language, "run.grade", number=show_count(grades[grade], language),
            grade=say(language, f"grade.{grade}"))
        for grade in ("measured", "reported", "judged", "assumed")
        if grades[grade]
    ]  # fmt: skip
    sentence = say(language, "run.parameters", count=len(parameters), grades=", ".join(shown))
    defaults = sum(parameter.is_default for parameter in parameters)
    if defaults:
        sentence += " " + say(language, "run.defaults", count=defaults)
    yield sentence
    widest = widest_assumed(case)
    if widest:
        names = "; ".join(_show_width(case, parameter, language) for parameter in widest)
        yield say(language, "run.widest", parameters=names)
    yield say(language, "run.all-assumptions", case=case.source.in_commands)


def widest_assumed(case: Case, most: int = WIDEST) -> list[Parameter]:
    """The assumed parameters whose 80 % range is widest on their own scale, of those read."""
    unread = unread_parameters(case)
    assumed = [
        one for name, one in case.parameters.items()
        if one.grounds.grade == "assumed" and name not in unread
    ]  # fmt: skip
    ranked = sorted(assumed, key=lambda one: -spread_of(one.spec.prior, one.unit == "share"))
    return [one for one in ranked if spread_of(one.spec.prior, one.unit == "share") > 0.0][:most]


def spread_of(prior: Prior, is_share: bool) -> float:
    """The width of the 80 % range: in log odds for shares, in logarithms for positive numbers.

    Numbers that may be negative are log factors in most cases, and count as they are.
    """
    low, high = prior.interval(0.8)
    if low == high:
        return 0.0
    if is_share and low > 0.0 and high < 1.0:
        return math.log(high / (1.0 - high)) - math.log(low / (1.0 - low))
    return math.log(high / low) if low > 0.0 else high - low


def in_own_unit(parameter: Parameter, value: float) -> float:
    """A value of a parameter (in days, per day) in the unit it was written in."""
    return value / parameter.factor


def _show_width(case: Case, parameter: Parameter, language: str) -> str:
    """A parameter in words, with its range and the name to set it by."""
    low, high = (in_own_unit(parameter, side) for side in parameter.spec.prior.interval(0.8))
    unit = UNITS.get(parameter.unit)
    span = say(
        language, "run.widest-range", low=show_figure(low, language),
        high=show_figure(high, language),
    )  # fmt: skip
    if unit is not None and unit.time_power != 0:
        span = f"{span} {say(language, f'unit.{unit.name}', count=2)}"
    name = parameter.spec.name
    words = parameter_name(case, name, language)
    if words == name:
        return f"{name} {span}"
    return say(language, "run.widest-named", words=clause(words), range=span, name=name)


def _runs(answers: Answers, language: str) -> Iterator[str]:
    total = answers.questions[0].runs if answers.questions else answers.draws
    atoms = max(1, total // max(1, answers.draws))
    yield say(
        language, "run.draws" if atoms > 1 else "run.draws-one",
        total=say(language, "run.total", count=total),
        outer=say(language, "run.outer", count=answers.outer),
        inner=say(language, "run.inner", count=answers.inner), atoms=show_count(atoms, language),
    )  # fmt: skip
    errors = [
        answer.estimate.error
        for answer in answers.questions
        if answer.kind == "probability" and answer.estimate.error
    ]
    if errors:
        worst = 100.0 * max(errors)
        shown = show_number(worst, language, places=max(decimals(worst) or 0, 0))
        yield say(language, "run.error", count=shown)
    if any(answer.estimate.value in (0.0, 1.0) for answer in answers.questions
           if answer.kind == "probability"):  # fmt: skip
        yield say(language, "run.zero")


def _half_step(case: Case, answers: Answers, language: str) -> Iterator[str]:
    halved = [answer for answer in answers.questions if answer.half_step is not None]
    if not halved:
        return
    moved = [answer for answer in halved if _is_moved(answer)]
    if not moved:
        yield say(language, "run.half-step")
        return
    shown = []
    for answer in moved:
        assert answer.half_step is not None
        difference = Estimate(answer.half_step.value, None, None, answer.half_step.error)
        after = show_estimate_of(difference, measure_of(case.questions[answer.name]), language)[0]
        name = question_name(case, answer.name, language)
        shown.append(say(language, "run.half-step-one", question=name, value=after))
    yield say(language, "run.half-step-moved", questions="; ".join(shown))


def _is_moved(answer: Answer) -> bool:
    half = answer.half_step
    if half is None or half.difference is None or half.error is None:
        return False
    return abs(half.difference) > STANDARD_ERRORS * half.error
