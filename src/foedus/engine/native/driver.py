"""The order of events, as instructions: `reference.simulate_run` for a block of runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.engine.clocks import verify_labels
from foedus.engine.native.aftermath import emit_aftermath
from foedus.engine.native.begin import add_arrays, emit_begin
from foedus.engine.native.calendar import (
    Timed,
    emit_calendar,
    timed_sources,
)
from foedus.engine.native.changes import emit_changes
from foedus.engine.native.clockwork import (
    Refresh,
    emit_change_hazard,
    emit_refresh,
    emit_refresh_all,
    instances_of,
)
from foedus.engine.native.commons import find_commons
from foedus.engine.native.crews import Places, find_crews
from foedus.engine.native.deeds import Happen, emit_happen, has_aftermath
from foedus.engine.native.draws_ahead import emit_draw
from foedus.engine.native.event_log import emit_log
from foedus.engine.native.expressions import ZERO, Emission
from foedus.engine.native.field import find_fields
from foedus.engine.native.field_updates import emit_fields
from foedus.engine.native.first_ring import emit_first_ring
from foedus.engine.native.instants import emit_instant, emit_ring
from foedus.engine.native.ir import Function, Module
from foedus.engine.native.many_clocks import (
    LANES,
    can_go_side_by_side,
    emit_refresh_team,
)
from foedus.engine.native.memory import Memory
from foedus.engine.native.moments import emit_moment, emit_next
from foedus.engine.native.noise import emit_noise, emit_run_keys
from foedus.engine.native.observers import emit_observers, emit_stop, stops_of
from foedus.engine.native.touch import (
    Network,
    add_lists,
    emit_settle,
    emit_touch,
    moved_readers,
)
from foedus.engine.native.translated import Translator
from foedus.engine.prepare import Prepared, prepare
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.jump.model import Intervention, JumpModel

if TYPE_CHECKING:
    from foedus.engine.conditioned.prepared import Conditioned


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a program, how much memory a run of it needs, and the names of its acts.

    `places` says where in that memory the arrays are that are read after a run (or put there before
    it). `tables` are what the text finds at run time, if it is not in itself: uint8 (byte,).
    """

    ir: str
    memory: int
    acts: tuple[str, ...]
    places: dict[str, int] = field(default_factory=dict)
    tables: NDArray[np.uint8] | None = None


def emit_program(
    model: JumpModel,
    watched: tuple[Expression, ...] = (),
    times: tuple[float, ...] = (),
    interventions: tuple[Intervention, ...] = (),
    *,
    has_fields: bool = False,
    is_checked: bool = False,
) -> Text:
    """The IR of a model. `watched` are sampled at `times` (days, ascending).

    With `has_fields`, sums that can be kept are (`field`). With `is_checked`, operations whose
    result is not a number are faults.

    Raises `ClockCollision` if two labels would share their noise.
    """
    prepared = prepare(model, is_checked)
    shared, _ = emit_parts(prepared, watched, times, interventions, has_fields=has_fields)
    return finished_text(shared)


def emit_parts(
    prepared: Prepared,
    watched: tuple[Expression, ...],
    times: tuple[float, ...],
    interventions: tuple[Intervention, ...],
    *,
    has_fields: bool = False,
    in_lanes: bool = False,
) -> tuple[Emission, list[float]]:
    """All functions that simulate one run, and unless `in_lanes` what makes many; with the times of
    all stops."""
    shared, network, sources = begin_emission(
        prepared, interventions, has_fields=has_fields, in_lanes=in_lanes
    )
    emit_run_keys(shared)
    emit_fields(shared)
    stops = emit_works(shared, network, sources, watched, times)
    emit_changes(shared, network, interventions)
    emit_begin(shared, network, sources)
    emit_course(shared, sources, stops, clocks_on_time(prepared))
    return shared, stops


def emit_works(
    shared: Emission, network: Network, sources: list[Timed], watched: tuple[Expression, ...],
    times: tuple[float, ...], bodies: Mapping[int, tuple[Refresh, Happen]] | None = None,
) -> list[float]:  # fmt: skip
    """What every run of a model is made of, whoever drives it; gives the times of all stops.

    `bodies` bring the clocks of some kinds up to date and let them fire, by number.
    """
    emit_noise(shared)
    emit_draw(shared)
    emit_change_hazard(shared)
    emit_touch(shared, network)
    emit_log(shared)
    for number, kind in enumerate(shared.model.kinds):
        first = network.first_of[number]
        body, happen = (bodies or {}).get(number, (None, None))
        emit_refresh(shared, number, kind, first, body)
        if can_go_side_by_side(shared, kind):
            emit_refresh_team(shared, number, network.first_of)
        else:
            emit_refresh_all(shared, number, kind, first, body)
        emit_happen(shared, number, kind, first, happen)
        if has_aftermath(shared):
            emit_aftermath(shared, network, number)
    emit_settle(shared, network)
    emit_observers(shared, watched)
    stops = stops_of(shared.model.monitors, times)
    emit_stop(shared, stops)
    emit_first_ring(shared)
    emit_ring(shared, network)
    emit_instant(shared, network)
    emit_calendar(shared, network, sources)
    return [stop[0] for stop in stops]


