"""The same courses in two worlds: as they are, and with one decision changed."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.case.case import Case
from foedus.engine.reference import Watch
from foedus.expr.tree import BOOLEAN, Expression
from foedus.questions.fans import Fan
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change, Parting
from foedus.report.figures.course import main_expressions, moments, unseen_expressions
from foedus.report.figures.style import (
    FAINT,
    INK,
    ORANGE,
    PERCENT,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    whole_ticks,
)
from foedus.report.figures.time_axis import TimeAxis, time_axis
from foedus.report.findings import decided_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days, show_figure, show_share
from foedus.report.phrases.names import expression_name, question_name
from foedus.report.what_if.what_if import name_of

MAIN = 8
"""Questions that are watched; the first ones of a case are its main ones."""

SIDES = ("low", "line", "high")

PANEL = WIDTH / 2 - 78
HEIGHT = 120
MOST = 7
"""Panels of courses; the last panel shows where the worlds part."""


def watch_of_pairs(case: Case) -> Watch:
    """What to sample in both worlds: what the main questions ask, then what a course shows."""
    shown = [*main_expressions(case), *unseen_expressions(case)]
    found = dict.fromkeys([*asked_of(case), *shown])
    return Watch(tuple(found), moments(case))


def asked_of(case: Case) -> dict[Expression, str]:
    """What the main questions ask of a moment without a condition, with their names."""
    main = [one for one in list(case.questions.values())[:MAIN] if one.given is None]
    return {one.expression: one.name for one in main if one.kind in ("probability", "mean")}


def draw_pairs(
    case: Case, change: Change | OtherWorld, watched: Sequence[Expression], language: str = "en"
) -> Figure | None:
    """A panel for each watched expression that the decision moves, and one for the parting.

    None where it moves nothing that is watched.
    """
    axis = time_axis(case, case.clock.horizon, language, pixels=PANEL)
    unseen = unseen_expressions(case)  # they have a figure of their own
    pairs = [
        (expression, before, after)
        for expression, before, after in zip(
            watched, change.factual_fans, change.changed_fans, strict=True
        )
        if before.mean != after.mean and expression not in unseen
    ][:MOST]
    if not pairs or change.parting is None:
        return None
    what_if = name_of(case, change.what_if, language)
    questions = asked_of(case)
    panels, told = [], []
    for expression, before, after in pairs:
        if expression in questions:
            name = question_name(case, questions[expression], language)
        else:
            name = expression_name(case, expression, language)
        panels.append(_panel(expression, name, before, after, axis))
        told.append(_told(expression, name, before, after, language))
    panels.append(_parting(change.parting, axis, language))
    rows = [{"hconcat": panels[at : at + 2], "spacing": 34} for at in range(0, len(panels), 2)]
    parted = show_share(change.parting.shares[-1], None, language)
    title = decided_finding(case, change.questions, language)
    title = title or say(language, "finding.parted", share=parted)
    subtitle = [
        _level(case, change, f"{what_if}.", language),
        say(language, "figure.pairs.subtitle-2"),
    ]
    if axis.change is not None:
        subtitle[1] += " " + say(language, "figure.scale")
    alt = say(language, "figure.pairs.alt", what_if=what_if, count=len(panels), told=" ".join(told))
    body: Spec = {"vconcat": rows, "spacing": 22}
    spec = framed(title, subtitle, body, say(language, "figure.pairs"))
    return Figure(f"pairs-{change.what_if}", title, alt, spec)


def _level(case: Case, change: Change | OtherWorld, what_if: str, language: str) -> str:
    """What is given, and from when on the decision is another."""
    as_of = None if isinstance(change, Change) else change.as_of
    date = "" if as_of is None else show_days(case.clock, as_of, language)
    return say(language, f"figure.pairs.level-{change.level}", what_if=what_if, date=date)


def _told(expression: Expression, name: str, before: Fan, after: Fan, language: str) -> str:
    ends = [_line(expression, fan)[-1] or 0.0 for fan in (before, after)]
    factual, changed = (
        show_share(end, None, language)
        if expression.type == BOOLEAN
        else show_figure(end, language, 3)
        for end in ends
    )
    return say(language, "figure.pairs.panel", name=name, factual=factual, changed=changed)


def _line(expression: Expression, fan: Fan) -> Sequence[float | None]:
    """What the line shows: a probability, or the median of the runs (the mean where it is flat)."""
    if expression.type == BOOLEAN:
        return fan.mean
    median = fan.quantiles["0.5"]
    return fan.mean if len(set(median)) == 1 else median


def _panel(expression: Expression, name: str, before: Fan, after: Fan, axis: TimeAxis) -> Spec:
    rows: Rows = []
    for world, fan in (("factual", before), ("changed", after)):
        line = _line(expression, fan)
        for at, days in enumerate(fan.times):
            rows.append({
                "x": axis.place(days), "world": world, "line": line[at],
                "low": fan.quantiles["0.25"][at], "high": fan.quantiles["0.75"][at],
            })  # fmt: skip
    is_share = expression.type == BOOLEAN
    y: Spec = {
        "type": "quantitative", "title": None, "scale": {"zero": True, "nice": True},
        "axis": {"tickCount": 4, "format": ",~r", "minExtent": 48, "maxExtent": 48},
    }  # fmt: skip
    if is_share:
        y["scale"] = {"domain": [0, 1]}
        y["axis"]["labelExpr"] = PERCENT
    elif all(float(row[side] or 0.0).is_integer() for row in rows for side in SIDES):
        y["axis"]["tickCount"] = whole_ticks([row[side] for row in rows for side in SIDES])
    colour = {"field": "world", "type": "nominal", "legend": None,
              "scale": {"domain": ["factual", "changed"], "range": [INK, ORANGE]}}  # fmt: skip
    layers: list[Spec] = [*axis.marks()]
    if not is_share:
        layers.append({
            "mark": {"type": "area", "opacity": 0.16, "interpolate": "step-after"},
            "encoding": {"x": axis.encoding(), "y": {"field": "low", **y},
                         "y2": {"field": "high"}, "color": colour},
        })  # fmt: skip
    layers.append({
        "mark": {"type": "line", "strokeWidth": 2.2, "interpolate": "step-after"},
        "encoding": {"x": axis.encoding(), "y": {"field": "line", **y}, "color": colour},
    })  # fmt: skip
    return _framed_panel(name, rows, layers)


def _parting(parting: Parting, axis: TimeAxis, language: str) -> Spec:
    rows: Rows = [
        {"x": axis.place(days), "share": share}
        for days, share in zip(parting.times, parting.shares, strict=True)
    ]
    y: Spec = {
        "field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]},
        "axis": {"tickCount": 4, "labelExpr": PERCENT, "minExtent": 48, "maxExtent": 48},
    }  # fmt: skip
    mark = {"type": "area", "color": FAINT, "opacity": 0.35, "interpolate": "step-after"}
    layers: list[Spec] = [
        *axis.marks(),
        {"mark": mark, "encoding": {"x": axis.encoding(), "y": y}},
    ]
    return _framed_panel(say(language, "figure.pairs.parted"), rows, layers)


def _framed_panel(name: str, rows: Rows, layers: list[Spec]) -> Spec:
    return {
        "width": PANEL, "height": HEIGHT, "data": {"values": rows}, "layer": layers,
        "title": {"text": broken(name, PANEL + 20, 13.5), "anchor": "start", "fontSize": 13.5,
                  "color": INK, "offset": 9, "frame": "group", "fontWeight": "bold"},
    }  # fmt: skip
