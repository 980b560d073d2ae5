"""Small-sample choice models: logistic regression with strong priors, by Laplace's method.

Notation: with features x (feature,), the log odds of choice c against the first are b_c . x, with
b ~ Normal(mean, sd^2) for each coefficient. The posterior is taken as normal at its mode [Laplace;
Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 4], which for priors this strong is close; the
predictive probabilities are averages over it, from fixed quasi-random points, so that the same rows
give the same forecasts.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass

Array = NDArray[np.float64]
POINTS = 1024
STEPS = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """The posterior of the coefficients: mode (..., choice - 1, feature), and minus the second
    derivatives of its logarithm there (..., coefficient, coefficient), coefficients in row order.

    Before these axes there may be others: fits of the same features to other rows.
    """

    mode: Array
    curvature: Array

    def arranged(self, places: NDArray[np.int64], mean: Array, sd: Array) -> Fit:
        """The posterior with its features in another order.

        `places` (feature,) says where each stands here, -1 for one of which nothing was learned:
        such have their priors, `mean` and `sd` (choice - 1, feature of this sort).
        """
        others, width = self.mode.shape[-2:]
        is_new = places < 0
        mode = self.mode[..., places]
        mode[..., is_new] = mean
        every = (np.arange(others)[:, None] * width + places).ravel()
        curvature = self.curvature[..., every[:, None], every]
        new = np.flatnonzero(np.tile(is_new, others))
        curvature[..., new, :] = 0.0
        curvature[..., new] = 0.0
        curvature[..., new, new] = 1.0 / sd.ravel() ** 2
        return Fit(mode, curvature)


def fit(x: Array, choice: NDArray[np.int64], mean: Array, sd: Array) -> Fit:
    """The posterior for rows `x` (row, feature) and what was chosen (row,), 0 the first choice.

    `mean` and `sd` (choice - 1, feature) are the prior. No rows at all give the prior back.
    """
    others, width = mean.shape
    precision = 1.0 / sd**2
    chosen = np.stack([choice == c + 1 for c in range(others)], axis=1).astype(np.float64)
    b = mean.copy()
    for _ in range(STEPS):
        p = probabilities(x, b[None])[0][:, 1:]
        slope = (chosen - p).T @ x - precision * (b - mean)
        step = np.linalg.solve(_curvature(x, p, precision), slope.ravel()).reshape(others, width)
        b = b + step
        if np.abs(step).max() < 1e-10:
            break
    p = probabilities(x, b[None])[0][:, 1:]
    return Fit(b, _curvature(x, p, precision))


def _curvature(x: Array, p: Array, precision: Array) -> Array:
    """Minus the second derivatives of the log posterior, (coefficient, coefficient)."""
    others, width = precision.shape
    found = np.diag(precision.ravel())
    for i in range(others):
        for j in range(others):
            weight = p[:, i] * ((1.0 if i == j else 0.0) - p[:, j])
            block = slice(i * width, (i + 1) * width), slice(j * width, (j + 1) * width)
            found[block] += x.T @ (x * weight[:, None])
    return np.asarray(found)


def probabilities(x: Array, b: Array) -> Array:
    """Probabilities (draw, row, choice) for rows (row, feature) and coefficients (draw, choice - 1,
    feature)."""
    odds = np.einsum("rf,dcf->drc", x, b)
    odds = np.concatenate([np.zeros((*odds.shape[:2], 1)), odds], axis=2)
    odds -= odds.max(axis=2, keepdims=True)
    weight = np.exp(odds)
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))


def predicted(posterior: Fit, x: Array, spread: Array) -> Array:
    """Draws (..., choice, draw) of the probabilities of one row `x` (feature,).

    Features with a `spread` (feature,) are drawn from a normal law of that standard deviation: what
    is not known of a case widens what is said of it.
    """
    others, width = posterior.mode.shape[-2:]
    points = normal_points(others * width + width)
    vague = np.flatnonzero(spread)
    # The log odds have a part of all that is known of the row, and one of each vague feature.
    parts = 1 + len(vague)
    weights = np.zeros((parts, width))
    weights[0] = np.where(spread == 0.0, x, 0.0)
    weights[np.arange(1, parts), vague] = 1.0
    directions = np.zeros((others, width, others, parts))
    for choice in range(others):
        directions[choice, :, choice] = weights.T
    lower = np.linalg.cholesky(posterior.curvature)
    turned = np.linalg.solve(lower, directions.reshape(others * width, -1))
    b = np.swapaxes(turned, -1, -2) @ points[: others * width]
    b = b.reshape(*b.shape[:-2], others, parts, -1) + (posterior.mode @ weights.T)[..., None]
    values = x[vague, None] + points[others * width + vague] * spread[vague, None]
    odds = np.zeros((*b.shape[:-3], 1 + others, points.shape[1]))
    odds[..., 1:, :] = b[..., 0, :] + (b[..., 1:, :] * values).sum(axis=-2)
    weight = np.exp(odds - odds.max(axis=-2, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-2, keepdims=True))


@cache
def normal_points(dimensions: int) -> Array:
    """Fixed standard normal points (dimension, point), in pairs of opposite ones."""
    half = np.random.Generator(np.random.Philox(20220105)).standard_normal(
        (POINTS // 2, dimensions)
    )
    return np.ascontiguousarray(np.concatenate([half, -half]).T)
