"""Expressions for eight members of a group at once: the same operations in the same order.

What does not depend on the member is worked out once and copied to all lanes. Parts that could be a
fault are not worked out here: `suits` says which expressions can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from foedus.engine.native.operators import ARITHMETIC, COMPARISONS
from foedus.engine.native.place import Place
from foedus.engine.native.place import as_number as scalar_number
from foedus.engine.native.place import as_truth as scalar_truth
from foedus.engine.native.vector import elementary
from foedus.engine.native.vector.lanes import Lanes
from foedus.expr import tree

Leaf = Callable[[tree.Expression], str | None]
"""A value in every lane for what is known by lanes; None for all else."""

FUNCTIONS = ("exp", "min", "max", "abs")
SAFE = (
    tree.Number, tree.Truth, tree.Parameter, tree.Variable, tree.Datum, tree.Component,
    tree.Negative, tree.Not, tree.Binary, tree.Conditional, tree.Call, tree.Firings,
)  # fmt: skip
"""What expressions for lanes are made of, beside what is known by lanes."""


def suits(node: tree.Expression, index: str, is_leaf: Callable[[tree.Expression], bool]) -> bool:
    """Whether an expression can be worked out for many values of an index, without a fault."""
    if is_leaf(node):
        return True
    if not isinstance(node, SAFE):
        return False
    if isinstance(node, tree.Variable | tree.Datum | tree.Parameter | tree.Firings):
        return all(_is_fixed(i) for i in node.indices) and not mentions(node, index)
    if isinstance(node, tree.Call) and node.function not in FUNCTIONS:
        return False
    if isinstance(node, tree.Binary) and node.operator == "/" and not _divides_safely(node):
        return False
    return all(suits(child, index, is_leaf) for child in tree.children(node))


def _divides_safely(node: tree.Binary) -> bool:
    return isinstance(node.right, tree.Number) and node.right.value != 0.0


def _is_fixed(index: tree.Expression) -> bool:
    """An index that cannot be outside its group."""
    return isinstance(index, tree.IndexVariable)


def mentions(node: tree.Expression, index: str) -> bool:
    """Whether an expression depends on an index."""
    return any(
        isinstance(part, tree.IndexVariable) and part.name == index for part in tree.walk(node)
    )


def copied(lanes: Lanes, kind: str, value: str, wide: str) -> str:
    """A value of some kind in every lane."""
    first = lanes.let(f"insertelement {wide} poison, {kind} {value}, i32 0")
    zeros = f"<{lanes.width} x i32> zeroinitializer"
    return lanes.let(f"shufflevector {wide} {first}, {wide} poison, {zeros}")


@dataclass(slots=True)
class Side:
    """Eight members at work: where the common parts are emitted, and what is known by lanes.

    `common` has the values that are the same for all, worked out so far. `exponents` gathers the
    sizes of the arguments of exponentials: see `vector/elementary` for their usual range.
    """

    lanes: Lanes
    place: Place
    index: str
    leaf: Leaf
    common: dict[tree.Expression, str] = field(default_factory=dict)
    exponents: list[str] = field(default_factory=list)

    def number(self, node: tree.Expression) -> str:
        """Any value as a number in every lane: conditions are 1 or 0."""
        if isinstance(node.type, tree.BooleanType):
            one, zero = self.lanes.number(1.0), self.lanes.number(0.0)
            return self.lanes.select(self.truth(node), one, zero)
        if isinstance(node, tree.Number):
            return self.lanes.number(node.value)
        known = self.leaf(node)
        if known is not None:
            return known
        if isinstance(node, tree.Negative):
            return self.lanes.negative(self.number(node.value))
        if not self._differs(node):
            return self._copied("double", node, self.lanes.numbers)
        if isinstance(node, tree.Binary):
            left, right = self.number(node.left), self.number(node.right)
            return self.lanes.join(ARITHMETIC[node.operator], left, right)
        if isinstance(node, tree.Conditional):
            holds = self.truth(node.condition)
            return self.lanes.select(holds, self.number(node.yes), self.number(node.no))
        assert isinstance(node, tree.Call)
        return self._call(node)

    def truth(self, node: tree.Expression) -> str:
        """A condition in every lane; a number stands for whether it is not 0."""
        lanes = self.lanes
        if not isinstance(node.type, tree.BooleanType):
            return lanes.compare("une", self.number(node), lanes.number(0.0))
        known = self.leaf(node)
        if known is not None:
            return lanes.compare("une", known, lanes.number(0.0))
        if not self._differs(node):
            return self._copied("i1", node, lanes.masks)
        if isinstance(node, tree.Not):
            return lanes.opposite(self.truth(node.value))
        if isinstance(node, tree.Conditional):
            holds = self.truth(node.condition)
            yes, no = self.truth(node.yes), self.truth(node.no)
            return lanes.select(holds, yes, no, lanes.masks)
        assert isinstance(node, tree.Binary)
        if node.operator in COMPARISONS:
            sign = COMPARISONS[node.operator]
            return lanes.compare(sign, self.number(node.left), self.number(node.right))
        join = lanes.both if node.operator == "and" else lanes.either
        return join(self.truth(node.left), self.truth(node.right))

    def _differs(self, node: tree.Expression) -> bool:
        return mentions(node, self.index)

    def _copied(self, kind: str, node: tree.Expression, wide: str) -> str:
        if node not in self.common:
            work_out = scalar_truth if kind == "i1" else scalar_number
            self.common[node] = work_out(self.place, node)
        return copied(self.lanes, kind, self.common[node], wide)

    def _call(self, node: tree.Call) -> str:
        lanes = self.lanes
        values = [self.number(argument) for argument in node.arguments]
        first = values[0]
        if node.function == "exp":
            size = lanes.intrinsic("fabs", lanes.opposites.get(first, first))
            self.exponents.append(size)
            return elementary.exponential(lanes, first)
        if node.function == "abs":
            return lanes.intrinsic("fabs", first)
        sign = "olt" if node.function == "min" else "ogt"
        for value in values[1:]:
            first = lanes.select(lanes.compare(sign, value, first), value, first)
        return first
