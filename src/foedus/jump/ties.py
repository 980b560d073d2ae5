"""Relations as arrays: who is tied to whom, for engines that work with many members."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from foedus.case.random_graphs import (
    GOLDEN,
    MASK,
    MULTIPLIERS,
    Edge,
    Graph,
    attempts,
    drawn_degree,
    graph_word,
    low_bits,
    switch_away,
    switches,
)
from foedus.frozen import dataclass
from foedus.jump.model import Relation

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Compressed rows: those related to `i` are `members[starts[i]:starts[i + 1]]`, ascending.

    `starts` : int64 (first group + 1,); `members` : int64 (pair,).
    """

    starts: Positions
    members: Positions

    @property
    def counts(self) -> Positions:
        """How many each is tied to: int64 (first group,)."""
        return np.diff(self.starts)


@lru_cache(maxsize=8)
def ties_of(relation: Relation) -> Ties:
    """The pairs of a relation as arrays; drawn once for each relation in use.

    Regular graphs are drawn with arrays, all others as `Relation.neighbours` has them.
    """
    graph = relation.ties
    if isinstance(graph, Graph) and graph.kind == "random-regular":
        return _regular(graph)
    rows = relation.neighbours
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    flat = (member for row in rows for member in row)
    return Ties(starts, np.fromiter(flat, np.int64, int(starts[-1])))


def _scrambled(word: int, count: int) -> NDArray[np.uint64]:
    """The first numbers of `random_graphs.scrambled`."""
    z = np.arange(1, count + 1, dtype=np.uint64)
    z *= np.uint64(GOLDEN)
    z += np.uint64(word & MASK)
    for shift, multiplier in zip((30, 27), MULTIPLIERS, strict=True):
        z ^= z >> np.uint64(shift)
        z *= np.uint64(multiplier)
    z ^= z >> np.uint64(31)
    return z


def _regular(graph: Graph) -> Ties:
    """`random_graphs` draws the same graph, pair by pair."""
    size, degree = graph.sizes[0], drawn_degree(graph)
    for attempt in attempts(graph.seed):
        mixed = _scrambled(graph_word(attempt, "stubs"), size * degree)
        low = np.uint64(low_bits(size * degree))
        mixed &= ~low
        mixed |= np.arange(size * degree, dtype=np.uint64)
        mixed.sort()
        ends = (mixed & low).astype(np.int64).reshape(-1, 2) // max(degree, 1)
        one, other = np.ascontiguousarray(ends.T)
        codes = np.minimum(one, other) * size + np.maximum(one, other)
        ordered = np.sort(codes)
        double = ordered[1:][ordered[1:] == ordered[:-1]]
        bad = np.flatnonzero((one == other) | np.isin(codes, double))
        picks = switches(attempt, len(ends))
        if switch_away(bad.tolist(), _Edges(ends), _Counts(ordered, size), picks):
            break
    one, other = np.ascontiguousarray(ends.T)
    keys = np.concatenate((one * size + other, other * size + one))
    if degree != graph.degree:
        others = np.arange(size * size).reshape(size, size)
        keys = np.setdiff1d(others, np.concatenate((keys, np.diagonal(others))))
    keys.sort()
    keys %= size
    return Ties(np.arange(size + 1, dtype=np.int64) * graph.degree, keys)


class _Edges(list[Edge]):
    """Rows of an array (edge, end) as pairs that can be replaced."""

    def __init__(self, ends: Positions) -> None:
        super().__init__()
        self.ends = ends

    def __getitem__(self, k: int) -> Edge:  # type: ignore[override]
        i, j = self.ends[k]
        return int(i), int(j)

    def __setitem__(self, k: int, edge: Edge) -> None:  # type: ignore[override]
        self.ends[k] = edge


class _Counts(Counter[Edge]):
    """How often each pair is an edge: what has changed, and before that a sorted array of codes."""

    def __init__(self, ordered: Positions, size: int) -> None:
        super().__init__()
        self.ordered, self.size = ordered, size

    def __missing__(self, pair: Edge) -> int:
        code = pair[0] * self.size + pair[1]
        first, last = (np.searchsorted(self.ordered, code, side) for side in ("left", "right"))
        return int(last - first)
