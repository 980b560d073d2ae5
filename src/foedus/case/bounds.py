"""What values the state can reach and which events can happen at all, proved without running.

An abstract interpretation over intervals: starting from the start values, every event that may be
possible widens the variables it writes, until nothing changes (Cousot and Cousot 1977, with
widening to the declared bounds). The answers are sound: what is called impossible is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from foedus.case.case import Case
from foedus.case.dynamics import Assignment, DrawSpec, EventKind, Intervention, Rate
from foedus.case.label_reach import (
    Labels,
    comparisons_of_labels,
    decided,
    start_labels,
    widened_labels,
)
from foedus.case.reads import Names, expressions_of, names_in
from foedus.expr.enclosure import ANY, EITHER, INFINITE, Interval, hull, meet, open_interval, point
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.prior import Flag, Prior, Uniform
from foedus.expr.tree import Component, Expression, Firings, LabelType, walk
from foedus.frozen import dataclass

ROUNDS_BEFORE_WIDENING = 3
NEVER = point(0.0)


@dataclass(slots=True)
class Reach:
    """What can be: bounds of the state over all courses, and the kinds that can happen.

    Kinds in `assumed` are taken to be possible whatever their guards and rates say.
    """

    context: Context
    assumed: frozenset[str] = frozenset()
    possible: set[str] = field(default_factory=set)
    labels: dict[str, Labels] = field(default_factory=dict)


def declared_context(case: Case) -> Context:
    """Bounds as declared: supports of priors, bounds of variables, extremes of tables.

    A parameter may also be what a what-if sets it to.
    """
    parameters = {name: _support(p.spec.prior) for name, p in case.parameters.items()}
    for belief in case.atoms:
        for own in belief.atom.parameters:
            parameters[own.name] = hull(parameters[own.name], _support(own.prior))
    for change in _changes(case):
        if change.kind == "set-parameter" and change.value is not None:
            now = parameters[change.target]
            parameters[change.target] = hull(now, bounds(change.value, Context()))
    variables = {name: _declared(case, name) for name in case.state}
    data = {table.name: Interval(min(table.values), max(table.values)) for table in case.tables}
    return Context(parameters, variables, data, horizon=case.clock.horizon)


def _changes(case: Case) -> Iterator[Intervention]:
    """What the what-ifs of a case change."""
    return (change for what_if in case.what_ifs.values() for change in what_if.interventions)


def _support(prior: Prior) -> Interval:
    low, high = prior.support
    is_closed = low == high or isinstance(prior, Flag | Uniform)
    return Interval(low, high) if is_closed else open_interval(low, high)


def _declared(case: Case, name: str) -> Interval:
    spec = case.state[name].spec
    if spec.kind == "flag":
        return EITHER
    if spec.kind == "label":
        return ANY
    low = -INFINITE if spec.low is None else spec.low
    return Interval(low, INFINITE if spec.high is None else spec.high)


@dataclass(frozen=True, slots=True)
class Step:
    """What an event can do in some state: kinds that happen, and values that variables take."""

    possible: tuple[str, ...] = ()
    values: tuple[tuple[str, Interval], ...] = ()


class Ground:
    """What every `reach` of a case begins with. Shared by several, it saves most of their work:
    an event does the same wherever that which decides it is the same.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.declared = case, declared_context(case)
        self.expressions = tuple(_expressions(case))
        self.comparisons = comparisons_of_labels(self.expressions)
        nodes = [node for one in self.expressions for node in walk(one)]
        self.firings = {node for node in nodes if isinstance(node, Firings)}
        self.components = {node for node in nodes if isinstance(node, Component)}
        self.kinds = [happening.kind for happening in case.events.values()]
        self.read = {kind.name: _read_by(kind) for kind in self.kinds}
        self.steps: dict[tuple[object, ...], Step] = {}


