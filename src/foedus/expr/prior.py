"""Priors in words: `80% between 1 and 10`, `beta(2, 3)`, `3 of 5`, `2 in 10 years`.

What they mean is in `laws` and `elicitation`, whose public names are passed on from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite

from foedus.expr.belief import LawError, Prior
from foedus.expr.elicitation import between, jeffreys_rate, jeffreys_share
from foedus.expr.laws import (
    Beta,
    Exponential,
    Fixed,
    Flag,
    Gamma,
    LogitNormal,
    LogNormal,
    LogUniform,
    Normal,
    Uniform,
)
from foedus.frozen import dataclass
from foedus.text.suggest import closest, list_names
from foedus.units import UNITS

__all__ = [
    "Beta",
    "Exponential",
    "Fixed",
    "Flag",
    "Gamma",
    "LawError",
    "LogNormal",
    "LogUniform",
    "LogitNormal",
    "Normal",
    "Prior",
    "PriorError",
    "Uniform",
    "between",
    "jeffreys_rate",
    "jeffreys_share",
    "parse_prior",
]

LAWS: dict[str, tuple[Callable[..., Prior], str]] = {
    "uniform": (Uniform, "low, high"),
    "log-uniform": (LogUniform, "low, high"),
    "normal": (Normal, "mean, sd"),
    "lognormal": (LogNormal, "median, factor"),
    "logit-normal": (LogitNormal, "median, sd of log odds"),
    "beta": (Beta, "a, b"),
    "gamma": (Gamma, "shape, mean"),
    "exponential": (Exponential, "mean"),
    "flag": (Flag, "probability"),
}
DURATIONS = {name: unit.name for name, unit in UNITS.items() if unit.time_power == 1}
EXAMPLE = "`80% between 1 and 10`"
FORMS = f"write {EXAMPLE}, `beta(2, 3)` or another law, `3 of 5`, or `2 in 10 years`"
INFINITE = frozenset({"inf", "infinity", "nan"})

_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[-+]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z]+(?:[-_][A-Za-z]+)*)"
    r"|(?P<sign>.)"
)


class PriorError(ValueError):
    """A text that is no prior: what is wrong, the cure, and where it is wrong (offsets)."""

    def __init__(self, message: str, help: str, start: int, end: int) -> None:  # noqa: A002
        super().__init__(message, help, start, end)
        self.message = message
        self.help = help
        self.start = start
        self.end = end

    def __str__(self) -> str:
        return self.message


def parse_prior(text: str, is_share: bool) -> tuple[Prior, str | None]:
    """The prior that a text says, and the unit of time it names (`years`), if any.

    Forms: `80% between A and B` (any level from 1 to 99), `uniform(low, high)`,
    `log-uniform(low, high)`, `normal(mean, sd)`, `lognormal(median, factor)`,
    `logit-normal(median, sd of log odds)`, `beta(a, b)`, `gamma(shape, mean)`,
    `exponential(mean)`, `flag(probability)`, `K of N` (a share), `K in T` and `K in T years` (a
    rate). All numbers are in the unit in which the parameter is written; a rate is per unit of T,
    which the caller compares with the parameter's. Raises `PriorError`, also where a share could
    leave 0..1.
    """
    reader = _Reader(text, _tokens(text))
    prior, unit = _prior(reader, is_share)
    if reader.now.kind != "end":
        raise reader.error("nothing can follow here", f"leave out `{text[reader.now.start :]}`")
    least, most = prior.support
    if is_share and (unit is not None or least < 0.0 or most > 1.0):
        cure = "write `80% between 0.2 and 0.6`, `uniform(0, 1)`, `beta(2, 3)` or `3 of 5`"
        raise PriorError("a share lies within 0..1, but this prior does not", cure, 0, len(text))
    return prior, unit


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, word, sign or end
    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Reader:
    """What of a text is still to be read."""

    text: str
    tokens: list[_Token]
    at: int = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def advance(self) -> _Token:
        token = self.now
        if token.kind != "end":
            self.at += 1
        return token

    def take(self, text: str) -> bool:
        is_next = self.now.text == text
        if is_next:
            self.advance()
        return is_next

    def expect(self, text: str, cure: str) -> None:
        if not self.take(text):
            raise self.error(f"`{text}` is missing", cure)

    def number(self, what: str) -> tuple[float, _Token]:
        token = self.now
        if token.text.lower() in INFINITE:
            raise self.error("the number is not finite", "give a finite number")
        if token.kind != "number":
            found = f", not `{token.text}`" if token.text else ""
            raise self.error(f"{what} must be a number{found}", "write a number such as `0.5`")
        value = float(token.text)
        if not isfinite(value):
            raise self.error("the number is not finite", "give a smaller number")
        return value, self.advance()

    def error(self, message: str, help: str, token: _Token | None = None) -> PriorError:  # noqa: A002
        token = token or self.now
        return PriorError(message, help, token.start, token.end)


def _tokens(text: str) -> list[_Token]:
    found = [
        _Token(piece.lastgroup or "sign", piece.group(), piece.start(), piece.end())
        for piece in _PIECE.finditer(text)
        if piece.lastgroup != "space"
    ]
    last = found[-1].end if found else len(text)
    return [*found, _Token("end", "", last, last)]


def _prior(reader: _Reader, is_share: bool) -> tuple[Prior, str | None]:
    first = reader.now
    if first.kind == "end":
        raise PriorError("the prior is empty", FORMS, 0, len(reader.text))
    if first.kind == "word" and first.text.lower() not in INFINITE:
        return _law(reader), None
    value, _ = reader.number("a prior")
    if reader.take("%"):
        return _interval(reader, value, first, is_share), None
    if reader.take("of"):
        trials, token = reader.number("how many there were")
        return _make(reader, lambda: jeffreys_share(value, trials), [first, token]), None
    if reader.take("in"):
        exposure, token = reader.number("the time")
        prior = _make(reader, lambda: jeffreys_rate(value, exposure), [first, token])
        return prior, _duration(reader)
    if reader.now.text == "between":
        cure = f"write `{first.text}% between ...`"
        raise reader.error("the level lacks its `%`", cure, first)
    if reader.now.kind == "end":
        cure = f"write `value: {first.text}` if it is known, else for example {EXAMPLE}"
        raise reader.error("a number alone is no prior", cure, first)
    raise reader.error("the prior cannot be understood from here", FORMS)


def _interval(reader: _Reader, level: float, first: _Token, is_share: bool) -> Prior:
    if not 1.0 <= level <= 99.0:
        raise reader.error("the level is outside 1% to 99%", f"write for example {EXAMPLE}", first)
    reader.expect("between", f"write {EXAMPLE}")
    low, low_token = reader.number("the lower bound")
    reader.expect("and", f"write {EXAMPLE}")
    high, high_token = reader.number("the upper bound")
    tokens = [low_token, high_token]
    return _make(reader, lambda: between(low, high, level / 100.0, is_share), tokens)


def _law(reader: _Reader) -> Prior:
    name = reader.advance().text
    if name not in LAWS:
        near = closest(name, LAWS)
        cure = f"write `{_form(near)}`" if near else f"laws are {list_names(LAWS, len(LAWS))}"
        raise reader.error(f"no law is called `{name}`", cure, reader.tokens[reader.at - 1])
    law, parameters = LAWS[name]
    cure = f"write `{_form(name)}`"
    values, tokens = [], []
    opening = "("
    for parameter in parameters.split(", "):
        reader.expect(opening, cure)
        value, token = reader.number(f"the {parameter}")
        values.append(value)
        tokens.append(token)
        opening = ","
    reader.expect(")", cure)
    return _make(reader, lambda: law(*values), tokens)


def _form(name: str) -> str:
    return f"{name}({LAWS[name][1]})"


def _duration(reader: _Reader) -> str | None:
    if reader.now.kind != "word":
        return None
    word = reader.advance().text
    if word not in DURATIONS:
        near = closest(word, DURATIONS)
        known = list_names(dict.fromkeys(DURATIONS.values()))
        cure = f"write `{near}`" if near else f"units of time are {known}"
        place = reader.tokens[reader.at - 1]
        raise reader.error(f"no unit of time is called `{word}`", cure, place)
    return DURATIONS[word]


def _make(reader: _Reader, make: Callable[[], Prior], tokens: list[_Token]) -> Prior:
    """The law, or what is wrong with its numbers at the place of the faulty one."""
    try:
        return make()
    except LawError as error:
        faulty = tokens if error.argument is None else [tokens[error.argument]]
        start, end = faulty[0].start, faulty[-1].end
        raise PriorError(error.message, error.help, start, end) from None
