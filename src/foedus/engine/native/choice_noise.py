"""The noise of the options of an actor, side by side: see `firing` in the reference engine."""

from __future__ import annotations

from foedus.engine import clocks, numerics
from foedus.engine.native.clockwork import keys_of
from foedus.engine.native.place import Place, call_numerics
from foedus.engine.native.vector.elementary import logarithm, uniform
from foedus.engine.native.vector.lanes import Lanes
from foedus.jump.model import EventKind

WIDTHS = 2, 4, 8


def option_noises(place: Place, kind: EventKind, count: str, prefix: str) -> list[str]:
    """log(-log u) for each option of the actor of `%order`, with a uniform number u of its own, at
    firing number `count`."""
    width = next((one for one in WIDTHS if len(kind.options) <= one), None)
    if width is None or place.shared.sparse is not None:
        return [
            _noise(place, kind, f"{prefix}option {option.name}", count) for option in kind.options
        ]
    code, lanes = place.code, Lanes(place.code, width)
    by_option = [keys_of(place.shared, kind, f"{prefix}option {one.name}") for one in kind.options]
    rows = [
        [*(int(key) for key in row), *[0] * (width - len(row))]
        for row in zip(*by_option, strict=True)
    ]
    table = code.module.table("i64", [key for row in rows for key in row])
    at = code.at(table, "i64", code.let(f"mul i64 %order, {width}"))
    keys = code.let(f"load {lanes.words}, ptr {at}, align 8")
    words = place.shared.words(code, place.shared.kind_number(kind))
    counters = lanes.join_words("add", keys, lanes.spread_word(count))
    counters = lanes.join_words("mul", counters, lanes.word(clocks.GOLDEN))
    counters = lanes.join_words("add", counters, lanes.spread_word(code.load("i64", words)))
    second = lanes.spread_word(code.load("i64", code.at(words, "i64", "1")))
    inner = logarithm(lanes, uniform(lanes, counters, second))
    outer = logarithm(lanes, lanes.let(f"fneg {lanes.numbers} {inner}"))
    return [
        lanes.let(f"extractelement {lanes.numbers} {outer}, i32 {lane}")
        for lane in range(len(kind.options))
    ]


def _noise(place: Place, kind: EventKind, site: str, count: str) -> str:
    code = place.code
    key = code.lookup("i64", keys_of(place.shared, kind, site), "%order")
    words = place.shared.words(code, place.shared.kind_number(kind))
    drawn = code.let(f"call double @f_uniform(ptr %ctx, ptr {words}, i64 {key}, i64 {count})")
    inner = call_numerics(place, numerics.logarithm, [drawn])
    return call_numerics(place, numerics.logarithm, [code.let(f"fneg double {inner}")])
