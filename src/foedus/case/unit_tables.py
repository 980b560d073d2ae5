"""Reading tables of many units, and tables of the order of events."""

from __future__ import annotations

import math
from collections.abc import Iterator

from foedus.case.beside import read_rows
from foedus.case.draft import Draft, entries, section, unknown_name
from foedus.case.formula import expression
from foedus.case.node import Mapping, Node, Scalar
from foedus.case.observed import History, OrderTable, Scheme, UnitTable
from foedus.case.values import read_cites
from foedus.expr.scope import EventSymbol, VariableSymbol
from foedus.expr.tree import PLAIN, BooleanType, Expression, Group, LabelType
from foedus.text.codes import Code
from foedus.text.suggest import closest, list_names
from foedus.units import UNITS

SEPARATOR = "|"
"""Stands between the states of a set in a cell."""

Rows = list[dict[str, str]]


def read_unit_tables(draft: Draft) -> tuple[UnitTable | OrderTable, ...]:
    """The tables of many units."""
    found = []
    for key, node in section(draft, "tables"):
        read = _order_table if node.has("event") else _unit_table
        table = read(key, node, draft)
        if table is not None:
            found.append(table)
    return tuple(found)


def _unit_table(key: Scalar, node: Mapping, draft: Draft) -> UnitTable | None:
    if not _verify_keys(key, node, ("unit", "time", "state", "scheme"), ("index", "times"), draft):
        return None
    symbol = _symbol(node.scalar("variable"), draft)
    if symbol is None:
        return None
    scheme: Scheme = node.text("scheme")  # type: ignore[assignment]
    own = {"terminal": "ends", "misclassified": "seen-as", "normal": "reads"}
    wrong = tuple(name for one, name in own.items() if one != scheme)
    needed = (own[scheme],) if scheme in own else ()
    if not _verify_keys(key, node, needed, wrong, draft):
        return None
    reader = _Reader(key, node, symbol, scheme, draft)
    ends, seen, reads = reader.ends(), reader.seen_as(), reader.reads()
    histories = reader.histories(frozenset(one for _, one, _ in seen))
    if histories is None:
        return None
    columns = node.text("unit"), node.text("time"), node.text("state")
    return UnitTable(
        key.text, node.text("csv"), columns, scheme, symbol.name, reader.day, histories,
        ends, seen, reads, read_cites(node.get("cites"), draft),
    )  # fmt: skip


def _symbol(place: Scalar | None, draft: Draft) -> VariableSymbol | None:
    """The variable that a table observes."""
    if place is None:
        return None
    symbol = draft.symbols.get(place.text)
    if not isinstance(symbol, VariableSymbol):
        known = tuple(n for n, s in draft.symbols.items() if isinstance(s, VariableSymbol))
        unknown_name(Code.UNKNOWN_NAME, "state variable", place, known, "state", draft)
        return None
    if symbol.groups:
        draft.diagnostics.error(
            Code.WRONG_INDEX,
            place.span,
            f"`{place.text}` is indexed, and a table observes one value of each unit",
            help="name a variable without an index: every unit has its own",
        )
        return None
    return symbol


def _verify_keys(
    key: Scalar, node: Mapping, needed: tuple[str, ...], wrong: tuple[str, ...], draft: Draft
) -> bool:
    """Every key that the kind of table needs, and none that it does not read."""
    missing = next((name for name in needed if not node.has(name)), None)
    if missing is not None:
        draft.diagnostics.error(
            Code.MISSING_KEY,
            key.span,
            f"the table `{key.text}` has no `{missing}`",
            label=f"needs `{missing}:`",
            help=f"add `{missing}:`",
        )
        return False
    extra = next((node.entry(name) for name in wrong if node.entry(name) is not None), None)
    if extra is not None:
        draft.diagnostics.error(
            Code.CONFLICTING_KEYS,
            extra.key.span,
            f"`{extra.key.text}` does not go with this kind of table",
            help="leave it out, or choose the `scheme` it belongs to",
        )
        return False
    return True


