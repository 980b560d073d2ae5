"""Typed trees printed back as text."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from foedus.expr.parse import COMPARE, NEGATE, NOT, STRENGTH
from foedus.expr.steps import run
from foedus.expr.tree import (
    Binary,
    Call,
    Component,
    Conditional,
    Datum,
    Domain,
    Draw,
    Expression,
    Firings,
    GroupDomain,
    IndexVariable,
    LabelValue,
    Negative,
    Not,
    Number,
    Parameter,
    Position,
    Quantifier,
    Since,
    Time,
    Truth,
    Variable,
)

ATOM = NEGATE + 1
ANYTHING = 0

Result = TypeVar("Result")
Steps = Generator[tuple[Expression, int], str, Result]


def show_expression(expression: Expression) -> str:
    """The text of a typed tree, in the words of the case language, with no bracket too many.

    Parsed and checked where the same names are in reach, the text gives an equal tree. Short forms
    that the checker writes out (`happened`, `in`) are shown written out.
    """
    return run(_show((expression, ANYTHING)), _show)


def show_loops(loops: tuple[tuple[str, Domain], ...], condition: Expression | None) -> str:
    """The text of what follows a value or a target: ` for m in members(csto) where sent[m]`."""
    return run(_loops(loops, condition), _show)


def _show(request: tuple[Expression, int]) -> Steps[str]:
    node, strength = request
    text = yield from _bare(node)
    return f"({text})" if _strength(node) < strength else text


def _strength(node: Expression) -> int:
    """How tightly the outermost operator of the text binds."""
    if isinstance(node, Binary):
        return STRENGTH[node.operator]
    if isinstance(node, Position):
        return _strength(node.value)
    if isinstance(node, Negative) or (isinstance(node, Number) and node.value < 0):
        return NEGATE
    if isinstance(node, Not):
        return NOT
    return ANYTHING if isinstance(node, Conditional) else ATOM


def _bare(node: Expression) -> Steps[str]:
    if isinstance(node, Binary):
        return (yield from _binary(node))
    if isinstance(node, Conditional):
        condition = yield node.condition, ANYTHING
        yes = yield node.yes, ANYTHING
        no = yield node.no, ANYTHING
        return f"if {condition} then {yes} else {no}"
    if isinstance(node, Quantifier):
        return (yield from _quantifier(node))
    if isinstance(node, Parameter | Variable | Datum | Draw):
        return (yield from _indexed(node.name, node.indices))
    if isinstance(node, Negative):
        return "-" + (yield node.value, NEGATE)
    if isinstance(node, Not):
        return "not " + (yield node.value, NOT)
    if isinstance(node, Position):
        return (yield node.value, ANYTHING)
    if isinstance(node, Call):
        arguments = yield from _list(node.arguments)
        return f"{node.function}({arguments})"
    if isinstance(node, Firings):
        event = yield from _indexed(node.kind, node.indices)
        return f"firings({event})"
    if isinstance(node, Since):
        event = yield from _indexed(node.kind, node.indices)
        default = yield node.default, ANYTHING
        return f"since({event}, {default})"
    return _leaf(node)


def _leaf(node: Number | Truth | LabelValue | Time | IndexVariable | Component) -> str:
    if isinstance(node, Number):
        return show_number(node.value)
    if isinstance(node, Truth):
        return "true" if node.value else "false"
    if isinstance(node, LabelValue):
        return node.label
    return "time" if isinstance(node, Time) else node.name


def show_number(value: float) -> str:
    """The shortest text that reads back as the number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _binary(node: Binary) -> Steps[str]:
    strength = STRENGTH[node.operator]
    left = yield node.left, strength + 1 if strength == COMPARE else strength
    right = yield node.right, strength + 1
    return f"{left} {node.operator} {right}"


def _list(nodes: tuple[Expression, ...]) -> Steps[str]:
    texts: list[str] = []
    for node in nodes:
        texts.append((yield node, ANYTHING))
    return ", ".join(texts)


def _indexed(name: str, indices: tuple[Expression, ...]) -> Steps[str]:
    if not indices:
        return name
    inside = yield from _list(indices)
    return f"{name}[{inside}]"


def _quantifier(node: Quantifier) -> Steps[str]:
    body = yield node.body, ANYTHING
    loops = yield from _loops(((node.variable, node.domain),), node.condition)
    return f"{node.name}({body}{loops})"


def _loops(loops: tuple[tuple[str, Domain], ...], condition: Expression | None) -> Steps[str]:
    text = ""
    for variable, domain in loops:
        if _needs_members(variable, domain, condition):
            text += f" for {variable} in members({domain.group.name})"
            condition = condition.right if isinstance(condition, Binary) else None
        else:
            text += f" for {variable} in " + (yield from _domain(domain))
    if condition is not None:
        text += " where " + (yield condition, ANYTHING)
    return text


def _needs_members(variable: str, domain: Domain, condition: Expression | None) -> bool:
    """Whether a loop is over the members of an alliance that has no group but its own.

    Such an alliance cannot be ranged over by its bare name.
    """
    first = condition
    if isinstance(condition, Binary) and condition.operator == "and":
        first = condition.left
    return (
        isinstance(domain, GroupDomain)
        and isinstance(first, Variable)
        and first.name == f"{domain.group.name}.member"
        and len(first.indices) == 1
        and isinstance(first.indices[0], IndexVariable)
        and first.indices[0].name == variable
    )


def _domain(domain: Domain) -> Steps[str]:
    if isinstance(domain, GroupDomain):
        return domain.group.name
    index = yield domain.index, ANYTHING
    return f"{domain.relation}[{index}]"
