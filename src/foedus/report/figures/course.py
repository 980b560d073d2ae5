"""The course of the main state variables: fan charts, with what was observed and claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from foedus.case.case import Case
from foedus.case.reads import expressions_of
from foedus.engine.reference import Watch
from foedus.expr.tree import BOOLEAN, Binary, Expression, LabelValue, NumberType, Variable, walk
from foedus.frozen import dataclass
from foedus.questions.fans import Fan
from foedus.report.catalogue import say
from foedus.report.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PERCENT,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    whole_ticks,
)
from foedus.report.figures.time_axis import TimeAxis, busy_days, time_axis
from foedus.report.names import expression_name
from foedus.report.numbers import show_figure, show_share

MOST = 8
"""Panels of the figure."""

PANEL = WIDTH / 2 - 78
HEIGHT = 130
EARLY, LATE = 48, 24
"""Times at which the busy weeks and the rest are looked at."""


Both = tuple[Fan, Fan | None]
"""An expression over time by the assumptions alone, and given the record where that is known."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value observed or claimed at a time (days), for a panel."""

    days: float
    value: float
    is_claim: bool


def watch_of(case: Case, most: int = MOST) -> Watch:
    """What to sample for this figure: the main expressions, at times dense in the busy weeks.

    Main are the offices and the numbers that the questions ask about and the record measures: the
    more often, the earlier. Give it to `simulate`, and its fans to `draw_course`.
    """
    return Watch(main_expressions(case, most), moments(case))


