"""From a case file to a case: read every section, resolve every name, then ask what is wrong.

The order of reading is the order of dependence; the checks on the finished case are the functions
in `foedus.case.checks.CHECKS`, one file each.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from foedus.case.asked import read_clues, read_questions, read_statements, read_what_ifs
from foedus.case.case import Case, ClaimKind, Happening, Parameter, StateVariable
from foedus.case.checks import CHECKS
from foedus.case.documents import read_actors, read_background, read_documents, read_origins
from foedus.case.draft import Draft, local_text, read_date, unknown_name
from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.institutions import Institutions, read_groups, read_institutions
from foedus.case.mechanisms import Instance, bind_expressions, bind_groups, load_instances
from foedus.case.motion import declare, define_events, define_parameters, define_state
from foedus.case.node import Mapping, Scalar
from foedus.case.offices import declare_changes, define_changes
from foedus.case.reader import parse_yaml
from foedus.case.readings import read_atoms, read_components, read_readings
from foedus.case.record import (
    read_claims,
    read_items,
    read_records,
    read_speakers,
    read_unit_tables,
)
from foedus.case.tables import read_relations, read_tables
from foedus.dates import UTC, Clock, DateError, parse_zone
from foedus.expr.scope import AllianceSymbol, GroupSymbol
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics, TooManyFaultsError
from foedus.text.source import Source, Span

LANGUAGE_VERSION = 1


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file as written: its nodes with their places, of the right shape, nothing resolved."""

    source: Source
    root: Mapping
    folder: Path | None


def parse_case(source: Source, folder: Path | None, diagnostics: Diagnostics) -> CaseFile | None:
    """The file's nodes, structural faults noted. Never raises on user text."""
    root = parse_yaml(source, diagnostics)
    if root is None:
        if not diagnostics.has_errors:
            diagnostics.error(
                Code.BAD_YAML,
                Span(source, 0, 0),
                "the file is empty",
                help="start with `foedus new NAME`",
            )
        return None
    fitted = None
    with suppress(TooManyFaultsError):
        fitted = fit(root, CASE, diagnostics, key_places(CASE))
    return CaseFile(source, fitted, folder) if isinstance(fitted, Mapping) else None


def check_case(
    file: CaseFile, diagnostics: Diagnostics, replaced: MappingOf[str, str] | None = None
) -> Case | None:
    """The case as meant, or None with every fault noted.

    `replaced` puts another mechanism in the place of one in use, by prefix.
    """
    draft = Draft(file.source, file.root, file.folder, diagnostics)
    with suppress(TooManyFaultsError):
        _read_version(draft)
        _read_clock(draft)
        if draft.clock is None:
            return None
        case = _read_case(draft, replaced or {})
        if diagnostics.has_errors:
            return None
        for check in CHECKS:
            check(case, diagnostics)
        return case if not any(d.is_error for d in diagnostics.found) else None
    return None


def _read_version(draft: Draft) -> None:
    node = draft.root.scalar("foedus")
    if node is not None and node.text != str(LANGUAGE_VERSION):
        draft.diagnostics.error(
            Code.UNKNOWN_VERSION,
            node.span,
            f"version {node.text} of the language is not known",
            help=f"write `foedus: {LANGUAGE_VERSION}`",
        )


def _read_clock(draft: Draft) -> None:
    node = draft.root.get("clock")
    if not isinstance(node, Mapping):
        return
    zone = node.scalar("zone")
    try:
        draft.zone = UTC if zone is None else parse_zone(zone.text)
    except DateError as fault:
        if zone is not None:
            draft.diagnostics.error(Code.BAD_DATE, zone.span, fault.message, help=fault.help)
    start, end = read_date(node.get("start"), draft), read_date(node.get("end"), draft)
    place = node.get("end")
    if start is None or end is None or place is None:
        return
    if end.end <= start.start:
        draft.diagnostics.error(
            Code.DATES_REVERSED,
            place.span,
            "the clock ends before it starts",
            help=f"write a date after {start.text}",
        )
        return
    draft.clock = Clock(start.start, end.end, draft.zone)


@dataclass(slots=True)
class _World:
    """What moves, gathered from the case and its mechanisms."""

    parameters: dict[str, Parameter]
    state: dict[str, StateVariable]
    events: dict[str, Happening]


