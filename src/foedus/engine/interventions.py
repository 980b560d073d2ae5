"""What-ifs: changes made to a world while it runs.

An intervention touches nothing but its target. A forced firing uses up no clock: its draws and
noise have keys of their own (the site has `forced ` before it, the number counts the forced firings
of the instance, from 0), and the instance's own clock and the numbers of its own firings go on as
if it had not been. Forbidding takes the hazard to zero and leaves the inner time as it is.
A parameter that is set in the course of a run changes hazards from then on, held ones from their
next tick; a waiting time that is under way keeps its law.
"""

from __future__ import annotations

from collections.abc import Callable

from foedus.engine import clocks
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, block_cell, condition, evaluator
from foedus.engine.course import guard_holds, refresh, touch
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import (
    Act,
    Change,
    Deed,
    assignment,
    carry_out,
    choose,
    counters_of,
    land,
    prepare_deed,
)
from foedus.engine.layout import Block
from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance, bind
from foedus.engine.world import World
from foedus.expr.tree import Domain, Expression, GroupDomain, IndexVariable, label_type
from foedus.frozen import dataclass
from foedus.jump.model import Assignment, EventKind, Intervention, JumpModel, VariableSpec
from foedus.text.diagnostic import InternalError

VERBS = {"forbid": "forbidding", "force": "forcing", "set-parameter": "setting",
         "set-state": "setting"}  # fmt: skip

Apply = Callable[[Prepared, World], bool]
"""Makes the change; says whether it took effect."""


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """An intervention ready to be made: at `time`, when `when` first holds, or from the start."""

    source: Intervention
    time: float | None
    when: Evaluate | None
    apply: Apply

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{VERBS[self.source.kind]} `{self.source.target}`"

    @property
    def is_from_start(self) -> bool:
        """Whether it is made as soon as the state has its start values."""
        return self.time is None and self.when is None and self.source.kind != "set-parameter"


def plan(prepared: Prepared, interventions: tuple[Intervention, ...]) -> tuple[Planned, ...]:
    """The interventions with their functions; prepared once and kept with the model."""
    known = prepared.plans.get(interventions)
    if known is None:
        known = tuple(_planned(prepared, one) for one in interventions)
        clocks.verify_labels(prepared.names.layout.keys)
        prepared.plans[interventions] = known
    assert isinstance(known, tuple)
    return known


def make(planned: Planned, prepared: Prepared, world: World) -> bool:
    """Make an intervention; says whether it took effect."""
    try:
        return planned.apply(prepared, world)
    except EvaluationError as fault:
        raise fault.about(planned.title) from None


def is_due(planned: Planned, world: World) -> bool:
    """Whether the condition of an intervention holds in the state as it is now."""
    try:
        return planned.when is not None and bool(planned.when(world))
    except EvaluationError as fault:
        raise fault.about(planned.title) from None


def _planned(prepared: Prepared, source: Intervention) -> Planned:
    if source.kind == "force" and source.at is None and source.condition is None:
        raise InternalError(f"`force: {source.target}` has neither a time nor a condition")
    apply = {
        "forbid": _forbid,
        "force": _force,
        "set-parameter": _set_parameter,
        "set-state": _set_state,
    }[source.kind](prepared, source)
    return Planned(source, source.at, condition(source.condition, prepared.names), apply)


def is_set_from_start(source: Intervention) -> bool:
    """Whether a parameter has another value from the start: start values read it, too."""
    return source.kind == "set-parameter" and source.at is None and source.condition is None


def find_target(model: JumpModel, name: str) -> tuple[EventKind, int | None]:
    """The kind that a target names, and the place of its option."""
    for kind in model.kinds:
        if kind.name == name:
            return kind, None
        for place, option in enumerate(kind.options):
            if f"{kind.name}.{option.name}" == name:
                return kind, place
    raise InternalError(f"no event kind is called `{name}`")


def _chosen(
    prepared: Prepared, kind: EventKind, indices: tuple[Expression, ...] | None
) -> Callable[[World], tuple[Instance, ...]]:
    """The instances meant: the one at `indices`, or all of the kind."""
    instances = prepared.by_kind[kind.name]
    if indices is None:
        return lambda world: instances
    block = Block(0, tuple(group.size for group in kind.groups))
    cell = block_cell(block, indices, prepared.names)
    return lambda world: (instances[cell(world)],)


