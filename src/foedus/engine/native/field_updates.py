"""Fields as instructions: how they begin, and how they move when a term changes."""

from __future__ import annotations

from dataclasses import replace

from foedus.engine.native.field import LANES, Field
from foedus.engine.native.ir import Function
from foedus.engine.native.place import ZERO, Emission, Place, emit
from foedus.engine.native.side_by_side import Side, mentions
from foedus.engine.native.vector.lanes import Lanes
from foedus.expr import tree


def add_fields(shared: Emission) -> None:
    """Give fields and their terms a place in memory."""
    for field in shared.fields:
        shared.memory.add(field.totals, "double", field.padded)
        shared.memory.add(field.terms, "double", field.padded * field.columns)


def emit_fields(shared: Emission) -> None:
    """`@f_field{n}(ctx, column)` moves a field after a change of state at one index; `@f_fields`
    works all of them out."""
    for field in shared.fields:
        code = shared.function(f"@f_field{field.number}", ("i64", "%column"))
        _move(shared, code, field)
        code.finish()
    code = shared.function("@f_fields")
    for field in shared.fields:
        shared.memory.fill(code, field.totals, ZERO)
        shared.memory.fill(code, field.terms, ZERO)
        with code.count_up("0", str(field.columns)) as column:
            code.do(f"call void @f_field{field.number}(ptr %ctx, i64 {column})")
    code.finish()


def _move(shared: Emission, code: Function, field: Field) -> None:
    """Take the old terms of a column from the sums, and add the new ones."""
    memory, lanes = shared.memory, Lanes(code, LANES)
    totals, terms = memory.base(code, field.totals), memory.base(code, field.terms)
    place = _common(Place(shared, code, {field.node.variable: "%column"}), field)
    first = code.let(f"mul i64 %column, {field.padded}")
    with code.count_up("0", str(field.padded // LANES)) as block:
        row = code.let(f"mul i64 {block}, {LANES}")
        cell = code.let(f"add i64 {first}, {row}")

        def entries(node: tree.Expression) -> str | None:
            if not (isinstance(node, tree.Datum) and mentions(node, field.other.name)):
                return None
            table = code.module.table("double", _matrix(shared, field, node))
            return lanes.load(lanes.numbers, code.at(table, "double", cell))

        new = _term(Side(lanes, place, field.other.name, entries), field)
        at = code.at(terms, "double", cell)
        change = lanes.join("fsub", new, lanes.load(lanes.numbers, at))
        lanes.store(lanes.numbers, new, at)
        total = code.at(totals, "double", row)
        moved = lanes.join("fadd", lanes.load(lanes.numbers, total), change)
        lanes.store(lanes.numbers, moved, total)


def _common(place: Place, field: Field) -> Place:
    """The place where all that does not depend on the row has been worked out."""
    known: dict[int, str] = {}

    def work_out(node: tree.Expression) -> None:
        if mentions(node, field.other.name):
            for child in tree.children(node):
                work_out(child)
        elif not isinstance(node, tree.IndexVariable):
            known[id(node)] = emit(place, node)

    for root in (field.node.condition, field.node.body):
        if root is not None:
            work_out(root)
    return replace(place, known=known)


def _term(side: Side, field: Field) -> str:
    """The terms of some rows, rounded as in `exact_sums`; 0 where the condition does not hold."""
    lanes, grid = side.lanes, side.lanes.number(field.grid)
    term = lanes.join("fsub", lanes.join("fadd", side.number(field.node.body), grid), grid)
    if field.node.condition is None:
        return term
    return lanes.select(side.truth(field.node.condition), term, lanes.number(0.0))


def _matrix(shared: Emission, field: Field, node: tree.Datum) -> list[float]:
    """The entries of a table by column and row, rows up to whole vectors."""
    table = shared.layout.tables[node.name]
    sizes = [group.size for group in table.groups]
    names = [index.name for index in node.indices if isinstance(index, tree.IndexVariable)]
    found = []
    for column in range(field.columns):
        for row in range(field.padded):
            at = {field.node.variable: column, field.other.name: row}
            cell = 0
            for name, size in zip(names, sizes, strict=True):
                cell = cell * size + at[name]
            found.append(table.values[cell] if row < field.rows else 0.0)
    return found
