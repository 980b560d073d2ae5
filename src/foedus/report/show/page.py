"""How the model is printed back: indented entries in the words of the case language."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.case import LocalText
from foedus.dates import Clock
from foedus.expr.show import show_expression, show_number
from foedus.expr.tree import Expression, Group
from foedus.report.layout import wrap

STEP = "  "


class Page:
    """Lines of indented `key: text` entries, wrapped to a width."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []

    def section(self, name: str) -> None:
        """Begin a section."""
        self.lines += ([""] if self.lines else []) + [f"{name}:"]

    def entry(self, level: int, key: str, text: str = "") -> None:
        """A key and what belongs to it; long texts go on, set in further."""
        indent = STEP * level
        self.lines += wrap(f"{key}: {text}".rstrip(), self.width, indent, indent + STEP * 2)

    def words(self, level: int, text: LocalText, language: str) -> None:
        """A text for people, marked as a comment."""
        if text:
            indent = STEP * level + "# "
            self.lines += wrap(text.get(language), self.width, indent, indent)


def show_indexed(name: str, names: Iterable[str], groups: Iterable[Group]) -> str:
    """A name with its indices: `street[c in city]`, or `spread[member]` for unnamed ones."""
    parts = [
        group.name if index in ("", group.name) else f"{index} in {group.name}"
        for index, group in zip(names, groups, strict=True)
    ]
    return f"{name}[{', '.join(parts)}]" if parts else name


def show_unit(unit: str) -> str:
    """A unit with a space before it; plain numbers have none."""
    return f" {unit}" if unit not in ("", "none") else ""


def show_end(clock: Clock, days: float) -> str:
    """A time as ISO text; midnight is the end of the day before."""
    text = clock.show_days(days)
    if not text.endswith("T00:00") or days <= 0.0:
        return text
    return f"the end of {clock.show_days(days - 0.5).partition('T')[0]}"


def show_days_plainly(days: float) -> str:
    """A length of time in days, exactly: `1 day`, `0.25 days`."""
    return f"{show_number(days)} {'day' if days == 1 else 'days'}"


def show_expressions(expressions: Iterable[Expression]) -> str:
    """Some expressions, with commas between them."""
    return ", ".join(show_expression(expression) for expression in expressions)
