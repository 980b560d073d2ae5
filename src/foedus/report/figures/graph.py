"""The graph of alliances, states, offices and people: columns by kind, boxes that never overlap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from foedus.case.case import Case
from foedus.frozen import dataclass
from foedus.report.figures.style import (
    BLUE,
    BORDER,
    FAINT,
    FILLS,
    INK,
    ORANGE,
    PAPER,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    shortened,
)
from foedus.report.language.catalogue import say
from foedus.report.phrases.names import label_name

LINE = 15.0
GAP = 12.0
BETWEEN = 70.0
"""Width of the gaps between the columns, in which the lines run."""
GRID = 4
CURVE = 14
"""Points of a line."""

COLUMNS = ("alliances", "states", "offices", "people")


@dataclass(frozen=True, slots=True)
class Node:
    """A box: what it stands for, the lines of its label, and its place in pixels."""

    name: str
    column: str
    lines: tuple[str, ...]
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which lines meet the box."""
        return self.top + self.height / 2.0


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes: member, leads, of, holds, held."""

    first: str
    last: str
    kind: str


def draw_graph(case: Case, language: str) -> Figure | None:
    """Who belongs to whom, or None where the case names neither alliances nor offices."""
    edges = edges_of(case)
    nodes = place_nodes(case, edges, language)
    if not nodes or not edges:
        return None
    title = say(language, "figure.graph")
    told = " ".join(
        say(language, f"figure.{edge.kind}", first=_bare_name(case, edge.first, language),
            last=_bare_name(case, edge.last, language))
        for edge in edges
    )  # fmt: skip
    alt = say(language, "figure.graph.alt", edges=told)
    body = _body(case, nodes, edges, language)
    return Figure("actors", title, alt, framed(title, say(language, "figure.graph.subtitle"), body))


def _bare_name(case: Case, name: str, language: str) -> str:
    return label_name(case, name.partition(":")[2], language)


def edges_of(case: Case) -> list[Edge]:
    """Who is a member of what, leads it, belongs to a state, holds or held an office.

    Names carry their column in front (`states:russia`), since an actor and an office may be called
    the same.
    """
    edges: dict[tuple[str, str], Edge] = {}

    def add(first: str, last: str, kind: str) -> None:
        edges.setdefault((first, last), Edge(first, last, kind))

    for alliance in case.alliances.values():
        for member in alliance.members:
            kind = "leads" if member.actor == alliance.lead else "member"
            add(f"alliances:{alliance.name}", f"states:{member.actor}", kind)
    for office in case.offices.values():
        add(f"states:{office.of}", f"offices:{office.name}", "of")
        start = case.clock.start
        for tenure in reversed(office.tenures):
            is_now = tenure.start.start <= start and (tenure.end is None or tenure.end.end > start)
            kind = "holds" if is_now else "held"
            add(f"offices:{office.name}", f"people:{tenure.by}", kind)
    return list(edges.values())


def place_nodes(case: Case, edges: Iterable[Edge], language: str = "en") -> dict[str, Node]:
    """The boxes of all that the edges join, in columns.

    Each column is in the order of what its boxes hang on in the column before, so that few lines
    cross; the same case always gives the same places.
    """
    names: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for edge in edges:
        for end in (edge.first, edge.last):
            column = end.partition(":")[0]
            if end not in names[column]:
                names[column].append(end)
    columns = [column for column in COLUMNS if names[column]]
    _sort_columns(names, columns, list(edges))
    width = (WIDTH - 24 - BETWEEN * (len(columns) - 1)) / max(len(columns), 1)
    nodes: dict[str, Node] = {}
    heights = {
        column: sum(_height(case, n, width, language) + GAP for n in names[column]) - GAP
        for column in columns
    }
    tallest = max(heights.values(), default=0.0)
    for number, column in enumerate(columns):
        room = (tallest - heights[column]) / (len(names[column]) + 1)
        top = LINE * 1.4 + room
        for name in names[column]:
            height = _height(case, name, width, language)
            lines = _lines(case, name, width, language)
            left = number * (width + BETWEEN)
            nodes[name] = Node(name, column, lines, left, top, width, height)
            top += height + GAP + room
    return nodes


def _sort_columns(names: dict[str, list[str]], columns: list[str], edges: list[Edge]) -> None:
    """Put each column in the order of its neighbours' mean place, forth and back."""
    links: dict[str, list[str]] = {}
    for edge in edges:
        links.setdefault(edge.first, []).append(edge.last)
        links.setdefault(edge.last, []).append(edge.first)
    forth = list(pairwise(columns))
    back = [(right, left) for left, right in reversed(forth)]
    for fixed, moved in [*back, *forth, *back, *forth]:
        place = {name: at for at, name in enumerate(names[fixed])}

        def key(name: str, place: dict[str, int] = place, moved: str = moved) -> tuple[float, int]:
            found = [place[other] for other in links.get(name, ()) if other in place]
            own = names[moved].index(name)
            return (sum(found) / len(found) if found else float(own), own)

        names[moved] = sorted(names[moved], key=key)


def _lines(case: Case, name: str, width: float, language: str) -> tuple[str, ...]:
    return tuple(broken(_bare_name(case, name, language), width - 16, most=4))


def _height(case: Case, name: str, width: float, language: str) -> float:
    return len(_lines(case, name, width, language)) * LINE + 10


