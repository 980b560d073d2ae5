"""The library of cases scored: each case is run before its evidence, on what was known by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from foedus import study
from foedus.case.case import Case
from foedus.case.find import shipped_cases
from foedus.history.requests import Request, requests
from foedus.questions.answers import simulate
from foedus.questions.fits.library import (
    Answered,
    Expected,
    LibraryScores,
    answered,
    expected_of,
    library_scores,
)

DRAWS = 2000


def score_library(
    draws: int = DRAWS,
    seed: int = 1,
    *,
    table: Sequence[Request] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LibraryScores:
    """The shipped cases of requests with the inside and the outside view of the call, and scores.

    Use it to see how the models do on cases they were not fitted to; not as a proof, for there are
    few. Each case is simulated `draws` times for each atom.
    """
    rows = requests() if table is None else table
    pairs: list[tuple[Case, Expected]] = []
    for name in shipped_cases():
        case = study.load(name)
        expected = expected_of(case, rows)
        if expected is not None:
            pairs.append((case, expected))
    found = []
    for done, (case, expected) in enumerate(pairs, 1):
        found.append(_inside(case, expected, draws, seed))
        if progress is not None:
            progress(done, len(pairs))
    return library_scores(found)


def _inside(case: Case, expected: Expected, draws: int, seed: int) -> Answered:
    """What the case's model says of its call, before any of its evidence; only that is asked."""
    model = study.build(case)
    monitors = tuple(one for one in model.monitors if one.name == expected.question)
    answers = simulate(replace(model, monitors=monitors), draws=draws, seed=seed, engine="native")
    (answer,) = answers.questions
    value, error = answer.estimate.value, answer.estimate.error
    assert value is not None
    assert error is not None
    return answered(expected, value, error)
