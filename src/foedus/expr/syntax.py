"""What an expression looks like, before its names mean anything.

Every node knows where it stands in the source. The span takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Literal

from foedus.expr.tree import Arithmetic, Comparison, Connective, QuantifierName
from foedus.frozen import dataclass
from foedus.text.source import Span

LONGEST = 10_000
"""An expression may have this many characters."""

DEEPEST = 200
"""An expression may be nested this deep, so that everything that reads it may recurse."""

RESERVED = frozenset(
    "true false and or not if then else for in where time nan inf".split()  # noqa: SIM905
)
"""Words that cannot be names in a case."""


@dataclass(frozen=True, slots=True)
class NumberSyntax:
    """A number as written; `text` keeps the spelling for messages and index labels."""

    value: float
    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TruthSyntax:
    """`true` or `false`."""

    value: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NameSyntax:
    """A name, perhaps qualified, with its indices if brackets follow it."""

    name: str
    indices: tuple[Syntax, ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class UnarySyntax:
    """Minus or `not` before a value."""

    operator: Literal["-", "not"]
    value: Syntax
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BinarySyntax:
    """Two values and what joins them."""

    operator: Arithmetic | Comparison | Connective
    left: Syntax
    right: Syntax
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConditionalSyntax:
    """`if condition then yes else no`."""

    condition: Syntax
    yes: Syntax
    no: Syntax
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CallSyntax:
    """A function word with its arguments in brackets."""

    function: str
    arguments: tuple[Syntax, ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MembersSyntax:
    """`members(alliance)`, where a domain may stand."""

    alliance: str
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


DomainSyntax = NameSyntax | MembersSyntax


@dataclass(frozen=True, slots=True)
class InSyntax:
    """`value in domain`."""

    value: Syntax
    domain: DomainSyntax
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForSyntax:
    """`for variable in domain`; the span is the variable's."""

    variable: str
    domain: DomainSyntax
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class QuantifierSyntax:
    """`sum(body for variable in domain ... where condition)`, first clause outermost."""

    name: QuantifierName
    body: Syntax
    clauses: tuple[ForSyntax, ...]
    condition: Syntax | None
    span: Span = field(compare=False, repr=False)


Syntax = (
    NumberSyntax
    | TruthSyntax
    | NameSyntax
    | UnarySyntax
    | BinarySyntax
    | ConditionalSyntax
    | CallSyntax
    | InSyntax
    | QuantifierSyntax
)


@dataclass(frozen=True, slots=True)
class TargetSyntax:
    """What an effect changes: `x`, `x[i, j]`, `holder(office)`, `x[m] for m in member where ...`.

    With `is_holder`, `place` is the name of the office.
    """

    place: NameSyntax
    is_holder: bool
    clauses: tuple[ForSyntax, ...]
    condition: Syntax | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DistributionSyntax:
    """`immediately`, `gamma(shape, mean)`, `categorical(weight for s in state)`.

    Which names there are and how many arguments they take is known where they are used.
    """

    name: str
    arguments: tuple[Syntax, ...]
    clauses: tuple[ForSyntax, ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


def nesting(syntax: Syntax) -> int:
    """How many nodes the longest way from the top of an expression to a leaf has."""
    deepest = 0
    stack = [(syntax, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((inner, level + 1) for inner in parts(node))
    return deepest


def parts(node: Syntax) -> Iterator[Syntax]:
    """The expressions directly inside one, in the order in which they are written."""
    if isinstance(node, NameSyntax):
        yield from node.indices
    elif isinstance(node, UnarySyntax):
        yield node.value
    elif isinstance(node, BinarySyntax):
        yield from (node.left, node.right)
    elif isinstance(node, ConditionalSyntax):
        yield from (node.condition, node.yes, node.no)
    elif isinstance(node, CallSyntax):
        yield from node.arguments
    elif isinstance(node, InSyntax):
        yield node.value
        yield from domain_parts(node.domain)
    elif isinstance(node, QuantifierSyntax):
        yield node.body
        for clause in node.clauses:
            yield from domain_parts(clause.domain)
        if node.condition is not None:
            yield node.condition


def domain_parts(domain: DomainSyntax) -> tuple[Syntax, ...]:
    """The expressions inside a domain: the indices of a relation."""
    return domain.indices if isinstance(domain, NameSyntax) else ()