def _body(case: Case, nodes: dict[str, Node], edges: list[Edge], language: str) -> Spec:
    bottom = max(node.top + node.height for node in nodes.values())
    others, height = _others(case, edges, bottom + 2.4 * LINE, language)
    boxes, labels = [], []
    for node in (*nodes.values(), *others):
        boxes.append({"x": node.left, "x2": node.left + node.width, "y": node.top,
                      "y2": node.top + node.height, "column": node.column})  # fmt: skip
        first = node.middle - (len(node.lines) - 1) * LINE / 2.0
        for number, line in enumerate(node.lines):
            labels.append(
                {"x": node.left + node.width / 2, "y": first + number * LINE, "text": line}
            )
    tops = {node.column: (node, 0.5 * LINE) for node in nodes.values()}
    tops |= {"others": (others[0], bottom + 1.7 * LINE)} if others else {}
    heads = [
        {"x": node.left + node.width / 2, "y": y, "text": say(language, f"figure.{column}")}
        for column, (node, y) in tops.items()
    ]
    plain = {"type": "text", "baseline": "middle"}
    fills = {**FILLS, "others": PAPER}
    return {
        "width": WIDTH - 24, "height": height,
        "layer": [
            _lines_between(nodes, edges, height, language),
            {
                "data": {"values": boxes},
                "mark": {"type": "rect", "cornerRadius": 5, "stroke": BORDER, "strokeWidth": 0.8},
                "encoding": {**_at(height), "x2": {"field": "x2"}, "y2": {"field": "y2"},
                             "fill": {"field": "column", "type": "nominal", "legend": None,
                                      "scale": {"domain": list(fills),
                                                "range": list(fills.values())}}},
            },
            {
                "data": {"values": labels}, "mark": {**plain, "color": INK},
                "encoding": {**_at(height), "text": {"field": "text"}},
            },
            {
                "data": {"values": heads}, "mark": {**plain, "color": FAINT, "fontWeight": "bold"},
                "encoding": {**_at(height), "text": {"field": "text"}},
            },
        ],
    }  # fmt: skip


def _others(case: Case, edges: list[Edge], top: float, language: str) -> tuple[list[Node], float]:
    """The actors on no line, in a grid, each with the actor it belongs to; and the full height."""
    drawn = {end.partition(":")[2] for edge in edges for end in (edge.first, edge.last)}
    rest = [actor for actor in case.actors.values() if actor.name not in drawn]
    if not rest:
        return [], top - 1.4 * LINE
    width = (WIDTH - 24 - GAP * (GRID - 1)) / GRID
    found: list[Node] = []
    for start in range(0, len(rest), GRID):
        row = []
        for actor in rest[start : start + GRID]:
            label = label_name(case, actor.name, language)
            lines = broken(label, width - 16)
            state = label_name(case, actor.of, language) if actor.of else ""
            if state and state not in label:
                lines.append(shortened(f"({state})", width - 16))
            row.append((actor.name, tuple(lines)))
        height = max(len(words) for _, words in row) * LINE + 10
        for number, (name, words) in enumerate(row):
            left = number * (width + GAP)
            found.append(Node(name, "others", words, left, top + LINE * 0.6, width, height))
        top += height + GAP
    return found, top + LINE


def _at(height: float) -> Spec:
    common = {"type": "quantitative", "axis": None}
    return {
        "x": {"field": "x", **common, "scale": {"domain": [0, WIDTH - 24], "nice": False}},
        "y": {"field": "y", **common,
              "scale": {"domain": [0, height], "nice": False, "reverse": True}},
    }  # fmt: skip


def _lines_between(nodes: dict[str, Node], edges: list[Edge], height: float, language: str) -> Spec:
    rows: Rows = []
    kinds = ["member", "leads", "of", "holds", "held"]
    used = [kind for kind in kinds if any(edge.kind == kind for edge in edges)]
    for number, edge in enumerate(edges):
        first, last = nodes[edge.first], nodes[edge.last]
        start, end = first.left + first.width, last.left
        for step in range(CURVE + 1):
            share = step / CURVE
            rise = share * share * (3.0 - 2.0 * share)
            rows.append({
                "edge": number, "step": step, "x": start + (end - start) * share,
                "y": first.middle + (last.middle - first.middle) * rise,
                "kind": say(language, f"figure.line.{edge.kind}"),
            })  # fmt: skip
    names = [say(language, f"figure.line.{kind}") for kind in used]
    colours = {"member": BLUE, "leads": BLUE, "of": FAINT, "holds": ORANGE, "held": ORANGE}
    dashes = {"member": [1, 0], "leads": [1, 0], "of": [1, 0], "holds": [1, 0], "held": [4, 3]}
    widths = {"member": 1.3, "leads": 3.6, "of": 1.1, "holds": 2.4, "held": 1.6}
    legend = {"title": None, "orient": "bottom", "direction": "horizontal", "symbolType": "stroke",
              "symbolSize": 300, "offset": 4}  # fmt: skip

    def scale(values: dict[str, object]) -> Spec:
        return {"field": "kind", "type": "nominal", "legend": legend,
                "scale": {"type": "ordinal", "domain": names,
                          "range": [values[kind] for kind in used]}}  # fmt: skip

    return {
        "data": {"values": rows},
        "mark": {"type": "line"},
        "encoding": {
            **_at(height), "detail": {"field": "edge"}, "order": {"field": "step"},
            "color": scale(dict(colours)), "strokeDash": scale(dict(dashes)),
            "strokeWidth": scale(dict(widths)),
        },
    }  # fmt: skip
