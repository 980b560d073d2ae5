"""Groups within groups: what each is believed to be like, given all the others.

Each group has a number of its own (log odds, or a logarithm of days or troops), drawn around that
of the group that holds it:

    x_child | x_parent, tau ~ Normal(x_parent, tau^2),

with a stated prior at the root. Given the spreads the posterior is summed over a grid of x by
messages up and down the tree (belief propagation; Pearl 1988), so it is exact but for the grid;
nothing is drawn. Hierarchical normal models: Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from foedus.frozen import dataclass

Array = NDArray[np.float64]

Path = tuple[str, ...]
"""The names of the groups that hold a group, widest first, and its own; empty for the root."""

LEAST = 1e-290
"""Messages below this are taken as this: they are divided by, and weigh nothing."""

SMALL_PRODUCT = 250_000
"""Multiplications up to which OpenBLAS uses one thread."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Groups by their paths, parents before children; `parents` holds places, -1 for the root."""

    paths: tuple[Path, ...]
    parents: tuple[int, ...]

    def place(self, path: Path) -> int:
        """Where the group of a path stands."""
        return self.paths.index(path)


def tree_of(leaves: Iterable[Path]) -> Tree:
    """The smallest tree that has these groups."""
    found: dict[Path, None] = {(): None}
    for leaf in leaves:
        found.update(dict.fromkeys(leaf[:depth] for depth in range(1, len(leaf) + 1)))
    paths = tuple(sorted(found, key=len))
    return Tree(paths, tuple(-1 if not path else paths.index(path[:-1]) for path in paths))


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of each group, for each of a batch of likelihoods.

    `evidence` (batch,): log probability of all data. `others` (group, batch, point): the law of a
    group's number from all data but its own and that of the groups within it; `all` the same from
    all data.
    """

    evidence: Array
    others: Array
    all: Array


def beliefs(tree: Tree, own: Array, laws: Sequence[Array], root: Array) -> Beliefs:
    """The posterior of every group.

    `own` (group, batch, point): the likelihood of each group's own data. `laws`: for each depth
    below the root the law of a group's number given its parent's (parent point, point); `root`
    (point,) the prior of the root.
    """
    inside = own.copy()
    upward = np.ones_like(own)
    log_scale = np.zeros(own.shape[1])
    levels = _levels(tree)
    for level, law in zip(reversed(levels), reversed(laws), strict=True):
        upward[level] = np.maximum(_times(inside[level], law.T), LEAST)
        for place in range(level.start, level.stop):
            above = inside[tree.parents[place]]
            above *= upward[place]
            peak = above.max(axis=-1, keepdims=True)
            above /= peak
            log_scale += np.log(peak[:, 0])
    others = np.empty_like(own)
    others[0] = root
    for level, law in zip(levels, laws, strict=True):
        parents = list(tree.parents[level])
        without = others[parents] * inside[parents] / upward[level]
        others[level] = _normalised(_times(without, law))
    evidence = log_scale + np.log((root * inside[0]).sum(axis=-1))
    return Beliefs(evidence, others, _normalised(others * inside))


def _times(laws: Array, matrix: Array) -> Array:
    """The product of laws (group, batch, point) with a square matrix, in blocks so small that the
    library multiplies each in one thread: more would cost more than they give."""
    points = len(matrix)
    rows = max(1, SMALL_PRODUCT // points**2)
    flat = laws.reshape(-1, points)
    whole = len(flat) // rows * rows
    blocks = flat[:whole].reshape(-1, rows, points) @ matrix
    product = np.concatenate([blocks.reshape(-1, points), flat[whole:] @ matrix])
    return product.reshape(laws.shape)


def _levels(tree: Tree) -> list[slice]:
    """The places of the groups of each depth below the root, which stand side by side."""
    depths = [len(path) for path in tree.paths]
    starts = [depths.index(depth) for depth in range(1, max(depths) + 1)]
    return [slice(*ends) for ends in zip(starts, [*starts[1:], len(depths)], strict=True)]


def _normalised(law: Array) -> Array:
    return np.asarray(law / law.sum(axis=-1, keepdims=True))


def normal_weights(points: Array, mean: float, sd: float) -> Array:
    """A normal law on even points, summing to one."""
    return _normalised(np.exp(-0.5 * ((points - mean) / sd) ** 2))


def law_of_children(points: Array, spread: float) -> Array:
    """The law of a child's number given its parent's (parent point, point), each row summing to
    one."""
    return _normalised(np.exp(-0.5 * ((points[None, :] - points[:, None]) / spread) ** 2))


def half_normal_points(scale: float, count: int) -> Array:
    """Equally likely points of a half-normal law: the middles of equally likely stretches."""
    middles = (np.arange(count) + 0.5) / count
    return np.asarray(scale * ndtri(0.5 + 0.5 * middles))
