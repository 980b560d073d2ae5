"""How long things last: survival curves, hazards by period and covariate, and competing ends.

Every spell has a length, and either ended (for one of several reasons) or was still going on when
it was last seen. Lengths are in years wherever the data are.

References
----------
.. [AalenJohansen1978] O. O. Aalen, S. Johansen (1978), An empirical transition matrix for
   non-homogeneous Markov chains based on censored observations, Scandinavian Journal of Statistics
   5, 141-150.
.. [Friedman1982] M. Friedman (1982), Piecewise exponential models for survival data with
   covariates, Annals of Statistics 10, 101-113.
.. [KaplanMeier1958] E. L. Kaplan, P. Meier (1958), Nonparametric estimation from incomplete
   observations, Journal of the American Statistical Association 53, 457-481.
.. [Mantel1966] N. Mantel (1966), Evaluation of survival data and two new rank order statistics
   arising in its consideration, Cancer Chemotherapy Reports 50, 163-170.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.frozen import dataclass

Array = NDArray[np.float64]

WORST_CONDITION = 1e12
MOST_LOG = 50.0
"""Beyond these a likelihood has no top that could be found."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: `survival` (time,) just after each of `times`, its standard error, and how
    many were `at_risk` just before and `ended` at each."""

    times: Array
    survival: Array
    error: Array
    at_risk: Array
    ended: Array

    def at(self, time: float) -> float:
        """The share that lasts beyond a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if place == 0 else float(self.survival[place - 1])

    @property
    def median(self) -> float | None:
        """The first time by which half have ended; None if that has not come."""
        below = np.flatnonzero(self.survival <= 0.5)
        return float(self.times[below[0]]) if len(below) else None