def _read_by(kind: EventKind) -> tuple[Names, tuple[Component, ...]]:
    """The names and the components that decide what an event can do."""
    expressions = expressions_of(kind)
    nodes = (node for one in expressions for node in walk(one))
    components = dict.fromkeys(node for node in nodes if isinstance(node, Component))
    return names_in(expressions), tuple(components)


def reach(
    case: Case,
    assumed: frozenset[str] = frozenset(),
    present: frozenset[str] | None = None,
    ground: Ground | None = None,
) -> Reach:
    """The least set of bounds that every course of the case stays within, what-ifs included.

    With all components that any atom has, each of them there or not; or with those that are
    `present`, and no other. `ground` is that of the case, if it has been worked out.
    """
    ground = ground or Ground(case)
    declared = ground.declared
    starts = {n: bounds(v.spec.start, declared) for n, v in case.state.items()}
    found = Reach(replace(declared, variables=starts), assumed, labels=start_labels(case))
    forced = _intervene(case, found, declared)
    components = dict[Expression, Interval]()
    if present is not None:
        components = {one: point(float(one.name in present)) for one in ground.components}
    present = _components(case) if present is None else present
    for number in range(1000):
        before = dict(found.context.variables), set(found.possible), dict(found.labels)
        known = decided(ground.comparisons, found.labels)
        known.update({node: NEVER for node in ground.firings if node.kind not in found.possible})
        known.update(components)
        found.context = replace(found.context, known=known, memo={}, refined={})
        for kind in ground.kinds:
            if kind.gate is None or kind.gate in present:
                step = _step_from(ground, found, kind, kind.name in forced, before[1])
                found.possible.update(step.possible)
                for name, value in step.values:
                    _widen(found, name, value)
        found.labels = widened_labels(case, found.possible, found.labels)
        if number >= ROUNDS_BEFORE_WIDENING:
            _widen_growing(found, before[0], declared.variables)
        if before == (dict(found.context.variables), found.possible, found.labels):
            break
    return found


def possible_before(
    ground: Ground, found: Reach, kind: EventKind, silent: frozenset[str]
) -> tuple[str, ...]:
    """What a kind can do first while those in `silent` have not happened: itself, its options.

    What only they change is as it was at the start; what others can do is as `found` says, which
    is quicker than `reach` without them, and finds less.
    """
    silent |= {kind.name}  # which cannot be what lets itself happen
    others = [one for one in ground.kinds if one.name in found.possible and one.name not in silent]
    states = ground.case.state.items()
    variables = {name: bounds(one.spec.start, ground.declared) for name, one in states}
    for one in others:
        step = _step_from(ground, found, one, True, found.possible)
        for name, value in step.values:
            variables[name] = hull(variables[name], value)
    names = {one.name for one in others}
    labels = widened_labels(ground.case, names, start_labels(ground.case), found.labels)
    known = {**found.context.known, **decided(ground.comparisons, labels)}
    known.update({node: NEVER for node in ground.firings if node.kind in silent})
    context = replace(found.context, variables=variables, known=known, memo={}, refined={})
    return _step(context, kind, is_assumed=False, is_forced=False).possible


def _step_from(
    ground: Ground, found: Reach, kind: EventKind, is_forced: bool, possible: set[str]
) -> Step:
    """What an event can do as things stand; `possible` are the kinds known when that was told."""
    names, components = ground.read[kind.name]
    context = found.context
    key = (
        kind.name, kind.name in found.assumed, is_forced,
        *(context.variables[name] for name in names.variables),
        *(found.labels.get(name) for name in names.variables),
        *(name in possible for name in names.events),
        *(context.known.get(one) for one in components),
    )  # fmt: skip
    step = ground.steps.get(key)
    if step is None:
        step = ground.steps[key] = _step(context, kind, key[1] is True, is_forced)
    return step


def _components(case: Case) -> frozenset[str]:
    """The components that some atom has."""
    return frozenset().union(*(belief.atom.components for belief in case.atoms))


