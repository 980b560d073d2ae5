"""The value of a typed tree at one point, in plain Python."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from foedus.expr.tree import (
    Binary,
    Call,
    Component,
    Conditional,
    Datum,
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

Value = float | bool | str


class DiscardedError(Exception):
    """The value is not covered by the promise: an overflow, or a run-time error of the language."""


@dataclass
class World:
    """Values of leaves, chosen once for each name and indices."""

    choose: Callable[[Expression], Value]
    time: float
    values: dict[tuple[str, str, tuple[int, ...]], Value] = field(default_factory=dict)
    neighbours: Callable[[str, int], tuple[int, ...]] = lambda relation, place: (place, 7)

    def value(self, node: Expression, name: str, indices: tuple[int, ...]) -> Value:
        key = (type(node).__name__, name, indices)
        if key not in self.values:
            self.values[key] = self.choose(node)
        return self.values[key]


Bound = Mapping[str, int]


def number(node: Expression, world: World, bound: Bound) -> float:
    value = evaluate(node, world, bound)
    assert not isinstance(value, str)
    return float(value)


def evaluate(node: Expression, world: World, bound: Bound) -> Value:
    if isinstance(node, Number | Truth):
        return node.value
    if isinstance(node, LabelValue):
        return node.label
    if isinstance(node, Time):
        return world.time
    if isinstance(node, IndexVariable):
        return node.group.label(bound[node.name])
    if isinstance(node, Position):
        return position(node, world, bound)
    if isinstance(node, Component):
        return world.value(node, node.name, ())
    if isinstance(node, Parameter | Variable | Datum | Draw):
        return world.value(node, node.name, places(node.indices, world, bound))
    if isinstance(node, Firings):
        return world.value(node, node.kind, places(node.indices, world, bound))
    if isinstance(node, Since):
        since = world.value(node, node.kind, places(node.indices, world, bound))
        return number(node.default, world, bound) if since == -1 else since
    if isinstance(node, Negative):
        return -number(node.value, world, bound)
    if isinstance(node, Not):
        return not evaluate(node.value, world, bound)
    if isinstance(node, Binary):
        return binary(node, world, bound)
    if isinstance(node, Conditional):
        chosen = node.yes if evaluate(node.condition, world, bound) else node.no
        return evaluate(chosen, world, bound)
    if isinstance(node, Call):
        return call(node, [number(argument, world, bound) for argument in node.arguments])
    return quantifier(node, world, bound)


def places(nodes: tuple[Expression, ...], world: World, bound: Bound) -> tuple[int, ...]:
    return tuple(
        bound[node.name] if isinstance(node, IndexVariable) else int(number(node, world, bound))
        for node in nodes
    )


def position(node: Position, world: World, bound: Bound) -> float:
    label = evaluate(node.value, world, bound)
    labels = [node.group.label(place) for place in range(node.group.size)]
    if label not in labels:
        raise DiscardedError
    return labels.index(str(label))


def binary(node: Binary, world: World, bound: Bound) -> Value:
    left = evaluate(node.left, world, bound)
    if node.operator == "and":
        return left and evaluate(node.right, world, bound)
    if node.operator == "or":
        return left or evaluate(node.right, world, bound)
    right = evaluate(node.right, world, bound)
    if node.operator == "==":
        return left == right
    if node.operator == "!=":
        return left != right
    assert not isinstance(left, str)
    assert not isinstance(right, str)
    match node.operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "+":
            return checked(left + right, left, right)
        case "-":
            return checked(left - right, left, right)
        case "*":
            return checked(left * right, left, right)
    return divide(float(left), float(right))


def divide(left: float, right: float) -> float:
    if right != 0:
        return checked(left / right, left, right)
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def checked(result: float, *operands: float) -> float:
    """The result, unless finite operands made it infinite."""
    if math.isinf(result) and all(map(math.isfinite, operands)):
        raise DiscardedError
    return result


def call(node: Call, given: list[float]) -> float:
    if any(map(math.isnan, given)):
        return math.nan
    first = given[0]
    try:
        match node.function:
            case "min":
                return min(given)
            case "max":
                return max(given)
            case "exp":
                return math.exp(first)
            case "log":
                return -math.inf if first == 0 else math.log(first)
            case "sqrt":
                return math.sqrt(first)
            case "abs":
                return abs(first)
            case "floor":
                return math.floor(first) if math.isfinite(first) else first
            case "power":
                return power(first, given[1])
    except OverflowError as error:
        raise DiscardedError from error
    except ValueError:
        return math.nan
    raise AssertionError


def power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        is_odd = exponent % 2 == 1
        return math.copysign(math.inf, base) if is_odd else math.inf
    return checked(math.pow(base, exponent), base, exponent)


def quantifier(node: Quantifier, world: World, bound: Bound) -> Value:
    if isinstance(node.domain, GroupDomain):
        domain = tuple(range(node.domain.group.size))
    else:
        (index,) = places((node.domain.index,), world, bound)
        domain = world.neighbours(node.domain.relation, index)
    values = []
    for place in domain:
        inner = {**bound, node.variable: place}
        if node.condition is None or evaluate(node.condition, world, inner):
            values.append(evaluate(node.body, world, inner))
    match node.name:
        case "any":
            return any(values)
        case "all":
            return all(values)
        case "count":
            return sum(map(bool, values))
    numbers = [float(value) for value in values]
    if node.name == "sum":
        total = 0.0
        for value in numbers:
            total = checked(total + value, total, value)
        return total
    if not numbers:
        raise DiscardedError
    if any(map(math.isnan, numbers)):
        return math.nan
    return min(numbers) if node.name == "min" else max(numbers)
