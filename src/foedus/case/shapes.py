"""The kinds of shape a part of a case file may have.

`case/grammar.py` says with these what a case file looks like; the same description verifies files
(`fit.py`), makes the JSON Schema for editors (`schema.py`) and the tables of the manual.
"""

from __future__ import annotations

from collections.abc import Mapping

from foedus.frozen import dataclass

NAME_PATTERN = r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*"
RESERVED = frozenset(
    (
        "true", "false", "and", "or", "not", "if", "then", "else", "for", "in", "where", "any",
        "all", "count", "sum", "min", "max", "exp", "log", "sqrt", "abs", "floor", "power",
        "holder", "happened", "firings", "since", "size", "members", "lead", "obliges",
        "decides", "time", "vacant",
    )
)  # fmt: skip
"""Words of the language, which cannot be names."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text a person reads: one string, or one per language with English among them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One string that is not for translation: an address, a file, a digest, a column's name."""

    pattern: str | None = None
    what: str = "text"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, declared or used here; `of` says of what, for messages and the manual."""

    of: str
    is_qualified: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One of a closed list of words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    is_whole: bool = False
    low: float | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date, an interval of dates, or a clock time."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, such as `1 day`."""


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the language; a bare number or `true` is one too."""


@dataclass(frozen=True, slots=True)
class PriorText:
    """A prior in words, such as `80% between 1 and 10`."""


@dataclass(frozen=True, slots=True)
class EventName:
    """A reference to an event kind, to one of its instances, or to an option of a choice."""


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand under a key."""

    shape: Shape
    doc: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """A fixed set of keys.

    `exactly_one` lists groups of keys of which one must stand; `at_most_one` groups of which no
    two may.
    """

    name: str
    fields: Mapping[str, Field]
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Keys that the user names, each with a value of one shape."""

    of: str
    shape: Shape
    key: Name | Formula | EventName | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of things of one shape."""

    shape: Shape
    is_nonempty: bool = True


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by what stands there: a single value, a list, or keys."""

    scalar: Shape | None = None
    sequence: Shape | None = None
    mapping: Shape | None = None


Shape = (
    Text
    | Line
    | Name
    | Word
    | Number
    | Truth
    | Date
    | Duration
    | Formula
    | PriorText
    | EventName
    | Keys
    | Named
    | Listed
    | Either
)
