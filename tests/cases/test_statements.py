"""The flagship covers its document: every statement, every sentence, every discriminating fact."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator

import click

from foedus.case.case import Citation
from foedus.cli.main import foedus
from tests.cases.courses import FOLDER, worlds

SENTENCES = (
    (14, 164), (165, 322), (324, 463), (464, 495), (497, 622), (623, 725), (727, 908), (909, 1023),
    (1024, 1136), (1138, 1328), (1330, 1533), (1535, 1756), (1758, 1911), (1913, 1991),
    (1992, 2127), (2129, 2234), (2235, 2368), (2369, 2504),
)  # fmt: skip
"""Where the sentences of the commentary stand, the line of its title and date aside."""


def carried() -> Iterator[Citation]:
    """What parameters, tenures, alliances, events, evidence and claims cite."""
    case = worlds().case
    for parameter in case.parameters.values():
        yield from parameter.grounds.cites
    for office in case.offices.values():
        for tenure in office.tenures:
            yield from tenure.cites
    for alliance in case.alliances.values():
        yield from alliance.cites
    for event in case.events.values():
        yield from event.cites
    for item in case.evidence:
        yield from item.cites
    for claim in case.claims:
        yield from claim.cites


def test_all_statements_are_there_and_only_two_are_context() -> None:
    statements = {s.id: s for s in worlds().case.statements}
    assert list(statements) == [f"S{number}" for number in range(1, 21)]
    context = {name for name, s in statements.items() if s.role == "context"}
    assert context <= {"S1", "S7"}
    for statement in statements.values():
        assert statement.carried_by
        assert {(c.start, c.end) for c in statement.cites} <= set(SENTENCES)


def test_every_sentence_is_cited_by_something_that_moves() -> None:
    places = {(c.start, c.end) for c in carried() if c.source == "commentary"}
    assert places == set(SENTENCES)


def test_no_locator_is_longer_than_a_sentence() -> None:
    for citation in carried():
        if citation.source == "commentary":
            assert (citation.start, citation.end) in SENTENCES
            assert len(citation.sha256) >= 16


def test_commands_that_answer_are_commands() -> None:
    for statement in worlds().case.statements:
        if statement.answered_by:
            program, *arguments = shlex.split(statement.answered_by)
            assert program == "foedus"
            command: click.Command = foedus
            while isinstance(command, click.Group):
                found = command.get_command(click.Context(command), arguments.pop(0))
                assert found is not None, statement.answered_by
                command = found
            command.make_context("foedus", arguments)  # parses, and raises if it cannot


def facts() -> set[str]:
    """The ids of the fact table."""
    with (FOLDER / "facts.csv").open(encoding="utf-8", newline="") as rows:
        return {row["id"] for row in csv.DictReader(rows)}


def test_every_discriminating_fact_has_an_item() -> None:
    case = worlds().case
    borne = {fact for item in case.evidence for fact in item.bears_on}
    borne |= {fact for claim in case.claims for fact in claim.bears_on}
    assert {fact for fact in facts() if fact.startswith("D")} == borne


def test_every_fact_is_cited_and_every_citation_is_a_fact() -> None:
    text = (FOLDER / "case.yaml").read_text(encoding="utf-8")
    cited = set(re.findall(r"facts#([A-Z]\d\d)", text))
    assert cited == facts()


def test_questions_and_explanations_have_finnish_labels() -> None:
    case = worlds().case
    labels = [question.label for question in case.questions.values()]
    labels += [r.label for r in (*case.explanations.values(), *case.sets.values())]
    for label in labels:
        assert dict(label.texts).keys() >= {"en", "fi"}
