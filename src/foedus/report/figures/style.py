"""How all figures look: one font, one palette, one width, titles in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from foedus.frozen import dataclass

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

WIDTH = 800
"""Width of every figure, pixels."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert carries the first one in itself, so figures need no font of the machine."""

INK, FAINT, RULE, PAPER = "#1a1a1a", "#5c5c5c", "#d9d9d9", "#ffffff"
"""All colours of a drawing stand in this module; `dark` has the one for each in the dark."""

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#666666")
"""Okabe and Ito's colours, which people with any colour vision can tell apart, and two more."""

BLUE, ORANGE, GREEN = PALETTE[:3]

BORDER = "#9a9a9a"
"""Of boxes, and what has no direction."""

FILLS = {"alliances": "#dbe9f6", "states": "#e8e8e8", "offices": "#fdebd3", "people": "#e3f3ec"}
"""Of boxes, by what they stand for."""

SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "circle",
    "square",
)


PERCENT = "format(datum.value * 100, '.0f') + ' %'"
"""The label of a tick at a share, written as in the text beside the figure."""

LINE = 14.0
"""Pixels from one line of a name to the next."""

TITLE = 17.0
"""Size of a figure's title, pixels."""

TITLE_LINE = TITLE + 2.0
"""Pixels from one line of a title to the next, as Vega sets them."""

SUBTITLE_GAP = 5.0
"""Pixels between a title and what stands under it."""

SMALL = 10.5
"""Size of what stands small under a name, pixels."""

MOST_LINES = 3
"""Lines that the name of a row may take."""

MOST_SMALL = 2
"""Lines that the small text under it may take."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: a name for its files, a title, a text for those who cannot see it, and the drawing.

    `spec` is a Vega-Lite specification with its data in it.
    """

    name: str
    title: str
    alt: str
    spec: Spec


def framed(title: str, subtitle: str | Sequence[str], body: Spec, topic: str = "") -> Spec:
    """A drawing with its title, subtitle and the looks that all figures share.

    Where the title says what was found, `topic` says in a line under it what is shown.
    """
    sentences = [subtitle] if isinstance(subtitle, str) else [*subtitle]
    if topic not in ("", title):
        sentences.insert(0, f"{topic}.")
    lines = [line for one in sentences for line in broken(one, WIDTH - 24, 12.5)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": PAPER,
        "padding": 12,
        "title": {
            "text": broken(title, WIDTH - 24, TITLE, most=4), "subtitle": lines, "anchor": "start",
            "frame": "bounds", "fontSize": TITLE, "subtitleFontSize": 12.5,
            "subtitleColor": FAINT, "offset": 14, "subtitlePadding": SUBTITLE_GAP,
        },
        **body,
        "config": {
            "aria": False,
            "font": FONT,
            "view": {"stroke": None},
            "text": {"font": FONT, "color": INK, "fontSize": 12},
            "axis": {
                "labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": FAINT,
                "titleFontWeight": "normal", "gridColor": RULE, "domainColor": RULE,
                "tickColor": RULE, "labelFont": FONT, "titleFont": FONT,
            },
            "legend": {
                "labelColor": INK, "labelFontSize": 12.5, "labelFont": FONT, "labelLimit": 360,
            },
            "title": {"font": FONT, "subtitleFont": FONT, "color": INK},
        },
    }  # fmt: skip


def title_height(figure: Figure) -> float:
    """Pixels that a figure's own title takes: what is empty where the page says it instead."""
    lines = len(figure.spec["title"]["text"])
    return TITLE + TITLE_LINE * (lines - 1) + SUBTITLE_GAP


def names_beside(pixels: float) -> Spec:
    """A vertical axis of names in a column of its own, each in the middle of its row.

    The names hold the breaks of their lines (see `broken`); what follows a tab is not shown.
    """
    lines = "split(split(datum.label, '\\t')[0], '\\n')"
    return {
        "labelExpr": lines, "labelLimit": pixels, "labelAlign": "left",
        "labelPadding": pixels - 6, "minExtent": pixels, "maxExtent": pixels,
        "labelLineHeight": LINE, "domain": False, "ticks": False,
        # Vega sets the first line in the middle of the row, and the others below it.
        "labelOffset": {
            "condition": [
                {"test": f"length({lines}) == {count}", "value": -LINE * (count - 1) / 2}
                for count in range(2, MOST_LINES + MOST_SMALL + 1)
            ],
            "value": 0,
        },
    }  # fmt: skip


def named_row(name: str, small: str, pixels: float) -> dict[str, object]:
    """The name of a row as `names_beside` shows it, and a small text under it, both in few lines.

    Rows of one name are told apart by their small texts. `lines` counts those lines, too; `down` is
    how many half lines the first of them stands below the middle.
    """
    lines = broken(name, pixels - 14, most=MOST_LINES)
    if not small:
        return {"name": "\n".join(lines), "small": [], "lines": len(lines), "down": 0}
    smalls = broken(small, pixels - 8, SMALL, most=MOST_SMALL)
    rest = [*[" "] * (len(smalls) - 1), f" \t{small}"]
    return {
        "name": "\n".join([*lines, *rest]),
        "small": smalls,
        "lines": len(lines) + len(smalls),
        "down": len(lines) - len(smalls) + 1,
    }


def row_height(rows: Rows) -> float:
    """Pixels that each of some rows made by `named_row` needs."""
    return LINE * max(int(row["lines"]) for row in rows) + 5.0


def small_names(y: Spec, pixels: float) -> list[Spec]:
    """The small texts of rows made by `named_row`, each line of them below those of its name."""
    return [
        {
            "transform": [{"filter": f"datum.down === {down} && length(datum.small) > {line}"},
                          {"calculate": f"datum.small[{line}]", "as": "shown"}],
            "mark": {"type": "text", "align": "left", "baseline": "middle", "x": 6 - pixels,
                     "dy": LINE * (down / 2 + line), "fontSize": SMALL, "color": FAINT},
            "encoding": {"y": y, "text": {"field": "shown"}},
        }
        for down in range(2 - MOST_SMALL, MOST_LINES + 1)
        for line in range(MOST_SMALL)
    ]  # fmt: skip


def whole_ticks(values: Iterable[float | None]) -> int:
    """How many ticks an axis of counts asks for, so that none stands at a part of one."""
    return int(max(1.0, min(4.0, max((value or 0.0 for value in values), default=0.0))))


def text_width(text: str, size: float = 12.0) -> float:
    """About how many pixels a text takes in the figures' font (a little more than it does)."""
    total = 0.0
    for character in text:
        if character in "iljtfrI.,:;'|!()[] ":
            total += 0.34
        elif character in "mwMW@%—":
            total += 0.9
        elif character.isupper() or character.isdigit():
            total += 0.68
        else:
            total += 0.56
    return total * size


def shortened(text: str, pixels: float, size: float = 12.0) -> str:
    """A text cut to fit a width, with an ellipsis where something is left out."""
    if text_width(text, size) <= pixels:
        return text
    while text and text_width(text + "…", size) > pixels:
        text = text[:-1]
    return text.rstrip(" ,;:") + "…"


def broken(text: str, pixels: float, size: float = 12.0, most: int = 2) -> list[str]:
    """A text broken into lines of a width; what does not fit into `most` lines is cut."""
    lines: list[str] = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size) <= pixels or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shortened(line, pixels, size) for line in lines]
