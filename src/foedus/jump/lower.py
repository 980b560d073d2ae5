"""From a case to its mathematics. Cannot fail on a checked case.

What is left behind: words, citations, grades, claims, statements. What is arranged: labels get
their numbers, `ever` and `at` questions become monitors, explanations name their atoms, and hazards
multiply where they divided by a constant (`reciprocals`).
"""

from __future__ import annotations

from foedus.case.case import Case, Question, WhatIf
from foedus.case.dynamics import EventKind, Intervention
from foedus.case.reads import expressions_of
from foedus.expr.tree import Expression, IndexVariable, LabelValue, walk
from foedus.jump.model import JumpModel, Monitor
from foedus.jump.reciprocals import with_reciprocals
from foedus.text.diagnostic import InternalError


def lower(case: Case) -> JumpModel:
    """The jump model of a checked case."""
    kinds = tuple(happening.kind for happening in case.events.values())
    variables = tuple(variable.spec for variable in case.state.values())
    monitors = tuple(_monitor(question) for question in case.questions.values())
    return JumpModel(
        name=case.name,
        horizon=case.clock.horizon,
        labels=_labels(case, kinds),
        parameters=tuple(parameter.spec for parameter in case.parameters.values()),
        components=tuple(case.components),
        atoms=tuple(belief.atom for belief in case.atoms),
        explanations=tuple(
            reading.explanation for reading in (*case.explanations.values(), *case.sets.values())
        ),
        tables=case.tables,
        relations=case.relations,
        variables=variables,
        kinds=tuple(map(with_reciprocals, kinds)),
        monitors=monitors,
    )


def interventions_of(case: Case, name: str) -> tuple[Intervention, ...]:
    """What a what-if changes in the model (a `replace` is another model: see `foedus.study`)."""
    what_if: WhatIf | None = case.what_ifs.get(name)
    if what_if is None:
        raise InternalError(f"no what-if is called `{name}`")
    return what_if.interventions


def _monitor(question: Question) -> Monitor:
    return Monitor(
        question.name, question.kind, question.expression, question.at, question.start,
        question.end, question.origin, question.given, question.span,
    )  # fmt: skip


def _labels(case: Case, kinds: tuple[EventKind, ...]) -> tuple[str, ...]:
    """Every label that can be met at run time, in order of first appearance."""
    found: dict[str, None] = dict.fromkeys(case.actors)
    for group in case.groups.values():
        found.update(dict.fromkeys(group.labels))
    for variable in case.state.values():
        found.update(dict.fromkeys(variable.spec.labels))
    for expression in _expressions(case, kinds):
        for node in walk(expression):
            if isinstance(node, LabelValue):
                found.setdefault(node.label)
            elif isinstance(node, IndexVariable):
                found.update(dict.fromkeys(node.group.labels))
    return tuple(found)


def _expressions(case: Case, kinds: tuple[EventKind, ...]) -> list[Expression]:
    """All expressions in which a label may stand."""
    found = [variable.spec.start for variable in case.state.values()]
    for question in case.questions.values():
        found.append(question.expression)
        found.extend(e for e in (question.origin, question.given) if e is not None)
    for kind in kinds:
        found.extend(expressions_of(kind))
    for what_if in case.what_ifs.values():
        for change in what_if.interventions:
            found.extend(e for e in (change.condition, change.value) if e is not None)
            found.extend(change.indices or ())
    for item in (*case.evidence, *case.outcomes):
        if item.expression is not None:
            found.append(item.expression)
    found.extend(claim.value for claim in case.claims if claim.value is not None)
    return found
