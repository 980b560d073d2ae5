"""Forecasts from a date against a closed form."""

import pytest

from foedus import study
from foedus.infer.islands import agreed
from foedus.infer.islands.effort import Effort
from foedus.text.diagnostic import NoAnswerError, NoiseError, SettingsError
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

CASE = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)
LITTLE = Effort(particles=100, islands=4)


def test_a_forecast_knows_what_was_known() -> None:
    # Two strikes in five days leave the rate a gamma variable of shape 4 and rate 2/0.3 + 5; the
    # third comes within the six days left with this probability.
    answers = study.forecast(CASE, "2000-01-05", draws=300, explanation="by-itself", effort=LITTLE)
    rate = 2.0 / 0.3 + 5.0
    expected = 1.0 - (rate / (rate + 6.0)) ** 4
    (many,) = answers.questions
    assert many.estimate.value == pytest.approx(expected, abs=0.08)
    assert many.estimate.low is None
    assert list(many.by_explanation) == ["by-itself"]


def test_of_one_explanation_alone_no_agreement_on_all_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise NoiseError("noise would decide")

    monkeypatch.setattr(agreed, "verify_agreement", refuse)
    few = Effort(particles=30, sweeps=1, islands=2)
    answers = study.forecast(CASE, "2000-01-05", draws=20, explanation="by-plot", effort=few)
    assert list(answers.questions[0].by_explanation) == ["by-plot"]
    with pytest.raises(NoAnswerError, match="noise"):
        study.forecast(CASE, "2000-01-05", draws=20, effort=few)


def test_an_atom_with_few_particles_leaves_the_others_theirs() -> None:
    unlikely = HEAD.replace("components: [], prior: 0.5", "components: [], prior: 0.99").replace(
        "components: [plot], prior: 0.5", "components: [plot], prior: 0.01"
    )
    case = case_of(unlikely + "evidence:\n" + THREE + COMPLETE)
    answers = study.forecast(case, "2000-01-05", draws=300, effort=LITTLE)
    assert answers.draws > 200
    (many,) = answers.questions
    (rare,) = (one for name, one in many.by_explanation.items() if name == "by-plot")
    assert rare.weight < 0.05


def test_nothing_known_is_no_forecast() -> None:
    with pytest.raises(NoAnswerError, match="nothing of the record was known"):
        study.forecast(CASE, "1999-12-31", effort=LITTLE)
    with pytest.raises(SettingsError, match="`soon` is not a date"):
        study.forecast(CASE, "soon", effort=LITTLE)
