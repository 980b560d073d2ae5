"""Names, types and units: what is accepted, and what is said about the rest."""

import pytest

from foedus.expr.scope import BoundSymbol, IndexSymbol, Scope
from foedus.expr.setting import Purpose
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    Conditional,
    Expression,
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
    Truth,
    Type,
    Variable,
    children,
    label_type,
    mentions_time,
    nesting,
    walk,
)
from tests.expr.world import (
    CHAIR,
    CITY,
    DAYS,
    MEMBER,
    PER_DAY,
    SCOPE,
    STATE,
    WHOLE,
    check,
    tree_of,
)

PER_CITY = SCOPE.inside({"city": IndexSymbol("city", CITY)})


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("1", WHOLE),
        ("0.5", PLAIN),
        ("crowd + 1", WHOLE),
        ("crowd - fear", PLAIN),
        ("crowd * 2", WHOLE),
        ("crowd / 2", PLAIN),
        ("floor(crowd / 2)", WHOLE),
        ("size(city)", WHOLE),
        ("time", DAYS),
        ("time * spark", PLAIN),
        ("1 / delay", PER_DAY),
        ("spark * spark", NumberType(-2)),
        ("sqrt(spark * spread)", PER_DAY),
        ("abs(-spark)", PER_DAY),
        ("exp(-time / delay)", PLAIN),
        ("power(fear, 2)", PLAIN),
        ("min(spark, spread, 0)", PER_DAY),
        ("if curfew then 0 else spark", PER_DAY),
        ("if curfew then (if elite-move then 0 else -0) else spark", PER_DAY),
        ("since(aid.ask, 0)", DAYS),
        ("sum(spark for c in city)", PER_DAY),
        ("max(troops[m] for m in member)", WHOLE),
        ("count(unruly[c] for c in city)", WHOLE),
        ("firings(aid.deploy)", WHOLE),
        ("spark > 0", BOOLEAN),
        ("pressure + spark", PER_DAY),
        ("distance[russia, china]", PLAIN),
        ("mood[3]", LabelType(("calm", "tense", "furious"))),
        ("if curfew then tokayev else nazarbayev", LabelType(("tokayev", "nazarbayev"))),
    ],
)
def test_type(text: str, of: Type) -> None:
    assert tree_of(text).type == of


def test_zero_takes_the_dimension_of_its_neighbour() -> None:
    sum_of = tree_of("max(0, spark)")
    assert [node.type for node in walk(sum_of) if isinstance(node, Number)] == [
        NumberType(-1, is_whole=True)
    ]
    rate = tree_of("if curfew then 0 else -0", PER_DAY)
    assert all(node.type == NumberType(-1, True) for node in walk(rate) if node.type != BOOLEAN)
    assert tree_of("0 * spark", PER_DAY).type == PER_DAY


COUNTED = "count(unruly[c] for c in city)"

