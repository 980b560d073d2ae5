"""The forecasts of requests scored on requests whose end is known, against simpler forecasters.

Twice: by leaving out one request at a time, and by time (each forecast from earlier requests only,
for those made in `FIRST_YEAR` or later); and on requests that are in neither table, each forecast
from earlier ones of the tables. The rivals are the base rate, "nothing happens", and the rate in
each single reference class, with Jeffreys's prior in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.history.bodies import addressee
from foedus.questions.requests.features import Asked
from foedus.questions.requests.learning import CHOICES
from foedus.questions.requests.model import forecasts
from foedus.questions.requests.precedents import Known, Precedents, Row
from foedus.questions.scores import Murphy, brier, crps_sample, murphy

Array = NDArray[np.float64]

FIRST_YEAR = 1980
SURE = 0.98
"""What "nothing happens" gives to nothing happening; certainty would score infinitely badly."""
BINS = 5
IN_NEITHER_TABLE = "in neither table"


@dataclass(frozen=True, slots=True)
class Said:
    """What a forecaster said of one request: probabilities of `CHOICES`, of the asker's being in
    office a year later, and equally likely days to the first troops."""

    decision: tuple[float, float, float]
    in_office: float
    days: Array


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean scores of a forecaster, lower better: of the decision (three categories), of whether
    it is granted in full, of the fate of the asker, and of log(1 + days) to the first troops
    (continuous ranked probability).

    `behind`, `behind_error`: by how much its log score of the decision lies above the model's, on
    the same requests, and the standard error of that; the same of its log score of the fate, and of
    its score of the days.
    """

    name: str
    decision_brier: float
    decision_log: float
    granted_brier: float
    fate_brier: float
    fate_log: float
    days_crps: float
    behind: float
    behind_error: float
    fate_behind: float
    fate_behind_error: float
    days_behind: float
    days_behind_error: float


@dataclass(frozen=True, slots=True)
class Contest:
    """All forecasters on the same requests, the model first, with how well it is calibrated.

    `decision_error`, `fate_error`: the standard errors of the model's mean logarithmic scores;
    `days_error`: that of its mean score of the days.
    """

    way: str
    requests: int
    scored: tuple[Scored, ...]
    granted: Murphy
    in_office: Murphy
    decision_error: float
    fate_error: float
    days_error: float

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
    rows: Sequence[Row],
    progress: Callable[[int, int], None] | None = None,
    outside: Sequence[Row] = (),
) -> tuple[Contest, ...]:
    """The contests: leaving out one at a time, by time, and on `outside`, where there are any.

    Nothing is learned from `outside`.
    """
    late = [row for row in rows if row.request.asked.year >= FIRST_YEAR]
    undated = [replace(row, asked=replace(row.asked, asked=None, latest=None)) for row in rows]
    ways = (
        ("leaving out one at a time", undated), ("by time", late), (IN_NEITHER_TABLE, outside),
    )  # fmt: skip
    asked = [row.asked for _, tested in ways for row in tested]
    said = []
    for made in forecasts(asked, rows, unseen=()):
        shares = made.refused.value, made.partial.value, made.granted.value
        said.append(Said(shares, made.in_office.value, made.days))
        if progress is not None:
            progress(len(said), len(asked))
    precedents = Precedents(rows)
    each = iter(said)
    return tuple(
        _contest(way, tested, list(islice(each, len(tested))), precedents)
        for way, tested in ways
        if tested
    )


def _contest(
    way: str, tested: Sequence[Row], model: Sequence[Said], precedents: Precedents
) -> Contest:
    known = [
        precedents.rows_of(precedents.known(row.asked.case_id, row.asked.asked)) for row in tested
    ]
    rivals = {
        name: [_class_said(row, key, each) for row, each in zip(tested, known, strict=True)]
        for name, key in CLASSES.items()
    }
    rivals["nothing happens"] = [_nothing(each) for each in known]
    truth = np.array([CHOICES.index(row.request.decision) for row in tested])
    own = _each(model, tested)
    scored = [_scored("the model", model, tested, own)]
    scored += [_scored(name, said, tested, own) for name, said in rivals.items()]
    granted = np.array([one.decision[2] for one in model])
    office, stayed = _fates(model, tested)
    return Contest(
        way, len(tested), tuple(scored),
        murphy(granted, truth == 2, BINS), murphy(office, stayed, BINS),
        *(_mean(each)[1] for each in own),
    )  # fmt: skip


def _fates(said: Sequence[Said], tested: Sequence[Row]) -> tuple[Array, Array]:
    """What was said of the askers whose fate is known, and whether each was in office."""
    pairs = [
        (one.in_office, row) for one, row in zip(said, tested, strict=True) if row.request.fate
    ]
    stayed = [row.request.fate == "in_office" for _, row in pairs]
    return np.array([share for share, _ in pairs]), np.array(stayed, np.float64)


def _each(said: Sequence[Said], tested: Sequence[Row]) -> tuple[Array, Array, Array]:
    """The scores of single requests: logarithmic of the decision (request,) and of the fate
    (request with a known fate,), and of log(1 + days) (request with troops,)."""
    decision, days = [], []
    for one, row in zip(said, tested, strict=True):
        decision.append(-np.log(one.decision[CHOICES.index(row.request.decision)]))
        if row.days is not None:
            days.append(crps_sample(np.log1p(one.days), float(np.log1p(row.days))))
    office, stayed = _fates(said, tested)
    fate = -np.log(np.where(stayed == 1.0, office, 1.0 - office))
    return np.array(decision), fate, np.array(days)


def _scored(
    name: str, said: Sequence[Said], tested: Sequence[Row], model: tuple[Array, Array, Array]
) -> Scored:
    truth = np.array([CHOICES.index(row.request.decision) for row in tested])
    own = _each(said, tested)
    behind = [of for mine, its in zip(own, model, strict=True) for of in _mean(mine - its)]
    return Scored(
        name,
        brier(np.array([one.decision for one in said]), truth), float(own[0].mean()),
        brier(np.array([one.decision[2] for one in said]), np.float64(truth == 2)),
        brier(*_fates(said, tested)), float(own[1].mean()),
        float(own[2].mean()), *behind,
    )  # fmt: skip


def _mean(values: Array) -> tuple[float, float]:
    """The mean, and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def _class_said(row: Row, key: Callable[[Asked], object], known: Known) -> Said:
    """What the rates in the request's class say; the delays of all where its class has none."""
    parts = (known.decided, known.lasted, known.sent)
    of_class = Known(
        *([each for each in part if key(each.asked) == key(row.asked)] for part in parts)
    )
    return Said(*rates(of_class), _all_days(of_class.sent or known.sent))


def rates(known: Known) -> tuple[tuple[float, float, float], float]:
    """The shares of `CHOICES` among decisions, and of askers in office a year later, each with
    Jeffreys's prior."""
    counts = np.array([sum(r.request.decision == c for r in known.decided) for c in CHOICES]) + 0.5
    shares = counts / counts.sum()
    stayed = sum(each.request.fate == "in_office" for each in known.lasted)
    decision = float(shares[0]), float(shares[1]), float(shares[2])
    return decision, (stayed + 0.5) / (len(known.lasted) + 1.0)


def _all_days(rows: Sequence[Row]) -> Array:
    found = [row.days for row in rows]
    return np.array(found or [0.0], np.float64)


def _nothing(known: Known) -> Said:
    """No help, and the asker stays; if help does come, as soon as it usually does."""
    rest = (1.0 - SURE) / 2.0
    return Said((SURE, rest, rest), SURE, _all_days(known.sent))
