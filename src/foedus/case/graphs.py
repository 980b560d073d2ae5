"""Reading relations that are drawn: what is needed for each kind of random graph."""

from __future__ import annotations

from foedus.case.draft import Draft
from foedus.case.node import Mapping
from foedus.case.random_graphs import Graph, GraphKind
from foedus.expr.tree import Group
from foedus.text.codes import Code

LARGEST_TABLE = 5_000_000
"""So many numbers or pairs a table or relation may have."""

LARGEST_REGULAR = 20_000_000
"""So many pairs a regular relation may have; it is drawn with arrays."""


def generated_graph(
    node: Mapping, first: Group, second: Group, is_symmetric: bool, draft: Draft
) -> Graph | None:
    """The recipe of a relation drawn from a seed, or None with the fault noted."""
    kind: GraphKind = node.text("kind")  # type: ignore[assignment]
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
    graph = Graph(
        kind=kind,
        sizes=(first.size, second.size),
        is_within=first == second,
        is_symmetric=is_symmetric,
        degree=int(node.text("degree", "0")),
        probability=float(node.text("probability", "0")),
        rewire=float(node.text("rewire", "0")),
        seed=node.text("seed", "0"),
    )
    return graph if _verify_size(node, graph, draft) else None


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


def _verify_size(node: Mapping, graph: Graph, draft: Draft) -> bool:
    """There is such a graph, and it has not too many pairs."""
    size, cells = graph.sizes[0], graph.sizes[0] * graph.sizes[1]
    if graph.kind == "complete":
        if size * (size - 1) > LARGEST_TABLE:
            draft.diagnostics.error(
                Code.BAD_TABLE,
                node.span,
                f"a complete relation of {size:,} has too many pairs",
                help="range over the group itself, as in `count(... for i in group)`",
            )
            return False
        return True
    if graph.kind == "erdos-renyi":
        if graph.probability > 1 or graph.probability * cells > LARGEST_TABLE:
            written = node.scalar("probability")
            fault = "is above 1" if graph.probability > 1 else "makes too many pairs"
            draft.diagnostics.error(
                Code.BAD_NUMBER,
                written.span if written else node.span,
                f"the probability `{node.text('probability')}` {fault}",
                help=f"it lies from 0 to 1 and may make at most {LARGEST_TABLE:,} pairs",
            )
            return False
        return True
    degree, place = graph.degree, node.scalar("degree")
    largest = LARGEST_REGULAR if graph.kind == "random-regular" else LARGEST_TABLE
    if not degree < size or size * degree % 2 or size * degree > largest:
        draft.diagnostics.error(
            Code.BAD_NUMBER,
            place.span if place else node.span,
            f"no relation of {size:,} gives each {degree:,} neighbours",
            help="the degree must be below the size of the group, their product even and at most "
            f"{largest:,}",
        )
        return False
    return True