FAULTS: list[tuple[str, str, str, str | None]] = [
    # text, code, what is underlined, something in the help
    ("crwd", "unknown-name", "crwd", "`crowd`"),
    ("spark-spread", "unknown-name", "spark-spread", "`spark - spread`"),
    ("crowd-1", "unknown-name", "crowd-1", "`crowd - 1`"),
    ("qqq", "unknown-name", "qqq", "declare"),
    ("aid.deploied", "unknown-name", "aid.deploied", "`aid.deploy`"),
    ("foo(1)", "unknown-name", "foo", "`floor`"),
    ("holder(presidnt)", "unknown-office", "presidnt", "`president`"),
    ("holder(spark)", "unknown-office", "spark", "`chair`"),
    ("holder(1)", "unknown-office", "1", None),
    ("happened(aid.asks)", "unknown-event", "aid.asks", "`aid.ask`"),
    ("since(aid.aks, time)", "unknown-event", "aid.aks", "`aid.ask`"),
    ("firings(2)", "unknown-event", "2", None),
    ("happened(spark)", "type-mismatch", "spark", None),
    ("size(cities)", "unknown-group", "cities", "`city`"),
    ("any(unruly[c] for c in cities)", "unknown-group", "cities", "`city`"),
    ("sum(troops[m] for m in members(cst))", "unknown-alliance", "cst", "`csto`"),
    ("lead(nato) == russia", "unknown-alliance", "nato", "`csto`"),
    ("russia in nato", "unknown-group", "nato", "`csto`"),
    ("obliges(csto, defence)", "unknown-word", "defence", "`defense`"),
    ("decides(csto, unanimity)", "unknown-word", "unanimity", "`consensus`"),
    ("holder(president) == tokaev", "unknown-name", "tokaev", "`tokayev`"),
    ("mood[1] == happy", "unknown-name", "happy", "`furious`"),
    ("holder(president) == armenia", "type-mismatch", "holder(president) == armenia", "`vacant`"),
    ("armenia == holder(president)", "type-mismatch", "armenia == holder(president)", "`vacant`"),
    ("vacant == curfew", "unknown-name", "vacant", None),
    ("any(c == m for c in city for m in member)", "type-mismatch", "c == m", None),
    ("curfew + 1", "type-mismatch", "curfew", "if curfew then 1 else 0"),
    ("sum(unruly[c] for c in city)", "type-mismatch", "unruly[c]", "`count`"),
    ("count(troops[m] for m in member)", "type-mismatch", "troops[m]", "`sum`"),
    ("crowd and curfew", "type-mismatch", "crowd", "`crowd > 0`"),
    ("not crowd", "type-mismatch", "crowd", "`crowd > 0`"),
    ("if crowd then 1 else 2", "type-mismatch", "crowd", "`crowd > 0`"),
    ("if curfew then 1 else curfew", "type-mismatch", "curfew", None),
    ("if curfew then tokayev else 1", "type-mismatch", "1", None),
    ("tokayev + 1", "type-mismatch", "tokayev", "=="),
    ("curfew == 1", "type-mismatch", "1", None),
    ("crowd in csto", "type-mismatch", "crowd", None),
    ("city", "type-mismatch", "city", "per: city"),
    ("csto", "type-mismatch", "csto", "members(csto)"),
    ("roads", "type-mismatch", "roads", "roads[i]"),
    ("president == tokayev", "type-mismatch", "president", "holder(president)"),
    ("aid.ask", "type-mismatch", "aid.ask", "happened(aid.ask)"),
    ("crowd(1)", "type-mismatch", "crowd", None),
    ("size(csto)", "type-mismatch", "csto", "count(true for m in members(csto))"),
    ("any(curfew for m in csto)", "type-mismatch", "csto", "members(csto)"),
    ("any(curfew for m in spark)", "type-mismatch", "spark", None),
    ("any(curfew for m in roads)", "wrong-index", "roads", "roads[i]"),
    ("any(curfew for m in city[1])", "wrong-index", "city[1]", None),
    ("troops", "wrong-index", "troops", "troops[i]"),
    ("troops[russia, armenia]", "wrong-index", "troops[russia, armenia]", None),
    ("spark[russia]", "wrong-index", "spark[russia]", None),
    ("elite-move[1]", "wrong-index", "elite-move[1]", None),
    ("time[1]", "wrong-index", "time[1]", None),
    ("troops[china]", "wrong-index", "china", "`armenia`"),
    ("troops[holder(president)]", "wrong-index", "holder(president)", None),
    ("troops[1]", "wrong-index", "1", None),
    ("troops[crowd]", "wrong-index", "crowd", None),
    ("unruly[0]", "wrong-index", "0", "1 to 20"),
    ("unruly[21]", "wrong-index", "21", "1 to 20"),
    ("unruly[1.0]", "wrong-index", "1.0", "1 to 20"),
    ("unruly[1 + 1]", "wrong-index", "1 + 1", "digits"),
    ("unruly[russia]", "wrong-index", "russia", "1 to 20"),
    ("since(aid.deploy, time)", "wrong-index", "aid.deploy", "`member`"),
    ("since(aid.ask)", "since-without-default", "since(aid.ask)", "since(aid.ask, time)"),
    ("since(aid.ask, 3)", "unit-mismatch", "3", "`days`"),
    ("spark + 1", "unit-mismatch", "1", "parameter"),
    ("spark + delay", "unit-mismatch", "delay", None),
    ("spark < delay", "unit-mismatch", "delay", None),
    ("max(0, spark, fear)", "unit-mismatch", "fear", None),
    ("if curfew then spark else fear", "unit-mismatch", "fear", None),
    ("exp(delay)", "unit-mismatch", "delay", "divide"),
    ("floor(spark)", "unit-mismatch", "spark", None),
    ("power(2, delay)", "unit-mismatch", "delay", None),
    ("sqrt(spark)", "unit-mismatch", "spark", None),
    ("min(1)", "bad-expression", "min(1)", "min(a, b)"),
    ("exp()", "bad-expression", "exp()", "exp(a)"),
    ("since(aid.ask, time, time)", "bad-expression", "since(aid.ask, time, time)", "default"),
    ("sum(1, 2)", "bad-expression", "sum", "for i in"),
]


@pytest.mark.parametrize(("text", "code", "shown", "help_has"), FAULTS)
def test_fault(text: str, code: str, shown: str, help_has: str | None) -> None:
    tree, found = check(text)
    assert tree is None
    assert [(item.code.value, item.primary.span.text) for item in found] == [(code, shown)]
    if help_has is not None:
        assert found[0].help is not None
        assert help_has in found[0].help


