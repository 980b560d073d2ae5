"""Integrals over parameters that the data know much better than the prior does.

The trapezoidal rule of `quadrature`, but in coordinates centred at the mode of prior times
likelihood (in the normal scores of the priors) and scaled by its curvature there, so that many data
need no more nodes than few. What may lie beyond the edge of the grid is added to the stated error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr

from foedus.exact.quadrature import Grid, Numbers, gap_between, log_mean
from foedus.expr.prior import Prior

REACH = 7.0
"""Standard deviations on either side of the mode."""

Truths = NDArray[np.bool_]
Evaluate = Callable[[tuple[float, ...]], Numbers]


def integrate_around_mode(
    priors: Sequence[Prior], evaluate: Evaluate, *, tolerance: float = 1e-10, most: int = 1200
) -> Grid:
    """The log of the mean of exp(`evaluate(parameters)`) (result,) over independent priors.

    The last result says where the mode is. The step is halved until results agree to `tolerance`,
    or the next rule would have more than `most` nodes.
    """
    known: dict[tuple[float, ...], Numbers] = {}

    def values_at(score: Numbers) -> tuple[float, ...]:
        return tuple(float(p.quantile(float(ndtr(z)))) for p, z in zip(priors, score, strict=True))

    def at(score: Numbers) -> Numbers:
        key = tuple(float(one) for one in score)
        if key not in known:
            known[key] = evaluate(values_at(score))
        return known[key]

    def minus_log(score: Numbers) -> float:
        value = float(at(score)[-1]) - 0.5 * float(score @ score)
        return -value if value > -np.inf else 1e300

    centre, scale = _mode(minus_log, len(priors))
    before: Numbers | None = None
    step = 1.0
    while True:
        reach = round(REACH / step)
        axis = tuple(place * step for place in range(-reach, reach + 1))
        offsets = np.array(list(product(axis, repeat=len(priors))))
        scores = centre + offsets @ scale.T
        results = np.array([at(score) for score in scores])
        density = np.exp(-0.5 * (scores**2).sum(axis=1)) / (2.0 * np.pi) ** (len(priors) / 2.0)
        weights = density * step ** len(priors) * abs(float(np.linalg.det(scale)))
        means = log_mean(weights, results)
        gap = np.full_like(means, np.inf) if before is None else gap_between(means, before)
        if (gap <= tolerance).all() or (
            before is not None and len(scores) * 2 ** len(priors) > most
        ):
            values = tuple(map(values_at, scores))
            axes = (axis,) * len(priors)
            beyond = np.zeros_like(means)
            for face in _faces(offsets, step):
                parts = [log_mean(weights[on], results[on]) - means for on in face]
                beyond += _beyond(*parts)
            return Grid(axes, values, weights, results, means, gap + np.nan_to_num(beyond))
        before, step = means, step / 2.0


def _faces(offsets: Numbers, step: float) -> Iterator[tuple[Truths, Truths]]:
    """Of each face of the grid, which nodes (node,) lie on it, and which just below."""
    for column in (*offsets.T, *-offsets.T):
        yield column == REACH, column == REACH - step


def _beyond(outermost: Numbers, below: Numbers) -> Numbers:
    """How much lies beyond a face, as a share of the whole, from the logarithms of what the nodes
    on it and those just below it add.

    Laws whose logarithm is concave fall ever faster: beyond lies no more than if they went on
    falling as they do here. Without end where nothing falls.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        falls = -np.expm1(outermost - below)
        found = np.where(falls > 0.0, np.exp(outermost) / falls, np.inf)
    return np.where(outermost == -np.inf, 0.0, found)


def _mode(minus_log: Callable[[Numbers], float], size: int) -> tuple[Numbers, Numbers]:
    """The mode, and the factor of the covariance there (a lower triangle)."""
    found = minimize(minus_log, np.zeros(size), method="Nelder-Mead",
                     options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 400})  # fmt: skip
    mode: Numbers = found.x
    width = np.full(size, 0.1)
    curvature = np.eye(size)
    for _ in range(2):  # once to see how wide it is, once at that width
        curvature = _curvature(minus_log, mode, 0.3 * width)
        width = 1.0 / np.sqrt(np.maximum(np.diag(curvature), 1.0))
    values, vectors = np.linalg.eigh(curvature)
    covariance = (vectors / np.maximum(values, 1.0)) @ vectors.T  # no wider than the prior
    return mode, np.linalg.cholesky(covariance)


def _curvature(minus_log: Callable[[Numbers], float], at: Numbers, width: Numbers) -> Numbers:
    size = at.size
    steps = np.diag(width)
    found = np.empty((size, size))
    for one in range(size):
        for other in range(size):
            up, across = steps[one], steps[other]
            found[one, other] = (
                minus_log(at + up + across) - minus_log(at + up - across)
                - minus_log(at - up + across) + minus_log(at - up - across)
            ) / (4.0 * width[one] * width[other])  # fmt: skip
    return 0.5 * (found + found.T)
