"""Figures of a verdict: what they show, in both languages, and that they can be drawn."""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log10

import pytest

from foedus.report.figures import render_svg
from foedus.report.figures.style import LINE, named_row, small_names
from foedus.report.figures.verdict import MOST_FLIPS, draw_flips, draw_verdict
from foedus.report.verdict.verdict_words import confidence_sentence
from tests.loading import case_of
from tests.report.verdict.test_verdict import CASE, TEXT, VERDICT


@pytest.mark.parametrize("language", ["en", "fi"])
def test_every_figure_can_be_drawn(language: str) -> None:
    figures = draw_verdict(CASE, VERDICT, language)
    assert [figure.name for figure in figures] == ["posteriors", "weights", "flips"]
    for figure in figures:
        assert figure.alt
        assert render_svg(figure, language).startswith("<svg ")


def test_the_evidence_adds_up_to_what_it_makes_of_the_prior() -> None:
    """Pieces compared with their own averages had drifted below nought for all explanations."""
    priors = {one.name: one.prior for one in VERDICT.standings if one.is_rival}
    totals = {one: sum(piece.log_weight[one] for piece in VERDICT.weights) for one in priors}
    whole = sum(priors[one] * exp(total) for one, total in totals.items()) / sum(priors.values())
    rows = draw_verdict(CASE, VERDICT)[1].spec["data"]["values"]
    last = [row for row in rows if row["place"] == max(row["place"] for row in rows)]
    for name, row in zip(totals, last, strict=True):
        assert row["value"] == pytest.approx(10.0 * log10(exp(totals[name]) / whole), abs=1e-9)
    assert max(row["value"] for row in last) > 0.0 > min(row["value"] for row in last)


def test_what_moves_most_is_named_in_words() -> None:
    """Ids alone, standing upright, had told a reader nothing."""
    figure = draw_verdict(CASE, VERDICT)[1]
    svg = render_svg(figure)
    assert "a strike – one" in svg
    numbers = figure.spec["layer"][1]["data"]["values"]
    assert [row["number"] for row in numbers] == [str(n) for n in range(1, len(numbers) + 1)]
    assert [row["place"] for row in numbers] == sorted(row["place"] for row in numbers)


def test_what_has_a_long_name_is_named_in_full() -> None:
    """Names under the lines had been cut where it came to who said what."""
    said = "a strike of which one who had been there told another that it was about to be broken"
    long = case_of(TEXT.replace("a strike", f"{said} by {said}"))
    figure = draw_verdict(long, VERDICT)[1]
    numbers = figure.spec["layer"][1]["data"]["values"]
    assert " ".join(numbers[0]["name"]) == f"{said} by {said} – one"
    lines = [len(row["name"]) for row in numbers]
    assert lines[0] > 1
    apart = [after["below"] - row["below"] for row, after in pairwise(numbers)]
    assert all(gap >= LINE * count for gap, count in zip(apart, lines, strict=False))
    assert "…" not in render_svg(figure)


def test_an_explanation_has_one_colour_in_all_figures() -> None:
    posteriors, weights, _ = draw_verdict(CASE, VERDICT)
    bars = {
        row["name"].replace("\n", " "): row["colour"]
        for row in posteriors.spec["data"]["values"] if row["kind"] == "rival"
    }  # fmt: skip
    scale = weights.spec["layer"][-1]["encoding"]["color"]["scale"]
    assert bars == dict(zip(scale["domain"], scale["range"], strict=True))


def test_so_many_changes_as_are_soon_read_are_drawn() -> None:
    (flip, *_) = VERDICT.turning.changes
    many = tuple(replace(flip, log_odds=float(lead)) for lead in range(40))
    figure = draw_flips(CASE, replace(VERDICT, turning=replace(VERDICT.turning, changes=many)))
    assert figure is not None
    leads = [row["value"] for row in figure.spec["data"]["values"]]
    assert len(leads) == MOST_FLIPS
    assert leads == sorted(leads)


def test_changes_of_which_only_a_bound_is_known_are_counted_and_not_drawn() -> None:
    """The heading had counted fewer changes than the sentence beside it."""
    (flip, *others) = VERDICT.turning.changes
    bounded = replace(flip, log_odds=None, leader=VERDICT.turning.leader, at_least=2.0)
    turning = replace(VERDICT.turning, changes=(flip, *others, bounded))
    verdict = replace(VERDICT, turning=turning)
    figure = draw_flips(CASE, verdict)
    assert figure is not None
    counted = confidence_sentence(CASE, verdict, "en")
    assert f" of the {len(turning.decided)} changed assumptions" in counted
    assert f" of {len(turning.decided)} changes " in figure.title
    assert len(figure.spec["data"]["values"]) == len(turning.decided) - 1
    assert "1 change leaves “by itself” in front, by 8.7 decibels at least" in figure.alt


def test_what_turns_it_is_marked() -> None:
    figure = draw_flips(CASE, VERDICT)
    assert figure is not None
    rows = figure.spec["data"]["values"]
    assert [row["turns"] for row in rows] == ["yes", "no"]
    assert draw_flips(CASE, replace(VERDICT, basis=replace(VERDICT.basis, log_odds=inf))) is None


def test_what_turns_it_is_said_in_words_and_the_names_stand_small() -> None:
    boost = 'boost: {prior: "lognormal(3, 1.5)", '
    assert boost in TEXT
    case = case_of(TEXT.replace(boost, f"{boost}doc: how many times sooner with a plot, "))
    for worded, names in (
        (case, [("how many times sooner with a plot", "boost in the lowest fifth of its range"),
                ("a strike", "without one")]),
        (CASE, [("boost in the lowest fifth of its range", ""), ("a strike", "without one")]),
    ):  # fmt: skip
        figure = draw_flips(worded, VERDICT)
        assert figure is not None
        rows = figure.spec["data"]["values"]
        shown = [(row["name"].partition("\t")[0].strip(), " ".join(row["small"])) for row in rows]
        assert shown == names
        svg = render_svg(figure)
        assert all(f">{text}<" in svg for pair in names for text in pair if text)


def test_the_page_shows_the_verdict() -> None:
    from foedus import study
    from foedus.report.page.page import Drawing, show_page

    answers = study.simulate(CASE, draws=20)
    drawings = [Drawing(one, render_svg(one)) for one in draw_verdict(CASE, VERDICT)]
    page = show_page(CASE, answers, drawings, version="1", verdict=VERDICT)
    assert '<section id="verdict"' in page
    assert 'id="figure-weights"' in page
    assert "So the verdict rests on assumptions." in page
    assert '<section id="verdict"' not in show_page(CASE, answers, version="1")


def test_long_names_and_how_they_are_changed_are_whole() -> None:
    """The Finnish figure had cut off which fifth of a range was meant."""
    name = "äänestyksiä, vierailuja, lausuntoja ja vaatimuksia, joissa pyytäjä voi asettua puolelle"
    small = "speaker.kazakh-prosecutors.candour vaihteluvälinsä alimmassa viidenneksessä"
    row = named_row(name, small, 330.0)
    (*lines, last) = str(row["name"]).split("\t")[0].split("\n")
    assert " ".join(" ".join([*lines, last]).split()) == name
    assert " ".join(row["small"]) == small  # type: ignore[arg-type]
    assert len([*lines, last]) == row["lines"]
    layers = small_names({"field": "name"}, 330.0)
    tests = [layer["transform"][0]["filter"] for layer in layers]
    for line in range(len(row["small"])):  # type: ignore[arg-type]
        wanted = f"datum.down === {row['down']} && length(datum.small) > {line}"
        assert tests.count(wanted) == 1
