"""What `foedus show` prints: complete, in both languages, within its width."""

import json
from collections.abc import Callable

import pytest

from foedus.case.case import Case
from foedus.case.reads import expressions_of
from foedus.expr.show import show_expression
from foedus.questions.answers import Answers
from foedus.report.language.catalogue import LANGUAGES
from foedus.report.layout import display_width
from foedus.report.phrases.answer_text import answer_texts
from foedus.report.phrases.citations import all_parameters, citings
from foedus.report.show import (
    assumption_records,
    overview_record,
    show_assumptions,
    show_model,
    show_overview,
    show_sources,
    show_statements,
    show_timeline,
    source_records,
    statement_records,
    timeline_records,
)
from tests.report.league import answers, league

Show = Callable[[Case, str, int], str]


def statements(case: Case, language: str = "en", width: int = 80) -> str:
    """The statements without answers."""
    return show_statements(case, None, language, width)


PAGES: tuple[Show, ...] = (
    show_overview, show_timeline, show_model, statements, show_sources, show_assumptions,
)  # fmt: skip


def flat(text: str) -> str:
    """A text without the places of its line ends."""
    return " ".join(text.split())


@pytest.mark.parametrize("show", PAGES, ids=lambda show: show.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80])
def test_pages_fit(show: Show, language: str, width: int) -> None:
    text = show(league(), language, width)
    assert text.endswith("\n")
    for line in text.splitlines():
        assert display_width(line) <= width or "://" in line, line


@pytest.mark.parametrize("show", PAGES, ids=lambda show: show.__name__)
def test_a_bare_case_has_pages(show: Show, bare: tuple[Case, Answers]) -> None:
    assert show(bare[0], "fi", 80).strip()


def test_the_model_holds_every_name() -> None:
    case, text = league(), flat(show_model(league(), width=200))
    names = [
        *case.actors, *case.groups, *case.offices, *case.alliances, *case.parameters,
        *case.components, *(belief.atom.name for belief in case.atoms), *case.explanations,
        *case.sets, *case.state, *case.events, *case.records, *case.speakers, *case.questions,
        *case.what_ifs, *(clue.name for clue in case.clues), *(table.name for table in case.tables),
        *(relation.name for relation in case.relations),
    ]  # fmt: skip
    assert [name for name in names if name not in text] == []


def test_the_model_holds_every_expression() -> None:
    case, text = league(), flat(show_model(league(), width=10_000))
    wanted = [e for happening in case.events.values() for e in expressions_of(happening.kind)]
    wanted += [variable.spec.start for variable in case.state.values()]
    for question in case.questions.values():
        parts = (question.expression, question.origin, question.given)
        wanted += [part for part in parts if part is not None]
    missing = [show_expression(e) for e in wanted if flat(show_expression(e)) not in text]
    assert missing == []


@pytest.mark.parametrize(
    "words",
    [
        "start: 1901-03-01T00:00",
        "ship: 1 to 4",
        "tonnage[quay]: east 10, west 20, south-quay 5",
        "beside[quay, quay]: east-west, west-east, west-south-quay, south-quay-west",
        "candidates: chancellor, regent",
        "held: by chancellor from 1895-01-01",
        "members: north, arden, isles (from 1880-01-01)",
        "obligations: defense, consultation",
        "ouster: 80% between 0.001 and 0.05 per day",
        "will[league]: uniform(0, 1) share",
        "mood: one of quiet, tense, open; starts quiet",
        "tide: share; starts 0; min 0; max 1; steps 4; latent",
        "strike[q in quay]:",
        "pier: categorical(1 + tonnage[w] for w in quay)",
        "struck[q] for q in quay where struck[q]: false",
        "after: gamma(1, calm) resume: true",
        "after: immediately",
        "at: 1901-06-01T00:00, 1901-07-01T00:00",
        "each: 7 days",
        "every: 1 day",
        "help: # the League sends ships utility: pull + trust",
        "both-ways: prior 0.2",
        "impossible: calming: no wish for it",
        "strike: complete 1901-03-01/1901-04-30, lag 2 days",
        "feast: reported seen, delay 1 day",
        "interest in plot: normal(1, 1)",
        "at: the end of 1901-12-30",
        "between: 1901-03-01T00:00 and the end of 1901-06-30",
        "forbid: answer.help",
        "set-state: aid = true, at 1901-03-05T00:00",
        "force: ask, when unrest > 0",
        "happened: strike[west] by: the end of 1901-04-01",
    ],
)
def test_the_model_is_printed_back(words: str) -> None:
    assert words in flat(show_model(league(), width=200))


