"""What an event does: its draws, its simultaneous effects, and what an actor chooses.

Draws and effects read the state before the event. The noise of an instance's firing number n (from
0; forced firings do not count) is keyed by n and a label: a draw by the kind (`kind.option` for an
option's), the labels of the instance and of the draw's own index, and the site `draw NAME`; the
Gumbel noise of an option by the kind, the labels and the site `option NAME`. Among the available
options the actor takes the one with the largest utility + Gumbel noise, which gives each the
probability of the multinomial logit model [McFadden1974]_; keyed noise makes two worlds agree
wherever their utilities allow it [OberstSontag2019]_.

References
----------
.. [McFadden1974] D. McFadden (1974), Conditional logit analysis of qualitative choice behavior, in
   P. Zarembka (ed.), Frontiers in Econometrics, 105-142 [lemma 1].
.. [OberstSontag2019] M. Oberst, D. Sontag (2019), Counterfactual off-policy evaluation with
   Gumbel-max structural causal models, ICML, PMLR 97, 4881-4890.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import floor, inf, isfinite

from foedus.engine import clocks, numerics
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, block_cell, condition, evaluator, members
from foedus.engine.failure import EvaluationError
from foedus.engine.layout import labels_at, places
from foedus.engine.timing import Instance, bind
from foedus.engine.world import Happening, World
from foedus.frozen import dataclass
from foedus.jump.model import Assignment, DrawSpec, EventKind, Option, VariableSpec
from foedus.text.source import Span

Change = tuple[int, float]
"""A cell of the state and its new value."""

Decide = Callable[[World, "PreparedDraw", tuple[int, int], int, int], float]
"""Says what a draw comes out as: drawn, or known; arguments as for `Sample`."""

Gather = Callable[[World, list[Change]], None]
"""Adds the changes that an assignment makes, worked out in the state as it is."""

Sample = Callable[[World, tuple[int, int], int, int], float]
"""Draws a value, given the keys of the kind, that of the draw, and the number of the firing."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedDraw:
    """A draw: its sampler, the bindings of its own indices, and keys by (instance order, index).

    `arguments` are those of its law; a categorical draw has its weights.
    """

    name: str
    spec: DrawSpec
    arguments: Callable[[World], list[float]]
    sample: Sample
    bindings: tuple[tuple[tuple[str, int], ...], ...]
    keys: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """Draws and effects under one name. `counters` are the cells of its counter, by instance."""

    name: str
    draws: tuple[PreparedDraw, ...]
    effects: tuple[Gather, ...]
    counters: range


@dataclass(frozen=True, slots=True, eq=False)
class Choosable:
    """An option as the actor sees it. `keys` are those of its Gumbel noise, by instance order."""

    guard: Evaluate | None
    utility: Evaluate
    act: Act
    keys: tuple[int, ...]
    span: Span | None


@dataclass(frozen=True, slots=True, eq=False)
class Deed:
    """All that an event kind can do: its act, or the options of its actor."""

    act: Act
    options: tuple[Choosable, ...]


# Preparing ---------------------------------------------------------------------------------------


def prepare_deed(
    kind: EventKind,
    instances: tuple[Instance, ...],
    variables: dict[str, VariableSpec],
    names: Names,
    prefix: str = "",
) -> Deed:
    """What `kind` does. `prefix` stands before the sites of its keys (forced firings)."""

    def act(name: str, draws: tuple[DrawSpec, ...], effects: tuple[Assignment, ...]) -> Act:
        inside = replace(names, draws={spec.name: spec for spec in draws})
        return Act(
            name,
            tuple(_prepare_draw(spec, name, instances, inside, prefix) for spec in draws),
            tuple(assignment(effect, variables[effect.variable], inside) for effect in effects),
            names.layout.counters[name].cells,
        )

    def choosable(option: Option) -> Choosable:
        site = f"{prefix}option {option.name}"
        return Choosable(
            condition(option.guard, names),
            evaluator(option.utility, names),
            act(f"{kind.name}.{option.name}", option.draws, option.effects),
            tuple(names.layout.key(kind.name, one.labels, site) for one in instances),
            option.utility.span or option.span,
        )

    own = act(kind.name, kind.draws, kind.effects)
    return Deed(own, tuple(choosable(option) for option in kind.options))


def _prepare_draw(
    spec: DrawSpec, owner: str, instances: tuple[Instance, ...], names: Names, prefix: str
) -> PreparedDraw:
    indices = list(places(spec.groups))
    labels = [labels_at(spec.groups, place) for place in indices]
    site = f"{prefix}draw {spec.name}"
    return PreparedDraw(
        spec.name,
        spec,
        _law_arguments(spec, names),
        _sampler(spec, names),
        tuple(tuple(zip(spec.index_names, place, strict=True)) for place in indices),
        tuple(
            tuple(names.layout.key(owner, one.labels + own, site) for own in labels)
            for one in instances
        ),
    )


def _law_arguments(spec: DrawSpec, names: Names) -> Callable[[World], list[float]]:
    arguments = [evaluator(argument, names) for argument in spec.arguments]
    over, name = spec.over, spec.over_name
    if over is None:
        return lambda world: [argument(world) for argument in arguments]
    weight = arguments[0]
    return lambda world: [weight(world) for world.bound[name] in range(over.size)]


