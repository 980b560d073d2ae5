"""Relations that are drawn: their shape, and the same pairs with and without arrays."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import pytest

from foedus.case.random_graphs import Graph
from foedus.expr.tree import Group
from foedus.jump.model import Relation
from foedus.jump.ties import ties_of


def relation(graph: Graph) -> Relation:
    groups = Group("one", graph.sizes[0]), Group("two", graph.sizes[1])
    return Relation("tie", groups, graph, "")


def regular(size: int, degree: int, seed: int) -> Relation:
    return relation(Graph("random-regular", (size, size), True, True, degree, seed=str(seed)))


SHAPES = [(2, 1), (4, 1), (3, 2), (5, 2), (6, 5), (8, 4), (10, 3), (50, 7), (900, 8)]


@pytest.mark.parametrize(("size", "degree"), SHAPES)
def test_regular_graphs_are_simple_and_regular(size: int, degree: int) -> None:
    for seed in range(20):
        rows = regular(size, degree, seed).neighbours
        assert all(len(set(row)) == degree for row in rows)
        assert all(i not in row and i in rows[j] for i, row in enumerate(rows) for j in row)


@pytest.mark.parametrize(("size", "degree"), SHAPES)
def test_arrays_draw_the_same_graph(size: int, degree: int) -> None:
    for seed in range(10):
        one = regular(size, degree, seed)
        ties = ties_of(one)
        rows = zip(ties.starts[:-1], ties.starts[1:], strict=True)
        assert one.neighbours == tuple(tuple(ties.members[a:b].tolist()) for a, b in rows)


def test_regular_graphs_are_equally_likely() -> None:
    """Of the 12 pentagons on five members each stands for a twelfth; chance fails 1 in 10^6."""
    draws = 2400
    found = Counter(regular(5, 2, seed).neighbours for seed in range(draws))
    assert len(found) == 12
    spread = sum((count - draws / 12) ** 2 / (draws / 12) for count in found.values())
    assert spread < 11 + 4.9 * sqrt(2 * 11) + 10


@pytest.mark.parametrize("kind", ["erdos-renyi", "small-world", "complete"])
def test_other_graphs_as_arrays(kind: str) -> None:
    graph = Graph(kind, (30, 30), True, True, 4, 0.1, 0.2, "5")  # type: ignore[arg-type]
    one = relation(graph)
    ties = ties_of(one)
    assert ties.counts.tolist() == [len(row) for row in one.neighbours]
    assert ties.members.tolist() == [member for row in one.neighbours for member in row]
    assert len(ties.members) > 60
