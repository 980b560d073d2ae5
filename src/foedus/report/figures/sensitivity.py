"""What drives the answers: a bar for each assumption, under each question."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.questions.sensitivity import Drivers, Effect, Sensitivity
from foedus.report.answers.sensitivity import input_words, is_clear, shown_effects
from foedus.report.figures.style import (
    BLUE,
    BORDER,
    INK,
    ORANGE,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    named_row,
    names_beside,
    row_height,
    small_names,
)
from foedus.report.findings import drivers_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share
from foedus.report.phrases.names import asked, question_name

LABELS = 300


def draw_sensitivity(case: Case, found: Sensitivity, language: str) -> Figure | None:
    """One panel for each question that something moves; None if nothing moves any."""
    shown = [one for one in found.questions if any(is_clear(effect) for effect in one.effects)]
    if not shown:
        return None
    topic = say(language, "figure.drivers")
    title = drivers_finding(case, shown, language) or topic
    subtitle = [say(language, f"figure.drivers.subtitle-{part}") for part in (1, 2)]
    if found.is_given_record:
        subtitle.append(say(language, "figure.drivers.record"))
    panels = [_panel(case, one, language) for one in shown]
    told = " ".join(_told(case, one, language) for one in shown)
    alt = say(language, "figure.drivers.alt", count=len(shown), told=told)
    body: Spec = {"vconcat": panels, "spacing": 18}
    return Figure("drivers", title, alt, framed(title, subtitle, body, topic))


def _told(case: Case, drivers: Drivers, language: str) -> str:
    parts = [
        say(
            language, "figure.drivers.effect", name=input_words(case, one.input, language)[0],
            share=show_share(min(max(one.total, 0.0), 1.0), None, language),
        )
        for one in shown_effects(drivers)
    ]  # fmt: skip
    question = asked(case, drivers.question, language)
    return say(language, "figure.drivers.one", question=question, effects=", ".join(parts))


def _panel(case: Case, drivers: Drivers, language: str) -> Spec:
    effects = shown_effects(drivers)
    rows: Rows = [_row(case, effect, language) for effect in effects]
    y: Spec = {
        "field": "name", "type": "nominal", "sort": [row["name"] for row in rows], "title": None,
        "axis": names_beside(LABELS),
    }  # fmt: skip
    x: Spec = {
        "type": "quantitative", "title": None, "scale": {"domain": [0, 100]},
        "axis": {"labelExpr": "datum.value + ' %'", "tickCount": 5},
    }  # fmt: skip
    lines = broken(question_name(case, drivers.question, language), WIDTH - 30, 13.0)
    return {
        "title": {"text": lines, "anchor": "start", "frame": "bounds", "fontSize": 13,
                  "fontWeight": "normal", "color": INK, "offset": 4},
        "width": WIDTH - LABELS - 60, "height": row_height(rows) * len(rows),
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar", "height": 11},
             "encoding": {"y": y, "x": {"field": "share", **x},
                          "color": {"field": "colour", "type": "nominal", "scale": None}}},
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
             "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}}},
            *small_names(y, LABELS),
        ],
    }  # fmt: skip


def _row(case: Case, effect: Effect, language: str) -> dict[str, object]:
    share, margin = 100.0 * effect.total, 200.0 * effect.total_error
    return {
        **named_row(*input_words(case, effect.input, language), LABELS),
        "share": min(max(share, 0.0), 100.0),
        "low": max(share - margin, 0.0), "high": min(max(share + margin, 0.0), 100.0),
        "colour": _colour(effect),
    }  # fmt: skip


def _colour(effect: Effect) -> str:
    slope, error = effect.slope, effect.slope_error
    if slope is None or error is None or abs(slope) <= 2.0 * error:
        return BORDER
    return BLUE if slope > 0.0 else ORANGE