def _sampler(spec: DrawSpec, names: Names) -> Sample:
    arguments, draw = _law_arguments(spec, names), numerics.DRAWS[spec.distribution]
    is_categorical = spec.over is not None

    def sample(world: World, keys: tuple[int, int], key: int, number: int) -> float:
        given = arguments(world)
        uniform = clocks.uniform(keys, key, number)
        try:
            return draw(given, uniform) if is_categorical else draw(*given, uniform)
        except numerics.NumericsError as error:
            raise EvaluationError(f"draw `{spec.name}`: {error}", spec.span) from None

    return sample


def assignment(effect: Assignment, spec: VariableSpec, names: Names) -> Gather:
    """The function that adds the changes made by `effect`."""
    cell = block_cell(names.layout.variables[spec.name], effect.indices, names)
    value, check = evaluator(effect.value, names), landing_check(spec, effect.span, names)
    where = condition(effect.condition, names)

    def gather(world: World, changes: list[Change]) -> None:
        if where is None or where(world):
            changes.append((cell(world), check(value(world))))

    looped: Gather = gather
    for name, domain in reversed(effect.loop):
        looped = _looped(name, members(domain, names), looped)
    return looped


def _looped(name: str, positions: Callable[[World], Iterable[int]], inside: Gather) -> Gather:
    def gather(world: World, changes: list[Change]) -> None:
        bound = world.bound
        for bound[name] in positions(world):
            inside(world, changes)

    return gather


def landing_check(spec: VariableSpec, span: Span | None, names: Names) -> Callable[[float], float]:
    """The function that gives back a value that may land in the variable, and refuses others."""
    low = -inf if spec.low is None else spec.low
    high = inf if spec.high is None else spec.high
    allowed = frozenset(names.layout.label_number(label) for label in spec.labels)

    def refuse(value: float, why: str) -> EvaluationError:
        return EvaluationError(f"`{spec.name}` would become {value:.12g}, {why}", span)

    def number(value: float) -> float:
        if low <= value <= high and isfinite(value):
            return value
        raise refuse(value, f"outside {low:g}..{high:g}" if isfinite(value) else "not a number")

    def count(value: float) -> float:
        if isfinite(value) and value != floor(value):
            raise refuse(value, "not a whole number")
        return number(value)

    def label(value: float) -> float:
        if value in allowed:
            return value
        name = names.layout.label_name(value)
        raise EvaluationError(f"`{spec.name}` would become `{name}`, which it cannot be", span)

    if spec.kind == "flag":
        return bool
    return {"count": count, "label": label}.get(spec.kind, number)


# Carrying out ------------------------------------------------------------------------------------


def choose(deed: Deed, world: World, instance: Instance, number: int) -> Act | None:
    """The act that the event carries out: its own, or the option taken; None if there is none."""
    if not deed.options:
        return deed.act
    bind(world, instance)
    best, taken = -inf, None
    for place, option in enumerate(deed.options):
        if (instance.number, place) in world.forbidden_options:
            continue
        if option.guard is not None and not option.guard(world):
            continue
        utility = option.utility(world)
        if not isfinite(utility):
            raise EvaluationError(f"the utility of `{option.act.name}` is {utility:g}", option.span)
        uniform = clocks.uniform(
            world.keys[instance.kind_number], option.keys[instance.order], number
        )
        noisy = utility - numerics.logarithm(-numerics.logarithm(uniform))
        if noisy > best:
            best, taken = noisy, option.act
    return taken


def drawn(world: World, draw: PreparedDraw, keys: tuple[int, int], key: int, number: int) -> float:
    """What a draw comes out as by its keyed noise."""
    return draw.sample(world, keys, key, number)


def carry_out(
    act: Act,
    deed: Deed,
    world: World,
    instance: Instance,
    number: int,
    is_forced: bool,
    decide: Decide = drawn,
) -> list[int]:
    """Make the draws, work out all effects in the state before, then let them land together.

    Gives the cells of the state that changed.
    """
    bind(world, instance)
    keys = world.keys[instance.kind_number]
    world.draws = {}
    for draw in act.draws:
        values = world.draws[draw.name] = []
        for binding, key in zip(draw.bindings, draw.keys[instance.order], strict=True):
            for name, position in binding:
                world.bound[name] = position
            values.append(decide(world, draw, keys, key, number))
    changes: list[Change] = []
    for effect in act.effects:
        effect(world, changes)
    changed = land(world, changes)
    for counter in counters_of(deed, act, instance):
        world.firings[counter] += 1
        world.last[counter] = world.time
    world.fired += 1
    if world.record is not None:
        world.record.append(
            Happening(world.time, act.name, instance.labels, world.draws, is_forced)
        )
    return changed


def land(world: World, changes: list[Change]) -> list[int]:
    """Let changes land, the last one where several go to one cell; gives the cells that changed."""
    changed = []
    for cell, value in changes:
        if world.values[cell] != value:
            world.values[cell] = value
            changed.append(cell)
    return changed


def counters_of(deed: Deed, act: Act, instance: Instance) -> tuple[int, ...]:
    """The counters that an act moves: the kind's and, for an option, its own."""
    kind = deed.act.counters[instance.order]
    return (kind,) if act.name == deed.act.name else (kind, act.counters[instance.order])
