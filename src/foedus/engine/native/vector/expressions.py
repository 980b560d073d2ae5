"""Typed expressions in every lane: the same operations in the same order as the scalar code.

A part that stands still between rare events is a *term*: the scalar code works it out after each
rare event and puts it into the lane. Where an operation might be a fault, or is not worked out in
lanes for such an argument, the lane is in *doubt*, and the scalar code does the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Protocol

from foedus.engine.native.memory import Memory
from foedus.engine.native.operators import ARITHMETIC, COMPARISONS
from foedus.engine.native.vector import elementary
from foedus.engine.native.vector.lanes import Lanes
from foedus.engine.native.vector.reach import Reach
from foedus.expr import tree
from foedus.frozen import dataclass

LEAVES = (tree.Variable, tree.Parameter, tree.Datum, tree.IndexVariable)

Term = tuple[tree.Expression, tuple[tuple[str, int], ...]]
"""An expression and the positions of the indices that it mentions."""


@dataclass(slots=True)
class Terms:
    """The terms of a program, each with its place in the memory of the lanes."""

    memory: Memory
    width: int
    names: dict[Term, str] = field(default_factory=dict)

    def name(self, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """The array that holds a term."""
        mentioned = {part.name for part in tree.walk(node) if isinstance(part, tree.IndexVariable)}
        term = node, tuple(sorted((n, at) for n, at in binding.items() if n in mentioned))
        if term not in self.names:
            self.names[term] = f"term{len(self.names)}"
            self.memory.add(self.names[term], "double", self.width)
        return self.names[term]


class Source(Protocol):
    """Where the leaves of an expression come from, and the parts that are worked out elsewhere."""

    def is_still(self, node: tree.Expression, binding: Mapping[str, int]) -> bool:
        """Whether a part is worked out elsewhere."""
        ...

    def still(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """Its number in every lane; 1 or 0 for a condition."""
        ...

    def leaf(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """The number of a leaf in every lane; 1 or 0 for a truth."""
        ...

    def members(self, domain: tree.Domain, binding: Mapping[str, int]) -> tuple[int, ...] | None:
        """The positions in a domain, where they are known beforehand."""
        ...


@dataclass(frozen=True, slots=True)
class State:
    """The source of a step: hot cells from the lanes, terms from memory."""

    terms: Terms
    reach: Reach
    cells: Mapping[int, str]

    def is_still(self, node: tree.Expression, binding: Mapping[str, int]) -> bool:
        """See `Source`."""
        return self.reach.is_still(node, binding)

    def still(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """See `Source`."""
        return load(lanes, self.terms.memory, self.terms.name(node, binding))

    def leaf(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """See `Source`."""
        assert isinstance(node, tree.Variable)
        block = self.reach.layout.variables[node.name]
        cell = self.reach.cell(block, node.indices, binding)
        assert cell is not None
        return self.cells[cell]

    def members(self, domain: tree.Domain, binding: Mapping[str, int]) -> tuple[int, ...] | None:
        """See `Source`."""
        return self.reach.members(domain, binding)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an expression is worked out, and which lanes it is for.

    `active` are the lanes in which the value is used; `doubts` gathers conditions under which a
    lane must be left to the scalar code.
    """

    lanes: Lanes
    source: Source
    binding: Mapping[str, int]
    active: str
    doubts: list[str]

    def within(self, condition: str) -> Scene:
        """The scene for those lanes only in which a condition holds."""
        return replace(self, active=self.lanes.both(self.active, condition))

    def at(self, name: str, position: int) -> Scene:
        """The scene with one more index bound."""
        return replace(self, binding={**self.binding, name: position})

    def doubt_unless(self, fine: str) -> None:
        """Doubt the lanes in use in which a condition does not hold."""
        self.doubts.append(self.lanes.both(self.active, self.lanes.opposite(fine)))


def as_number(scene: Scene, node: tree.Expression) -> str:
    """Any value as a number in every lane: conditions are 1 or 0."""
    lanes = scene.lanes
    if isinstance(node.type, tree.BooleanType):
        return lanes.select(as_truth(scene, node), lanes.number(1.0), lanes.number(0.0))
    return _number(scene, node)


def as_truth(scene: Scene, node: tree.Expression) -> str:
    """A condition in every lane; a number stands for whether it is not 0."""
    lanes = scene.lanes
    if not isinstance(node.type, tree.BooleanType):
        return lanes.compare("une", _number(scene, node), lanes.number(0.0))
    if isinstance(node, tree.Truth):
        return lanes.truth(node.value)
    if scene.source.is_still(node, scene.binding):
        value = scene.source.still(lanes, node, scene.binding)
        return lanes.compare("une", value, lanes.number(0.0))
    if isinstance(node, LEAVES):
        value = scene.source.leaf(lanes, node, scene.binding)
        return lanes.compare("une", value, lanes.number(0.0))
    if isinstance(node, tree.Not):
        return lanes.opposite(as_truth(scene, node.value))
    if isinstance(node, tree.Conditional):
        return _choose_truth(scene, node)
    if isinstance(node, tree.Quantifier):
        return _decide(scene, node)
    assert isinstance(node, tree.Binary)
    if node.operator in COMPARISONS:
        left, right = as_number(scene, node.left), as_number(scene, node.right)
        return lanes.compare(COMPARISONS[node.operator], left, right)
    left = as_truth(scene, node.left)
    if node.operator == "and":
        return lanes.both(left, as_truth(scene.within(left), node.right))
    inside = scene.within(lanes.opposite(left))
    return lanes.either(left, as_truth(inside, node.right))


