"""Random typed trees over the names of `world`, built without the checker."""

from collections.abc import Mapping, Sequence
from typing import cast, get_args

from hypothesis import strategies as st

from foedus.expr.agreement import is_zero, labels_of_both, number_type
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    Call,
    Comparison,
    Component,
    Conditional,
    Connective,
    Datum,
    Domain,
    Draw,
    Expression,
    Firings,
    FunctionName,
    Group,
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
    QuantifierName,
    RelatedDomain,
    Since,
    Time,
    Truth,
    Variable,
    label_type,
)
from tests.expr.world import CHAIR, CITY, MEMBER, MOOD, PRESIDENT, STATE, WHOLE

Indices = Mapping[str, Group]
Draws = st.DrawFn
SAME: tuple[Comparison | Connective, ...] = ("==", "!=")
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
NAMES = ("i", "j", "city", "member", "state")


def literal(value: float) -> Number:
    return Number(value, NumberType(0, value.is_integer()))


def zero(power: int) -> Number:
    return Number(0.0, NumberType(power, True))


literals = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 0.5, 1e-3]),
    st.integers(0, 10**6).map(float),
    st.floats(0, 1e12, allow_subnormal=False),
)


@st.composite
def expressions(draw: Draws, depth: int = 4) -> Expression:
    """An expression of any type and dimension."""
    if draw(st.booleans()):
        return conditions(draw, depth, {})
    return numbers(draw, draw(st.integers(-1, 1)), depth, {})


@st.composite
def plain_numbers(draw: Draws, depth: int = 3) -> Expression:
    """A number of dimension 0."""
    return numbers(draw, 0, depth, {})


@st.composite
def truths(draw: Draws, depth: int = 3) -> Expression:
    """A condition."""
    return conditions(draw, depth, {})


