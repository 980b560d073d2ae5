"""Which clock rings first, found by looking at all ring times.

Ring times stand in groups of eight vectors. Looking for the earliest one notes the least of each
group, lane by lane, so that its place is then found by looking into one group only. A search is
made again only after some ring time has been set.
"""

from __future__ import annotations

import math

from foedus.engine.native.ir import INLINED, Function, double
from foedus.engine.native.place import Emission

LANES = 8
VECTORS = 8
"""In a group. Comparing them two by two, one comparison does not wait for the other."""

GROUP = LANES * VECTORS
NEVER = double(math.inf)


def add_rings(shared: Emission, count: int) -> None:
    """Room for so many ring times."""
    groups = -(-max(count, 1) // GROUP)
    shared.memory.add("ring", "double", groups * GROUP)
    shared.memory.add("ring_group", "double", groups * LANES)
    shared.memory.add("ring_known", "i8", 1)


def set_ring(shared: Emission, code: Function, instance: str, time: str) -> None:
    """Let an instance ring at another time."""
    if shared.sparse is not None:
        code.do(f"call void @f_set_ring(ptr %ctx, i64 {instance}, double {time})")
        return
    shared.memory.store(code, "ring", time, instance)
    forget_first(shared, code)


def forget_first(shared: Emission, code: Function) -> None:
    """Ring times have been set: the first is to be looked for again."""
    shared.memory.store(code, "ring_known", "0")


def emit_first_ring(shared: Emission) -> None:
    """`@f_first_ring(ctx)`: when the earliest clock rings, into `next_ring`."""
    code, memory = shared.function("@f_first_ring", attributes=INLINED), shared.memory
    with code.when(code.let(f"icmp eq i8 {memory.load(code, 'ring_known')}, 0")):
        code.do("call void @f_search_rings(ptr %ctx)")
    code.finish()
    code = shared.function("@f_search_rings")
    memory.store(code, "ring_known", "1")
    kind, best = _kind(LANES), code.slot(_kind(LANES))
    code.store(kind, f"<{', '.join([f'double {NEVER}'] * LANES)}>", best)
    with code.count_up("0", str(memory.arrays["ring_group"].count // LANES)) as group:
        base = code.at(memory.base(code, "ring"), _kind(GROUP), group)
        least = [
            code.let(f"load {kind}, ptr {code.at(base, kind, str(number))}, align 64")
            for number in range(VECTORS)
        ]
        while len(least) > 1:
            pairs = zip(least[::2], least[1::2], strict=True)
            least = [_lesser(code, LANES, one, other) for one, other in pairs]
        kept = code.at(memory.base(code, "ring_group"), kind, group)
        code.do(f"store {kind} {least[0]}, ptr {kept}, align 64")
        code.store(kind, _lesser(code, LANES, least[0], code.load(kind, best)), best)
    memory.store(code, "next_ring", _least_of(code, code.load(kind, best)))
    code.finish()


def place_of_first(shared: Emission, code: Function) -> str:
    """The first place whose ring is the earliest; `@f_first_ring` has looked for it."""
    memory, group = shared.memory, code.slot("i64")
    due = memory.load(code, "next_ring")
    code.store("i64", "0", group)
    test, found, more = code.label("test"), code.label("found"), code.label("more")
    code.begin(test)
    at = code.load("i64", group)
    here = code.at(memory.base(code, "ring_group"), _kind(LANES), at)
    some = code.let(f"icmp ne i{LANES} {_equal(code, LANES, here, due)}, 0")
    code.branch(some, found, more)
    code.begin(more)
    code.store("i64", code.let(f"add i64 {at}, 1"), group)
    code.jump(test)
    code.begin(found)
    here = code.at(memory.base(code, "ring"), _kind(GROUP), at)
    bits = _equal(code, GROUP, here, due)
    lane = code.let(f"call i64 @llvm.cttz.i64(i64 {bits}, i1 true)")
    return code.let(f"add i64 {code.let(f'mul i64 {at}, {GROUP}')}, {lane}")


def _kind(width: int) -> str:
    return f"<{width} x double>"


def _equal(code: Function, width: int, address: str, number: str) -> str:
    """As bits, which of the numbers at an address are equal to a number."""
    kind = _kind(width)
    one = code.let(f"insertelement {kind} poison, double {number}, i32 0")
    zeros = f"<{width} x i32> zeroinitializer"
    wanted = code.let(f"shufflevector {kind} {one}, {kind} poison, {zeros}")
    equal = code.let(
        f"fcmp oeq {kind} {code.let(f'load {kind}, ptr {address}, align 64')}, {wanted}"
    )
    return code.let(f"bitcast <{width} x i1> {equal} to i{width}")


def _lesser(code: Function, width: int, one: str, other: str) -> str:
    kind = _kind(width)
    less = code.let(f"fcmp olt {kind} {one}, {other}")
    return code.let(f"select <{width} x i1> {less}, {kind} {one}, {kind} {other}")


def _least_of(code: Function, lanes: str) -> str:
    width = LANES
    while width > 1:
        half = width // 2
        low, high = (
            code.let(
                f"shufflevector <{width} x double> {lanes}, <{width} x double> poison, "
                f"<{half} x i32> <{', '.join(f'i32 {first + lane}' for lane in range(half))}>"
            )
            for first in (0, half)
        )
        lanes, width = _lesser(code, half, low, high), half
    return code.let(f"extractelement <1 x double> {lanes}, i32 0")
