"""A YAML document as written: text, lists and keys with their places, nothing resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from foedus.frozen import dataclass
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `is_plain` tells whether it stands without quotes (so may be a number)."""

    span: Span
    text: str
    is_plain: bool

    def offsets(self) -> tuple[int, ...]:
        """For each character of `text` (and one past the end), where it stands in the source."""
        raw, start = self.span.text, self.span.start
        position = _first_character(raw, self.is_plain)
        escapes = None if self.is_plain else _ESCAPES.get(raw[:1])
        found: list[int] = []
        for character in self.text:
            position, following = _find(character, raw, position, escapes)
            found.append(start + position)
            position = following
        return (*found, start + position)


# How a character can be written in each kind of quotes other than by itself; the group is a line
# end that stands for nothing.
_ESCAPES = {
    '"': re.compile(r"(\\\r?\n[ \t]*)|\\(?:x..|u....|U........|.)", re.DOTALL),
    "'": re.compile("()''"),
}


def _first_character(raw: str, is_plain: bool) -> int:
    """Where the value begins: behind the quote, or in the line after `|` or `>`."""
    if is_plain or not raw:
        return 0
    return raw.find("\n") + 1 if raw[0] in "|>" else 1


def _find(
    character: str, raw: str, position: int, escapes: re.Pattern[str] | None
) -> tuple[int, int]:
    """Where a character of the value stands in its raw text, and where the next one may stand.

    Lines are folded: the white space round a line end stands for one space, or for fewer line ends.
    """
    while position < len(raw):
        if escapes is not None and (escape := escapes.match(raw, position)):
            if not escape[1]:
                return position, escape.end()
            position = escape.end()
            continue
        if raw[position] == character or (character.isspace() and raw[position].isspace()):
            return position, position + 1
        if not raw[position].isspace():
            return position, position
        position += 1
    return position, position


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `has_lost` tells that an item was refused and left out."""

    span: Span
    items: tuple[Node, ...]
    has_lost: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; a key may stand twice until the shape is verified.

    `lost` are keys that stand there with a value that was refused: they are not missing.
    """

    span: Span
    entries: tuple[Entry, ...]
    lost: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether a key stands there, with a value that can be read or not."""
        return key in self.lost or self.entry(key) is not None

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        entry = self.entry(key)
        return entry.value if entry else None

    def entry(self, key: str) -> Entry | None:
        """A key with its value."""
        for entry in self.entries:
            if entry.key.text == key:
                return entry
        return None

    def scalar(self, key: str) -> Scalar | None:
        """The value of a key, if it is a single value."""
        value = self.get(key)
        return value if isinstance(value, Scalar) else None

    def text(self, key: str, otherwise: str = "") -> str:
        """The text of a key's value, if it is a single value."""
        value = self.scalar(key)
        return value.text if value else otherwise

    def mapping(self, key: str) -> tuple[Entry, ...]:
        """The entries under a key, none if it is absent."""
        value = self.get(key)
        return value.entries if isinstance(value, Mapping) else ()

    def items(self, key: str) -> tuple[Node, ...]:
        """What is listed under a key; a single value counts as a list of one."""
        value = self.get(key)
        if value is None:
            return ()
        return value.items if isinstance(value, Sequence) else (value,)


Node = Scalar | Sequence | Mapping
NodeKind = Literal["a single value", "a list", "keys and values"]


def kind_of(node: Node) -> NodeKind:
    """What a node is, in a user's words."""
    if isinstance(node, Scalar):
        return "a single value"
    return "a list" if isinstance(node, Sequence) else "keys and values"


def scalars(node: Node) -> Iterator[Scalar]:
    """Every single value in a node, keys excluded."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for entry in node.entries:
            yield from scalars(entry.value)
