"""Division by a constant of the run, in hazards, becomes multiplication by its reciprocal.

A hazard is worked out after every event, and a division takes as long as some ten other operations.
`x / c` with `c` made of numbers, parameters and tables alone is taken to mean `x * (1 / c)`, which
engines work out once a run. The two differ in the last bit; as every engine reads the tree that
this module makes, all agree. Division by zero remains a fault at the same place.
"""

from __future__ import annotations

from dataclasses import replace

from foedus.expr import tree
from foedus.jump.model import EventKind, Rate


def with_reciprocals(kind: EventKind) -> EventKind:
    """The kind with a hazard that multiplies where it divided by a constant."""
    if not isinstance(kind.timing, Rate):
        return kind
    return replace(kind, timing=replace(kind.timing, hazard=multiplying(kind.timing.hazard)))


def multiplying(node: tree.Expression) -> tree.Expression:
    """The expression with every division of something variable by a constant turned round."""
    if isinstance(node, tree.Negative):
        return replace(node, value=multiplying(node.value))
    if isinstance(node, tree.Conditional):
        return replace(node, yes=multiplying(node.yes), no=multiplying(node.no))
    if isinstance(node, tree.Call):
        return replace(node, arguments=tuple(map(multiplying, node.arguments)))
    if isinstance(node, tree.Quantifier) and node.name in ("sum", "min", "max"):
        return replace(node, body=multiplying(node.body))
    if not isinstance(node, tree.Binary) or not isinstance(node.type, tree.NumberType):
        return node
    left, right = multiplying(node.left), multiplying(node.right)
    if node.operator == "/" and is_constant(right) and not is_constant(left):
        return replace(node, operator="*", left=left, right=_reciprocal(right, node))
    return replace(node, left=left, right=right)


def _reciprocal(divisor: tree.Expression, division: tree.Binary) -> tree.Binary:
    assert isinstance(divisor.type, tree.NumberType)
    one = tree.Number(1.0, tree.PLAIN, division.span)
    kind = tree.NumberType(-divisor.type.time_power)
    return tree.Binary("/", one, divisor, kind, division.span)


def is_constant(node: tree.Expression) -> bool:
    """Whether a value stays the same throughout a run, whatever is done to the state."""
    varying = tree.Variable | tree.Firings | tree.Since | tree.Time | tree.Draw
    return not any(isinstance(part, varying) for part in tree.walk(node))
