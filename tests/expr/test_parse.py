"""What is an expression and what is not, and where the fault is shown."""

import pytest

from foedus.expr.parse import (
    parse_call,
    parse_event_reference,
    parse_expression,
    parse_target,
)
from foedus.expr.show import show_expression
from foedus.expr.syntax import LONGEST, NameSyntax
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostic, Diagnostics
from foedus.text.source import Source, Span
from tests.expr.world import tree_of, whole_span


def fault(text: str) -> Diagnostic:
    """The one fault of a text that is no expression."""
    diagnostics = Diagnostics()
    assert parse_expression(text, whole_span(text), diagnostics) is None
    (found,) = diagnostics.found
    assert found.code is Code.BAD_EXPRESSION
    return found


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("fear + 1 * 2", "fear + (1 * 2)"),
        ("fear - 1 - 2", "(fear - 1) - 2"),
        ("fear / 2 * 3", "(fear / 2) * 3"),
        ("-fear * 2", "(-fear) * 2"),
        ("2-1", "2 - 1"),
        ("fear -1", "fear - 1"),
        ("fear- 1", "fear - 1"),
        ("fear > 1 and crowd < 2 or curfew", "((fear > 1) and (crowd < 2)) or curfew"),
        ("not curfew and curfew", "(not curfew) and curfew"),
        ("not fear == 1", "not (fear == 1)"),
        ("not russia in csto", "not (russia in csto)"),
        ("if curfew then 1 else 2 + 3", "if curfew then 1 else (2 + 3)"),
        (
            "if true then if true then 1 else 2 else 3",
            "if true then (if true then 1 else 2) else 3",
        ),
        ("fear\n  +\t1", "fear + 1"),
        ("1_000.5e-3", "1.0005"),
    ],
)
def test_operators_bind_as_documented(text: str, bracketed: str) -> None:
    assert tree_of(text) == tree_of(bracketed)


@pytest.mark.parametrize(
    ("text", "shown", "help_has"),
    [
        ("", "", None),
        ("fear +", "", None),
        ("fear + * 2", "*", None),
        ("(fear", "(", None),
        ("troops[russia", "[", None),
        ("fear)", ")", None),
        ("fear crowd", "crowd", None),
        ("0 < fear < 1", "<", "`0 < fear and fear < ...`"),
        ("m in csto == true", "==", "and csto =="),
        ("fear = 1", "=", "=="),
        ("fear ** 2", "**", "power(a, b)"),
        ("fear && curfew", "&&", "and"),
        ("!curfew", "!", "not"),
        ("10%", "%", "0.05"),
        ("fear ≤ 1", "≤", "<="),
        ("fear − 1", "−", "`-`"),
        ("Köln", "ö", "A to Z"),
        ('holder(president) == "tokayev"', '"', "without quotes"),
        ("1e999", "1e999", None),
        ("1e-999", "1e-999", None),
        ("nan", "nan", None),
        ("inf", "inf", None),
        ("2x", "2x", "`*`"),
        ("0x1F", "0x1F", None),
        ("1.", "1.", "0.5"),
        (".5", ".", "0.5"),
        ("1__0", "1__0", None),
        ("aid . ask", ".", "without spaces"),
        ("fear_", "_", "ends with"),
        ("if curfew then 1", "", None),
        ("if curfew 1 else 2", "1", None),
        ("1 + if curfew then 1 else 2", "if", "(if ...)"),
        ("fear == not curfew", "not", "(not ...)"),
        ("curfew then", "then", None),
        ("russia not in csto", "not", "not (x in group)"),
        ("fear for c in city", "for", "sum("),
        ("floor(fear for c in city)", "for", None),
        ("sum(fear for c.d in city)", "c.d", None),
        ("sum(fear for time in city)", "time", None),
        ("sum(fear for c city)", "city", None),
        ("sum(fear for c in 3)", "3", None),
        ("sum(fear for c in city, d in city)", ",", "another index"),
        ("sum(fear for c in city where curfew for d in city)", "for", "after the last"),
        ("holder(president)[1]", "[", "`x[i]`"),
        ("troops[]", "]", None),
        ("(" * 10_000, "(", "names"),
        ("not " * 2000 + "curfew", "not", None),
    ],
)
def test_fault_is_shown_where_it_is(text: str, shown: str, help_has: str | None) -> None:
    found = fault(text)
    assert found.primary.span.text == shown
    if help_has is not None:
        assert found.help is not None
        assert help_has in found.help


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 4_000 + "fear" + ")" * 4_000,
        "-" * 9_000 + "fear",
        "troops[" * 1_000,
        "+".join(["fear"] * 201),
        "any(" * 201 + "curfew" + " for c in city)" * 201,
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert "more than 200 deep" in fault(text).message


