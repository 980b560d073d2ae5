"""Forecasts of requests for help from those that came before, and from nothing later.

A forecast for a request learns from a row of the table only what was known before the day of the
request: the decision once it was taken, the delay once troops were there, and whether the asker
was in office a year later once that year was over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from foedus.history.requests import Request
from foedus.questions.requests.choices import Fit, fit, predicted
from foedus.questions.requests.delays import LEVELS, Delay, fit_delay
from foedus.questions.requests.features import COVARIATES, Asked, as_asked, effect, features

Array = NDArray[np.float64]

CHOICES = ("refused", "partial", "granted")
UNSEEN = (5, 15)
"""So many refusals that left no trace are added, to see what they would change."""
OF_DELAYS = ("frame:", "threat:", "external")
"""Features of how soon help comes; there are too few cases for more."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability, and the interval (95 %) within which the model's own uncertainty leaves it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is forecast of a request.

    The three probabilities sum to one. `delay`: days from the request to the first troops, given
    that it is granted. `unseen`: the three probabilities had there been so many refusals more.
    `learned_from`: rows whose decision was known. `notes`: what narrows its basis.
    """

    asked: Asked
    granted: Estimate
    partial: Estimate
    refused: Estimate
    delay: Delay
    in_office: Estimate
    unseen: dict[int, tuple[float, float, float]]
    learned_from: int
    notes: tuple[str, ...]

    @property
    def days_median(self) -> float:
        """The median of the days to the first troops."""
        return float(self.delay.quantiles(np.array([0.5], np.float64))[0])

    @property
    def days(self) -> Array:
        """Equally likely days to the first troops."""
        return self.delay.quantiles(LEVELS)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table to learn from: as it was asked, its features, and what became of it."""

    asked: Asked
    features: dict[str, float]
    request: Request


def rows_of(
    table: Sequence[Request], covariates: Callable[[Asked], dict[str, float]] | None = None
) -> list[Row]:
    """The rows of the table with the covariates of each, if there are data for them."""
    found = []
    for request in table:
        asked = as_asked(request)
        more = {} if covariates is None else covariates(asked)
        asked = as_asked(request, more)
        found.append(Row(asked, features(asked), request))
    return found


def forecast(asked: Asked, rows: Sequence[Row], unseen: Sequence[int] = UNSEEN) -> Forecast:
    """The forecast for a request from the rows that were known before its day.

    Without a day, all rows are used, and the notes say so. A row of the same case is left out.
    """
    others = [row for row in rows if row.asked.case_id != asked.case_id]
    day = asked.asked or date.max
    decided = [row for row in others if row.request.known < day]
    lasted = [row for row in others if row.request.fate_known < day]
    return learned(asked, decided, lasted, unseen)


def learned(
    asked: Asked,
    decided: Sequence[Row],
    lasted: Sequence[Row],
    unseen: Sequence[int] = UNSEEN,
) -> Forecast:
    """The forecast for a request from rows whose decisions, and whose fates, may be used."""
    draws = _decision(asked, decided, 0)
    fate = _in_office(asked, lasted)
    more = {count: _decision(asked, decided, count).mean(axis=0) for count in unseen}
    refused, partial, granted = (_estimate(draws[:, n]) for n in range(3))
    return Forecast(
        asked, granted, partial, refused, _delay(asked, decided), _estimate(fate[:, 1]),
        {n: (float(p[2]), float(p[1]), float(p[0])) for n, p in more.items()},
        len(decided), tuple(_notes(asked, decided)),
    )  # fmt: skip


def _estimate(draws: Array) -> Estimate:
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(float(draws.mean()), float(low), float(high))


def _design(asked: Asked, rows: Sequence[Row]) -> tuple[list[str], Array, Array]:
    """The names of the features, the rows (row, feature), and the new request (feature,)."""
    new = features(asked)
    seen = [row.features for row in rows]
    names = [*new, *(name for each in seen for name in each), *COVARIATES]
    names = list(dict.fromkeys(names))
    x = np.array([[each.get(name, 0.0) for name in names] for each in seen])
    return names, x.reshape(len(rows), len(names)), np.array([new.get(n, 0.0) for n in names])


def _decision(asked: Asked, rows: Sequence[Row], unseen: int) -> Array:
    """Draws (draw, choice) of the probabilities of `CHOICES`."""
    names, x, new = _design(asked, rows)
    chosen = [CHOICES.index(row.request.decision) for row in rows]
    if unseen:  # of a refusal that left no trace nothing is known but that
        blank = np.zeros((unseen, len(names)))
        blank[:, names.index("base")] = 1.0
        x, chosen = np.concatenate([x, blank]), [*chosen, *[0] * unseen]
    priors = [effect(name) for name in names]
    mean = np.array([[e.partial[0] for e in priors], [e.granted[0] for e in priors]])
    sd = np.array([[e.partial[1] for e in priors], [e.granted[1] for e in priors]])
    posterior = fit(x, np.array(chosen, np.int64), mean, sd)
    return predicted(posterior, new, _unknown(names, asked))


def _in_office(asked: Asked, rows: Sequence[Row]) -> Array:
    """Draws (draw, 2) of the probabilities that the asker is out of, or in, office a year later."""
    names, x, new = _design(asked, rows)
    chosen = np.array([row.request.fate == "in_office" for row in rows], np.int64)
    priors = [effect(name).in_office for name in names]
    mean = np.array([[mean for mean, _ in priors]])
    sd = np.array([[sd for _, sd in priors]])
    posterior: Fit = fit(x, chosen, mean, sd)
    return predicted(posterior, new, _unknown(names, asked))


def _unknown(names: Sequence[str], asked: Asked) -> NDArray[np.bool_]:
    return np.array([name in COVARIATES and name not in asked.covariates for name in names])


def _delay(asked: Asked, rows: Sequence[Row]) -> Delay:
    """The law of the days to the first troops, from requests that were granted, in part or whole,
    and whose troops were there before the new request."""
    day = asked.asked or date.max
    there = [
        row
        for row in rows
        if row.request.decision != "refused"
        and row.request.deployed is not None
        and row.request.deployed < day
    ]
    names, x, new = _design(asked, there)
    kept = [n for n, name in enumerate(names) if name == "base" or name.startswith(OF_DELAYS)]
    days = [max((_day(row) - row.request.asked).days, 0) for row in there]
    return fit_delay(x[:, kept], np.array(days, np.float64), new[kept])


def _day(row: Row) -> date:
    assert row.request.deployed is not None
    return row.request.deployed


def _notes(asked: Asked, rows: Sequence[Row]) -> list[str]:
    """What a reader should know about the basis of a forecast."""
    notes = []
    if asked.asked is None:
        notes.append("no date of the request is given: all rows of the table were used")
    for what, name in (("asker", asked.requester), ("body", asked.body)):
        if not name:
            notes.append(f"no {what} is named: the wider class is used")
    if len(rows) < 10:
        notes.append(f"only {len(rows)} earlier requests were known: the prior speaks")
    seen = {name for row in rows for name in row.features}
    for name in features(asked):
        kind, _, word = name.partition(":")
        if word and name not in seen:
            notes.append(f"no earlier request has the {kind} `{word}`: the wider class is used")
    lacking = [name for name in COVARIATES if name not in asked.covariates]
    if lacking:
        notes.append(f"not known, and averaged over: {', '.join(lacking)}")
    return notes