def test_the_timeline_has_both_dates_of_everything() -> None:
    text = flat(show_timeline(league(), width=200))
    for entry in timeline_records(league()):
        assert str(entry["id"]) in text
    assert "10 Mar 1901: a quay goes on strike: East E1; known 11 Mar 1901" in text
    assert "25 Mar 1901 (70 %) or 27 Mar 1901 (30 %)" in text
    assert "did not happen: a quay goes on strike: West" in text
    assert "no report of: a feast" in text
    assert "the chancellorship: the Chancellor" in text
    assert "people on the march: 450" in text
    assert "hedged: “it seems”" in text
    assert "“none”" not in text
    assert "repeats C1" in text


def test_the_timeline_is_in_order() -> None:
    starts = [entry["when"][0]["start"] for entry in timeline_records(league())]  # type: ignore[index]
    assert starts == sorted(starts)
    assert len(starts) == 1 + 7 + 3 + 1


def test_statements_are_answered_or_name_the_command() -> None:
    given = answer_texts(league(), answers())
    text = flat(show_statements(league(), given, width=200))
    assert f"model: The Chancellor still in office at the end of 1901: {given['stays']}" in text
    assert "given the record: `foedus weigh league-1901`" in text
    assert "answered by: `foedus run league.yaml`" in flat(show_statements(league(), width=200))
    assert "hedged: “surely”" in text
    assert "carried by: question stays, event seat.fall" in text


def test_sources_stand_with_who_is_behind_them() -> None:
    text = show_sources(league())
    assert text.index("Arden's press") < text.index("gazette:") < text.index("the chancery")
    assert "https://example.org/gazette?a=1&b=2" in text
    assert "https://doi.org/10.1000/annals" in text
    counted = {record["name"]: len(record["cited_by"]) for record in source_records(league())}  # type: ignore[arg-type]
    elements = {(kind, name) for kind, name, cite in citings(league()) if cite.source == "letters"}
    assert counted["letters"] == len(elements) == 7


def test_assumptions_hold_every_number_by_grade() -> None:
    text = flat(show_assumptions(league(), width=200))
    for parameter in all_parameters(league()):
        assert parameter.spec.name in text
        assert parameter.grounds.because.get("en") in text
    assert text.index("Assumed:") < text.index("Judged:") < text.index("Measured:")
    own = "spread (starved): 80% between 0.05 and 0.6 per day hunger spreads faster"
    assert own in text  # a prior that holds in one atom has its own reason, not that of the atom
    assert "crowd (how many march at once): 80% between 50 and 900 people" in text
    assert "unrest (unrest at the port) starts at 0.1 ordinary grumbling" in text
    assert "such men fell within a year or stayed sources: annals" in text


def test_the_overview_is_one_page() -> None:
    text = show_overview(league())
    assert len(text.splitlines()) < 60
    assert "the League: Northland, Arden, the Isles" in text
    assert "both (prior 20 %): hunger at the port, a plot at court" in flat(text)
    assert not [line for line in text.splitlines() if line.endswith("%):")]
    for name in league().what_ifs:
        assert f"({name})" in text or f"- {name}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_records_are_json(language: str) -> None:
    for record in (
        overview_record(league(), language), timeline_records(league(), language),
        statement_records(league(), None, language), source_records(league(), language),
        assumption_records(league(), language),
    ):  # fmt: skip
        assert json.loads(json.dumps(record)) == record


def test_finnish_speaks_finnish() -> None:
    assert "10.3.1901: laituri menee lakkoon: East" in show_timeline(league(), "fi")
    assert "Pohjola, Arden, Saaret" in show_overview(league(), "fi")
    assert "Kansleri pitää paikkansa" in show_statements(league(), None, "fi")


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("en", "[no prior to share: how much of the weight it makes up is not known]"),
        ("fi", "[ei yhteistä prioria: ei tiedetä, paljonko painosta tulee siitä]"),
    ],
)
def test_numbers_without_a_prior_to_share_are_marked(language: str, mark: str) -> None:
    """As `weigh` names them: `Basis.apart`."""
    from foedus import study

    case = study.load("kazakhstan-2022")
    records = assumption_records(case, language)
    marked = {one["name"] for one in records if one["is_without_common_prior"]}
    assert marked == {"protest.example", "fighters", "fighters-spread", "raid-length"}
    lines = show_assumptions(case, language, width=10_000).splitlines()
    assert {line.split()[0].rstrip(":") for line in lines if mark in line} == marked
    assert mark not in show_assumptions(league(), language, width=10_000)
