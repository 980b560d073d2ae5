"""What `foedus run` prints: its order, its width, its words and its digits."""

import re
from dataclasses import replace

import pytest

from foedus.case.case import Case
from foedus.history.learned import LearnedShare
from foedus.questions.answers import Answer, Answers
from foedus.questions.estimates import Estimate
from foedus.report.answers.prior import show_prior
from foedus.report.answers.summary import first_sentence, show_answers, show_run, show_simulated
from foedus.report.language.catalogue import LANGUAGES, say
from foedus.report.layout import display_width
from foedus.report.page.page import show_page
from foedus.report.phrases.answer_text import answer_texts, show_answer
from foedus.report.phrases.basis import confidence_of, show_basis, widest_assumed
from foedus.report.phrases.key_events import key_events
from foedus.report.phrases.names import parameter_name
from foedus.study import load
from tests.report.league import FILE, answers, league, read

HEADINGS = ("known", "answers", "explanations", "rests", "figures")


def with_estimate(answer: Answer, estimate: Estimate) -> Answer:
    """An answer with another estimate, from many runs."""
    return replace(answer, estimate=estimate, counted=10_000, runs=10_000)


def asked(name: str) -> Answer:
    """The answer to a question."""
    return next(answer for answer in answers().questions if answer.name == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_kept(language: str) -> None:
    lines = show_run(league(), answers(), language, 80, ["out/index.html"]).splitlines()
    places = [lines.index(say(language, f"run.{name}")) for name in HEADINGS]
    assert places == sorted(places)
    assert lines[0].startswith(league().title.get(language))
    assert lines[-1].strip() == "out/index.html"


def test_figures_are_named_once_and_not_by_their_files() -> None:
    files = [f"out/{name}" for name in ("index.html", "answers.svg", "answers.png", "flips.svg")]
    lines = show_run(league(), answers(), "en", 80, files).splitlines()
    assert lines[-2:] == [
        "  out/index.html", "Beside it, each as SVG and PNG: answers, flips.",
    ]  # fmt: skip


def test_the_least_certain_is_said_in_words_where_the_case_has_them() -> None:
    text = FILE.read_text().replace("  pull: {", "  pull: {doc: how far friends draw; a guess, ")
    case = read(text)
    assert "pull" in [one.spec.name for one in widest_assumed(case)]
    (sentence,) = (one for one in show_basis(case, answers()) if "how far friends draw" in one)
    assert ": how many march at once: 50 to 900 (crowd); " in sentence
    assert "; how far friends draw: −1.3 to 1.3 (pull); calm 2 to 20 days." in sentence


def test_what_is_believed_of_a_speaker_has_words() -> None:
    case = league()
    assert parameter_name(case, "speaker.chancellor.candour") == (
        "the Chancellor: how far truth guides what is said"
    )
    assert parameter_name(case, "speaker.chancellor.interest.plot") == (
        "the Chancellor: interest in saying “a plot at court”"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 59, 60, 80, 120])
def test_it_fits_the_page(language: str, width: int) -> None:
    for line in show_run(league(), answers(), language, width).splitlines():
        assert display_width(line) <= width, line


@pytest.mark.parametrize("width", [40, 80])
def test_every_question_is_answered_in_words_with_numbers(width: int) -> None:
    text = " ".join(show_run(league(), answers(), "en", width).split())
    for question in league().questions.values():
        assert question.label.get("en") in text
    shown = show_answer(league().questions["stays"], asked("stays"))
    assert shown.words.endswith(" %)")
    assert shown.words in text


def test_answers_come_within_the_first_screen() -> None:
    lines = show_run(league(), answers()).splitlines()
    assert lines.index(say("en", "run.answers")) < 20


def test_explanations_go_by_letters_and_together() -> None:
    text = show_run(league(), answers())
    assert "  A a plot at court (prior 30 %)" in text
    assert "  C both (prior 20 %)" in text
    assert re.search(r"^ +all +A +B +C$", text, re.MULTILINE)


def test_a_range_over_two_words_prints_both() -> None:
    stays = with_estimate(asked("stays"), Estimate(0.5, 0.3, 0.6, 0.01))
    shown = show_answer(league().questions["stays"], stays)
    assert (shown.value, shown.range) == ("50 %", "30–60 %")
    assert shown.words == "unlikely to likely (20–80 %)"


def test_a_noisy_answer_gets_no_words() -> None:
    question = league().questions["stays"]
    noisy = with_estimate(asked("stays"), Estimate(0.5, 0.3, 0.6, 0.12))
    assert show_answer(question, noisy).words == ""
    assert any("too few runs" in note for note in show_answer(question, noisy).notes)
    few = replace(with_estimate(asked("stays"), Estimate(0.0, 0.0, 0.0, 0.0)), counted=12)
    assert show_answer(question, few).words == ""
    sure = with_estimate(asked("stays"), Estimate(0.0, 0.0, 0.0, 0.0))
    assert show_answer(question, sure).words == "less than 1 in 100"


def test_a_time_that_may_never_come_is_a_lower_bound() -> None:
    assert "≥: what had not come by the end" in " ".join(show_run(league(), answers()).split())
    shown = show_answer(league().questions["until-help"], asked("until-help"))
    assert shown.value.startswith("≥ ")
    assert shown.notes[0].startswith("never within the time: ")


