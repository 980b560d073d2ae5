"""The leaves of expressions as instructions: indices, state, parameters, tables, draws."""

from __future__ import annotations

import math

from foedus.engine.closures import group_numbers
from foedus.engine.layout import NUMBERED, Block
from foedus.engine.native.ir import double
from foedus.engine.native.place import Place, as_number, stored
from foedus.expr import tree


def position(place: Place, node: tree.Expression) -> str:
    """A position in a group as i64."""
    code = place.code
    if isinstance(node, tree.IndexVariable):
        return place.bound[node.name]
    if isinstance(node, tree.Position):
        return _position(place, node)
    if isinstance(node, tree.Draw) and place.draws[node.name][0].over is not None:
        return code.let(f"fptosi double {_drawn(place, node)} to i64")
    return code.let(f"fptosi double {as_number(place, node)} to i64")


def _position(place: Place, node: tree.Position) -> str:
    layout, code = place.shared.layout, place.code
    numbers = group_numbers(node.group, layout)
    if isinstance(node.value, tree.LabelValue):
        number = layout.label_number(node.value.label)
        if number in numbers:
            return str(numbers.index(number))
        place.fault()
        return "0"
    label = code.let(f"fptosi double {as_number(place, node.value)} to i64")
    if isinstance(numbers, range):
        return _within(place, code.let(f"sub i64 {label}, {NUMBERED}"), node.group.size)
    places = [-1] * (max(numbers) + 1)
    for index, number in enumerate(numbers):
        places[number] = index
    known = code.let(f"icmp ult i64 {label}, {len(places)}")
    safe = code.let(f"select i1 {known}, i64 {label}, i64 0")
    found = code.load("i64", code.at(code.module.table("i64", places), "i64", safe))
    fine = code.let(f"and i1 {known}, {code.let(f'icmp sge i64 {found}, 0')}")
    place.fault_unless(fine)
    return code.let(f"select i1 {fine}, i64 {found}, i64 0")


def cell(place: Place, block: Block, indices: tuple[tree.Expression, ...]) -> str:
    """The cell of a block at some indices, as i64; a fault outside."""
    code, offset = place.code, ""
    for index, size in zip(indices, block.sizes, strict=True):
        at = position(place, index)
        if not (isinstance(index, tree.IndexVariable) and index.group.size <= size):
            at = _within(place, at, size)
        if offset:
            scaled = code.let(f"mul i64 {offset}, {size}")
            offset = code.let(f"add i64 {scaled}, {at}")
        else:
            offset = at
    return code.plus(offset or "0", block.first)


def _within(place: Place, at: str, size: int) -> str:
    if at.isdigit() and int(at) < size:
        return at
    fine = place.code.let(f"icmp ult i64 {at}, {size}")
    place.fault_unless(fine)
    return place.code.let(f"select i1 {fine}, i64 {at}, i64 0")


def emit_number(place: Place, node: tree.Number) -> str:
    """A `number` node."""
    return double(node.value)


def emit_truth(place: Place, node: tree.Truth) -> str:
    """A `truth` node."""
    return "true" if node.value else "false"


def emit_label(place: Place, node: tree.LabelValue) -> str:
    """A `label` node."""
    return double(float(place.shared.layout.label_number(node.label)))


def emit_time(place: Place, node: tree.Time) -> str:
    """A `time` node."""
    return place.shared.memory.load(place.code, "time")


def emit_index(place: Place, node: tree.IndexVariable) -> str:
    """A `index` node."""
    numbers = group_numbers(node.group, place.shared.layout)
    number = place.code.lookup("i64", numbers, place.bound[node.name])
    return place.code.let(f"sitofp i64 {number} to double")


def emit_parameter(place: Place, node: tree.Parameter) -> str:
    """A `parameter` node."""
    block = place.shared.layout.parameters[node.name]
    base = place.code.load("ptr", place.shared.memory.cell(place.code, "parameters", 0))
    at = place.code.at(base, "double", cell(place, block, node.indices))
    return stored(place, "parameters", place.code.load("double", at), node.type)


def emit_variable(place: Place, node: tree.Variable) -> str:
    """A `variable` node."""
    block = place.shared.layout.variables[node.name]
    at = place.shared.value_cell(place.code, node.name, cell(place, block, node.indices))
    return stored(place, "values", place.code.load("double", at), node.type)


def emit_datum(place: Place, node: tree.Datum) -> str:
    """A `datum` node."""
    table = place.shared.layout.tables[node.name]
    block = Block(0, tuple(group.size for group in table.groups))
    return place.code.lookup("double", table.values, cell(place, block, node.indices))


def emit_component(place: Place, node: tree.Component) -> str:
    """A `component` node."""
    number = place.shared.layout.components[node.name]
    base = place.code.load("ptr", place.shared.memory.cell(place.code, "components", 0))
    present = place.code.load("i8", place.code.at(base, "i8", str(number)))
    return place.code.let(f"icmp ne i8 {present}, 0")


def _drawn(place: Place, node: tree.Draw) -> str:
    spec, first = place.draws[node.name]
    block = Block(first, tuple(group.size for group in spec.groups))
    return place.shared.memory.load(place.code, "draws", cell(place, block, node.indices))


def emit_draw(place: Place, node: tree.Draw) -> str:
    """A `draw` node."""
    spec, _ = place.draws[node.name]
    value = _drawn(place, node)
    if spec.over is None:
        return stored(place, "draws", value, node.type)
    numbers = group_numbers(spec.over, place.shared.layout)
    at = place.code.let(f"fptosi double {value} to i64")
    number = place.code.lookup("i64", numbers, at)
    return place.code.let(f"sitofp i64 {number} to double")


def emit_firings(place: Place, node: tree.Firings) -> str:
    """A `firings` node."""
    block = place.shared.layout.counters[node.kind]
    return place.shared.memory.load(place.code, "firings", cell(place, block, node.indices))


def emit_since(place: Place, node: tree.Since) -> str:
    """A `since` node."""
    block = place.shared.layout.counters[node.kind]
    last = place.shared.memory.load(place.code, "last", cell(place, block, node.indices))
    never = place.code.let(f"fcmp oeq double {last}, {double(-math.inf)}")

    def elapsed() -> str:
        return place.code.let(f"fsub double {emit_time(place, tree.Time())}, {last}")

    return place.code.choose("double", never, lambda: as_number(place, node.default), elapsed)
