"""The timeline: when things happened or were claimed, and when they became known."""

from __future__ import annotations

from foedus.case.case import Case, Item
from foedus.expr.tree import Binary, Variable
from foedus.frozen import dataclass
from foedus.report.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PAPER,
    RULE,
    WIDTH,
    Figure,
    Rows,
    Spec,
    broken,
    framed,
    shortened,
)
from foedus.report.figures.time_axis import TimeAxis, time_axis
from foedus.report.findings import delay_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_instant
from foedus.report.phrases.known import known_sentence
from foedus.report.phrases.names import clause, event_name, label_name, observed_name, state_name

ROW = 17.0
LABELS = 300
PLOT = WIDTH - LABELS - 34
ACTED, ABSENT, MEASURED, CLAIMED = "happened", "absent", "measured", "claimed"
COLOURS = {ACTED: BLUE, ABSENT: FAINT, MEASURED: GREEN, CLAIMED: ORANGE}


@dataclass(frozen=True, slots=True)
class Mark:
    """One dated thing: its row, and times in days from the start of the clock."""

    heading: str
    row: str
    kind: str
    start: float
    end: float
    known: float


def draw_timeline(case: Case, language: str) -> Figure | None:
    """The timeline of evidence and claims, or None where there are none.

    A row for each kind of event and for each speaker; rows of one actor stand together.
    """
    marks = [*_items(case, language), *_claims(case, language)]
    if not marks:
        return None
    end = max(case.clock.horizon, *(mark.known for mark in marks))
    axis = time_axis(case, end, language, pixels=PLOT)
    rows = _rows(marks)
    body = _body(marks, rows, axis, language)
    title = delay_finding([(mark.end, mark.known) for mark in marks], language)
    topic, subtitle = say(language, "figure.timeline"), [say(language, "figure.timeline.subtitle")]
    if axis.change is not None:
        subtitle.append(say(language, "figure.scale"))
    headings = ", ".join(dict.fromkeys(heading for heading, _ in rows))
    dates = [show_instant(case.clock.instant(days), case.clock.zone, language)
             for days in (min(mark.start for mark in marks), end)]  # fmt: skip
    alt = say(
        language, "figure.timeline.alt", known=known_sentence(case, language),
        start=dates[0], end=dates[1], rows=headings,
    )  # fmt: skip
    return Figure("timeline", title, alt, framed(title, subtitle, body, topic))


def _items(case: Case, language: str) -> list[Mark]:
    marks = []
    for item in case.evidence:
        start = min(case.clock.days(period.start) for period, _ in item.when)
        end = max(case.clock.days(period.end) for period, _ in item.when)
        heading, row, kind = _row_of(case, item, language)
        marks.append(Mark(heading, row, kind, start, end, case.clock.days(item.known.end)))
    return marks


def _row_of(case: Case, item: Item, language: str) -> tuple[str, str, str]:
    if item.event is None:
        return say(language, "figure.measurements"), _measured(case, item, language), MEASURED
    name = item.event.name
    kind = case.events[name if name in case.events else name.rpartition(".")[0]].kind
    actor = kind.actor
    if actor is None or actor in kind.index_names:
        heading = (
            say(language, "figure.nobody") if actor is None else say(language, "figure.members")
        )
    else:
        heading = label_name(case, actor, language)
    is_act = item.kind == "happened"
    return heading, clause(event_name(case, name, language)), ACTED if is_act else ABSENT


def _measured(case: Case, item: Item, language: str) -> str:
    """What was measured or seen, the same for every index and value of one state variable."""
    found = item.expression
    if isinstance(found, Binary) and isinstance(found.left, Variable) and found.left.indices:
        return clause(state_name(case, found.left.name, language))
    return observed_name(case, item, language)


def _claims(case: Case, language: str) -> list[Mark]:
    heading = say(language, "figure.claims")
    marks = []
    for claim in case.claims:
        start, end = case.clock.days(claim.at.start), case.clock.days(claim.at.end)
        row = label_name(case, claim.by, language)
        marks.append(Mark(heading, row, CLAIMED, start, end, case.clock.days(claim.known.end)))
    return marks


def _rows(marks: list[Mark]) -> list[tuple[str, str]]:
    """The rows, those of one heading together, both in order of the first date."""
    first: dict[str, float] = {}
    rows: dict[tuple[str, str], float] = {}
    for mark in marks:
        late = 1e9 if mark.kind == CLAIMED else 0.0
        first[mark.heading] = min(first.get(mark.heading, 2e9), mark.start + late)
        key = mark.heading, mark.row
        rows[key] = min(rows.get(key, 2e9), mark.start)
    return sorted(rows, key=lambda row: (first[row[0]], row[0], rows[row]))


