"""Typed expressions as Python functions of a `World`.

`evaluator(node, names)` gives a function that works out the node's value in a world; `positioner`
does the same for an expression in the place of an index. Numbers are IEEE doubles, and `exp`, `log`
and powers are those of `numerics`, so that every engine gives the same bits. Dividing by zero, and
the logarithm or root of what has none, are faults that name the line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from foedus.engine.arithmetic import FOLDS, FUNCTIONS, JOINED, Evaluate
from foedus.engine.exact_sums import rounder
from foedus.engine.failure import EvaluationError
from foedus.engine.layout import NUMBERED, Block, Layout
from foedus.engine.world import World
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import DrawSpec

Locate = Callable[[World], int]
"""Gives a position in a group, or a cell in a block."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in an expression stand for: the model's layout and the event's draws.

    With `is_checked`, an operation whose result is not a number is a fault.
    """

    layout: Layout
    draws: Mapping[str, DrawSpec] = field(default_factory=dict)
    is_checked: bool = False


def evaluator(node: tree.Expression, names: Names) -> Evaluate:
    """The function that works out the value of `node`."""
    value = _BUILDERS[type(node)](node, names)
    return _certain(value, node) if names.is_checked and may_be_no_number(node) else value


def may_be_no_number(node: tree.Expression) -> bool:
    """Whether it is an operation that can make "not a number" of numbers."""
    return isinstance(node, tree.Binary | tree.Call) and isinstance(node.type, tree.NumberType)


def _certain(value: Evaluate, node: tree.Expression) -> Evaluate:
    def certain(world: World) -> float:
        found = value(world)
        if found != found:
            raise EvaluationError(
                "the result is not a number, as of infinity less infinity", node.span
            )
        return found

    return certain


def condition(node: tree.Expression | None, names: Names) -> Evaluate | None:
    """The function that says whether `node` holds; None where there is nothing to ask."""
    return None if node is None else evaluator(node, names)


def positioner(node: tree.Expression, names: Names) -> Locate:
    """The function that works out a position in a group."""
    if isinstance(node, tree.IndexVariable):
        name = node.name
        return lambda world: world.bound[name]
    if isinstance(node, tree.Position):
        return _position(node, names)
    if isinstance(node, tree.Draw) and names.draws[node.name].distribution == "categorical":
        drawn, cell = node.name, _cell(_draw_block(node, names), node.indices, names)
        return lambda world: int(world.draws[drawn][cell(world)])
    number = evaluator(node, names)
    return lambda world: int(number(world))


def block_cell(block: Block, indices: Iterable[tree.Expression], names: Names) -> Locate:
    """The function that finds the cell of a block at some indices."""
    return _cell(block, tuple(indices), names)


def _cell(block: Block, indices: tuple[tree.Expression, ...], names: Names) -> Locate:
    first, at = block.first, [positioner(index, names) for index in indices]
    if not at:
        return lambda world: first
    if len(at) == 1:
        only, size = at[0], block.sizes[0]
        return lambda world: first + _within(only(world), size, indices[0])

    def cell(world: World) -> int:
        offset = 0
        for locate, size, index in zip(at, block.sizes, indices, strict=True):
            offset = offset * size + _within(locate(world), size, index)
        return first + offset

    return cell


def _within(position: int, size: int, index: tree.Expression) -> int:
    if 0 <= position < size:
        return position
    raise EvaluationError(f"position {position + 1} is outside a group of {size}", index.span)


def _position(node: tree.Position, names: Names) -> Locate:
    layout, group, span = names.layout, node.group, node.span
    number_at = group_numbers(group, layout)
    place_of = {number: place for place, number in enumerate(number_at)}
    label = evaluator(node.value, names)

    def position(world: World) -> int:
        number = label(world)
        place = place_of.get(int(number))
        if place is None:
            name = layout.label_name(number)
            raise EvaluationError(f"`{name}` is not in the group `{group.name}`", span)
        return place

    return position


def group_numbers(group: tree.Group, layout: Layout) -> Sequence[int]:
    """The number of the label at each position of a group."""
    if not group.labels:
        return range(NUMBERED, NUMBERED + group.size)
    return tuple(layout.label_number(group.label(index)) for index in range(group.size))


# Leaves ------------------------------------------------------------------------------------------


def _number(node: tree.Number | tree.Truth, names: Names) -> Evaluate:
    value = node.value
    return lambda world: value


def _label(node: tree.LabelValue, names: Names) -> Evaluate:
    number = float(names.layout.label_number(node.label))
    return lambda world: number


def _time(node: tree.Time, names: Names) -> Evaluate:
    return lambda world: world.time


def _index(node: tree.IndexVariable, names: Names) -> Evaluate:
    name, numbers = node.name, group_numbers(node.group, names.layout)
    return lambda world: numbers[world.bound[name]]


def _parameter(node: tree.Parameter, names: Names) -> Evaluate:
    block = names.layout.parameters[node.name]
    if not node.indices:
        only = block.first
        return lambda world: world.parameters[only]
    cell = _cell(block, node.indices, names)
    return lambda world: world.parameters[cell(world)]


def _variable(node: tree.Variable, names: Names) -> Evaluate:
    block = names.layout.variables[node.name]
    if not node.indices:
        only = block.first
        return lambda world: world.values[only]
    cell = _cell(block, node.indices, names)
    return lambda world: world.values[cell(world)]


def _datum(node: tree.Datum, names: Names) -> Evaluate:
    table = names.layout.tables[node.name]
    block = Block(0, tuple(group.size for group in table.groups))
    cell, values = _cell(block, node.indices, names), table.values
    return lambda world: values[cell(world)]


def _component(node: tree.Component, names: Names) -> Evaluate:
    number = names.layout.components[node.name]
    return lambda world: world.components[number]


def _draw_block(node: tree.Draw, names: Names) -> Block:
    return Block(0, tuple(group.size for group in names.draws[node.name].groups))


def _draw(node: tree.Draw, names: Names) -> Evaluate:
    name, spec = node.name, names.draws[node.name]
    cell = _cell(_draw_block(node, names), node.indices, names)
    if spec.over is not None:
        numbers = group_numbers(spec.over, names.layout)
        return lambda world: numbers[int(world.draws[name][cell(world)])]
    return lambda world: world.draws[name][cell(world)]


def _firings(node: tree.Firings, names: Names) -> Evaluate:
    cell = _cell(names.layout.counters[node.kind], node.indices, names)
    return lambda world: float(world.firings[cell(world)])


def _since(node: tree.Since, names: Names) -> Evaluate:
    cell = _cell(names.layout.counters[node.kind], node.indices, names)
    default = evaluator(node.default, names)

    def since(world: World) -> float:
        last = world.last[cell(world)]
        return default(world) if last == -math.inf else world.time - last

    return since


# Operators ---------------------------------------------------------------------------------------


def _negative(node: tree.Negative, names: Names) -> Evaluate:
    value = evaluator(node.value, names)
    return lambda world: -value(world)


def _not(node: tree.Not, names: Names) -> Evaluate:
    value = evaluator(node.value, names)
    return lambda world: not value(world)


def _binary(node: tree.Binary, names: Names) -> Evaluate:
    left, right = evaluator(node.left, names), evaluator(node.right, names)
    if node.operator != "/":
        return JOINED[node.operator](left, right)
    span = node.span

    def divide(world: World) -> float:
        above, below = left(world), right(world)
        if below == 0.0:
            raise EvaluationError(f"{above:g} is divided by zero", span)
        return above / below

    return divide


def _conditional(node: tree.Conditional, names: Names) -> Evaluate:
    holds = evaluator(node.condition, names)
    yes, no = evaluator(node.yes, names), evaluator(node.no, names)
    return lambda world: yes(world) if holds(world) else no(world)


def _call(node: tree.Call, names: Names) -> Evaluate:
    function, span = FUNCTIONS[node.function], node.span
    arguments = [evaluator(argument, names) for argument in node.arguments]

    def call(world: World) -> float:
        try:
            return function(*[argument(world) for argument in arguments])
        except EvaluationError as fault:
            fault.span = fault.span or span
            raise

    return call


# Quantifiers -------------------------------------------------------------------------------------


def members(domain: tree.Domain, names: Names) -> Callable[[World], Iterable[int]]:
    """The function that gives the positions in a domain, in index order."""
    if isinstance(domain, tree.GroupDomain):
        everywhere = range(domain.group.size)
        return lambda world: everywhere
    neighbours = names.layout.relations[domain.relation].neighbours
    locate = positioner(domain.index, names)
    return lambda world: neighbours[locate(world)]


def _quantifier(node: tree.Quantifier, names: Names) -> Evaluate:
    fold, variable, span = FOLDS[node.name], node.variable, node.span
    positions = members(node.domain, names)
    where, body = condition(node.condition, names), evaluator(node.body, names)
    grid = rounder(node, names.layout)
    if grid is not None:
        body = _rounded(body, grid)

    def quantify(world: World) -> float:
        bound = world.bound
        outer = bound.get(variable, 0)
        if where is None:
            values = (body(world) for bound[variable] in positions(world))
        else:
            values = (body(world) for bound[variable] in positions(world) if where(world))
        result = fold(values)
        bound[variable] = outer
        if result is None:
            raise EvaluationError(f"`{node.name}` over no index", span)
        return result

    return quantify


def _rounded(term: Evaluate, grid: float) -> Evaluate:
    """Terms rounded so that their sum is exact: see `exact_sums`."""
    return lambda world: (term(world) + grid) - grid


_BUILDERS: dict[type, Callable[[Any, Names], Evaluate]] = {
    tree.Number: _number,
    tree.Truth: _number,
    tree.LabelValue: _label,
    tree.Time: _time,
    tree.IndexVariable: _index,
    tree.Parameter: _parameter,
    tree.Variable: _variable,
    tree.Datum: _datum,
    tree.Component: _component,
    tree.Draw: _draw,
    tree.Firings: _firings,
    tree.Since: _since,
    tree.Negative: _negative,
    tree.Not: _not,
    tree.Binary: _binary,
    tree.Conditional: _conditional,
    tree.Call: _call,
    tree.Quantifier: _quantifier,
}
