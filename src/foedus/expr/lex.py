"""Words, numbers and signs of an expression, each with its place in the source."""

from __future__ import annotations

import re
from math import isinf
from typing import Literal

from foedus.expr.syntax import LONGEST
from foedus.frozen import dataclass
from foedus.text.source import Span
from foedus.text.suggest import shorten

KEYWORDS = frozenset(
    {"true", "false", "and", "or", "not", "if", "then", "else", "for", "in", "where"}
)

ONE_NAME = r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*"
PIECE = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>{ONE_NAME}(?:\.{ONE_NAME})*)"
    r"|(?P<sign>==|!=|<=|>=|[-+*/<>()\[\],])"
)
NUMBER_WORD = re.compile(r"[0-9A-Za-z_.]+")

CURES = {
    "**": "write `power(a, b)`",
    "&&": "write `and`",
    "||": "write `or`",
    "=": "a comparison is written `==`",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "^": "write `power(a, b)`",
    "%": "write a share as a number: `0.05`",
    "'": "names and labels are written without quotes",
    '"': "names and labels are written without quotes",
    "{": "brackets are `(` and `)`",
    "}": "brackets are `(` and `)`",
    ".": "a point joins the parts of a name, without spaces; a number starts with a digit: `0.5`",
    "_": "a name begins with a letter and ends with a letter or a digit",
    "\u2212": "write `-`",
    "\u2013": "write `-`",
    "\u00d7": "write `*`",
    "\u00f7": "write `/`",
    "\u2264": "write `<=`",
    "\u2265": "write `>=`",
    "\u2260": "write `!=`",
}


class ExpressionError(Exception):
    """Why a text is not an expression; the parser makes a diagnostic of it."""

    def __init__(
        self, span: Span, message: str, *, label: str = "", cure: str | None = None
    ) -> None:
        super().__init__(message)
        self.span = span
        self.message = message
        self.label = label
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and where each of its characters stands in the source.

    Without `offsets` the text is taken to stand in the span letter for letter; if it does not,
    every piece is shown by the whole span.
    """

    text: str
    span: Span
    offsets: tuple[int, ...] | None = None

    def piece(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end`, end excluded, stand."""
        if self.offsets is None:
            is_literal = len(self.text) == self.span.end - self.span.start
            return self.span.part(start, end) if is_literal else self.span
        last = self.offsets[-1] + 1 if self.offsets else self.span.end
        low = self.offsets[start] if start < len(self.offsets) else last
        high = self.offsets[end - 1] + 1 if start < end <= len(self.offsets) else low
        return Span(self.span.source, low, max(low, high))


Kind = Literal["number", "name", "word", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign; `start` and `end` are offsets in the text. The last one is `end`."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(placed: Placed) -> list[Token]:
    """The tokens of a text and a last one, `end`. Raises `ExpressionError`."""
    text = placed.text
    if len(text) > LONGEST:
        message = f"an expression of {len(text):,} characters is too long"
        raise ExpressionError(
            placed.span, message, cure=f"the limit is {LONGEST:,}; give parts of it names"
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = PIECE.match(text, at)
        if match is None or text.startswith("**", at):
            raise _strange(placed, at)
        word, at = match.group(), match.end()
        if match.lastgroup == "space":
            continue
        if match.lastgroup == "number":
            _refuse_bad_number(placed, match.start(), word)
            found.append(Token("number", word, match.start(), at))
        elif match.lastgroup == "name":
            found.append(Token("word" if word in KEYWORDS else "name", word, match.start(), at))
        else:
            found.append(Token("sign", word, match.start(), at))
    found.append(Token("end", "", len(text), len(text)))
    return found


def number(text: str) -> float:
    """The value of a number token."""
    return float(text.replace("_", ""))


def _refuse_bad_number(placed: Placed, start: int, word: str) -> None:
    end = start + len(word)
    longer = NUMBER_WORD.match(placed.text, start)
    if longer is not None and longer.end() > end:
        cure = "write digits, with `.` for decimals: `0.5`, `1e-3`, `1_000`"
        if longer.group()[len(word)].isalpha():
            cure = (
                "a name begins with a letter; a product needs `*`; numbers look like `0.5`, `1e-3`"
            )
        place = placed.piece(start, longer.end())
        raise ExpressionError(place, f"`{shorten(longer.group())}` is not a number", cure=cure)
    value = number(word)
    if isinf(value):
        raise ExpressionError(
            placed.piece(start, end),
            f"`{shorten(word)}` is too large a number",
            cure="numbers run up to about 1.8e308",
        )
    if value == 0 and any(digit in "123456789" for digit in re.split("[eE]", word)[0]):
        raise ExpressionError(
            placed.piece(start, end),
            f"`{shorten(word)}` is too small a number to differ from 0",
            cure="write `0`, or a number from about 1e-308",
        )


def _strange(placed: Placed, at: int) -> ExpressionError:
    sign = placed.text[at : at + 2]
    sign = sign if sign in CURES else sign[0]
    cure = CURES.get(sign)
    if cure is None:
        cure = f"leave out the `{sign}`"
        if sign.isalpha():
            cure = "names use the letters A to Z, digits, `-` and `_`"
    return ExpressionError(
        placed.piece(at, at + len(sign)), f"`{sign}` has no meaning in an expression", cure=cure
    )
