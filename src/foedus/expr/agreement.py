"""Which types go together, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foedus.expr.tree import (
    BooleanType,
    Conditional,
    Expression,
    LabelType,
    Negative,
    Number,
    NumberType,
    Type,
)


def is_zero(expression: Expression) -> bool:
    """Whether it is written as zero, which fits any dimension: `0`, `-0`, `if c then 0 else 0`."""
    if isinstance(expression, Number):
        return expression.value == 0
    if isinstance(expression, Negative):
        return is_zero(expression.value)
    if isinstance(expression, Conditional):
        return is_zero(expression.yes) and is_zero(expression.no)
    return False


def fit(expression: Expression, time_power: int) -> Expression:
    """A zero (see `is_zero`) with this dimension; anything else unchanged."""
    if not is_zero(expression):
        return expression
    fitted = NumberType(time_power, is_whole=True)
    if isinstance(expression, Negative):
        return replace(expression, value=fit(expression.value, time_power), type=fitted)
    if isinstance(expression, Conditional):
        yes, no = fit(expression.yes, time_power), fit(expression.no, time_power)
        return replace(expression, yes=yes, no=no, type=fitted)
    assert isinstance(expression, Number)
    return replace(expression, type=fitted)


def number_type(expression: Expression) -> NumberType:
    """The type of an expression known to be a number."""
    assert isinstance(expression.type, NumberType)
    return expression.type


def common_power(numbers: Sequence[Expression]) -> int | None:
    """The dimension that all the numbers have or, being zero, may take; None if there is none."""
    powers = {number_type(number).time_power for number in numbers if not is_zero(number)}
    if len(powers) > 1:
        return None
    return powers.pop() if powers else 0


def all_whole(numbers: Sequence[Expression]) -> bool:
    """Whether all the numbers are integers."""
    return all(number_type(number).is_whole for number in numbers)


def labels_meet(one: LabelType, other: LabelType) -> bool:
    """Whether some label is of both types."""
    if one.numbered is not None or other.numbered is not None:
        return one.numbered == other.numbered
    return not frozenset(one.labels).isdisjoint(other.labels)


def labels_within(inner: LabelType, outer: LabelType) -> bool:
    """Whether every label of the inner type is of the outer type."""
    if inner.numbered is not None or outer.numbered is not None:
        return inner.numbered == outer.numbered
    return frozenset(inner.labels) <= frozenset(outer.labels)


def labels_of_both(one: LabelType, other: LabelType) -> LabelType:
    """The type of a value that is of one type or of the other."""
    return LabelType(tuple(dict.fromkeys((*one.labels, *other.labels))), one.numbered)


def describe(of: Type) -> str:
    """What a value of a type is, in words."""
    if isinstance(of, NumberType):
        return describe_power(of.time_power)
    return "a condition" if isinstance(of, BooleanType) else "a label"


def describe_power(time_power: int) -> str:
    """A dimension in words."""
    known = {0: "a plain number", 1: "a number of days", -1: "a number per day"}
    known |= {2: "days squared", -2: "per day squared"}
    side = "days" if time_power > 0 else "per day"
    return known.get(time_power, f"{side} to the power {abs(time_power)}")
