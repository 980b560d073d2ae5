"""Which parameters belong to some explanations only: those that not every atom reads.

Found by leaving out what cannot happen in an atom: kinds whose component is absent or whose guard
is false whatever happens, branches that are never taken, flags that nothing is left to set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.case.dynamics import EventKind
from foedus.case.reads import effects_of, expressions_of
from foedus.expr.tree import (
    Binary,
    Component,
    Conditional,
    Expression,
    LabelValue,
    Not,
    Number,
    Parameter,
    Truth,
    Variable,
    children,
)
from foedus.frozen import dataclass
from foedus.jump.model import Atom, JumpModel

Value = bool | float | str | None
"""What an expression is worth whatever happens; None where that depends."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """What is known in an atom: its components, and the variables that never change."""

    components: frozenset[str]
    variables: dict[str, Value]


def specific_parameters(model: JumpModel) -> frozenset[str]:
    """Parameters that some atom reads and another does not, or that have a prior of its own."""
    read = [_read_in(model, atom) for atom in model.atoms]
    everywhere = frozenset.intersection(*read) if read else frozenset()
    anywhere = frozenset.union(*read) if read else frozenset()
    own = {spec.name for atom in model.atoms for spec in atom.parameters}
    return (anywhere - everywhere) | (own & anywhere)


def _read_in(model: JumpModel, atom: Atom) -> frozenset[str]:
    settled = _Settled(atom.components, {})
    alive = _possible(model, settled)
    while True:  # fewer kinds leave more variables as they start, and those rule out more kinds
        written = {name for kind in alive for name in _changes(kind, model, settled)}
        settled.variables.update(
            (spec.name, value_of(spec.start, settled))
            for spec in model.variables
            if spec.name not in written
        )
        left = [kind for kind in _possible(model, settled) if kind in alive]
        if len(left) == len(alive):
            break
        alive = left
    found: set[str] = set()
    for kind in alive:
        found.update(_parameters(expressions_of(kind), settled))
    for spec in model.variables:
        found.update(_parameters([spec.start], settled))
    return frozenset(found)


def _changes(kind: EventKind, model: JumpModel, settled: _Settled) -> Iterator[str]:
    """The variables that a kind may make other than they start."""
    starts = {spec.name: value_of(spec.start, settled) for spec in model.variables}
    for effect in effects_of(kind):
        start = starts[effect.variable]
        if start is None or value_of(effect.value, settled) != start:
            yield effect.variable


def _possible(model: JumpModel, settled: _Settled) -> list[EventKind]:
    return [
        kind
        for kind in model.kinds
        if (kind.gate is None or kind.gate in settled.components)
        and (kind.guard is None or value_of(kind.guard, settled) is not False)
        and value_of(getattr(kind.timing, "hazard", None), settled) != 0.0
    ]


def _parameters(expressions: Iterable[Expression], settled: _Settled) -> Iterator[str]:
    for expression in expressions:
        if isinstance(expression, Parameter):
            yield expression.name
        yield from _parameters(_read_parts(expression, settled), settled)


def _read_parts(expression: Expression, settled: _Settled) -> tuple[Expression, ...]:
    """The parts of an expression that its value may depend on."""
    if value_of(expression, settled) is not None:
        return ()
    if isinstance(expression, Conditional):
        holds = value_of(expression.condition, settled)
        if holds is not None:
            return (expression.yes if holds else expression.no,)
    return tuple(children(expression))


def value_of(expression: Expression | None, settled: _Settled) -> Value:
    """What an expression is worth whatever happens, or None."""
    match expression:
        case Number(value=number):
            return number
        case Truth(value=truth):
            return truth
        case LabelValue(label=label):
            return label
        case Component(name=name):
            return name in settled.components
        case Variable(name=name):
            return settled.variables.get(name)
        case Not(value=inner):
            found = value_of(inner, settled)
            return None if found is None else not found
        case Conditional(condition=condition, yes=yes, no=no):
            holds = value_of(condition, settled)
            return None if holds is None else value_of(yes if holds else no, settled)
        case Binary():
            return _binary(expression, settled)
        case _:
            return None


def _binary(expression: Binary, settled: _Settled) -> Value:
    left, right = value_of(expression.left, settled), value_of(expression.right, settled)
    sides = (left, right)
    match expression.operator:
        case "and":
            return False if _is_truth(sides, False) else _both(sides, True)
        case "or":
            return True if _is_truth(sides, True) else _both(sides, False)
        case "==":
            return None if None in sides else left == right
        case "!=":
            return None if None in sides else left != right
        case "*" if _is_zero(left) or _is_zero(right):
            return 0.0
        case _:
            return None


def _is_truth(sides: tuple[Value, Value], wanted: bool) -> bool:
    return any(side is wanted for side in sides)


def _both(sides: tuple[Value, Value], wanted: bool) -> Value:
    return wanted if all(side is wanted for side in sides) else None


def _is_zero(value: Value) -> bool:
    return isinstance(value, float) and value == 0.0
