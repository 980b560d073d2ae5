"""Rows set in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.report.layout import NARROWEST, display_width, printable, wrap


def show_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, right: str = ""
) -> str:
    """Rows below their heads. The first column takes the width that the others leave and wraps.

    `right` has a letter for each column: `r` for numbers, which end together, anything else for
    words.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    sides = right.ljust(len(heads), "l")
    sizes = [
        max([display_width(heads[n]), *(display_width(row[n]) for row in cells)])
        for n in range(len(heads))
    ]
    sizes[0] = min(sizes[0], max(width - sum(sizes[1:]) - 2 * (len(sizes) - 1), NARROWEST))
    rule = "  ".join("-" * size for size in sizes)
    lines = [_line(heads, sizes, sides), rule]
    for row in cells:
        first, *more = wrap(row[0], sizes[0], hanging="  ")
        lines.append(_line([first, *row[1:]], sizes, sides))
        lines.extend(more)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _line(cells: Sequence[str], sizes: Sequence[int], sides: str) -> str:
    padded = (
        " " * (size - display_width(cell)) + cell
        if side == "r"
        else cell + " " * (size - display_width(cell))
        for cell, size, side in zip(cells, sizes, sides, strict=True)
    )
    return "  ".join(padded)
