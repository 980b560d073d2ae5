"""Random graphs for relations, drawn from a seed."""

from __future__ import annotations

import math
import random

from foedus.case.draft import Draft
from foedus.case.node import Mapping
from foedus.expr.tree import Group
from foedus.text.codes import Code

LARGEST_TABLE = 5_000_000
"""So many numbers or pairs a table or relation may have."""

Pairs = list[tuple[int, int]]


def generated_pairs(node: Mapping, first: Group, second: Group, draft: Draft) -> Pairs | None:
    """The pairs of a relation drawn from a seed, or None with the fault noted."""
    kind = node.text("kind")
    chance = random.Random(f"relation:{node.text('seed', '0')}")
    size = first.size
    if kind != "erdos-renyi" and first != second:
        draft.diagnostics.error(
            Code.WRONG_INDEX,
            node.span,
            f"a `{kind}` relation is between a group and itself",
            help=f"write `between: [{first.name}, {first.name}]`, or `kind: erdos-renyi`",
        )
        return None
    if not _verify_settings(node, kind, draft):
        return None
    if kind == "complete":
        if size * (size - 1) > LARGEST_TABLE:
            draft.diagnostics.error(
                Code.BAD_TABLE,
                node.span,
                f"a complete relation of {size:,} has too many pairs",
                help="range over the group itself, as in `count(... for i in group)`",
            )
            return None
        return [(i, j) for i in range(size) for j in range(size) if i != j]
    if kind == "erdos-renyi":
        return _independent_pairs(node, first, second, chance, draft)
    degree, place = int(node.text("degree")), node.scalar("degree")
    if not degree < size or size * degree % 2 or size * degree > LARGEST_TABLE:
        draft.diagnostics.error(
            Code.BAD_NUMBER,
            place.span if place else node.span,
            f"no relation of {size:,} gives each {degree:,} neighbours",
            help="the degree must be below the size of the group, their product even and at most "
            f"{LARGEST_TABLE:,}",
        )
        return None
    edges = (
        _regular(size, degree, chance)
        if kind == "random-regular"
        else _small_world(node, size, degree, chance)
    )
    return [pair for i, j in edges for pair in ((i, j), (j, i))]


def _verify_settings(node: Mapping, kind: str, draft: Draft) -> bool:
    """The number that this kind of graph is made with is given."""
    needed = {"erdos-renyi": "probability", "complete": ""}.get(kind, "degree")
    if not needed or node.has(needed):
        return not needed or node.scalar(needed) is not None
    place = node.scalar("kind")
    draft.diagnostics.error(
        Code.MISSING_KEY,
        place.span if place else node.span,
        f"a `{kind}` relation has no `{needed}`",
        label=f"needs `{needed}:`",
        help=f"add `{needed}:` with a number",
    )
    return False


def _independent_pairs(
    node: Mapping, first: Group, second: Group, chance: random.Random, draft: Draft
) -> Pairs | None:
    probability, written = float(node.text("probability")), node.scalar("probability")
    if probability > 1 or probability * first.size * second.size > LARGEST_TABLE:
        fault = "is above 1" if probability > 1 else "makes too many pairs"
        draft.diagnostics.error(
            Code.BAD_NUMBER,
            written.span if written else node.span,
            f"the probability `{node.text('probability')}` {fault}",
            help=f"it lies from 0 to 1 and may make at most {LARGEST_TABLE:,} pairs",
        )
        return None
    pairs: Pairs = []
    if probability == 0:
        return pairs
    # Skip lengths are geometric, so that sparse graphs cost their number of pairs (Batagelj and
    # Brandes 2005, algorithm 1).
    place, cells = -1, first.size * second.size
    while True:
        place += 1
        if probability < 1:
            place += int(math.log(1 - chance.random()) / math.log(1 - probability))
        if place >= cells:
            return pairs
        i, j = divmod(place, second.size)
        if i != j or first != second:
            pairs.append((i, j))


def _regular(size: int, degree: int, chance: random.Random) -> Pairs:
    """A random regular graph by pairing stubs and repairing collisions with switches.

    McKay and Wormald 1990: the pairing model; a loop or double edge is switched with a random edge.
    """
    stubs = [i for i in range(size) for _ in range(degree)]
    chance.shuffle(stubs)
    edges = [(stubs[k], stubs[k + 1]) for k in range(0, len(stubs), 2)]
    count: dict[tuple[int, int], int] = {}
    for i, j in edges:
        count[min(i, j), max(i, j)] = count.get((min(i, j), max(i, j)), 0) + 1
    bad = [k for k, (i, j) in enumerate(edges) if i == j or count[min(i, j), max(i, j)] > 1]
    while bad:
        k = bad.pop()
        i, j = edges[k]
        if i != j and count[min(i, j), max(i, j)] == 1:
            continue
        other = chance.randrange(len(edges))
        a, b = edges[other]
        new = (i, a), (j, b)
        if i == a or j == b or any(count.get((min(p), max(p)), 0) for p in new):
            bad.append(k)
            continue
        for p in ((i, j), (a, b)):
            count[min(p), max(p)] -= 1
        for p in new:
            count[min(p), max(p)] = count.get((min(p), max(p)), 0) + 1
        edges[k], edges[other] = new
    return edges


def _small_world(node: Mapping, size: int, degree: int, chance: random.Random) -> Pairs:
    """A ring whose ties are rewired with a probability (Watts and Strogatz 1998)."""
    rewire = float(node.text("rewire", "0"))
    ties = {(i, (i + k) % size) for i in range(size) for k in range(1, degree // 2 + 1)}
    found: set[tuple[int, int]] = set()
    for i, j in sorted(ties):
        if chance.random() < rewire:
            for _ in range(100):
                other = chance.randrange(size)
                if other != i and (i, other) not in found and (other, i) not in found:
                    j = other
                    break
        found.add((i, j))
    return sorted(found)
