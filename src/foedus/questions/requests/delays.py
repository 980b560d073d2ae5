"""How soon help comes: log(1 + days) is normal around what the request is, with strong priors.

The spread is unknown, too: it is summed over a grid, and given it the regression is exact
(Bayesian linear regression; Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 14).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

SPREADS = np.geomspace(0.5, 4.0, 15)
CENTRE, CENTRE_SD = float(np.log1p(5.0)), 1.0
"""Before any case: a median of five days, give or take a factor of e: troops that are sent at all
are mostly sent at once, or after weeks of bargaining."""
EFFECT_SD = 0.5
SPREAD_MEDIAN, SPREAD_LOG_SD = 1.5, 0.5
LEVELS: NDArray[np.float64] = (np.arange(200, dtype=np.float64) + 0.5) / 200.0


@dataclass(frozen=True, slots=True)
class Delay:
    """The law of the days to the first troops: a mixture of normals of log(1 + days)."""

    weights: Array
    centres: Array
    spreads: Array

    def quantiles(self, levels: Array) -> Array:
        """Days at these levels, by bisection; no help comes before it is asked for."""
        low = np.full(levels.shape, -20.0)
        high = np.full(levels.shape, 40.0)
        for _ in range(60):
            middle = 0.5 * (low + high)
            below = self.cdf(middle) < levels
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(np.maximum(np.expm1(high), 0.0))

    def cdf(self, z: Array) -> Array:
        """The probability that log(1 + days) is at most z (any shape)."""
        standard = (z[..., None] - self.centres) / self.spreads
        return np.asarray(ndtr(standard) @ self.weights)


def fit_delay(x: Array, days: Array, row: Array) -> Delay:
    """The law for a new `row` (feature,) from rows (row, feature) whose days are known (row,).

    The first feature is the base; the others shift it.
    """
    z = np.log1p(days)
    variance = np.full(len(row), EFFECT_SD**2)
    variance[0] = CENTRE_SD**2
    mean = np.zeros(len(row))
    mean[0] = CENTRE
    weights, centres, spreads = [], [], []
    for spread in SPREADS:
        precision = np.diag(1.0 / variance) + x.T @ x / spread**2
        lower = np.linalg.cholesky(precision)
        right = mean / variance + x.T @ z / spread**2
        half = np.linalg.solve(lower, right)
        b = np.linalg.solve(lower.T, half)
        # log p(z | spread): the prior's and the rows' parts less the posterior's, up to a constant
        evidence = 0.5 * half @ half - np.log(np.diag(lower)).sum()
        evidence -= 0.5 * z @ z / spread**2 + len(z) * np.log(spread)
        evidence -= 0.5 * (np.log(spread / SPREAD_MEDIAN) / SPREAD_LOG_SD) ** 2
        uncertain = np.linalg.solve(lower, row)
        weights.append(evidence)
        centres.append(row @ b)
        spreads.append(np.sqrt(spread**2 + uncertain @ uncertain))
    weight = np.exp(np.array(weights) - max(weights))
    return Delay(weight / weight.sum(), np.array(centres), np.array(spreads))
