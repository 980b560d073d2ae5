"""Reading data and relations: constants indexed by groups, and who is tied to whom."""

from __future__ import annotations

import hashlib
import math

from foedus.case.beside import read_rows
from foedus.case.draft import Draft, is_blank, section, unknown_name
from foedus.case.dynamics import Relation, Table
from foedus.case.graphs import LARGEST_TABLE, generated_graph
from foedus.case.node import Mapping, Node, Scalar, Sequence, scalars
from foedus.case.values import read_grounds, read_unit, verify_grounds
from foedus.expr.scope import DatumSymbol, RelationSymbol
from foedus.expr.tree import Group
from foedus.text.codes import Code
from foedus.text.source import Span
from foedus.text.suggest import list_names


def read_tables(draft: Draft, groups: dict[str, Group]) -> tuple[Table, ...]:
    """The constant tables."""
    tables: list[Table] = []
    for key, node in section(draft, "data"):
        table = _table(key, node, groups, draft)
        if table is None:
            draft.broken.add(key.text)
        else:
            tables.append(table)
    return tuple(tables)


def index_groups(
    node: Node | None, groups: dict[str, Group], draft: Draft
) -> tuple[tuple[str, ...], tuple[Group, ...]] | None:
    """The index names and groups of a `per:`; None if one does not exist."""
    if node is None:
        return (), ()
    pairs: list[tuple[str, Scalar]] = []
    if isinstance(node, Scalar):
        pairs = [(node.text, node)]
    elif isinstance(node, Sequence):
        pairs = [(item.text, item) for item in node.items if isinstance(item, Scalar)]
    else:
        pairs = [(e.key.text, e.value) for e in node.entries if isinstance(e.value, Scalar)]
    if len(pairs) > 2:
        draft.diagnostics.error(
            Code.WRONG_INDEX, node.span, "more than two indices", help="index by one or two groups"
        )
        return None
    found: list[Group] = []
    for _, place in pairs:
        if place.text not in groups:
            unknown_name(Code.UNKNOWN_GROUP, "group", place, tuple(groups), "groups", draft)
            return None
        found.append(groups[place.text])
    return tuple(name for name, _ in pairs), tuple(found)


def _table(key: Scalar, node: Mapping, groups: dict[str, Group], draft: Draft) -> Table | None:
    indices = index_groups(node.get("per"), groups, draft)
    unit = read_unit(node.get("unit"), draft)
    grounds = read_grounds(node, draft)
    verify_grounds(node, grounds, f"the data `{key.text}`", key, draft)
    if indices is None or unit is None:
        return None
    of = indices[1]
    if math.prod(group.size for group in of) > LARGEST_TABLE:
        draft.diagnostics.error(
            Code.BAD_TABLE,
            key.span,
            f"the table `{key.text}` is too large",
            help=f"the limit is {LARGEST_TABLE:,} numbers; say who is tied to whom by a relation",
        )
        return None
    values = _values(node, of, draft)
    if values is None:
        return None
    inside = tuple(value * unit.factor for value in values)
    if not draft.declare(key, key.text, DatumSymbol(key.text, of, unit.time_power)):
        return None
    return Table(key.text, of, inside, _digest(repr(inside)))


def _values(node: Mapping, groups: tuple[Group, ...], draft: Draft) -> tuple[float, ...] | None:
    written = node.get("values")
    if written is None:
        path = node.scalar("csv")
        return None if path is None else _csv_values(path, node.text("column"), groups, draft)
    size = math.prod(group.size for group in groups)
    if isinstance(written, Sequence):
        numbers = [float(item.text) for item in written.items if isinstance(item, Scalar)]
        if len(numbers) != size:
            draft.diagnostics.error(
                Code.BAD_TABLE,
                written.span,
                f"{len(numbers)} numbers stand where {size} are needed",
                other=_group_places(groups, draft),
                help="give one number for each index, the last index running fastest",
            )
            return None
        return tuple(numbers)
    return _labelled_values(written, groups, draft) if isinstance(written, Mapping) else None


