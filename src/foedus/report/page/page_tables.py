"""The rows of the page's tables, as plain text and addresses; the template only lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from foedus.case.case import Case, Citation
from foedus.questions.answers import Answer, Part
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_period, show_share
from foedus.report.phrases.answer_text import measure_of, show_answer, show_estimate_of, show_values
from foedus.report.phrases.citations import address, cited_by, show_document
from foedus.report.phrases.names import (
    hedge_of,
    origin_name,
    question_name,
    reading_name,
    show_citation,
)
from foedus.report.show.assumptions import GRADES, assumptions
from foedus.report.show.record import show_when, timeline
from foedus.report.show.statements import answers_to, carriers_of

Rows = list[dict[str, Any]]

MOST = 5
"""Explanations and sets that stand side by side: more do not fit a sheet of paper."""


def answer_rows(case: Case, answers: Iterable[Answer], language: str) -> Rows:
    """Question, value, range, words and notes."""
    rows: Rows = []
    for answer in answers:
        shown = show_answer(case.questions[answer.name], answer, language)
        rows.append({
            "question": question_name(case, answer.name, language), "value": shown.value,
            "range": shown.range, "words": shown.words, "notes": list(shown.notes),
        })  # fmt: skip
    return rows


def explanation_tables(case: Case, answers: Sequence[Answer], language: str) -> Rows:
    """The answers under each explanation and set, in tables that fit a page; none without rivals.

    The first holds the explanations, and the sets too where there is room; the others have a title.
    """
    rivals = {name: part for answer in answers for name, part in answer.by_explanation.items()}
    sets = {name: part for answer in answers for name, part in answer.sets.items()}
    if len(rivals) + len(sets) < 2:
        return []
    if len(rivals) + len(sets) <= MOST:
        return [_under(case, answers, rivals | sets, "", language)]
    further = say(language, "page.further")
    columns = [(part, further) for part in _parts(rivals)]
    columns += [(part, say(language, "verdict.sets")) for part in _parts(sets)]
    return [
        _under(case, answers, part, title if number else "", language)
        for number, (part, title) in enumerate(columns)
    ]


def _parts(readings: Mapping[str, Part]) -> Iterator[Mapping[str, Part]]:
    names = list(readings)
    for start in range(0, len(names), MOST):
        yield {name: readings[name] for name in names[start : start + MOST]}


def _under(
    case: Case, answers: Sequence[Answer], parts: Mapping[str, Part], title: str, language: str
) -> dict[str, Any]:
    """The answers together, and a column for each of some explanations or sets."""
    heads = [
        say(language, "page.reading-head", name=reading_name(case, name, language),
            weight=show_share(part.weight, None, language))
        for name, part in parts.items()
    ]  # fmt: skip
    rows: Rows = []
    for answer in answers:
        measure = measure_of(case.questions[answer.name])
        known = {**answer.by_explanation, **answer.sets}
        estimates = [answer.estimate, *(known[name].estimate for name in parts if name in known)]
        spans = [show_estimate_of(estimate, measure, language)[1] for estimate in estimates]
        values = show_values(answer, estimates, measure, language)
        rows.append({
            "question": question_name(case, answer.name, language),
            "cells": [{"value": value, "range": span if span != value else ""}
                      for value, span in zip(values, spans, strict=True)],
        })  # fmt: skip
    heads = [say(language, "figure.together"), *heads]
    return {"title": title, "heads": heads, "rows": rows}


def cite_links(case: Case, cites: Iterable[Citation], language: str) -> Rows:
    """Citations as texts, each with the address of its source where it has one."""
    links: Rows = []
    for citation in cites:
        document = case.sources.get(citation.source)
        href = "" if document is None else address(document)
        links.append({"text": show_citation(citation, language), "href": href})
    return links


def record_rows(case: Case, language: str) -> Rows:
    """Evidence, claims and outcomes by date, with the date each became known."""
    rows: Rows = []
    for entry in timeline(case, language):
        known = "" if entry.known is None else show_period(
            entry.known, case.clock.zone, language, style="short"
        )  # fmt: skip
        rows.append({
            "section": say(language, f"page.{entry.section}"), "id": entry.id,
            "when": show_when(entry, case, language), "known": known, "what": entry.what,
            "notes": list(entry.notes), "cites": cite_links(case, entry.cites, language),
        })  # fmt: skip
    return rows


def statement_rows(case: Case, answers: Mapping[str, str], language: str) -> Rows:
    """What the source says, what carries it, what the model answers."""
    return [
        {
            "id": statement.id, "says": statement.says.get(language),
            "hedge": say(language, "timeline.hedge", hedge=hedge)
            if (hedge := hedge_of(statement.hedge, language)) else "",
            "role": say(language, f"role.{statement.role}"),
            "carried": carriers_of(statement, language),
            "answers": list(answers_to(statement, case, answers, language)),
            "cites": cite_links(case, statement.cites, language),
        }
        for statement in case.statements
    ]  # fmt: skip


def assumption_groups(case: Case, language: str) -> Rows:
    """All that was put in, in groups by grade."""
    found = assumptions(case, language)
    groups: Rows = []
    for grade in GRADES:
        rows = [
            {
                "name": say(language, f"page.name-{one.kind}", name=one.name), "words": one.words,
                "value": one.value,
                "because": one.because.get(language),
                "cites": cite_links(case, one.cites, language),
                "default": say(language, "assumptions.default")
                if one.is_default else "",
            }
            for one in found
            if one.grade == grade
        ]  # fmt: skip
        if rows:
            title = say(language, f"grade.{grade or 'none'}.heading", count=len(rows))
            groups.append({"title": title, "rows": rows})
    return groups


def document_rows(case: Case, language: str) -> Rows:
    """The sources with who is behind them and how many elements cite each."""
    cited = cited_by(case)
    return [
        {
            "name": document.name, "title": show_document(document, case, language),
            "kind": say(language, f"document.{document.kind}"), "language": document.language,
            "origin": origin_name(case, document.origin, language), "href": address(document),
            "cited": len(cited[document.name]), "note": document.note.get(language),
        }
        for document in case.sources.values()
    ]  # fmt: skip
