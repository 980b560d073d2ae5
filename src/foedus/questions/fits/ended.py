"""Every yes-or-no question of the library whose end is known, scored beside simpler forecasters.

What is scored is what the model of a case answers before any of its evidence. The rivals know
nothing of the case: a coin, and how often such questions ended with yes in the other cases. The
questions of one case share its luck, so errors of differences go by cases, not by questions.

A case is in the library because there was trouble, of which its model knows nothing beforehand. So
questions that suppose the trouble or the call (`given`) are also scored by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.case.case import Case
from foedus.frozen import dataclass
from foedus.questions.answers import Answer
from foedus.questions.fits.scoring import BINS, CallContest, Scored, logs, score
from foedus.questions.frozen import Came
from foedus.questions.scores import murphy

Array = NDArray[np.float64]
ALL = "questions"
GIVEN = "questions on a condition"


@dataclass(frozen=True, slots=True)
class Ended:
    """A question of a case: the probability said, its Monte Carlo error, and what came.

    `is_given`: it is asked on a condition, such as that there is a call.
    """

    case: str
    question: str
    said: float
    error: float
    is_given: bool
    came: Came


def ended_in(case: Case, answers: Sequence[Answer], came: Sequence[Came]) -> tuple[Ended, ...]:
    """The questions of a case that ask for a probability and of which it is known what came.

    One whose condition no run met has no answer and is left out.
    """
    ends = {one.question: one for one in came}
    return tuple(
        Ended(
            case.name,
            one.name,
            one.estimate.value,
            one.estimate.error or 0.0,
            case.questions[one.name].given is not None,
            ends[one.name],
        )
        for one in answers
        if one.kind == "probability" and one.name in ends and one.estimate.value is not None
    )


def ended_contests(found: Sequence[Ended]) -> tuple[CallContest, ...]:
    """The models of the cases against their rivals, on all questions and on those with a condition.

    A contest that fewer than two cases could enter is left out.
    """
    parts = {ALL: found, GIVEN: [one for one in found if one.is_given]}
    return tuple(
        _contest(way, part) for way, part in parts.items() if len({one.case for one in part}) > 1
    )


def _contest(way: str, found: Sequence[Ended]) -> CallContest:
    cases = np.array([one.case for one in found])
    said = np.array([one.said for one in found])
    came = np.array([one.came.value for one in found], np.float64)
    views = {
        "the cases": said,
        "yes as elsewhere": _elsewhere(cases, came),
        "a coin": np.full(len(found), 0.5),
    }
    scored = tuple(_by_case(score(name, each, came, said), each, said, came, cases)
                   for name, each in views.items())  # fmt: skip
    ids = tuple(f"{one.case}/{one.question}" for one in found)
    return CallContest(way, ids, said, came, scored, murphy(said, came, BINS))


def _elsewhere(cases: NDArray[np.str_], came: Array) -> Array:
    """The share of yes among questions of all other cases (question,), with Jeffreys's prior."""
    others = cases[:, None] != cases[None, :]
    return np.asarray((others @ came + 0.5) / (others.sum(axis=1) + 1.0), np.float64)


def _by_case(
    one: Scored, said: Array, first: Array, came: Array, cases: NDArray[np.str_]
) -> Scored:
    """Scores with the error of how far they are behind, cases taken as the independent pieces."""
    away = logs(said, came) - logs(first, came) - one.behind
    names = np.unique(cases)
    sums = np.array([away[cases == name].sum() for name in names])
    error = np.sqrt((sums**2).sum() * len(names) / (len(names) - 1)) / len(cases)
    return replace(one, behind_error=float(error))
