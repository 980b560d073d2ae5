"""What effects may change, which events exist, what loops bind."""

import pytest

from foedus.expr.parse import parse_call, parse_event_reference, parse_target
from foedus.expr.scope import BoundSymbol, IndexSymbol, Scope
from foedus.expr.show import show_expression
from foedus.expr.targets import Target, check_clauses, check_event_reference, check_target
from foedus.expr.tree import (
    BOOLEAN,
    GroupDomain,
    IndexVariable,
    RelatedDomain,
    Variable,
    label_type,
)
from foedus.text.diagnostic import Diagnostic, Diagnostics
from tests.expr.world import CITY, MEMBER, PRESIDENT, SCOPE, STATE, WHOLE, whole_span


def target_of(text: str, scope: Scope = SCOPE) -> tuple[Target | None, list[Diagnostic]]:
    diagnostics = Diagnostics()
    syntax = parse_target(text, whole_span(text), diagnostics)
    assert syntax is not None, diagnostics.found
    return check_target(syntax, scope, diagnostics), diagnostics.found


def test_plain_and_indexed_targets() -> None:
    target, _ = target_of("crowd")
    assert target is not None
    assert target.variable == Variable("crowd", (), WHOLE)
    assert (target.loop, target.condition) == ((), None)
    target, _ = target_of("loyalty[armenia, 3]")
    assert target is not None
    assert show_expression(target.variable) == "loyalty[armenia, 3]"
    per_city = SCOPE.inside({"city": IndexSymbol("city", CITY)})
    target, _ = target_of("unruly[city]", per_city)
    assert target is not None
    assert target.variable.indices == (IndexVariable("city", CITY, label_type(CITY)),)


def test_offices() -> None:
    target, _ = target_of("holder(president)")
    assert target is not None
    assert target.variable == Variable("president.holder", (), PRESIDENT)


def test_loops() -> None:
    target, _ = target_of("loyalty[m, c] for m in members(csto) for c in roads[3] where unruly[c]")
    assert target is not None
    assert [name for name, _ in target.loop] == ["m", "c"]
    outer, inner = (domain for _, domain in target.loop)
    assert outer == GroupDomain(MEMBER)
    assert isinstance(inner, RelatedDomain)
    assert target.condition is not None
    assert show_expression(target.condition) == "csto.member[m] and unruly[c]"
    assert target.scope.find("m") == IndexSymbol("m", MEMBER)


def test_bound_variable_can_be_changed() -> None:
    scope = SCOPE.inside({"asked": BoundSymbol(Variable("curfew", (), BOOLEAN))})
    target, _ = target_of("asked", scope)
    assert target is not None
    assert target.variable.name == "curfew"


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("crwd", "unknown-name", "crwd"),
        ("spark", "type-mismatch", "spark"),
        ("pressure", "type-mismatch", "pressure"),
        ("president", "type-mismatch", "president"),
        ("holder(presidnt)", "unknown-office", "presidnt"),
        ("holder(president[1])", "wrong-index", "president[1]"),
        ("troops", "wrong-index", "troops"),
        ("troops[china]", "wrong-index", "china"),
        ("troops[m] for m in membr", "unknown-group", "membr"),
        ("troops[m] for m in member where troops[m]", "type-mismatch", "troops[m]"),
        ("troops[m] for m in member where foo", "unknown-name", "foo"),
    ],
)
def test_faulty_targets(text: str, code: str, shown: str) -> None:
    target, found = target_of(text)
    assert target is None
    assert [(item.code.value, item.primary.span.text) for item in found] == [(code, shown)]


@pytest.mark.parametrize(
    ("text", "name", "indices"),
    [
        ("aid.ask", "aid.ask", 0),
        ("aid.deploy", "aid.deploy", None),
        ("aid.deploy[armenia]", "aid.deploy", 1),
        ("quarrel[russia, china]", "quarrel", 2),
        ("aid.answer.refuse", "aid.answer.refuse", 0),
    ],
)
def test_event_references(text: str, name: str, indices: int | None) -> None:
    diagnostics = Diagnostics()
    syntax = parse_event_reference(text, whole_span(text), diagnostics)
    assert syntax is not None
    reference = check_event_reference(syntax, SCOPE, diagnostics)
    assert reference is not None
    assert reference.symbol.name == name
    assert indices == (None if reference.indices is None else len(reference.indices))
    assert diagnostics.found == []


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("aid.deploy[china]", "wrong-index", "china"),
        ("aid.ask[armenia]", "wrong-index", "aid.ask[armenia]"),
        ("quarrel[russia]", "wrong-index", "quarrel[russia]"),
        ("aid.deply", "unknown-event", "aid.deply"),
        ("curfew", "type-mismatch", "curfew"),
    ],
)
def test_faulty_event_references(text: str, code: str, shown: str) -> None:
    diagnostics = Diagnostics()
    syntax = parse_event_reference(text, whole_span(text), diagnostics)
    assert syntax is not None
    assert check_event_reference(syntax, SCOPE, diagnostics) is None
    found = diagnostics.found
    assert [(item.code.value, item.primary.span.text) for item in found] == [(code, shown)]


def test_clauses_of_a_distribution() -> None:
    diagnostics = Diagnostics()
    text = "categorical(trust[s] for s in state)"
    call = parse_call(text, whole_span(text), diagnostics)
    assert call is not None
    bound = check_clauses(call.clauses, SCOPE, diagnostics)
    assert bound is not None
    assert bound.loops is not None
    assert [(loop.variable, loop.range.domain) for loop in bound.loops] == [
        ("s", GroupDomain(STATE))
    ]
    assert bound.scope.find("s") == IndexSymbol("s", STATE)
    text = "categorical(trust[s] for s in stat)"
    call = parse_call(text, whole_span(text), diagnostics)
    assert call is not None
    assert check_clauses(call.clauses, SCOPE, diagnostics) is None
    assert len(diagnostics.found) == 1
