"""The forecasts of requests scored on requests whose end is known, against simpler forecasters.

Twice: by leaving out one request at a time, and by time (each forecast from earlier requests only,
for those made in `FIRST_YEAR` or later). The rivals are the base rate, "nothing happens", and the
rate in each single reference class, with Jeffreys's prior in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from foedus.questions.requests.features import Asked, addressee
from foedus.questions.requests.model import CHOICES, Row, forecast, learned
from foedus.questions.scores import Murphy, brier, crps_sample, log_score, murphy

Array = NDArray[np.float64]

FIRST_YEAR = 1980
SURE = 0.98
"""What "nothing happens" gives to nothing happening; certainty would score infinitely badly."""
BINS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What a forecaster said of one request: probabilities of `CHOICES`, of the asker's being in
    office a year later, and equally likely days to the first troops."""

    decision: tuple[float, float, float]
    in_office: float
    days: Array


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean scores of a forecaster, lower better: of the decision (three categories), of the
    fate of the asker, and of log(1 + days) to the first troops (continuous ranked probability).

    `behind`, `behind_error`: by how much its log score of the decision lies above the model's, on
    the same requests, and the standard error of that.
    """

    name: str
    decision_brier: float
    decision_log: float
    fate_brier: float
    fate_log: float
    days_crps: float
    behind: float
    behind_error: float


@dataclass(frozen=True, slots=True)
class Contest:
    """All forecasters on the same requests, the model first, with how well it is calibrated."""

    way: str
    requests: int
    scored: tuple[Scored, ...]
    granted: Murphy
    in_office: Murphy

    @property
    def is_won(self) -> bool:
        """Whether the model has the best log scores of all, of the decision and of the fate."""
        model, *rivals = self.scored
        return all(
            model.decision_log < one.decision_log and model.fate_log < one.fate_log
            for one in rivals
        )


CLASSES: dict[str, Callable[[Asked], object]] = {
    "base rate": lambda asked: None,
    "class: frame": lambda asked: asked.frame,
    "class: threat": lambda asked: asked.threat,
    "class: genuine": lambda asked: asked.genuine,
    "class: addressee": lambda asked: addressee(asked.body),
    "class: frame and genuine": lambda asked: (asked.frame, asked.genuine),
    "class: frame and threat": lambda asked: (asked.frame, asked.threat),
}


def contests(
    rows: Sequence[Row], progress: Callable[[int, int], None] | None = None
) -> tuple[Contest, Contest]:
    """The two contests: leaving out one at a time, and by time."""
    late = [row for row in rows if row.request.asked.year >= FIRST_YEAR]
    total = len(rows) + len(late)

    def told(done: int) -> None:
        if progress is not None:
            progress(done, total)

    one_out = [_left_out(row, rows, told, n) for n, row in enumerate(rows)]
    by_time = [_in_time(row, rows, told, len(rows) + n) for n, row in enumerate(late)]
    return (
        _contest("leaving out one at a time", rows, one_out, lambda row: _others(row, rows)),
        _contest("by time", late, by_time, lambda row: _earlier(row, rows)),
    )


Known = tuple[list[Row], list[Row], list[Row]]
"""Rows whose decision, whose asker's fate, and whose delay may be used."""


def _others(row: Row, rows: Sequence[Row]) -> Known:
    others = [each for each in rows if each is not row]
    return others, others, [each for each in others if _days(each) is not None]


def _earlier(row: Row, rows: Sequence[Row]) -> Known:
    day = row.request.asked
    return (
        [each for each in rows if each.request.known < day],
        [each for each in rows if each.request.fate_known < day],
        [each for each in rows if _days(each) is not None and (_deployed(each)) < day],
    )


def _deployed(row: Row) -> date:
    return row.request.deployed or date.max


def _days(row: Row) -> float | None:
    """Days from the request to the first troops; None where none came."""
    request = row.request
    if request.decision == "refused" or request.deployed is None:
        return None
    return float(max((request.deployed - request.asked).days, 0))


