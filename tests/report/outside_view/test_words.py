"""How numbers and days of the outside view are written, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from foedus.history.requests import requests
from foedus.questions.fits.fit import fit_body
from foedus.questions.scores import Bin, Murphy
from foedus.report.outside_view.contest import show_calibration
from foedus.report.outside_view.fits import show_fit


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
