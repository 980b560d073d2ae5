"""Whatever is typed: a tree or a message, never an exception, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.expr.parse import parse_call, parse_event_reference, parse_target
from foedus.expr.setting import Purpose
from foedus.expr.show import show_expression
from foedus.expr.syntax import LONGEST
from foedus.expr.targets import check_clauses, check_event_reference, check_target
from foedus.expr.tree import BOOLEAN, Expression, Type
from foedus.text.diagnostic import Diagnostics
from tests.expr.trees import expressions
from tests.expr.world import CHAIR, PER_DAY, SCOPE, SYMBOLS, WHOLE, check, tree_of, whole_span

OTHER_WORDS = """
    true false and or not if then else for in where c m i russia tokayev vacant 1 2 0.5 21 time
    holder happened since firings size lead obliges decides members any all count sum min max
    exp log sqrt abs floor power + - * / == != < <= > >= ( ) [ ] , ( ) [ ] = % ' " .
"""
WORDS = [*sorted(SYMBOLS), *OTHER_WORDS.split()]

pieces = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
glued = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
texts = st.one_of(st.text(max_size=60), pieces, glued)
purposes = st.sampled_from(("condition", "rate", "utility", "effect", "question", "start"))
types = st.sampled_from((None, BOOLEAN, PER_DAY, WHOLE, CHAIR))


def examine(text: str, expected: Type | None = None, purpose: Purpose = "question") -> None:
    """Check a text; what comes back is sound, what is said is placed in the text."""
    tree, found = check(text, expected, purpose)
    assert tree is not None or found
    for diagnostic in found:
        labels = (diagnostic.primary, *diagnostic.secondary)
        assert all(0 <= label.span.start <= label.span.end <= len(text) for label in labels)
        assert diagnostic.message
        assert not diagnostic.message.endswith(".") or "..." in diagnostic.message
        assert "\n" not in diagnostic.message + (diagnostic.help or "")
    if tree is not None and expected is None:
        assert tree_of(show_expression(tree)) == tree


@settings(max_examples=700, deadline=None)
@given(texts, types, purposes)
def test_any_text(text: str, expected: Type | None, purpose: Purpose) -> None:
    examine(text, expected, purpose)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_as_target_event_or_distribution(text: str) -> None:
    diagnostics = Diagnostics()
    span = whole_span(text)
    target = parse_target(text, span, diagnostics)
    if target is None or check_target(target, SCOPE, diagnostics) is None:
        assert diagnostics.found
    diagnostics = Diagnostics()
    event = parse_event_reference(text, span, diagnostics)
    if event is None or check_event_reference(event, SCOPE, diagnostics) is None:
        assert diagnostics.found
    diagnostics = Diagnostics()
    call = parse_call(text, span, diagnostics)
    if call is None or check_clauses(call.clauses, SCOPE, diagnostics) is None:
        assert diagnostics.found


@settings(max_examples=500, deadline=None)
@given(expressions(), st.data())
def test_mutations_of_valid_text(tree: Expression, data: st.DataObject) -> None:
    words = show_expression(tree).replace("[", " [ ").replace("(", " ( ").split(" ")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(words) - 1))
        sort = data.draw(st.sampled_from(("drop", "swap", "insert", "double", "break")))
        if sort == "drop" and len(words) > 1:
            del words[place]
        elif sort == "swap":
            other = data.draw(st.integers(0, len(words) - 1))
            words[place], words[other] = words[other], words[place]
        elif sort == "insert":
            words.insert(place, data.draw(st.sampled_from(WORDS)))
        elif sort == "double":
            words.insert(place, words[place])
        else:
            words[place] = words[place][: data.draw(st.integers(0, len(words[place])))]
    examine(" ".join(words))


LONG = {
    "arguments": "min(" + "fear, " * 1660 + "fear)",
    "unknown names": "min(" + ", ".join(f"a{number}x" for number in range(1200)) + ")",
    "hyphens": "min(" + "a-a-a-a-a," * 990 + "b)",
    "one name": "a-" * 4999 + "a",
    "points": "a." * 4999 + "a",
    "quantifiers": "min("
    + "sum(sum(distance[i, j] for j in state) for i in state), " * 170
    + "fear)",
    "events": "min(" + "firings(quarrel)," * 580 + "fear)",
    "nested quantifiers": "sum(" * 190 + "fear" + " for i in city)" * 190,
    "clauses": "sum(fear" + " for i in city" * 700 + ")",
    "brackets": "(" * 4990 + "fear" + ")" * 4990,
    "ifs": "if curfew then fear else " * 390 + "fear",
    "conditions": "if " * 190 + "curfew" + " then true else false" * 190,
    "labels": "min(" + "if holder(president) == tokayev then 1 else 0," * 210 + "1)",
    "minus": "-" * 10_000,
    "digits": "9" * 10_000,
    "spaces": " " * 9_999 + "1",
    "strange": "é" * 10_000,
    "faults": "min(" + "curfew," * 1400 + "1)",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long_texts_take_no_time(text: str) -> None:
    assert len(text) <= LONGEST
    best = 1.0
    for _ in range(3):
        start = time.process_time()
        tree, found = check(text)
        best = min(best, time.process_time() - start)
        assert tree is not None or found
    assert best < 0.2
