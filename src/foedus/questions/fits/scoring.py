"""The learned willingness scored on calls whose end is known, and on the cases of the library.

On calls twice: each left out in turn (its own factor is taken out of the posterior, so that one fit
serves all), and by time, each forecast from what was known before it. The rivals are the base rate,
the rate of the call's frame and of its body (with Jeffreys's prior in each) and a coin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from foedus.frozen import dataclass
from foedus.history.requests import Request
from foedus.questions.fits.bodies import path_of
from foedus.questions.fits.calls import POINTS, Call, Willingness, calls_of, fit_calls
from foedus.questions.scores import Murphy, brier, log_score, murphy

Array = NDArray[np.float64]

FIRST_YEAR = 1980
BINS = 5
LEAST = 1e-3
"""A probability nearer to nought or one, which few runs can give, is scored as this far from it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean scores of a forecaster, lower better; `behind` the first one's logarithmic score by
    so much, with the standard error of that."""

    name: str
    brier: float
    log: float
    behind: float
    behind_error: float


@dataclass(frozen=True, slots=True)
class CallContest:
    """All forecasters on the same calls, the fit first, with how well it is calibrated.

    `forecasts` and `came` (call,): the fit's chances and what came, in the order of `ids`. The same
    holds questions of cases, the models of the cases first (`ended`).
    """

    way: str
    ids: tuple[str, ...]
    forecasts: Array
    came: Array
    scored: tuple[Scored, ...]
    calibration: Murphy


def call_contests(
    table: Sequence[Request], progress: Callable[[int, int], None] | None = None
) -> tuple[CallContest, CallContest]:
    """The two contests: leaving out one call at a time, and by time."""
    genuine = [each for each in table if each.genuine == "yes"]
    calls = calls_of(table)
    pairs = list(zip(genuine, calls, strict=True))
    late = [pair for pair in pairs if pair[0].asked.year >= FIRST_YEAR]
    total = len(late) + 1
    one_out = left_out(fit_calls(calls))
    if progress is not None:
        progress(1, total)
    in_time = []
    for done, (request, call) in enumerate(late, 2):
        in_time.append(as_of(request, call, table))
        if progress is not None:
            progress(done, total)

    def others(row: Request) -> list[Request]:
        return [each for each in genuine if each is not row]

    def earlier(row: Request) -> list[Request]:
        return [each for each in genuine if each.known < row.asked]

    return (
        _contest("leaving out one at a time", genuine, one_out, others),
        _contest("by time", [row for row, _ in late], np.array(in_time), earlier),
    )


def left_out(model: Willingness) -> Array:
    """The chance of each call of a model, from all the others."""
    found = []
    for call in model.calls:
        shift = call.wins * model.shared[:, 0] - call.losses * model.shared[:, 1]
        chance = expit(POINTS[None, :] + shift[:, None])
        own = chance if call.granted else 1.0 - chance
        law = model.weights[:, :, None] * model.all[:, model.paths.index(call.path)] / own[None]
        found.append(float((law * chance[None]).sum() / law.sum()))
    return np.array(found)


def as_of(request: Request, call: Call, table: Sequence[Request]) -> float:
    """The chance of a call from what was known before the day on which it was made."""
    usable = [each for each in table if each.known < request.asked]
    return fit_calls(calls_of(usable), [call.path]).share(call.path, call.wins, call.losses).mean


def _contest(
    way: str,
    rows: Sequence[Request],
    forecasts: Array,
    known: Callable[[Request], list[Request]],
) -> CallContest:
    came = np.array([row.decision == "granted" for row in rows], np.float64)
    said = {
        "the fit": forecasts,
        "base rate": _rates(rows, known, lambda row: None),
        "class: frame": _rates(rows, known, lambda row: row.frame),
        "class: body": _rates(rows, known, path_of),
        "a coin": np.full(len(rows), 0.5),
    }
    scored = tuple(score(name, each, came, forecasts) for name, each in said.items())
    ids = tuple(row.case_id for row in rows)
    return CallContest(way, ids, forecasts, came, scored, murphy(forecasts, came, BINS))


def _rates(
    rows: Sequence[Request],
    known: Callable[[Request], list[Request]],
    key: Callable[[Request], object],
) -> Array:
    """The share that was granted in each call's class, among what may be known of it."""
    found = []
    for row in rows:
        own = [each for each in known(row) if key(each) == key(row)]
        granted = sum(each.decision == "granted" for each in own)
        found.append((granted + 0.5) / (len(own) + 1.0))
    return np.array(found)


def score(name: str, said: Array, came: Array, first: Array) -> Scored:
    """The scores of probabilities (call,), and how far they are behind those of `first`."""
    behind = logs(said, came) - logs(first, came)
    error = float(behind.std(ddof=1) / np.sqrt(len(behind))) if len(behind) > 1 else 0.0
    kept = np.clip(said, LEAST, 1.0 - LEAST)
    return Scored(name, brier(kept, came), log_score(kept, came), float(behind.mean()), error)


def logs(said: Array, came: Array) -> Array:
    """The logarithmic score of each probability (call,), kept off nought and one by `LEAST`."""
    kept = np.clip(said, LEAST, 1.0 - LEAST)
    return -np.log(np.where(came == 1.0, kept, 1.0 - kept))
