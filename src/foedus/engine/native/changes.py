"""Interventions as instructions: what `interventions` does in the reference engine.

A program is emitted for the model with its interventions; without any, nothing of this is in it.
They are made in every run, or, in runs with a record, where the caller chooses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from foedus.engine.interventions import find_target, is_set_from_start, state_change
from foedus.engine.layout import Block
from foedus.engine.native.clockwork import at_instance, instances_of
from foedus.engine.native.deeds import emit_act, emit_choice, land_together, options_array
from foedus.engine.native.expressions import ZERO, Emission, Place, as_number, cell, condition
from foedus.engine.native.ir import Function
from foedus.engine.native.observers import note_stale
from foedus.engine.native.touch import Numbering
from foedus.expr import tree
from foedus.jump.model import EventKind, Intervention


def add_switches(shared: Emission, interventions: tuple[Intervention, ...]) -> None:
    """Room for what interventions have done and forbidden so far."""
    memory, model = shared.memory, shared.model
    memory.add("applied", "i8", len(interventions))
    memory.add("awaited", "i8", len(interventions))
    if shared.conditioned is not None:
        memory.add("chosen", "i64", 1)
    if any(one.kind == "force" for one in interventions):
        memory.add("forced", "i64", sum(map(instances_of, model.kinds)))
    if any(one.kind == "set-parameter" for one in interventions):
        memory.add("own_parameters", "double", _parameter_count(shared))
    for one in interventions:
        if one.kind == "forbid":
            kind, option = find_target(model, one.target)
            if option is not None and options_array(kind) not in memory.arrays:
                memory.add(options_array(kind), "i8", instances_of(kind) * len(kind.options))


def reset_switches(shared: Emission, code: Function) -> None:
    """Everything as before a run; parameters that may be set are the run's own."""
    memory = shared.memory
    for name in memory.arrays:
        if name in ("applied", "forced") or name.startswith("closed "):
            memory.fill(code, name, "0")
    memory.fill(code, "awaited", "0" if "chosen" in memory.arrays else "1")
    if "chosen" in memory.arrays:
        for place in range(len(shared.interventions)):
            with where_chosen(shared, code, place):
                memory.store(code, "awaited", "1", place)
    if "own_parameters" not in memory.arrays:
        return
    given = code.load("ptr", memory.cell(code, "given_parameters", 0))
    with code.count_up("0", str(_parameter_count(shared))) as index:
        value = code.load("double", code.at(given, "double", index))
        memory.store(code, "own_parameters", value, index)
    code.store("ptr", memory.base(code, "own_parameters"), memory.cell(code, "parameters", 0))


@contextmanager
def where_chosen(shared: Emission, code: Function, place: int) -> Iterator[None]:
    """Instructions that are carried out in runs in which an intervention is made."""
    if "chosen" not in shared.memory.arrays:
        yield
        return
    row = code.load("ptr", shared.memory.cell(code, "chosen", 0))
    is_chosen = code.load("i8", code.at(row, "i8", str(place)))
    with code.when(code.let(f"icmp ne i8 {is_chosen}, 0")):
        yield


def _parameter_count(shared: Emission) -> int:
    return sum(block.count for block in shared.layout.parameters.values())


def emit_changes(
    shared: Emission, network: Numbering, interventions: tuple[Intervention, ...]
) -> None:
    """`@f_make{p}(ctx)` for each intervention, and `@f_intervene(ctx)`: 1 if one has been made."""
    for place, one in enumerate(interventions):
        if one.kind == "force":
            _emit_force(shared, network, place, one)
        code = shared.function(f"@f_make{place}")
        _MAKERS[one.kind](Place(shared, code), network, place, one)
        code.finish()
    awaited = [place for place, one in enumerate(interventions) if one.condition is not None]
    if not awaited:
        return
    code = shared.function("@f_intervene", result="i1")
    for place in awaited:
        waits = shared.memory.load(code, "awaited", place)
        with code.when(code.let(f"icmp ne i8 {waits}, 0")):
            holds = condition(Place(shared, code), interventions[place].condition)
            with code.when(holds):
                shared.memory.store(code, "awaited", "0", place)
                make(shared, code, place)
                code.leave("true")
                code.begin(code.label("unreached"))
    code.leave("false")
    code.finish()


