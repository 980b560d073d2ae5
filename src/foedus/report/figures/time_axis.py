"""The axis of time: the busy weeks get most of the width, and the change of scale is shown.

A crisis has most of its record in a few weeks and its aftermath in years. Times are turned into
places from 0 to 1 here, in one or two straight pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from foedus.case.case import Case
from foedus.dates.civil import civil_date, day_number
from foedus.dates.instant import DAY, MINUTE, Instant, midnight
from foedus.frozen import dataclass
from foedus.report.figures.style import FAINT, Spec, text_width
from foedus.report.language.numbers import show_instant, show_month, show_year

BUSY = 0.85
"""The share of the record that the first piece holds at least."""

WIDE = 0.62
"""The share of the width that the first piece gets."""

TICK = 56.0
"""Pixels for each tick with its label."""

MARGIN = 22.0
"""Pixels by which a label may stand out at either end."""

GAP = 2.0
"""Pixels between two labels at least."""

YEARS = (12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
"""Steps of ticks that are whole years, in months."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Pieces (days, place) at which the scale starts, changes and ends; ticks with their labels."""

    points: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]

    def place(self, days: float) -> float:
        """Where on the axis a time lies, 0 to 1 (beyond where it lies outside)."""
        pieces = list(pairwise(self.points))
        for (start, left), (end, right) in pieces:
            if days <= end or (end, right) == self.points[-1]:
                return left + (days - start) / (end - start) * (right - left)
        raise AssertionError("an axis has at least one piece")

    @property
    def change(self) -> float | None:
        """The place at which the scale changes, or None."""
        return self.points[1][1] if len(self.points) > 2 else None

    def as_axis(self) -> Spec:
        """The axis of Vega-Lite."""
        # Compared as numbers: as text they would be written with the comma of some languages.
        chosen = "".join(
            f"abs(datum.value - {place:.9f}) < 1e-6 ? {json.dumps(label)} : "
            for place, label in self.ticks
        )
        return {
            "values": [place for place, _ in self.ticks], "labelExpr": chosen + "''",
            "title": None, "labelOverlap": False, "labelFlush": False,
        }  # fmt: skip

    def encoding(self, field: str = "x") -> dict[str, Any]:
        """The horizontal encoding of a field that holds places."""
        return {
            "field": field, "type": "quantitative", "axis": self.as_axis(),
            "scale": {"domain": [0, 1], "nice": False, "zero": False},
        }  # fmt: skip

    def marks(self) -> list[Spec]:
        """A dashed line where the scale changes."""
        if self.change is None:
            return []
        return [{
            "data": {"values": [{"x": self.change}]},
            "mark": {"type": "rule", "strokeDash": [3, 3], "color": FAINT},
            "encoding": {"x": self.encoding()},
        }]  # fmt: skip


def time_axis(case: Case, end: float, language: str = "en", *, pixels: float = 500.0) -> TimeAxis:
    """The axis from the start of the clock to `end` (days), with as many ticks as fit its width."""
    busy = busy_days(case)
    if busy is None or end < 3.0 * busy:
        points: tuple[tuple[float, float], ...] = ((0.0, 0.0), (end, 1.0))
    else:
        points = ((0.0, 0.0), (busy, WIDE), (end, 1.0))
    axis = TimeAxis(points, ())
    ticks: list[tuple[float, str]] = []
    free = -MARGIN
    for first, last in pairwise(points):
        most = max(2, int((last[1] - first[1]) * pixels / TICK))
        for days, label in _ticks(case, first[0], last[0], most, language):
            place = axis.place(days)
            middle, half = place * pixels, text_width(label) / 2.0
            if middle - half >= free and middle + half <= pixels + MARGIN:
                ticks.append((place, label))
                free = middle + half + GAP
    return TimeAxis(points, tuple(ticks))


def busy_days(case: Case) -> float | None:
    """The day by which most of the record has happened, with some room; None without a record."""
    ends = sorted(case.clock.days(period.end) for item in case.evidence for period, _ in item.when)
    if not ends:
        return None
    return max(1.0, float(int(ends[int(BUSY * (len(ends) - 1))] * 1.1) + 1))


def _ticks(
    case: Case, start: float, end: float, most: int, language: str
) -> Iterator[tuple[float, str]]:
    """Days of a short piece, months or years of a long one: about as many as fit."""
    length = end - start
    if length <= 31.0 * most:
        step = next(s for s in (1, 2, 3, 4, 5, 7, 10, 14, 21, 31) if length / s <= most or s == 31)
        day = float(int(start)) if start == 0.0 else float(int(start) + step)
        while day <= end - 0.25 * step:
            yield day, show_instant(case.clock.instant(day), case.clock.zone, language,
                                    style="short", with_year=False)  # fmt: skip
            day += step
        return
    months = length / 30.44
    step = next(s for s in (1, 2, 3, 4, 6, *YEARS) if months / s <= most + 0.5 or s == YEARS[-1])
    for days, year, month in _months(case, start, end):
        if (12 * year + month - 1) % step == 0 and days - start > 0.1 * length:
            is_year = step >= 12
            yield days, show_year(year, language) if is_year else show_month(year, month, language)


def _months(case: Case, start: float, end: float) -> Iterator[tuple[float, int, int]]:
    """The starts of months within a span, in days of the clock."""
    zone = case.clock.zone
    instant = case.clock.instant(start)
    year, month, _ = civil_date((instant.microseconds + zone.minutes * MINUTE) // DAY)
    while True:
        first: Instant = midnight(day_number(year, month, 1), zone)
        days = case.clock.days(first)
        if days > end:
            return
        if days >= start:
            yield days, year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
