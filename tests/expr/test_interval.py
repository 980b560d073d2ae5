"""Bounds hold at every point; guards sharpen them; what can be proved is proved."""

import itertools
import math
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foedus.expr.enclosure import (
    ANY,
    EITHER,
    FALSE,
    TRUE,
    Interval,
    open_interval,
    raised,
    repeated,
    rounded,
)
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    BooleanType,
    Datum,
    Draw,
    Expression,
    Firings,
    IndexVariable,
    LabelType,
    NumberType,
    Parameter,
    Since,
    Variable,
    walk,
)
from tests.expr.evaluate import DiscardedError, Value, World, evaluate
from tests.expr.trees import COMPARISONS, expressions, literal
from tests.expr.world import WHOLE, tree_of

ends = st.sampled_from([-math.inf, -3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 7.5, 40.0, math.inf])


@dataclass
class Point:
    """Bounds of every name, and a place within them where each expression has a value."""

    context: Context
    world: World


NUMBERS = {
    "parameters": ("spark", "spread", "delay", "factor", "trust"),
    "variables": ("crowd", "troops", "fear", "loyalty"),
    "data": ("distance",),
    "draws": ("force",),
}
WHOLES = ("crowd", "troops")


@st.composite
def points(draw: st.DrawFn) -> Point:
    known = {}
    for name in itertools.chain(*NUMBERS.values()):
        low, high = sorted((draw(ends), draw(ends)))
        if name in WHOLES:
            low, high = rounded(low, math.floor), rounded(high, math.floor)
        if low < math.inf and high > -math.inf:
            known[name] = Interval(low, high)
    tables = {
        table: {name: known[name] for name in names if name in known}
        for table, names in NUMBERS.items()
    }
    random = Random(draw(st.integers(0, 10**6)))

    def choose(node: Expression) -> Value:
        if isinstance(node.type, BooleanType):
            return random.random() < 0.5
        if isinstance(node.type, LabelType):
            group = node.type.numbered
            return random.choice(node.type.labels) if group is None else group.label(7)
        if isinstance(node, Firings):
            return random.randint(0, 9)
        if isinstance(node, Since):
            return random.choice([-1.0, 0.0, 3.5])
        assert isinstance(node, Parameter | Variable | Datum | Draw)
        interval = known.get(node.name, ANY)
        low = max(interval.low, min(-1e6, interval.high))
        high = min(interval.high, max(1e6, interval.low))
        if node.name in WHOLES:
            return float(random.randint(int(low), int(high)))
        return random.choice([low, high, random.uniform(low, high)])

    context = Context(
        tables["parameters"], tables["variables"], tables["data"], tables["draws"], horizon=400.0
    )
    return Point(context, World(choose, random.choice([0.0, 12.5, 400.0])))


def holds(value: Value, interval: Interval) -> bool:
    """Whether the interval admits the value."""
    assert not isinstance(value, str)
    if math.isnan(value):
        return interval.may_be_nan
    if math.isinf(value) and not interval.may_be_infinite:
        return False
    return interval.has(value)


@settings(max_examples=600, deadline=None)
@given(expressions(), points())
def test_value_lies_within_bounds(tree: Expression, point: Point) -> None:
    try:
        value = evaluate(tree, point.world, {})
    except DiscardedError:
        assume(False)
    found = bounds(tree, point.context)
    assert found.low <= found.high
    assert holds(value, found), (value, found)


@pytest.mark.parametrize(
    ("exponents", "may_be_negative"),
    [
        (Interval(-1, -1), True), (Interval(-2, -2), False), (Interval(-0.5, -0.5), False),
        (Interval(-2.5, -1.5), False), (Interval(-3.5, 2), True), (Interval(-math.inf, -2), True),
        (Interval(-1e18, -1e17), False), (Interval(0, 5), False),
    ],
)  # fmt: skip
def test_a_zero_may_be_a_negative_one_to_an_odd_power_below_zero(
    exponents: Interval, may_be_negative: bool
) -> None:
    assert (raised(Interval(0, 1), exponents).low == -math.inf) == may_be_negative
    assert raised(Interval(0.25, 1), exponents).low >= 0


@settings(max_examples=800, deadline=None)
@given(expressions(), points(), st.data())
def test_value_lies_within_bounds_refined_by_a_condition_that_holds(
    tree: Expression, point: Point, data: st.DataObject
) -> None:
    parts = [
        part for part in walk(tree) if not any(isinstance(p, IndexVariable) for p in walk(part))
    ]
    numbers = [part for part in parts if isinstance(part.type, NumberType)]
    conditions = [part for part in parts if isinstance(part.type, BooleanType)]
    for _ in range(data.draw(st.integers(1, 2))):
        if numbers and bool(data.draw(st.booleans())):
            left = data.draw(st.sampled_from(numbers))
            right = data.draw(st.sampled_from([*numbers, literal(0.0), literal(3.0)]))
            operator = data.draw(st.sampled_from(COMPARISONS))
            condition: Expression = Binary(operator, left, right, BOOLEAN)
        else:
            assume(conditions)
            condition = data.draw(st.sampled_from(conditions))
        try:
            is_true = bool(evaluate(condition, point.world, {}))
        except DiscardedError:
            assume(False)
        point.context = refine(point.context, condition, is_true)
    try:
        value = evaluate(tree, point.world, {})
    except DiscardedError:
        assume(False)
    assert holds(value, bounds(tree, point.context))


