"""The noise is keyed anew at some moments: the epochs of `conditioned/run`, as instructions."""

from __future__ import annotations

from math import inf

from foedus.engine.native.clockwork import UNDRAWN, change_hazard, instances_of
from foedus.engine.native.draws_ahead import forget_ahead
from foedus.engine.native.ir import Function
from foedus.engine.native.place import ZERO, Emission, Place
from foedus.engine.native.record.tables import is_scripted, record_of
from foedus.jump.model import EventKind, Rate


def emit_epochs(shared: Emission, first_of: tuple[int, ...]) -> None:
    """`@f_epochs(ctx)`: begin the epochs that are due."""
    code, memory = shared.function("@f_epochs"), shared.memory
    again, due, done = (code.label(hint) for hint in ("again", "due", "done"))
    code.begin(again)
    time = memory.load(code, "time")
    code.branch(code.let(f"fcmp ole double {next_epoch(shared, code)}, {time}"), due, done)
    code.begin(due)
    memory.store(code, "epoch", code.let(f"add i64 {memory.load(code, 'epoch')}, 1"))
    cell = memory.cell(code, "noise", 0)
    words = code.at(code.load("ptr", cell), "i64", str(2 * len(shared.model.kinds)))
    code.store("ptr", words, cell)
    code.do("call void @f_redraw(ptr %ctx)")
    code.jump(again)
    code.begin(done)
    code.finish()


def emit_redraw(shared: Emission, first_of: tuple[int, ...]) -> None:
    """`@f_redraw(ctx)`: what is left on every clock with a rate is drawn anew, as keyed now.

    In another world, not those of which the record tells: their gaps are those of the history.
    """
    code, told = shared.function("@f_redraw"), record_of(shared).grouping.by_kind
    for number, (kind, first) in enumerate(zip(shared.model.kinds, first_of, strict=True)):
        if not isinstance(kind.timing, Rate):
            continue
        if shared.keeps_history and number in told:
            with code.when(code.let(f"xor i1 {is_scripted(shared, code)}, true")):
                _redraw(shared, code, kind, first)
        else:
            _redraw(shared, code, kind, first)
    code.finish()


def _redraw(shared: Emission, code: Function, kind: EventKind, first: int) -> None:
    memory = shared.memory
    with code.count_up("0", str(instances_of(kind))) as order:
        instance = code.let(f"add i64 {order}, {first}")
        hazard = memory.load(code, "hazard", instance)
        memory.store(code, "hazard", ZERO, instance)
        memory.store(code, "inner", UNDRAWN, instance)
        forget_ahead(shared, code, instance)
        with code.when(code.let(f"fcmp ogt double {hazard}, {ZERO}")):
            change_hazard(Place(shared, code), kind, instance, hazard, order)


def next_epoch(shared: Emission, code: Function) -> str:
    """When the next epoch begins; never after the last."""
    times = [*record_of(shared).epochs, inf, inf]
    return code.lookup("double", times, shared.memory.load(code, "epoch"))