def _read_case(draft: Draft, replaced: MappingOf[str, str]) -> Case:
    documents = read_documents(draft.root, draft)
    origins = read_origins(draft, documents)
    actors = read_actors(draft)
    draft.people.update({name: name for name in actors})
    groups = read_groups(draft)
    institutions = read_institutions(draft, groups, actors)
    draft.groups.update(
        {
            n: s.group
            for n, s in draft.symbols.items()
            if isinstance(s, GroupSymbol | AllianceSymbol)
        }
    )
    tables = read_tables(draft, draft.groups)
    relations = read_relations(draft, draft.groups)
    components = read_components(draft)
    declare(draft)
    declare_changes(draft)
    instances = load_instances(draft, replaced)
    for instance in instances:
        bind_groups(instance, draft)
        documents.update(instance.documents)
    for instance in instances:
        bind_expressions(instance, draft)
    world = _read_world(draft, institutions, instances)
    atoms = read_atoms(draft, components)
    explanations = read_readings(draft, "explanations", atoms)
    sets = read_readings(draft, "sets", atoms)
    assertions: dict[str, ClaimKind] = {}
    assertions.update(dict.fromkeys(sets, "set"))
    assertions.update(dict.fromkeys(explanations, "explanation"))
    assertions.update(dict.fromkeys(components, "component"))
    evidence, outcomes = read_items(draft, "evidence"), read_items(draft, "outcomes")
    records = read_records(draft)
    speakers = read_speakers(draft, dict(actors), tuple(assertions))
    claims = read_claims(draft, dict(actors), assertions)
    questions = read_questions(draft)
    units = {p.spec.name: p.factor for p in world.parameters.values()}
    what_ifs = read_what_ifs(draft, tuple(i.use.prefix for i in instances), units)
    background = read_background(draft, frozenset((*world.parameters, *world.state)))
    elements: dict[str, frozenset[str]] = {
        "actor": frozenset(actors), "group": frozenset(draft.groups),
        "office": frozenset(institutions.offices), "alliance": frozenset(institutions.alliances),
        "use": frozenset(i.use.prefix for i in instances),
        "mechanism": frozenset(i.use.prefix for i in instances),
        "parameter": frozenset(world.parameters), "state": frozenset(world.state),
        "event": frozenset(world.events), "component": frozenset(components),
        "atom": frozenset(b.atom.name for b in atoms), "explanation": frozenset(explanations),
        "set": frozenset(sets), "background": frozenset(b.id for b in background),
        "evidence": frozenset(i.id for i in evidence), "claim": frozenset(c.id for c in claims),
        "question": frozenset(questions), "what-if": frozenset(what_ifs),
        "outcome": frozenset(i.id for i in outcomes), "data": frozenset(t.name for t in tables),
    }  # fmt: skip
    assert draft.clock is not None
    return Case(
        draft.root.text("case"), local_text(draft.root.get("title")),
        local_text(draft.root.get("doc")), draft.clock, documents, origins, actors, draft.groups,
        tables, relations, institutions.offices, institutions.alliances,
        tuple(i.use for i in instances), background, world.parameters, components, atoms,
        explanations, sets, world.state, world.events, evidence, records, read_unit_tables(draft),
        speakers, claims, read_statements(draft, elements, questions), outcomes, questions,
        what_ifs, read_clues(draft), draft.source,
    )  # fmt: skip


def _read_world(draft: Draft, institutions: Institutions, instances: list[Instance]) -> _World:
    """State and events in file order: institutions first, then mechanisms, then the case's own."""
    world = _World({}, {}, {})
    for variable in institutions.variables:
        world.state[variable.name] = StateVariable(variable)
    for kind in institutions.kinds:
        world.events[kind.name] = Happening(kind)
    for part in (*(instance.draft for instance in instances), draft):
        world.parameters.update(define_parameters(part))
        world.state.update(define_state(part, world.parameters))
        world.events.update(define_events(part))
    world.events.update(define_changes(draft))
    _verify_overrides(instances)
    return world


def _verify_overrides(instances: list[Instance]) -> None:
    for instance in instances:
        known = tuple(e.key.text for e in instance.draft.root.mapping("parameters"))
        for name, (case, entry) in instance.draft.overrides.items():
            if name not in known:
                key = Scalar(entry.key.span, name, True)
                unknown_name(
                    Code.UNKNOWN_PARAMETER, f"parameter of `{instance.use.mechanism}`", key, known,
                    "parameters", case,
                )  # fmt: skip