class _Reader:
    """Reads one table of units."""

    def __init__(
        self, key: Scalar, node: Mapping, symbol: VariableSymbol, scheme: Scheme, draft: Draft
    ) -> None:
        self.key, self.node, self.symbol = key, node, symbol
        self.scheme, self.draft = scheme, draft
        self.day = UNITS[node.text("time-unit") or "days"].factor

    def ends(self) -> tuple[str, ...]:
        found = []
        for item in self.node.items("ends"):
            if isinstance(item, Scalar) and self._is_state(item):
                found.append(item.text)
        return tuple(found)

    def seen_as(self) -> tuple[tuple[str, str, Expression], ...]:
        found = []
        for entry in entries(self.node, "seen-as"):
            if not self._is_state(entry.key) or not isinstance(entry.value, Mapping):
                continue
            for inner in entry.value.entries:
                chance = self._formula(inner.value)
                if chance is not None:
                    found.append((entry.key.text, inner.key.text, chance))
        return tuple(found)

    def reads(self) -> tuple[tuple[str, Expression, Expression], ...]:
        found = []
        for entry in entries(self.node, "reads"):
            if not self._is_state(entry.key) or not isinstance(entry.value, Mapping):
                continue
            mean = self._formula(entry.value.get("mean"))
            spread = self._formula(entry.value.get("sd"))
            if mean is not None and spread is not None:
                found.append((entry.key.text, mean, spread))
        return tuple(found)

    def _formula(self, node: Node | None) -> Expression | None:
        if not isinstance(node, Scalar) or not node.text:
            return None
        return expression(node, self.draft.scope(), self.draft, PLAIN, "start")

    def _is_state(self, place: Scalar) -> bool:
        if self._fits(place.text):
            return True
        self.draft.diagnostics.error(
            Code.UNKNOWN_NAME,
            place.span,
            f"`{self.symbol.name}` is never `{place.text}`",
            help=self._cure(place.text),
        )
        return False

    def _fits(self, text: str) -> bool:
        """Whether the variable can be what is written."""
        kind = self.symbol.type
        if isinstance(kind, LabelType):
            return text in kind.labels
        if isinstance(kind, BooleanType):
            return text in ("true", "false")
        return _number(text) is not None

    def _cure(self, text: str) -> str:
        kind = self.symbol.type
        if isinstance(kind, LabelType):
            near = closest(text, kind.labels)
            return f"write `{near}`" if near else f"it is one of {list_names(kind.labels, 8)}"
        return "write `true` or `false`" if isinstance(kind, BooleanType) else "write a number"

    # Rows ----------------------------------------------------------------------------------------

    def histories(self, seen: frozenset[str]) -> tuple[History, ...] | None:
        """The rows by unit, in the order of the file."""
        rows = _rows(self.node, ("unit", "time", "state"), self.draft)
        if rows is None:
            return None
        unit, time, state = (self.node.text(name) for name in ("unit", "time", "state"))
        found: dict[str, tuple[list[float], list[tuple[str, ...]]]] = {}
        for number, row in enumerate(rows, 2):
            moment, parts = _number(row[time]), self._parts(row[state])
            times, states = found.setdefault(row[unit], ([], []))
            why = None
            if moment is None:
                why = f"`{row[time]}` is no time"
            elif times and moment * self.day <= times[-1]:
                why = f"`{row[unit]}` goes back in time"
            elif not all(self._is_seen(part, seen) for part in parts):
                why = f"`{row[state]}` is nothing that `{self.symbol.name}` can be"
            if why is not None or moment is None:
                _wrong_row(self.node, number, why or "", self.draft)
                return None
            times.append(moment * self.day)
            states.append(parts)
        return tuple(
            History(name, tuple(times), tuple(states)) for name, (times, states) in found.items()
        )

    def _parts(self, cell: str) -> tuple[str, ...]:
        if self.scheme != "set":
            return (cell.strip(),)
        return tuple(part.strip() for part in cell.split(SEPARATOR))

    def _is_seen(self, text: str, seen: frozenset[str]) -> bool:
        if self.scheme == "normal":
            return _number(text) is not None
        return self._fits(text) or text in seen


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _rows(node: Mapping, keys: tuple[str, ...], draft: Draft) -> Rows | None:
    """The rows of a table's file, if they have the columns that some keys name."""
    path = node.scalar("csv")
    rows = None if path is None else read_rows(path, draft)
    if path is None or rows is None:
        return None
    known = tuple(rows[0])
    for place in _columns(node, keys):
        if place.text not in known:
            draft.diagnostics.error(
                Code.BAD_TABLE,
                place.span,
                f"`{path.text}` has no column `{place.text}`",
                help=f"its columns are {list_names(known, 8)}",
            )
            return None
    return rows