def main_expressions(case: Case, most: int = MOST) -> tuple[Expression, ...]:
    """The expressions worth watching: what the first question asks, then the most looked at.

    Being asked about counts 1, measured 2, claimed 1, and read by events up to 4.
    """
    found: Counter[Expression] = Counter()
    first: list[Expression] = []
    for question in case.questions.values():
        parts = _watchable(case, question.expression)
        first = first or parts
        found.update(dict.fromkeys(parts, 1))
    for item in case.evidence:
        if item.kind == "value" and item.expression is not None:
            found.update(dict.fromkeys(_watchable(case, item.expression), 2))
    for claim in case.claims:
        if claim.kind == "value" and claim.value is not None:
            found.update(dict.fromkeys(_watchable(case, claim.value), 1))
    readers = Counter(
        part for happening in case.events.values()
        for part in {p for e in expressions_of(happening.kind) for p in _watchable(case, e)}
    )  # fmt: skip
    for part in found:
        found[part] += min(4, readers[part] // 3)
    others = [part for part, _ in found.most_common() if part not in first]
    return (*first, *others)[:most]


def _watchable(case: Case, expression: Expression) -> list[Expression]:
    """Offices' holders and plain numbers in an expression that may be shown, each once."""
    found: dict[Expression, None] = {}
    offices = {office.variable for office in case.offices.values()}
    for node in walk(expression):
        if (
            isinstance(node, Binary)
            and node.operator in ("==", "!=")
            and isinstance(node.left, Variable)
            and node.left.name in offices
            and isinstance(node.right, LabelValue)
        ):
            found[Binary("==", node.left, node.right, BOOLEAN)] = None
        elif isinstance(node, Variable) and not node.indices and node.name in case.state:
            is_number = isinstance(node.type, NumberType)
            if is_number and not case.state[node.name].spec.is_latent:
                found[Variable(node.name, (), node.type)] = None
    return list(found)


def moments(case: Case) -> tuple[float, ...]:
    """Times worth looking at, dense in the busy weeks (days)."""
    end, busy = case.clock.horizon, busy_days(case)
    if busy is None or end < 3.0 * busy:
        return tuple(end * step / (EARLY + LATE) for step in range(EARLY + LATE + 1))
    early = [busy * step / EARLY for step in range(EARLY)]
    return (*early, *(busy + (end - busy) * step / LATE for step in range(LATE + 1)))


def draw_course(
    case: Case,
    watched: Sequence[Expression],
    fans: Sequence[Fan],
    language: str = "en",
    given: Mapping[Expression, Fan] | None = None,
) -> Figure | None:
    """A panel for each watched expression that moves or was observed, or None without any.

    `given` are the same over courses that agree with the record, where these were found.
    """
    axis, known = time_axis(case, case.clock.horizon, language, pixels=PANEL), given or {}
    topic = title = say(language, "figure.course-given" if known else "figure.course")
    panels, told, is_observed = [], [], False
    for expression, fan in zip(watched, fans, strict=True):
        seen, weighed = observations(case, expression), known.get(expression)
        if _is_still(fan) and not seen and (weighed is None or _is_still(weighed)):
            continue
        is_observed = is_observed or bool(seen)
        name, both = expression_name(case, expression, language), (fan, weighed)
        panels.append(_panel(case, expression, name, both, axis, language))
        told.append(_told("figure.course.panel", expression, name, both, language))
        if title == topic and _is_condition(expression):
            title = _told("finding.course", expression, name, both, language)
    if not panels:
        return None
    rows = [{"hconcat": panels[at : at + 2], "spacing": 34} for at in range(0, len(panels), 2)]
    alt = say(language, "figure.course.alt", count=len(panels), panels=" ".join(told))
    if (case.evidence or case.claims) and not known:
        alt = f"{say(language, 'figure.unweighed')} {alt}"
    subtitle = _reading(axis, language, is_observed=is_observed, is_weighed=bool(known))
    body: Spec = {"vconcat": rows, "spacing": 22}
    return Figure("course", title, alt, framed(title, subtitle, body, topic))


def _reading(axis: TimeAxis, language: str, *, is_observed: bool, is_weighed: bool) -> list[str]:
    """How to read the panels, line by line."""
    rest = ["figure.course.seen"] if is_observed else []
    rest += ["figure.course.unknowing"] if is_observed and not is_weighed else []
    rest += ["figure.scale"] if axis.change is not None else []
    lines = [["figure.course.assumed"], ["figure.course.weighed"] if is_weighed else [], rest]
    return [" ".join(say(language, one) for one in line) for line in lines if line]


def _is_condition(expression: Expression) -> bool:
    return expression.type == BOOLEAN


def _told(sentence: str, expression: Expression, name: str, both: Both, language: str) -> str:
    """How an expression begins and ends, and how it ends given the record, where that is known."""

    def shown(value: float | None) -> str:
        if _is_condition(expression):
            return show_share(value or 0.0, None, language)
        return show_figure(value or 0.0, language, 3)

    line, weighed = (None if fan is None else _line(expression, fan) for fan in both)
    assert line is not None, "only what the record adds may be missing"
    first, last = shown(line[0]), shown(line[-1])
    if weighed is None:
        return say(language, sentence, name=name, first=first, last=last)
    given = shown(weighed[-1])
    return say(language, f"{sentence}-given", name=name, first=first, last=last, given=given)


def _line(expression: Expression, fan: Fan) -> Sequence[float | None]:
    """What the line shows: a probability, or the median of the runs."""
    return fan.mean if _is_condition(expression) else fan.quantiles["0.5"]


def _rows(expression: Expression, both: Both, axis: TimeAxis) -> Rows:
    """Lines and bands over time; those given the record have names of their own."""
    fan, weighed = both
    rows: Rows = []
    for at, days in enumerate(fan.times):
        row: dict[str, float | None] = {"x": axis.place(days)}
        for prefix, one in (("", fan), ("given-", weighed)):
            if one is None:
                continue
            row[f"{prefix}line"] = _line(expression, one)[at]
            if not _is_condition(expression):
                row |= {f"{prefix}q{level}": own[at] for level, own in _named(one).items()}
        rows.append(row)
    return rows


def _panel(
    case: Case, expression: Expression, name: str, both: Both, axis: TimeAxis, language: str
) -> Spec:
    rows, seen, (fan, weighed) = _rows(expression, both, axis), observations(case, expression), both
    is_flat = not any(value for row in rows for side, value in row.items() if side != "x")
    is_flat = is_flat and not any(one.value for one in seen)
    y: Spec = {
        "type": "quantitative", "title": None,
        "scale": {"domain": [0, 1]} if is_flat else {"zero": True, "nice": True},
        "axis": {"tickCount": 4, "format": ",~r", "minExtent": 48, "maxExtent": 48},
    }  # fmt: skip
    if isinstance(expression.type, NumberType) and expression.type.is_whole:
        shown = [value for row in rows for name, value in row.items() if name != "x"]
        y["axis"]["tickCount"] = whole_ticks([*shown, *(one.value for one in seen)])
    if _is_condition(expression):
        y["scale"] = {"domain": [0, 1]}
        y["axis"] = {**y["axis"], "values": [0, 0.25, 0.5, 0.75, 1], "labelExpr": PERCENT}
    layers = [*axis.marks(), *_bands(expression, axis, y, is_weighed=weighed is not None)]
    for field, colour in (("line", BLUE), ("given-line", INK))[: 1 if weighed is None else 2]:
        line = {"type": "line", "color": colour, "strokeWidth": 2.2, "interpolate": "step-after"}
        drawn = {"x": axis.encoding(), "y": {"field": field, **y}}
        layers.append({"mark": line, "encoding": drawn})
    layers += _observed(seen, axis, y)
    if _is_still(fan) and not _is_condition(expression):
        layers.append(_stillness(fan, language))
    return {
        "width": PANEL, "height": HEIGHT, "data": {"values": rows}, "layer": layers,
        "title": {"text": broken(name, PANEL + 20, 13.5), "anchor": "start", "fontSize": 13.5,
                  "color": INK, "offset": 9, "frame": "group", "fontWeight": "bold"},
    }  # fmt: skip


def _is_still(fan: Fan) -> bool:
    """Whether all that the bands show is one value."""
    return len({value for values in fan.quantiles.values() for value in values}) == 1


def _stillness(fan: Fan, language: str) -> Spec:
    """What to read in a panel without bands: the runs are there, and all on the line."""
    value = show_figure(fan.quantiles["0.5"][0] or 0.0, language, 3)
    return {
        "data": {"values": [{"text": say(language, "figure.course.still", value=value)}]},
        "mark": {"type": "text", "align": "right", "baseline": "bottom", "x": PANEL - 4,
                 "y": HEIGHT - 6, "color": BLUE, "fontSize": 11.5},
        "encoding": {"text": {"field": "text"}},
    }  # fmt: skip


def _named(fan: Fan) -> dict[str, tuple[float | None, ...]]:
    """The quantiles by percent."""
    return {f"{round(100 * float(level))}": values for level, values in fan.quantiles.items()}


def _bands(expression: Expression, axis: TimeAxis, y: Spec, *, is_weighed: bool) -> list[Spec]:
    if _is_condition(expression):
        return []
    bands = [("q5", "q95", BLUE, 0.16), ("q25", "q75", BLUE, 0.28)]
    bands += [("given-q25", "given-q75", INK, 0.22)] if is_weighed else []
    return [
        {
            "mark": {
                "type": "area",
                "color": colour,
                "opacity": opacity,
                "interpolate": "step-after",
            },
            "encoding": {"x": axis.encoding(), "y": {"field": low, **y}, "y2": {"field": high}},
        }
        for low, high, colour, opacity in bands
    ]


def observations(case: Case, expression: Expression) -> list[Observation]:
    """What the record and the claims say about an expression, by date."""
    found = []
    for item in case.evidence:
        if item.expression != expression or not item.when:
            continue
        days = case.clock.days(item.when[0][0].end)
        if item.kind == "value" and item.measured is not None:
            found.append(Observation(days, item.measured, False))
        elif item.kind == "state":
            found.append(Observation(days, 1.0, False))
    for claim in case.claims:
        if claim.kind == "value" and claim.value == expression and claim.number is not None:
            found.append(Observation(case.clock.days(claim.at.end), claim.number, True))
    horizon = case.clock.horizon
    return [one for one in found if 0.0 <= one.days <= horizon]


def _observed(found: list[Observation], axis: TimeAxis, y: Spec) -> list[Spec]:
    if not found:
        return []
    values = [{"x": axis.place(one.days), "value": one.value, "is_claim": one.is_claim}
              for one in found]  # fmt: skip
    encoding = {"x": axis.encoding(), "y": {"field": "value", **y}}
    seen = {"type": "point", "filled": True, "shape": "diamond", "size": 90, "color": GREEN,
            "opacity": 1, "stroke": PAPER, "strokeWidth": 0.8}  # fmt: skip
    said = {"type": "point", "filled": False, "size": 46, "color": ORANGE, "strokeWidth": 1.8,
            "opacity": 1}  # fmt: skip
    layers = []
    for mark, wanted in ((said, True), (seen, False)):
        chosen = [value for value in values if value["is_claim"] == wanted]
        if chosen:
            layers.append({"data": {"values": chosen}, "mark": mark, "encoding": encoding})
    return layers