def test_no_answer_says_so() -> None:
    nothing = replace(
        asked("mean-unrest"), estimate=Estimate(None, None, None, None), counted=0, quantiles=None
    )
    shown = show_answer(league().questions["mean-unrest"], nothing)
    assert (shown.value, shown.words) == ("–", "")
    assert shown.notes == ("no run counts, so there is no answer",)
    assert "no run counts" in "\n".join(show_answers(league(), [nothing]))


def test_confidence_is_kept_apart_from_likelihood() -> None:
    sentences = list(show_basis(league(), answers()))
    confident = [sentence for sentence in sentences if "onfidence" in sentence]
    assert confident == [
        "Confidence in the answers: low (6 of 9 parameters are judged or assumed, "
        "and the answers come before the evidence is weighed)."
    ]
    assert "likely" not in confident[0]
    assert confidence_of(league(), is_weighed=True) == "moderate"


def test_what_answers_rest_on() -> None:
    text = "\n".join(show_basis(league(), answers()))
    assert "9 parameters: 2 measured, 1 reported, 2 judged, 4 assumed." in text
    assert "before the evidence is weighed" in text
    assert f"{answers().outer} draws of the parameters × {answers().inner} runs" in text
    assert "each of 3 combinations" in text
    assert "percentage points" in text
    assert "halving it" in text
    most = [one.spec.name for one in widest_assumed(league(), 2)]
    assert most == ["crowd", "pull"]  # `will` is wider, and nothing reads it


def test_a_moved_half_step_is_named() -> None:
    stays = asked("stays")
    assert stays.half_step is not None
    moved = replace(stays, half_step=replace(stays.half_step, difference=0.2, error=0.01))
    changed = replace(answers(), questions=(moved,))
    assert "changes these answers: The Chancellor" in "\n".join(show_basis(league(), changed))


def test_key_events_are_those_the_questions_turn_on() -> None:
    assert [event.id for event in key_events(league())] == ["E1", "E2", "E7"]
    first, second = key_events(league())[:2]
    assert first.happened.text == "1901-03-10"
    assert second.known.text == "1901-03-20"
    assert "18 Mar, 20:00 – 19 Mar 1901, 00:00" in show_run(league(), answers(), width=100)
    assert "(known 20 Mar 1901)" in show_run(league(), answers(), width=100)


def test_first_sentences() -> None:
    assert first_sentence("One thing,\n a second. And more. ") == "One thing, a second."
    assert first_sentence("One thing") == "One thing"


def test_texts_for_other_pages() -> None:
    texts = answer_texts(league(), answers())
    assert texts.keys() == league().questions.keys()
    assert texts["stays"].startswith(show_answer(league().questions["stays"], asked("stays")).value)


def test_a_bare_case_prints(bare: tuple[Case, Answers]) -> None:
    case, few = bare
    text = show_run(case, few)
    assert say("en", "run.none-known") in text
    assert say("en", "run.explanations") not in text
    assert say("en", "run.no-figures") in text


def test_an_item_goes_by_its_own_name() -> None:
    known = [event.what for event in key_events(load("kazakhstan-2022"))]
    assert "Tokayev asks the CSTO for troops" in known
    assert not any("the leader" in what for what in known)


@pytest.mark.parametrize(
    ("body", "calls", "used", "words"),
    [
        ("body = csto", 4, 52, "from 52 calls for help; of 4 on the CSTO 0 were taken up"),
        ("body = csto", 0, 52, "learned from 52 calls for help, none of them on the CSTO"),
        ("", 0, 52, "learned from 52 calls for help"),
        ("body = csto", 0, 0, "the prior alone: no call for help was known by then"),
    ],
)
def test_how_many_calls_on_the_body_were_learned_from(
    body: str, calls: int, used: int, words: str
) -> None:
    learned = LearnedShare(body, 0.4, 1.0, 0, calls, used)
    question = replace(league().questions["stays"], outside=learned)
    (note,) = (one for one in show_answer(question, asked("stays")).notes if "outside" in one)
    assert words in note


def test_a_case_that_asks_nothing_says_so() -> None:
    case, nothing = league(), replace(answers(), questions=())
    for language, said in (("en", "The case asks nothing:"), ("fi", "Tapaus ei kysy mitään:")):
        assert said in show_run(case, nothing, language)
        assert said in show_prior(case, nothing, language)
        assert said in show_page(case, nothing, language=language, version="0")
    assert "The case asks nothing:" not in show_run(case, answers())


@pytest.mark.parametrize(
    ("language", "day", "before", "few"),
    [
        ("en", "1 September 2021", "Answers before any evidence", "Where there is a dash, these"),
        ("fi", "1. syyskuuta 2021", "Vastaukset ennen näyttöä", "Viivan kohdalla ajoja on niin"),
    ],
)
def test_answers_say_what_they_rest_on_and_show_no_range_that_is_not_known(
    language: str, day: str, before: str, few: str
) -> None:
    """`5 %  5 %` had stood for an answer whose range too few runs leave unknown."""
    known = asked("mean-unrest")
    unknown = with_estimate(known, Estimate(0.3, None, None, 0.01))
    lines = show_simulated(league(), [unknown], "2021-09-01", language, 80)
    assert day in lines[0]
    row = next(line for line in lines if line.endswith("  –"))
    assert row.count("0.3" if language == "en" else "0,3") == 1
    assert few in " ".join(lines)
    narrow = "\n".join(show_simulated(league(), [unknown], "2021-09-01", language, 50))
    assert "–)" not in narrow
    sure = show_simulated(league(), [known], None, language, 80)
    assert sure[0] == before
    assert few not in " ".join(sure)