def numbers(draw: Draws, power: int, depth: int, bound: Indices) -> Expression:
    """A number of this dimension, zero only if plain."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return number_leaf(draw, power, bound)
    sorts = ["+", "*", "/", "-x", "if", "min", "abs", "sum"]
    if abs(power) <= 2:
        sorts.append("sqrt")
    sorts += ["exp", "power", "count", "floor"] if power == 0 else []
    sorts += ["since"] if power == 1 else []
    sort = draw(st.sampled_from(sorts))
    if sort == "+":
        left, right = alike(draw, power, depth, bound, 2)
        return Binary(draw(st.sampled_from(("+", "-"))), left, right, joint(power, [left, right]))
    if sort in ("*", "/"):
        other = draw(st.integers(-1, 1))
        mine = power - other if sort == "*" else power + other
        left, right = numbers(draw, mine, depth - 1, bound), numbers(draw, other, depth - 1, bound)
        of = joint(power, [left, right]) if sort == "*" else NumberType(power)
        return Binary("*" if sort == "*" else "/", left, right, of)
    if sort == "-x":
        value = numbers(draw, power, depth - 1, bound)
        return Negative(value, number_type(value))
    if sort == "if":
        yes, no = alike(draw, power, depth, bound, 2)
        return Conditional(conditions(draw, depth - 1, bound), yes, no, joint(power, [yes, no]))
    if sort == "min":
        some = alike(draw, power, depth, bound, draw(st.integers(2, 3)))
        return Call(draw(st.sampled_from(("min", "max"))), some, joint(power, some))
    if sort == "sum":
        return quantifier(draw, draw(st.sampled_from(("sum", "min", "max"))), power, depth, bound)
    return number_call(draw, sort, power, depth, bound)


def number_call(draw: Draws, sort: str, power: int, depth: int, bound: Indices) -> Expression:
    if sort == "count":
        return quantifier(draw, "count", 0, depth, bound)
    if sort == "since":
        kind, indices = event(draw, depth, bound)
        defaults: list[Expression] = [zero(1), Time(), Parameter("delay", (), NumberType(1))]
        return Since(kind, indices, draw(st.sampled_from(defaults)))
    if sort == "sqrt":
        return Call("sqrt", (numbers(draw, 2 * power, depth - 1, bound),), NumberType(power))
    value = numbers(draw, power, depth - 1, bound)
    if sort == "abs":
        return Call("abs", (value,), number_type(value))
    if sort == "power":
        return Call("power", (value, numbers(draw, 0, depth - 1, bound)), PLAIN)
    if sort == "floor":
        return Call("floor", (value,), WHOLE)
    return Call(cast(FunctionName, draw(st.sampled_from(("exp", "log")))), (value,), PLAIN)


def alike(
    draw: Draws, power: int, depth: int, bound: Indices, count: int
) -> tuple[Expression, ...]:
    """Numbers of one dimension, one of them perhaps a zero that takes it from the others."""
    found = [numbers(draw, power, depth - 1, bound) for _ in range(count)]
    if power != 0 and draw(st.booleans()):
        found[draw(st.integers(0, count - 1))] = zero(power)
    assert power == 0 or not all(map(is_zero, found))
    return tuple(found)


def joint(power: int, parts: Sequence[Expression]) -> NumberType:
    return NumberType(power, all(number_type(part).is_whole for part in parts))


def number_leaf(draw: Draws, power: int, bound: Indices) -> Expression:
    if power == 1:
        days: list[Expression] = [Time(), Parameter("delay", (), NumberType(1))]
        return draw(st.sampled_from(days))
    if power == -1:
        return Parameter(draw(st.sampled_from(("spark", "spread"))), (), NumberType(-1))
    if power != 0:
        side = numbers(draw, 1 if power > 0 else -1, 0, bound)
        rest = numbers(draw, power - 1 if power > 0 else power + 1, 0, bound)
        return Binary("*", side, rest, joint(power, [side, rest]))
    sort = draw(st.integers(0, 8))
    if sort == 0:
        return literal(draw(literals))
    if sort == 1:
        return Parameter("factor", (), PLAIN)
    if sort == 2:
        return Parameter("trust", (index(draw, STATE, bound),), PLAIN)
    if sort == 3:
        return Datum("distance", (index(draw, STATE, bound), index(draw, STATE, bound)), PLAIN)
    if sort == 4:
        return Draw("force", (), PLAIN)
    if sort == 5:
        return Firings(*event(draw, 0, bound))
    if sort == 6:
        return Variable("troops", (index(draw, MEMBER, bound),), WHOLE)
    if sort == 7:
        indices = (index(draw, MEMBER, bound), index(draw, CITY, bound))
        return Variable("loyalty", indices, PLAIN)
    return draw(st.sampled_from([Variable("crowd", (), WHOLE), Variable("fear", (), PLAIN)]))


def event(draw: Draws, depth: int, bound: Indices) -> tuple[str, tuple[Expression, ...]]:
    sort = draw(st.integers(0, 2))
    if sort == 0:
        return draw(st.sampled_from(("aid.ask", "aid.answer.refuse"))), ()
    if sort == 1:
        return "aid.deploy", (index(draw, MEMBER, bound),)
    return "quarrel", (index(draw, STATE, bound), index(draw, STATE, bound))


def index(draw: Draws, group: Group, bound: Indices) -> Expression:
    """An index of a group."""
    choices: list[Expression] = []
    for name, other in bound.items():
        variable = IndexVariable(name, other, label_type(other))
        if other == group:
            choices += [variable] * 4
        elif group.labels and other.labels:
            choices.append(Position(group, variable))
    choices += [Position(group, written_label(group, place)) for place in range(min(group.size, 3))]
    if group.labels:
        choices.append(Position(group, Variable("chair.holder", (), CHAIR)))
    else:
        choices.append(Position(group, Draw("struck", (), label_type(CITY))))
    return draw(st.sampled_from(choices))


def written_label(group: Group, place: int) -> LabelValue:
    label = group.label(place)
    return LabelValue(label, LabelType((label,)) if group.labels else label_type(group))


def conditions(draw: Draws, depth: int, bound: Indices) -> Expression:
    """A condition."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return condition_leaf(draw, bound)
    sort = draw(st.sampled_from(("and", "not", "compare", "truths", "if", "label", "any")))
    if sort in ("and", "truths"):
        joins: tuple[Comparison | Connective, ...] = ("and", "or")
        operator = draw(st.sampled_from(joins if sort == "and" else SAME))
        left, right = conditions(draw, depth - 1, bound), conditions(draw, depth - 1, bound)
        return Binary(operator, left, right, BOOLEAN)
    if sort == "not":
        return Not(conditions(draw, depth - 1, bound))
    if sort == "compare":
        operator = draw(st.sampled_from(COMPARISONS))
        left, right = alike(draw, draw(st.integers(-1, 1)), depth, bound, 2)
        return Binary(operator, left, right, BOOLEAN)
    if sort == "if":
        three = [conditions(draw, depth - 1, bound) for _ in range(3)]
        return Conditional(three[0], three[1], three[2], BOOLEAN)
    if sort == "label":
        return label_comparison(draw, depth, bound)
    return quantifier(draw, draw(st.sampled_from(("any", "all"))), 0, depth, bound)


