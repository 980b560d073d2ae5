"""The cases of the library scored on their own calls, each on what was learned from the others.

For each case: the outside view (the fit as known before its clock, without its own call), the
inside view (what the model of the case answers before any of its evidence), the base rate of the
calls known by then, and what came.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.case.case import Case
from foedus.frozen import dataclass
from foedus.history.learned import LearnedShare
from foedus.history.requests import Request
from foedus.questions.fits.ended import Ended, ended_contests
from foedus.questions.fits.fit import fit_body
from foedus.questions.fits.of_case import asked_in
from foedus.questions.fits.scoring import CallContest, Scored, score

COMES = 1.0


@dataclass(frozen=True, slots=True)
class Expected:
    """A case of the library with its own call, and the question that asks whether it is taken up.

    `outside`: the fit's chance; `base_rate`: the share of the calls known before the clock.
    """

    case: str
    body: str
    own: Request
    question: str
    outside: float
    base_rate: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The same with the inside view, its Monte Carlo error, and what came (1 taken up, 0 not)."""

    expected: Expected
    inside: float
    error: float
    came: float


@dataclass(frozen=True, slots=True)
class LibraryScores:
    """The cases in order of their calls, and the mean scores of the views, the outside first.

    `ended`: every question of the library whose end is known, calls or not; `contests`: how well
    they were answered, all and those with a condition.
    """

    cases: tuple[Answered, ...]
    scored: tuple[Scored, ...]
    ended: tuple[Ended, ...] = ()
    contests: tuple[CallContest, ...] = ()


def expected_of(case: Case, table: Sequence[Request]) -> Expected | None:
    """What is to be scored of a case; None where it has no call of its own in the table, or does
    not ask whether it is taken up (the question beside which `learned-willing` stands)."""
    asked = asked_in(case, table)
    if asked is None or asked.own is None or asked.own.genuine != "yes":
        return None
    names = [name for name, one in case.questions.items() if isinstance(one.outside, LearnedShare)]
    if not names:
        return None
    fit = fit_body(asked.body, table, asked.before, case.name, unseen=())
    known = [each for each in table if each.genuine == "yes" and each.known < asked.before]
    granted = sum(each.decision == "granted" for each in known)
    return Expected(
        case.name, asked.body, asked.own, names[0], fit.next_call.mean,
        (granted + 0.5) / (len(known) + 1.0),
    )  # fmt: skip


def answered(expected: Expected, inside: float, error: float) -> Answered:
    """A case with its inside view and what came."""
    return Answered(expected, inside, error, COMES if expected.own.decision == "granted" else 0.0)


def library_scores(cases: Sequence[Answered], ended: Sequence[Ended] = ()) -> LibraryScores:
    """The cases in order of time with the scores of each view. At least one case is needed."""
    ordered = tuple(sorted(cases, key=lambda one: one.expected.own.asked))
    came = np.array([one.came for one in ordered])
    outside = np.array([one.expected.outside for one in ordered])
    views = {
        "outside view": outside,
        "inside view": np.array([one.inside for one in ordered]),
        "base rate": np.array([one.expected.base_rate for one in ordered]),
        "a coin": np.full(len(ordered), 0.5),
    }
    return LibraryScores(
        ordered,
        tuple(score(name, said, came, outside) for name, said in views.items()),
        tuple(ended),
        ended_contests(ended),
    )
