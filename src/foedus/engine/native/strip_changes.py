"""What a change of hazards does to the clocks of a strip: the arithmetic of `timing`, in vectors.

New waiting times are drawn one by one, after all else: a call amid vectors would put them onto the
stack.
"""

from __future__ import annotations

import math

from foedus.engine.native.clock_changes import count_clock_changes_in
from foedus.engine.native.first_ring import forget_first
from foedus.engine.native.place import Place
from foedus.engine.native.vector.lanes import Lanes


def stored(lanes: Lanes, place: Place, name: str, instance: str) -> str:
    """What stands in an array for the instances from one on."""
    address = place.shared.memory.cell(lanes.code, name, instance)
    return lanes.code.let(f"load {lanes.numbers}, ptr {address}, align 8")


def change_clocks(
    place: Place,
    lanes: Lanes,
    instance: str,
    at: str,
    keys: tuple[str, str],
    hazards: tuple[str, str, str],
) -> None:
    """What `f_change` does, for the instances that move.

    `at` is the first instance's place in its kind, `hazards` are the new and the old ones and which
    of them differ, `keys` the words of the run and the table of the kind's keys.
    """
    code, memory = place.code, place.shared.memory
    new, old, moves = hazards
    now = lanes.spread(memory.load(code, "time"))
    inner = stored(lanes, place, "inner", instance)
    changed = stored(lanes, place, "changed", instance)
    used = lanes.join("fmul", old, lanes.join("fsub", now, changed))
    left = lanes.join("fsub", inner, used)
    positive = lanes.compare("ogt", left, lanes.number(0.0))
    left = lanes.select(positive, left, lanes.number(0.0))
    ran = lanes.both(moves, lanes.compare("ogt", old, lanes.number(0.0)))
    inner = lanes.select(ran, left, inner)
    runs = lanes.compare("ogt", new, lanes.number(0.0))
    undrawn = lanes.compare("oeq", inner, lanes.number(-1.0))
    asked = lanes.both(moves, lanes.both(runs, undrawn))
    wait = lanes.join("fdiv", inner, new)
    ring = lanes.select(runs, lanes.join("fadd", now, wait), lanes.number(math.inf))
    forget_first(place.shared, code)
    count_clock_changes_in(place.shared, lanes, moves)
    for name, value in (("hazard", new), ("inner", inner), ("changed", now), ("ring", ring)):
        before = stored(lanes, place, name, instance)
        kept = lanes.select(moves, value, before)
        address = memory.cell(code, name, instance)
        code.do(f"store {lanes.numbers} {kept}, ptr {address}, align 8")
    some = lanes.bits(asked)
    with code.when(code.let(f"icmp ne i64 {some}, 0")):
        _draw(place, instance, at, keys, some)


def _draw(place: Place, instance: str, at: str, keys: tuple[str, str], asked: str) -> None:
    """Draw the clocks whose bits are set, and let them ring accordingly."""
    code, memory, (words, table) = place.code, place.shared.memory, keys
    bits = code.slot("i64")
    code.store("i64", asked, bits)
    test, one, none = code.label("test"), code.label("draw"), code.label("drawn")
    code.begin(test)
    left = code.load("i64", bits)
    code.branch(code.let(f"icmp ne i64 {left}, 0"), one, none)
    code.begin(one)
    lane = code.let(f"call i64 @llvm.cttz.i64(i64 {left}, i1 true)")
    code.store("i64", code.let(f"and i64 {left}, {code.let(f'sub i64 {left}, 1')}"), bits)
    key = code.load("i64", code.at(table, "i64", code.let(f"add i64 {at}, {lane}")))
    clock = code.let(f"add i64 {instance}, {lane}")
    where = f"i64 {clock}, ptr {words}, i64 {key}, i64 {memory.load(code, 'number', clock)}"
    unit = code.let(f"call double @f_draw(ptr %ctx, {where})")
    memory.store(code, "inner", unit, clock)
    wait = code.let(f"fdiv double {unit}, {memory.load(code, 'hazard', clock)}")
    ring = code.let(f"fadd double {memory.load(code, 'time')}, {wait}")
    memory.store(code, "ring", ring, clock)
    code.jump(test)
    code.begin(none)