def mentions_index(tree: Expression) -> bool:
    return any(isinstance(part, IndexVariable) for part in walk(tree))


CONTEXT = Context(
    parameters={
        "spark": open_interval(0, math.inf),
        "spread": open_interval(0, math.inf),
        "factor": Interval(0.0, 1.0),
        "delay": open_interval(0, math.inf),
    },
    variables={
        "crowd": Interval(0.0, math.inf),
        "troops": Interval(0.0, 5000.0),
        "fear": Interval(0.0, 1.0),
    },
    horizon=365.0,
)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("spark + spread * count(unruly[c] for c in city) / size(city)", 5e-324, math.inf),
        ("20 - count(unruly[c] for c in city)", 0, 20),
        ("sum(troops[m] for m in member)", 0, 15000),
        ("sum(troops[m] for m in member where m != armenia)", 0, 15000),
        ("sum(fear - 1 for c in city)", -20, 0),
        ("sum(fear - 1 for c in city where unruly[c])", -20, 0),
        ("sum(fear - 2 for c in city)", -40, -20),
        ("sum(fear - 2 for c in city where unruly[c])", -40, 0),
        ("sum(fear + 1 for c in roads[1])", 0, 40),
        ("fear * (1 - fear)", 0, 1),
        ("min(1, fear + factor)", 0, 1),
        ("if crowd > 3 then crowd else 4", 4, math.inf),
        ("floor(fear * 10)", 0, 10),
        ("abs(fear - 1)", 0, 1),
        ("sqrt(fear)", 0, 1),
        ("firings(aid.ask)", 0, math.inf),
        ("time", 0, 365),
        ("max(2, fear)", 2, 2),
        ("power(fear - 2, 2)", 1, 4),
        ("power(fear - 2, 3)", -8, -1),
    ],
)
def test_bounds_that_are_known(text: str, low: float, high: float) -> None:
    found = bounds(tree_of(text), CONTEXT)
    assert found.low == pytest.approx(low, rel=1e-9, abs=0)
    assert found.high == pytest.approx(high, rel=1e-9, abs=0)
    assert not found.may_be_nan
    assert not found.may_be_infinite


@pytest.mark.parametrize(
    ("text", "is_nan", "is_infinite"),
    [
        ("1 / crowd", False, True),
        ("fear / crowd", True, True),
        ("1 / (1 + crowd)", False, False),
        ("log(crowd)", False, True),
        ("log(1 + crowd)", False, False),
        ("log(fear - 1)", True, True),
        ("sqrt(fear - 1)", True, False),
        ("power(fear, -1)", False, True),
        ("power(fear - 1, factor)", True, False),
        ("1 / crowd - 1 / crowd", True, True),
        ("0 * log(crowd)", True, True),
        ("if crowd > 0 then 1 / crowd else 0", False, False),
        ("if crowd == 0 then 0 else 1 / crowd", False, False),
        ("if not (crowd > 0) then 0 else log(crowd)", False, False),
        ("sum(1 / crowd for c in city)", True, True),
    ],
)
def test_where_a_value_may_be_no_number(text: str, is_nan: bool, is_infinite: bool) -> None:
    found = bounds(tree_of(text), CONTEXT)
    assert (found.may_be_nan, found.may_be_infinite) == (is_nan, is_infinite)


@pytest.mark.parametrize(
    ("guard", "rate"),
    [
        ("crowd <= 7", "spark * (7 - crowd)"),
        ("crowd < 8", "spark * (7 - crowd)"),
        ("not (crowd > 7)", "spark * (7 - crowd)"),
        ("curfew and crowd == 7", "spark * (7 - crowd)"),
        ("troops[armenia] >= troops[russia]", "spark * (troops[armenia] - troops[russia])"),
        ("troops[russia] < troops[armenia]", "spark * (troops[armenia] - troops[russia] - 1)"),
        ("troops[russia] == 3", "spark * (3 - troops[russia])"),
        ("not curfew", "if curfew then -spark else spark"),
        ("holder(president) != tokayev", "if holder(president) == tokayev then -spark else spark"),
        ("crowd != 0", "spark * (crowd - 1)"),
        ("fear > factor or fear == factor", "spark"),
    ],
)
def test_guard_proves_that_a_rate_is_not_negative(guard: str, rate: str) -> None:
    context = refine(CONTEXT, tree_of(guard))
    assert bounds(tree_of(rate), context).low >= 0