@pytest.mark.parametrize(
    ("text", "expected", "purpose", "code", "help_has"),
    [
        ("fear", PER_DAY, "rate", "unit-mismatch", "`per day`"),
        ("1", PER_DAY, "rate", "unit-mismatch", "`per day`"),
        ("delay", PER_DAY, "rate", "unit-mismatch", None),
        ("curfew", PER_DAY, "rate", "type-mismatch", "1 else 0"),
        ("spark", BOOLEAN, "condition", "type-mismatch", "`spark > 0`"),
        ("holder(president)", BOOLEAN, "condition", "type-mismatch", "=="),
        ("fear", DAYS, "argument", "unit-mismatch", "`days`"),
        ("crowd / 2", WHOLE, "effect", "type-mismatch", "floor(crowd / 2)"),
        ("tokayev", CHAIR, "effect", "type-mismatch", "`vacant`"),
        ("crowd", CHAIR, "effect", "type-mismatch", "`vacant`"),
        ("time", DAYS, "start", "type-mismatch", "parameters"),
        ("crowd + 1", WHOLE, "start", "type-mismatch", "parameters"),
        ("force", PLAIN, "start", "type-mismatch", "parameters"),
        ("happened(aid.deploy)", BOOLEAN, "start", "type-mismatch", "parameters"),
    ],
)
def test_fault_against_what_is_expected(
    text: str, expected: Type, purpose: Purpose, code: str, help_has: str | None
) -> None:
    tree, found = check(text, expected, purpose)
    assert tree is None
    assert [item.code.value for item in found] == [code]
    if help_has is not None:
        assert found[0].help is not None
        assert help_has in found[0].help


@pytest.mark.parametrize(
    ("text", "expected", "purpose"),
    [
        (f"spark + spread * {COUNTED} / size(city)", PER_DAY, "rate"),
        ("0", PER_DAY, "rate"),
        ("1 * spark", PER_DAY, "rate"),
        ("if unruly[20] then spark else 0", PER_DAY, "rate"),
        ("2 * spark", PER_DAY, "argument"),
        ("vacant", CHAIR, "effect"),
        ("if curfew then vacant else russia", CHAIR, "effect"),
        ("floor(crowd / 2)", WHOLE, "effect"),
        ("trust[russia] * factor", PLAIN, "start"),
        ("elite-move", BOOLEAN, "start"),
        ("delay", None, "question"),
    ],
)
def test_accepted_for_its_purpose(text: str, expected: Type | None, purpose: Purpose) -> None:
    tree, found = check(text, expected, purpose)
    assert tree is not None
    assert found == []


@pytest.mark.parametrize("purpose", ["rate", "utility"])
def test_numbers_in_rates_must_be_parameters(purpose: Purpose) -> None:
    _, found = check("0.5 * (fear + 1) + max(0, 3)", None, purpose)
    assert [(item.code.value, item.primary.span.text) for item in found] == [
        ("number-in-rate", "0.5"),
        ("number-in-rate", "3"),
    ]


def test_each_fault_once() -> None:
    _, found = check("(foo + 1) * 2 > bar and foo > 3 or not (crowd + curfew)")
    assert [item.primary.span.text for item in found] == ["foo", "bar", "curfew"]


def test_broken_names_are_not_reported_again() -> None:
    broken = Scope({}, broken=frozenset({"foo", "use"}), outer=SCOPE)
    for text in ("foo > 1", "use.asked", "happened(use.ask)", "sum(x[c] for c in foo)", "foo(1)"):
        tree, found = check(text, scope=broken)
        assert tree is None
        assert [item.primary.span.text for item in found] == (["x"] if "x[c]" in text else [])


def test_a_faulty_domain_leaves_its_index_unmentioned() -> None:
    _, found = check("sum(trust[s] for s in stat where trust[s] > bar)")
    assert [item.primary.span.text for item in found] == ["stat", "bar"]


def test_no_flood_of_messages() -> None:
    _, found = check("min(" + ", ".join(f"name{i}" for i in range(100)) + ")")
    assert len(found) == 20


def test_group_behind_an_index_of_its_name() -> None:
    tree = tree_of(
        "unruly[city] and any(unruly[c] for c in city) and size(city) > 1", scope=PER_CITY
    )
    assert {node.name for node in walk(tree) if isinstance(node, IndexVariable)} == {"city", "c"}
    assert tree_of("city in city", scope=PER_CITY) == Truth(True)


