"""Scores of forecasts: how far they were from what came. Lower is better for all of them.

All are proper (but for `murphy`, which takes a score apart): nobody does better in the long run by
saying something other than what they believe [GneitingRaftery2007]_.

References
----------
.. [Brier1950] G. W. Brier (1950), Verification of forecasts expressed in terms of probability,
   Monthly Weather Review 78, 1-3.
.. [GneitingRaftery2007] T. Gneiting, A. E. Raftery (2007), Strictly proper scoring rules,
   prediction, and estimation, Journal of the American Statistical Association 102, 359-378.
.. [Murphy1973] A. H. Murphy (1973), A new vector partition of the probability score, Journal of
   Applied Meteorology 12, 595-600.
"""

from __future__ import annotations

from math import erf, exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.frozen import dataclass

Array = NDArray[np.float64]


def brier(forecasts: ArrayLike, came: ArrayLike) -> float:
    """The mean squared difference of forecast and what came [Brier1950]_.

    Of probabilities (case,) with `came` 0 or 1: the half of Brier's own, between 0 and 1. Of
    probabilities (case, category) with `came` the category's number: Brier's own, between 0 and 2.
    """
    p, truth = _as_categories(forecasts, came)
    return float(np.mean(np.sum((p - truth) ** 2, axis=-1)))


def log_score(forecasts: ArrayLike, came: ArrayLike) -> float:
    """The mean of -log of the probability of what came, in nats; infinite if that was zero once.

    Forms as in `brier`.
    """
    p, truth = _as_categories(forecasts, came)
    given = np.where(truth == 1.0, p, 1.0 - p)[:, 0] if p.shape[1] == 1 else (p * truth).sum(axis=1)
    with np.errstate(divide="ignore"):
        return float(np.mean(-np.log(given)))


def _as_categories(forecasts: ArrayLike, came: ArrayLike) -> tuple[Array, Array]:
    p, happened = np.asarray(forecasts, np.float64), np.asarray(came)
    if p.ndim == 1:
        return p[:, None], happened.astype(np.float64)[:, None]
    return p, np.eye(p.shape[1])[happened.astype(np.int64)]


def crps_sample(draws: ArrayLike, came: float) -> float:
    """The continuous ranked probability score of equally likely draws, in the unit of `came`.

    E|X - y| - E|X - X'|/2 [GneitingRaftery2007]_, eq. 21, exact for the law that the draws are.
    """
    ordered = np.sort(np.asarray(draws, np.float64))
    n = len(ordered)
    spread = np.sum((2.0 * np.arange(1, n + 1) - n - 1.0) * ordered) / (n * n)
    return float(np.mean(np.abs(ordered - came)) - spread)


def crps_normal(mean: float, sd: float, came: float) -> float:
    """The continuous ranked probability score of a normal law [GneitingRaftery2007]_, eq. 5."""
    if not 0.0 < sd < inf:
        raise ValueError("a normal law needs a positive standard deviation")
    z = (came - mean) / sd
    density = exp(-0.5 * z * z) / sqrt(2.0 * pi)
    return sd * (z * erf(z / sqrt(2.0)) + 2.0 * density - 1.0 / sqrt(pi))


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts that lie together: how many, their mean, and how often it came."""

    cases: int
    forecast: float
    came: float


@dataclass(frozen=True, slots=True)
class Murphy:
    """The Brier score of probabilities taken apart [Murphy1973]_.

    score = reliability - resolution + uncertainty + within, where `reliability` is how far what was
    said is from how often it came, `resolution` how far the forecasts told cases apart, and
    `uncertainty` what the base rate alone scores. `within` is left over by forecasts that differ
    within a bin (Stephenson et al. 2008); it is nought where each bin holds one forecast.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float
    bins: tuple[Bin, ...]

    @property
    def score(self) -> float:
        """The Brier score that the parts add up to."""
        return self.reliability - self.resolution + self.uncertainty + self.within


def murphy(forecasts: ArrayLike, came: ArrayLike, bins: int | None = None) -> Murphy:
    """The decomposition of a Brier score, and the bins of its reliability diagram.

    With `bins` forecasts are put together by their order, about equally many to a bin; without, by
    equal values.
    """
    p = np.asarray(forecasts, np.float64)
    y = np.asarray(came, np.float64)
    order = np.argsort(p, kind="stable")
    if bins is None:
        groups = [order[p[order] == value] for value in np.unique(p)]
    else:
        groups = [group for group in np.array_split(order, bins) if len(group)]
    base, n = float(y.mean()), len(p)
    made = tuple(Bin(len(g), float(p[g].mean()), float(y[g].mean())) for g in groups)
    reliability = sum(b.cases * (b.forecast - b.came) ** 2 for b in made) / n
    resolution = sum(b.cases * (b.came - base) ** 2 for b in made) / n
    uncertainty = base * (1.0 - base)
    within = brier(p, y) - (reliability - resolution + uncertainty)
    return Murphy(reliability, resolution, uncertainty, within, made)


def entropy(probabilities: ArrayLike) -> float:
    """What a forecaster expects of the log score of a forecast: its entropy, in nats."""
    p = [float(each) for each in np.asarray(probabilities, np.float64) if each > 0.0]
    return -sum(each * log(each) for each in p)
