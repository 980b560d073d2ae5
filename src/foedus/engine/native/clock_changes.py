"""How often clocks change, counted where there are very many of them: see `runaway`."""

from __future__ import annotations

from foedus.engine.native.ir import Function
from foedus.engine.native.place import Emission, Place
from foedus.engine.native.vector.lanes import Lanes
from foedus.engine.runaway import CHANGES_PER_EVENT


def count_clock_changes(shared: Emission, code: Function, number: str = "1") -> None:
    """So many clocks change."""
    if "clock_changes" in shared.memory.arrays:
        before = shared.memory.load(code, "clock_changes")
        shared.memory.store(code, "clock_changes", code.let(f"add i64 {before}, {number}"))


def count_clock_changes_in(shared: Emission, lanes: Lanes, are_changed: str) -> None:
    """The clocks in some lanes change."""
    if "clock_changes" in shared.memory.arrays:
        number = lanes.let(f"call i64 @llvm.ctpop.i64(i64 {lanes.bits(are_changed)})")
        count_clock_changes(shared, lanes.code, number)


def fault_if_run_away(shared: Emission, code: Function) -> None:
    """A fault where `runaway.has_run_away`, by `%limit`."""
    memory, place = shared.memory, Place(shared, code)
    place.fault_unless(code.let(f"icmp sle i64 {memory.load(code, 'fired')}, %limit"))
    if "clock_changes" in memory.arrays:
        most = code.let(f"mul i64 %limit, {CHANGES_PER_EVENT}")
        place.fault_unless(code.let(f"icmp sle i64 {memory.load(code, 'clock_changes')}, {most}"))
