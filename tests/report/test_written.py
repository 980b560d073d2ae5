"""Priors in words: in English as they are written, in Finnish as Finns write them."""

import pytest

from foedus.report.written import show_belief
from foedus.study import load


@pytest.mark.parametrize(
    ("written", "finnish"),
    [
        ("80% between 0.25 and 0.9", "80 % välillä 0,25 … 0,9"),
        ("90 % between -1 and 2e3", "90 % välillä −1 … 2e3"),
        ("0 of 4", "0/4"),
        ("4 in 96.2 years", "4 kertaa 96,2 vuodessa"),
        ("3 in 10 days", "3 kertaa 10 päivässä"),
        ("beta(9, 1)", "beetajakauma(9; 1)"),
        ("normal(0, 0.7)", "normaalijakauma(0; 0,7)"),
        ("flag(0.3)", "Bernoulli-jakauma(0,3)"),
        ("2", "2"),
        ("0.5", "0,5"),
        ("6 of 43 (granted)", "6/43 (granted)"),
        (
            "6 of 43 (granted where frame = alliance, known before 2022-01-01)",
            "6/43 (granted, rajaus frame = alliance, tiedossa ennen 2022-01-01)",
        ),
        (
            "15 in 4398.5 years (exits, known before 2022-01-01)",
            "15 kertaa 4398,5 vuodessa (exits, tiedossa ennen 2022-01-01)",
        ),
        ("something new", "something new"),
    ],
)
def test_priors_in_finnish(written: str, finnish: str) -> None:
    assert show_belief(written, "fi") == finnish


@pytest.mark.parametrize("name", ["kazakhstan-2022", "crisis", "russia-handover", "nato-2001"])
def test_in_english_they_stay_as_written(name: str) -> None:
    for parameter in load(name).parameters.values():
        assert show_belief(parameter.written) == parameter.written
        assert show_belief(parameter.written, "fi") != ""
        assert " between " not in show_belief(parameter.written, "fi")
