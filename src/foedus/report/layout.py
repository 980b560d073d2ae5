"""Plain text set to a width: paragraphs, lists and tables that stay readable without colour."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_uppercase

NARROWEST = 24

_NO_BREAK = re.compile(r" (?=%)| (?=– )|(?<=[<>≥]) |(?<=[0-9]) (?=[0-9]{3}\b)")
_HELD = "\x00"
_SPACES = "\u00a0\u202f"


def printable(text: str) -> str:
    """A text on one line without characters that could do something to a terminal."""
    joined = re.sub(r"[ \t\r\n]+", " ", text)
    return "".join(
        c if c.isprintable() or c in _SPACES else "\N{REPLACEMENT CHARACTER}" for c in joined
    )


def letters(count: int) -> list[str]:
    """So many names as short as can be: A to Z, then AA, AB and so on."""
    return [_letter(number) for number in range(count)]


def _letter(number: int) -> str:
    rest, last = divmod(number, len(ascii_uppercase))
    return (_letter(rest - 1) if rest else "") + ascii_uppercase[last]


def display_width(text: str) -> int:
    """The columns a text takes on a terminal."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """A paragraph as lines no wider than `width`, later lines indented by `hanging`.

    Numbers stay with their signs (`80 %`). A word wider than the line is cut, unless it is an
    address, which stays whole.
    """
    hanging = indent if hanging is None else hanging
    width = max(width, NARROWEST)
    lines: list[str] = []
    current, is_empty = indent, True
    for word in _words(text):
        if not is_empty and display_width(current) + 1 + display_width(word) > width:
            lines.append(current)
            current, is_empty = hanging, True
        while is_empty and display_width(current + word) > width and "://" not in word:
            head = _head(word, width - display_width(current))
            lines.append(current + head)
            current, word = hanging, word[len(head) :]
        current += word if is_empty else " " + word
        is_empty = False
    return [*lines, current.rstrip()] if not is_empty or not lines else lines


def _words(text: str) -> list[str]:
    held = _NO_BREAK.sub(_HELD, printable(text))
    for space in _SPACES:
        held = held.replace(space, _HELD)
    return [word.replace(_HELD, " ") for word in held.split(" ") if word]


def _head(word: str, width: int) -> str:
    """As much of a word as fits, at least one character; better up to a hyphen, dot or slash."""
    cut, columns = 0, 0
    for place, character in enumerate(word):
        columns += _columns(character)
        if columns > width:
            break
        cut = place + 1
    soft = max(word.rfind(sign, 0, cut) for sign in "-./_") + 1
    return word[: max(soft if soft > cut // 2 else cut, 1)]


def heading(text: str, width: int) -> list[str]:
    """A heading: an empty line, the words, and a line under them."""
    lines = wrap(text, width)
    return ["", *lines, "-" * max(display_width(line) for line in lines)]


def item(text: str, width: int, indent: str = "") -> list[str]:
    """A paragraph with a dash in front of it."""
    return wrap(text, width, f"{indent}- ", f"{indent}  ")


def pad(text: str, width: int, *, is_right: bool = False) -> str:
    """A text filled up with spaces to a width."""
    space = " " * max(width - display_width(text), 0)
    return space + text if is_right else text + space


def table(rows: Sequence[Sequence[str]], width: int, *, right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned columns; the first column is wrapped so that the rest fits.

    `right` are the columns set to the right. Use `fits` first: where the other columns leave too
    little for the first one, print a list instead.
    """
    if not rows:
        return []
    rows = [[" ".join(_words(cell)) for cell in row] for row in rows]
    widths = [max(display_width(row[c]) for row in rows) for c in range(len(rows[0]))]
    others = sum(widths[1:]) + 2 * (len(widths) - 1)
    first = max(min(widths[0], width - others), NARROWEST // 2)
    lines: list[str] = []
    for row in rows:
        cells = wrap_to(row[0], first)
        rest = [pad(cell, w, is_right=c in right) for c, (cell, w) in
                enumerate(zip(row[1:], widths[1:], strict=True), 1)]  # fmt: skip
        lines.extend(pad(line, first).rstrip() for line in cells[:-1])
        lines.append("  ".join([pad(cells[-1], first), *rest]).rstrip())
    return lines


def wrap_to(text: str, width: int) -> list[str]:
    """Like `wrap`, for columns narrower than a page; later lines are set in by two."""
    lines: list[str] = []
    current = ""
    for word in _words(text):
        while display_width(word) > (room := width - 2 if lines or current else width):
            head = _head(word, room)
            if len(head) == len(word):
                break
            if current:
                lines.append(current)
                current = ""
            lines.append(("  " if lines else "") + head)
            word = word[len(head) :]
        joined = f"{current} {word}" if current else ("  " if lines else "") + word
        if current and display_width(joined) > width:
            lines.append(current)
            joined = "  " + word
        current = joined
    return [*lines, current]


def fits(rows: Sequence[Sequence[str]], width: int, first: int = 24) -> bool:
    """Whether a table leaves its first column at least `first` columns (or all it needs)."""
    if not rows:
        return True
    widths = [max(display_width(row[c]) for row in rows) for c in range(len(rows[0]))]
    others = sum(widths[1:]) + 2 * (len(widths) - 1)
    return width - others >= min(first, widths[0])
