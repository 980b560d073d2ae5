"""The noise is keyed anew at some moments: the epochs of `conditioned/run`, as instructions."""

from __future__ import annotations

from math import inf

from foedus.engine.clocks import GOLDEN
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
    cell = memory.cell(code, "noise", 0)
    words = code.at(code.load("ptr", cell), "i64", str(2 * len(shared.model.kinds)))
    code.store("ptr", words, cell)
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
        key, kind, whether = (
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
            drawn = _drawn(shared, Lanes(code, LANES), at, key, kind)
            now = lanes.spread(memory.load(code, "time"))
            ring = lanes.join("fadd", now, lanes.join("fdiv", drawn, hazard))
            for name, value in (("inner", drawn), ("changed", now), ("ring", ring)):
                _keep(place, lanes, name, at, (runs, value))
    forget_first(shared, code)
    code.finish()


def _tables(shared: Emission, network: Network) -> tuple[str, str, str]:
    """By place of an instance: its key, where the words of its kind begin, and when it counts."""
    told, width = record_of(shared).grouping.by_kind, -(-len(network.kind_of) // LANES) * LANES
    keys, kinds, whether = [0] * width, [0] * width, [NEVER] * width
    for number, (kind, first) in enumerate(zip(shared.model.kinds, network.first_of, strict=True)):
        if isinstance(kind.timing, Rate):
            own = slice(first, first + instances_of(kind))
            keys[own] = [int(key) for key in keys_of(shared, kind, "clock")]
            kinds[own] = [2 * number] * instances_of(kind)
            whether[own] = [UNLESS_TOLD if number in told else ALWAYS] * instances_of(kind)
    module = shared.module
    return module.table("i64", keys), module.table("i64", kinds), module.table("i64", whether)


def _keep(place: Place, lanes: Lanes, name: str, at: str, new: tuple[str, str]) -> None:
    """Put values into an array from a place on, where a condition holds."""
    value = lanes.select(*new, stored(lanes, place, name, at))
    address = place.shared.memory.cell(place.code, name, at)
    place.code.do(f"store {lanes.numbers} {value}, ptr {address}, align 8")


def _drawn(shared: Emission, lanes: Lanes, at: str, key: str, kind: str) -> str:
    """The waiting times of the instances from one on, as keyed now."""
    code, memory = lanes.code, shared.memory
    address = memory.cell(code, "number", at)
    number = code.let(f"load {lanes.words}, ptr {address}, align 8")
    scaled = lanes.join_words("mul", lanes.join_words("add", key, number), lanes.word(GOLDEN))
    base = code.load("ptr", memory.cell(code, "noise", 0))
    first, second = (_gathered(lanes, code.at(base, "i64", str(word)), kind) for word in (0, 1))
    return unit_exponential(lanes, lanes.join_words("add", scaled, first), second)


def _gathered(lanes: Lanes, base: str, places: str) -> str:
    """The words at some places behind an address."""
    pointers = f"<{lanes.width} x ptr>"
    where = lanes.let(f"getelementptr i64, ptr {base}, {lanes.words} {places}")
    name = f"@llvm.masked.gather.v{lanes.width}i64.v{lanes.width}p0"
    types = f"{pointers}, i32, {lanes.masks}, {lanes.words}"
    lanes.code.module.declare(f"declare {lanes.words} {name}({types})")
    given = f"{pointers} {where}, i32 8, {lanes.masks} {lanes.truth(True)}, {lanes.words} poison"
    return lanes.code.let(f"call {lanes.words} {name}({given})")


def next_epoch(shared: Emission, code: Function) -> str:
    """When the next epoch begins; never after the last."""
    times = [*record_of(shared).epochs, inf, inf]
    return code.lookup("double", times, shared.memory.load(code, "epoch"))
