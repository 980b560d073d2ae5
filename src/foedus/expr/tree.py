"""Typed expressions: names resolved, types and units agreed, numbers in days.

Every engine reads these trees and nothing else of a case's text. They are frozen and hashable;
the span of a node is where the user wrote it and takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from operator import attrgetter
from typing import Any, Literal

from foedus.frozen import dataclass
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number; `time_power` is its dimension: +1 for days, -1 for per day, 0 for a plain number.

    `is_whole` promises an integer value (counts, indices); it is a refinement for the checker and
    the interval analysis, all engines hold numbers as float64.
    """

    time_power: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class LabelType:
    """One of some labels: an actor, a member of a group, a value of a `one of` variable.

    The labels of a numbered group are not stored: `labels` is then empty and `numbered` the group.
    """

    labels: tuple[str, ...]
    numbered: Group | None = None


Type = NumberType | BooleanType | LabelType
BOOLEAN = BooleanType()
PLAIN = NumberType(0)


@dataclass(frozen=True, slots=True)
class Group:
    """A finite index set. A numbered group has the labels "1".."N", which are not stored."""

    name: str
    size: int
    labels: tuple[str, ...] = ()

    def label(self, index: int) -> str:
        """The label of a position, counted from 0."""
        return self.labels[index] if self.labels else str(index + 1)

    def position(self, label: str) -> int | None:
        """The position of a label, counted from 0; None if it is not in the group."""
        if self.labels:
            return self.labels.index(label) if label in self.labels else None
        is_number = label.isascii() and label.isdecimal() and label[0] != "0"
        return int(label) - 1 if is_number and int(label) <= self.size else None


def label_type(group: Group) -> LabelType:
    """The type of an index of a group."""
    return LabelType(group.labels) if group.labels else LabelType((), group)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float
    type: NumberType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool
    span: Span | None = field(default=None, compare=False, repr=False)
    type: BooleanType = BOOLEAN


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A label written out, such as `tokayev` or `vacant`.

    At run time a label is a number: its place in `JumpModel.labels`.
    """

    label: str
    type: LabelType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Time:
    """Days since the start of the clock."""

    type: NumberType = NumberType(1)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IndexVariable:
    """A bound index, from `per:` or a quantifier. Its run-time value is a position in `group`."""

    name: str
    group: Group
    type: LabelType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Position:
    """A label turned into its position in a group, for use as an index.

    `value` is a label expression (a `LabelValue`, or `holder(...)`); a label that is not in the
    group is a run-time error naming the line. Index variables of the same group index directly and
    need no `Position`.
    """

    group: Group
    value: Expression
    span: Span | None = field(default=None, compare=False, repr=False)
    type: NumberType = NumberType(0, True)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's value, in days or per day."""

    name: str
    indices: tuple[Expression, ...]
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a state variable: in rates the state before the instant."""

    name: str
    indices: tuple[Expression, ...]
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Datum:
    """An entry of a constant table."""

    name: str
    indices: tuple[Expression, ...]
    type: NumberType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Component:
    """Whether a component of the explanations is present in this run."""

    name: str
    span: Span | None = field(default=None, compare=False, repr=False)
    type: BooleanType = BOOLEAN


@dataclass(frozen=True, slots=True)
class Draw:
    """A random draw of the event being carried out."""

    name: str
    indices: tuple[Expression, ...]
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Firings:
    """How many times an event instance has fired so far in this run.

    `kind` is a qualified name, `kind.option` for an option of a choice.
    """

    kind: str
    indices: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    type: NumberType = NumberType(0, True)


@dataclass(frozen=True, slots=True)
class Since:
    """Days since an event instance last fired, or `default` while it has not."""

    kind: str
    indices: tuple[Expression, ...]
    default: Expression
    span: Span | None = field(default=None, compare=False, repr=False)
    type: NumberType = NumberType(1)


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus a number."""

    value: Expression
    type: NumberType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    value: Expression
    span: Span | None = field(default=None, compare=False, repr=False)
    type: BooleanType = BOOLEAN


Arithmetic = Literal["+", "-", "*", "/"]
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Connective = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what joins them.

    `==` and `!=` compare numbers, truths or labels (labels by identity of the label, whatever group
    each side comes from). `and` and `or` do not evaluate the right side when the left decides.
    """

    operator: Arithmetic | Comparison | Connective
    left: Expression
    right: Expression
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if condition then yes else no`; only the chosen side is evaluated."""

    condition: Expression
    yes: Expression
    no: Expression
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


FunctionName = Literal["min", "max", "exp", "log", "sqrt", "abs", "floor", "power"]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of numbers."""

    function: FunctionName
    arguments: tuple[Expression, ...]
    type: NumberType
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroupDomain:
    """All of a group, in index order."""

    group: Group


@dataclass(frozen=True, slots=True)
class RelatedDomain:
    """Those of a relation's second group related to `index` of its first, in index order."""

    relation: str
    index: Expression
    group: Group


Domain = GroupDomain | RelatedDomain
QuantifierName = Literal["any", "all", "count", "sum", "min", "max"]


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`sum(body for variable in domain where condition)`: a left fold in index order.

    `count` counts the indices at which `body` is true. `any` and `all` stop when decided. `min` and
    `max` over no index are a run-time error naming the line; `sum` and `count` give 0.
    """

    name: QuantifierName
    variable: str
    domain: Domain
    condition: Expression | None
    body: Expression
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


Expression = (
    Number
    | Truth
    | LabelValue
    | Time
    | IndexVariable
    | Position
    | Parameter
    | Variable
    | Datum
    | Component
    | Draw
    | Firings
    | Since
    | Negative
    | Not
    | Binary
    | Conditional
    | Call
    | Quantifier
)


def children(node: Expression) -> Sequence[Expression]:
    """The expressions directly inside a node, in the order in which they are evaluated."""
    inside = _INSIDE.get(type(node))
    return () if inside is None else inside(node)


def _inside_quantifier(node: Quantifier) -> Sequence[Expression]:
    index = (node.domain.index,) if isinstance(node.domain, RelatedDomain) else ()
    return (*index, node.body) if node.condition is None else (*index, node.condition, node.body)


_INSIDE: dict[type, Callable[[Any], Sequence[Expression]]] = {
    **dict.fromkeys((Position, Negative, Not), lambda node: (node.value,)),
    **dict.fromkeys((Parameter, Variable, Datum, Draw, Firings), attrgetter("indices")),
    Since: lambda node: (*node.indices, node.default),
    Binary: attrgetter("left", "right"),
    Conditional: attrgetter("condition", "yes", "no"),
    Call: attrgetter("arguments"),
    Quantifier: _inside_quantifier,
}
"""What is inside a node by its kind, where there is something: trees are walked all the time."""


def walk(node: Expression) -> Iterator[Expression]:
    """A node and everything inside it, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def nesting(node: Expression) -> int:
    """How many nodes the longest way from a node to a leaf has."""
    deepest = 0
    stack = [(node, 1)]
    while stack:
        current, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in children(current))
    return deepest


def mentions_time(node: Expression) -> bool:
    """Whether the value changes while nothing happens: `time` or `since(...)` is in it."""
    return any(isinstance(part, Time | Since) for part in walk(node))
