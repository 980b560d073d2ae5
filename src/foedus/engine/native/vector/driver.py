"""The lane program: runs are put into lanes, step together, and are replaced when they end."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.engine.native.driver import Text, emit_parts, finished_text, give_answers
from foedus.engine.native.expressions import ZERO, Emission
from foedus.engine.native.ir import Function
from foedus.engine.native.memory import Memory
from foedus.engine.native.vector.plan import Plan, make_plan
from foedus.engine.native.vector.step import emit_steps
from foedus.engine.native.vector.structure import Structure
from foedus.engine.native.vector.transfer import emit_transfers
from foedus.engine.prepare import Prepared
from foedus.expr.tree import Expression
from foedus.jump.model import Intervention


@dataclass(frozen=True, slots=True)
class LaneText:
    """The text of a lane program; `scalar` is that of the whole module.

    `job` and `lanes` say where a call's numbers and the lanes' values lie.
    """

    scalar: Text
    job: Memory
    lanes: Memory
    width: int


def emit_lanes(
    prepared: Prepared,
    structure: Structure,
    width: int,
    watched: tuple[Expression, ...] = (),
    times: tuple[float, ...] = (),
    interventions: tuple[Intervention, ...] = (),
) -> LaneText:
    """The IR of a model for `width` lanes. `@run_block` is in it as well.

    Raises `ClockCollision` if two labels would share their noise.
    """
    shared, stops = emit_parts(prepared, watched, times, interventions)
    plan = make_plan(shared, prepared, structure, width)
    emit_steps(plan)
    emit_transfers(plan, stops)
    _emit_answers(shared)
    _emit_start(plan)
    _emit_rare(plan)
    _emit_run(plan)
    return LaneText(finished_text(shared), plan.job, plan.memory, width)


def _emit_answers(shared: Emission) -> None:
    """`@f_answers(ctx, index, ...)`: write what a run has come to."""
    names = ("values", "waited", "given", "events", "vacuous")
    code = shared.function(
        "@f_answers", ("i64", "%index"), *(("ptr", f"%{name}") for name in names)
    )
    give_answers(shared, code, "%index")
    code.finish()


def _emit_start(plan: Plan) -> None:
    """`@f_start(job, lanes, ctx, lane)`: give the lane its next run, past its first instant.

    Runs that are over by then are finished at once; where none is left, the lane is no longer
    alive.
    """
    code = plan.function("@f_start", ("ptr", "%ctx"), ("i64", "%lane"))
    job, memory = plan.job, plan.shared.memory
    following, begin, none, end = (
        code.label(hint) for hint in ("following", "begin", "none", "end")
    )
    code.begin(following)
    index = job.load(code, "next")
    code.branch(code.let(f"icmp slt i64 {index}, {job.load(code, 'count')}"), begin, none)
    code.begin(none)
    bit = code.let("shl i64 1, %lane")
    others = code.let(f"xor i64 {bit}, -1")
    left = code.let(f"and i64 {job.load(code, 'alive')}, {others}")
    job.store(code, "alive", left)
    code.leave()
    code.begin(begin)
    job.store(code, "next", code.let(f"add i64 {index}, 1"))
    plan.memory.store(code, "run", index, "%lane")
    _hand_out(plan, code, index)
    for place, instance in enumerate(plan.structure.frequent):
        plan.memory.store(code, f"drawn{place}", "-1", "%lane")
        memory.store(code, "number", "0", instance.number)
    run = code.let(f"add i64 {job.load(code, 'first')}, {index}")
    code.do(f"call void @f_begin(ptr %ctx, i64 {job.load(code, 'seed')}, i64 {run})")
    limit = job.load(code, "limit")
    code.do(f"call void @f_moment(ptr %ctx, double {ZERO}, i64 {limit})")
    _go_on(plan, code, following, end)
    code.begin(end)
    code.finish()


def _hand_out(plan: Plan, code: Function, index: str) -> None:
    """Tell a run its parameters, and where its samples go."""
    job, memory = plan.job, plan.shared.memory
    outer = code.let(f"udiv i64 {index}, {job.load(code, 'inner')}")
    row = code.let(f"mul i64 {outer}, {job.load(code, 'stride')}")
    parameters = code.let(f"add i64 {job.load(code, 'parameters')}, {row}")
    sampled = code.let(f"mul i64 {index}, {job.load(code, 'sampled')}")
    samples = code.let(f"add i64 {job.load(code, 'samples')}, {sampled}")
    memory.store(code, "parameters", parameters)
    memory.store(code, "given_parameters", parameters)
    memory.store(code, "components", job.load(code, "components"))
    memory.store(code, "samples", samples)
    memory.store(code, "log_room", "0")
    memory.store(code, "log_used", "0")


def _go_on(plan: Plan, code: Function, ended: str, going: str) -> None:
    """After an instant: note a fault, finish a run that is over, put any other into its lane."""
    job, memory = plan.job, plan.shared.memory
    good, over, on, bad = (code.label(hint) for hint in ("good", "over", "on", "bad"))
    fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
    code.branch(fine, good, bad)
    code.begin(good)
    horizon = job.load(code, "horizon")
    inside = code.let(f"fcmp ole double {memory.load(code, 'next_time')}, {horizon}")
    code.branch(inside, on, over)
    code.begin(over)
    code.do(f"call void @f_close(ptr %ctx, double {horizon})")
    closed = code.label("closed")
    code.branch(code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0"), closed, bad)
    code.begin(closed)
    pointers = [
        code.let(f"inttoptr i64 {job.load(code, name)} to ptr")
        for name in ("values", "waited", "given", "events", "vacuous")
    ]
    shown = ", ".join(f"ptr {pointer}" for pointer in pointers)
    index = plan.memory.load(code, "run", "%lane")
    code.do(f"call void @f_answers(ptr %ctx, i64 {index}, {shown})")
    code.jump(ended)
    code.begin(bad)
    job.store(code, "fault", "1")
    job.store(code, "alive", "0")
    code.leave()
    code.begin(on)
    code.do("call void @f_load(ptr %job, ptr %lanes, ptr %ctx, i64 %lane)")
    code.jump(going)


def _emit_rare(plan: Plan) -> None:
    """`@f_rare(job, lanes, ctx, lane)`: one whole instant of one run by the scalar code."""
    code = plan.function(
        "@f_rare", ("ptr", "%ctx"), ("i64", "%lane"), attributes="nounwind noinline cold"
    )
    job, memory = plan.job, plan.shared.memory
    job.store(code, "rare", code.let(f"add i64 {job.load(code, 'rare')}, 1"))
    code.do("call void @f_save(ptr %job, ptr %lanes, ptr %ctx, i64 %lane)")
    code.do("call void @f_next(ptr %ctx)")
    now = memory.load(code, "next_time")
    inside = code.let(f"fcmp ole double {now}, {job.load(code, 'horizon')}")
    with code.when(inside):
        limit = job.load(code, "limit")
        code.do(f"call void @f_moment(ptr %ctx, double {now}, i64 {limit})")
    ended, going = code.label("ended"), code.label("going")
    _go_on(plan, code, ended, going)
    code.begin(ended)
    code.do("call void @f_start(ptr %job, ptr %lanes, ptr %ctx, i64 %lane)")
    code.begin(going)
    code.finish()


def _emit_run(plan: Plan) -> None:
    """`@run_lanes(job, lanes, contexts)`: all runs of a job; faults are noted in it."""
    arguments = ("ptr", "%job"), ("ptr", "%lanes"), ("ptr", "%contexts")
    code = Function(plan.shared.module, "@run_lanes", "void", arguments, "nounwind")
    plan.job.store(code, "alive", str((1 << plan.width) - 1))
    with code.count_up("0", str(plan.width)) as lane:
        offset = code.let(f"mul i64 {lane}, {plan.shared.memory.size}")
        context = code.at("%contexts", "i8", offset)
        going = code.let(f"icmp eq i64 {plan.job.load(code, 'fault')}, 0")
        with code.when(going):
            code.do(f"call void @f_start(ptr %job, ptr %lanes, ptr {context}, i64 {lane})")
    alive = plan.job.load(code, "alive")
    with code.when(code.let(f"icmp ne i64 {alive}, 0")):
        code.do("call void @f_steps(ptr %job, ptr %lanes, ptr %contexts)")
    code.finish()