def _forbid(prepared: Prepared, source: Intervention) -> Apply:
    kind, place = find_target(prepared.model, source.target)
    chosen = _chosen(prepared, kind, source.indices)

    def apply(prepared: Prepared, world: World) -> bool:
        for instance in chosen(world):
            if place is None:
                world.is_forbidden[instance.number] = True
                refresh(prepared, world, (instance.number,))
            else:
                world.forbidden_options.add((instance.number, place))
        return True

    return apply


def _force(prepared: Prepared, source: Intervention) -> Apply:
    kind, place = find_target(prepared.model, source.target)
    chosen = _chosen(prepared, kind, source.indices)
    variables = {spec.name: spec for spec in prepared.model.variables}
    instances = prepared.by_kind[kind.name]
    deed = prepare_deed(kind, instances, variables, prepared.names, "forced ")

    def apply(prepared: Prepared, world: World) -> bool:
        if not is_part(kind, prepared.names, world):
            return False
        has_fired = False
        for instance in chosen(world):
            has_fired |= _fire_forced(prepared, world, instance, deed, place)
        return has_fired

    return apply


def is_part(kind: EventKind, names: Names, world: World) -> bool:
    """Whether the kind is part of this run: it has no gate, or its component is present."""
    return kind.gate is None or world.components[names.layout.components[kind.gate]]


def _fire_forced(
    prepared: Prepared, world: World, instance: Instance, deed: Deed, place: int | None
) -> bool:
    if not guard_holds(prepared, world, instance):
        return False
    number = world.forced.get(instance.number, 0)
    try:
        act = _forced_act(world, instance, deed, place, number)
        if act is None:
            return False
        world.forced[instance.number] = number + 1
        cells = carry_out(act, deed, world, instance, number, is_forced=True)
    except EvaluationError as fault:
        raise fault.about(f"forced {instance.title}") from None
    touch(prepared, world, cells, counters_of(deed, act, instance))
    return True


def _forced_act(
    world: World, instance: Instance, deed: Deed, place: int | None, number: int
) -> Act | None:
    if place is None:
        return choose(deed, world, instance, number)
    option = deed.options[place]
    bind(world, instance)
    return option.act if option.guard is None or option.guard(world) else None


def _set_parameter(prepared: Prepared, source: Intervention) -> Apply:
    block = prepared.names.layout.parameters[source.target]
    assert source.value is not None
    value = evaluator(source.value, prepared.names)
    cell = block_cell(block, source.indices or (), prepared.names) if source.indices else None
    is_later = not is_set_from_start(source)

    def apply(prepared: Prepared, world: World) -> bool:
        new = float(value(world))
        for one in block.cells if cell is None else (cell(world),):
            world.parameters[one] = new
        if is_later:  # who reads a parameter is not kept track of
            refresh(prepared, world, range(len(prepared.instances)))
            world.stale.update(range(len(prepared.monitors)))
        return True

    return apply


def _set_state(prepared: Prepared, source: Intervention) -> Apply:
    change, spec = state_change(prepared.model, source)
    gather = assignment(change, spec, prepared.names)

    def apply(prepared: Prepared, world: World) -> bool:
        changes: list[Change] = []
        gather(world, changes)
        touch(prepared, world, land(world, changes))
        return True

    return apply


def state_change(model: JumpModel, source: Intervention) -> tuple[Assignment, VariableSpec]:
    """The assignment that a `set-state` makes, for all indices where it names none."""
    assert source.value is not None
    spec = next(one for one in model.variables if one.name == source.target)
    indices: tuple[Expression, ...] | None = source.indices
    loop: tuple[tuple[str, Domain], ...] = ()
    if indices is None:
        named = [(f"index {place}", group) for place, group in enumerate(spec.groups)]
        loop = tuple((name, GroupDomain(group)) for name, group in named)
        indices = tuple(IndexVariable(name, group, label_type(group)) for name, group in named)
    return Assignment(spec.name, indices, source.value, loop, None, source.span), spec
