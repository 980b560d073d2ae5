"""One instant, as instructions: which clock rings first, and what follows until nothing is due."""

from __future__ import annotations

from foedus.engine.course import AT_ONCE
from foedus.engine.native.clockwork import NEVER, UNDRAWN, instances_of
from foedus.engine.native.expressions import ZERO, Emission, Place
from foedus.engine.native.first_ring import forget_first, place_of_first
from foedus.engine.native.ir import INLINED, Function
from foedus.engine.native.touch import Numbering
from foedus.jump.model import Immediate, Rate, Waiting


def emit_ring(shared: Emission, network: Numbering) -> None:
    """`@f_ring(ctx)`: the clock that is due first rings, and begins its next waiting time."""
    code, memory = shared.function("@f_ring"), shared.memory
    sparse = shared.sparse
    at = place_of_first(shared, code) if sparse is None else sparse.take_first(shared, code)
    if shared.conditioned is not None:
        item = code.let(f"sub i64 {at}, {len(network.kind_of)}")
        with code.when(code.let(f"icmp sge i64 {item}, 0")):
            code.do(f"call void @f_fire_item(ptr %ctx, i64 {item})")
            code.leave()
    _note_at_once(shared, code)
    memory.store(code, "inner", UNDRAWN, at)
    memory.store(code, "ring", NEVER, at)
    if sparse is None:
        forget_first(shared, code)
    memory.store(code, "hazard", ZERO, at)
    kinds = shared.model.kinds
    number = network.kind_at(code, at)

    def fire(kind: int) -> None:
        first = network.first_of[kind]
        order = code.let(f"sub i64 {at}, {first}")
        if isinstance(kinds[kind].timing, Waiting):
            memory.store(code, "enabled", "0", at)
        code.do(f"call void @f_happen{kind}(ptr %ctx, i64 {order})")
        # A clock that has a hazard again was looked at after the last change it reads.
        idle = code.let(f"fcmp oeq double {memory.load(code, 'hazard', at)}, {ZERO}")
        with code.when(idle):
            code.do(f"call void @f_refresh{kind}(ptr %ctx, i64 {order})")

    _switch(
        code,
        number,
        [k for k, kind in enumerate(kinds) if isinstance(kind.timing, Rate | Waiting)],
        fire,
    )
    code.finish()


def _switch(code: Function, number: str, cases: list[int], body: object) -> None:
    after = code.label("done")
    labels = {case: code.label(f"case{case}_") for case in cases}
    shown = " ".join(f"i64 {case}, label %{name}" for case, name in labels.items())
    code.do(f"switch i64 {number}, label %{after} [ {shown} ]")
    code.is_open = False
    for case, name in labels.items():
        code.begin(name)
        body(case)  # type: ignore[operator]
        code.jump(after)
    code.begin(after)


def _note_at_once(shared: Emission, code: Function) -> None:
    memory = shared.memory
    count = code.let(f"add i64 {memory.load(code, 'at_once')}, 1")
    memory.store(code, "at_once", count)
    Place(shared, code).fault_unless(code.let(f"icmp ule i64 {count}, {AT_ONCE}"))


def emit_instant(shared: Emission, network: Numbering) -> None:
    """`@f_instant(ctx)`: ringing clocks, then immediates, until neither is due."""
    code, memory = shared.function("@f_instant", attributes=INLINED), shared.memory
    again, rings, others, some, none = (
        code.label(hint) for hint in ("again", "rings", "others", "some", "none")
    )
    code.begin(again)
    faulty = code.let(f"icmp ne i8 {memory.load(code, 'fault')}, 0")
    go_on = code.label("goon")
    code.branch(faulty, none, go_on)
    code.begin(go_on)
    code.do("call void @f_first_ring(ptr %ctx)")
    due = memory.load(code, "next_ring")
    time = memory.load(code, "time")
    code.branch(code.let(f"fcmp ole double {due}, {time}"), rings, others)
    code.begin(rings)
    code.do("call void @f_ring(ptr %ctx)")
    code.jump(again)
    code.begin(others)
    count = memory.load(code, "pending_count")
    code.branch(code.let(f"icmp sgt i64 {count}, 0"), some, none)
    code.begin(some)
    for number, kind in enumerate(shared.model.kinds):
        if not isinstance(kind.timing, Immediate):
            continue
        first = network.first_of[number]
        with code.count_up("0", str(instances_of(kind))) as order:
            instance = code.let(f"add i64 {order}, {first}")
            waits = memory.load(code, "pending", instance)
            with code.when(code.let(f"icmp ne i8 {waits}, 0")):
                memory.store(code, "pending", "0", instance)
                left = code.let(f"sub i64 {memory.load(code, 'pending_count')}, 1")
                memory.store(code, "pending_count", left)
                _note_at_once(shared, code)
                code.do(f"call void @f_happen{number}(ptr %ctx, i64 {order})")
                code.jump(again)
                code.begin(code.label("unreached"))
    code.jump(none)
    code.begin(none)
    code.finish()
