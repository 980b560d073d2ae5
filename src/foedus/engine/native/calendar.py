"""What has times of its own, as instructions: dated and regular events, ticks of held rates."""

from __future__ import annotations

import math

from foedus.engine.native.changes import make
from foedus.engine.native.clockwork import NEVER, NOTHING, at_instance, instances_of
from foedus.engine.native.expressions import Emission, Place, condition
from foedus.engine.native.ir import Function, double
from foedus.engine.native.strips import may_fail
from foedus.engine.native.touch import Numbering
from foedus.engine.prepare import DATED, EACH, FORCED, TICK
from foedus.frozen import dataclass
from foedus.jump.model import Dated, Each, EventKind, Intervention, JumpModel, Rate

MOST_PASSED = 64
"""A clock that rings in a million years is not waited for step by step."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Something with times of its own: a kind that is dated, regular or held, or an intervention.

    `number` is that of the kind, or the place of the intervention.
    """

    phase: int
    number: int


def timed_sources(model: JumpModel, interventions: tuple[Intervention, ...]) -> list[Timed]:
    """All that has times of its own, in the order of one instant."""
    found = [Timed(FORCED, place) for place, one in enumerate(interventions) if one.at is not None]
    for number, kind in enumerate(model.kinds):
        if isinstance(kind.timing, Dated):
            found.append(Timed(DATED, number))
        elif isinstance(kind.timing, Each):
            found.append(Timed(EACH, number))
        elif isinstance(kind.timing, Rate) and kind.timing.every is not None:
            found.append(Timed(TICK, number))
    return sorted(found, key=lambda source: (source.phase, source.number))


def first_due(shared: Emission, code: Function, sources: list[Timed]) -> str:
    """When the calendar asks for something next; `call_calendar` goes by it."""
    first = NEVER
    for number in range(len(sources)):
        due = shared.memory.load(code, "cal_time", number)
        less = code.let(f"fcmp olt double {due}, {first}")
        first = code.let(f"select i1 {less}, double {due}, double {first}")
    shared.memory.store(code, "cal_first", first)
    return first


def pass_idle(shared: Emission, code: Function, sources: list[Timed], others: list[str]) -> None:
    """Let regular events whose guards do not hold come and go without an instant of their own, up
    to the first ring and `others`: until then nothing changes.

    Not for models in which something reads the time, or waits for a condition at every instant.
    """
    memory = shared.memory
    for number, source in enumerate(sources):
        if source.phase != EACH:
            continue
        kind = shared.model.kinds[source.number]
        if instances_of(kind) > 1 or not _can_pass(kind):
            continue
        bound = memory.load(code, "next_ring")
        ahead = [memory.load(code, "cal_time", n) for n in range(len(sources)) if n != number]
        for due in (*ahead, *others):
            less = code.let(f"fcmp olt double {due}, {bound}")
            bound = code.let(f"select i1 {less}, double {due}, double {bound}")
        due = memory.load(code, "cal_time", number)
        with code.when(code.let(f"fcmp olt double {due}, {bound}")):
            idle = code.let(f"xor i1 {condition(Place(shared, code), kind.guard)}, true")
            with code.when(idle):
                _pass(shared, code, number, kind, bound)


def _can_pass(kind: EventKind) -> bool:
    """Whether asking its guard is never a fault."""
    return kind.guard is not None and not may_fail(kind.guard)


def _pass(shared: Emission, code: Function, number: int, kind: EventKind, bound: str) -> None:
    """Take a source to its first time from `bound` on, or some steps ahead if that is far off."""
    memory = shared.memory
    test, step, done = code.label("test"), code.label("step"), code.label("passed")
    first = memory.load(code, "cal_count", number)
    last = code.let(f"add i64 {first}, {MOST_PASSED}")
    code.begin(test)
    now = memory.load(code, "cal_count", number)
    due = memory.load(code, "cal_time", number)
    early = code.let(f"fcmp olt double {due}, {bound}")
    more = code.let(f"and i1 {early}, {code.let(f'icmp slt i64 {now}, {last}')}")
    code.branch(more, step, done)
    code.begin(step)
    count = code.let(f"add i64 {now}, 1")
    memory.store(code, "cal_count", count, number)
    memory.store(code, "cal_time", _next_time(code, kind, count), number)
    code.jump(test)
    code.begin(done)


