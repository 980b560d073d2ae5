"""Which element of a case cites which place in which source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from foedus.case.case import Case, Citation, Document, Parameter
from foedus.report.language.numbers import show_period

Citing = tuple[str, str, Citation]
"""The kind of an element, its name, and a citation it makes."""


def citings(case: Case) -> Iterator[Citing]:
    """Every citation of a case with the element that makes it, in the order of the file."""
    for office in case.offices.values():
        for tenure in office.tenures:
            yield from _each("office", office.name, tenure.cites)
    for alliance in case.alliances.values():
        yield from _each("alliance", alliance.name, alliance.cites)
        for member in alliance.members:
            yield from _each("alliance", alliance.name, member.cites)
    for fact in case.background:
        yield from _each("background", fact.id, fact.cites)
    for parameter in all_parameters(case):
        yield from _each("parameter", parameter.spec.name, parameter.grounds.cites)
    for belief in case.atoms:
        yield from _each("atom", belief.atom.name, belief.grounds.cites)
        for own in belief.own:
            yield from _each("parameter", own.spec.name, own.grounds.cites)
    for variable in case.state.values():
        yield from _each("state", variable.spec.name, variable.grounds.cites)
    for happening in case.events.values():
        yield from _each("event", happening.kind.name, happening.cites)
    for item in case.evidence:
        yield from _each("evidence", item.id, item.cites)
    for table in case.unit_tables:
        yield from _each("table", table.name, table.cites)
    for claim in case.claims:
        yield from _each("claim", claim.id, claim.cites)
    for statement in case.statements:
        yield from _each("statement", statement.id, statement.cites)
    for item in case.outcomes:
        yield from _each("outcome", item.id, item.cites)


def _each(kind: str, name: str, cites: Iterable[Citation]) -> Iterator[Citing]:
    return ((kind, name, citation) for citation in cites)


def all_parameters(case: Case) -> tuple[Parameter, ...]:
    """The parameters of a case, those of origins and speakers included, each once."""
    found = dict(case.parameters)
    for origin in case.origins.values():
        if origin.reliability is not None:
            found.setdefault(origin.reliability.spec.name, origin.reliability)
    for speaker in case.speakers.values():
        for parameter in (speaker.candour, *(one for _, one in speaker.interest)):
            found.setdefault(parameter.spec.name, parameter)
    return tuple(found.values())


def cited_by(case: Case) -> dict[str, list[tuple[str, str]]]:
    """For each source, the kinds and names of the elements that cite it, each once, in order."""
    found: dict[str, dict[tuple[str, str], None]] = {name: {} for name in case.sources}
    for kind, name, citation in citings(case):
        found.setdefault(citation.source, {})[kind, name] = None
    return {source: list(elements) for source, elements in found.items()}


def show_document(document: Document, case: Case, language: str) -> str:
    """A source as a line: authors, title, date of publication."""
    parts = [document.authors.get(language), document.title.get(language)]
    if document.published is not None:
        parts.append(show_period(document.published, case.clock.zone, language, style="short"))
    return ", ".join(part for part in parts if part)


def address(document: Document) -> str:
    """Where a source can be found, or nothing: its address, or that of its DOI."""
    if document.url.startswith(("https://", "http://")):
        return document.url
    return f"https://doi.org/{quote(document.doi)}" if document.doi else ""
