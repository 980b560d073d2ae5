"""Whatever a shipped case calls by a name has that name in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foedus.case.case import Case, LocalText
from foedus.case.find import shipped_cases
from foedus.study import load


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


@pytest.mark.parametrize("name", shipped_cases())
def test_names_are_finnish_too(name: str) -> None:
    for what, text in names(load(name)):
        assert not text or {"en", "fi"} <= set(dict(text.texts)), what
