"""What depends on what: the names that expressions and event kinds read and write."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.case import Case
from foedus.case.dynamics import Assignment, EventKind
from foedus.case.observed import UnitTable
from foedus.expr.tree import (
    Expression,
    Firings,
    Parameter,
    RelatedDomain,
    Since,
    Time,
    Variable,
    walk,
)
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """State variables, event kinds (by their firings) and parameters, by qualified name."""

    variables: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()

    def __or__(self, other: Names) -> Names:
        return Names(
            self.variables | other.variables,
            self.events | other.events,
            self.parameters | other.parameters,
        )


def names_in(expressions: Iterable[Expression | None]) -> Names:
    """Everything some expressions read."""
    variables: set[str] = set()
    events: set[str] = set()
    parameters: set[str] = set()
    for expression in expressions:
        if expression is None:
            continue
        for node in walk(expression):
            if isinstance(node, Variable):
                variables.add(node.name)
            elif isinstance(node, Firings | Since):
                events.add(node.kind)
            elif isinstance(node, Parameter):
                parameters.add(node.name)
    return Names(frozenset(variables), frozenset(events), frozenset(parameters))


def mentions_time(expression: Expression) -> bool:
    """Whether an expression changes between events by itself."""
    return any(isinstance(node, Time | Since) for node in walk(expression))


def writes(kind: EventKind) -> frozenset[str]:
    """The state variables an event kind can change."""
    return frozenset(effect.variable for effect in effects_of(kind))


def effects_of(kind: EventKind) -> tuple[Assignment, ...]:
    """Every effect of an event kind, those of its options included."""
    of_options = (effect for option in kind.options for effect in option.effects)
    return (*kind.effects, *of_options)


def asked_names(case: Case) -> Names:
    """What questions, evidence, outcomes, clues and what-ifs read."""
    expressions: list[Expression | None] = []
    events: set[str] = set()
    for question in case.questions.values():
        expressions += [question.expression, question.origin, question.given]
    for item in (*case.evidence, *case.outcomes):
        expressions.append(item.expression)
        if item.event is not None:
            events.add(item.event.name)
    for claim in case.claims:
        expressions.append(claim.value)
        if claim.event is not None:
            events.add(claim.event.name)
    for clue in case.clues:
        expressions.append(clue.state)
        if clue.event is not None:
            events.add(clue.event.name)
    for what_if in case.what_ifs.values():
        expressions += [change.condition for change in what_if.interventions]
    return names_in(expressions) | Names(events=frozenset(events))


def expressions_of(kind: EventKind) -> list[Expression]:
    """Every expression of an event kind: guard, timing, draws, effects, options."""
    found: list[Expression] = [] if kind.guard is None else [kind.guard]
    hazard = getattr(kind.timing, "hazard", None)
    if hazard is not None:
        found.append(hazard)
    found.extend(getattr(kind.timing, "arguments", ()))
    for effect in effects_of(kind):
        found.extend((*effect.indices, effect.value))
        if effect.condition is not None:
            found.append(effect.condition)
        found.extend(d.index for _, d in effect.loop if isinstance(d, RelatedDomain))
    for draw in kind.draws:
        found.extend(draw.arguments)
    for option in kind.options:
        found.append(option.utility)
        found.extend(argument for draw in option.draws for argument in draw.arguments)
        if option.guard is not None:
            found.append(option.guard)
    return found


def unread_parameters(case: Case) -> frozenset[str]:
    """The parameters that nothing in a case reads, so that no answer rests on them.

    Mostly the default of a need that the case binds to something of its own.
    """
    read = asked_names(case) | names_in(spec.spec.start for spec in case.state.values())
    for happening in case.events.values():
        read |= names_in(expressions_of(happening.kind))
    for what_if in case.what_ifs.values():
        read |= names_in(change.value for change in what_if.interventions)
    for table in case.unit_tables:
        if isinstance(table, UnitTable):
            read |= names_in(share for _, _, share in table.seen_as)
            read |= names_in(number for _, *law in table.reads for number in law)
    reported = {record.reported for record in case.records.values()}
    return frozenset(case.parameters) - read.parameters - reported
