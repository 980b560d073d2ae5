"""`foedus prior`: what is believed, what it means, and what follows."""

import pytest

from foedus.case.case import Case
from foedus.questions.answers import Answers
from foedus.report.answers.prior import answer_sentence, parameter_sentence, show_prior
from foedus.report.language.catalogue import LANGUAGES
from foedus.report.layout import display_width
from tests.report.league import answers, league


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("spread", "`spread`: between 0.02 and 0.3 per day with 80 % probability (median 0.077); "
         "at the median, an event about every 13 days; judged, because strikes spread within "
         "days."),
        ("calm", "`calm`: between 2 and 20 days with 80 % probability (median 6.3); assumed, "
         "because nobody counted."),
        ("delay", "`delay`: taken as 3 days; measured (annals)."),
        ("will", "`will`: between 10 and 90 % with 80 % probability (median 50 %); drawn for each "
         "league by itself; assumed, because no two members are alike."),
        ("crowd", "`crowd` (how many march at once): between 50 and 900 people with 80 % "
         "probability (median 210); assumed, because squares hold as many."),
        ("pull", "`pull`: between −1.28 and 1.28 with 80 % probability (median 0); assumed, "
         "because may go either way."),
    ],
)  # fmt: skip
def test_parameters_in_sentences(name: str, sentence: str) -> None:
    assert parameter_sentence(league(), league().parameters[name]) == sentence


def test_finnish_sentences() -> None:
    assert parameter_sentence(league(), league().parameters["ouster"], "fi") == (
        "`ouster`: 80 %:n todennäköisyydellä välillä 0,001 … 0,05 päivässä (mediaani 0,0071); "
        "mediaanilla tapahtumien väli on noin 140 päivää; arvioitu: sellaiset miehet "
        "kaatuivat vuodessa tai jäivät (annals)."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80])
def test_every_parameter_explanation_and_question_has_its_sentence(
    language: str, width: int
) -> None:
    text = show_prior(league(), answers(), language, width)
    assert all(display_width(line) <= width for line in text.splitlines())
    flat = " ".join(text.split())
    for name in league().parameters:
        assert f"- `{name}`" in flat
    for question in league().questions.values():
        assert question.label.get(language) in flat
    for reading in league().explanations.values():
        assert reading.label.get(language) in flat


def test_what_follows_has_numbers_and_words() -> None:
    stays = next(answer for answer in answers().questions if answer.name == "stays")
    sentence = answer_sentence(league(), stays)
    assert sentence.startswith("The Chancellor still in office at the end of 1901: ")
    assert "Depending on the assumptions" in sentence
    assert " %): " not in sentence
    assert sentence.endswith(" %).")


def test_without_answers_only_what_was_put_in_is_told(bare: tuple[Case, Answers]) -> None:
    text = show_prior(bare[0])
    assert "`speed`: taken as 1 per day" in text
    assert "follows" not in text
