"""Keeping the history of a run, as instructions: `conditioned/history`."""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.layout import labels_at, places
from foedus.engine.native.clockwork import NOTHING, UNDRAWN, at_instance, instances_of, keys_of
from foedus.engine.native.ir import signed
from foedus.engine.native.place import ZERO, Emission
from foedus.engine.native.record.holding import option_utilities
from foedus.engine.native.record.rows import (
    FRESH,
    OPEN,
    address_of,
    load_cell,
    rows_of,
    store_cell,
)
from foedus.engine.native.record.tables import is_held, is_scripted, record_of
from foedus.jump.model import EventKind


def emit_history(shared: Emission, first_of: tuple[int, ...]) -> None:
    """All that keeps a history, or takes from it what comes next."""
    _emit_note_ring(shared)
    _emit_end_gap(shared)
    _emit_note_choice(shared)
    for number in record_of(shared).grouping.by_kind:
        kind = shared.model.kinds[number]
        if kind.options:
            code = shared.function(f"@f_utilities{number}", ("i64", "%order"))
            option_utilities(at_instance(shared, code, kind, "%order"), kind, "%order", "utilities")
            code.finish()
    _emit_close_gap(shared)
    _emit_close(shared, first_of)


def _emit_note_ring(shared: Emission) -> None:
    """`@f_note_ring(ctx, instance)`: keep a firing that happens now; `row` is where it stands."""
    code, memory = shared.function("@f_note_ring", ("i64", "%i")), shared.memory
    rows = rows_of(record_of(shared))
    used, room = memory.load(code, "rows_used"), memory.load(code, "rows_room")
    memory.store(code, "rows_used", code.let(f"add i64 {used}, 1"))
    last = code.let(f"sub i64 {room}, 1")
    fits = code.let(f"icmp slt i64 {used}, {last}")
    # Beyond the room the last row is written over; the caller sees how many there would be.
    row = address_of(memory, code, code.let(f"select i1 {fits}, i64 {used}, i64 {last}"), rows)
    code.store("ptr", row, memory.cell(code, "row", 0))
    time, passed = memory.load(code, "time"), memory.load(code, "g_used", "%i")
    moved, whole = (memory.load(code, name, "%i") for name in ("g_moved", "g_whole"))
    more = code.let(f"fmul double {whole}, {code.let(f'fsub double {time}, {moved}')}")
    gap = code.let(f"fadd double {passed}, {more}")
    found = {
        "instance": "%i", "next": OPEN, "taken": "-1", "time": time, "gap": gap, "used": passed,
        "moved": moved, "whole": whole,
    }  # fmt: skip
    for name, value in found.items():
        store_cell(code, row, name, value)
    for place in range(rows.measured, rows.width):
        code.store("double", NOTHING, code.at(row, "double", str(place)))
    code.finish()


def _emit_end_gap(shared: Emission) -> None:
    """`@f_end_gap(ctx, instance)`: a clock has rung; the row of the history that says so, or null.

    Outside another world the firing is kept.
    """
    code, memory = shared.function("@f_end_gap", ("i64", "%i"), result="ptr"), shared.memory
    row = code.slot("ptr")
    code.store("ptr", "null", row)
    reading, keeping, known, unknown, after = (
        code.label(hint) for hint in ("reading", "keeping", "known", "unknown", "after")
    )
    code.branch(is_scripted(shared, code), reading, keeping)
    code.begin(keeping)
    code.do("call void @f_note_ring(ptr %ctx, i64 %i)")
    code.jump(after)
    code.begin(reading)
    number = memory.load(code, "next_row", "%i")
    code.branch(code.let(f"icmp sge i64 {number}, 0"), known, unknown)
    code.begin(known)
    found = address_of(memory, code, number, rows_of(record_of(shared)))
    memory.store(code, "next_row", load_cell(code, found, "next"), "%i")
    code.store("ptr", found, row)
    code.jump(after)
    code.begin(unknown)
    memory.store(code, "next_row", FRESH, "%i")
    code.begin(after)
    memory.store(code, "g_used", ZERO, "%i")
    memory.store(code, "g_moved", memory.load(code, "time"), "%i")
    code.leave(code.load("ptr", row))
    code.finish()


