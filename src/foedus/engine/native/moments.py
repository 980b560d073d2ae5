"""One moment of a run, as instructions: what is seen before it, its instant, and what is next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foedus.engine.native.calendar import Timed, call_calendar, first_due, pass_idle
from foedus.engine.native.clock_changes import fault_if_run_away
from foedus.engine.native.ir import INLINED, Function
from foedus.engine.native.observers import look_at_stale, note_stale
from foedus.engine.native.place import Emission
from foedus.engine.prepare import TICK

OnTime = tuple[tuple[int, ...], tuple[int, ...]]
"""Kinds and questions that read the time, by number."""


def emit_moment(
    shared: Emission, sources: list[Timed], on_time: OnTime, observe: Callable[[Function], None],
    begins: Sequence[str] = (),
) -> None:  # fmt: skip
    """`@f_moment(ctx, now, limit)`: one moment. `observe` sees what lies before `%now`; `begins`
    are functions that are called as soon as it is now."""
    arguments = ("double", "%now"), ("i64", "%limit")
    code = shared.function("@f_moment", *arguments, attributes=INLINED)
    memory = shared.memory
    observe(code)
    memory.store(code, "time", "%now")
    memory.store(code, "at_once", "0")
    for name in begins:
        code.do(f"call void {name}(ptr %ctx)")
    for kind in on_time[0]:
        code.do(f"call void @f_refresh_all{kind}(ptr %ctx)")
    note_stale(shared, code, on_time[1])
    if sources:
        call_calendar(shared, code, "false")
    code.do("call void @f_instant(ptr %ctx)")
    if _waits(shared):
        _await(code)
    if any(source.phase == TICK for source in sources):
        call_calendar(shared, code, "true")
    look_at_stale(shared, code)
    fault_if_run_away(shared, code)
    code.do("call void @f_next(ptr %ctx)")
    code.finish()


def _waits(shared: Emission) -> bool:
    """Whether some intervention waits for its condition."""
    return any(one.condition is not None for one in shared.interventions)


def _await(code: Function) -> None:
    """Interventions whose condition holds, one at a time, with all that follows from each."""
    test, made, none = code.label("await"), code.label("made"), code.label("none")
    code.begin(test)
    code.branch(code.let("call i1 @f_intervene(ptr %ctx)"), made, none)
    code.begin(made)
    code.do("call void @f_instant(ptr %ctx)")
    code.jump(test)
    code.begin(none)


def emit_next(
    shared: Emission, sources: list[Timed], on_time: OnTime,
    others: Callable[[Function], list[str]] = lambda code: [],
) -> None:  # fmt: skip
    """`@f_next(ctx)`: when the next instant is; `others` gives more times at which there is one."""
    code, memory = shared.function("@f_next", attributes=INLINED), shared.memory
    code.do("call void @f_first_ring(ptr %ctx)")
    ahead = others(code)
    if not any(on_time) and not _waits(shared):
        pass_idle(shared, code, sources, ahead)
    first = memory.load(code, "next_ring")
    for due in (first_due(shared, code, sources), *ahead):
        less = code.let(f"fcmp olt double {due}, {first}")
        first = code.let(f"select i1 {less}, double {due}, double {first}")
    memory.store(code, "next_time", first)
    code.finish()
