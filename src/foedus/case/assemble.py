"""Reading the sections of a case in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from foedus.case.asked import read_clues, read_questions, read_statements, read_what_ifs
from foedus.case.case import (
    Actor,
    AtomBelief,
    Case,
    Claim,
    ClaimKind,
    Component,
    Document,
    Happening,
    Item,
    LocalText,
    Origin,
    Parameter,
    Reading,
    StateVariable,
)
from foedus.case.documents import read_actors, read_background, read_documents, read_origins
from foedus.case.draft import Draft, local_text, unknown_name
from foedus.case.dynamics import Relation, Table
from foedus.case.groups import read_groups, read_labels
from foedus.case.institutions import Institutions, read_institutions
from foedus.case.items import read_items
from foedus.case.mechanisms import Instance, bind_expressions, bind_groups, load_instances
from foedus.case.motion import declare, define_events, define_parameters, define_state
from foedus.case.node import Mapping, Scalar
from foedus.case.offices import declare_changes, define_changes
from foedus.case.readings import read_atoms, read_components, read_readings
from foedus.case.record import (
    read_claims,
    read_records,
    read_speakers,
)
from foedus.case.ruled_out import leave_out_ruled_out
from foedus.case.tables import read_relations, read_tables
from foedus.case.unit_tables import read_unit_tables
from foedus.expr.scope import (
    AllianceSymbol,
    EventSymbol,
    GroupSymbol,
    ParameterSymbol,
    VariableSymbol,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code


@dataclass(frozen=True, slots=True)
class Setting:
    """What is there before anything moves, and the mechanisms that will move it."""

    documents: dict[str, Document]
    origins: dict[str, Origin]
    actors: dict[str, Actor]
    institutions: Institutions
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]
    components: dict[str, Component]
    instances: list[Instance]
    labels: dict[str, LocalText]


@dataclass(frozen=True, slots=True)
class World:
    """What moves, gathered from the case and its mechanisms."""

    parameters: dict[str, Parameter]
    state: dict[str, StateVariable]
    events: dict[str, Happening]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """How the possible is divided among explanations, and what a claim may assert."""

    atoms: tuple[AtomBelief, ...]
    explanations: dict[str, Reading]
    sets: dict[str, Reading]
    assertions: dict[str, ClaimKind]


def read_case(draft: Draft, replaced: MappingOf[str, str]) -> Case | None:
    """The case, as far as it could be read; what could not is noted in the draft's diagnostics.

    None without a clock. `replaced` puts another mechanism in the place of one in use, by prefix;
    what stands beside the model (statements and clues) is then left out, as it is about the other.
    """
    setting = _read_setting(draft, replaced)
    world = _read_world(draft, setting)
    beliefs = _read_beliefs(draft, setting.components)
    evidence = read_items(draft, "evidence", world.events)
    outcomes = read_items(draft, "outcomes", world.events)
    claims = read_claims(draft, dict(setting.actors), beliefs.assertions)
    questions = read_questions(draft)
    units = {p.spec.name: p.factor for p in world.parameters.values()}
    what_ifs = read_what_ifs(draft, setting.instances, units, replaced)
    background = read_background(draft, frozenset((*world.parameters, *world.state)))
    elements = {
        **_elements(draft, setting, world, beliefs),
        **_items(evidence, outcomes, claims),
        "background": frozenset(fact.id for fact in background),
        "question": frozenset(questions),
        "what-if": frozenset(entry.key.text for entry in draft.root.mapping("what-if")),
    }
    if draft.clock is None:
        return None
    return Case(
        name=draft.root.text("case"),
        title=local_text(draft.root.get("title")),
        doc=local_text(draft.root.get("doc")),
        clock=draft.clock,
        sources=setting.documents,
        origins=setting.origins,
        actors=setting.actors,
        groups=draft.groups,
        labels=setting.labels,
        tables=setting.tables,
        relations=setting.relations,
        offices=setting.institutions.offices,
        alliances=setting.institutions.alliances,
        uses=tuple(instance.use for instance in setting.instances),
        background=background,
        parameters=world.parameters,
        components=setting.components,
        atoms=beliefs.atoms,
        explanations=beliefs.explanations,
        sets=beliefs.sets,
        state=world.state,
        events=world.events,
        evidence=evidence,
        records=read_records(draft),
        unit_tables=read_unit_tables(draft),
        speakers=read_speakers(draft, dict(setting.actors), tuple(beliefs.assertions)),
        claims=claims,
        statements=() if replaced else read_statements(draft, elements, questions),
        outcomes=outcomes,
        questions=questions,
        what_ifs=what_ifs,
        clues=() if replaced else read_clues(draft),
        source=draft.source,
    )


def is_whole(draft: Draft, case: Case) -> bool:
    """Whether all that moves and all that is asked was read, so that the case can be examined.

    A fault in a citation, say, leaves the case whole; an event that could not be read does not.
    """
    if draft.broken:
        return False
    for symbol in draft.symbols.values():
        if isinstance(symbol, EventSymbol):
            is_read = symbol.name in case.events or symbol.name.rpartition(".")[0] in case.events
        elif isinstance(symbol, ParameterSymbol | VariableSymbol):
            is_read = symbol.name in case.parameters or symbol.name in case.state
        else:
            is_read = True
        if not is_read:
            return False
    for name, read in (("evidence", case.evidence), ("uses", case.uses)):
        if len(draft.root.items(name)) > len(read):
            return False
    offices = (entry.value for entry in draft.root.mapping("offices"))
    held = sum(len(node.items("held")) for node in offices if isinstance(node, Mapping))
    return held == sum(len(office.tenures) for office in case.offices.values())


def _read_setting(draft: Draft, replaced: MappingOf[str, str]) -> Setting:
    """Everything that names can refer to, and the mechanisms with their needs bound."""
    documents = read_documents(draft.root, draft)
    origins = read_origins(draft, documents)
    actors = read_actors(draft)
    draft.people.update({name: name for name in actors})
    institutions = read_institutions(draft, read_groups(draft), actors)
    for name, symbol in draft.symbols.items():
        if isinstance(symbol, GroupSymbol | AllianceSymbol):
            draft.groups[name] = symbol.group
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
    labels: dict[str, LocalText] = {}
    for part in (*(instance.draft for instance in instances), draft):
        labels.update(read_labels(part))
    return Setting(
        documents, origins, actors, institutions, tables, relations, components, instances, labels
    )


def _read_world(draft: Draft, setting: Setting) -> World:
    """State and events in file order: institutions first, then mechanisms, then the case's own."""
    world = World({}, {}, {})
    for variable in setting.institutions.variables:
        world.state[variable.name] = StateVariable(variable)
    for kind in setting.institutions.kinds:
        world.events[kind.name] = Happening(kind)
    parts = (*(instance.draft for instance in setting.instances), draft)
    for part in parts:
        world.parameters.update(define_parameters(part))
        world.state.update(define_state(part, world.parameters))
        events = define_events(part)
        if part is not draft:
            leave_out_ruled_out(events, part, parts)
            # What is wrong with one is said once, and not again of what names it in the case.
            draft.broken.update(f"{part.prefix}{name}" for name in part.broken)
        world.events.update(events)
    world.events.update(define_changes(draft))
    _verify_overrides(setting.instances)
    return world