def call_calendar(shared: Emission, code: Function, ticks: str) -> None:
    """Do what the calendar asks for now, if anything."""
    memory = shared.memory
    first, time = memory.load(code, "cal_first"), memory.load(code, "time")
    with code.when(code.let(f"fcmp ole double {first}, {time}")):
        code.do(f"call void @f_calendar(ptr %ctx, i1 {ticks})")


def emit_calendar(shared: Emission, network: Numbering, sources: list[Timed]) -> None:
    """`@f_calendar(ctx, ticks)`: all that the calendar asks for now; ticks only where `ticks`."""
    code, memory = shared.function("@f_calendar", ("i1", "%ticks")), shared.memory
    again, done = code.label("again"), code.label("done")
    code.begin(again)
    time = memory.load(code, "time")
    for number, source in enumerate(sources):
        if source.phase == TICK:
            with code.when("%ticks"):
                _due(shared, network, code, number, source, time, again)
        else:
            _due(shared, network, code, number, source, time, again)
    code.begin(done)
    code.finish()


def _due(
    shared: Emission, network: Numbering, code: Function, number: int, source: Timed, time: str,
    again: str,
) -> None:  # fmt: skip
    """Sources stand in the order of one instant, so the first that is due comes first."""
    memory = shared.memory
    due = memory.load(code, "cal_time", number)
    with code.when(code.let(f"fcmp ole double {due}, {time}")):
        if source.phase == FORCED:
            memory.store(code, "cal_time", NEVER, number)
            make(shared, code, source.number)
            code.jump(again)
            code.begin(code.label("unreached"))
            return
        kind = shared.model.kinds[source.number]
        count = code.let(f"add i64 {memory.load(code, 'cal_count', number)}, 1")
        memory.store(code, "cal_count", count, number)
        memory.store(code, "cal_time", _next_time(code, kind, count), number)
        with code.count_up("0", str(instances_of(kind))) as order:
            instance = code.let(f"add i64 {order}, {network.first_of[source.number]}")
            if source.phase == TICK:
                memory.store(code, "held", NOTHING, instance)
                code.do(f"call void @f_refresh{source.number}(ptr %ctx, i64 {order})")
                continue_ = code.label("next")
                code.jump(continue_)
                code.begin(continue_)
            else:
                free = code.let(f"icmp eq i8 {memory.load(code, 'forbidden', instance)}, 0")
                with code.when(free):
                    place = at_instance(shared, code, kind, order)
                    with code.when(condition(place, kind.guard)):
                        code.do(f"call void @f_happen{source.number}(ptr %ctx, i64 {order})")
        code.jump(again)
        code.begin(code.label("unreached"))


def _next_time(code: Function, kind: EventKind, count: str) -> str:
    timing = kind.timing
    if isinstance(timing, Dated):
        return code.lookup("double", [*sorted(timing.times), math.inf], count)
    step = timing.step if isinstance(timing, Each) else getattr(timing, "every", None)
    assert step is not None
    occurrence = code.let(f"sitofp i64 {count} to double")
    return code.let(f"fmul double {occurrence}, {double(step)}")


def first_time(shared: Emission, source: Timed) -> tuple[int, float]:
    """The number of a source's first occurrence, and its time."""
    if source.phase == FORCED:
        at = shared.interventions[source.number].at
        assert at is not None
        return 0, at
    timing = shared.model.kinds[source.number].timing
    if isinstance(timing, Dated):
        return 0, min(timing.times, default=math.inf)
    step = timing.step if isinstance(timing, Each) else getattr(timing, "every", None)
    assert step is not None
    return 1, 1 * step