def test_long_text_is_refused() -> None:
    assert "too long" in fault("1" + " " * LONGEST).message
    assert tree_of(" " * (LONGEST - 1) + "1") == tree_of("1")


def test_places_in_a_quoted_and_folded_scalar() -> None:
    source = Source("case.yaml", 'rate: "spark\n  * * 2"\n')
    text = "spark * * 2"
    offsets = (*range(7, 12), 12, *range(15, 20))
    diagnostics = Diagnostics()
    assert parse_expression(text, Span(source, 6, 21), diagnostics, offsets) is None
    span = diagnostics.found[0].primary.span
    assert (span.start, span.end, span.line, span.column) == (17, 18, 2, 5)
    end = parse_expression("spark *", Span(source, 6, 21), diagnostics, offsets[:7])
    assert end is None
    assert diagnostics.found[1].primary.span.start == 16


def test_without_offsets_an_unlike_span_is_shown_whole() -> None:
    source = Source("case.yaml", 'rate: "1 +"\n')
    diagnostics = Diagnostics()
    assert parse_expression("1 +", Span(source, 6, 11), diagnostics) is None
    assert diagnostics.found[0].primary.span == Span(source, 6, 11)


def test_targets() -> None:
    diagnostics = Diagnostics()
    text = "loyalty[m, c] for m in members(csto) for c in city where unruly[c]"
    target = parse_target(text, whole_span(text), diagnostics)
    assert target is not None
    assert target.place.name == "loyalty"
    assert [clause.variable for clause in target.clauses] == ["m", "c"]
    assert target.condition is not None
    assert target.condition.span.text == "unruly[c]"
    holder = parse_target("holder(president)", whole_span("holder(president)"), diagnostics)
    assert holder is not None
    assert holder.is_holder
    assert holder.place.name == "president"
    assert diagnostics.found == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x + 1", "+"), ("3", "3"), ("x[i] where y", "where"), ("holder()", ")"), ("x, y", ",")],
)
def test_faulty_targets(text: str, shown: str) -> None:
    diagnostics = Diagnostics()
    assert parse_target(text, whole_span(text), diagnostics) is None
    assert [found.primary.span.text for found in diagnostics.found] == [shown]


def test_event_references() -> None:
    diagnostics = Diagnostics()
    text = "tokayev-acts.ask[armenia]"
    reference = parse_event_reference(text, whole_span(text), diagnostics)
    assert reference is not None
    assert reference.name == "tokayev-acts.ask"
    assert reference.name_span.text == "tokayev-acts.ask"
    assert [type(index) for index in reference.indices] == [NameSyntax]
    assert parse_event_reference("not aid.ask", whole_span("not aid.ask"), diagnostics) is None


@pytest.mark.parametrize(
    ("text", "name", "arguments", "clauses"),
    [
        ("immediately", "immediately", 0, 0),
        ("immediately()", "immediately", 0, 0),
        ("fixed(delay)", "fixed", 1, 0),
        ("gamma(2, delay * 3)", "gamma", 2, 0),
        ("categorical(trust[s] for s in state)", "categorical", 1, 1),
    ],
)
def test_distributions(text: str, name: str, arguments: int, clauses: int) -> None:
    diagnostics = Diagnostics()
    call = parse_call(text, whole_span(text), diagnostics)
    assert call is not None
    assert (call.name, len(call.arguments), len(call.clauses)) == (name, arguments, clauses)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gamma(2", "("),
        ("categorical(w[s] for s in state where s != 1)", "s != 1"),
        ("categorical(w[s] for s in state, 2)", ","),
        ("2 days", "2"),
        ("fixed(1) + 2", "+"),
    ],
)
def test_faulty_distributions(text: str, shown: str) -> None:
    diagnostics = Diagnostics()
    assert parse_call(text, whole_span(text), diagnostics) is None
    assert [found.primary.span.text for found in diagnostics.found] == [shown]


def test_repeated_for_nests_with_the_condition_innermost() -> None:
    text = "sum(distance[i, j] for i in state for j in state where i != j)"
    nested = "sum(sum(distance[i, j] for j in state where i != j) for i in state)"
    assert show_expression(tree_of(text)) == nested
    text = "count(distance[i, j] > 1 for i in state for j in state)"
    nested = "sum(count(distance[i, j] > 1 for j in state) for i in state)"
    assert show_expression(tree_of(text)) == nested