def _choose_truth(scene: Scene, node: tree.Conditional) -> str:
    lanes, holds = scene.lanes, as_truth(scene, node.condition)
    other = lanes.opposite(holds)
    yes = as_truth(scene.within(holds), node.yes)
    no = as_truth(scene.within(other), node.no)
    return lanes.either(lanes.both(holds, yes), lanes.both(other, no))


def _number(scene: Scene, node: tree.Expression) -> str:
    lanes = scene.lanes
    if isinstance(node, tree.Number):
        return lanes.number(node.value)
    if scene.source.is_still(node, scene.binding):
        return scene.source.still(lanes, node, scene.binding)
    if isinstance(node, LEAVES):
        return scene.source.leaf(lanes, node, scene.binding)
    if isinstance(node, tree.Negative):
        return lanes.let(f"fneg {lanes.numbers} {as_number(scene, node.value)}")
    if isinstance(node, tree.Binary):
        return _join(scene, node)
    if isinstance(node, tree.Conditional):
        holds = as_truth(scene, node.condition)
        yes = as_number(scene.within(holds), node.yes)
        no = as_number(scene.within(lanes.opposite(holds)), node.no)
        return lanes.select(holds, yes, no)
    if isinstance(node, tree.Quantifier):
        return _total(scene, node)
    assert isinstance(node, tree.Call)
    return _call(scene, node)


def load(lanes: Lanes, memory: Memory, name: str, kind: str = "") -> str:
    """A value of every lane from memory, loaded once."""
    key = f"memory {name}"
    if key not in lanes.known:
        lanes.known[key] = lanes.load(kind or lanes.numbers, memory.cell(lanes.code, name, 0))
    return lanes.known[key]


def _join(scene: Scene, node: tree.Binary) -> str:
    lanes = scene.lanes
    left, right = as_number(scene, node.left), as_number(scene, node.right)
    is_certain = isinstance(node.right, tree.Number) and node.right.value != 0.0
    if node.operator == "/" and not is_certain:
        scene.doubt_unless(lanes.compare("une", right, lanes.number(0.0)))
    return lanes.join(ARITHMETIC[node.operator], left, right)


def _call(scene: Scene, node: tree.Call) -> str:
    lanes = scene.lanes
    values = [as_number(scene, argument) for argument in node.arguments]
    first = values[0]
    if node.function in ("min", "max"):
        sign = "olt" if node.function == "min" else "ogt"
        for value in values[1:]:
            first = lanes.select(lanes.compare(sign, value, first), value, first)
        return first
    if node.function == "abs":
        return lanes.intrinsic("fabs", first)
    if node.function == "floor":
        return lanes.join("fadd", lanes.intrinsic("floor", first), lanes.number(0.0))
    if node.function == "sqrt":
        scene.doubt_unless(lanes.compare("oge", first, lanes.number(0.0)))
        return lanes.intrinsic("sqrt", first)
    if node.function == "log":
        scene.doubt_unless(elementary.is_usual_logarithm(lanes, first))
        return elementary.logarithm(lanes, first)
    assert node.function == "exp"
    scene.doubt_unless(elementary.is_usual_exponential(lanes, first))
    return elementary.exponential(lanes, first)


def _total(scene: Scene, node: tree.Quantifier) -> str:
    """`sum` and `count`: left folds in index order."""
    lanes, total = scene.lanes, scene.lanes.number(0.0)
    for at in scene.source.members(node.domain, scene.binding) or ():
        inside, counts = scene.at(node.variable, at), None
        if node.condition is not None:
            counts = as_truth(inside, node.condition)
            inside = inside.within(counts)
        more = lanes.join("fadd", total, as_number(inside, node.body))
        total = more if counts is None else lanes.select(counts, more, total)
    return total


def _decide(scene: Scene, node: tree.Quantifier) -> str:
    """`any` and `all`: members after the one that decides are not looked at."""
    lanes, is_any = scene.lanes, node.name == "any"
    decided = lanes.truth(False)
    for at in scene.source.members(node.domain, scene.binding) or ():
        inside = scene.within(lanes.opposite(decided)).at(node.variable, at)
        counts = lanes.truth(True)
        if node.condition is not None:
            counts = as_truth(inside, node.condition)
            inside = inside.within(counts)
        holds = as_truth(inside, node.body)
        decides = holds if is_any else lanes.opposite(holds)
        decided = lanes.either(decided, lanes.both(counts, decides))
    return decided if is_any else lanes.opposite(decided)
