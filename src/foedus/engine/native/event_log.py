"""The events of a run as they happen, put down where the caller has given room for them."""

from __future__ import annotations

from foedus.engine.native.place import Place

LOG_COLUMNS = 4
"""Time, act, instance, and whether it was forced."""


def log_event(place: Place, act: int, draws: int, is_forced: bool) -> None:
    """Note the event, if the caller has given room for it: time, act, instance, whether it was
    forced; and its draws."""
    code, memory = place.code, place.shared.memory
    room, used = memory.load(code, "log_room"), memory.load(code, "log_used")
    with code.when(code.let(f"icmp ult i64 {used}, {room}"), ", !prof !0"):
        base = code.load("ptr", memory.cell(code, "log", 0))
        at = code.at(base, f"[{LOG_COLUMNS} x double]", used)
        code.store("double", memory.load(code, "time"), at)
        for column, value in ((1, str(act)), (2, "%order"), (3, str(int(is_forced)))):
            shown = code.let(f"sitofp i64 {value} to double")
            code.store("double", shown, code.at(at, "double", str(column)))
        memory.store(code, "log_used", code.let(f"add i64 {used}, 1"))
        if draws:
            _log_draws(place, draws)


def _log_draws(place: Place, draws: int) -> None:
    code, memory = place.code, place.shared.memory
    used = memory.load(code, "drawn_used")
    after = code.let(f"add i64 {used}, {draws}")
    with code.when(code.let(f"icmp ule i64 {after}, {memory.load(code, 'drawn_room')}")):
        base = code.load("ptr", memory.cell(code, "drawn", 0))
        with code.count_up("0", str(draws)) as index:
            at = code.at(base, "double", code.let(f"add i64 {used}, {index}"))
            code.store("double", memory.load(code, "draws", index), at)
    memory.store(code, "drawn_used", after)
