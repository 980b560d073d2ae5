"""Means over uncertain parameters, by the trapezoidal rule in the normal score of each.

A parameter is `quantile(Phi(z))` of its prior with `z` standard normal. For integrands that are
smooth in `z` the error of the trapezoidal rule falls faster than any power of the step, as the
normal density and all its derivatives vanish at the ends [TrefethenWeideman2014]_. The step is
halved, keeping all earlier nodes, until two results agree; their difference is the stated error
(that of the finer rule is much smaller). A parameter that is 0 or 1 has two nodes.

References
----------
.. [TrefethenWeideman2014] L. N. Trefethen, J. A. C. Weideman (2014), The exponentially convergent
   trapezoidal rule, SIAM Review 56, 385-458.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.special import logsumexp, ndtr

from foedus.expr.prior import Flag, Prior
from foedus.frozen import dataclass

Numbers = NDArray[np.float64]

WIDEST = 6.0
"""Scores looked at; the mass beyond is 2e-9 for each parameter."""

BEYOND = 2e-9
MOST_PARAMETERS = 2
FINER = 8
"""How many times finer the grid is on which the spread over parameters is read."""

Node = tuple[float, ...]
"""A score for each parameter; of one that is 0 or 1, that number."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Nodes with weights (node,), which sum to one, and results (node, result).

    `values` are the parameters at each node (node, parameter).
    `means` (result,) are the weighted sums, `errors` their stated errors.
    """

    axes: tuple[tuple[float, ...], ...]
    values: tuple[tuple[float, ...], ...]
    weights: Numbers
    results: Numbers
    means: Numbers
    errors: Numbers


def integrate(
    priors: Sequence[Prior],
    evaluate: Callable[[tuple[float, ...]], Numbers],
    *,
    tolerance: float = 1e-6,
    most: int = 800,
    are_logs: bool = False,
) -> Grid:
    """The mean of `evaluate(parameters)` (result,) over independent priors.

    The step is halved until every result agrees to `tolerance` of its size, or the next rule would
    have more than `most` nodes. With `are_logs`, results are logarithms of what is averaged, and so
    are the means; errors are those of the logarithms.
    """
    known: dict[Node, tuple[tuple[float, ...], Numbers]] = {}
    before: Numbers | None = None
    step = 1.0
    while True:
        axes = tuple(_axis(prior, step) for prior in priors)
        nodes = list(product(*axes))
        for node in nodes:
            if node not in known:
                values = _values(priors, node)
                known[node] = values, evaluate(values)
        weights = np.array([_weight(priors, node, step) for node in nodes])
        weights /= weights.sum()
        results = np.array([known[node][1] for node in nodes])
        means = log_mean(weights, results) if are_logs else weights @ results
        gap = np.zeros_like(means)
        if any(map(_is_smooth, priors)):
            gap = np.full_like(means, np.inf) if before is None else gap_between(means, before)
        scale = np.maximum(np.abs(results).max(axis=0), 1e-300)
        size = np.ones_like(means) if are_logs else np.maximum(np.abs(means), 1e-300)
        following = len(nodes) * 2 ** sum(map(_is_smooth, priors))
        if (gap <= tolerance * size).all() or (before is not None and following > most):
            beyond = 0.0 if are_logs else BEYOND * len(priors) * scale
            values_at = tuple(known[node][0] for node in nodes)
            return Grid(axes, values_at, weights, results, means, gap + beyond)
        before, step = means, step / 2.0


def log_mean(weights: Numbers, logs: Numbers) -> Numbers:
    """The log of the weighted sum of exp(`logs`) (node, result), result by result."""
    found: Numbers = logsumexp(logs, b=weights[:, None], axis=0)
    return found


def gap_between(means: Numbers, before: Numbers) -> Numbers:
    """How far apart two results are; infinite ones that agree are not."""
    with np.errstate(invalid="ignore"):
        return np.where(means == before, 0.0, np.abs(means - before))


def _is_smooth(prior: Prior) -> bool:
    return not isinstance(prior, Flag)


def _axis(prior: Prior, step: float) -> tuple[float, ...]:
    if not _is_smooth(prior):
        return 0.0, 1.0
    reach = round(WIDEST / step)
    return tuple(place * step for place in range(-reach, reach + 1))


def _values(priors: Sequence[Prior], node: Node) -> tuple[float, ...]:
    return tuple(
        float(prior.quantile(float(ndtr(score)))) if _is_smooth(prior) else score
        for prior, score in zip(priors, node, strict=True)
    )


def _weight(priors: Sequence[Prior], node: Node, step: float) -> float:
    weight = 1.0
    for prior, score in zip(priors, node, strict=True):
        if isinstance(prior, Flag):
            weight *= prior.probability if score else 1.0 - prior.probability
        else:
            weight *= step * exp(-0.5 * score * score) / sqrt(2.0 * pi)
    return weight


def finely(grid: Grid, column: Numbers) -> tuple[Numbers, Numbers]:
    """Numbers at the nodes (node,) read on a finer grid: numbers and weights (point,).

    Between nodes a number is interpolated by a cubic spline in the scores.
    """
    shape = tuple(len(axis) for axis in grid.axes)
    smooth = [place for place, axis in enumerate(grid.axes) if len(axis) > 2]
    values, weights = column.reshape(shape), grid.weights.reshape(shape)
    if not smooth:
        return column, grid.weights
    others = [place for place in range(len(shape)) if place not in smooth]
    values = np.transpose(values, (*others, *smooth)).reshape(-1, *(shape[p] for p in smooth))
    weights = np.transpose(weights, (*others, *smooth)).reshape(values.shape)
    axes = [np.array(grid.axes[place]) for place in smooth]
    points = [np.linspace(a[0], a[-1], FINER * (a.size - 1) + 1) for a in axes]
    mesh = np.stack(np.meshgrid(*points, indexing="ij"), axis=-1)
    density = np.exp(-0.5 * (mesh**2).sum(axis=-1)).ravel()
    density /= density.sum()
    found, masses = [], []
    for one, mass in zip(values, weights, strict=True):
        found.append(RegularGridInterpolator(axes, one, method="cubic")(mesh).ravel())
        masses.append(density * mass.sum())
    return np.concatenate(found), np.concatenate(masses)