def emit_course(
    shared: Emission, sources: list[Timed], stops: list[float],
    on_time: tuple[tuple[int, ...], tuple[int, ...]],
) -> None:  # fmt: skip
    """A run from instant to instant, and `@run_block` unless there are lanes."""
    emit_next(shared, sources, on_time)
    emit_moment(
        shared, sources, on_time, lambda code: make_stops(shared, code, stops, "olt", "%now")
    )
    _emit_close(shared, stops)
    if not shared.in_lanes:
        emit_run(shared)
        _emit_block(shared)


def finished_text(
    shared: Emission, arrays: Sequence[str] = ("fired", "clock_changes", "firings", "time")
) -> Text:
    """The text of all that has been emitted; it tells where these arrays are, if they are there."""
    verify_labels(shared.layout.keys)
    text = shared.module.text() + '\n!0 = !{!"branch_weights", i32 1, i32 1000}\n'
    there = shared.memory.arrays
    told = {name: there[name].offset for name in arrays if name in there}
    return Text(text, shared.memory.size, tuple(shared.layout.counters), told)


def clocks_on_time(prepared: Prepared) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Kinds and questions that read `time` or `since`."""
    kinds = {prepared.instances[n].kind_number for n in prepared.dependencies.clocks_on_time}
    return tuple(sorted(kinds)), prepared.dependencies.monitors_on_time


def begin_emission(
    prepared: Prepared,
    interventions: tuple[Intervention, ...],
    conditioned: Conditioned | None = None,
    *,
    has_fields: bool = False,
    keeps_history: bool = False,
    in_lanes: bool = False,
) -> tuple[Emission, Network, list[Timed]]:
    """What all parts of a program share, who reads what, and what has times of its own."""
    model, module, layout = prepared.model, Module(), prepared.names.layout
    fields = find_fields(model, layout) if has_fields else ()
    shared = Emission(
        model, layout, Memory(), module, Translator(module), interventions, conditioned, fields,
        prepared.names.is_checked, keeps_history=keeps_history, in_lanes=in_lanes,
    )  # fmt: skip
    network = _network(shared, prepared)
    shared = replace(shared, commons=find_commons(shared, network))
    sources = timed_sources(model, interventions)
    add_arrays(shared, len(network.kind_of), len(sources))
    add_lists(shared, network)
    return shared, network, sources


def _network(shared: Emission, prepared: Prepared) -> Network:
    """Where each instance has its place in memory, and who reads what, by those places.

    Instances stand in the order of their numbers; kinds whose clocks go side by side begin and end
    at whole vectors.
    """
    kind_of: list[int] = []
    first_of, places = [], list[int]()
    for number, kind in enumerate(shared.model.kinds):
        count, is_wide = instances_of(kind), can_go_side_by_side(shared, kind)
        if is_wide:
            kind_of.extend([max(number - 1, 0)] * (-len(kind_of) % LANES))
        first_of.append(len(kind_of))
        places.extend(range(len(kind_of), len(kind_of) + count))
        kind_of.extend([number] * (-(-count // LANES) * LANES if is_wide else count))
    found = prepared.dependencies
    state, counters = moved_readers(found.state, places), moved_readers(found.counters, places)
    crews = find_crews(shared.model, shared.layout, Places(kind_of, first_of), state, counters)
    return Network(state, counters, tuple(kind_of), tuple(first_of), crews)


def make_stops(shared: Emission, code: Function, stops: list[float], sign: str, time: str) -> None:
    """Make the stops that are due before a time, or at it."""
    stop, after = code.label("stop"), code.label("nostop")
    test = code.label("stops")
    code.begin(test)
    due = code.lookup("double", [*stops, math.inf], shared.memory.load(code, "stop"))
    code.branch(code.let(f"fcmp {sign} double {due}, {time}"), stop, after)
    code.begin(stop)
    code.do("call void @f_stop(ptr %ctx)")
    code.jump(test)
    code.begin(after)


def _emit_close(shared: Emission, stops: list[float]) -> None:
    """`@f_close(ctx, horizon)`: the stops that are left when a run ends."""
    code = shared.function("@f_close", ("double", "%horizon"))
    make_stops(shared, code, stops, "ole", "%horizon")
    code.finish()


def emit_run(shared: Emission) -> None:
    """`@f_run(ctx, horizon, limit)`: instants until the horizon, unless something goes wrong."""
    code, memory = (
        shared.function("@f_run", ("double", "%horizon"), ("i64", "%limit")),
        shared.memory,
    )
    memory.store(code, "next_time", ZERO)
    loop, go, following, after, end = (
        code.label(hint) for hint in ("instant", "go", "following", "after", "end")
    )
    code.begin(loop)
    now = memory.load(code, "next_time")
    code.branch(code.let(f"fcmp ole double {now}, %horizon"), go, after)
    code.begin(go)
    code.do(f"call void @f_moment(ptr %ctx, double {now}, i64 %limit)")
    fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
    code.branch(fine, following, end)
    code.begin(following)
    code.jump(loop)
    code.begin(after)
    code.do("call void @f_close(ptr %ctx, double %horizon)")
    code.begin(end)
    code.finish()


def _emit_block(shared: Emission) -> None:
    """`@run_block`: so many runs under each row of parameters, one after the other.

    Gives -1, or the place of the run that went wrong, among all. A row is `%wide` bytes.
    """
    memory = shared.memory
    arguments = (
        ("ptr", "%ctx"), ("ptr", "%parameters"), ("i64", "%rows"), ("i64", "%wide"),
        ("ptr", "%components"), ("i64", "%seed"), ("i64", "%first"), ("i64", "%count"),
        ("double", "%horizon"), ("i64", "%limit"), ("ptr", "%values"), ("ptr", "%waited"),
        ("ptr", "%given"), ("ptr", "%samples"), ("ptr", "%events"), ("ptr", "%vacuous"),
        ("ptr", "%log"), ("i64", "%room"), ("ptr", "%drawn"), ("i64", "%drawn_room"),
    )  # fmt: skip
    code = Function(shared.module, "@run_block", "i64", arguments, "nounwind")
    for name in ("components", "log", "drawn", "samples"):
        code.store("ptr", f"%{name}", memory.cell(code, name, 0))
    if shared.sparse is not None:
        memory.store(code, "w_end", "%horizon")
    memory.store(code, "log_room", "%room")
    memory.store(code, "log_used", "0")
    memory.store(code, "drawn_room", "%drawn_room")
    memory.store(code, "drawn_used", "0")
    bad = code.label("bad")
    place_of_fault = code.slot("i64")
    with code.count_up("0", "%rows") as row:
        theta = code.at("%parameters", "i8", code.let(f"mul i64 {row}, %wide"))
        code.store("ptr", theta, memory.cell(code, "parameters", 0))
        code.store("ptr", theta, memory.cell(code, "given_parameters", 0))
        with code.count_up("0", "%count") as order:
            index = code.let(f"add i64 {code.let(f'mul i64 {row}, %count')}, {order}")
            code.store("i64", index, place_of_fault)
            run = code.let(f"add i64 %first, {index}")
            code.do(f"call void @f_begin(ptr %ctx, i64 %seed, i64 {run})")
            code.do("call void @f_run(ptr %ctx, double %horizon, i64 %limit)")
            fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
            good = code.label("good")
            code.branch(fine, good, bad)
            code.begin(good)
            give_answers(shared, code, index)
    code.leave("-1")
    code.begin(bad)
    code.leave(code.load("i64", place_of_fault))
    code.finish()


def give_answers(shared: Emission, code: Function, index: str) -> None:
    """Write what the questions and the interventions of a run have come to."""
    memory, monitors = shared.memory, len(shared.model.monitors)
    row = code.let(f"mul i64 {index}, {monitors}")
    with code.count_up("0", str(monitors)) as monitor:
        at = code.let(f"add i64 {row}, {monitor}")
        for array, out, kind in (
            ("m_answer", "%values", "double"), ("m_waited", "%waited", "double"),
            ("m_given", "%given", "i8"),
        ):  # fmt: skip
            value = memory.load(code, array, monitor)
            code.store(kind, value, code.at(out, kind, at))
    count = len(shared.interventions)
    row = code.let(f"mul i64 {index}, {count}")
    for place in range(count):
        missed = code.let(f"xor i8 {memory.load(code, 'applied', place)}, 1")
        at = code.let(f"add i64 {row}, {place}")
        code.store("i8", missed, code.at("%vacuous", "i8", at))
    fired = memory.load(code, "fired")
    code.store("i64", fired, code.at("%events", "i64", index))