def _group_places(groups: tuple[Group, ...], draft: Draft) -> list[tuple[Span, str]]:
    """Where the groups of a table are declared, and how large they are."""
    places = {group.name: (draft.places.get(group.name), group.size) for group in groups}
    return [(span, f"{size:,} of them") for span, size in places.values() if span is not None]


def positions(group: Group) -> dict[str, int]:
    """Where each label of a group stands."""
    return {group.label(index): index for index in range(group.size)}


def _labelled_values(
    written: Mapping, groups: tuple[Group, ...], draft: Draft
) -> tuple[float, ...] | None:
    rows: list[tuple[tuple[Scalar, ...], float]] = []
    if any(is_blank(value) for value in scalars(written)):
        return None
    for entry in written.entries:
        if isinstance(entry.value, Mapping):
            rows.extend(
                ((entry.key, inner.key), float(inner.value.text))
                for inner in entry.value.entries
                if isinstance(inner.value, Scalar)
            )
        elif isinstance(entry.value, Scalar):
            rows.append(((entry.key,), float(entry.value.text)))
    return _filled(rows, groups, written.span, draft)


def _filled(
    rows: list[tuple[tuple[Scalar, ...], float]],
    groups: tuple[Group, ...],
    whole: Span,
    draft: Draft,
) -> tuple[float, ...] | None:
    places = [positions(group) for group in groups]
    values = [math.nan] * math.prod(group.size for group in groups)
    for labels, value in rows:
        if len(labels) != len(groups):
            draft.diagnostics.error(
                Code.BAD_TABLE,
                labels[0].span,
                f"{_labels(len(labels))} where {_labels(len(groups))} are needed",
                help="write `LABEL: NUMBER`, or `LABEL: {LABEL: NUMBER}` for two groups",
            )
            return None
        index = 0
        for label, place, group in zip(labels, places, groups, strict=True):
            if label.text not in place:
                _unknown_label(label, group, place, draft)
                return None
            index = index * group.size + place[label.text]
        values[index] = value
    missing = [place for place, value in enumerate(values) if math.isnan(value)]
    if missing:
        draft.diagnostics.error(
            Code.BAD_TABLE,
            whole,
            f"{len(missing)} of {len(values)} values are missing",
            other=_group_places(groups, draft),
            help=f"give a number for {_indices(missing, groups)}",
        )
        return None
    return tuple(values)


def _unknown_label(label: Scalar, group: Group, known: dict[str, int], draft: Draft) -> None:
    what = f"member of `{group.name}`"
    names = tuple(known)
    unknown_name(Code.UNKNOWN_NAME, what, label, names, "", draft, within=group.name)


def _labels(number: int) -> str:
    return "1 label" if number == 1 else f"{number} labels"


def _indices(missing: list[int], groups: tuple[Group, ...]) -> str:
    """The first few places by their labels, and how many more there are."""
    names = list_names([_index(place, groups) for place in missing[:5]], 5)
    return names if len(missing) <= 5 else f"{names} and {len(missing) - 5} more"


def _index(place: int, groups: tuple[Group, ...]) -> str:
    """The labels of a place in a table."""
    found: list[str] = []
    for group in reversed(groups):
        place, position = divmod(place, group.size)
        found.append(group.label(position))
    return ", ".join(reversed(found))


