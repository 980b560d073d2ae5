"""Whether an answer is what it is expected to be."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.case.expectations import Expectation
from foedus.frozen import dataclass
from foedus.questions.answers import Answers
from foedus.questions.estimates import Estimate

FAR = 3.0
"""Monte Carlo errors beyond a bound that are put down to chance: a false alarm in 700 at most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An expectation, the value and Monte Carlo error of its answer, and whether that meets it.

    The value is None where no run counts; nothing meets such an answer.
    """

    expectation: Expectation
    value: float | None
    error: float | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """A case and what came of its expectations, in the order of the file; none without a file."""

    case: Case
    outcomes: tuple[Outcome, ...]

    @property
    def is_met(self) -> bool:
        """Whether all of them are met."""
        return all(outcome.is_met for outcome in self.outcomes)


def outcome_of(expectation: Expectation, answers: Answers) -> Outcome:
    """What came of an expectation in the answers of its world."""
    estimate = _estimate(expectation, answers)
    if estimate is None or estimate.value is None:
        return Outcome(expectation, None, None, False)
    slack = FAR * (estimate.error or 0.0)
    low, high = expectation.low, expectation.high
    is_met = (low is None or estimate.value >= low - slack) and (
        high is None or estimate.value <= high + slack
    )
    return Outcome(expectation, estimate.value, estimate.error, is_met)


def _estimate(expectation: Expectation, answers: Answers) -> Estimate | None:
    answer = next(one for one in answers.questions if one.name == expectation.question)
    if expectation.explanation is None:
        return answer.estimate
    part = {**answer.by_explanation, **answer.sets}.get(expectation.explanation)
    return None if part is None else part.estimate
