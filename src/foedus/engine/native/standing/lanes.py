"""Runs that go on from row to row, many side by side in the lanes of wide vectors.

The same runs as one after the other, bit for bit. While the record holds nothing of a clock that
reads what frequent events change, all that it asks is to be looked at in time.
"""

from __future__ import annotations

from foedus.engine.native.ir import Function
from foedus.engine.native.place import Emission
from foedus.engine.native.record.looks import next_look
from foedus.engine.native.record.tables import record_of
from foedus.engine.native.standing.driver import fetch_next, go_on, row_at
from foedus.engine.native.vector.driver import Turns, emit_turns
from foedus.engine.native.vector.plan import Plan, make_plan
from foedus.engine.native.vector.structure import Structure, find_structure, is_worth_it

POINTERS = ("from", "to", "chosen", "words")
NUMBERS = ("renew",)
"""What a job holds beside what every job does."""


def structure_of(shared: Emission) -> Structure | None:
    """What of a model with a record can be done in lanes; None where it is too little."""
    conditioned, kinds = record_of(shared), shared.model.kinds
    held = frozenset(kinds[number].name for number in conditioned.grouping.by_kind)
    structure = find_structure(conditioned.prepared, held=held)
    return structure if is_worth_it(structure, conditioned.prepared) else None


def emit_lanes(shared: Emission, structure: Structure, width: int, stride: int) -> Plan:
    """`@run_lanes`: all rows of a job; rows are `stride` bytes apart."""
    prepared = record_of(shared).prepared
    plan = make_plan(shared, prepared, structure, width, (*POINTERS, *NUMBERS))

    def address(code: Function, name: str) -> str:
        return code.let(f"inttoptr i64 {plan.job.load(code, name)} to ptr")

    def take(plan: Plan, code: Function, index: str) -> None:
        rows, chosen = address(code, "from"), address(code, "chosen")
        row = row_at(code, rows, code.load("i64", code.at(chosen, "i64", index)), stride)
        fetch_next(code, rows, chosen, index, plan.job.load(code, "count"), stride)
        words = row_at(code, address(code, "words"), index, 16)
        renew = code.let(f"icmp ne i64 {plan.job.load(code, 'renew')}, 0")
        go_on(plan.shared, code, row, words, renew)

    def give(plan: Plan, code: Function, index: str) -> None:
        row = row_at(code, address(code, "to"), index, stride)
        code.do(f"call void @f_leave(ptr %ctx, ptr {row})")

    emit_turns(plan, [], Turns(take, give), lambda code: [next_look(shared, code)])
    return plan
