"""A run that stands still, as a row of words: what is worth keeping of its memory.

Left out is what the caller gives with every call, what is worked out anew where it is missing, and
what no instant leaves behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.case.reads import expressions_of
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.native.draws_ahead import NOTHING_AHEAD
from foedus.engine.native.first_ring import forget_first
from foedus.engine.native.ir import Function
from foedus.engine.native.memory import WIDTHS
from foedus.engine.native.place import Emission
from foedus.engine.native.record.tables import TABLES, record_of
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import Immediate, Rate, Waiting

GIVEN = (
    "parameters", "given_parameters", "components", "switches", "horizon", "samples", "noise",
    "item_noise", "member_noise", "own_noise", "keys", "log", "log_room", "log_used", "drawn",
    "drawn_room", "drawn_used", *(f"t_{name}" for name in TABLES),
)  # fmt: skip
FOUND_AGAIN = ("ahead", "ahead_from", "ring_group", "ring_known", "next_ring")
PASSING = (
    "log_dummy", "at_once", "change_cell", "change_value", "draws", "shares", "cover_fraction",
    "cover_account", "break_count",
)  # fmt: skip

TOLD = ("fault", "died", "weights", "values", "fired")
"""What is asked of a run that stands; it lies together."""

WORD, ALIGNMENT = 8, 64
WIDEST = 8
"""Words that are copied at once."""

MOST_UNROLLED = 64
"""Longer arrays are copied in a loop."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where in a row each array stands: its first byte, and its length in words.

    `size` is that of a row, in bytes.
    """

    places: Mapping[str, tuple[int, int]]
    size: int


def rows_of(shared: Emission, clocks: int) -> Rows:
    """The rows for a program in which so many clocks may ring."""
    arrays = shared.memory.arrays
    left_out = {*GIVEN, *FOUND_AGAIN, *PASSING, *_idle(record_of(shared))}
    places: dict[str, tuple[int, int]] = {}
    end = 0
    for name in (*TOLD, *(name for name in arrays if name not in TOLD)):
        count = clocks if name == "ring" else arrays[name].count
        words = -(-count * WIDTHS[arrays[name].kind] // WORD)
        if name not in left_out and words:
            places[name] = end, words
            end += words * WORD
    return Rows(places, -(-end // ALIGNMENT) * ALIGNMENT)


def _idle(conditioned: Conditioned) -> Iterator[str]:
    """Arrays that no event of a model with a record changes, or nobody reads."""
    model, record = conditioned.prepared.model, conditioned.record
    timings = [kind.timing for kind in model.kinds]
    if not any(isinstance(one, Rate) and one.every is not None for one in timings):
        yield "held"
    if not any(isinstance(one, Waiting) for one in timings):
        yield "enablings"
        if not any(isinstance(one, Immediate) for one in timings):
            yield from ("enabled", "pending", "pending_count")
    if all(kind.gate is None for kind in model.kinds):
        yield "forbidden"
    if not conditioned.grouping.by_kind:
        yield from ("g_whole", "g_used", "g_moved")
    roots = [root for kind in model.kinds for root in expressions_of(kind)]
    roots += [one.expression for one in record.sightings if one.expression is not None]
    roots += [one.expression for one in record.assertions if one.expression is not None]
    parts = (part for root in roots for part in tree.walk(root))
    if not any(isinstance(part, tree.Since) for part in parts):
        yield "last"


def emit_rows(shared: Emission, rows: Rows) -> None:
    """`@f_take(ctx, row)` and `@f_leave(ctx, row)`: a run goes on, and stands still."""
    for name, takes in (("@f_take", True), ("@f_leave", False)):
        code = shared.function(name, ("ptr", "%row"))
        for array, (first, words) in rows.places.items():
            row, cells = code.at("%row", "i8", str(first)), shared.memory.base(code, array)
            _copy(code, *((row, cells) if takes else (cells, row)), words)
        if takes:
            forget_first(shared, code)
            shared.memory.fill(code, "ahead_from", NOTHING_AHEAD)
        code.finish()


def _copy(code: Function, source: str, target: str, words: int) -> None:
    """Copy words; arrays in memory and rows begin at multiples of 8 bytes."""
    at, width = 0, WIDEST
    if words > MOST_UNROLLED:
        at = words // WIDEST * WIDEST
        with code.count_up("0", str(words // WIDEST)) as block:
            first = code.let(f"mul i64 {block}, {WIDEST}")
            _copy_some(code, source, target, first, WIDEST)
    while at < words:
        while width > words - at:
            width //= 2
        _copy_some(code, source, target, str(at), width)
        at += width


def _copy_some(code: Function, source: str, target: str, at: str, width: int) -> None:
    kind = f"<{width} x i64>"
    value = code.let(f"load {kind}, ptr {code.at(source, 'i64', at)}, align {WORD}")
    code.do(f"store {kind} {value}, ptr {code.at(target, 'i64', at)}, align {WORD}")