def _verify_overrides(instances: list[Instance]) -> None:
    for instance in instances:
        known = tuple(e.key.text for e in instance.draft.root.mapping("parameters"))
        for name, (case, entry) in instance.draft.overrides.items():
            if name not in known:
                what = f"parameter of `{instance.use.mechanism}`"
                key = Scalar(entry.key.span, name, True)
                unknown_name(Code.UNKNOWN_PARAMETER, what, key, known, "parameters", case)


def _read_beliefs(draft: Draft, components: dict[str, Component]) -> Beliefs:
    atoms = read_atoms(draft, components)
    explanations = read_readings(draft, "explanations", atoms)
    sets = read_readings(draft, "sets", atoms)
    assertions: dict[str, ClaimKind] = dict.fromkeys(sets, "set")
    assertions.update(dict.fromkeys(explanations, "explanation"))
    assertions.update(dict.fromkeys(components, "component"))
    return Beliefs(atoms, explanations, sets, assertions)


def _elements(
    draft: Draft, setting: Setting, world: World, beliefs: Beliefs
) -> dict[str, frozenset[str]]:
    """The names, by kind, of what can carry a statement of a source."""
    prefixes = frozenset(instance.use.prefix for instance in setting.instances)
    return {
        "actor": frozenset(setting.actors),
        "group": frozenset(draft.groups),
        "office": frozenset(setting.institutions.offices),
        "alliance": frozenset(setting.institutions.alliances),
        "use": prefixes,
        "mechanism": prefixes,
        "parameter": frozenset(world.parameters),
        "state": frozenset(world.state),
        "event": frozenset(world.events),
        "component": frozenset(setting.components),
        "atom": frozenset(belief.atom.name for belief in beliefs.atoms),
        "explanation": frozenset(beliefs.explanations),
        "set": frozenset(beliefs.sets),
        "data": frozenset(table.name for table in setting.tables),
    }


def _items(
    evidence: tuple[Item, ...], outcomes: tuple[Item, ...], claims: tuple[Claim, ...]
) -> dict[str, frozenset[str]]:
    return {
        "evidence": frozenset(item.id for item in evidence),
        "outcome": frozenset(item.id for item in outcomes),
        "claim": frozenset(claim.id for claim in claims),
    }