def _csv_values(
    path: Scalar, column: str, groups: tuple[Group, ...], draft: Draft
) -> tuple[float, ...] | None:
    rows = read_rows(path, draft)
    if rows is None:
        return None
    header = list(rows[0])
    column = column or (header[len(groups)] if len(header) > len(groups) else "")
    if column not in header or len(header) < len(groups) + 1:
        draft.diagnostics.error(
            Code.BAD_TABLE,
            path.span,
            f"`{path.text}` has no column `{column}` after {len(groups)} label column(s)",
            help=f"its columns are: {list_names(header, 20)}",
        )
        return None
    found: list[tuple[tuple[Scalar, ...], float]] = []
    for number, row in enumerate(rows, 2):
        labels = tuple(Scalar(path.span, row[name] or "", True) for name in header[: len(groups)])
        try:
            value = float(row[column] or "")
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            draft.diagnostics.error(
                Code.BAD_TABLE,
                path.span,
                f"`{row[column] or ''}` in line {number} of `{path.text}` is not a number",
                help=f"write a number into the column `{column}`",
            )
            return None
        found.append((labels, value))
    return _filled(found, groups, path.span, draft)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_relations(draft: Draft, groups: dict[str, Group]) -> tuple[Relation, ...]:
    """The relations, drawn or listed, as neighbours in index order."""
    relations: list[Relation] = []
    for key, node in section(draft, "relations"):
        relation = _relation(key, node, groups, draft)
        if relation is None:
            draft.broken.add(key.text)
        elif draft.declare(key, key.text, RelationSymbol(key.text, relation.groups)):
            relations.append(relation)
    return tuple(relations)


def _relation(
    key: Scalar, node: Mapping, groups: dict[str, Group], draft: Draft
) -> Relation | None:
    indices = index_groups(node.get("between"), groups, draft)
    if indices is None:
        return None
    if len(indices[1]) != 2:
        draft.diagnostics.error(
            Code.WRONG_INDEX,
            key.span,
            f"the relation `{key.text}` is not between two groups",
            help="write `between: [GROUP, GROUP]`; the two may be the same",
        )
        return None
    first, second = indices[1]
    symmetric = node.scalar("symmetric")
    is_symmetric = symmetric is not None and symmetric.text == "true"
    generate = node.get("generate")
    ties = (
        generated_graph(generate, first, second, is_symmetric, draft)
        if isinstance(generate, Mapping)
        else _listed_ties(node, first, second, is_symmetric, draft)
    )
    if ties is None:
        return None
    if is_symmetric and symmetric is not None and first != second:
        draft.diagnostics.error(
            Code.WRONG_INDEX,
            symmetric.span,
            f"a relation between `{first.name}` and `{second.name}` cannot be symmetric",
            help="drop `symmetric:`, or write the same group twice under `between:`",
        )
        return None
    return Relation(key.text, (first, second), ties, _digest(repr(ties)))


def _listed_ties(
    node: Mapping, first: Group, second: Group, is_symmetric: bool, draft: Draft
) -> tuple[tuple[int, ...], ...] | None:
    pairs = _pairs(node, first, second, draft)
    if pairs is None:
        return None
    neighbours: dict[int, set[int]] = {}
    for i, j in pairs:
        neighbours.setdefault(i, set()).add(j)
        if is_symmetric:
            neighbours.setdefault(j, set()).add(i)
    return tuple(tuple(sorted(neighbours.get(i, ()))) for i in range(first.size))


def _pairs(
    node: Mapping, first: Group, second: Group, draft: Draft
) -> list[tuple[int, int]] | None:
    rows: list[tuple[Scalar, Scalar]] = []
    path = node.scalar("csv")
    if path is not None:
        read = read_rows(path, draft)
        if read is None:
            return None
        if len(read[0]) < 2:
            draft.diagnostics.error(
                Code.BAD_TABLE,
                path.span,
                f"`{path.text}` has one column where two are needed",
                help="give a column of labels for each of the two groups",
            )
            return None
        for row in read:
            one, other, *_ = (Scalar(path.span, value, True) for value in row.values())
            rows.append((one, other))
    for item in node.items("pairs"):
        if isinstance(item, Sequence) and len(item.items) == 2:
            a, b = item.items
            if isinstance(a, Scalar) and isinstance(b, Scalar):
                rows.append((a, b))
                continue
        draft.diagnostics.error(
            Code.WRONG_TYPE,
            item.span,
            "expected a pair of labels",
            help="write `[LABEL, LABEL]`",
        )
        return None
    places = positions(first), positions(second)
    found: list[tuple[int, int]] = []
    for pair in rows:
        for label, place, group in zip(pair, places, (first, second), strict=True):
            if label.text not in place:
                _unknown_label(label, group, place, draft)
                return None
        found.append((places[0][pair[0].text], places[1][pair[1].text]))
    return found
