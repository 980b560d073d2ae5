"""The answers together and under each explanation: a dot for the value, a line for the range."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.case.case import Case
from foedus.questions.answers import Answer
from foedus.questions.estimates import Estimate
from foedus.report.figures.style import (
    FAINT,
    INK,
    PALETTE,
    SHAPES,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    names_beside,
)
from foedus.report.findings import explanations_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_estimate, time_unit
from foedus.report.phrases.answer_text import (
    NOTHING,
    Measure,
    at_least,
    bounds,
    measure_of,
    show_estimate_of,
)
from foedus.report.phrases.names import asked, question_name, reading_name

LABELS = 285
BAND = 13
VALUES = 74


def draw_answers(
    case: Case, answers: Sequence[Answer], language: str, name: str = "answers"
) -> Figure | None:
    """One panel for the probabilities, then one for each number or duration; None without any."""
    shown = [answer for answer in answers if answer.estimate.value is not None]
    if not shown:
        return None
    readings = list(dict.fromkeys(one for answer in shown for one in answer.by_explanation))
    readings = readings if len(readings) > 1 else []
    series = [
        say(language, "figure.together"),
        *(reading_name(case, r, language) for r in readings),
    ]
    measures = {answer.name: measure_of(case.questions[answer.name]) for answer in shown}
    likely = [answer for answer in shown if measures[answer.name] == "probability"]
    panels = [_panel(case, likely, readings, series, "probability", language)] if likely else []
    for answer in shown:
        if measures[answer.name] != "probability":
            measure = measures[answer.name]
            panels.append(_panel(case, [answer], readings, series, measure, language))
    topic = say(language, "figure.answers" if readings else "figure.answers-single")
    title = explanations_finding(case, shown, language) if readings else topic
    before = f"{say(language, 'figure.unweighed')} " if case.evidence or case.claims else ""
    first, last = (say(language, f"figure.answers.subtitle-{part}") for part in (1, 2))
    body: Spec = {"vconcat": panels, "spacing": 14, "resolve": {"scale": {"x": "independent"}}}
    told = " ".join(_told(case, answer, measures[answer.name], language) for answer in shown)
    return Figure(
        name, title, f"{title}. {before}{told}", framed(title, [before + first, last], body, topic)
    )


def _told(case: Case, answer: Answer, measure: Measure, language: str) -> str:
    value, span = show_estimate_of(answer.estimate, measure, language)
    question = asked(case, answer.name, language)
    return say(language, "figure.answers.one", question=question, value=value, range=span)


def _panel(
    case: Case, answers: Sequence[Answer], readings: Sequence[str], series: Sequence[str],
    measure: Measure, language: str,
) -> Spec:  # fmt: skip
    unit, length = ("", 1.0)
    if measure == "duration":
        unit, length = time_unit(max(_largest(answer) for answer in answers))
    rows: Rows = []
    for answer in answers:
        label = "\n".join(broken(question_name(case, answer.name, language), LABELS - 14, most=3))
        estimates = [answer.estimate, *(answer.by_explanation[one].estimate for one in readings
                                        if one in answer.by_explanation)]  # fmt: skip
        for one, estimate in zip(series, estimates, strict=False):
            rows.append(_row(answer, label, one, estimate, measure, length, language))
    questions = list(dict.fromkeys(row["question"] for row in rows))
    step = max(BAND * len(series), 48) + 8
    x: Spec = {"type": "quantitative", "scale": {"zero": True, "nice": True}, "title": None}
    if measure == "probability":
        x["scale"] = {"domain": [0, 100]}
        x["axis"] = {"labelExpr": "datum.value + ' %'", "tickCount": 5}
    else:
        if not any(row.get("low") or row.get("high") for row in rows):
            x["scale"] = {"domain": [0, 1]}  # nothing but noughts, which belong at the left
        name = say(language, f"figure.unit.{unit}") if unit else None
        x |= {"title": name, "axis": {"tickCount": 5, "format": ",~r", "titlePadding": 2}}
    y: Spec = {
        "field": "question", "type": "nominal", "sort": questions, "title": None,
        "scale": {"paddingInner": 8 / step, "paddingOuter": 4 / step},
        "axis": names_beside(LABELS),
    }  # fmt: skip
    return {
        "width": WIDTH - LABELS - VALUES - 24, "height": step * len(questions),
        "data": {"values": rows}, "layer": _layers(x, y, list(series)),
    }  # fmt: skip


def _largest(answer: Answer) -> float:
    estimates = [answer.estimate, *(part.estimate for part in answer.by_explanation.values())]
    return max(abs(bounds(one)[1]) for one in estimates if one.value is not None)


def _row(
    answer: Answer, question: str, series: str, estimate: Estimate, measure: Measure,
    length: float, language: str,
) -> dict[str, object]:  # fmt: skip
    row: dict[str, object] = {"question": question, "series": series, "shown": NOTHING}
    if estimate.value is None:
        return row
    scale = 100.0 if measure == "probability" else 1.0 / length
    low, high = bounds(estimate)
    shown = at_least(answer, _shown(estimate, measure, length, language), language)
    return row | {
        "value": estimate.value * scale, "low": low * scale, "high": high * scale, "shown": shown,
    }  # fmt: skip


def _shown(estimate: Estimate, measure: Measure, length: float, language: str) -> str:
    """The value as it stands beside its mark; durations in the unit of the axis."""
    if measure != "duration" or estimate.value is None:
        return show_estimate_of(estimate, measure, language)[0]
    error = None if estimate.error is None else estimate.error / length
    return show_estimate(estimate.value / length, error, language)


def _layers(x: Spec, y: Spec, series: list[str]) -> list[Spec]:
    legend = None if len(series) == 1 else {
        "title": None, "orient": "top", "direction": "vertical", "rowPadding": 1,
        "symbolSize": 80, "offset": 8, "symbolOpacity": 1, "labelLimit": 400,
    }  # fmt: skip
    colour = {
        "field": "series", "type": "nominal", "legend": legend,
        "scale": {"domain": series, "range": [INK, *PALETTE][: len(series)]},
    }  # fmt: skip
    shape = {
        "field": "series", "type": "nominal", "legend": legend,
        "scale": {"domain": series, "range": ["diamond", *SHAPES][: len(series)]},
    }  # fmt: skip
    common = {"y": y, "yOffset": {"field": "series", "sort": series,
                                  "scale": {"paddingOuter": 0.2}}}  # fmt: skip
    bold = {"condition": {"test": f"datum.series == {series[0]!r}", "value": 3.2}, "value": 1.8}
    weight = {"condition": {"test": f"datum.series == {series[0]!r}", "value": 95}, "value": 45}
    ink = {"condition": {"test": f"datum.series == {series[0]!r}", "value": INK}, "value": FAINT}
    return [
        {
            "mark": {"type": "rule", "strokeCap": "round", "opacity": 0.55},
            "encoding": {**common, "x": {"field": "low", **x}, "x2": {"field": "high"},
                         "color": colour, "strokeWidth": bold},
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {**common, "x": {"field": "value", **x}, "color": colour, "shape": shape,
                         "size": weight},
        },
        {
            "mark": {"type": "text", "align": "left", "x": WIDTH - LABELS - VALUES - 14,
                     "fontSize": 11},
            "encoding": {**common, "text": {"field": "shown"}, "color": ink},
        },
    ]  # fmt: skip