def test_indices() -> None:
    chair = Variable("chair.holder", (), CHAIR)
    assert tree_of("troops[holder(chair)]") == Variable("troops", (Position(MEMBER, chair),), WHOLE)
    armenia = LabelValue("armenia", LabelType(("armenia",)))
    assert tree_of("troops[armenia]") == Variable("troops", (Position(MEMBER, armenia),), WHOLE)
    three = LabelValue("3", label_type(CITY))
    assert tree_of("unruly[3]") == Variable("unruly", (Position(CITY, three),), BOOLEAN)
    assert tree_of("unruly[03]") == tree_of("unruly[3]")


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("happened(aid.ask)", "firings(aid.ask) > 0"),
        ("happened(aid.deploy)", "any(happened(aid.deploy[m]) for m in member)"),
        ("firings(aid.deploy)", "sum(firings(aid.deploy[m]) for m in member)"),
        (
            "happened(quarrel)",
            "any(any(happened(quarrel[i, j]) for j in state) for i in state)",
        ),
        (
            "any(troops[m] > 0 for m in members(csto))",
            "any(troops[m] > 0 for m in member where m in csto)",
        ),
        ("russia in members(csto)", "csto.member[russia]"),
        ("holder(chair) in csto", "any(m == holder(chair) for m in member where csto.member[m])"),
        ("3 in roads[4]", "any(c == 3 for c in roads[4])"),
        ("any(s in member for s in state)", "any(any(m == s for m in member) for s in state)"),
        ("any(m in state for m in member)", "any(true for m in member)"),
        ("china in csto", "false"),
        ("china in member", "false"),
        ("lead(csto)", "russia"),
        ("obliges(csto, defense)", "true"),
        ("obliges(csto, neutrality)", "false"),
        ("decides(csto, consensus)", "true"),
        ("decides(csto, majority)", "false"),
        ("size(city)", "20"),
        ("pressure", "spark * factor"),
        ("any(m == holder(chair) for m in member)", "any(s == chair.holder for s in member)"),
    ],
)
def test_short_forms(text: str, same_as: str) -> None:
    assert renamed(tree_of(text)) == renamed(tree_of(same_as))


@pytest.mark.parametrize(
    "text",
    [
        "vacant == holder(president)",
        "holder(president) == vacant",
        "holder(president) == (if curfew then vacant else tokayev)",
        "(if curfew then vacant else tokayev) == holder(president)",
        "2 == struck",
        "2 == (if curfew then 1 else struck)",
        "(if curfew then struck else 1) == 2",
        "(if curfew then 1 else 2) != struck",
        "calm == mood[1]",
        "any(c != 3 and 4 != c for c in city)",
    ],
)
def test_labels_are_known_from_what_they_are_compared_with(text: str) -> None:
    tree = tree_of(text)
    assert not any(isinstance(part, Number) for part in walk(tree))


def renamed(tree: Expression, names: tuple[str, ...] = ()) -> str:
    """A text of the tree in which bound indices are numbered."""
    if isinstance(tree, IndexVariable):
        return f"#{len(names) - names[::-1].index(tree.name)}"
    if isinstance(tree, Quantifier):
        inner = (*names, tree.variable)
        condition = "" if tree.condition is None else renamed(tree.condition, inner)
        return f"{tree.name}[{tree.domain} {condition} {renamed(tree.body, inner)}]"
    name = getattr(tree, "name", getattr(tree, "kind", getattr(tree, "value", "")))
    name = name if isinstance(name, str | float | bool) else ""
    operator = getattr(tree, "operator", getattr(tree, "label", ""))
    inside = [renamed(child, names) for child in children(tree)]
    return f"{type(tree).__name__} {name} {operator} {tree.type} {inside}"


def test_fresh_names_capture_nothing() -> None:
    tree = tree_of("any(member in csto for member in state)")
    assert isinstance(tree, Quantifier)
    assert isinstance(tree.body, Quantifier)
    assert tree.body.variable == "member-2"
    assert isinstance(tree.body.body, Binary)
    assert tree.body.body.right == IndexVariable("member", STATE, label_type(STATE))


def test_bound_expression_deepens_a_tree() -> None:
    deep: Expression = Variable("curfew", (), BOOLEAN)
    for _ in range(150):
        deep = Not(deep)
    scope = SCOPE.inside({"deep": BoundSymbol(deep)})
    assert nesting(tree_of("not " * 40 + "deep", scope=scope)) == 191
    tree, found = check("not " * 60 + "deep", scope=scope)
    assert tree is None
    assert [item.code.value for item in found] == ["bad-expression"]


def test_mentions_time() -> None:
    assert mentions_time(tree_of("spark * exp(-time / delay)"))
    assert mentions_time(tree_of("max(since(aid.deploy[m], delay) for m in member)"))
    assert not mentions_time(tree_of("spark * firings(aid.deploy)"))


def test_spans_are_the_smallest_piece() -> None:
    tree = tree_of("if curfew then (fear + 1) * 2 else -factor")
    assert isinstance(tree, Conditional)
    assert tree.yes.span is not None
    assert tree.yes.span.text == "(fear + 1) * 2"
    assert isinstance(tree.no, Negative)
    assert isinstance(tree.no.value, Parameter)
    assert tree.no.value.span is not None
    assert tree.no.value.span.text == "factor"
