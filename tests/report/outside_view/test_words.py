"""How numbers and days of the outside view are written, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from foedus import study
from foedus.history.requests import requests
from foedus.questions.fits.ended import Ended
from foedus.questions.fits.fit import fit_body
from foedus.questions.fits.library import answered, expected_of, library_scores
from foedus.questions.frozen import Came
from foedus.questions.scores import Bin, Murphy
from foedus.questions.settling import settle_files
from foedus.report.outside_view.contest import show_behind, show_calibration
from foedus.report.outside_view.fits import show_fit
from foedus.report.outside_view.library import show_library
from foedus.report.outside_view.postmortem import show_postmortem
from foedus.report.outside_view.postmortems import show_postmortems


@pytest.mark.parametrize(
    ("within", "english", "finnish"),
    [
        (-0.0001, "+ within bins 0.000", "+ lokeroiden sisäinen 0,000"),
        (-0.012, "− within bins 0.012", "− lokeroiden sisäinen 0,012"),
        (0.012, "+ within bins 0.012", "+ lokeroiden sisäinen 0,012"),
    ],
)
def test_parts_of_a_score_have_a_minus_and_no_nought_below_nought(
    within: float, english: str, finnish: str
) -> None:
    parts = Murphy(0.02, 0.03, 0.25, within, (Bin(10, 0.5, 0.4),))
    for language, said in (("en", english), ("fi", finnish)):
        text = " ".join(show_calibration("x", parts, 80, language).split())
        assert said in text
        assert "-0" not in text
        assert " − " in text


@pytest.mark.parametrize(
    ("behind", "sign", "shown"),
    [
        (-0.001, "+", "0.00±0.02"),
        (0.001, "+", "0.00±0.02"),
        (0.013, "+", "+0.01±0.02"),
        (-0.013, "", "-0.01±0.02"),
    ],
)
def test_who_is_not_behind_has_no_sign(behind: float, sign: str, shown: str) -> None:
    assert show_behind(behind, 0.02, sign) == shown


def test_what_was_learned_is_dated_in_words_and_has_ranges_that_can_be_read() -> None:
    fit = fit_body("csto", requests(), date(2022, 1, 1))
    english = " ".join(show_fit(fit, 80).split())
    assert "as known before 1 January 2022" in english
    (lifts,) = (one for one in fit.learned if one.name == "success-lifts")
    assert lifts.low < 0.0 < lifts.high
    assert f"(−{-lifts.low:.2f} to {lifts.high:.2f});" in english
    finnish = " ".join(show_fit(fit, 80, "fi").split())
    assert "ennen 1. tammikuuta 2022 tiedetyn mukaan" in finnish
    assert f"(−{-lifts.low:.2f} … {lifts.high:.2f});".replace(".", ",") in finnish


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Is Masimov arrested by 31 January? 100 %"),
        ("fi", "Pidätetäänkö Mäsimov 31. tammikuuta mennessä? 100 %"),
    ],
)
def test_what_is_settled_is_named_in_words(language: str, said: str) -> None:
    (one,) = settle_files(["kazakhstan-2022"])
    case = study.load("kazakhstan-2022")
    at_hand = {case.name: case}
    words = " ".join(show_postmortem(one.record, one.questions, 200, language, at_hand).split())
    assert said in words
    assert "masimov-arrested" not in words
    assert "masimov-arrested" in show_postmortem(one.record, one.questions, 200, language)
    several = " ".join(show_postmortems([one, one], 200, language, at_hand).split())
    assert f"kazakhstan-2022: {said.partition(' 100')[0]}" in several
    assert "masimov-arrested" not in several


def test_questions_of_the_library_are_named_in_words_below_their_case() -> None:
    case = study.load("bahrain-2011")
    expected = expected_of(case, requests())
    assert expected is not None
    names = [name for name in case.questions if "-" in name][:2]
    ended = [
        Ended(case.name, name, 0.5, 0.01, False, Came(name, float(place), ""))
        for place, name in enumerate(names)
    ]
    ended.append(Ended("mine", "is-it-so", 0.5, 0.01, False, Came("is-it-so", 1.0, "")))
    library = library_scores([answered(expected, 0.25, 0.0)], ended)
    lines = show_library(library, 100, "en", {case.name: case}).splitlines()
    at = lines.index("bahrain-2011:")
    labels = [case.questions[name].label.get("en") for name in names]
    shown = " ".join(" ".join(lines[at:]).split())
    assert all(label.split()[0] in shown for label in labels)
    assert not any(name in shown for name in names)
    assert "mine: is-it-so 50" in shown
