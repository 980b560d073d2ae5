"""What the value of a typed tree can be, proved before anything runs.

The answers are sound, not sharp: a bound may be too wide, never too narrow (see
`foedus.expr.enclosure` for what is taken for granted about rounding and overflow).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any, cast

from foedus.expr.agreement import all_whole, labels_meet, number_type
from foedus.expr.enclosure import (
    ANY,
    EITHER,
    FALSE,
    INFINITE,
    SMALLEST,
    TRUE,
    Interval,
    absolute,
    add,
    divide,
    exponential,
    floor,
    greatest,
    hull,
    least,
    logarithm,
    meet,
    multiply,
    negate,
    point,
    raised,
    repeated,
    root,
    rounded,
    whole,
)
from foedus.expr.tree import (
    Binary,
    BooleanType,
    Call,
    Comparison,
    Component,
    Conditional,
    Datum,
    Draw,
    Expression,
    Firings,
    GroupDomain,
    IndexVariable,
    LabelType,
    LabelValue,
    Negative,
    Not,
    Number,
    NumberType,
    Parameter,
    Position,
    Quantifier,
    Since,
    Time,
    Truth,
    Variable,
    mentions_time,
    walk,
)
from foedus.frozen import dataclass

OPPOSITE: dict[str, Comparison] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
MIRRORED: dict[str, Comparison] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known where an expression is evaluated.

    Bounds by qualified name, in internal units, for every index; a name that is missing has none.
    Leaves are finite numbers: give the support of a lognormal as `open_interval(0, inf)`. `horizon`
    bounds `time`. `known` are facts about subexpressions, as `refine` adds them.
    """

    parameters: Mapping[str, Interval] = field(default_factory=dict)
    variables: Mapping[str, Interval] = field(default_factory=dict)
    data: Mapping[str, Interval] = field(default_factory=dict)
    draws: Mapping[str, Interval] = field(default_factory=dict)
    horizon: float = INFINITE
    known: Mapping[Expression, Interval] = field(default_factory=dict)
    memo: dict[int, tuple[Expression, Interval]] = field(
        default_factory=dict, compare=False, repr=False
    )
    refined: dict[tuple[int, bool], tuple[Expression, Context]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def knowing(self, known: Mapping[Expression, Interval]) -> Context:
        """This context with these facts instead of its own."""
        return replace(self, known=known, memo={}, refined={})


def bounds(expression: Expression, context: Context) -> Interval:
    """Where the value of an expression lies, whatever its parameters and variables are.

    A condition has the bounds `FALSE`, `TRUE` or `EITHER`; a label has none (`ANY`).
    """
    found = context.memo.get(id(expression))
    if found is not None:
        return found[1]
    interval = RULES[type(expression)](expression, context)
    if isinstance(expression.type, NumberType) and expression.type.is_whole:
        interval = whole(interval)
    fact = context.known.get(expression) if context.known else None
    if fact is not None:
        interval = meet(interval, fact)
    # the expression is kept so that its id stays its own
    context.memo[id(expression)] = (expression, interval)
    return interval


def truth(expression: Expression, context: Context) -> bool | None:
    """Whether a condition always holds (True), never holds (False), or neither can be shown."""
    interval = bounds(expression, context)
    if interval.low == interval.high:
        return interval.low == 1
    return None


def refine(context: Context, condition: Expression, holds: bool = True) -> Context:
    """What is known where, besides, a condition holds (or, with `holds=False`, does not).

    Conjunctions are taken apart. A comparison bounds both its sides and their difference, so that
    `n - x` is known not to be negative where `x <= n`. Facts about `time` and `since` are not used,
    as a rate may be evaluated at another moment than its guard.
    """
    key = (id(condition), holds)
    if key not in context.refined:
        context.refined[key] = (condition, _refine(context, condition, holds))
    return context.refined[key][1]


def _refine(context: Context, condition: Expression, holds: bool) -> Context:
    if isinstance(condition, Not):
        return refine(context, condition.value, not holds)
    if isinstance(condition, Binary) and condition.operator == ("and" if holds else "or"):
        return refine(refine(context, condition.left, holds), condition.right, holds)
    if isinstance(condition, Truth) or mentions_time(condition):
        return context
    facts: dict[Expression, Interval] = {condition: TRUE if holds else FALSE}
    if isinstance(condition, Binary) and condition.operator in OPPOSITE:
        facts |= _compared(context, condition, holds)
    known = dict(context.known)
    for expression, interval in facts.items():
        known[expression] = meet(known[expression], interval) if expression in known else interval
    return context.knowing(known)


def _compared(context: Context, condition: Binary, holds: bool) -> dict[Expression, Interval]:
    """What a comparison tells about itself, its two sides and their difference."""
    written = cast(Comparison, condition.operator)
    operator = written if holds else OPPOSITE[written]
    left, right = condition.left, condition.right
    a, b = bounds(left, context), bounds(right, context)
    facts: dict[Expression, Interval] = {}
    # with NaN, `not x < y` does not mean `x >= y`, while `==` and `!=` stay opposites
    is_sure = holds or not (a.may_be_nan or b.may_be_nan)
    if is_sure or written in ("==", "!="):
        opposite = replace(condition, operator=OPPOSITE[written])
        facts[opposite] = FALSE if holds else TRUE
    if not is_sure or not isinstance(left.type, NumberType):
        return facts
    facts[right] = _beside(MIRRORED[operator], b, a, number_type(right).is_whole)
    facts[left] = _beside(operator, a, b, number_type(left).is_whole)
    is_order = operator not in ("==", "!=")
    if is_order and not isinstance(left, Number) and not isinstance(right, Number):
        more, less = (left, right) if operator in (">", ">=") else (right, left)
        is_whole = all_whole((more, less))
        gap = 1.0 if is_whole else SMALLEST
        apart = Interval(0.0 if "=" in operator else gap, INFINITE, False, True)
        of = NumberType(number_type(more).time_power, is_whole)
        facts[Binary("-", more, less, of)] = apart
        facts[Binary("-", less, more, of)] = negate(apart)
    return facts


def _beside(operator: Comparison, mine: Interval, other: Interval, is_whole: bool) -> Interval:
    """Where a value of `mine` lies that stands in this relation to one of `other`."""
    low, high = mine.low, mine.high
    if operator in ("<", "<=", "=="):
        high = min(high, _under(other.high, is_whole) if operator == "<" else other.high)
    if operator in (">", ">=", "=="):
        low = max(low, _over(other.low, is_whole) if operator == ">" else other.low)
    if operator == "!=" and other.low == other.high:
        low = _over(low, is_whole) if low == other.low else low
        high = _under(high, is_whole) if high == other.high else high
    is_nan = mine.may_be_nan and operator == "!="
    is_infinite = operator != "==" or (mine.may_be_infinite and other.may_be_infinite)
    return Interval(low, high, is_nan, is_infinite)


def _under(value: float, is_whole: bool) -> float:
    return rounded(value, math.ceil) - 1 if is_whole else math.nextafter(value, -INFINITE)


def _over(value: float, is_whole: bool) -> float:
    return rounded(value, math.floor) + 1 if is_whole else math.nextafter(value, INFINITE)


def _negative(node: Negative, context: Context) -> Interval:
    return negate(bounds(node.value, context))


def _not(node: Not, context: Context) -> Interval:
    value = bounds(node.value, context)
    return Interval(1 - value.high, 1 - value.low)


def _binary(node: Binary, context: Context) -> Interval:
    left = bounds(node.left, context)
    if node.operator in ("and", "or"):
        is_and = node.operator == "and"
        right = bounds(node.right, refine(context, node.left, is_and))
        choose = min if is_and else max
        return Interval(choose(left.low, right.low), choose(left.high, right.high))
    right = bounds(node.right, context)
    if node.operator in ARITHMETIC:
        return ARITHMETIC[node.operator](left, right)
    operator = cast(Comparison, node.operator)
    if isinstance(node.left.type, LabelType):
        return _label_comparison(operator, node.left, node.right)
    if left.may_be_nan or right.may_be_nan:
        return EITHER
    if node.left == node.right:
        return TRUE if operator in ("==", "<=", ">=") else FALSE
    return _comparison(operator, left, right)


def _comparison(operator: Comparison, a: Interval, b: Interval) -> Interval:
    if operator in (">", ">="):
        return _comparison(MIRRORED[operator], b, a)
    if operator == "!=":
        return Interval(1 - _comparison("==", a, b).high, 1 - _comparison("==", a, b).low)
    if operator == "==":
        if a.low == a.high == b.low == b.high:
            return TRUE
        return FALSE if a.high < b.low or b.high < a.low else EITHER
    if operator == "<":
        return TRUE if a.high < b.low else FALSE if a.low >= b.high else EITHER
    return TRUE if a.high <= b.low else FALSE if a.low > b.high else EITHER


def _label_comparison(operator: Comparison, left: Expression, right: Expression) -> Interval:
    assert isinstance(left.type, LabelType)
    assert isinstance(right.type, LabelType)
    is_same: bool | None = True if left == right else None
    if not labels_meet(left.type, right.type):
        is_same = False
    elif isinstance(left, LabelValue) and isinstance(right, LabelValue):
        is_same = left.label == right.label
    if is_same is None:
        return EITHER
    return TRUE if is_same == (operator == "==") else FALSE


def _conditional(node: Conditional, context: Context) -> Interval:
    condition = bounds(node.condition, context)
    if condition == TRUE:
        return bounds(node.yes, refine(context, node.condition))
    if condition == FALSE:
        return bounds(node.no, refine(context, node.condition, holds=False))
    yes = bounds(node.yes, refine(context, node.condition))
    return hull(yes, bounds(node.no, refine(context, node.condition, holds=False)))


def _call(node: Call, context: Context) -> Interval:
    return FUNCTIONS[node.function]([bounds(argument, context) for argument in node.arguments])


def _since(node: Since, context: Context) -> Interval:
    return hull(Interval(0.0, context.horizon), bounds(node.default, context))


def _quantifier(node: Quantifier, context: Context) -> Interval:
    inner = _without(context, node.variable)
    size = node.domain.group.size
    fewest = size if isinstance(node.domain, GroupDomain) else 0
    if node.condition is not None:
        condition = bounds(node.condition, inner)
        fewest = fewest if condition == TRUE else 0
        size = 0 if condition == FALSE else size
        inner = refine(inner, node.condition)
    body = bounds(node.body, inner)
    if node.name == "sum":
        return repeated(body, fewest, size)
    if node.name == "count":
        return Interval(fewest * body.low, size * body.high)
    if node.name == "any":
        return Interval(body.low if fewest else 0.0, body.high if size else 0.0)
    if node.name == "all":
        return Interval(body.low if size else 1.0, body.high if fewest else 1.0)
    return body


def _without(context: Context, variable: str) -> Context:
    """What stays known where an index of this name is bound anew."""
    known = {
        expression: interval
        for expression, interval in context.known.items()
        if not any(
            isinstance(part, IndexVariable) and part.name == variable for part in walk(expression)
        )
    }
    return context if len(known) == len(context.known) else context.knowing(known)


def _named(
    table: Callable[[Context], Mapping[str, Interval]],
) -> Callable[[Parameter | Variable | Datum | Draw, Context], Interval]:
    def look_up(node: Parameter | Variable | Datum | Draw, context: Context) -> Interval:
        unknown = EITHER if isinstance(node.type, BooleanType) else ANY
        return table(context).get(node.name, unknown)

    return look_up


ARITHMETIC: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": add,
    "-": lambda a, b: add(a, negate(b)),
    "*": multiply,
    "/": divide,
}
FUNCTIONS: dict[str, Callable[[list[Interval]], Interval]] = {
    "min": least,
    "max": greatest,
    "exp": lambda given: exponential(given[0]),
    "log": lambda given: logarithm(given[0]),
    "sqrt": lambda given: root(given[0]),
    "abs": lambda given: absolute(given[0]),
    "floor": lambda given: floor(given[0]),
    "power": lambda given: raised(given[0], given[1]),
}
RULES: dict[type, Callable[[Any, Context], Interval]] = {
    Number: lambda node, _: point(node.value),
    Truth: lambda node, _: TRUE if node.value else FALSE,
    LabelValue: lambda _, __: ANY,
    Time: lambda _, context: Interval(0.0, context.horizon),
    IndexVariable: lambda _, __: ANY,
    Position: lambda node, _: Interval(0.0, node.group.size - 1.0),
    Parameter: _named(lambda context: context.parameters),
    Variable: _named(lambda context: context.variables),
    Datum: _named(lambda context: context.data),
    Draw: _named(lambda context: context.draws),
    Component: lambda _, __: EITHER,
    Firings: lambda _, __: Interval(0.0, INFINITE),
    Since: _since,
    Negative: _negative,
    Not: _not,
    Binary: _binary,
    Conditional: _conditional,
    Call: _call,
    Quantifier: _quantifier,
}
