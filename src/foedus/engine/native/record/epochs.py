"""The noise is keyed anew at some moments: the epochs of `conditioned/run`, as instructions."""

from __future__ import annotations

from functools import partial
from math import inf

from foedus.engine.clocks import GOLDEN
from foedus.engine.conditioned.members import NO_MEMBER
from foedus.engine.native.clockwork import instances_of, keys_of
from foedus.engine.native.first_ring import forget_first
from foedus.engine.native.ir import WITH_VECTORS, Function
from foedus.engine.native.place import Emission, Place
from foedus.engine.native.record.tables import is_scripted, record_of
from foedus.engine.native.strip_changes import stored
from foedus.engine.native.touch import Network
from foedus.engine.native.vector.elementary import unit_exponential
from foedus.engine.native.vector.lanes import Lanes
from foedus.jump.model import Rate

LANES = 8

NEVER, ALWAYS, UNLESS_TOLD = 0, 1, 2
"""When a clock is drawn anew: not if it has no rate; in another world, if the record is silent."""


def emit_epochs(shared: Emission, first_of: tuple[int, ...]) -> None:
    """`@f_epochs(ctx)`: begin the epochs that are due."""
    code, memory = shared.function("@f_epochs"), shared.memory
    again, due, done = (code.label(hint) for hint in ("again", "due", "done"))
    code.begin(again)
    time = memory.load(code, "time")
    code.branch(code.let(f"fcmp ole double {next_epoch(shared, code)}, {time}"), due, done)
    code.begin(due)
    memory.store(code, "epoch", code.let(f"add i64 {memory.load(code, 'epoch')}, 1"))
    counts = {"noise": len(shared.model.kinds), "member_noise": record_of(shared).members.count}
    for name, count in counts.items():
        cell = memory.cell(code, name, 0)
        code.store("ptr", code.at(code.load("ptr", cell), "i64", str(2 * count)), cell)
    code.do("call void @f_redraw(ptr %ctx)")
    code.jump(again)
    code.begin(done)
    code.finish()