def make(shared: Emission, code: Function, place: int) -> None:
    """Make an intervention; `applied` says afterwards whether it took effect."""
    shared.memory.store(code, "applied", "0", place)
    code.do(f"call void @f_make{place}(ptr %ctx)")


def is_from_start(one: Intervention) -> bool:
    """Whether it is made as soon as the state has its start values."""
    return one.at is None and one.condition is None and one.kind != "set-parameter"


def _chosen(place: Place, kind: EventKind, one: Intervention) -> tuple[str, str]:
    """The first instance meant and the one after the last: the one at `indices`, or all."""
    if one.indices is None:
        return "0", str(instances_of(kind))
    block = Block(0, tuple(group.size for group in kind.groups))
    first = cell(place, block, one.indices)
    return first, place.code.let(f"add i64 {first}, 1")


def _forbid(place: Place, network: Numbering, number: int, one: Intervention) -> None:
    code, memory = place.code, place.shared.memory
    kind, option = find_target(place.shared.model, one.target)
    kind_number = place.shared.model.kinds.index(kind)
    with code.count_up(*_chosen(place, kind, one)) as order:
        if option is None:
            instance = code.let(f"add i64 {order}, {network.first_of[kind_number]}")
            memory.store(code, "forbidden", "1", instance)
            code.do(f"call void @f_refresh{kind_number}(ptr %ctx, i64 {order})")
        else:
            row = code.let(f"mul i64 {order}, {len(kind.options)}")
            memory.store(code, options_array(kind), "1", code.let(f"add i64 {row}, {option}"))
    memory.store(code, "applied", "1", number)


def _emit_force(shared: Emission, network: Numbering, number: int, one: Intervention) -> None:
    """`@f_force{p}(ctx, order)`: an instance fires if its guard holds, by noise of its own."""
    code, memory = shared.function(f"@f_force{number}", ("i64", "%order")), shared.memory
    kind, option = find_target(shared.model, one.target)
    kind_number = shared.model.kinds.index(kind)
    place = at_instance(shared, code, kind, "%order")
    with code.when(condition(place, kind.guard)):
        instance = code.let(f"add i64 %order, {network.first_of[kind_number]}")
        count = memory.load(code, "forced", instance)
        if option is not None:
            has_fired = condition(place, kind.options[option].guard)
            with code.when(has_fired):
                emit_act(place, kind, kind.options[option], count, "forced ")
        elif kind.options:
            has_fired = emit_choice(place, kind, count, "forced ")
        else:
            has_fired = "true"
            emit_act(place, kind, None, count, "forced ")
        with code.when(has_fired):
            memory.store(code, "forced", code.let(f"add i64 {count}, 1"), instance)
            memory.store(code, "applied", "1", number)
            code.do("call void @f_settle(ptr %ctx)")
    code.finish()


def _force(place: Place, network: Numbering, number: int, one: Intervention) -> None:
    code = place.code
    kind, _ = find_target(place.shared.model, one.target)
    present = "true"
    if kind.gate is not None:
        number_present = as_number(place, tree.Component(kind.gate))
        present = code.let(f"fcmp une double {number_present}, {ZERO}")
    with code.when(present), code.count_up(*_chosen(place, kind, one)) as order:
        code.do(f"call void @f_force{number}(ptr %ctx, i64 {order})")


def _set_parameter(place: Place, network: Numbering, number: int, one: Intervention) -> None:
    code, memory = place.code, place.shared.memory
    block = place.shared.layout.parameters[one.target]
    assert one.value is not None
    value = as_number(place, one.value)
    if one.indices:
        memory.store(code, "own_parameters", value, cell(place, block, one.indices))
    else:
        with code.count_up(str(block.first), str(block.first + block.count)) as index:
            memory.store(code, "own_parameters", value, index)
    if not is_set_from_start(one):
        for kind in range(len(place.shared.model.kinds)):
            code.do(f"call void @f_refresh_all{kind}(ptr %ctx)")
        note_stale(place.shared, code, range(len(place.shared.model.monitors)))
    memory.store(code, "applied", "1", number)


def _set_state(place: Place, network: Numbering, number: int, one: Intervention) -> None:
    effect, _ = state_change(place.shared.model, one)
    land_together(place, (effect,))
    place.code.do("call void @f_settle(ptr %ctx)")
    place.shared.memory.store(place.code, "applied", "1", number)


_MAKERS = {
    "forbid": _forbid,
    "force": _force,
    "set-parameter": _set_parameter,
    "set-state": _set_state,
}
