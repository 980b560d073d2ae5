"""Said and came: how often what was forecast came, a panel for each way of leaving out."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.history.intervals import wilson
from foedus.questions.fits.ended import ALL, GIVEN
from foedus.questions.fits.scoring import CallContest
from foedus.report.figures.style import (
    BLUE,
    FAINT,
    INK,
    PERCENT,
    WIDTH,
    Figure,
    Rows,
    Spec,
    framed,
)
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share

PANEL = WIDTH / 2 - 90
NAME = "calibration-calls"
_WAYS = {"by time": "time", ALL: "questions", GIVEN: "given"}


def draw_calibration(contests: Sequence[CallContest], language: str = "en") -> Figure:
    """A reliability diagram of each contest; bars are Wilson's 95 % interval of what came."""
    title = say(language, "figure.calibration")
    panels = [_panel(one, language) for one in contests]
    told = " ".join(_told(one, language) for one in contests)
    body: Spec = {"concat": panels, "columns": 2, "spacing": 40}
    subtitle = say(language, "figure.calibration.subtitle")
    return Figure(NAME, title, f"{title}. {told}", framed(title, subtitle, body))


def _told(contest: CallContest, language: str) -> str:
    name = "bin-questions" if contest.way in (ALL, GIVEN) else "bin"
    parts = [
        say(
            language, f"figure.calibration.{name}",
            said=show_share(one.forecast, None, language),
            came=show_share(one.came, None, language), count=one.cases,
        )
        for one in contest.calibration.bins
    ]  # fmt: skip
    return f"{_name(contest, language)}: {', '.join(parts)}."


def _name(contest: CallContest, language: str) -> str:
    way = _WAYS.get(contest.way, "one-out")
    return say(language, f"figure.calibration.{way}", count=len(contest.ids))


def _panel(contest: CallContest, language: str) -> Spec:
    rows: Rows = []
    for one in contest.calibration.bins:
        low, high = wilson(one.came * one.cases, one.cases)
        rows.append(
            {"said": one.forecast, "came": one.came, "low": low, "high": high, "cases": one.cases}
        )
    axis = {"labelExpr": PERCENT, "tickCount": 5}
    scale = {"domain": [0, 1]}
    x: Spec = {"field": "said", "type": "quantitative", "scale": scale, "axis": axis,
               "title": say(language, "figure.calibration.said")}  # fmt: skip
    y: Spec = {"type": "quantitative", "scale": scale, "axis": axis,
               "title": say(language, "figure.calibration.came")}  # fmt: skip
    diagonal = [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
    plain: Spec = {"type": "quantitative"}
    layers: list[Spec] = [
        {"data": {"values": diagonal}, "mark": {"type": "line", "color": FAINT,
         "strokeDash": [4, 4]}, "encoding": {"x": {"field": "x", **plain, "scale": scale},
                                             "y": {"field": "y", **plain, "scale": scale}}},
        {"mark": {"type": "rule", "color": BLUE, "strokeWidth": 1.6},
         "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}}},
        {"mark": {"type": "circle", "color": BLUE, "size": 90, "opacity": 1},
         "encoding": {"x": x, "y": {"field": "came", **y}}},
        {"mark": {"type": "text", "dy": -11, "color": INK},
         "encoding": {"x": x, "y": {"field": "high", **y}, "text": {"field": "cases"}}},
    ]  # fmt: skip
    heading = {"text": _name(contest, language), "anchor": "start", "fontSize": 13.5, "color": INK}
    return {
        "width": PANEL, "height": PANEL, "data": {"values": rows}, "layer": layers,
        "title": heading,
    }  # fmt: skip
