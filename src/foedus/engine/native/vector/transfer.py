"""Between a lane and the scalar code's memory of its run, both ways.

While a run is in the lanes, the ring times of the clocks that are followed stand at infinity in the
scalar memory, so that the first ring there is the first event from outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from foedus.engine import clocks
from foedus.engine.native.clockwork import NEVER, UNDRAWN
from foedus.engine.native.expressions import ZERO, Place, as_number
from foedus.engine.native.first_ring import forget_first
from foedus.engine.native.ir import Function, double, signed
from foedus.engine.native.vector.plan import (
    Plan,
    can_be_forbidden,
    is_enabled_by_byte,
    tracked,
)
from foedus.engine.timing import Instance

INVERSE = pow(clocks.GOLDEN, -1, 1 << 64)
"""Takes a counter K1 + G (k + n) back to n."""

CODE = "nounwind noinline cold"


def emit_transfers(plan: Plan, stops: list[float], seen: Callable[[Function], list[str]]) -> None:
    """`@f_save(job, lanes, ctx, lane)` and `@f_load(...)`; `seen` gives more times to stop at."""
    arguments = ("ptr", "%ctx"), ("i64", "%lane")
    code = plan.function("@f_save", *arguments, attributes=CODE)
    _save(plan, code)
    code.finish()
    code = plan.function("@f_load", *arguments, attributes=CODE)
    _load(plan, code)
    _set_until(plan, code, stops, seen)
    _load_terms(plan, code)
    code.finish()


def _get(plan: Plan, code: Function, name: str) -> str:
    return plan.memory.load(code, name, "%lane")


def _put(plan: Plan, code: Function, name: str, value: str) -> None:
    plan.memory.store(code, name, value, "%lane")


def _save(plan: Plan, code: Function) -> None:
    """The lane's values into the scalar memory."""
    memory, structure = plan.shared.memory, plan.structure
    forget_first(plan.shared, code)
    for cell in structure.hot:
        memory.store(code, "values", _get(plan, code, f"cell{cell}"), cell)
    for place, instance in enumerate(structure.followed):
        inner, changed, hazard = (
            _get(plan, code, f"{name}{place}") for name in ("inner", "changed", "hazard")
        )
        wait = code.let(f"fdiv double {inner}, {hazard}")
        ring = code.let(f"fadd double {changed}, {wait}")
        runs = code.let(f"fcmp ogt double {hazard}, {ZERO}")
        ring = code.let(f"select i1 {runs}, double {ring}, double {NEVER}")
        for name, value in (
            ("inner", inner), ("changed", changed), ("hazard", hazard), ("ring", ring)
        ):  # fmt: skip
            memory.store(code, name, value, instance.number)
    for place, instance in enumerate(structure.frequent):
        _save_count(plan, code, place, instance)
    steps = plan.job.load(code, "steps")
    before = _get(plan, code, "fired")
    memory.store(code, "fired", code.let(f"add i64 {before}, {steps}"))
    for number in structure.questions:
        for name in tracked(plan.monitor(number)):
            if name.startswith("m_"):
                memory.store(code, name, _get(plan, code, f"{name}{number}"), number)


def _save_count(plan: Plan, code: Function, place: int, instance: Instance) -> None:
    """How often a frequent clock has rung, from its counter."""
    memory = plan.shared.memory
    counter = _get(plan, code, f"counter{place}")
    steps = code.let(f"sub i64 {counter}, {memory.load(code, 'keys', 0)}")
    reached = code.let(f"mul i64 {steps}, {signed(INVERSE)}")
    drawn = code.let(f"sub i64 {reached}, {plan.key(instance)}")
    number = code.let(f"sub i64 {drawn}, 2")
    _put(plan, code, f"drawn{place}", number)
    before = memory.load(code, "number", instance.number)
    memory.store(code, "number", number, instance.number)
    more = code.let(f"sitofp i64 {code.let(f'sub i64 {number}, {before}')} to double")
    cell = plan.reach.layout.counters[instance.kind.name].first + instance.order
    fired = memory.load(code, "firings", cell)
    memory.store(code, "firings", code.let(f"fadd double {fired}, {more}"), cell)


def _load(plan: Plan, code: Function) -> None:
    """The scalar memory's values into the lane."""
    memory, structure = plan.shared.memory, plan.structure
    time = memory.load(code, "time")
    forget_first(plan.shared, code)
    _put(plan, code, "time", time)
    _put(plan, code, "second_key", memory.load(code, "keys", 1))
    for cell in structure.hot:
        _put(plan, code, f"cell{cell}", memory.load(code, "values", cell))
    for place, instance in enumerate(structure.followed):
        _load_clock(plan, code, place, instance, time)
    fired = memory.load(code, "fired")
    steps = plan.job.load(code, "steps")
    _put(plan, code, "fired", code.let(f"sub i64 {fired}, {steps}"))
    _load_watches(plan, code)


