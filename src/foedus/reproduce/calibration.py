"""Planted worlds weighed: do posteriors keep their word? Two made-up cases, with figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import stats

from foedus import study
from foedus.history.intervals import wilson
from foedus.infer.calibration.calibration import DRAWS, Found, calibrate, histogram, surprise
from foedus.jump.lower_record import lower_record
from foedus.report.figures import render_png, render_svg
from foedus.report.figures.style import BLUE, FAINT, INK, RULE, Figure, Rows, Spec, framed
from foedus.report.files import write_files
from foedus.reproduce.part import Made, Progress, Workplace

MODELS = Path(__file__).with_name("models")
WORLDS = {"strikes": 400, "contagion": 400}
"""Planted worlds of each case."""

SEED = 3
BINS, GROUPS = 10, 5


def make_calibration(place: Workplace) -> Made:
    """The calibration of each made-up case, with a figure."""
    record: dict[str, object] = {}
    files: dict[str, bytes] = {}
    done, total = 0, sum(WORLDS.values())
    for name, count in WORLDS.items():

        def tell(now: int, _: int, before: int = done) -> None:
            if place.progress is not None:
                place.progress(before + now, total)

        found = planted(name, count, tell)
        done += count
        record[name] = summary(found)
        figure = draw(name, found)
        files[f"{figure.name}.svg"] = render_svg(figure).encode()
        files[f"{figure.name}.png"] = render_png(figure)
    written = write_files(place.folder, files)
    return Made(record, files=tuple(path.name for path in written))


def planted(name: str, count: int, progress: Progress | None = None) -> tuple[Found, ...]:
    """So many planted worlds of a made-up case, weighed."""
    case = study.load(MODELS / f"{name}.yaml")
    model, record = study.build(case), lower_record(case)
    return calibrate(model, record, count=count, seed=SEED, progress=progress)


def summary(found: Sequence[Found]) -> dict[str, object]:
    """Ranks in bins with their p-value, and how well the probabilities of explanations did."""
    ranks = {name: histogram(found, name, BINS) for name in found[0].ranks}
    return {
        "worlds": len(found),
        "draws": DRAWS,
        "ranks": ranks,
        "p": {name: float(stats.chisquare(bins).pvalue) for name, bins in ranks.items()},
        "surprise": {name: surprise(found, name) for name in found[0].shares},
        "reliability": reliability(found),
    }


def reliability(found: Sequence[Found]) -> list[dict[str, float]]:
    """Probabilities found for explanations, in groups of equal size, and how often they were true.

    Every world has its say for each explanation.
    """
    pairs = sorted(
        (one.shares[name], float(one.truths[name])) for one in found for name in one.shares
    )
    rows = []
    for part in np.array_split(np.array(pairs), GROUPS):
        low, high = wilson(float(part[:, 1].sum()), len(part))
        rows.append({
            "found": float(part[:, 0].mean()), "true": float(part[:, 1].mean()),
            "low": low, "high": high, "times": len(part),
        })  # fmt: skip
    return rows


def draw(name: str, found: Sequence[Found]) -> Figure:
    """Ranks of each number, and probabilities of explanations against how often they were true."""
    title = f"Planted worlds of the case “{name}”: is the truth where it should be?"
    subtitle = [
        f"{len(found)} worlds from the prior, each recorded and weighed. Left: ranks of what is "
        f"true among {DRAWS} draws from the posterior; level if all is well, and in the grey band "
        "98 times in 100.",
        "Right: how probable explanations were found against how often they were true; bars: 95 %.",
    ]
    kept: Mapping[str, list[int]] = {n: histogram(found, n, BINS) for n in found[0].ranks}
    told = "; ".join(f"{one}: {', '.join(map(str, bins))}" for one, bins in kept.items())
    body: Spec = {"hconcat": [_ranks(kept, len(found)), _reliable(found)], "spacing": 40}
    return Figure(f"planted-{name}", title, f"{title} {told}.", framed(title, subtitle, body))


def _ranks(ranks: Mapping[str, list[int]], worlds: int) -> Spec:
    low, high = stats.binom.ppf((0.01, 0.99), worlds, 1.0 / BINS)
    rows: Rows = [
        {"name": name, "rank": (bin_ + 0.5) * (DRAWS + 1) / BINS, "count": count,
         "low": float(low), "high": float(high)}
        for name, bins in ranks.items() for bin_, count in enumerate(bins)
    ]  # fmt: skip
    x: Spec = {"field": "rank", "type": "quantitative", "title": None, "axis": {"grid": False},
               "scale": {"domain": [0, DRAWS + 1]}}  # fmt: skip
    y: Spec = {"field": "count", "type": "quantitative", "title": None,
               "axis": {"tickCount": 3}}  # fmt: skip
    return {
        "data": {"values": rows},
        "facet": {"field": "name", "type": "nominal", "title": None, "sort": list(ranks),
                  "header": {"labelFontSize": 12, "labelColor": INK}},
        "columns": 3,
        "spec": {"width": 118, "height": 62, "layer": [
            {"mark": {"type": "rect", "color": RULE}, "encoding": {
                "x": {"datum": 0, "type": "quantitative"}, "x2": {"datum": DRAWS + 1},
                "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "bar", "color": BLUE, "width": 9, "opacity": 0.8},
             "encoding": {"x": x, "y": y}},
        ]},
    }  # fmt: skip


def _reliable(found: Sequence[Found]) -> Spec:
    scale: Spec = {"type": "quantitative", "scale": {"domain": [0, 1]},
                   "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip
    x: Spec = {"field": "found", "title": "posterior probability", **scale}
    line = {"data": {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]},
            "mark": {"type": "line", "color": FAINT, "strokeDash": [4, 4]},
            "encoding": {"x": {"field": "a", **scale}, "y": {"field": "b", **scale}}}  # fmt: skip
    return {
        "width": 250, "height": 250, "data": {"values": reliability(found)},
        "layer": [
            line,
            {"mark": {"type": "rule", "color": INK, "opacity": 0.4, "strokeWidth": 4},
             "encoding": {"x": x, "y": {"field": "low", "title": "true in", **scale},
                          "y2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "true", "title": "true in", **scale}}},
        ],
    }  # fmt: skip
