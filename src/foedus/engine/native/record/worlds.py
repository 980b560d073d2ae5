"""Courses that agree with a record and their other worlds, one after the other, as instructions.

One program makes both: the first run of a course keeps its history, and each world after it reads
that history and makes the interventions that are chosen for it. A program may also begin with a
history that is put into its memory: another world of a course of another model.
"""

from __future__ import annotations

from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.monitors import Watch
from foedus.engine.native.driver import Text, begin_emission, finished_text, give_answers
from foedus.engine.native.ir import Function
from foedus.engine.native.place import Emission
from foedus.engine.native.record.driver import emit_course, take_particle
from foedus.engine.native.record.tables import TABLES
from foedus.jump.model import Intervention

ARGUMENTS = (
    ("ptr", "%ctx"), ("ptr", "%tables"), ("ptr", "%other_tables"), ("ptr", "%parameters"),
    ("i64", "%cells"), ("ptr", "%components"), ("ptr", "%noise"), ("ptr", "%switches"),
    ("i64", "%count"), ("double", "%horizon"), ("i64", "%limit"), ("ptr", "%chosen"),
    ("i64", "%first"), ("i64", "%worlds"), ("ptr", "%rows"), ("i64", "%room"), ("ptr", "%values"),
    ("ptr", "%waited"), ("ptr", "%given"), ("ptr", "%vacuous"), ("ptr", "%events"),
    ("ptr", "%samples"), ("ptr", "%log"), ("i64", "%log_room"), ("ptr", "%drawn"),
    ("i64", "%drawn_room"),
)  # fmt: skip
"""Of `@run_worlds`; the worlds made are those from the first to the last, the last excluded."""

HISTORY = ("rows_used", "first_row", "open_gap")
"""What of a history is in the memory of a run, beside its rows."""

FINE, CROWDED = -1, -2
"""What `@run_worlds` gives: all went well, or the room for rows is too small; else the number of
the run that went wrong."""


def emit_worlds(
    conditioned: Conditioned, interventions: tuple[Intervention, ...], watch: Watch | None
) -> Text:
    """The IR of a model with a record and with all interventions that a world may have."""
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    begun = begin_emission(conditioned.prepared, interventions, conditioned, keeps_history=True)
    emit_course(*begun, expressions, times)
    _emit_block(begun[0])
    return finished_text(begun[0], HISTORY)


def _emit_block(shared: Emission) -> None:
    """`@run_worlds`: some worlds for each particle, of which the one numbered 0 is as it was."""
    code = Function(shared.module, "@run_worlds", "i64", ARGUMENTS, "nounwind")
    memory = shared.memory
    for name in ("components", "samples", "log", "drawn", "rows"):
        code.store("ptr", f"%{name}", memory.cell(code, name, 0))
    for name, value in (
        ("log_room", "%log_room"), ("log_used", "0"), ("drawn_room", "%drawn_room"),
        ("drawn_used", "0"), ("rows_room", "%room"), ("horizon", "%horizon"),
    ):  # fmt: skip
        memory.store(code, name, value)
    run = code.slot("i64")
    code.store("i64", "0", run)
    bad, crowded = code.label("bad"), code.label("crowded")
    with code.count_up("0", "%count") as particle, code.count_up("%first", "%worlds") as world:
        _begin_world(shared, code, particle, world)
        good = code.label("good")
        _unless_faulty(shared, code, bad)
        code.do("call void @f_run(ptr %ctx, double %horizon, i64 %limit)")
        _unless_faulty(shared, code, bad)
        with code.when(code.let(f"icmp eq i64 {world}, 0")):
            used = memory.load(code, "rows_used")
            linked = code.label("linked")
            code.branch(code.let(f"icmp sgt i64 {used}, %room"), crowded, linked)
            code.begin(linked)
            code.do("call void @f_close_history(ptr %ctx)")
        code.begin(good)
        give_answers(shared, code, code.load("i64", run))
        code.store("i64", code.let(f"add i64 {code.load('i64', run)}, 1"), run)
    code.leave(str(FINE))
    code.begin(crowded)
    code.leave(str(CROWDED))
    code.begin(bad)
    code.leave(code.load("i64", run))
    code.finish()


def _unless_faulty(shared: Emission, code: Function, bad: str) -> None:
    fine = code.label("fine")
    code.branch(code.let(f"icmp eq i8 {shared.memory.load(code, 'fault')}, 0"), fine, bad)
    code.begin(fine)


def _begin_world(shared: Emission, code: Function, particle: str, world: str) -> None:
    """The state at 0 of a world of a particle; the first is as it was."""
    memory = shared.memory
    take_particle(shared, code, particle)
    is_other = code.let(f"icmp ne i64 {world}, 0")
    memory.store(code, "is_scripted", code.let(f"zext i1 {is_other} to i8"))
    tables = code.let(f"select i1 {is_other}, ptr %other_tables, ptr %tables")
    for number, name in enumerate(TABLES):
        address = code.load("ptr", code.at(tables, "ptr", str(number)))
        code.store("ptr", address, memory.cell(code, f"t_{name}", 0))
    if shared.interventions:
        row = code.let(f"mul i64 {world}, {len(shared.interventions)}")
        code.store("ptr", code.at("%chosen", "i8", row), memory.cell(code, "chosen", 0))
    code.do("call void @f_begin(ptr %ctx, i64 0, i64 0)")