def _emit_note_choice(shared: Emission) -> None:
    """`@f_note_choice(ctx, taken, count)`: keep what was taken of so many options, `utilities`."""
    code = shared.function("@f_note_choice", ("i64", "%taken"), ("i64", "%count"))
    memory, first = shared.memory, rows_of(record_of(shared)).utilities
    row = code.load("ptr", memory.cell(code, "row", 0))
    store_cell(code, row, "taken", "%taken")
    with code.count_up("0", "%count") as place:
        at = code.at(row, "double", code.let(f"add i64 {place}, {first}"))
        code.store("double", memory.load(code, "utilities", place), at)
    code.finish()


def _emit_close_gap(shared: Emission) -> None:
    """`@f_close_gap(ctx, instance, held, words, key, open)`: how long the open gap is at the end.

    `key` is that of the clock, `open` that of what is left where the record holds a part of it.
    """
    arguments = (
        ("i64", "%i"), ("i1", "%held"), ("ptr", "%words"), ("i64", "%key"), ("i64", "%open"),
    )  # fmt: skip
    code, memory = shared.function("@f_close_gap", *arguments), shared.memory
    time, used = memory.load(code, "time"), memory.load(code, "g_used", "%i")
    since = code.let(f"fsub double {time}, {memory.load(code, 'g_moved', '%i')}")
    more = code.let(f"fmul double {memory.load(code, 'g_whole', '%i')}, {since}")
    passed = code.let(f"fadd double {used}, {more}")
    inner, hazard = (memory.load(code, name, "%i") for name in ("inner", "hazard"))
    undrawn = code.let(f"fcmp oeq double {inner}, {UNDRAWN}")

    def fresh() -> str:
        key = code.let("select i1 %held, i64 %open, i64 %key")
        number = memory.load(code, "number", "%i")
        return code.let(f"call double @f_unit(ptr %ctx, ptr %words, i64 {key}, i64 {number})")

    def left() -> str:
        since = code.let(f"fsub double {time}, {memory.load(code, 'changed', '%i')}")
        rest = code.let(f"fsub double {inner}, {code.let(f'fmul double {hazard}, {since}')}")
        some = code.let(f"fcmp ogt double {rest}, {ZERO}")
        rest = code.let(f"select i1 {some}, double {rest}, double {ZERO}")
        runs = code.let(f"fcmp ogt double {hazard}, {ZERO}")
        return code.let(f"select i1 {runs}, double {rest}, double {inner}")

    rest = code.choose("double", code.let(f"or i1 %held, {undrawn}"), fresh, left)
    memory.store(code, "open_gap", code.let(f"fadd double {passed}, {rest}"), "%i")
    code.finish()


def _emit_close(shared: Emission, first_of: tuple[int, ...]) -> None:
    """`@f_close_history(ctx)`: at the end of a run, its open gaps, and the rows linked."""
    code, memory = shared.function("@f_close_history"), shared.memory
    for number, tracked in record_of(shared).grouping.by_kind.items():
        kind = shared.model.kinds[number]
        with code.count_up("0", str(instances_of(kind))) as order:
            instance = code.let(f"add i64 {order}, {first_of[number]}")
            held = is_held(shared, code, tracked, order)
            words = shared.words(code, number)
            key = code.lookup("i64", keys_of(shared, kind, "clock"), order)
            rest = code.lookup("i64", _open_keys(kind), order)
            given = f"i64 {instance}, i1 {held}, ptr {words}, i64 {key}, i64 {rest}"
            code.do(f"call void @f_close_gap(ptr %ctx, {given})")
    memory.fill(code, "first_row", OPEN)
    used = memory.load(code, "rows_used")
    with code.count_up("0", used) as back:
        at = code.let(f"sub i64 {code.let(f'sub i64 {used}, 1')}, {back}")
        row = address_of(memory, code, at, rows_of(record_of(shared)))
        instance = load_cell(code, row, "instance")
        store_cell(code, row, "next", memory.load(code, "first_row", instance))
        memory.store(code, "first_row", at, instance)
    code.finish()


def _open_keys(kind: EventKind) -> list[int]:
    return [
        signed(clocks.label_key(kind.name, labels_at(kind.groups, place), "open gap"))
        for place in places(kind.groups)
    ]