def emit_redraw(shared: Emission, network: Network) -> None:
    """`@f_redraw(ctx)`: what is left on every clock with a rate is drawn anew, as keyed now.

    In another world, not those of which the record tells: their gaps are those of the history.
    Eight clocks at a time, whatever kinds they are of.
    """
    memory, tables = shared.memory, _tables(shared, network)
    code = shared.function("@f_redraw", attributes=WITH_VECTORS)
    most = str(UNLESS_TOLD)
    if shared.keeps_history:
        most = code.let(f"select i1 {is_scripted(shared, code)}, i64 {ALWAYS}, i64 {most}")
    with code.count_up("0", str(-(-len(network.kind_of) // LANES))) as strip:
        at = code.let(f"mul i64 {strip}, {LANES}")
        lanes, place = Lanes(code, LANES), Place(shared, code)
        key, kind, whether, member = (
            code.let(f"load {lanes.words}, ptr {code.at(table, 'i64', at)}, align 8")
            for table in tables
        )
        some = code.let(f"icmp ne {lanes.words} {whether}, {lanes.word(NEVER)}")
        rest = code.let(f"icmp ule {lanes.words} {whether}, {lanes.spread_word(most)}")
        drawn_anew = lanes.both(some, rest)
        hazard = stored(lanes, place, "hazard", at)
        runs = lanes.both(drawn_anew, lanes.compare("ogt", hazard, lanes.number(0.0)))
        _keep(place, lanes, "inner", at, (drawn_anew, lanes.number(-1.0)))
        with code.when(code.let(f"icmp ne i64 {lanes.bits(runs)}, 0")):
            drawn = _drawn(shared, Lanes(code, LANES), at, key, (kind, member))
            now = lanes.spread(memory.load(code, "time"))
            ring = lanes.join("fadd", now, lanes.join("fdiv", drawn, hazard))
            for name, value in (("inner", drawn), ("changed", now), ("ring", ring)):
                _keep(place, lanes, name, at, (runs, value))
    forget_first(shared, code)
    code.finish()


def _tables(shared: Emission, network: Network) -> tuple[str, str, str, str]:
    """By place of an instance: its key, where the words of its kind begin, when it counts, and
    where those of its member begin (negative if it has none)."""
    told, width = record_of(shared).grouping.by_kind, -(-len(network.kind_of) // LANES) * LANES
    keys, kinds, whether = [0] * width, [0] * width, [NEVER] * width
    for number, (kind, first) in enumerate(zip(shared.model.kinds, network.first_of, strict=True)):
        if isinstance(kind.timing, Rate):
            own = slice(first, first + instances_of(kind))
            keys[own] = [int(key) for key in keys_of(shared, kind, "clock")]
            kinds[own] = [2 * number] * instances_of(kind)
            whether[own] = [UNLESS_TOLD if number in told else ALWAYS] * instances_of(kind)
    members = [2 * member for member in record_of(shared).members.of]
    members += [2 * NO_MEMBER] * (width - len(members))
    table = partial(shared.module.table, "i64")
    return table(keys), table(kinds), table(whether), table(members)


def _keep(place: Place, lanes: Lanes, name: str, at: str, new: tuple[str, str]) -> None:
    """Put values into an array from a place on, where a condition holds."""
    value = lanes.select(*new, stored(lanes, place, name, at))
    address = place.shared.memory.cell(place.code, name, at)
    place.code.do(f"store {lanes.numbers} {value}, ptr {address}, align 8")


def _drawn(shared: Emission, lanes: Lanes, at: str, key: str, places: tuple[str, str]) -> str:
    """The waiting times of the instances from one on, as keyed now.

    `places` are those of the words of their kinds and members.
    """
    code, memory = lanes.code, shared.memory
    address = memory.cell(code, "number", at)
    number = code.let(f"load {lanes.words}, ptr {address}, align 8")
    scaled = lanes.join_words("mul", lanes.join_words("add", key, number), lanes.word(GOLDEN))
    kind, member = places
    everyone = lanes.truth(True)
    words = [_gathered(lanes, _word(shared, code, "noise", n), kind, everyone) for n in (0, 1)]
    if record_of(shared).members.count:
        some = lanes.let(f"icmp sge {lanes.words} {member}, {lanes.word(0)}")
        for n in (0, 1):
            own = _gathered(lanes, _word(shared, code, "member_noise", n), member, some)
            words[n] = lanes.join_words("xor", words[n], own)
    return unit_exponential(lanes, lanes.join_words("add", scaled, words[0]), words[1])


def _word(shared: Emission, code: Function, name: str, number: int) -> str:
    """The address of one of the first two words of some noise in this epoch."""
    return code.at(code.load("ptr", shared.memory.cell(code, name, 0)), "i64", str(number))


def _gathered(lanes: Lanes, base: str, places: str, wanted: str) -> str:
    """The words at some places behind an address, 0 in lanes where they are not wanted."""
    pointers = f"<{lanes.width} x ptr>"
    where = lanes.let(f"getelementptr i64, ptr {base}, {lanes.words} {places}")
    name = f"@llvm.masked.gather.v{lanes.width}i64.v{lanes.width}p0"
    types = f"{pointers}, i32, {lanes.masks}, {lanes.words}"
    lanes.code.module.declare(f"declare {lanes.words} {name}({types})")
    given = f"{pointers} {where}, i32 8, {lanes.masks} {wanted}, {lanes.words} {lanes.word(0)}"
    return lanes.code.let(f"call {lanes.words} {name}({given})")


def next_epoch(shared: Emission, code: Function) -> str:
    """When the next epoch begins; never after the last."""
    times = [*record_of(shared).epochs, inf, inf]
    return code.lookup("double", times, shared.memory.load(code, "epoch"))
