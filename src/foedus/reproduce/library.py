"""The library of cases scored: each case is run before its evidence, on what was known by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from foedus import study
from foedus.case.case import Case
from foedus.case.find import SHIPPED, shipped_cases
from foedus.history.requests import Request, requests
from foedus.questions.answers import Answer, simulate
from foedus.questions.fits.ended import Ended, ended_in
from foedus.questions.fits.library import (
    Answered,
    Expected,
    LibraryScores,
    answered,
    expected_of,
    library_scores,
)
from foedus.questions.frozen import Came
from foedus.questions.settling import read_came

DRAWS = 2000
CAME = "came.csv"
"""Beside a case, what came of its questions."""


def score_library(
    draws: int = DRAWS,
    seed: int = 1,
    *,
    table: Sequence[Request] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LibraryScores:
    """The shipped cases on their own calls, inside and outside view, and on all that they asked.

    Use it to see how the models do on cases they were not fitted to; not as a proof, for there are
    few. Each case is simulated `draws` times for each atom.
    """
    rows = requests() if table is None else table
    asked = [found for name in shipped_cases() if (found := _asked(name, rows)) is not None]
    asked.sort(key=lambda found: found[0].clock.start)
    calls: list[Answered] = []
    ended: list[Ended] = []
    for done, (case, expected, came) in enumerate(asked, 1):
        wanted = {one.question for one in came} | ({expected.question} if expected else set())
        answers = _answers(case, wanted, draws, seed)
        ended += ended_in(case, answers, came)
        if expected is not None:
            (own,) = (one.estimate for one in answers if one.name == expected.question)
            assert own.value is not None
            assert own.error is not None
            calls.append(answered(expected, own.value, own.error))
        if progress is not None:
            progress(done, len(asked))
    return library_scores(calls, ended)


def _asked(
    name: str, table: Sequence[Request]
) -> tuple[Case, Expected | None, tuple[Came, ...]] | None:
    """A shipped case with its call and the questions whose end is known; None if it has neither."""
    case = study.load(name)
    expected, path = expected_of(case, table), SHIPPED / name / CAME
    came = tuple(read_came(path)) if path.is_file() else ()
    return None if expected is None and not came else (case, expected, came)


def _answers(case: Case, wanted: set[str], draws: int, seed: int) -> tuple[Answer, ...]:
    """What the case's model says before any of its evidence; only that is asked which is wanted."""
    model = study.build(case)
    monitors = tuple(one for one in model.monitors if one.name in wanted)
    return simulate(
        replace(model, monitors=monitors), draws=draws, seed=seed, engine="native"
    ).questions
