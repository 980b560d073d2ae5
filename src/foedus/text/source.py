"""A text a user wrote, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field

from foedus.frozen import dataclass


@dataclass(frozen=True, eq=False)
class Source:
    """A named text. Never changes; hands out lines and positions.

    `name` is what messages call it (usually the path as the user gave it).
    """

    name: str
    text: str
    line_starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        object.__setattr__(self, "line_starts", tuple(starts))

    @property
    def in_commands(self) -> str:
        """How a command names the case that this text is: by its folder, or by its file.

        A copy of a case keeps the name that stands in it, under which a command finds the original.
        """
        folder, _, file = self.name.rpartition("/")
        name = folder if folder and file == "case.yaml" else self.name
        return f'"{name}"' if " " in name else name

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest stretch of a source that shows a thing: `start` to `end`, end excluded."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, counted from 1."""
        return self.source.line_and_column(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.source.line_and_column(self.start)[1]

    @property
    def text(self) -> str:
        """What stands there."""
        return self.source.text[self.start : self.end]

    def part(self, start: int, end: int) -> Span:
        """A stretch inside this one, by offsets from its start, cut to fit."""
        low = min(self.start + max(start, 0), self.end)
        return Span(self.source, low, max(low, min(self.start + end, self.end)))
