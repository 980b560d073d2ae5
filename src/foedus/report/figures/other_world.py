"""What a decision changed given the record: each question as it is, and with it changed."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.questions.estimates import Estimate
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.worlds import Comparison
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
    names_beside,
)
from foedus.report.findings import moved_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share
from foedus.report.phrases.names import question_name
from foedus.report.what_if.what_if import name_of

LABELS = 300
STEP = 44
WORLDS = (("factual", INK), ("changed", ORANGE))


def draw_other_world(case: Case, found: OtherWorld, language: str = "en") -> Figure | None:
    """A row for each question of yes or no that can be answered in both worlds; None if none can.

    Dots are probabilities, bars the range over the parameters and explanations that are left.
    """
    shown = [one for one in found.questions if _is_shown(one)]
    if not shown:
        return None
    what_if = name_of(case, found.what_if, language)
    is_forecast = found.level == "forecast"
    topic = say(language, "figure.other-world.policy" if is_forecast else "figure.other-world")
    title = moved_finding(case, shown, language)
    subtitle = [
        say(language, "figure.other-world.subtitle-1", what_if=f"{what_if}."),
        say(language, "figure.other-world.subtitle-2"),
    ]
    told = " ".join(_told(case, one, language) for one in shown)
    alt = say(language, "figure.other-world.alt", what_if=what_if, count=len(shown), told=told)
    spec = framed(title, subtitle, _rows(case, shown, language), topic)
    return Figure(f"other-world-{found.what_if}", title, alt, spec)


def _is_shown(one: Comparison) -> bool:
    worlds = (one.factual, one.counterfactual)
    return one.kind == "probability" and all(world.value is not None for world in worlds)


def _told(case: Case, one: Comparison, language: str) -> str:
    factual, changed = (
        show_share(world.value or 0.0, world.error, language)
        for world in (one.factual, one.counterfactual)
    )
    name = question_name(case, one.name, language)
    return say(language, "figure.pairs.panel", name=name, factual=factual, changed=changed)


def _rows(case: Case, shown: list[Comparison], language: str) -> Spec:
    names = {
        one.name: "\n".join(broken(question_name(case, one.name, language), LABELS - 20, 12.0))
        for one in shown
    }
    rows: Rows = []
    for one in shown:
        for (world, _), of in zip(WORLDS, (one.factual, one.counterfactual), strict=True):
            rows.append({"name": names[one.name], "world": world, **_range(of)})
    y: Spec = {
        "field": "name", "type": "nominal", "title": None,
        "sort": list(names.values()),
        "axis": names_beside(LABELS),
    }  # fmt: skip
    x: Spec = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {"labelExpr": PERCENT, "tickCount": 5},
    }
    layers: list[Spec] = []
    for world, colour in WORLDS:
        layers += _layers(world, colour, x, y)
    return {
        "width": WIDTH - LABELS - 40, "height": STEP * len(shown), "data": {"values": rows},
        "layer": layers,
    }  # fmt: skip


def _range(of: Estimate) -> dict[str, object]:
    value = of.value or 0.0
    low, high = (value if end is None else min(max(end, 0.0), 1.0) for end in (of.low, of.high))
    return {"value": value, "low": low, "high": high}


def _layers(world: str, colour: str, x: Spec, y: Spec) -> list[Spec]:
    offset = -7 if world == "factual" else 7
    only = [{"filter": f"datum.world === '{world}'"}]
    return [
        {"transform": only, "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.3,
                                     "color": colour, "yOffset": offset, "y2Offset": offset},
         "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}}},
        {"transform": only, "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1,
                                     "color": colour, "stroke": FAINT, "yOffset": offset},
         "encoding": {"y": y, "x": {"field": "value", **x}}},
    ]  # fmt: skip
