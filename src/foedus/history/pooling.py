"""Classes within classes, partially pooled: how far a narrow class should trust its own few cases.

Each class has a share (or rate) of its own, drawn around that of the class that holds it:

    theta_child | theta_parent, kappa ~ Beta(kappa theta_parent, kappa (1 - theta_parent)),
    or Gamma of shape kappa and mean theta_parent,

with Jeffreys's prior at the root and kappa unknown: log kappa is uniform on `KAPPAS`, from classes
that tell hardly anything about each other (kappa 1, worth one case) to classes that are all but
alike. A class's own data are its units that lie in none of the classes within it. The posterior is
summed over a grid of theta and kappa (messages up and down the tree), so it is exact but for the
grid; nothing is drawn.

Beta-binomial and gamma-Poisson hierarchies: Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 5.

| letter | is |
| --- | --- |
| theta | the share or rate of a class |
| kappa | how many cases the parent's share is worth to a child |
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, xlogy

from foedus.frozen import dataclass
from foedus.history.units import Tally

Array = NDArray[np.float64]

KAPPAS = np.geomspace(1.0, 1000.0, 19)
POINTS = 361
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Node:
    """A class in a tree: its own data, without those of the classes in it, and its parent's place
    (None for the root, which comes first)."""

    own: Tally
    parent: int | None


@dataclass(frozen=True, slots=True)
class Pooled:
    """What a class's share or rate is, given all classes: mean, 95 % interval.

    `own_weight`: how much of the estimate is the class's own data, 1 for the root; the rest is
    taken from the class that holds it.
    """

    value: float
    low: float
    high: float
    own_weight: float


def pool(nodes: Sequence[Node], kind: str) -> tuple[Pooled, ...]:
    """The posterior of each class of a tree. `kind` is `share` or `rate`.

    Use it for classes that are thought alike for want of better knowledge; not where a class is
    known to differ from its parent in a stated direction.
    """
    grid = _grid(nodes, kind)
    per_kappa = [_posterior(nodes, grid, float(kappa), kind) for kappa in KAPPAS]
    evidence = np.array([log_evidence for log_evidence, _ in per_kappa])
    weight = np.exp(evidence - logsumexp(evidence))
    found = []
    for place, node in enumerate(nodes):
        law = sum(w * laws[place] for w, (_, laws) in zip(weight, per_kappa, strict=True))
        own = 1.0
        if node.parent is not None:
            parents = [laws[node.parent] @ grid for _, laws in per_kappa]
            strength = KAPPAS if kind == "share" else KAPPAS / np.array(parents)
            own = float(weight @ (node.own.at_risk / (node.own.at_risk + strength)))
        low, high = _quantiles(np.asarray(law), grid)
        found.append(Pooled(float(np.asarray(law) @ grid), low, high, own))
    return tuple(found)


def _grid(nodes: Sequence[Node], kind: str) -> Array:
    """Points of theta: even in log odds for shares, in logarithms for rates."""
    if kind == "share":
        odds = np.linspace(-14.0, 14.0, POINTS)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
    time = sum(node.own.at_risk for node in nodes)
    count = sum(node.own.happened for node in nodes)
    middle = (count + 0.5) / time
    return np.geomspace(middle / 300.0, middle * 300.0, POINTS)


def _width(grid: Array, kind: str) -> Array:
    """The width of theta that each point stands for, up to a factor."""
    return grid * (1.0 - grid) if kind == "share" else grid


def _log_likelihood(own: Tally, grid: Array, kind: str) -> Array:
    k, n = own.happened, own.at_risk
    rest = xlogy(n - k, 1.0 - grid) if kind == "share" else -n * grid
    return np.asarray(xlogy(k, grid) + rest)


def _log_law(kappa: float, grid: Array, kind: str) -> Array:
    """log p(child | parent) on the grid: (parent, child), each row summing to one."""
    parent, child = grid[:, None], grid[None, :]
    if kind == "share":
        a, b = kappa * parent, kappa * (1.0 - parent)
        law = (a - 1.0) * np.log(child) + (b - 1.0) * np.log1p(-child)
    else:
        law = (kappa - 1.0) * np.log(child) - kappa * child / parent
    law = law + np.log(_width(grid, kind))
    return np.asarray(law - logsumexp(law, axis=1, keepdims=True))


def _posterior(
    nodes: Sequence[Node], grid: Array, kappa: float, kind: str
) -> tuple[float, list[Array]]:
    """The log evidence for a kappa, and the posterior of each class on the grid."""
    law = _log_law(kappa, grid, kind)
    inside = [_log_likelihood(node.own, grid, kind) for node in nodes]
    upward: list[Array] = [np.zeros_like(grid) for _ in nodes]
    for place in range(len(nodes) - 1, 0, -1):  # children come after their parents
        parent = nodes[place].parent
        assert parent is not None
        upward[place] = np.asarray(logsumexp(law + inside[place][None, :], axis=1))
        inside[parent] = inside[parent] + upward[place]
    half = -0.5 * np.log(grid) - (0.5 * np.log1p(-grid) if kind == "share" else 0.0)
    prior = half + np.log(_width(grid, kind))
    outside = [prior]
    for place in range(1, len(nodes)):
        parent = nodes[place].parent
        assert parent is not None
        without = outside[parent] + inside[parent] - upward[place]
        outside.append(np.asarray(logsumexp(law + without[:, None], axis=0)))
    evidence = float(logsumexp(prior + inside[0]))
    joint = (o + i for o, i in zip(outside, inside, strict=True))
    return evidence, [np.exp(each - logsumexp(each)) for each in joint]


def _quantiles(law: Array, grid: Array) -> tuple[float, float]:
    total = np.cumsum(law) - 0.5 * law
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.interp([tail, 1.0 - tail], total, grid)
    return float(low), float(high)
