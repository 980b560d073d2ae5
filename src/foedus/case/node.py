"""A YAML document as written: text, lists and keys with their places, nothing resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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
        position = 0 if self.is_plain else 1
        found: list[int] = []
        for character in self.text:
            position = _find(character, raw, position)
            found.append(start + min(position, len(raw) - 1 if raw else 0))
            position += 1
        return (*found, start + min(position, len(raw)))


def _find(character: str, raw: str, position: int) -> int:
    """Where a character of the value stands in its raw text, folding and escapes skipped."""
    if position < len(raw) and raw[position] == character:
        return position
    limit = min(len(raw), position + 200)
    if character.isspace():
        while position < limit and not raw[position].isspace():
            position += 1
        return position
    while position < limit and raw[position] != character:
        position += 1
    return position


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; a key may stand twice until the shape is verified."""

    span: Span
    entries: tuple[Entry, ...]

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
