"""Runs under a record that stop and go on, their memories side by side, so that they can be copied.

A copy goes on from where its original stands; what is left on every clock with a rate is drawn anew
under words of its own, so that two copies part. An item that may happen now keeps its time.
"""

from __future__ import annotations

from foedus.engine.native.ir import Function
from foedus.engine.native.place import ZERO, Emission
from foedus.engine.native.record.tables import TABLES, record_of


def emit_paths(shared: Emission) -> None:
    """`@start_paths(...)` and `@advance_paths(...)`, for runs number 0 to `count`."""
    _emit_start(shared)
    _emit_advance(shared)
    rows = 2 * record_of(shared).rows
    given: tuple[tuple[str, str], ...] = (
        ("ptr", "%tables"), ("ptr", "%parameters"), ("ptr", "%components"), ("ptr", "%switches"),
        ("double", "%horizon"),
    )  # fmt: skip
    _for_each(shared, "@start_paths", "@f_start_path", rows, given)
    given = ("i1", "%renew"), ("double", "%until"), ("i64", "%limit")
    _for_each(shared, "@advance_paths", "@f_advance_path", rows, given)


def _for_each(
    shared: Emission, name: str, function: str, rows: int, given: tuple[tuple[str, str], ...]
) -> None:
    """A function of the memories (`stride` bytes apart) and the noise of so many runs."""
    own = ("ptr", "%memories"), ("i64", "%stride"), ("ptr", "%noise"), ("i64", "%count")
    code = Function(shared.module, name, "void", (*own, *given), "nounwind")
    shown = ", ".join(f"{kind} {argument}" for kind, argument in given)
    with code.count_up("0", "%count") as index:
        memory = code.at("%memories", "i8", code.let(f"mul i64 {index}, %stride"))
        words = code.at("%noise", "i64", code.let(f"mul i64 {index}, {rows}"))
        code.do(f"call void {function}(ptr {memory}, ptr {words}, {shown})")
    code.finish()


def _set_noise(shared: Emission, code: Function) -> None:
    first_item = str(2 * record_of(shared).first_item_row)
    code.store("ptr", "%words", shared.memory.cell(code, "noise", 0))
    items = code.at("%words", "i64", first_item)
    code.store("ptr", items, shared.memory.cell(code, "item_noise", 0))


def _emit_start(shared: Emission) -> None:
    code, memory = (
        shared.function(
            "@f_start_path", ("ptr", "%words"), ("ptr", "%tables"), ("ptr", "%parameters"),
            ("ptr", "%components"), ("ptr", "%switches"), ("double", "%horizon"),
        ),
        shared.memory,
    )  # fmt: skip
    for number, name in enumerate(TABLES):
        address = code.load("ptr", code.at("%tables", "ptr", str(number)))
        code.store("ptr", address, memory.cell(code, f"t_{name}", 0))
    for name in ("parameters", "components", "switches"):
        code.store("ptr", f"%{name}", memory.cell(code, name, 0))
    code.store("ptr", "%parameters", memory.cell(code, "given_parameters", 0))
    memory.store(code, "log_room", "0")
    memory.store(code, "log_used", "0")
    memory.store(code, "horizon", "%horizon")
    _set_noise(shared, code)
    code.do("call void @f_begin(ptr %ctx, i64 0, i64 0)")
    memory.store(code, "next_time", ZERO)
    code.finish()


def _emit_advance(shared: Emission) -> None:
    """Instants up to `until`, both included; then looks, and silence charged up to then."""
    code = shared.function(
        "@f_advance_path", ("ptr", "%words"), ("i1", "%renew"), ("double", "%until"),
        ("i64", "%limit"),
    )  # fmt: skip
    memory = shared.memory
    loop, go, following, after, end = (
        code.label(hint) for hint in ("instant", "go", "following", "after", "end")
    )
    with code.when("%renew"):
        _set_noise(shared, code)
        code.do("call void @f_redraw(ptr %ctx)")
        code.do("call void @f_next(ptr %ctx)")
    code.branch(code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0"), loop, end)
    code.begin(loop)
    now = memory.load(code, "next_time")
    code.branch(code.let(f"fcmp ole double {now}, %until"), go, after)
    code.begin(go)
    code.do(f"call void @f_moment(ptr %ctx, double {now}, i64 %limit)")
    code.branch(code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0"), following, end)
    code.begin(following)
    code.jump(loop)
    code.begin(after)
    code.do("call void @f_close(ptr %ctx, double %until)")
    code.begin(end)
    code.finish()
