"""A verdict drawn: posteriors with their priors, evidence adding up, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite

from foedus.case.case import Case
from foedus.infer.verdict.decibels import (
    Spread,
    against_average,
    decibels,
    from_prior,
    is_clear,
    spreads_against_average,
    spreads_from_prior,
)
from foedus.infer.verdict.flips import Flip
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.report.figures.style import (
    BLUE,
    BORDER,
    FAINT,
    INK,
    LINE,
    MOST_LINES,
    ORANGE,
    PALETTE,
    RULE,
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
from foedus.report.findings import posterior_finding, weight_finding
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share
from foedus.report.phrases.names import parameter_name, reading_name
from foedus.report.phrases.pieces import piece_name
from foedus.report.verdict.turning_words import bounded_sentence, flip_name
from foedus.report.verdict.weight_words import show_decibels

LABELS = 330
FIGURES = 56
"""Pixels for the figures beside the bars of the posteriors."""

MOST_FLIPS = 10
"""Changes that are drawn: those after which the lead is smallest."""

HEIGHT = 420
"""Pixels of the lines that add up."""

MOST_NAMES = 10
"""Pieces of evidence that are named under the lines: those that move most."""

MARK_STEP = 14.0
"""The least distance between the numbers of two such pieces, pixels."""

NAME_STEP = 16.0
"""Pixels from one name to the next."""


def draw_verdict(case: Case, verdict: Verdict, language: str = "en") -> tuple[Figure, ...]:
    """All figures of a verdict."""
    figures = (
        draw_posteriors(case, verdict, language),
        draw_weights(case, verdict, language),
        draw_flips(case, verdict, language),
    )
    return tuple(figure for figure in figures if figure is not None)


def draw_posteriors(case: Case, verdict: Verdict, language: str = "en") -> Figure:
    """A bar for each explanation and set: its posterior, with its error and its prior.

    Explanations have the colours of the lines of `draw_weights`.
    """
    rows = _standings(case, verdict, language)
    x: Spec = {
        "type": "quantitative", "title": None, "scale": {"domain": [0, 100]},
        "axis": {"labelExpr": "datum.value + ' %'", "tickCount": 5},
    }  # fmt: skip
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    width = WIDTH - LABELS - FIGURES - 24
    layers = [
        {"mark": {"type": "bar", "opacity": 0.75}, "encoding": {
            "y": _names(rows), "x": {"field": "posterior", **x}, "color": colour}},
        {"mark": {"type": "rule", "color": INK}, "encoding": {
            "y": _names(rows), "x": {"field": "low", **x}, "x2": {"field": "high"}}},
        {"mark": {"type": "tick", "color": INK, "thickness": 3}, "encoding": {
            "y": _names(rows), "x": {"field": "prior", **x}}},
        {"mark": {"type": "text", "align": "left", "x": width + 8}, "encoding": {
            "y": _names(rows), "text": {"field": "figure"}}},
    ]  # fmt: skip
    topic, title = say(language, "figure.posteriors"), posterior_finding(case, verdict, language)
    told = " ".join(
        say(
            language, "figure.posteriors.one", name=reading_name(case, one.name, language),
            prior=show_share(one.prior, None, language),
            posterior=show_share(one.posterior, 0.005, language),
        )
        for one in verdict.standings
    )  # fmt: skip
    body: Spec = {
        "width": width, "height": 30 * len(rows),
        "data": {"values": rows}, "layer": layers,
    }  # fmt: skip
    parts = ["exact" if verdict.method == "exact" else "subtitle"]
    parts += [] if all(row["kind"] == "rival" for row in rows) else ["sets"]
    subtitle = " ".join(say(language, f"figure.posteriors.{part}") for part in parts)
    spec = framed(title, subtitle, body, topic)
    return Figure("posteriors", title, told, spec)


def _standings(case: Case, verdict: Verdict, language: str) -> Rows:
    """Priors and posteriors in per cent, with the words and the colour of each bar."""
    colours = iter(PALETTE)
    return [
        {
            "name": "\n".join(broken(reading_name(case, one.name, language), LABELS - 14)),
            "posterior": 100.0 * one.posterior, "prior": 100.0 * one.prior,
            "low": 100.0 * one.low, "high": 100.0 * one.high,
            "figure": show_share(one.posterior, 0.005, language),
            "kind": "rival" if one.is_rival else "set",
            "colour": next(colours, BORDER) if one.is_rival else BORDER,
        }
        for one in verdict.standings
    ]  # fmt: skip


def _names(rows: Rows) -> Spec:
    return {
        "field": "name", "type": "nominal", "title": None,
        "sort": list(dict.fromkeys(row["name"] for row in rows)),
        "axis": names_beside(LABELS),
    }  # fmt: skip


def draw_weights(case: Case, verdict: Verdict, language: str) -> Figure:
    """How the evidence adds up, piece by piece: how far it has moved each explanation from its
    prior, in decibels."""
    every = list(spreads_from_prior(verdict.weights, verdict.standings))
    rows, moved = _steps(case, verdict, every, language)
    series = [reading_name(case, one.name, language) for one in verdict.standings if one.is_rival]
    colour = {
        "field": "series", "type": "nominal",
        "scale": {"domain": series, "range": list(PALETTE[: len(series)])},
        "legend": {
            "title": None, "orient": "top", "direction": "vertical", "labelLimit": 400,
            "symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 2,
        },
    }  # fmt: skip
    x = {
        "field": "place", "type": "quantitative", "axis": None,
        "scale": {"domain": [1, len(verdict.weights) + 1], "nice": False},
    }  # fmt: skip
    y = {"type": "quantitative", "title": say(language, "figure.decibels")}
    lines: Spec = {
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
        "encoding": {"x": x, "y": {"field": "value", **y}, "color": colour},
    }
    bands: Spec = {
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.15},
        "encoding": {
            "x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, "color": colour},
    }  # fmt: skip
    topic = say(language, "figure.weights")
    title = weight_finding(case, verdict, language) or topic
    body: Spec = {
        "width": WIDTH - 90, "height": HEIGHT, "data": {"values": rows},
        "layer": [*_names_below(case, verdict, x, language), bands, lines],
    }  # fmt: skip
    told = " ".join(
        say(
            language, "figure.weights.one", name=reading_name(case, name, language),
            decibels=show_decibels(value / decibels(1.0), language, signed=True),
        )
        for name, value in moved.items()
    )  # fmt: skip
    subtitles = [say(language, "figure.weights.subtitle"), *_open_by(every, language)]
    spec = framed(title, subtitles, body, topic)
    return Figure("weights", title, " ".join([told, *subtitles[1:]]), spec)


def _steps(
    case: Case, verdict: Verdict, every: Sequence[Mapping[str, Spread]], language: str
) -> tuple[Rows, Mapping[str, float]]:
    """Where each explanation stands after each piece, as rows; and, by name, after the last."""
    sums = {one.name: 0.0 for one in verdict.standings if one.is_rival}
    moved: Mapping[str, float] = dict(sums)
    rows: Rows = []
    for place, (weight, spreads) in enumerate(zip(verdict.weights, every, strict=True), 1):
        sums = {name: total + weight.log_weight[name] for name, total in sums.items()}
        moved = from_prior(sums, verdict.standings)
        rows.extend(
            {
                "place": place, "value": value, "series": reading_name(case, name, language),
                "low": value - _known(spreads[name]), "high": value + _known(spreads[name]),
            }
            for name, value in moved.items()
            if value > -inf
        )  # fmt: skip
    last = {str(row["series"]): row for row in rows}  # so that the last step has a length, too
    rows.extend({**row, "place": len(verdict.weights) + 1} for row in last.values())
    return rows, moved


def _open_by(every: Sequence[Mapping[str, Spread]], language: str) -> list[str]:
    """How far sampling leaves lines open in the end, and where it does most; none if exact."""
    widest = [max(map(_known, spreads.values())) for spreads in every]
    if not any(widest):
        return []
    return [
        say(
            language, "figure.weights.bands",
            end=show_decibels(widest[-1] / decibels(1.0), language),
            most=show_decibels(max(widest) / decibels(1.0), language),
        )
    ]  # fmt: skip


def _known(spread: Spread) -> float:
    """A standard error, or none where it is not known."""
    return spread.error if isfinite(spread.error) else 0.0


def _names_below(case: Case, verdict: Verdict, x: Spec, language: str) -> list[Spec]:
    """Numbers at the foot of the lines where they move most, and under them what that is."""
    rows: Rows = []
    below = HEIGHT + 14.0
    for number, place in enumerate(sorted(_named(verdict)), 1):
        piece = verdict.weights[place - 1].id
        what = piece_name(case, piece, language)
        named = say(language, "figure.weights.name", what=what, id=piece)
        lines = broken(named, WIDTH - 60, most=MOST_LINES)
        below += NAME_STEP
        rows.append({
            "place": place, "number": str(number), "name": lines, "below": below,
        })  # fmt: skip
        below += LINE * (len(lines) - 1)
    foot: Spec = {"type": "text", "color": FAINT}
    down: Spec = {"field": "below", "type": "quantitative", "scale": None, "axis": None}
    return [
        {"data": {"values": rows}, "mark": {"type": "rule", "color": RULE}, "encoding": {"x": x}},
        {"data": {"values": rows}, "mark": {**foot, "y": HEIGHT + 10},
         "encoding": {"x": x, "text": {"field": "number"}}},
        {"data": {"values": rows}, "mark": {**foot, "x": -26, "align": "right"},
         "encoding": {"y": down, "text": {"field": "number"}}},
        {"data": {"values": rows},
         "mark": {"type": "text", "x": -18, "align": "left", "lineHeight": LINE},
         "encoding": {"y": down, "text": {"field": "name"}}},
    ]  # fmt: skip


def _named(verdict: Verdict) -> set[int]:
    """The places of pieces of evidence that are named: those that clearly move most, none on
    another."""
    moves = {
        place: max(clear)
        for place, weight in enumerate(verdict.weights, 1)
        if weight.arrival != "silence" and (clear := _clear(weight, verdict))
    }
    step = (WIDTH - 90) / max(len(verdict.weights), 1)
    found: set[int] = set()
    for place in sorted(moves, key=lambda one: -moves[one]):
        if all(abs(place - other) * step >= MARK_STEP for other in found):
            found.add(place)
        if len(found) == MOST_NAMES:
            break
    return found


def _clear(weight: Weight, verdict: Verdict) -> list[float]:
    """By how many decibels a piece moves explanations, where that is clear."""
    spreads = spreads_against_average(weight, verdict.standings)
    moved = against_average(weight, verdict.standings)
    return [abs(value) for name, value in moved.items() if is_clear(weight, value, spreads[name])]


def draw_flips(case: Case, verdict: Verdict, language: str = "en") -> Figure | None:
    """The lead after each change, the smallest first; left of the line another one leads.

    Changes that leave the leader in front by nobody knows how much are counted and not drawn.
    """
    known = [one for one in verdict.turning.changes if one.log_odds is not None]
    known = [one for one in known if isfinite(one.log_odds or 0.0)]
    if not known or not isfinite(verdict.basis.log_odds):
        return None
    shown = sorted(known, key=lambda one: one.log_odds or 0.0)[:MOST_FLIPS]
    rows: Rows = [
        {
            **named_row(*_change(case, one, language), LABELS),
            "value": decibels(one.log_odds or 0.0),
            "turns": "yes" if one in verdict.turning.turned else "no",
        }
        for one in shown
    ]
    x: Spec = {
        "type": "quantitative", "title": say(language, "figure.decibels"), "scale": {"zero": True},
    }  # fmt: skip
    colour = {
        "field": "turns", "legend": None,
        "scale": {"domain": ["yes", "no"], "range": [ORANGE, BLUE]},
    }  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0, **x}}},
        {"mark": {"type": "rule", "color": FAINT, "strokeDash": [4, 3]},
         "encoding": {"x": {"datum": decibels(verdict.basis.log_odds), **x}}},
        {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {
            "y": _names(rows), "x": {"field": "value", **x}, "color": colour}},
        *small_names(_names(rows), LABELS),
    ]  # fmt: skip
    leader = reading_name(case, verdict.turning.leader, language)
    rival = reading_name(case, verdict.turning.rival, language)
    subtitles = [
        say(language, f"figure.flips.{part}", leader=leader, rival=rival)
        for part in ("subtitle", "marks")
    ]
    subtitles += bounded_sentence(case, verdict, language)
    turned = len(verdict.turning.turned)
    title = say(language, "finding.flips", count=turned, all=len(verdict.turning.decided))
    body: Spec = {
        "width": WIDTH - LABELS - 24, "height": row_height(rows) * len(rows),
        "data": {"values": rows}, "layer": layers,
    }  # fmt: skip
    spec = framed(title, subtitles, body, say(language, "figure.flips"))
    return Figure("flips", title, " ".join([f"{title}.", *subtitles]), spec)


def _change(case: Case, flip: Flip, language: str) -> tuple[str, str]:
    """What is changed in words, and small how, without signs that set names apart in a sentence."""
    how = flip_name(case, flip, language).replace("`", "")
    if flip.kind == "item":
        return piece_name(case, flip.name, language), how
    if flip.kind in ("parameter", "spread"):
        words = parameter_name(case, flip.name, language)
        return (words, how) if words != flip.name else (how, "")
    return how, ""