def _left_out(row: Row, rows: Sequence[Row], told: Callable[[int], None], done: int) -> Said:
    told(done + 1)
    decided, lasted, _ = _others(row, rows)
    made = learned(replace(row.asked, asked=None), decided, lasted, unseen=())
    shares = made.refused.value, made.partial.value, made.granted.value
    return Said(shares, made.in_office.value, made.days)


def _in_time(row: Row, rows: Sequence[Row], told: Callable[[int], None], done: int) -> Said:
    told(done + 1)
    made = forecast(row.asked, rows, unseen=())
    shares = made.refused.value, made.partial.value, made.granted.value
    return Said(shares, made.in_office.value, made.days)


def _contest(
    way: str, tested: Sequence[Row], model: Sequence[Said], known: Callable[[Row], Known]
) -> Contest:
    rivals = {name: [_class_said(row, key, known(row)) for row in tested]
              for name, key in CLASSES.items()}  # fmt: skip
    rivals["nothing happens"] = [_nothing(known(row)) for row in tested]
    truth = np.array([CHOICES.index(row.request.decision) for row in tested])
    own = _log_scores(model, truth)
    scored = [_scored("the model", model, tested, own)]
    scored += [_scored(name, said, tested, own) for name, said in rivals.items()]
    stayed = np.array([row.request.fate == "in_office" for row in tested], np.float64)
    granted = np.array([one.decision[2] for one in model])
    office = np.array([one.in_office for one in model])
    return Contest(
        way, len(tested), tuple(scored),
        murphy(granted, truth == 2, BINS), murphy(office, stayed, BINS),
    )  # fmt: skip


def _log_scores(said: Sequence[Said], truth: NDArray[np.int64]) -> Array:
    return np.array([-np.log(one.decision[c]) for one, c in zip(said, truth, strict=True)])


def _scored(name: str, said: Sequence[Said], tested: Sequence[Row], own: Array) -> Scored:
    truth = np.array([CHOICES.index(row.request.decision) for row in tested])
    stayed = np.array([row.request.fate == "in_office" for row in tested], np.float64)
    decisions = np.array([one.decision for one in said])
    office = np.array([one.in_office for one in said])
    timed = [(one, days) for one, row in zip(said, tested, strict=True)
             if (days := _days(row)) is not None]  # fmt: skip
    crps = [crps_sample(np.log1p(one.days), float(np.log1p(days))) for one, days in timed]
    behind = _log_scores(said, truth) - own
    return Scored(
        name, brier(decisions, truth), log_score(decisions, truth), brier(office, stayed),
        log_score(office, stayed), float(np.mean(crps)), float(behind.mean()),
        float(behind.std(ddof=1) / np.sqrt(len(behind))),
    )  # fmt: skip


def _class_said(row: Row, key: Callable[[Asked], object], known: Known) -> Said:
    """What the rates in the request's class say; the delays of all where its class has none."""
    decided, lasted, timed = (
        [each for each in part if key(each.asked) == key(row.asked)] for part in known
    )
    counts = np.array([sum(r.request.decision == c for r in decided) for c in CHOICES]) + 0.5
    stayed = sum(each.request.fate == "in_office" for each in lasted)
    shares = counts / counts.sum()
    return Said(
        (float(shares[0]), float(shares[1]), float(shares[2])),
        (stayed + 0.5) / (len(lasted) + 1.0),
        _all_days(timed or known[2]),
    )


def _all_days(rows: Sequence[Row]) -> Array:
    found = [days for row in rows if (days := _days(row)) is not None]
    return np.array(found or [0.0])


def _nothing(known: Known) -> Said:
    """No help, and the asker stays; if help does come, as soon as it usually does."""
    rest = (1.0 - SURE) / 2.0
    return Said((SURE, rest, rest), SURE, _all_days(known[2]))
