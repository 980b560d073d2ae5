"""Draw how well what-ifs given a record are calibrated, and put the numbers onto their page.

    python tools/draw_what_if_calibration.py [WORLDS]

simulates so many worlds (400 if not said; some minutes on all processors), weighs the record of
each with as many particles as `foedus weigh` takes, and writes
`docs/images/what-if-calibration.svg` and `.png` and the table in `docs/what-if.md`.
"""

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from math import sqrt
from pathlib import Path

import numpy as np
from scipy import stats

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from foedus.infer.islands.effort import Effort  # noqa: E402 - the tests are found first
from foedus.report.figures import write_figures  # noqa: E402
from foedus.report.figures.style import BLUE, FAINT, INK, ORANGE, Figure, framed  # noqa: E402
from tests.questions.planted import Planted, plant  # noqa: E402

BINS, SHOWN, SEED = 5, 100, 20
PAGE = ROOT / "docs" / "what-if.md"
PLACE = re.compile(r"(<!-- calibration -->\n).*?(<!-- end -->)", re.DOTALL)
FACTORS = [0.03, 0.1, 0.3, 1, 3]
"""What has a line on the logarithmic axis."""

Spec = dict[str, object]


def binned(worlds: list[Planted]) -> list[dict[str, float]]:
    """Worlds in order of the stated probability, in bins of equal size: stated, found, error."""
    ordered = sorted(worlds, key=lambda one: one.necessity)
    found = []
    for part in np.array_split(np.arange(len(ordered)), BINS):
        inside = [ordered[place] for place in part]
        stated = float(np.mean([one.necessity for one in inside]))
        share = float(np.mean([one.needed for one in inside]))
        error = sqrt(stated * (1.0 - stated) / len(inside))
        found.append({"stated": stated, "share": share, "error": error, "worlds": len(inside)})
    return found


def calibration(bins: list[dict[str, float]]) -> Spec:
    """Stated against found, with two standard errors of what chance allows."""
    rows = [
        {**one, "low": max(0.0, one["stated"] - 2 * one["error"]),
         "high": min(1.0, one["stated"] + 2 * one["error"])}
        for one in bins
    ]  # fmt: skip
    scale: Spec = {"type": "quantitative", "scale": {"domain": [0, 1]},
                   "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip
    x: Spec = {"field": "stated", "title": "stated probability of necessity", **scale}
    line = {"data": {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]},
            "mark": {"type": "line", "color": FAINT},
            "encoding": {"x": {"field": "a", **scale}, "y": {"field": "b", **scale}}}  # fmt: skip
    return {
        "width": 300, "height": 260, "data": {"values": rows},
        "layer": [
            line,
            {"mark": {"type": "rule", "color": INK, "opacity": 0.4, "strokeWidth": 4},
             "encoding": {"x": x, "y": {"field": "low", "title": None, **scale},
                          "y2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "share", "title": "share in which it was needed",
                                        **scale}}},
        ],
    }  # fmt: skip


def recovery(worlds: list[Planted]) -> Spec:
    """The planted effect of the first worlds, in order, with its 90 % interval."""
    ordered = sorted(worlds[:SHOWN], key=lambda one: one.shield)
    rows = [
        {"place": place, "shield": one.shield, "low": one.low, "high": one.high,
         "colour": INK if one.low <= one.shield <= one.high else ORANGE}
        for place, one in enumerate(ordered)
    ]  # fmt: skip
    y: Spec = {"type": "quantitative", "title": "effect of the troops (factor)",
               "scale": {"type": "log", "nice": False},
               "axis": {"values": FACTORS}}  # fmt: skip
    x: Spec = {"field": "place", "type": "quantitative", "axis": None}
    colour: Spec = {"field": "colour", "type": "nominal", "scale": None}
    return {
        "width": 420, "height": 260, "data": {"values": rows},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.4},
             "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"},
                          "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 18, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "shield", **y}, "color": colour}},
        ],
    }  # fmt: skip


def table(worlds: list[Planted], bins: list[dict[str, float]]) -> str:
    """The numbers, as the page has them."""
    lines = ["| worlds | stated | needed in | chance allows (one standard error) |",
             "| --- | --- | --- | --- |"]  # fmt: skip
    for one in bins:
        lines.append(
            f"| {one['worlds']} | {one['stated']:.0%} | {one['share']:.0%} | ± {one['error']:.0%} |"
        )
    far = sum(((one["share"] - one["stated"]) / one["error"]) ** 2 for one in bins)
    chance = float(stats.chi2.sf(far, len(bins)))
    lines += ["", f"Chance alone would take the {len(bins)} groups together so far off, or "
              f"further, in {chance:.0%} of such trials."]  # fmt: skip
    inside = sum(one.low <= one.shield <= one.high for one in worlds)
    error = sqrt(0.09 * len(worlds))
    lines += ["", f"The planted effect lies within its 90 % interval in {inside} of {len(worlds)} "
              f"worlds; {0.9 * len(worlds):.0f} ± {error:.0f} are expected."]  # fmt: skip
    return "\n".join(lines) + "\n\n"


def world(number: int) -> Planted:
    """The planted world of a number."""
    return plant(np.random.default_rng((SEED, number)), Effort().particles)


def main(count: int) -> None:
    """Simulate, draw, write."""
    with ProcessPoolExecutor() as processors:
        worlds = list(processors.map(world, range(count)))
    bins = binned(worlds)
    title = "Do what-ifs given a record keep their word?"
    subtitle = [
        f"{count} simulated worlds in which troops came and the leader stayed. Left: would he have",
        "fallen without them, as stated and in truth; bars: two standard errors. Right: the",
        f"planted effect and its 90 % interval, in {min(count, SHOWN)} of them; orange: outside.",
    ]
    told = table(worlds, bins)
    spec = framed(title, subtitle, {"hconcat": [calibration(bins), recovery(worlds)]})
    figure = Figure("what-if-calibration", title, told.replace("\n", " "), spec)
    write_figures(ROOT / "docs" / "images", [figure])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PLACE.sub(lambda found: found[1] + told + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
