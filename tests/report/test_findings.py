"""The headings say what was found, and that nothing was where nothing was."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from statistics import NormalDist
from types import MappingProxyType

import pytest

from foedus.infer.verdict.verdict import Weight
from foedus.questions.answers import Answer, Part
from foedus.questions.estimates import Estimate
from foedus.questions.sensitivity import EXPLANATION, OTHERS, Drivers, Effect
from foedus.questions.worlds import Comparison
from foedus.report.figures import render_svg
from foedus.report.figures.timeline import draw_timeline
from foedus.report.figures.verdict import draw_verdict
from foedus.report.findings import (
    answer_finding,
    decided_finding,
    delay_finding,
    drivers_finding,
    explanations_finding,
    moved_finding,
    standard_errors,
    weight_finding,
)
from foedus.report.language.catalogue import LANGUAGES
from tests.report.league import answers, league
from tests.report.verdict.test_verdict import CASE, VERDICT

NAME = next(one.name for one in answers().questions if one.kind == "probability")
ASKED = league().questions[NAME].label.get("en")


def answer(
    value: float | None, low: float | None = None, high: float | None = None,
    parts: Mapping[str, Estimate] = MappingProxyType({}),
) -> Answer:  # fmt: skip
    """An answer to the first question of yes or no."""
    given = {name: Part(0.5, part) for name, part in parts.items()}
    estimate = Estimate(value, low, high, 0.01)
    return Answer(NAME, "probability", estimate, None, None, 1000, 1000, given, {}, None)


def found(one: Answer) -> str:
    """What heads the answers, without the question."""
    return answer_finding(league(), [answer(None), one], "en").removeprefix(ASKED).strip(": ")


def test_an_answer_heads_its_section() -> None:
    assert found(answer(0.9, 0.9, 0.9)) == "90 %, very likely (80–95 %)"
    words = "very likely to almost certain (80–99 %)"
    assert found(answer(0.9, 0.82, 0.97)) == f"90 %; depending on the assumptions, {words}"
    noisy = replace(answer(0.9, 0.8, 1.0), counted=12)
    assert found(noisy) == "90 %; depending on the assumptions, 80–100 %"
    assert answer_finding(league(), [answer(None)], "en") == ""


def test_an_answer_that_may_go_either_way_is_said_to_be_open() -> None:
    assert found(answer(0.7, 0.1, 0.9)).startswith("The assumptions leave it open: 70 %, but")
    assert "open" not in found(answer(0.7, 0.46, 0.9))
    assert "open" not in found(answer(0.2, 0.0, 0.54))


def test_explanations_differ_where_it_is_no_chance() -> None:
    def told(low: float, high: float) -> str:
        parts = {
            "court-plot": Estimate(high, 0.0, 1.0, 0.01),
            "bread-riot": Estimate(low, 0.0, 1.0, 0.01), "mixed": Estimate(None, None, None, None),
        }  # fmt: skip
        return explanations_finding(league(), [answer(0.3, parts=parts)], "en")

    assert told(0.2, 0.4).endswith("20 % if “a bread riot”, 40 % if “a plot at court”")
    assert told(0.2, 0.23).startswith("These runs do not tell the explanations apart")
    assert explanations_finding(league(), [], "en") == told(0.2, 0.2)


def test_a_heading_allows_for_what_it_was_picked_from() -> None:
    # Three standard errors for one difference; more for the largest of many.
    assert standard_errors(1) == pytest.approx(3.0, abs=0.001)
    assert 1.0 - NormalDist().cdf(standard_errors(48)) == pytest.approx(0.0027 / 96)
    parts = {"court-plot": Estimate(0.25, 0.0, 1.0, 0.01), "bread-riot": Estimate(0.2, 0, 1, 0.01)}
    alone = [answer(0.3, parts=parts)]
    assert not explanations_finding(league(), alone, "en").startswith("These runs do not tell")
    assert explanations_finding(league(), alone * 8, "en").startswith("These runs do not tell")


def test_the_heaviest_piece_heads_the_evidence() -> None:
    assert weight_finding(CASE, VERDICT, "en") == (
        "What clearly weighs most: a strike (one), +13 decibels for “by itself” against “by plot”"
    )
    ruled_out = Weight("two", "item", 5.0, {"by-itself": -inf, "by-plot": -inf})
    silence = Weight("silence:3", "silence", 3.0, {"by-itself": -9.0, "by-plot": -1.0})
    nothing = replace(VERDICT, weights=(ruled_out,))
    assert weight_finding(CASE, nothing, "en") == ""
    quiet = weight_finding(CASE, replace(VERDICT, weights=(*VERDICT.weights, silence)), "en")
    assert "nothing more happened of what the record would hold (3 January 2000), −35" in quiet


def test_how_late_the_record_was_known() -> None:
    prompt = [(4.5, 5.0), (5.0, 5.0)]
    assert delay_finding(prompt, "en") == "All of the record was known the same day"
    late = [*prompt, (5.0, 12.0)]
    assert delay_finding(late, "en") == (
        "Half of the record was known the same day; the longest delay is 7 days"
    )
    assert delay_finding([*late, (1.0, 3.0), (1.0, 4.0)], "en") == (
        "Half of the record was known within 2 days; the longest delay is 7 days"
    )


def test_the_strongest_assumption_heads_what_drives_an_answer() -> None:
    def drivers(*effects: tuple[str, float]) -> Drivers:
        of = tuple(Effect(name, share, 0.01, share, 0.01, None, None) for name, share in effects)
        return Drivers(NAME, 0.5, 0.2, of, is_conditional=False)

    unresolved = drivers((OTHERS, 0.9))
    resolved = drivers(("calm", 0.2), (EXPLANATION, 0.6), (OTHERS, 0.9))
    told = drivers_finding(league(), [unresolved, resolved], "en")
    assert told.endswith("60 % of the uncertainty has to do with this: which explanation holds")
    assert drivers_finding(league(), [unresolved], "en") == ""


def test_what_a_decision_moves_most_heads_its_worlds() -> None:
    def compared(factual: float, changed: float, error: float) -> Comparison:
        first, second = (Estimate(one, one, one, 0.01) for one in (factual, changed))
        difference = Estimate(changed - factual, -1.0, 1.0, error)
        return Comparison(
            NAME, "probability", first, second, difference, None, None, {}, True, (1, 1)
        )

    some = [compared(0.9, 0.8, 0.01), compared(0.9, 0.3, 0.01), compared(0.9, 0.1, 0.9)]
    assert moved_finding(league(), some, "en").endswith("90 % as it is, 30 % changed")
    assert moved_finding(league(), some[2:], "en").startswith("The decision moves none")


@pytest.mark.parametrize(
    ("changed", "error", "told"),
    [
        pytest.param(0.8, 0.01, "90 % as it is; the decision changes that by −10 ± 1 points"),
        pytest.param(0.8, 0.2, "No clear change: −10 ± 20 points, within the error"),
        pytest.param(0.9, 0.0, "90 % either way"),
    ],
)
def test_what_a_decision_does_to_the_main_answer(changed: float, error: float, told: str) -> None:
    """The first question that has an answer in both worlds, and no other."""

    def compared(value: float | None) -> Comparison:
        first, second = Estimate(0.9, 0.9, 0.9, 0.01), Estimate(value, value, value, 0.01)
        apart = None if value is None else value - 0.9
        difference = Estimate(apart, None, None, error)
        return Comparison(
            NAME, "probability", first, second, difference, None, None, {}, True, (1, 1)
        )

    some = [compared(None), compared(changed), compared(0.1)]
    assert decided_finding(league(), some, "en").endswith(f": {told}")
    assert decided_finding(league(), some[:1], "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_headed_by_what_they_show_and_say_what_that_is(language: str) -> None:
    timeline = draw_timeline(league(), language)
    assert timeline is not None
    for figure in (timeline, *draw_verdict(CASE, VERDICT, language)):
        topic = figure.spec["title"]["subtitle"][0]
        assert topic.endswith(".")
        assert topic != figure.title
        assert topic in render_svg(figure, language)