def _intervene(case: Case, found: Reach, declared: Context) -> frozenset[str]:
    """Let what-ifs set the state; the kinds they force need no rate."""
    forced: set[str] = set()
    for change in _changes(case):
        if change.kind == "force":
            is_kind = change.target in case.events  # or else an option of one
            forced.add(change.target if is_kind else change.target.rpartition(".")[0])
        elif change.kind == "set-state" and change.value is not None:
            if isinstance(change.value.type, LabelType):
                found.labels.pop(change.target, None)
            else:
                _widen(found, change.target, bounds(change.value, declared))
    return frozenset(forced)


def _expressions(case: Case) -> Iterator[Expression]:
    """Every expression whose value may be decided by what can happen at all."""
    for happening in case.events.values():
        yield from expressions_of(happening.kind)
    maybe: list[Expression | None] = [item.expression for item in case.evidence]
    for question in case.questions.values():
        maybe += [question.expression, question.origin, question.given]
    for what_if in case.what_ifs.values():
        maybe += [change.condition for change in what_if.interventions]
    yield from (expression for expression in maybe if expression is not None)


def _step(context: Context, kind: EventKind, is_assumed: bool, is_forced: bool) -> Step:
    if kind.guard is not None and not is_assumed:
        if truth(kind.guard, context) is False:
            return Step()
        context = refine(context, kind.guard)
    if isinstance(kind.timing, Rate) and not is_assumed and not is_forced:
        hazard = bounds(kind.timing.hazard, context)
        if hazard.high <= 0 and not hazard.may_be_nan:
            return Step()
    possible, values = [kind.name], [*_values(kind.effects, kind.draws, context)]
    for option in kind.options:
        inner = context
        if option.guard is not None and not is_assumed:
            if truth(option.guard, context) is False:
                continue
            inner = refine(context, option.guard)
        possible.append(f"{kind.name}.{option.name}")
        values += _values(option.effects, option.draws, inner)
    return Step(tuple(possible), tuple(values))


def _values(
    effects: tuple[Assignment, ...], draws: tuple[DrawSpec, ...], context: Context
) -> Iterator[tuple[str, Interval]]:
    """What effects can make of variables, but for labels."""
    inner = with_draws(context, draws)
    for effect in effects:
        where = effect.condition
        if where is not None and truth(where, inner) is False:
            continue
        there = inner if where is None else refine(inner, where)
        value = effect.value
        if not isinstance(value.type, LabelType):
            yield effect.variable, bounds(value, there)


def with_draws(context: Context, draws: tuple[DrawSpec, ...]) -> Context:
    """The context in which an event's effects are evaluated."""
    known = {draw.name: _drawn(draw, context) for draw in draws}
    return replace(context, draws={**context.draws, **known}, memo={}, refined={})


def _drawn(draw: DrawSpec, context: Context) -> Interval:
    if draw.distribution == "bernoulli":
        return EITHER
    if draw.distribution in ("uniform", "integer"):
        return hull(bounds(draw.arguments[0], context), bounds(draw.arguments[1], context))
    if draw.distribution == "normal":
        return ANY
    if draw.distribution == "binomial":
        return Interval(0.0, max(0.0, bounds(draw.arguments[0], context).high))
    return Interval(0.0, INFINITE)


def _widen(found: Reach, name: str, value: Interval) -> None:
    variables = dict(found.context.variables)
    variables[name] = hull(variables[name], value)
    found.context = replace(found.context, variables=variables, memo={}, refined={})


def _widen_growing(
    found: Reach, before: Mapping[str, Interval], declared: Mapping[str, Interval]
) -> None:
    """A bound that still moves goes to the declared one: a course beyond it stops with an error."""
    variables = dict(found.context.variables)
    for name, now in variables.items():
        low = declared[name].low if now.low < before[name].low else now.low
        high = declared[name].high if now.high > before[name].high else now.high
        variables[name] = meet(Interval(low, high), hull(declared[name], before[name]))
    found.context = replace(found.context, variables=variables, memo={}, refined={})