def _load_clock(plan: Plan, code: Function, place: int, instance: Instance, time: str) -> None:
    memory, key = plan.shared.memory, plan.key(instance)
    undrawn = code.let(f"fcmp oeq double {memory.load(code, 'inner', instance.number)}, {UNDRAWN}")
    number = memory.load(code, "number", instance.number)
    with code.when(undrawn):  # what would be drawn when it is enabled
        where = f"ptr {memory.cell(code, 'keys', 0)}, i64 {key}"
        unit = code.let(f"call double @f_unit(ptr %ctx, {where}, i64 {number})")
        memory.store(code, "inner", unit, instance.number)
    inner = memory.load(code, "inner", instance.number)
    changed = memory.load(code, "changed", instance.number)
    hazard = memory.load(code, "hazard", instance.number)
    memory.store(code, "ring", NEVER, instance.number)
    for name, value in (("inner", inner), ("changed", changed), ("hazard", hazard)):
        _put(plan, code, f"{name}{place}", value)
    if place >= len(plan.structure.frequent):
        return
    used = code.let(f"fmul double {hazard}, {code.let(f'fsub double {time}, {changed}')}")
    _put(plan, code, f"left{place}", code.let(f"fsub double {inner}, {used}"))
    drawn = _get(plan, code, f"drawn{place}")
    with code.when(code.let(f"icmp ne i64 {drawn}, {number}")):
        _put(plan, code, f"drawn{place}", number)
        following = code.let(f"add i64 {number}, 1")
        where = f"ptr {memory.cell(code, 'keys', 0)}, i64 {key}"
        unit = code.let(f"call double @f_unit(ptr %ctx, {where}, i64 {following})")
        _put(plan, code, f"ahead{place}", unit)
        at = code.let(f"add i64 {key}, {code.let(f'add i64 {number}, 2')}")
        scaled = code.let(f"mul i64 {at}, {signed(clocks.GOLDEN)}")
        counter = code.let(f"add i64 {scaled}, {memory.load(code, 'keys', 0)}")
        _put(plan, code, f"counter{place}", counter)


def _load_watches(plan: Plan, code: Function) -> None:
    memory, structure = plan.shared.memory, plan.structure
    for one in (*structure.followed, *structure.guarded):
        if can_be_forbidden(plan.shared, one):
            forbidden = memory.load(code, "forbidden", one.number)
            _put_truth(plan, code, f"free{one.number}", code.let(f"icmp eq i8 {forbidden}, 0"))
    for place, one in enumerate(structure.guarded):
        if is_enabled_by_byte(one):
            enabled = memory.load(code, "enabled", one.number)
            holds = code.let(f"icmp ne i8 {enabled}, 0")
        else:
            held = memory.load(code, "held", one.number)
            holds = code.let(f"fcmp ord double {held}, {held}")
        _put_truth(plan, code, f"enabled{place}", holds)
    for place in structure.conditions:
        waits = memory.load(code, "awaited", place)
        _put_truth(plan, code, f"awaited{place}", code.let(f"icmp ne i8 {waits}, 0"))
    for number in structure.questions:
        _load_question(plan, code, number)


def _load_question(plan: Plan, code: Function, number: int) -> None:
    memory, monitor = plan.shared.memory, plan.monitor(number)
    for name in tracked(monitor):
        if name.startswith("m_"):
            _put(plan, code, f"{name}{number}", memory.load(code, name, number))
    looks = code.let(f"icmp ne i8 {memory.load(code, 'm_open', number)}, 0")
    if monitor.kind == "probability":
        value = memory.load(code, "m_value", number)
        unseen = code.let(f"fcmp une double {value}, {double(1.0)}")
        looks = code.let(f"and i1 {looks}, {unseen}")
    if monitor.kind == "time-until":
        origin, first = memory.load(code, "m_origin", number), memory.load(code, "m_first", number)
        begun = code.let(f"fcmp ord double {origin}, {origin}")
        waits = code.let(f"fcmp uno double {first}, {first}")
        begins = code.let(f"and i1 {looks}, {code.let(f'xor i1 {begun}, true')}")
        _put_truth(plan, code, f"begins{number}", begins)
        looks = code.let(f"and i1 {looks}, {code.let(f'and i1 {begun}, {waits}')}")
    _put_truth(plan, code, f"looks{number}", looks)


def _put_truth(plan: Plan, code: Function, name: str, holds: str) -> None:
    _put(plan, code, name, code.let(f"uitofp i1 {holds} to double"))


def _set_until(
    plan: Plan, code: Function, stops: list[float], seen: Callable[[Function], list[str]]
) -> None:
    """When the next thing happens that lanes know nothing of."""
    memory = plan.shared.memory
    code.do("call void @f_next(ptr %ctx)")
    first = memory.load(code, "next_time")
    stop = code.lookup("double", [*stops, math.inf], memory.load(code, "stop"))
    for other in (stop, *seen(code), plan.job.load(code, "horizon")):
        less = code.let(f"fcmp olt double {other}, {first}")
        first = code.let(f"select i1 {less}, double {other}, double {first}")
    _put(plan, code, "until", first)


def _load_terms(plan: Plan, code: Function) -> None:
    """What stands still until the next rare event; nan where working it out is a fault."""
    memory = plan.shared.memory
    for (node, binding), name in plan.terms.names.items():
        place = Place(plan.shared, code, {index: str(at) for index, at in binding})
        value = as_number(place, node)
        faulty = code.let(f"icmp ne i8 {memory.load(code, 'fault')}, 0")
        value = code.let(f"select i1 {faulty}, double {double(math.nan)}, double {value}")
        memory.store(code, "fault", "0")
        _put(plan, code, name, value)
