"""The lane program: runs are put into lanes, step together, and are replaced when they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from foedus.frozen import dataclass
from foedus.jump.model import Intervention

POINTERS = (
    "parameters", "components", "values", "waited", "given", "samples", "events", "vacuous",
)  # fmt: skip
"""What the caller of a lane program gives beside numbers; a job holds both as words."""

NUMBERS = ("seed", "first", "inner", "stride", "sampled")

MOST_RARE = 0.1
"""Rare events per frequent one above which the lanes are given up."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How runs come into the lanes and go out of them: what differs from one program to another.

    `take` lets the run of a number stand in `%ctx`, past all that is due where it begins; `give`
    hands it back, closed or with a fault.
    """

    take: Callable[[Plan, Function, str], None]
    give: Callable[[Plan, Function, str], None]


@dataclass(frozen=True, slots=True)
class LaneText:
    """The text of a lane program; `scalar` is that of the whole module.

    `job` and `lanes` say where a call's numbers and the lanes' values lie.
    """

    scalar: Text
    job: Memory
    lanes: Memory
    width: int


def is_slow(seen: Mapping[str, int], width: int) -> bool:
    """Whether so many `steps` have had too many `rare` events, so that lanes do not pay."""
    return seen["rare"] > 1000 + MOST_RARE * width * seen["steps"]


def emit_lanes(
    prepared: Prepared,
    structure: Structure,
    width: int,
    watched: tuple[Expression, ...] = (),
    times: tuple[float, ...] = (),
    interventions: tuple[Intervention, ...] = (),
    *,
    has_block: bool = False,
) -> LaneText:
    """The IR of a model for `width` lanes. With `has_block`, `@run_block` is in it as well.

    Raises `ClockCollision` if two labels would share their noise.
    """
    shared, stops = emit_parts(prepared, watched, times, interventions, in_lanes=not has_block)
    plan = make_plan(shared, prepared, structure, width, (*POINTERS, *NUMBERS))
    _emit_answers(shared)
    emit_turns(plan, stops, Turns(_begin, _answer))
    return LaneText(finished_text(shared), plan.job, plan.memory, width)


def emit_turns(
    plan: Plan, stops: list[float], turns: Turns,
    seen: Callable[[Function], list[str]] = lambda code: [],
) -> None:  # fmt: skip
    """`@run_lanes` and all it needs; `seen` gives more times at which a run is looked at."""
    emit_steps(plan)
    emit_transfers(plan, stops, seen)
    _emit_start(plan, turns)
    _emit_rare(plan, turns)
    _emit_run(plan)


def _emit_answers(shared: Emission) -> None:
    """`@f_answers(ctx, index, ...)`: write what a run has come to."""
    names = ("values", "waited", "given", "events", "vacuous")
    code = shared.function(
        "@f_answers", ("i64", "%index"), *(("ptr", f"%{name}") for name in names)
    )
    give_answers(shared, code, "%index")
    code.finish()


def _emit_start(plan: Plan, turns: Turns) -> None:
    """`@f_start(job, lanes, ctx, lane)`: give the lane its next run, past its first instant.

    Runs that are over by then are finished at once; where none is left, the lane is no longer
    alive.
    """
    code = plan.function("@f_start", ("ptr", "%ctx"), ("i64", "%lane"))
    job = plan.job
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
    for place in range(len(plan.structure.frequent)):
        plan.memory.store(code, f"drawn{place}", "-1", "%lane")
    turns.take(plan, code, index)
    _go_on(plan, turns, code, following, end)
    code.begin(end)
    code.finish()


def _begin(plan: Plan, code: Function, index: str) -> None:
    """A run of its own, past its first instant."""
    job, memory = plan.job, plan.shared.memory
    _hand_out(plan, code, index)
    for instance in plan.structure.frequent:
        memory.store(code, "number", "0", instance.number)
    run = code.let(f"add i64 {job.load(code, 'first')}, {index}")
    code.do(f"call void @f_begin(ptr %ctx, i64 {job.load(code, 'seed')}, i64 {run})")
    limit = job.load(code, "limit")
    code.do(f"call void @f_moment(ptr %ctx, double {ZERO}, i64 {limit})")


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


def _go_on(plan: Plan, turns: Turns, code: Function, ended: str, going: str) -> None:
    """After an instant: hand back a run that is over or faulty, put any other into its lane."""
    job, memory = plan.job, plan.shared.memory
    good, over, on, back = (code.label(hint) for hint in ("good", "over", "on", "back"))
    fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
    code.branch(fine, good, back)
    code.begin(good)
    horizon = job.load(code, "horizon")
    inside = code.let(f"fcmp ole double {memory.load(code, 'next_time')}, {horizon}")
    code.branch(inside, on, over)
    code.begin(over)
    code.do(f"call void @f_close(ptr %ctx, double {horizon})")
    code.begin(back)
    turns.give(plan, code, plan.memory.load(code, "run", "%lane"))
    code.jump(ended)
    code.begin(on)
    code.do("call void @f_load(ptr %job, ptr %lanes, ptr %ctx, i64 %lane)")
    code.jump(going)


def _answer(plan: Plan, code: Function, index: str) -> None:
    """What a run has come to; a fault ends them all."""
    job = plan.job
    with code.when(code.let(f"icmp ne i8 {plan.shared.memory.load(code, 'fault')}, 0")):
        job.store(code, "fault", "1")
        job.store(code, "alive", "0")
        code.leave()
    pointers = [
        code.let(f"inttoptr i64 {job.load(code, name)} to ptr")
        for name in ("values", "waited", "given", "events", "vacuous")
    ]
    shown = ", ".join(f"ptr {pointer}" for pointer in pointers)
    code.do(f"call void @f_answers(ptr %ctx, i64 {index}, {shown})")


def _emit_rare(plan: Plan, turns: Turns) -> None:
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
    _go_on(plan, turns, code, ended, going)
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
