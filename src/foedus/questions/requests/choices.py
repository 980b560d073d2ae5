"""Small-sample choice models: logistic regression with strong priors, by Laplace's method.

Notation: with features x (feature,), the log odds of choice c against the first are b_c . x, with
b ~ Normal(mean, sd^2) for each coefficient. The posterior is taken as normal at its mode [Laplace;
Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 4], which for priors this strong is close; the
predictive probabilities are averages over it, from fixed quasi-random points, so that the same rows
give the same forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
POINTS = 1024
STEPS = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """The posterior of the coefficients: mode (choice - 1, feature), and a square root of its
    covariance (coefficient, coefficient), coefficients in row order."""

    mode: Array
    root: Array


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
    lower = np.linalg.cholesky(_curvature(x, p, precision))
    return Fit(b, np.linalg.solve(lower, np.eye(len(lower))).T)


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


def predicted(posterior: Fit, x: Array, unknown: NDArray[np.bool_]) -> Array:
    """Draws (draw, choice) of the probabilities of one row `x` (feature,).

    Features marked `unknown` are drawn from the standard normal law: what is not known of a case
    widens what is said of it.
    """
    size = posterior.mode.size
    points = normal_points(size + len(x))
    b = posterior.mode.ravel() + points[:, :size] @ posterior.root.T
    rows = np.where(unknown, points[:, size:], x)
    odds = np.einsum("df,dcf->dc", rows, b.reshape(-1, *posterior.mode.shape))
    odds = np.concatenate([np.zeros((len(odds), 1)), odds], axis=1)
    odds -= odds.max(axis=1, keepdims=True)
    weight = np.exp(odds)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


@cache
def normal_points(dimensions: int) -> Array:
    """Fixed standard normal points (point, dimension), in pairs of opposite ones."""
    half = np.random.Generator(np.random.Philox(20220105)).standard_normal(
        (POINTS // 2, dimensions)
    )
    return np.concatenate([half, -half])
