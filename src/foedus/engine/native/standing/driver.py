"""Runs that go on from row to row, one after the other.

A copy goes on from where its original stands; what is left on every clock with a rate is drawn anew
under words of its own, so that two copies part. An item that may happen now keeps its time.
"""

from __future__ import annotations

from foedus.engine.native.ir import NEVER, Function
from foedus.engine.native.memory import ALIGNMENT
from foedus.engine.native.place import ZERO, Emission
from foedus.engine.native.record.tables import TABLES, record_of

POINTERS = ("tables", "parameters", "components", "switches")


def add_noise(shared: Emission) -> None:
    """Room for the words of every kind and item; a run that stands has one pair for them all."""
    shared.memory.add("own_noise", "i64", 2 * record_of(shared).rows)


def emit_paths(shared: Emission, stride: int) -> None:
    """`@ready_memory`, `@start_rows` and `@advance_rows`; rows are `stride` bytes apart."""
    _emit_ready(shared)
    _emit_noise(shared)
    _emit_go_on(shared)
    _emit_advance(shared)
    _emit_start_rows(shared, stride)
    _emit_advance_rows(shared, stride)


def row_at(code: Function, rows: str, index: str, stride: int) -> str:
    """The address of a row."""
    return code.at(rows, f"[{stride} x i8]", index)


def fetch_next(code: Function, rows: str, chosen: str, index: str, count: str, stride: int) -> None:
    """Fetch from memory the row that is taken after the one at `index`, if there is one."""
    following = code.let(f"add i64 {index}, 1")
    is_last = code.let(f"icmp sge i64 {following}, {count}")
    at = code.let(f"select i1 {is_last}, i64 {index}, i64 {following}")
    row = row_at(code, rows, code.load("i64", code.at(chosen, "i64", at)), stride)
    for line in range(0, stride, ALIGNMENT):
        code.fetch(code.at(row, "i8", str(line)), writes=False)


def go_on(shared: Emission, code: Function, row: str, words: str, renew: str) -> None:
    """Let a run go on in `%ctx`, on clocks drawn anew where `renew`."""
    code.do(f"call void @f_take(ptr %ctx, ptr {row})")
    code.do(f"call void @f_go_on(ptr %ctx, ptr {words}, i1 {renew})")


def _emit_ready(shared: Emission) -> None:
    """`@ready_memory(ctx, tables, parameters, components, switches, horizon)`: once for all runs
    that will be in it."""
    given = *(("ptr", f"%{name}") for name in POINTERS), ("double", "%horizon")
    code = Function(shared.module, "@ready_memory", "void", (("ptr", "%ctx"), *given), "nounwind")
    memory = shared.memory
    for number, name in enumerate(TABLES):
        address = code.load("ptr", code.at("%tables", "ptr", str(number)))
        code.store("ptr", address, memory.cell(code, f"t_{name}", 0))
    for name in POINTERS[1:]:
        code.store("ptr", f"%{name}", memory.cell(code, name, 0))
    code.store("ptr", "%parameters", memory.cell(code, "given_parameters", 0))
    memory.store(code, "horizon", "%horizon")
    memory.store(code, "log_room", "0")
    memory.store(code, "log_used", "0")
    memory.fill(code, "ring", NEVER)
    of_items, of_members = record_of(shared).first_item_row, record_of(shared).first_member_row
    for name, first in (("noise", 0), ("item_noise", of_items), ("member_noise", of_members)):
        code.store("ptr", memory.cell(code, "own_noise", 2 * first), memory.cell(code, name, 0))
    memory.fill(code, "own_noise", "0")
    code.finish()


