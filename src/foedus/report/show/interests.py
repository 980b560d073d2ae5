"""The part of the model that is weighed and asked: explanations, record, questions, what-ifs."""

from __future__ import annotations

from foedus.case.case import AtomBelief, Case, Parameter, Question, Record, WhatIf
from foedus.case.dynamics import Intervention
from foedus.case.observed import UnitTable
from foedus.expr.show import show_expression, show_number
from foedus.report.show.page import Page, show_days_plainly, show_end, show_expressions, show_unit


def show_interests(case: Case, page: Page, language: str) -> None:
    """Print atoms, explanations, sets, record, tables, speakers, questions, what-ifs, clues."""
    if case.atoms:
        page.section("atoms")
    for belief in case.atoms:
        _atom(belief, page, language)
    for name, readings in (("explanations", case.explanations), ("sets", case.sets)):
        if readings:
            page.section(name)
        for reading in readings.values():
            page.entry(1, reading.explanation.name, ", ".join(reading.explanation.atoms))
            page.words(2, reading.label or reading.doc, language)
    _record(case, page)
    _speakers(case, page)
    if case.questions:
        page.section("questions")
    for question in case.questions.values():
        _question(question, case, page, language)
    if case.what_ifs:
        page.section("what-if")
    for what_if in case.what_ifs.values():
        _what_if(what_if, case, page, language)
    if case.clues:
        page.section("clues")
    for clue in case.clues:
        page.entry(1, clue.name)
        page.words(2, clue.label or clue.doc, language)
        if clue.event is not None:
            page.entry(2, "happened", clue.event.written)
        if clue.state is not None:
            page.entry(2, "state", show_expression(clue.state))
        if clue.by is not None:
            page.entry(2, "by", show_end(case.clock, clue.by))


def _atom(belief: AtomBelief, page: Page, language: str) -> None:
    atom = belief.atom
    page.entry(1, atom.name, f"prior {show_number(atom.prior)}")
    page.entry(2, "components", ", ".join(sorted(atom.components)) or "none")
    for spec in atom.parameters:
        page.entry(2, spec.name, spec.prior.show())
    for event, because in belief.impossible:
        page.entry(2, "impossible", f"{event}: {because.get(language)}")


def _record(case: Case, page: Page) -> None:
    if case.records:
        page.section("record")
    for record in case.records.values():
        page.entry(1, record.event, _completeness(record))
    if case.unit_tables:
        page.section("tables")
    for table in case.unit_tables:
        columns = ", ".join(table.columns)
        how = (
            f"{table.scheme} of {table.variable}"
            if isinstance(table, UnitTable)
            else (f"order of {table.event}")
        )
        page.entry(1, table.name, f"{table.path} ({columns}); {how}")


def _completeness(record: Record) -> str:
    if record.complete is not None:
        return f"complete {record.complete.text}, lag {show_days_plainly(record.lag)}"
    during = "" if record.during is None else f", during {record.during.text}"
    return f"reported {record.reported}, delay {show_days_plainly(record.delay)}{during}"


def _speakers(case: Case, page: Page) -> None:
    if case.speakers:
        page.section("speakers")
    for speaker in case.speakers.values():
        page.entry(1, speaker.actor)
        page.entry(2, "candour", _written(speaker.candour))
        for name, parameter in speaker.interest:
            page.entry(2, f"interest in {name}", _written(parameter))


def _written(parameter: Parameter) -> str:
    return parameter.written + show_unit(parameter.unit)


def _question(question: Question, case: Case, page: Page, language: str) -> None:
    page.entry(1, question.name)
    page.words(2, question.label or question.doc, language)
    page.entry(2, question.kind, show_expression(question.expression))
    if question.origin is not None:
        page.entry(2, "from", show_expression(question.origin))
    if question.at is not None:
        page.entry(2, "at", show_end(case.clock, question.at))
    else:
        start, end = case.clock.show_days(question.start), show_end(case.clock, question.end)
        page.entry(2, "between", f"{start} and {end}")
    if question.given is not None:
        page.entry(2, "given", show_expression(question.given))


def _what_if(what_if: WhatIf, case: Case, page: Page, language: str) -> None:
    page.entry(1, what_if.name)
    page.words(2, what_if.label or what_if.doc, language)
    for change in what_if.interventions:
        page.entry(2, change.kind, _intervention(change, case))
    for use, mechanism in what_if.replaces:
        page.entry(2, "replace", f"{use} by {mechanism}")


def _intervention(change: Intervention, case: Case) -> str:
    text = change.target
    if change.indices:
        text += f"[{show_expressions(change.indices)}]"
    if change.value is not None:
        text += f" = {show_expression(change.value)}"
    if change.at is not None:
        text += f", at {case.clock.show_days(change.at)}"
    if change.condition is not None:
        text += f", when {show_expression(change.condition)}"
    return text
