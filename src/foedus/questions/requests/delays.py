"""How soon help comes: log(1 + days) is normal around what the request is, with strong priors.

The spread is unknown, too: it is summed over a grid, and given it the regression is exact
(Bayesian linear regression; Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from foedus.frozen import dataclass

Array = NDArray[np.float64]

SPREADS = np.geomspace(0.5, 4.0, 15)
CENTRE, CENTRE_SD = float(np.log1p(5.0)), 1.0
"""Before any case: a median of five days, give or take a factor of e: troops that are sent at all
are mostly sent at once, or after weeks of bargaining."""
EFFECT_SD = 0.5
SPREAD_MEDIAN, SPREAD_LOG_SD = 1.5, 0.5
STEPS = 60
LEVELS: NDArray[np.float64] = (np.arange(200, dtype=np.float64) + 0.5) / 200.0


@dataclass(frozen=True, slots=True)
class Delay:
    """The law of the days to the first troops: a mixture of normals of log(1 + days)."""

    weights: Array
    centres: Array
    spreads: Array

    def quantiles(self, levels: Array) -> Array:
        """Days at these levels; no help comes before it is asked for.

        By Newton's steps, halving the bracket where a step would leave it.
        """
        each = self.centres + self.spreads * ndtri(levels)[:, None]
        low, high = each.min(axis=1), each.max(axis=1)  # a mixture's lie among those of its parts
        z = each @ self.weights
        for _ in range(STEPS):
            excess = self.cdf(z) - levels
            low, high = np.where(excess < 0.0, z, low), np.where(excess > 0.0, z, high)
            step = z - excess / self._density(z)
            step = np.where((step > low) & (step < high), step, 0.5 * (low + high))
            moved = np.abs(step - z).max()
            z = step
            if moved < 1e-12:
                break
        return np.asarray(np.maximum(np.expm1(z), 0.0))

    def cdf(self, z: Array) -> Array:
        """The probability that log(1 + days) is at most z (any shape)."""
        standard = (z[..., None] - self.centres) / self.spreads
        return np.asarray(ndtr(standard) @ self.weights)

    def _density(self, z: Array) -> Array:
        standard = (z[..., None] - self.centres) / self.spreads
        height = np.exp(-0.5 * standard**2) / np.sqrt(2.0 * np.pi)
        return np.asarray(height @ (self.weights / self.spreads))


@dataclass(frozen=True, slots=True)
class DelayFit:
    """What days are believed of all requests, for each spread of `SPREADS`: its weight (spread,),
    and the mean (spread, feature) and covariance (spread, feature, feature) of the effects."""

    weights: Array
    means: Array
    covariances: Array

    def predicted(self, row: Array, new: int) -> Delay:
        """The law of a `row` (feature,) that has so many more features of which nothing was
        learned."""
        uncertain = np.einsum("f,sfg,g->s", row, self.covariances, row) + new * EFFECT_SD**2
        return Delay(self.weights, self.means @ row, np.sqrt(SPREADS**2 + uncertain))


def fit_delay(x: Array, days: Array) -> DelayFit:
    """The belief after rows (row, feature) whose days are known (row,).

    The first feature is the base; the others shift it.
    """
    z = np.log1p(days)
    variance = np.full(x.shape[1], EFFECT_SD**2)
    variance[0] = CENTRE_SD**2
    mean = np.zeros(x.shape[1])
    mean[0] = CENTRE
    evidence, means, covariances = [], [], []
    for spread in SPREADS:
        precision = np.diag(1.0 / variance) + x.T @ x / spread**2
        lower = np.linalg.cholesky(precision)
        inverse = np.linalg.solve(lower, np.eye(len(lower)))
        half = inverse @ (mean / variance + x.T @ z / spread**2)
        # log p(z | spread): the prior's and the rows' parts less the posterior's, up to a constant
        found = 0.5 * half @ half - np.log(np.diag(lower)).sum()
        found -= 0.5 * z @ z / spread**2 + len(z) * np.log(spread)
        found -= 0.5 * (np.log(spread / SPREAD_MEDIAN) / SPREAD_LOG_SD) ** 2
        evidence.append(found)
        means.append(inverse.T @ half)
        covariances.append(inverse.T @ inverse)
    weight = np.exp(np.array(evidence) - max(evidence))
    return DelayFit(weight / weight.sum(), np.array(means), np.array(covariances))
