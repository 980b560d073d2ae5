"""Rows set in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.report.layout import display_width, pad, printable, wrap, wrap_to

FIRST = 14
"""The first column is made no narrower than this (or than it needs)."""


def show_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, right: str = ""
) -> str:
    """Rows below their heads. The first column takes the width that the others leave and wraps.

    Where that is too little, heads are broken at their spaces; where it still is, each row stands
    as a list, its cells behind their heads. `right` has a letter for each column: `r` for numbers,
    which end together, anything else for words.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    for most in (width, 0):
        broken = [
            _broken(head, max([most, *(display_width(row[n]) for row in cells)]))
            for n, head in enumerate(heads)
        ]
        sizes = [
            max(map(display_width, (*broken[n], *(row[n] for row in cells))))
            for n in range(len(heads))
        ]
        left = width - sum(sizes[1:]) - 2 * (len(sizes) - 1)
        if left >= min(sizes[0], FIRST):
            sizes[0] = min(max(sizes[0], display_width(heads[0])), left)
            broken[0] = _broken(heads[0], sizes[0])
            return "\n".join(_columns(broken, cells, sizes, right.ljust(len(heads)))) + "\n"
    return "\n".join(_lists(heads, cells, width)) + "\n"


def _broken(head: str, size: int) -> list[str]:
    """A head in lines no longer than a size, or than its longest word."""
    words = [word.replace("\u00a0", " ") for word in head.replace(" %", "\u00a0%").split(" ")]
    size = max(size, *map(display_width, words))
    lines = [words[0]]
    for word in words[1:]:
        if display_width(lines[-1]) + 1 + display_width(word) <= size:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _columns(
    heads: Sequence[Sequence[str]],
    cells: Sequence[Sequence[str]],
    sizes: Sequence[int],
    sides: str,
) -> list[str]:
    height = max(map(len, heads))
    level = [[*[""] * (height - len(lines)), *lines] for lines in heads]
    lines = [_line([each[n] for each in level], sizes, sides) for n in range(height)]
    lines.append("  ".join("-" * size for size in sizes))
    for row in cells:
        first, *more = wrap_to(row[0], sizes[0])
        lines.append(_line([first, *row[1:]], sizes, sides))
        lines.extend(more)
    return [line.rstrip() for line in lines]


def _line(cells: Sequence[str], sizes: Sequence[int], sides: str) -> str:
    return "  ".join(
        pad(cell, size, is_right=side == "r")
        for cell, size, side in zip(cells, sizes, sides, strict=True)
    )


def _lists(heads: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """Each row as a list: its first cell, and below it the others behind their heads."""
    lines = []
    for row in cells:
        named = zip(heads[1:], row[1:], strict=True)
        lines += wrap(row[0], width) if row[0] else []
        told = (f"{head}\u00a0{cell}" if head else cell for head, cell in named if cell)
        lines += wrap("; ".join(told), width, "  ")
    return lines
