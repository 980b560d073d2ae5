"""Every example of `docs/language/expressions.md` does what the page says.

Run with `--update` to rewrite what the checker answers to the refused examples.
"""

import re
from pathlib import Path

import pytest

from foedus.expr.agreement import describe
from foedus.expr.calls import OBLIGATIONS, USAGE
from foedus.expr.lex import KEYWORDS
from foedus.expr.parse import QUANTIFIERS, STRENGTH, parse_call, parse_event_reference, parse_target
from foedus.expr.scope import (
    AllianceSymbol,
    BoundSymbol,
    ComponentSymbol,
    DatumSymbol,
    DrawSymbol,
    EventSymbol,
    GroupSymbol,
    OfficeSymbol,
    ParameterSymbol,
    RelationSymbol,
    Symbol,
    VariableSymbol,
)
from foedus.expr.show import show_expression
from foedus.expr.syntax import RESERVED
from foedus.expr.targets import check_clauses, check_event_reference, check_target
from foedus.expr.tree import Group, LabelType, NumberType, Type
from foedus.text.diagnostic import Diagnostics
from tests.expr.world import SCOPE, SYMBOLS, check, whole_span

PAGE = Path(__file__).parents[2] / "docs" / "language" / "expressions.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [body for name, body in BLOCK.findall(TEXT) if name == kind]


def examples(kind: str) -> list[str]:
    """The lines of the blocks of a kind, answers left out."""
    lines = "".join(blocks(kind)).splitlines()
    return [line for line in lines if line and not line.startswith(" ")]


def answered(text: str) -> str:
    """A refused expression and, indented, what is said about it."""
    tree, found = check(text)
    assert tree is None
    lines = [text]
    for item in found:
        lines.append(f"  {item.code.value}: {item.message}")
        lines += [f"  help: {item.help}"] if item.help else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("text", examples("expression"))
def test_example_is_an_expression(text: str) -> None:
    tree, found = check(text)
    assert tree is not None
    assert found == []


def test_refused_examples_are_answered_as_shown(pytestconfig: pytest.Config) -> None:
    def fresh(match: re.Match[str]) -> str:
        if match[1] != "refused":
            return match[0]
        texts = (line for line in match[2].splitlines() if not line.startswith(" "))
        return "```refused\n" + "".join(map(answered, texts)) + "```"

    text = BLOCK.sub(fresh, TEXT)
    if pytestconfig.getoption("--update"):
        PAGE.write_text(text, encoding="utf-8")
        return
    assert text == TEXT


@pytest.mark.parametrize("text", examples("target"))
def test_example_is_a_target(text: str) -> None:
    diagnostics = Diagnostics()
    syntax = parse_target(text, whole_span(text), diagnostics)
    assert syntax is not None
    assert check_target(syntax, SCOPE, diagnostics) is not None


@pytest.mark.parametrize("text", examples("event"))
def test_example_is_an_event(text: str) -> None:
    diagnostics = Diagnostics()
    syntax = parse_event_reference(text, whole_span(text), diagnostics)
    assert syntax is not None
    assert check_event_reference(syntax, SCOPE, diagnostics) is not None


@pytest.mark.parametrize("text", examples("distribution"))
def test_example_is_a_distribution(text: str) -> None:
    diagnostics = Diagnostics()
    syntax = parse_call(text, whole_span(text), diagnostics)
    assert syntax is not None
    assert check_clauses(syntax.clauses, SCOPE, diagnostics) is not None


def test_world_is_described() -> None:
    (described,) = blocks("world")
    lines = [" ".join(line.split()) for line in described.splitlines()]
    assert sorted(lines) == sorted(" ".join(row(name)).strip() for name in SYMBOLS)


def row(name: str) -> tuple[str, str, str]:
    """The name with its indices, its sort, and what it is."""
    symbol: Symbol = SYMBOLS[name]
    groups: tuple[Group, ...] = () if is_plain(symbol) else getattr(symbol, "groups", ())
    indices = f"[{', '.join(group.name for group in groups)}]" if groups else ""
    return (name + indices, *meaning(symbol))


def is_plain(symbol: Symbol) -> bool:
    """Whether it is a symbol that is not read at an index."""
    return isinstance(symbol, RelationSymbol)


def meaning(symbol: Symbol) -> tuple[str, str]:
    """The sort of a symbol, and what it is."""
    match symbol:
        case GroupSymbol(group):
            return "group", ", ".join(group.labels) or f"1 to {group.size}"
        case RelationSymbol(_, groups):
            return "relation", ", ".join(group.name for group in groups)
        case ParameterSymbol():
            return "parameter", kind(symbol.type)
        case VariableSymbol():
            return "variable", kind(symbol.type)
        case DrawSymbol():
            return "draw", kind(symbol.type)
        case DatumSymbol():
            return "table", kind(NumberType(symbol.time_power))
        case OfficeSymbol(variable):
            return "office", variable.name
        case AllianceSymbol(group):
            return "alliance", group.name
        case EventSymbol():
            return "event", ""
        case ComponentSymbol():
            return "component", ""
        case BoundSymbol(expression):
            return "expression", show_expression(expression)
    raise AssertionError(symbol)


def kind(of: Type) -> str:
    """A type in the words of the page."""
    if isinstance(of, LabelType):
        return (
            f"one of {', '.join(of.labels)}"
            if of.numbered is None
            else f"one of the labels of {of.numbered.name}"
        )
    whole = ", whole" if isinstance(of, NumberType) and of.is_whole else ""
    return describe(of) + whole


def test_grammar_names_every_word_and_sign() -> None:
    (grammar,) = blocks("ebnf")
    quoted = set(re.findall(r'"([^"]+)"', grammar))
    words = {*KEYWORDS, *USAGE, *QUANTIFIERS, *STRENGTH, "time", "members"}
    assert words <= quoted
    marks = {"(", ")", "[", "]", ",", ".", "-", "_", "+", "e", "E"}
    assert quoted <= words | marks
    for word in (*RESERVED, *OBLIGATIONS):
        assert re.search(rf"[` ]{word}[` ]", TEXT)
