"""How a run begins, as instructions: room for its state, start values, every clock set."""

from __future__ import annotations

import math
from collections.abc import Iterator

from foedus.engine.interventions import is_set_from_start, state_change
from foedus.engine.native.calendar import Timed, first_time
from foedus.engine.native.changes import (
    add_switches,
    is_from_start,
    make,
    reset_switches,
    where_chosen,
)
from foedus.engine.native.clockwork import NEVER, NOTHING, UNDRAWN, instances_of
from foedus.engine.native.commons import NEW, add_commons
from foedus.engine.native.deeds import checked, most_changes, most_draws
from foedus.engine.native.draws_ahead import NOTHING_AHEAD, add_ahead
from foedus.engine.native.expressions import ZERO, Emission, Place, as_number
from foedus.engine.native.field_updates import add_fields
from foedus.engine.native.first_ring import add_rings
from foedus.engine.native.ir import Function, double
from foedus.engine.native.observers import add_tracks, reset_tracks
from foedus.engine.native.touch import Numbering
from foedus.engine.prepare import FORCED
from foedus.engine.runaway import counts_clock_changes
from foedus.expr import tree
from foedus.jump.model import Assignment, EventKind


def add_arrays(shared: Emission, instances: int, sources: int) -> None:
    """Give everything that a run changes its place in memory."""
    memory, layout, model = shared.memory, shared.layout, shared.model
    for name in ("fault", "log_dummy"):
        memory.add(name, "i8", 1)
    for name in ("time", "next_ring", "next_time", "cal_first"):
        memory.add(name, "double", 1)
    for name in (
        "pending_count", "fired", "at_once", "log_room", "log_used",
        "drawn", "drawn_room", "drawn_used", "parameters", "components",
        "log", "samples", "given_parameters",
    ):  # fmt: skip
        memory.add(name, "i64", 1)
    if counts_clock_changes(model):
        memory.add("clock_changes", "i64", 1)
    memory.add("keys", "i64", 2)
    counters = sum(block.count for block in layout.counters.values())
    memory.add("firings", "double", counters)
    memory.add("last", "double", counters)
    if shared.sparse is None:
        _add_clocks(shared, instances)
    memory.add("held", "double", instances)
    memory.add("enablings", "i64", instances)
    for name in ("enabled", "forbidden", "pending"):
        memory.add(name, "i8", instances)
    memory.add("cal_time", "double", max(sources, 1))
    memory.add("cal_count", "i64", max(sources, 1))
    changes = max(map(most_changes, _all_effects(shared)), default=0)
    memory.add("change_cell", "i64", changes)
    memory.add("change_value", "double", changes)
    memory.add("draws", "double", max((most_draws(kind) for kind in model.kinds), default=0))
    add_tracks(shared)
    if shared.conditioned is not None:
        from foedus.engine.native.record.tables import add_record_arrays  # only where it is needed

        add_record_arrays(shared)
    add_fields(shared)
    add_commons(shared)
    if shared.interventions:
        add_switches(shared, shared.interventions)


def _add_clocks(shared: Emission, instances: int) -> None:
    """Room for the state and its clocks, one array each."""
    memory, layout = shared.memory, shared.layout
    memory.add("values", "double", sum(block.count for block in layout.variables.values()))
    for name in ("hazard", "inner", "changed"):
        memory.add(name, "double", instances)
    items = 0 if shared.conditioned is None else len(shared.conditioned.items)
    add_rings(shared, instances + items)
    memory.add("number", "i64", instances)
    add_ahead(shared, instances)


def _all_effects(shared: Emission) -> Iterator[tuple[Assignment, ...]]:
    """The effects that land together, act by act."""
    for kind in shared.model.kinds:
        yield kind.effects
        yield from (option.effects for option in kind.options)
    for one in shared.interventions:
        if one.kind == "set-state":
            yield (state_change(shared.model, one)[0],)


