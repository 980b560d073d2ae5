"""The waiting times of a clock drawn eight at a time, side by side.

The n-th waiting time of an instance is a function of its key and of n alone, so those that follow
can be drawn together with it: eight logarithms in one vector cost little more than one. Not under a
record, where the noise is keyed anew before most of them would be used.
"""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.conditioned.members import Members
from foedus.engine.native.ir import INLINED, signed
from foedus.engine.native.place import Emission
from foedus.engine.native.vector.elementary import unit_exponential
from foedus.engine.native.vector.lanes import Lanes

AHEAD = 8
NOTHING_AHEAD = str(-(1 << 62))
"""Where the waiting times at hand begin, of a clock of which none are."""


def add_ahead(shared: Emission, instances: int) -> None:
    """Room for the waiting times at hand, and for the number of the first."""
    shared.memory.add("ahead", "double", instances * AHEAD)
    shared.memory.add("ahead_from", "i64", instances)


def emit_draw(shared: Emission) -> None:
    """`@f_draw(ctx, instance, words, key, n)`: the n-th waiting time of an instance."""
    arguments = ("i64", "%i"), ("ptr", "%words"), ("i64", "%k"), ("i64", "%n")
    memory = shared.memory
    code = shared.function("@f_draw", *arguments, result="double", attributes=INLINED)
    if shared.conditioned is not None:
        drawn = "@f_unit(ptr %ctx"
        if shared.conditioned.members.count:
            drawn = "@f_unit_of_member(ptr %ctx, i64 %i"
            _emit_draw_of_member(shared, shared.conditioned.members)
        code.leave(code.let(f"call double {drawn}, ptr %words, i64 %k, i64 %n)"))
        code.finish()
        return
    place = code.let(f"sub i64 %n, {memory.load(code, 'ahead_from', '%i')}")
    none, done = code.let(f"icmp uge i64 {place}, {AHEAD}"), code.slot("i64")
    code.store("i64", place, done)
    with code.when(none):
        code.do("call void @f_draw_ahead(ptr %ctx, i64 %i, ptr %words, i64 %k, i64 %n)")
        code.store("i64", "0", done)
    row = code.let(f"mul i64 %i, {AHEAD}")
    at = code.let(f"add i64 {row}, {code.load('i64', done)}")
    code.leave(memory.load(code, "ahead", at))
    code.finish()
    code = shared.function("@f_draw_ahead", *arguments, attributes="nounwind noinline")
    memory.store(code, "ahead_from", "%n", "%i")
    lanes = Lanes(code, AHEAD)
    scaled = code.let(f"mul i64 {code.let('add i64 %k, %n')}, {signed(clocks.GOLDEN)}")
    counter = code.let(f"add i64 {scaled}, {code.load('i64', '%words')}")
    steps = [signed(clocks.GOLDEN * step % (1 << 64)) for step in range(AHEAD)]
    counters = lanes.join_words(
        "add", lanes.spread_word(counter), f"<{', '.join(f'i64 {step}' for step in steps)}>"
    )
    second = lanes.spread_word(code.load("i64", code.at("%words", "i64", "1")))
    drawn = unit_exponential(lanes, counters, second)
    row = code.let(f"mul i64 %i, {AHEAD}")
    lanes.store(lanes.numbers, drawn, memory.cell(code, "ahead", row))
    code.finish()


def _emit_draw_of_member(shared: Emission, members: Members) -> None:
    """`@f_unit_of_member(ctx, instance, words, key, n)`: a waiting time under a record.

    See `conditioned/members.py`; an instance without a member is keyed by its kind's words alone.
    """
    arguments = ("i64", "%i"), ("ptr", "%words"), ("i64", "%k"), ("i64", "%n")
    code = shared.function("@f_unit_of_member", *arguments, result="double")
    lanes = Lanes(code, 1)
    member = code.lookup("i64", [2 * one for one in members.of], "%i")
    is_one = code.let(f"icmp sge i64 {member}, 0")
    base = code.load("ptr", shared.memory.cell(code, "member_noise", 0))
    own = code.at(base, "i64", code.let(f"select i1 {is_one}, i64 {member}, i64 0"))
    words = []
    for place in ("0", "1"):
        word = code.load("i64", code.at(own, "i64", place))
        word = code.let(f"select i1 {is_one}, i64 {word}, i64 0")
        kept = code.load("i64", code.at("%words", "i64", place))
        words.append(code.let(f"xor i64 {kept}, {word}"))
    scaled = code.let(f"mul i64 {code.let('add i64 %k, %n')}, {signed(clocks.GOLDEN)}")
    counter = lanes.spread_word(code.let(f"add i64 {scaled}, {words[0]}"))
    drawn = unit_exponential(lanes, counter, lanes.spread_word(words[1]))
    code.leave(code.let(f"extractelement {lanes.numbers} {drawn}, i64 0"))
    code.finish()