def _body(marks: list[Mark], rows: list[tuple[str, str]], axis: TimeAxis, language: str) -> Spec:
    places: dict[tuple[str, str], float] = {}
    labels: Rows = []
    y = 0.0
    for number, (heading, row) in enumerate(rows):
        if number == 0 or rows[number - 1][0] != heading:
            y += ROW * (0.4 if number else 0.0)
            labels.append({"y": y, "text": shortened(heading, LABELS, 12.5), "is_heading": True})
            y += ROW
        lines = broken(row, LABELS - 12)
        labels += [{"y": y + LINE * number, "text": line, "is_heading": False}
                   for number, line in enumerate(lines)]  # fmt: skip
        places[heading, row] = y + LINE * (len(lines) - 1) / 2.0
        y += ROW + LINE * (len(lines) - 1)
    height = y
    values: Rows = [
        {
            "y": places[mark.heading, mark.row], "kind": say(language, f"figure.{mark.kind}"),
            "start": axis.place(mark.start), "end": axis.place(mark.end),
            "middle": axis.place((mark.start + mark.end) / 2.0), "known": axis.place(mark.known),
            "is_later": mark.known > mark.end, "is_span": mark.kind == ABSENT,
        }
        for mark in marks
    ]  # fmt: skip
    return {
        "width": PLOT, "height": height, "data": {"values": values},
        "layer": [
            *axis.marks(), *_label_marks(labels, list(places.values()), height),
            *_dated_marks(marks, axis, height, language),
        ],
        "resolve": {"scale": {"y": "shared"}},
    }  # fmt: skip


def _y(height: float) -> Spec:
    return {"field": "y", "type": "quantitative", "axis": None,
            "scale": {"domain": [-ROW / 2, height - ROW / 2], "reverse": True, "nice": False,
                      "zero": False}}  # fmt: skip


def _label_marks(labels: Rows, places: list[float], height: float) -> list[Spec]:
    common = {"y": _y(height), "text": {"field": "text"}}
    rows = [label for label in labels if not label["is_heading"]]
    return [
        {
            "data": {"values": [{"y": place} for place in places]},
            "mark": {"type": "rule", "color": RULE, "strokeWidth": 0.7},
            "encoding": {"y": _y(height)},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "right", "baseline": "middle", "x": -10},
            "encoding": common,
        },
        {
            "data": {"values": [label for label in labels if label["is_heading"]]},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "x": -LABELS,
                     "fontWeight": "bold", "fontSize": 12.5, "color": INK},
            "encoding": common,
        },
    ]  # fmt: skip


def _dated_marks(marks: list[Mark], axis: TimeAxis, height: float, language: str) -> list[Spec]:
    found = {mark.kind for mark in marks}
    colours = {say(language, f"figure.{kind}"): colour
               for kind, colour in COLOURS.items() if kind in found}  # fmt: skip
    colour = {
        "field": "kind", "type": "nominal",
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": {"orient": "top", "title": None, "symbolType": "circle", "symbolSize": 90,
                   "symbolStrokeWidth": 0, "direction": "horizontal"},
    }  # fmt: skip
    y = _y(height)
    later = [{"filter": "datum.is_later"}]
    return [
        {
            "transform": later,
            "mark": {"type": "rule", "strokeWidth": 1.1, "opacity": 0.75},
            "encoding": {"x": axis.encoding("end"), "x2": {"field": "known"}, "y": y,
                         "color": colour},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 5, "strokeCap": "round", "opacity": 0.55},
            "encoding": {"x": axis.encoding("start"), "x2": {"field": "end"}, "y": y,
                         "color": colour},
        },
        {
            "transform": [{"filter": "!datum.is_span"}],
            "mark": {"type": "point", "filled": True, "size": 46, "opacity": 1},
            "encoding": {"x": axis.encoding("middle"), "y": y, "color": colour},
        },
        {
            "transform": later,
            "mark": {"type": "point", "filled": True, "fill": PAPER, "size": 40,
                     "strokeWidth": 1.4, "opacity": 1},
            "encoding": {"x": axis.encoding("known"), "y": y,
                         "stroke": {**colour, "legend": None}},
        },
    ]  # fmt: skip