def _columns(node: Mapping, keys: tuple[str, ...]) -> Iterator[Scalar]:
    for name in keys:
        place = node.scalar(name)
        if place is not None:
            yield place
        yield from (item for item in node.items(name) if isinstance(item, Scalar))


def _wrong_row(node: Mapping, number: int, why: str, draft: Draft) -> None:
    path = node.scalar("csv")
    if path is not None:
        draft.diagnostics.error(
            Code.BAD_TABLE,
            path.span,
            f"row {number} of `{path.text}`: {why}",
            help="rows of a unit stand in the order of time, with states that there are",
        )


# The order of events -----------------------------------------------------------------------------


def _order_table(key: Scalar, node: Mapping, draft: Draft) -> OrderTable | None:
    wrong = ("variable", "time", "state", "scheme", "time-unit", "ends", "seen-as", "reads")
    if not _verify_keys(key, node, ("times",), wrong, draft):
        return None
    place = node.scalar("event")
    symbol = None if place is None else draft.symbols.get(place.text)
    if place is None or not isinstance(symbol, EventSymbol):
        known = tuple(n for n, s in draft.symbols.items() if isinstance(s, EventSymbol))
        if place is not None:
            unknown_name(Code.UNKNOWN_EVENT, "event", place, known, "events", draft)
        return None
    columns = tuple(place.text for place in _columns(node, ("index",)))
    if len(columns) != len(symbol.groups):
        draft.diagnostics.error(
            Code.WRONG_INDEX,
            key.span,
            f"{len(columns)} columns are named where `{symbol.name}` has {len(symbol.groups)} "
            "indices",
            help="name one column for each of its indices under `index:`, in their order",
        )
        return None
    rows = _rows(node, ("unit", "index"), draft)
    if rows is None:
        return None
    sequences = _sequences(node, rows, columns, symbol.groups, draft)
    if sequences is None:
        return None
    cites = read_cites(node.get("cites"), draft)
    return OrderTable(key.text, node.text("csv"), columns, symbol.name, sequences, cites)


def _sequences(
    node: Mapping,
    rows: Rows,
    columns: tuple[str, ...],
    groups: tuple[Group, ...],
    draft: Draft,
) -> tuple[tuple[tuple[str, ...], ...], ...] | None:
    known = [frozenset(group.label(place) for place in range(group.size)) for group in groups]
    unit = node.text("unit")
    found: dict[str, list[tuple[str, ...]]] = {}
    for number, row in enumerate(rows, 2):
        labels = tuple(row[column].strip() for column in columns)
        for label, group, labels_of in zip(labels, groups, known, strict=True):
            if label not in labels_of:
                _wrong_row(node, number, f"`{label}` is not in the group `{group.name}`", draft)
                return None
        found.setdefault(row[unit] if unit else "", []).append(labels)
    return tuple(tuple(sequence) for sequence in found.values())
