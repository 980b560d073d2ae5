"""The events of a run as they happen, put down where the caller has given room for them."""

from __future__ import annotations

from foedus.engine.native.ir import RARE, Function
from foedus.engine.native.place import Emission, Place

LOG_COLUMNS = 4
"""Time, act, instance, and whether it was forced."""


def log_event(place: Place, act: int, draws: int, is_forced: bool) -> None:
    """Note the event with so many draws, if the caller has given room for it."""
    code, memory = place.code, place.shared.memory
    room, used = memory.load(code, "log_room"), memory.load(code, "log_used")
    with code.when(code.let(f"icmp ult i64 {used}, {room}"), ", !prof !0"):
        values = f"i64 {act}, i64 %order, i64 {int(is_forced)}, i64 {draws}"
        code.do(f"call void @f_log(ptr %ctx, {values})")


def emit_log(shared: Emission) -> None:
    """`@f_log(ctx, act, order, forced, draws)`: the event that happens now, where there is room."""
    columns = "%act", "%order", "%forced"
    arguments = [("i64", name) for name in (*columns, "%draws")]
    code, memory = shared.function("@f_log", *arguments, attributes=RARE), shared.memory
    used = memory.load(code, "log_used")
    base = code.load("ptr", memory.cell(code, "log", 0))
    at = code.at(base, f"[{LOG_COLUMNS} x double]", used)
    code.store("double", memory.load(code, "time"), at)
    for column, value in enumerate(columns, start=1):
        shown = code.let(f"sitofp i64 {value} to double")
        code.store("double", shown, code.at(at, "double", str(column)))
    memory.store(code, "log_used", code.let(f"add i64 {used}, 1"))
    _log_draws(shared, code)
    code.finish()


def _log_draws(shared: Emission, code: Function) -> None:
    memory, used = shared.memory, shared.memory.load(code, "drawn_used")
    after = code.let(f"add i64 {used}, %draws")
    with code.when(code.let(f"icmp ule i64 {after}, {memory.load(code, 'drawn_room')}")):
        base = code.load("ptr", memory.cell(code, "drawn", 0))
        with code.count_up("0", "%draws") as index:
            at = code.at(base, "double", code.let(f"add i64 {used}, {index}"))
            code.store("double", memory.load(code, "draws", index), at)
    memory.store(code, "drawn_used", after)
