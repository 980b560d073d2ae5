"""The part of the model that does not move: clock, groups, data, offices, alliances, mechanisms."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.case.case import Alliance, Case, Membership, Office
from foedus.case.dynamics import Relation, Table
from foedus.dates import Period
from foedus.expr.show import show_number
from foedus.expr.tree import Group
from foedus.report.show.page import Page, show_days_plainly

MOST_VALUES = 120
"""Entries of a table or a relation that are printed; of more, only the number is told."""


def show_frame(case: Case, page: Page, language: str) -> None:
    """Print clock, actors, groups, data, relations, offices, alliances, mechanisms, components."""
    clock = case.clock
    length = show_days_plainly(clock.horizon)
    page.section("clock")
    page.entry(1, "start", clock.show_days(0.0))
    page.entry(1, "end", f"{clock.show_days(clock.horizon)}   # {length}, zone {clock.zone}")
    _actors(case, page, language)
    if case.groups:
        page.section("groups")
        for group in case.groups.values():
            page.entry(1, group.name, _group(group))
    if case.labels:
        page.section("labels")
        for name, text in case.labels.items():
            page.entry(1, name, text.get(language).strip())
    _data(case.tables, case.relations, page)
    if case.offices:
        page.section("offices")
        for office in case.offices.values():
            _office(office, page, language)
    if case.alliances:
        page.section("alliances")
        for alliance in case.alliances.values():
            _alliance(alliance, page, language)
    _uses(case, page, language)


def _actors(case: Case, page: Page, language: str) -> None:
    if not case.actors:
        return
    page.section("actors")
    for actor in case.actors.values():
        parts = [actor.kind, f"of {actor.of}" if actor.of else "", actor.iso]
        page.entry(1, actor.name, ", ".join(part for part in parts if part))
        page.words(2, actor.label or actor.doc, language)


def _group(group: Group) -> str:
    return ", ".join(group.labels) if group.labels else f"1 to {group.size}"


def _data(tables: Sequence[Table], relations: Sequence[Relation], page: Page) -> None:
    if tables:
        page.section("data")
    for table in tables:
        name = f"{table.name}[{', '.join(group.name for group in table.groups)}]"
        if len(table.values) > MOST_VALUES:
            page.entry(1, name, f"{len(table.values)} numbers, digest {table.digest[:16]}")
            continue
        cells = (
            f"{label} {show_number(value)}"
            for label, value in zip(_cell_labels(table.groups), table.values, strict=True)
        )
        page.entry(1, name, ", ".join(cells))
    if relations:
        page.section("relations")
    for relation in relations:
        _relation(relation, page)


def _cell_labels(groups: Sequence[Group]) -> list[str]:
    """The labels of the cells of a table, row by row."""
    labels = [""]
    for group in groups:
        labels = [
            f"{label}/{group.label(index)}" if label else group.label(index)
            for label in labels
            for index in range(group.size)
        ]
    return labels


def _relation(relation: Relation, page: Page) -> None:
    first, second = relation.groups
    pairs = sum(len(found) for found in relation.neighbours)
    name = f"{relation.name}[{first.name}, {second.name}]"
    if pairs > MOST_VALUES:
        page.entry(1, name, f"{pairs} pairs, digest {relation.digest[:16]}")
        return
    shown = (
        f"{first.label(index)}-{second.label(other)}"
        for index, found in enumerate(relation.neighbours)
        for other in found
    )
    page.entry(1, name, ", ".join(shown))


def _since(start: Period | None, end: Period | None) -> str:
    """The words for a stretch of time."""
    parts = [f"from {start.text}" if start else "", f"to {end.text}" if end else ""]
    return " ".join(part for part in parts if part)


def _office(office: Office, page: Page, language: str) -> None:
    page.entry(1, office.name, f"of {office.of}; state {office.variable}")
    page.words(2, office.label or office.doc, language)
    page.entry(2, "candidates", ", ".join(office.candidates))
    for tenure in office.tenures:
        page.entry(2, "held", f"by {tenure.by} {_since(tenure.start, tenure.end)}")
    if office.changes:
        page.entry(2, "changes", ", ".join(office.changes))


def _alliance(alliance: Alliance, page: Page, language: str) -> None:
    page.entry(
        1, alliance.name, f"{_since(alliance.since, alliance.until)}; state {alliance.variable}"
    )
    page.words(2, alliance.label or alliance.doc, language)
    page.entry(2, "members", ", ".join(_member(member, alliance) for member in alliance.members))
    if alliance.lead:
        page.entry(2, "lead", alliance.lead)
    page.entry(2, "obligations", ", ".join(alliance.obligations))
    page.entry(2, "decides", alliance.decides)


def _member(member: Membership, alliance: Alliance) -> str:
    """A member, with its own dates where they are not those of the alliance."""
    start = None if member.start == alliance.since else member.start
    dates = _since(start, None if member.end == alliance.until else member.end)
    return f"{member.actor} ({dates})" if dates else member.actor


def _uses(case: Case, page: Page, language: str) -> None:
    if case.uses:
        page.section("uses")
    for use in case.uses:
        page.entry(1, use.prefix, f"mechanism {use.mechanism}")
        page.words(2, use.title, language)
        for need, binding in use.bindings:
            page.entry(2, need, binding)
        if use.gate:
            page.entry(2, "if", use.gate)
        if use.offers:
            page.entry(2, "offers", ", ".join(use.offers))
    if case.components:
        page.section("components")
    for component in case.components.values():
        page.entry(1, component.name)
        page.words(2, component.label or component.doc, language)