def emit_begin(shared: Emission, network: Numbering, sources: list[Timed]) -> None:
    """`@f_begin(ctx, seed, run)`: the state at 0 before anything happens, every clock set."""
    code, memory = shared.function("@f_begin", ("i64", "%seed"), ("i64", "%run")), shared.memory
    if shared.conditioned is None:
        code.do("call void @f_run_keys(ptr %ctx, i64 %seed, i64 %run)")
    memory.store(code, "fault", "0")
    memory.store(code, "time", ZERO)
    memory.store(code, "cal_first", ZERO)
    for name in ("pending_count", "fired", "clock_changes", "at_once"):
        if name in memory.arrays:
            memory.store(code, name, "0")
    fills = {
        "firings": ZERO, "last": double(-math.inf), "hazard": ZERO, "inner": UNDRAWN,
        "changed": ZERO, "held": NOTHING, "ring": NEVER, "number": "0", "enablings": "0",
        "enabled": "0", "forbidden": "0", "pending": "0", "dirty": "0", "dirty_all": "0",
        "dirty_some": "0", "ring_known": "0",
        "ahead_from": NOTHING_AHEAD, **NEW,
    }  # fmt: skip
    memory.fill_rows(code, {name: fills[name] for name in fills if name in memory.arrays})
    if shared.sparse is not None:
        shared.sparse.reset(shared, code)
    reset_tracks(shared, code)
    if shared.interventions:
        reset_switches(shared, code)
    for place, one in enumerate(shared.interventions):
        if is_set_from_start(one):
            with where_chosen(shared, code, place):
                make(shared, code, place)
    _start_values(shared, code)
    if shared.sparse is not None:
        shared.sparse.kept.emit_start(shared, code)
    if shared.fields:
        code.do("call void @f_fields(ptr %ctx)")
    for number, kind in enumerate(shared.model.kinds):
        if kind.gate is not None:
            _close_gate(shared, code, kind, network.first_of[number])
    if shared.conditioned is not None:
        code.do("call void @f_start_record(ptr %ctx)")
    for place, one in enumerate(shared.interventions):
        if is_from_start(one):
            with where_chosen(shared, code, place):
                make(shared, code, place)
    for number, source in enumerate(sources):
        _first_appointment(shared, code, number, source)
    for number in range(len(shared.model.kinds)):
        code.do(f"call void @f_refresh_all{number}(ptr %ctx)")
    code.finish()


def _first_appointment(shared: Emission, code: Function, number: int, source: Timed) -> None:
    start, first = first_time(shared, source)
    shared.memory.store(code, "cal_count", str(start), number)
    if source.phase != FORCED:
        shared.memory.store(code, "cal_time", double(first), number)
        return
    shared.memory.store(code, "cal_time", NEVER, number)
    with where_chosen(shared, code, source.number):
        shared.memory.store(code, "cal_time", double(first), number)


def _close_gate(shared: Emission, code: Function, kind: EventKind, first: int) -> None:
    assert kind.gate is not None
    present = as_number(Place(shared, code), tree.Component(kind.gate))
    last = str(first + instances_of(kind))
    absent = code.let(f"fcmp oeq double {present}, {ZERO}")
    with code.when(absent), code.count_up(str(first), last) as instance:
        shared.memory.store(code, "forbidden", "1", instance)


def _start_values(shared: Emission, code: Function) -> None:
    for spec in shared.model.variables:
        block = shared.layout.variables[spec.name]
        with code.count_up("0", str(block.count)) as order:
            place, rest = Place(shared, code), order
            for name, group in reversed(list(zip(spec.index_names, spec.groups, strict=True))):
                place = place.binding(name, code.let(f"urem i64 {rest}, {group.size}"))
                rest = code.let(f"udiv i64 {rest}, {group.size}")
            value = checked(place, spec, as_number(place, spec.start))
            at = code.let(f"add i64 {order}, {block.first}")
            code.store("double", value, shared.value_cell(code, spec.name, at))
