"""A place in a list of tokens, moving forward."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.expr.lex import ExpressionError, Placed, Token
from foedus.expr.syntax import DEEPEST
from foedus.text.source import Span
from foedus.text.suggest import shorten


@dataclass(slots=True)
class Reader:
    """What of a text is still to be read; `level` is how deep in brackets and operators it is."""

    placed: Placed
    tokens: list[Token]
    at: int = 0
    level: int = 0

    @property
    def now(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def next_is(self, *texts: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.now.kind in ("word", "sign") and self.now.text in texts

    def advance(self) -> Token:
        """The next token, which is then behind."""
        token = self.now
        if token.kind != "end":
            self.at += 1
        return token

    def take(self, text: str) -> Token | None:
        """The next token if it is this word or sign, which is then behind."""
        return self.advance() if self.next_is(text) else None

    def name(self, wanted: str) -> Token:
        """The next token, which must be a name; `wanted` says of what."""
        if self.now.kind != "name":
            raise self.unexpected(f"{wanted} is missing")
        return self.advance()

    def close(self, opening: Token) -> None:
        """Read the bracket that closes `opening`."""
        closing = ")" if opening.text == "(" else "]"
        if self.take(closing) is not None:
            return
        if self.now.kind == "end" or self.next_is(")", "]"):
            place = self.placed.piece(opening.start, opening.end)
            raise ExpressionError(
                place,
                f"`{opening.text}` is never closed",
                label=f"needs a `{closing}`",
                cure=f"add `{closing}` where it ends",
            )
        raise self.between()

    def finish(self) -> None:
        """Nothing may be left."""
        if self.next_is(")", "]"):
            message = f"`{self.now.text}` closes nothing"
            raise ExpressionError(self.here(), message, cure=f"leave out the `{self.now.text}`")
        if self.now.kind != "end":
            raise self.between()

    def between(self) -> ExpressionError:
        """That a value is followed by something which does not go on from it."""
        word = self.now.text
        if self.next_is("then", "else", "where"):
            owner = "`for`" if word == "where" else "`if`"
            form = (
                "x[i] for i in group where ..." if word == "where" else "if ... then ... else ..."
            )
            message = f"`{word}` has no {owner} before it"
            return ExpressionError(self.here(), message, cure=f"the form is `{form}`")
        if self.next_is("for"):
            return ExpressionError(
                self.here(),
                "`for` stands outside a quantifier",
                cure="write `sum(x[i] for i in group)`; so too any, all, count, min, max",
            )
        if self.next_is("not"):
            return ExpressionError(
                self.here(), "`not` cannot stand here", cure="write `not (x in group)`"
            )
        if self.next_is("["):
            message = "an index can follow a name only"
            return ExpressionError(
                self.here(), message, cure="write `x[i]`, or `x[i, j]` for two indices"
            )
        if self.now.kind == "sign" and word != "(":
            message = f"`{word}` cannot stand here"
            return ExpressionError(self.here(), message, cure=f"leave out the `{word}`")
        message = f"an operator is missing before `{shorten(word)}`"
        cure = "write `+`, `*`, `and`, `==` or another operator between the two"
        return ExpressionError(self.here(), message, cure=cure)

    def unexpected(self, message: str) -> ExpressionError:
        """That something else should stand here."""
        label = f"instead of `{shorten(self.now.text)}`"
        if self.now.kind == "end":
            label = "the expression ends here"
        cure = "write it here, or leave out what needs it"
        return ExpressionError(self.here(), message, label=label, cure=cure)

    def here(self) -> Span:
        """Where the next token stands."""
        return self.placed.piece(self.now.start, self.now.end)

    def since(self, first: int) -> Span:
        """From the token with this number to the last one read."""
        last = self.tokens[max(self.at - 1, first)]
        return self.placed.piece(self.tokens[first].start, last.end)

    def deepen(self) -> None:
        """Go one level in."""
        self.level += 1
        if self.level > DEEPEST:
            raise too_deep(self.here())


def too_deep(span: Span) -> ExpressionError:
    """That an expression is nested too deeply to be read by people or programs."""
    return ExpressionError(
        span,
        f"the expression is nested more than {DEEPEST} deep",
        cure="give parts of it names, or use sum, any, all, min or max over a group",
    )
