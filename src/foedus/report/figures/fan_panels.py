"""Panels of expressions over time: by the assumptions alone, given the record, and as observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from foedus.case.case import Case
from foedus.expr.tree import BOOLEAN, Expression, NumberType
from foedus.frozen import dataclass
from foedus.questions.fans import Fan
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
from foedus.report.figures.time_axis import TimeAxis, time_axis
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_figure, show_share, show_share_range
from foedus.report.phrases.names import expression_name

PANEL = WIDTH / 2 - 78
HEIGHT = 130

ERRORS = 2.0
"""So many standard errors to either side is what courses leave open of a probability."""

Both = tuple[Fan, Fan | None]
"""An expression over time by the assumptions alone, and given the record where that is known."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value observed or claimed at a time (days), for a panel."""

    days: float
    value: float
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """Expressions over time in so many different `courses` that agree with the record.

    They count for as many independent ones as are `effective`.
    """

    fans: Mapping[Expression, Fan]
    courses: int
    effective: float


UNWEIGHED = Weighed({}, 0, 0.0)
"""Where no course that agrees with the record was looked for."""


def draw_panels(
    case: Case,
    figure: str,
    shown: Sequence[tuple[Expression, Both]],
    headed: Expression | None,
    language: str,
    *,
    given: Weighed,
) -> Figure:
    """A figure with a panel for each expression, two in a row.

    Its title is what the runs find of the expression `headed`, or its topic without one. `given` is
    what was found given the record.
    """
    courses = given.courses
    axis = time_axis(case, case.clock.horizon, language, pixels=PANEL)
    topic = title = say(language, f"figure.{figure}" + ("-given" if courses else ""))
    panels, told, is_observed = [], [], False
    for expression, both in shown:
        seen, name = observations(case, expression), expression_name(case, expression, language)
        is_observed = is_observed or bool(seen)
        panels.append(_panel(expression, name, both, seen, axis, language))
        told.append(_told("figure.course.panel", expression, name, both, given, language))
        if expression == headed:
            title = _told("finding.course", expression, name, both, given, language)
    rows = [{"hconcat": panels[at : at + 2], "spacing": 34} for at in range(0, len(panels), 2)]
    alt = say(language, "figure.course.alt", count=len(panels), panels=" ".join(told))
    if (case.evidence or case.claims) and not courses:
        alt = f"{say(language, 'figure.unweighed')} {alt}"
    title = title[:1].upper() + title[1:]
    subtitle = _reading(axis, language, is_observed=is_observed, weighed=given)
    body: Spec = {"vconcat": rows, "spacing": 22}
    return Figure(figure, title, alt, framed(title, subtitle, body, topic))


def _reading(axis: TimeAxis, language: str, *, is_observed: bool, weighed: Weighed) -> list[str]:
    """How to read the panels, line by line."""
    first = say(language, "figure.course.assumed")
    second = ""
    if weighed.courses:
        second = say(language, "figure.course.weighed", count=weighed.courses)
        effective = say(language, "figure.course.effective", count=int(weighed.effective))
        second = f"{second} {effective}"
    rest = ["figure.course.seen"] if is_observed else []
    rest += ["figure.course.unknowing"] if is_observed and not weighed.courses else []
    rest += ["figure.scale"] if axis.change is not None else []
    third = " ".join(say(language, one) for one in rest)
    return [line for line in (first, second, third) if line]


def is_condition(expression: Expression) -> bool:
    """Whether what is shown is how probable it is."""
    return expression.type == BOOLEAN


def _told(
    sentence: str, expression: Expression, name: str, both: Both, found: Weighed, language: str
) -> str:
    """How an expression begins and ends, and how it ends given the record, where that is known.

    A probability given the record stands beside what so few courses leave of it.
    """

    def shown(value: float | None) -> str:
        if is_condition(expression):
            return show_share(value or 0.0, None, language)
        return show_figure(value or 0.0, language, 3)

    line, weighed = (None if fan is None else _line(expression, fan) for fan in both)
    assert line is not None, "only what the record adds may be missing"
    first, last = shown(line[0]), shown(line[-1])
    if weighed is None:
        return say(language, sentence, name=name, first=first, last=last)
    given = shown(weighed[-1])
    if is_condition(expression):
        low, high = resolved(weighed[-1] or 0.0, found.effective)
        given = say(
            language, "figure.course.resolved", value=given,
            range=show_share_range(low, high, language),
        )  # fmt: skip
    return say(language, f"{sentence}-given", name=name, first=first, last=last, given=given)


def resolved(share: float, count: float) -> tuple[float, float]:
    """Between what a share lies that was counted in so many independent courses [Wilson1927]_.

    Two standard errors to either side; all is open where there are none.

    References
    ----------
    .. [Wilson1927] E. B. Wilson (1927), Probable inference, the law of succession, and statistical
       inference, Journal of the American Statistical Association 22, 209-212.
    """
    if count <= 0.0:
        return 0.0, 1.0
    more = 1.0 + ERRORS**2 / count
    middle = (share + ERRORS**2 / (2.0 * count)) / more
    half = ERRORS / more * sqrt(share * (1.0 - share) / count + ERRORS**2 / (4.0 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _line(expression: Expression, fan: Fan) -> Sequence[float | None]:
    """What the line shows: a probability, or the median of the runs."""
    return fan.mean if is_condition(expression) else fan.quantiles["0.5"]


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
            if not is_condition(expression):
                row |= {f"{prefix}q{level}": own[at] for level, own in _named(one).items()}
        rows.append(row)
    return rows


def _panel(
    expression: Expression, name: str, both: Both, seen: list[Observation], axis: TimeAxis,
    language: str,
) -> Spec:  # fmt: skip
    rows, (fan, weighed) = _rows(expression, both, axis), both
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
    if is_condition(expression):
        y["scale"] = {"domain": [0, 1]}
        y["axis"] = {**y["axis"], "values": [0, 0.25, 0.5, 0.75, 1], "labelExpr": PERCENT}
    layers = [*axis.marks(), *_bands(expression, axis, y, is_weighed=weighed is not None)]
    for field, colour in (("line", BLUE), ("given-line", INK))[: 1 if weighed is None else 2]:
        line = {"type": "line", "color": colour, "strokeWidth": 2.2, "interpolate": "step-after"}
        drawn = {"x": axis.encoding(), "y": {"field": field, **y}}
        layers.append({"mark": line, "encoding": drawn})
    layers += _observed(seen, axis, y)
    if not is_condition(expression) and is_still(expression, fan):
        layers.append(_stillness(fan, language))
    return {
        "width": PANEL, "height": HEIGHT, "data": {"values": rows}, "layer": layers,
        "title": {"text": broken(name, PANEL + 20, 13.5), "anchor": "start", "fontSize": 13.5,
                  "color": INK, "offset": 9, "frame": "group", "fontWeight": "bold"},
    }  # fmt: skip


def is_still(expression: Expression, fan: Fan) -> bool:
    """Whether all that line or bands show is one value."""
    if is_condition(expression):
        return len(set(fan.mean)) == 1
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
    if is_condition(expression):
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
