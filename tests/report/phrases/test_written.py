"""Priors in words: in English as they are written, in Finnish as Finns write them."""

import pytest

from foedus.history.learned import NAME
from foedus.report.phrases.written import show_belief
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
            "6 of 43 (request-granted where frame = alliance, known before 2022-01-01)",
            "6/43 (sotilaallisen avun pyyntöön suostutaan kokonaan; pyynnön kohde: liitto; "
            "tiedossa ennen 2022-01-01)",
        ),
        (
            "15 in 4398.5 years (any-exit, known before 2022-01-01)",
            "15 kertaa 4398,5 vuodessa (johtaja jättää tehtävänsä; tiedossa ennen 2022-01-01)",
        ),
        ("something new", "something new"),
    ],
)
def test_priors_in_finnish(written: str, finnish: str) -> None:
    assert show_belief(written, "fi") == finnish


def test_a_class_is_told_in_words_in_english_too() -> None:
    written = load("kazakhstan-2022").parameters["aid.willing"].written
    law, _, rest = written.partition(" (learned-willing where body = csto")
    told = " (learned from 68 calls for help; of 4 on the CSTO 0 were taken up; known before "
    assert show_belief(written) == f"{law}{told}2022-01-01)"
    anyone = show_belief(f"{law} (learned-willing{rest}", "fi")
    assert anyone.endswith(" (opittu 68 avunpyynnöstä; tiedossa ennen 2022-01-01)")


@pytest.mark.parametrize("name", ["kazakhstan-2022", "crisis", "russia-handover", "nato-2001"])
def test_in_english_all_but_classes_stay_as_written(name: str) -> None:
    for parameter in load(name).parameters.values():
        if NAME not in parameter.written:
            assert show_belief(parameter.written) == parameter.written
        assert show_belief(parameter.written, "fi") != ""
        assert " between " not in show_belief(parameter.written, "fi")