def _emit_noise(shared: Emission) -> None:
    """`@f_set_noise(ctx, words)`: all noise of a run is keyed by two words.

    Those of members are left at 0.
    """
    code, memory = shared.function("@f_set_noise", ("ptr", "%words")), shared.memory
    words = [code.load("i64", code.at("%words", "i64", place)) for place in ("0", "1")]
    with code.count_up("0", str(record_of(shared).first_member_row)) as row:
        first = code.let(f"mul i64 {row}, 2")
        memory.store(code, "own_noise", words[0], first)
        memory.store(code, "own_noise", words[1], code.let(f"add i64 {first}, 1"))
    for place, word in enumerate(words):
        memory.store(code, "keys", word, place)
    code.finish()


def _emit_go_on(shared: Emission) -> None:
    """`@f_go_on(ctx, words, renew)`: a run that has been taken goes on under two words."""
    code = shared.function("@f_go_on", ("ptr", "%words"), ("i1", "%renew"))
    code.do("call void @f_set_noise(ptr %ctx, ptr %words)")
    alive = code.let(f"icmp eq i8 {shared.memory.load(code, 'fault')}, 0")
    with code.when(code.let(f"and i1 {alive}, %renew")):
        code.do("call void @f_redraw(ptr %ctx)")
        code.do("call void @f_next(ptr %ctx)")
    code.finish()


def _emit_advance(shared: Emission) -> None:
    """`@f_advance(ctx, until, limit)`: instants up to `until`, both included; then looks, and
    silence charged up to then."""
    code = shared.function("@f_advance", ("double", "%until"), ("i64", "%limit"))
    memory = shared.memory
    loop, go, test, after, end = (
        code.label(hint) for hint in ("instant", "go", "test", "after", "end")
    )
    code.begin(test)
    code.branch(code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0"), loop, end)
    code.begin(loop)
    now = memory.load(code, "next_time")
    code.branch(code.let(f"fcmp ole double {now}, %until"), go, after)
    code.begin(go)
    code.do(f"call void @f_moment(ptr %ctx, double {now}, i64 %limit)")
    code.jump(test)
    code.begin(after)
    code.do("call void @f_close(ptr %ctx, double %until)")
    code.begin(end)
    code.finish()


def _emit_start_rows(shared: Emission, stride: int) -> None:
    """`@start_rows(ctx, rows, words, count)`: runs before their first instant."""
    given = ("ptr", "%ctx"), ("ptr", "%rows"), ("ptr", "%words"), ("i64", "%count")
    code = Function(shared.module, "@start_rows", "void", given, "nounwind")
    with code.count_up("0", "%count") as index:
        words = row_at(code, "%words", index, 16)
        code.do(f"call void @f_set_noise(ptr %ctx, ptr {words})")
        code.do("call void @f_begin(ptr %ctx, i64 0, i64 0)")
        shared.memory.store(code, "next_time", ZERO)
        code.do(f"call void @f_leave(ptr %ctx, ptr {row_at(code, '%rows', index, stride)})")
    code.finish()


def _emit_advance_rows(shared: Emission, stride: int) -> None:
    """`@advance_rows(ctx, from, to, chosen, words, count, renew, until, limit)`: the rows `to` from
    the chosen ones of `from`."""
    given = (
        ("ptr", "%ctx"), ("ptr", "%from"), ("ptr", "%to"), ("ptr", "%chosen"), ("ptr", "%words"),
        ("i64", "%count"), ("i1", "%renew"), ("double", "%until"), ("i64", "%limit"),
    )  # fmt: skip
    code = Function(shared.module, "@advance_rows", "void", given, "nounwind")
    with code.count_up("0", "%count") as index:
        parent = code.load("i64", code.at("%chosen", "i64", index))
        row, words = row_at(code, "%from", parent, stride), row_at(code, "%words", index, 16)
        fetch_next(code, "%from", "%chosen", index, "%count", stride)
        go_on(shared, code, row, words, "%renew")
        code.do("call void @f_advance(ptr %ctx, double %until, i64 %limit)")
        code.do(f"call void @f_leave(ptr %ctx, ptr {row_at(code, '%to', index, stride)})")
    code.finish()
