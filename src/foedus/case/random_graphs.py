"""Random graphs, each a function of its recipe and nothing else.

A recipe is kept instead of its pairs until somebody needs them, so that a case of a million members
is read at once. `jump.ties` draws the regular graphs of large groups with arrays; the pairs are the
same.

References
----------
.. [McKay1990] B. D. McKay and N. C. Wormald (1990), Uniform generation of random regular graphs of
   moderate degree, J. Algorithms 11, 52-67 (pairing model and switchings).
.. [Batagelj2005] V. Batagelj and U. Brandes (2005), Efficient generation of large random networks,
   Phys. Rev. E 71, 036113, algorithm 1.
.. [Watts1998] D. J. Watts and S. H. Strogatz (1998), Collective dynamics of 'small-world' networks,
   Nature 393, 440-442.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterator, MutableSequence
from itertools import count as count_from
from typing import Literal

from foedus.frozen import dataclass

GraphKind = Literal["random-regular", "erdos-renyi", "small-world", "complete"]
Edge = tuple[int, int]
MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15
MULTIPLIERS = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

PATIENCE = 1000
"""Switches tried for each bad edge before another start is made."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A recipe: the kind of graph, the sizes of its two sides, its numbers, the seed as written."""

    kind: GraphKind
    sizes: tuple[int, int]
    is_within: bool
    is_symmetric: bool
    degree: int = 0
    probability: float = 0.0
    rewire: float = 0.0
    seed: str = "0"


def draw_neighbours(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """For each of the first side, those of the second that it is tied to, ascending."""
    found: list[set[int]] = [set() for _ in range(graph.sizes[0])]
    for i, j in _pairs(graph):
        found[i].add(j)
        if graph.is_symmetric:
            found[j].add(i)
    return tuple(tuple(sorted(one)) for one in found)


def _pairs(graph: Graph) -> Iterator[Edge]:
    size = graph.sizes[0]
    chance = random.Random(f"relation:{graph.seed}")
    if graph.kind == "complete":
        return ((i, j) for i in range(size) for j in range(size) if i != j)
    if graph.kind == "erdos-renyi":
        return _independent_pairs(graph, chance)
    edges = iter(_small_world(graph, chance)) if graph.kind == "small-world" else _regular(graph)
    return (pair for i, j in edges for pair in ((i, j), (j, i)))


def _independent_pairs(graph: Graph, chance: random.Random) -> Iterator[Edge]:
    """Each pair with one probability; the lengths of gaps are geometric [Batagelj2005]_."""
    probability, (first, second) = graph.probability, graph.sizes
    if probability == 0:
        return
    place, cells = -1, first * second
    while True:
        place += 1
        if probability < 1:
            place += int(math.log(1 - chance.random()) / math.log(1 - probability))
        if place >= cells:
            return
        i, j = divmod(place, second)
        if i != j or not graph.is_within:
            yield i, j


def _small_world(graph: Graph, chance: random.Random) -> list[Edge]:
    """A ring whose ties are rewired with a probability [Watts1998]_."""
    size, half = graph.sizes[0], graph.degree // 2
    ties = {(i, (i + k) % size) for i in range(size) for k in range(1, half + 1)}
    found: set[Edge] = set()
    for i, j in sorted(ties):
        if chance.random() < graph.rewire:
            for _ in range(100):
                other = chance.randrange(size)
                if other != i and (i, other) not in found and (other, i) not in found:
                    j = other
                    break
        found.add((i, j))
    return sorted(found)


# Regular graphs ----------------------------------------------------------------------------------


def graph_word(seed: str, use: str) -> int:
    """64 bits that stand for a seed and what they are used for."""
    digest = hashlib.sha256(f"relation:{seed}:{use}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def scrambled(word: int, k: int) -> int:
    """The k-th 64 bits of a word, as SplitMix64 has them: different for each k."""
    z = (word + GOLDEN * (k + 1)) & MASK
    z = ((z ^ (z >> 30)) * MULTIPLIERS[0]) & MASK
    z = ((z ^ (z >> 27)) * MULTIPLIERS[1]) & MASK
    return z ^ (z >> 31)


def drawn_degree(graph: Graph) -> int:
    """The degree that is drawn: of a dense graph, that of the pairs it lacks."""
    rest = graph.sizes[0] - 1 - graph.degree
    return min(graph.degree, rest)


def _regular(graph: Graph) -> Iterator[Edge]:
    """Stubs in random order, paired; loops and double edges are switched away [McKay1990]_."""
    size, degree = graph.sizes[0], drawn_degree(graph)
    for attempt in attempts(graph.seed):
        word, low = graph_word(attempt, "stubs"), low_bits(size * degree)
        mixed = sorted(scrambled(word, k) & ~low | k for k in range(size * degree))
        stubs = [one & low for one in mixed]
        edges = [
            (one // degree, other // degree)
            for one, other in zip(stubs[::2], stubs[1::2], strict=True)
        ]
        count = Counter(in_order(edge) for edge in edges)
        bad = [k for k, edge in enumerate(edges) if not _is_simple(edge, count)]
        if switch_away(bad, edges, count, switches(attempt, len(edges))):
            break
    if degree == graph.degree:
        return iter(edges)
    tied = {in_order(edge) for edge in edges}
    return ((i, j) for i in range(size) for j in range(i + 1, size) if (i, j) not in tied)


def low_bits(count: int) -> int:
    """A mask of the bits that numbers below `count` need."""
    return (1 << max(count - 1, 0).bit_length()) - 1


def attempts(seed: str) -> Iterator[str]:
    """Seeds to try one after the other; the first nearly always does."""
    yield seed
    for number in count_from(2):
        yield f"{seed}:{number}"


def in_order(edge: Edge) -> Edge:
    """The ends of an edge, the lower first."""
    return edge if edge[0] < edge[1] else (edge[1], edge[0])


def switches(seed: str, edges: int) -> Iterator[tuple[int, bool]]:
    """Edges to switch with, and whether they are turned round."""
    word = graph_word(seed, "switches")
    for k in count_from(0):
        bits = scrambled(word, k)
        yield (bits >> 1) % edges, bool(bits & 1)


def switch_away(
    bad: list[int],
    edges: MutableSequence[Edge],
    count: Counter[Edge],
    picks: Iterator[tuple[int, bool]],
) -> bool:
    """Exchange ends between each bad edge and a random one until no loop or double edge is left.

    `count` says how often each pair is an edge. False where that leads nowhere.
    """
    patience = PATIENCE * (len(bad) + 1)
    while bad:
        k = bad.pop()
        i, j = edges[k]
        if _is_simple((i, j), count):
            continue
        other, is_turned = next(picks)
        a, b = edges[other]
        if is_turned:
            a, b = b, a
        new = in_order((i, a)), in_order((j, b))
        if i == a or j == b or new[0] == new[1] or any(count[pair] for pair in new):
            bad.append(k)
            patience -= 1
            if patience == 0:
                return False
            continue
        for pair in (in_order((i, j)), in_order((a, b))):
            count[pair] -= 1
        for pair in new:
            count[pair] += 1
        edges[k], edges[other] = new
    return True


def _is_simple(edge: Edge, count: Counter[Edge]) -> bool:
    return edge[0] != edge[1] and count[in_order(edge)] == 1
