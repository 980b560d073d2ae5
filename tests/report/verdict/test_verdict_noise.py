"""What sampling could make of single pieces: said beside them, and never headed by."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from statistics import stdev
from typing import Any

import pytest

from foedus.infer.verdict.decibels import decibels
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.infer.verdict.verdict_json import as_record
from foedus.report.exports.verdict_table import verdict_rows, write_table
from foedus.report.figures.verdict import draw_verdict
from foedus.report.findings import weight_finding
from foedus.report.verdict.verdict import show_verdict, verdict_in_short
from tests.report.verdict.test_verdict import CASE, VERDICT, flat

SURE = {"by-itself": (-1.0, -1.1, -0.9, -1.0), "by-plot": (-2.0, -2.0, -2.0, -2.1)}
"""Four runs that agree on a nat or so: 4.3 decibels."""

UNSURE = {"by-itself": (-1.0, -1.0, -1.0, -1.0), "by-plot": (-2.0, -10.0, -3.0, -1.0)}
"""Four runs of which one has lost the courses of the second."""


def noisy() -> Verdict:
    """The verdict of which a piece weighs much in one run only, and another less in all."""
    sure = Weight("two", "item", 5.0, {"by-itself": -1.0, "by-plot": -2.0}, SURE)
    unsure = Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -4.0}, UNSURE)
    return replace(VERDICT, weights=(unsure, sure))


def test_what_one_run_has_lost_heads_nothing() -> None:
    finding = weight_finding(CASE, noisy(), "en")
    assert "(two), +4.3 decibels" in finding
    text = flat(show_verdict(CASE, noisy()))
    assert "What speaks most for “by itself” against “by plot”: - a strike – two (+4.3" in text
    assert "– one (+" not in text


def test_the_screen_says_what_stands_after_a_weight() -> None:
    """Weights are medians of runs, and what stands beside them is the error of the mean."""
    for language, unit, error in (
        ("en", "10 make it ten times", "the median of independent runs; ±: one standard error of"),
        ("fi", "10 kymmenkertaistaa", "riippumattomien ajojen mediaani; ±: niiden keskiarvon"),
    ):
        short = " ".join(" ".join(verdict_in_short(CASE, noisy(), language)).split())
        assert unit in short
        assert error in short
        assert error not in flat(show_verdict(CASE, VERDICT, language))  # nothing was sampled


def test_values_that_sampling_could_make_stand_in_parentheses() -> None:
    text = flat(show_verdict(CASE, noisy()))
    assert "one: a strike +2.8 (−10)" in text
    assert "two: a strike +1.6 −2.7" in text
    assert "In parentheses: no more than sampling alone could make of a piece" in text
    assert "In parentheses" not in show_verdict(CASE, VERDICT)
    assert "Suluissa" in show_verdict(CASE, noisy(), "fi")


def test_a_piece_is_told_with_its_error() -> None:
    error = decibels(stdev([first - other for first, other in zip(*UNSURE.values(), strict=True)]))
    rows = verdict_rows(CASE, noisy(), "en")
    assert rows[2][3].startswith("+1.6 ± ")
    assert rows[-1][3] == "+2.8", "the total has errors of its own, among the explanations"
    assert error / 2.0 > 8.0
    lost = noisy().weights[0]
    kept = replace(lost, runs={**UNSURE, "by-plot": (-2.0, float("-inf"), -4.0, -1.0)})
    text = flat(show_verdict(CASE, replace(noisy(), weights=(kept,))))
    assert "– one (+13 ± " not in text, "4.3 standard errors of the three runs left are 16 dB"


def test_the_table_for_programs_has_columns_of_errors(tmp_path: Path) -> None:
    write_table(CASE, noisy(), tmp_path / "verdict.csv")
    head, *_, one, two, total = csv.reader((tmp_path / "verdict.csv").read_text().splitlines())
    assert head[5:7] == ["± by itself", "± by plot"]
    assert 0.0 < float(two[5]) < 0.2 < 1.0 < float(one[6])
    assert total[5:7] == ["", ""]
    write_table(CASE, VERDICT, tmp_path / "exact.csv")
    assert "±" not in (tmp_path / "exact.csv").read_text().splitlines()[0]


def test_json_has_the_errors_too() -> None:
    def error_of(verdict: Verdict, place: int) -> Any:
        items: Any = as_record(CASE, verdict)["items"]
        return items[place]["errors"]["by-plot"]

    assert error_of(noisy(), 0) > 1.0 > error_of(noisy(), 1) > 0.0
    assert error_of(VERDICT, 0) is None


def test_lines_have_bands_where_runs_were_sampled() -> None:
    figure = draw_verdict(CASE, noisy())[1]
    rows = figure.spec["data"]["values"]
    (first,) = [row for row in rows if row["place"] == 1 and row["series"] == "by plot"]
    assert first["low"] < first["value"] - 1.0
    assert first["high"] - first["value"] == pytest.approx(first["value"] - first["low"])
    assert "Bands: one standard error of the sampling" in figure.alt
    assert "Bands" not in draw_verdict(CASE, VERDICT)[1].alt