def condition_leaf(draw: Draws, bound: Indices) -> Expression:
    flags: list[Expression] = [
        Truth(draw(st.booleans())),
        Component("elite-move"),
        Variable("curfew", (), BOOLEAN),
        Variable("unruly", (index(draw, CITY, bound),), BOOLEAN),
        Variable("csto.member", (index(draw, MEMBER, bound),), BOOLEAN),
    ]
    return draw(st.sampled_from(flags))


def label_comparison(draw: Draws, depth: int, bound: Indices) -> Expression:
    """Two labels, at least one of them not written out."""
    known: list[Expression] = [
        Variable("president.holder", (), PRESIDENT),
        Variable("chair.holder", (), CHAIR),
        Variable("mood", (index(draw, CITY, bound),), MOOD),
        Draw("struck", (), label_type(CITY)),
    ]
    known += [IndexVariable(name, group, label_type(group)) for name, group in bound.items()]
    one = draw(st.sampled_from(known))
    assert isinstance(one.type, LabelType)
    if one.type.numbered is not None:
        place = draw(st.integers(0, one.type.numbered.size - 1))
        other: Expression = written_label(one.type.numbered, place)
    else:
        label = draw(st.sampled_from(one.type.labels))
        other = LabelValue(label, LabelType((label,)))
    if draw(st.integers(0, 2)) == 0:
        assert isinstance(other.type, LabelType)
        of = labels_of_both(one.type, other.type)
        other = Conditional(conditions(draw, depth - 1, bound), one, other, of)
    operator = draw(st.sampled_from(SAME))
    left, right = (one, other) if draw(st.booleans()) else (other, one)
    return Binary(operator, left, right, BOOLEAN)


def quantifier(
    draw: Draws, name: QuantifierName, power: int, depth: int, bound: Indices
) -> Expression:
    variable = draw(st.sampled_from(NAMES))
    domain = draw(st.sampled_from(domains(draw, bound)))
    inner = {**bound, variable: domain.group}
    condition = conditions(draw, depth - 1, inner) if draw(st.booleans()) else None
    if name in ("any", "all", "count"):
        body = conditions(draw, depth - 1, inner)
        of = WHOLE if name == "count" else BOOLEAN
        return Quantifier(name, variable, domain, condition, body, of)
    body = numbers(draw, power, depth - 1, inner)
    return Quantifier(name, variable, domain, condition, body, body.type)


def domains(draw: Draws, bound: Indices) -> list[Domain]:
    return [
        GroupDomain(CITY),
        GroupDomain(STATE),
        GroupDomain(MEMBER),
        RelatedDomain("roads", index(draw, CITY, bound), CITY),
        RelatedDomain("backs", index(draw, STATE, bound), CITY),
    ]
