"""What shipped cases call by a name, and all that the flagship says, is there in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import fields, is_dataclass
from html import unescape

import pytest

from foedus.case.case import Case, LocalText
from foedus.case.find import shipped_cases
from foedus.case.grammar import MECHANISM
from foedus.case.mechanisms import SHIPPED, shipped_mechanisms
from foedus.case.node import Mapping
from foedus.case.reader import parse_yaml, read_source
from foedus.case.texts import Translating, translated, with_texts
from foedus.report.answers.prior import show_prior
from foedus.report.answers.summary import show_run
from foedus.report.page.page import show_page
from foedus.report.phrases.answer_text import answer_texts
from foedus.report.show.assumptions import show_assumptions
from foedus.report.show.model import show_model
from foedus.report.show.overview import show_overview
from foedus.report.show.record import show_timeline
from foedus.report.show.sources import show_sources
from foedus.report.show.statements import show_statements
from foedus.study import load, simulate
from foedus.text.diagnostic import Diagnostics


def names(case: Case) -> Iterator[tuple[str, LocalText]]:
    """What things are called in reports: their labels, or their docs where they have none."""
    yield "title", case.title
    yield "doc", case.doc
    for use in case.uses:
        yield use.mechanism, use.title
    for name, happening in case.events.items():
        yield name, happening.label or happening.doc
        yield from ((f"{name}.{option}", words) for option, words in happening.options)
    for name, variable in case.state.items():
        yield name, variable.label or variable.doc
    for name, component in case.components.items():
        yield name, component.label or component.doc
    for name, reading in {**case.explanations, **case.sets}.items():
        yield name, reading.label or reading.doc
    for name, question in case.questions.items():
        yield name, question.label
    for name, what_if in case.what_ifs.items():
        yield name, what_if.label


def texts(thing: object, place: str) -> Iterator[tuple[str, LocalText]]:
    """Every text in a thing, with where it stands."""
    if isinstance(thing, LocalText):
        if thing:
            yield place, thing
    elif isinstance(thing, MappingOf):
        for key, value in thing.items():
            yield from texts(value, f"{place}/{key}")
    elif isinstance(thing, tuple):
        for number, value in enumerate(thing):
            yield from texts(value, f"{place}/{number}")
    elif is_dataclass(thing) and type(thing).__module__.startswith("foedus.case."):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name), f"{place}/{field.name}")


@pytest.mark.parametrize("name", shipped_cases())
def test_names_are_finnish_too(name: str) -> None:
    for what, text in names(load(name)):
        assert not text or {"en", "fi"} <= set(dict(text.texts)), what


def test_nothing_of_the_flagship_falls_back_to_english() -> None:
    found = dict(texts(load("kazakhstan-2022"), ""))
    assert len(found) > 800
    assert {
        place: text.get() for place, text in found.items() if "fi" not in dict(text.texts)
    } == {}


@pytest.mark.parametrize("name", shipped_mechanisms())
def test_nothing_of_a_mechanism_falls_back_to_english(name: str) -> None:
    path, said = SHIPPED / f"{name}.yaml", Diagnostics()
    source = read_source(path, path.name, said)
    assert source is not None
    root = parse_yaml(source, said)
    assert isinstance(root, Mapping)
    left = Translating()
    translated(with_texts(root, MECHANISM, SHIPPED, said), MECHANISM, left)
    assert left.english == set()
    assert said.found == []


def test_what_is_shown_of_the_flagship_in_finnish_is_finnish() -> None:
    case = load("kazakhstan-2022")
    answers = simulate(case, draws=2)
    shown = [
        unescape(show_page(case, answers, language="fi", version="0")),
        show_run(case, answers, "fi", 10_000),
        show_prior(case, answers, "fi", 10_000),
        show_assumptions(case, "fi", 10_000),
        show_statements(case, answer_texts(case, answers, "fi"), "fi", 10_000),
        show_sources(case, "fi", 10_000),
        show_timeline(case, "fi", 10_000),
        show_model(case, "fi", 10_000),
        show_overview(case, "fi", 10_000),
    ]
    said = {
        " ".join(text.get().split())
        for _, text in texts(case, "")
        if text.get() != text.get("fi") and len(text.get()) > 20
    }
    assert len(said) > 500
    everything = " ".join("\n".join(shown).split())
    assert [english for english in sorted(said) if english in everything] == []
