"""Printing a tree and reading it again changes nothing."""

import pytest
from hypothesis import given, settings

from foedus.expr.show import show_expression
from foedus.expr.tree import PLAIN, Binary, Expression, Negative, Not, Number, NumberType, Variable
from tests.expr.trees import expressions
from tests.expr.world import tree_of


@settings(max_examples=500, deadline=None)
@given(expressions())
def test_what_is_shown_reads_back_as_the_same_tree(tree: Expression) -> None:
    assert tree_of(show_expression(tree)) == tree


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("(fear + 1)", "fear + 1"),
        ("fear - (1 - factor)", "fear - (1 - factor)"),
        ("(fear - 1) - factor", "fear - 1 - factor"),
        ("fear * (1 + factor)", "fear * (1 + factor)"),
        ("(fear * 2) / factor", "fear * 2 / factor"),
        ("-(fear) * -2", "-fear * -2"),
        ("-(fear * 2)", "-(fear * 2)"),
        ("not (curfew and elite-move)", "not (curfew and elite-move)"),
        ("(not curfew) and elite-move", "not curfew and elite-move"),
        ("(curfew or elite-move) and true", "(curfew or elite-move) and true"),
        ("(fear > 1) == curfew", "(fear > 1) == curfew"),
        ("1 + (if curfew then 1 else 2)", "1 + (if curfew then 1 else 2)"),
        ("max(0, (if curfew then 1 else 2))", "max(0, if curfew then 1 else 2)"),
        ("1_000 + 1e3 + 2.50 + 1e-3", "1000 + 1000 + 2.5 + 0.001"),
        ("1e30", "1e+30"),
        ("holder(president) == vacant", "president.holder == vacant"),
        ("troops[(armenia)]", "troops[armenia]"),
        (
            "any(happened(unrest-spreads[c]) for c in roads[3] where c != 2)",
            "any(firings(unrest-spreads[c]) > 0 for c in roads[3] where c != 2)",
        ),
        (
            "sum(troops[m] for m in members(csto))",
            "sum(troops[m] for m in member where csto.member[m])",
        ),
    ],
)
def test_text_is_canonical(written: str, shown: str) -> None:
    assert show_expression(tree_of(written)) == shown


def test_negative_number_made_elsewhere_is_bracketed_like_a_minus() -> None:
    minus_two = Number(-2.0, NumberType(0, True))
    fear = Variable("fear", (), PLAIN)
    assert show_expression(Binary("*", minus_two, fear, PLAIN)) == "-2 * fear"
    assert show_expression(Negative(minus_two, PLAIN)) == "--2"


def test_deepest_tree_can_be_shown() -> None:
    text = "not " * 199 + "curfew"
    tree = tree_of(text)
    assert isinstance(tree, Not)
    assert show_expression(tree) == text
