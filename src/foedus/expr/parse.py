"""From text to syntax: a Pratt parser.

The grammar stands in `docs/language/expressions.md`. Each function reads one construct; where it
needs an expression it yields how tightly the operators in it must bind (see `foedus.expr.steps`).
The first fault ends the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar, cast, get_args

from foedus.expr.lex import ExpressionError, Placed, number, tokens
from foedus.expr.reader import Reader, too_deep
from foedus.expr.steps import run
from foedus.expr.syntax import (
    DEEPEST,
    RESERVED,
    BinarySyntax,
    CallSyntax,
    ConditionalSyntax,
    DistributionSyntax,
    DomainSyntax,
    ForSyntax,
    InSyntax,
    MembersSyntax,
    NameSyntax,
    NumberSyntax,
    QuantifierSyntax,
    Syntax,
    TargetSyntax,
    TruthSyntax,
    UnarySyntax,
    nesting,
)
from foedus.expr.tree import Arithmetic, Comparison, Connective, QuantifierName
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names, shorten

OR, AND, NOT, COMPARE, ADD, MULTIPLY, NEGATE = range(1, 8)
STRENGTH = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(get_args(Comparison), COMPARE),
    "in": COMPARE,
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
}
QUANTIFIERS = get_args(QuantifierName)

Result = TypeVar("Result")
Steps = Generator[int, Syntax, Result]


def parse_expression(
    text: str, span: Span, diagnostics: Diagnostics, offsets: tuple[int, ...] | None = None
) -> Syntax | None:
    """The syntax of an expression, or None with a `bad-expression` at the first fault.

    `span` is where the text stands in its source. Where the text is not letter for letter what
    stands there (quoted and folded YAML scalars), `offsets` gives the offset in the source of each
    character of `text`; without it the whole span is shown.
    """
    return _read(text, span, diagnostics, offsets, lambda reader: _expression(reader, 0))


def parse_target(
    text: str, span: Span, diagnostics: Diagnostics, offsets: tuple[int, ...] | None = None
) -> TargetSyntax | None:
    """The syntax of what an effect changes: `x[i]`, `holder(office)`, `x[m] for m in member`."""
    return _read(text, span, diagnostics, offsets, _target)


def parse_event_reference(
    text: str, span: Span, diagnostics: Diagnostics, offsets: tuple[int, ...] | None = None
) -> NameSyntax | None:
    """The syntax of an event kind or instance: `aid.deploy`, `aid.deploy[armenia]`."""
    return _read(text, span, diagnostics, offsets, lambda reader: _place(reader, "an event"))


def parse_call(
    text: str, span: Span, diagnostics: Diagnostics, offsets: tuple[int, ...] | None = None
) -> DistributionSyntax | None:
    """The syntax of a distribution: `immediately`, `gamma(shape, mean)`."""
    return _read(text, span, diagnostics, offsets, _distribution)


def _read(
    text: str,
    span: Span,
    diagnostics: Diagnostics,
    offsets: tuple[int, ...] | None,
    grammar: Callable[[Reader], Steps[Result]],
) -> Result | None:
    placed = Placed(text, span, offsets)
    try:
        reader = Reader(placed, tokens(placed))
        if len(reader.tokens) == 1:
            raise ExpressionError(
                span, "the expression is empty", cure="write it, or leave out the key"
            )
        result = run(grammar(reader), lambda strength: _expression(reader, strength))
        reader.finish()
    except ExpressionError as fault:
        diagnostics.error(
            Code.BAD_EXPRESSION, fault.span, fault.message, label=fault.label, help=fault.cure
        )
        return None
    return result


def _expression(reader: Reader, strength: int) -> Steps[Syntax]:
    first = reader.at
    reader.deepen()
    left = yield from _operand(reader, strength)
    while reader.now.kind in ("word", "sign"):
        sign = reader.now.text
        binding = STRENGTH.get(sign, -1)
        if binding < max(strength, OR):
            break
        if binding == COMPARE:
            left = yield from _comparison(reader, left, first)
            continue
        reader.advance()
        right = yield binding + 1
        operator = cast(Arithmetic | Connective, sign)
        left = BinarySyntax(operator, left, right, reader.since(first))
    reader.level -= 1
    # a long row of operators nests without brackets, so the whole is measured as well
    if reader.level == 0 and nesting(left) > DEEPEST:
        raise too_deep(left.span)
    return left


def _comparison(reader: Reader, left: Syntax, first: int) -> Steps[Syntax]:
    sign = reader.advance()
    result: Syntax
    if sign.text == "in":
        domain = yield from _domain(reader)
        result = InSyntax(left, domain, reader.since(first))
    else:
        right = yield COMPARE + 1
        operator = cast(Comparison, sign.text)
        result = BinarySyntax(operator, left, right, reader.since(first))
    if STRENGTH.get(reader.now.text) == COMPARE and reader.now.kind in ("word", "sign"):
        middle = reader.placed.text[sign.end : reader.now.start].strip()
        start = reader.placed.text[reader.tokens[first].start : reader.now.start].strip()
        cure = f"write `{shorten(start)} and {shorten(middle)} {reader.now.text} ...`"
        raise ExpressionError(reader.here(), "comparisons cannot be chained", cure=cure)
    return result


def _operand(reader: Reader, strength: int) -> Steps[Syntax]:
    first = reader.at
    token = reader.now
    if token.kind == "number":
        reader.advance()
        return NumberSyntax(number(token.text), token.text, reader.since(first))
    if token.kind == "name":
        return (yield from _name(reader))
    if reader.next_is("true", "false"):
        reader.advance()
        return TruthSyntax(token.text == "true", reader.since(first))
    if reader.take("("):
        inner = yield 0
        reader.close(token)
        return inner
    if reader.take("-"):
        value = yield NEGATE
        return UnarySyntax("-", value, reader.since(first))
    if reader.next_is("if", "not") and strength > (NOT if token.text == "not" else 0):
        raise ExpressionError(
            reader.here(),
            f"`{token.text}` inside an operation needs brackets",
            cure=f"write `({token.text} ...)`",
        )
    if reader.take("not"):
        value = yield NOT
        return UnarySyntax("not", value, reader.since(first))
    if reader.take("if"):
        return (yield from _conditional(reader, first))
    raise reader.unexpected("a value is missing")


def _conditional(reader: Reader, first: int) -> Steps[Syntax]:
    condition = yield 0
    if reader.take("then") is None:
        raise reader.unexpected("`then` is missing after the condition of `if`")
    yes = yield 0
    if reader.take("else") is None:
        raise reader.unexpected("`else` is missing: both cases of `if` need a value")
    no = yield 0
    return ConditionalSyntax(condition, yes, no, reader.since(first))


def _name(reader: Reader) -> Steps[Syntax]:
    if reader.tokens[reader.at + 1].text == "(":
        return (yield from _call(reader))
    if reader.now.text in ("nan", "inf"):
        word = reader.now.text
        message = f"`{word}` is not a number here"
        raise ExpressionError(reader.here(), message, cure="write a number in digits")
    return (yield from _place(reader, "a name"))


def _place(reader: Reader, wanted: str) -> Steps[NameSyntax]:
    first = reader.at
    name = reader.name(wanted)
    name_span = reader.since(first)
    indices: list[Syntax] = []
    opening = reader.take("[")
    if opening is not None:
        indices.append((yield 0))
        while reader.take(","):
            indices.append((yield 0))
        reader.close(opening)
    return NameSyntax(name.text, tuple(indices), reader.since(first), name_span)


def _call(reader: Reader) -> Steps[Syntax]:
    first = reader.at
    name, opening = reader.advance(), reader.advance()
    name_span = reader.placed.piece(name.start, name.end)
    arguments: list[Syntax] = []
    if not reader.next_is(")"):
        arguments.append((yield 0))
        if reader.next_is("for") and name.text in QUANTIFIERS:
            clauses, condition = yield from _clauses(reader)
            reader.close(opening)
            quantifier = cast(QuantifierName, name.text)
            span = reader.since(first)
            return QuantifierSyntax(quantifier, arguments[0], clauses, condition, span)
        if reader.next_is("for"):
            raise _not_ranging(name.text, reader.here())
        while reader.take(","):
            arguments.append((yield 0))
    reader.close(opening)
    return CallSyntax(name.text, tuple(arguments), reader.since(first), name_span)


def _not_ranging(name: str, span: Span) -> ExpressionError:
    near = closest(name, QUANTIFIERS)
    cure = f"write `{near}`" if near else f"{list_names(QUANTIFIERS)} do"
    return ExpressionError(span, f"`{name}` does not range over a group", cure=cure)


def _clauses(reader: Reader) -> Steps[tuple[tuple[ForSyntax, ...], Syntax | None]]:
    found: list[ForSyntax] = []
    condition: Syntax | None = None
    while reader.take("for"):
        first = reader.at
        variable = reader.name("a name for the index")
        variable_span = reader.since(first)
        if "." in variable.text or variable.text in RESERVED:
            message = f"an index cannot be called `{variable.text}`"
            raise ExpressionError(variable_span, message, cure="choose another name, such as `i`")
        if reader.take("in") is None:
            raise reader.unexpected("`in` is missing after the name of the index")
        domain = yield from _domain(reader)
        found.append(ForSyntax(variable.text, domain, variable_span))
    if found and reader.take("where"):
        condition = yield 0
        if reader.next_is("for"):
            cure = "write one `where` after the last `for`"
            raise ExpressionError(reader.here(), "`for` cannot follow `where`", cure=cure)
    if found and reader.next_is(","):
        cure = "for another index write `for` again: `sum(w[i, j] for i in g for j in h)`"
        raise ExpressionError(reader.here(), "`,` cannot follow `for ... in ...`", cure=cure)
    return tuple(found), condition


def _domain(reader: Reader) -> Steps[DomainSyntax]:
    first = reader.at
    if reader.now.text == "members" and reader.tokens[reader.at + 1].text == "(":
        reader.advance()
        opening = reader.advance()
        alliance = reader.name("an alliance")
        name_span = reader.placed.piece(alliance.start, alliance.end)
        reader.close(opening)
        return MembersSyntax(alliance.text, reader.since(first), name_span)
    return (yield from _place(reader, "a group"))


def _target(reader: Reader) -> Steps[TargetSyntax]:
    first = reader.at
    is_holder = reader.now.text == "holder" and reader.tokens[reader.at + 1].text == "("
    if is_holder:
        reader.advance()
        opening = reader.advance()
        place = yield from _place(reader, "an office")
        reader.close(opening)
    else:
        place = yield from _place(reader, "a state variable")
    clauses, condition = yield from _clauses(reader)
    return TargetSyntax(place, is_holder, clauses, condition, reader.since(first))


def _distribution(reader: Reader) -> Steps[DistributionSyntax]:
    first = reader.at
    name = reader.name("a distribution")
    name_span = reader.since(first)
    arguments: list[Syntax] = []
    clauses: tuple[ForSyntax, ...] = ()
    opening = reader.take("(")
    if opening is not None and reader.take(")") is None:
        arguments.append((yield 0))
        clauses, condition = yield from _clauses(reader)
        if condition is not None:
            cure = "put the condition into the weight: `if condition then weight else 0`"
            raise ExpressionError(condition.span, "a distribution takes no `where`", cure=cure)
        while not clauses and reader.take(","):
            arguments.append((yield 0))
        reader.close(opening)
    return DistributionSyntax(name.text, tuple(arguments), clauses, reader.since(first), name_span)