@pytest.mark.parametrize(
    ("guard", "rate"),
    [
        ("crowd <= 8", "spark * (7 - crowd)"),
        ("curfew or crowd <= 7", "spark * (7 - crowd)"),
        ("troops[armenia] >= 3", "spark * (troops[russia] - 3)"),
        ("time < delay", "if time < delay then spark else -spark"),
        ("all(troops[m] >= 3 for m in member)", "spark * (troops[russia] - 3)"),
    ],
)
def test_what_a_guard_does_not_say_is_not_taken_as_proved(guard: str, rate: str) -> None:
    context = refine(CONTEXT, tree_of(guard))
    assert bounds(tree_of(rate), context).low < 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fear <= 1", True),
        ("fear > 1", False),
        ("fear > 0.5", None),
        ("crowd > 3 and crowd < 3", False),
        ("crowd >= 3 or crowd < 3", True),
        ("curfew or not curfew", True),
        ("curfew == curfew", True),
        ("lead(csto) == russia", True),
        ("holder(president) == tokayev", None),
        ("any(false for c in city)", False),
        ("all(true for c in roads[1])", True),
        ("any(true for c in roads[1])", None),
        ("any(true for c in city)", True),
        ("any(true for c in city where 1 > 2)", False),
        ("any(false for c in roads[1])", False),
        ("any(true for c in city where unruly[c])", None),
        # Where there may be none, all of them are anything.
        ("all(false for c in city)", False),
        ("all(false for c in roads[1])", None),
        ("all(false for c in city where unruly[c])", None),
        ("all(false for c in city where 1 > 2)", True),
        ("count(true for c in city) == 20", True),
        ("count(true for c in roads[1]) == 20", None),
        ("count(true for c in city where 1 > 2) == 0", True),
        ("sum(fear + 1 for c in city where 1 > 2) == 0", True),
        ("1 / crowd > 0", None),
        ("sqrt(fear - 1) == sqrt(fear - 1)", None),
        ("count(curfew for c in city) <= 20", True),
    ],
)
def test_truth(text: str, expected: bool | None) -> None:
    assert truth(tree_of(text), CONTEXT) is expected


@pytest.mark.parametrize(
    ("condition", "said", "expected"),
    [
        # What is no number is neither less nor not less; it is only never equal.
        ("sqrt(fear - 1) < factor", "sqrt(fear - 1) >= factor", None),
        ("sqrt(fear - 1) >= factor", "sqrt(fear - 1) < factor", None),
        ("fear < factor", "fear >= factor", True),
        ("sqrt(fear - 1) == factor", "sqrt(fear - 1) != factor", True),
    ],
)
def test_what_a_condition_that_fails_says_of_its_opposite(
    condition: str, said: str, expected: bool | None
) -> None:
    context = refine(CONTEXT, tree_of(condition), holds=False)
    assert truth(tree_of(said), context) is expected


def test_facts_about_an_index_end_where_the_index_is_bound_anew() -> None:
    inner = tree_of("any(any(troops[i] < 3 for i in member) for i in member where troops[i] >= 3)")
    assert truth(inner, CONTEXT) is None
    plain = tree_of("any(troops[i] < 3 for i in member where troops[i] >= 3)")
    assert truth(plain, CONTEXT) is False


def test_names_without_bounds_are_unbounded() -> None:
    assert bounds(tree_of("factor"), Context()) == ANY
    assert bounds(tree_of("curfew"), Context()) == EITHER
    assert bounds(tree_of("curfew"), Context(variables={"curfew": TRUE})) == TRUE
    assert bounds(tree_of("not curfew"), Context(variables={"curfew": TRUE})) == FALSE


def test_conditions_nested_in_conditions_are_followed_once() -> None:
    text = "fear"
    for _ in range(60):
        text = f"(if {text} > 0.5 then fear else 1)"
    assert bounds(tree_of(text), CONTEXT) == Interval(0.0, 1.0)


def test_sum_of_many_terms_allows_for_rounding() -> None:
    total = 0.0
    for _ in range(100_000):
        total += 0.1
    assert total != 0.1 * 100_000
    assert repeated(Interval(0.1, 0.1), 100_000, 100_000).has(total)


@given(st.floats(-5, 5), st.floats(-5, 5), st.integers(-4, 4), st.floats(0, 1))
def test_powers_of_negative_numbers(one: float, other: float, exponent: int, part: float) -> None:
    low, high = sorted((one, other))
    base = min(low + part * (high - low), high)
    assume(base != 0 or exponent >= 0)
    found = raised(Interval(low, high), Interval(float(exponent), float(exponent)))
    assume(math.isfinite(found.high) or abs(base) > 1e-60)
    assert holds(math.pow(base, exponent), found)


def test_types_of_the_world_are_what_the_tests_think() -> None:
    assert tree_of("crowd").type == WHOLE
    assert tree_of("fear").type == PLAIN