def kaplan_meier(lengths: ArrayLike, ended: ArrayLike) -> Curve:
    """The survival curve of spells (spell,), `ended` 1 where the end was seen, 0 where not.

    Product-limit estimate with Greenwood's error [KaplanMeier1958]_. Use it for one kind of end;
    with several, a survival curve of one of them answers no question (`cumulative_incidence`).
    """
    length, end = _spells(lengths, ended)
    times = np.unique(length[end > 0])
    at_risk = np.array([np.count_nonzero(length >= t) for t in times], np.float64)
    deaths = np.array([np.count_nonzero((length == t) & (end > 0)) for t in times], np.float64)
    survival = np.asarray(np.cumprod(1.0 - deaths / at_risk), np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = deaths / (at_risk * (at_risk - deaths))
    error = survival * np.sqrt(np.cumsum(np.where(np.isfinite(parts), parts, 0.0)))
    return Curve(times, survival, error, at_risk, deaths)


def _spells(lengths: ArrayLike, ended: ArrayLike) -> tuple[Array, Array]:
    length, end = np.asarray(lengths, np.float64), np.asarray(ended, np.float64)
    if length.shape != end.shape or (length < 0.0).any():
        raise ValueError("each spell has a length of nought or more, and an end or none")
    return length, end


def log_rank(lengths: ArrayLike, ended: ArrayLike, group: ArrayLike) -> float:
    """How far two groups of spells differ in how long they last: a chi-squared of 1 degree.

    `group` (spell,) is true or false. Ends at one time are tied (hypergeometric variance)
    [Mantel1966]_. 3.84 is the 5 % mark; 0 where no end could have told the groups apart, since all
    that were left ended then or were of one group.
    """
    length, end = _spells(lengths, ended)
    mine = np.asarray(group, np.bool_)
    excess = variance = 0.0
    for time in np.unique(length[end > 0]):
        here = length >= time
        n, n1 = float(here.sum()), float((here & mine).sum())
        now = (length == time) & (end > 0)
        d, d1 = float(now.sum()), float((now & mine).sum())
        excess += d1 - d * n1 / n
        if n > 1.0:
            variance += d * (n1 / n) * (1.0 - n1 / n) * (n - d) / (n - 1.0)
    return excess * excess / variance if variance > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share that has ended for each cause by each time: `shares` (cause, time)."""

    causes: tuple[str, ...]
    times: Array
    shares: Array

    def at(self, cause: str, time: float) -> float:
        """The share that has ended for a cause by a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        row = self.shares[self.causes.index(cause)]
        return 0.0 if place == 0 else float(row[place - 1])


def cumulative_incidence(lengths: ArrayLike, causes: Sequence[str]) -> Incidence:
    """The share of spells that has ended for each cause, among all causes at once.

    `causes` (spell,): why each ended, empty where it had not. The Aalen-Johansen estimate: what has
    ended for one cause can no longer end for another, so the shares and the survivors sum to one
    [AalenJohansen1978]_.
    """
    kinds = tuple(sorted({cause for cause in causes if cause}))
    length, ended = _spells(lengths, [float(cause != "") for cause in causes])
    curve = kaplan_meier(length, ended)
    before = np.concatenate([[1.0], curve.survival[:-1]])
    why = np.asarray(causes)
    counts = np.array(
        [[np.count_nonzero((length == t) & (why == kind)) for t in curve.times] for kind in kinds]
    ).reshape(len(kinds), len(curve.times))
    return Incidence(kinds, curve.times, np.cumsum(before * counts / curve.at_risk, axis=1))


@dataclass(frozen=True, slots=True)
class Hazards:
    """A piecewise exponential hazard: `log_rates` (period,) per unit of time, the effects of the
    covariates on its logarithm (covariate,), standard errors of both, and the log likelihood."""

    cuts: tuple[float, ...]
    names: tuple[str, ...]
    log_rates: Array
    effects: Array
    log_rate_errors: Array
    effect_errors: Array
    log_likelihood: float

    def rate(self, period: int, covariates: Sequence[float] = ()) -> float:
        """The hazard in a period for given covariates."""
        shift = float(self.effects @ np.asarray(covariates)) if len(self.effects) else 0.0
        return float(np.exp(self.log_rates[period] + shift))


def piecewise_exponential(
    lengths: ArrayLike,
    ended: ArrayLike,
    cuts: Sequence[float] = (),
    covariates: ArrayLike | None = None,
    names: Sequence[str] = (),
) -> Hazards:
    """The hazard, constant between `cuts`, times exp(covariates x effects), at most likely.

    `covariates` (spell, covariate) do not change within a spell. Without cuts and covariates it is
    ends over time. For one of several causes give the ends of that cause only: those of the others
    count as not seen (the cause-specific hazard). The likelihood is a Poisson regression of ends in
    each period on time at risk [Friedman1982]_, by Newton's method. Raises
    `ValueError` where nothing ended in a period, or where covariates cannot be told apart.
    """
    length, end = _spells(lengths, ended)
    edges = np.array([0.0, *cuts, np.inf])
    time = np.clip(length[:, None] - edges[None, :-1], 0.0, np.diff(edges)[None, :])
    period = np.searchsorted(edges[1:-1], length, side="left")
    count = np.zeros_like(time)
    count[np.arange(len(length)), period] = end
    if (count.sum(axis=0) == 0.0).any():
        raise ValueError("nothing ended in one of the periods: leave out a cut")
    x = np.zeros((len(length), 0)) if covariates is None else np.asarray(covariates, np.float64)
    beta = np.zeros(len(edges) - 1 + x.shape[1])
    beta[: len(edges) - 1] = np.log(count.sum(axis=0) / time.sum(axis=0))
    beta, curvature = _most_likely(beta, time, count, x)
    errors = np.sqrt(np.diag(np.linalg.inv(curvature)))
    parts = len(edges) - 1
    return Hazards(
        tuple(cuts), tuple(names), beta[:parts], beta[parts:], errors[:parts], errors[parts:],
        _log_likelihood(beta, time, count, x),
    )  # fmt: skip


def _most_likely(beta: Array, time: Array, count: Array, x: Array) -> tuple[Array, Array]:
    """The coefficients at the top of the likelihood, and minus the curvature there."""
    for _ in range(100):
        slope, curvature = _derivatives(beta, time, count, x)
        if np.linalg.cond(curvature) > WORST_CONDITION:
            break
        step = np.linalg.solve(curvature, slope)
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return beta, _derivatives(beta, time, count, x)[1]
        if np.abs(beta).max() > MOST_LOG:
            break
    raise ValueError("the covariates cannot be told apart, or one of them decides alone")


def _log_hazards(beta: Array, time: Array, x: Array) -> Array:
    parts = time.shape[1]
    return np.asarray(beta[None, :parts] + (x @ beta[parts:])[:, None])


def _derivatives(beta: Array, time: Array, count: Array, x: Array) -> tuple[Array, Array]:
    """The slope of the log likelihood, and minus its curvature."""
    expected = time * np.exp(_log_hazards(beta, time, x))
    rest = count - expected
    slope = np.concatenate([rest.sum(axis=0), x.T @ rest.sum(axis=1)])
    across = expected.T @ x
    inner = (x * expected.sum(axis=1)[:, None]).T @ x
    top = np.concatenate([np.diag(expected.sum(axis=0)), across], axis=1)
    return slope, np.concatenate([top, np.concatenate([across.T, inner], axis=1)])


def _log_likelihood(beta: Array, time: Array, count: Array, x: Array) -> float:
    log_hazard = _log_hazards(beta, time, x)
    return float((count * log_hazard - time * np.exp(log_hazard)).sum())


def exponential_rate(ends: float, time: float) -> tuple[float, float, float]:
    """The rate of ends over time, and its 95 % interval on the logarithmic scale."""
    if ends <= 0 or time <= 0:
        raise ValueError("a rate needs ends and time")
    rate = ends / time
    factor = exp(1.959963984540054 / sqrt(ends))
    return rate, rate / factor, rate * factor
