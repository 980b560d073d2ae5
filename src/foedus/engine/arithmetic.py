"""What operators, functions and folds of expressions compute: numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from foedus.engine import numerics
from foedus.engine.failure import EvaluationError
from foedus.engine.world import World

Evaluate = Callable[[World], float]
"""Gives the value of an expression: a number, a truth, or the number of a label."""

JOINED: dict[str, Callable[[Evaluate, Evaluate], Evaluate]] = {
    "+": lambda left, right: lambda world: left(world) + right(world),
    "-": lambda left, right: lambda world: left(world) - right(world),
    "*": lambda left, right: lambda world: left(world) * right(world),
    "==": lambda left, right: lambda world: left(world) == right(world),
    "!=": lambda left, right: lambda world: left(world) != right(world),
    "<": lambda left, right: lambda world: left(world) < right(world),
    "<=": lambda left, right: lambda world: left(world) <= right(world),
    ">": lambda left, right: lambda world: left(world) > right(world),
    ">=": lambda left, right: lambda world: left(world) >= right(world),
    "and": lambda left, right: lambda world: left(world) and right(world),
    "or": lambda left, right: lambda world: left(world) or right(world),
}
"""Two operands joined by an operator; division stands with the places of faults, in `closures`."""


def _logarithm(value: float) -> float:
    if value > 0.0:
        return numerics.logarithm(value)
    raise EvaluationError(f"{value:g} has no logarithm")


def _root(value: float) -> float:
    if value >= 0.0:
        return math.sqrt(value)
    raise EvaluationError(f"{value:g} has no square root")


def _power(base: float, exponent: float) -> float:
    value = numerics.power(base, exponent)
    if value == value:
        return value
    raise EvaluationError(f"{base:g} has no power {exponent:g}")


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value


FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": numerics.exponential,
    "log": _logarithm,
    "sqrt": _root,
    "abs": abs,
    "floor": _floor,
    "power": _power,
    "min": min,
    "max": max,
}
"""Functions of numbers; their faults name no line yet."""


def _total(values: Iterable[float]) -> float:
    """A left fold; the built-in `sum` compensates its rounding from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


FOLDS: dict[str, Callable[[Iterable[float]], float | None]] = {
    "any": any,
    "all": all,
    "count": lambda values: float(sum(map(bool, values))),
    "sum": _total,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
}
"""Quantifiers over the values at each index, in index order; None where there is no value."""
