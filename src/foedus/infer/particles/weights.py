"""Weights of particles, always as logarithms; -inf is a particle that the record rules out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


def log_sum(logs: Numbers) -> float:
    """log(sum(exp(logs))); -inf where nothing has weight."""
    top = float(np.max(logs, initial=-np.inf))
    if not np.isfinite(top):
        return top
    return top + float(np.log(np.sum(np.exp(logs - top))))


def log_mean(logs: Numbers) -> float:
    """log(mean(exp(logs)))."""
    return log_sum(logs) - float(np.log(logs.size))


def shares(logs: Numbers) -> Numbers:
    """Weights that sum to one; all zero where nothing has weight, or one has no bound."""
    total = log_sum(logs)
    if not np.isfinite(total):
        return np.zeros_like(logs)
    return np.exp(logs - total)


def effective_size(logs: Numbers) -> float:
    """How many equally weighted particles tell as much: 1 / sum(share^2); 0 if none has weight."""
    weights = shares(logs)
    squares = float(np.sum(weights * weights))
    return 1.0 / squares if squares > 0.0 else 0.0


def error_of_change(logs: Numbers, changed: Numbers, batches: int) -> float:
    """The standard error of log_sum(changed) - log_sum(logs), by batches of particles in order.

    Where particles stand island by island, so do batches, and what is alike within an island counts
    as one. It is that of a ratio of two means [Cochran1977]_ (section 6.4), taken to the logarithm.
    Infinite where nothing has weight.

    References
    ----------
    .. [Cochran1977] W. G. Cochran (1977), Sampling Techniques, third edition, Wiley.
    """
    if log_sum(logs) == -np.inf or log_sum(changed) == -np.inf:
        return np.inf
    before, after = (
        np.array([one.sum() for one in np.array_split(shares(each), min(batches, logs.size))])
        for each in (logs, changed)
    )
    if after.size < 2:
        return np.inf
    return float(np.sqrt(after.size / (after.size - 1.0) * np.sum((after - before) ** 2)))


def resample(logs: Numbers, random: np.random.Generator, size: int | None = None) -> Places:
    """Systematic resampling: which particle each of `size` places is filled with, (place,).

    As many places as particles if None. One uniform number for all places, so that a particle of
    share w gets within one of n w copies [Kitagawa1996]_ (appendix). Raises `ValueError` where
    nothing has weight.

    References
    ----------
    .. [Kitagawa1996] G. Kitagawa (1996), Monte Carlo filter and smoother for non-Gaussian nonlinear
       state space models, J. Comput. Graph. Stat. 5, 1-25.
    """
    weights = shares(logs)
    if not weights.any():
        raise ValueError("no particle has weight")
    size = logs.size if size is None else size
    points = (np.arange(size) + random.random()) / size
    cumulated = np.cumsum(weights)
    places = np.searchsorted(cumulated, points * cumulated[-1], side="right")
    chosen: Places = np.minimum(places, logs.size - 1).astype(np.int64)
    return chosen
