"""`foedus show CASE --statements`: what the source says, and what the case makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.case.case import Case, Statement
from foedus.report.language.catalogue import say
from foedus.report.layout import wrap
from foedus.report.phrases.names import asked, hedge_of, show_citation

ANSWERED_BY_CALLS = ["foedus", "history", "calls"]


def show_statements(
    case: Case, answers: Mapping[str, str] | None = None, language: str = "en", width: int = 80
) -> str:
    """Every statement with its role, its hedge, what carries it, and what the model answers.

    `answers` are texts by the name of a question (see `answer_text.answer_texts`);
    the command that answers is named where a question is not among them, and where a statement
    needs the record to be answered.
    """
    if not case.statements:
        return say(language, "statements.none") + "\n"
    lines: list[str] = []
    for statement in case.statements:
        lines += ["", *_show_statement(statement, case, answers or {}, language, width)]
    return "\n".join(lines[1:]) + "\n"


def _show_statement(
    statement: Statement, case: Case, answers: Mapping[str, str], language: str, width: int
) -> Iterator[str]:
    role = say(language, f"role.{statement.role}")
    place = say(language, "statements.paragraph", number=statement.paragraph)
    head = (
        f"{statement.id} ({place}, {role})" if statement.paragraph else f"{statement.id} ({role})"
    )
    yield from wrap(f"{head}: {statement.says.get(language)}", width, "", "    ")
    hedge = hedge_of(statement.hedge, language)
    if hedge:
        text = say(language, "timeline.hedge", hedge=hedge)
        yield from wrap(text, width, "    ", "      ")
    if statement.carried_by:
        carriers = ", ".join(carriers_of(statement, language))
        text = say(language, "statements.carried", carriers=carriers)
        yield from wrap(text, width, "    ", "      ")
    if statement.cites:
        cites = ", ".join(show_citation(citation, language) for citation in statement.cites)
        yield from wrap(say(language, "cites", cites=cites), width, "    ", "      ")
    for text in answers_to(statement, case, answers, language):
        yield from wrap(text, width, "    ", "      ")


def carriers_of(statement: Statement, language: str) -> list[str]:
    """What carries a statement: the kind and the name of each element."""
    return [say(language, f"element.{kind}", name=name) for kind, name in statement.carried_by]


def answers_to(
    statement: Statement, case: Case, answers: Mapping[str, str], language: str
) -> Iterator[str]:
    """What the model answers to a statement, a sentence for each question it asks."""
    is_open = not statement.asks
    for name in statement.asks:
        if name in answers:
            question = asked(case, name, language)
            yield say(language, "statements.answer", question=question, answer=answers[name])
        else:
            is_open = True
    calls = tuple(called_to(statement, case, language))
    yield from calls
    if calls:
        yield say(language, "statements.past-calls", command=statement.answered_by)
    elif statement.answered_by:
        yield say(language, "statements.given-record", command=statement.answered_by)
    elif is_open and statement.asks:
        yield say(
            language, "statements.answered-by", command=f"foedus run {case.source.in_commands}"
        )


def called_to(statement: Statement, case: Case, language: str) -> Iterator[str]:
    """What past and later calls answer to a statement that `foedus history calls` answers.

    Computed from the table of requests; the sentences are those of the parts that the statement
    names.
    """
    words = statement.answered_by.split()
    if words[:3] != ANSWERED_BY_CALLS:
        return
    # The history's arithmetic is loaded only where a statement asks for it.
    from foedus.report.outside_view.body_record import PARTS, body_record_of, part_lines

    record = body_record_of(case)
    if record is not None:
        for part in (word for word in words if word in PARTS):
            yield from part_lines(record, part, language)


def statement_records(
    case: Case, answers: Mapping[str, str] | None, language: str
) -> list[dict[str, object]]:
    """The statements for `--json`."""
    given = answers or {}
    return [
        {
            "id": statement.id, "paragraph": statement.paragraph,
            "says": statement.says.get(language), "role": statement.role,
            "hedge": statement.hedge.get(language),
            "carried_by": [{"kind": kind, "name": name} for kind, name in statement.carried_by],
            "asks": list(statement.asks), "answered_by": statement.answered_by,
            "answers": {name: given[name] for name in statement.asks if name in given},
            "calls": list(called_to(statement, case, language)),
            "cites": [show_citation(citation, language) for citation in statement.cites],
        }
        for statement in case.statements
    ]  # fmt: skip
