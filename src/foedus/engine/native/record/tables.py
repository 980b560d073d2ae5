"""What a conditioned run reads and changes: its arrays in memory, and tables given by the caller.

Tables are arrays of doubles or of whole numbers; the caller passes their addresses in the order of
`TABLES`. Nothing in them is a part of the program.
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.tracked import Tracked
from foedus.engine.native.clockwork import NEVER, NOTHING, UNDRAWN
from foedus.engine.native.ir import Function, double
from foedus.engine.native.place import ZERO, Emission
from foedus.engine.native.record.rows import add_history
from foedus.text.diagnostic import InternalError

TABLES: dict[str, str] = {
    "break_time": "double", "break_change": "i64", "break_number": "i64", "break_place": "i64",
    "item_on": "i64", "item_kind": "i64", "item_start": "double", "item_end": "double",
    "item_outcome": "i64", "window_first": "i64", "window_start": "double", "window_end": "double",
    "window_weight": "double", "silent_until": "double", "cover_start": "double",
    "measured": "double", "error_form": "i64", "error_size": "double", "draw_form": "i64",
    "draw_value": "double", "draw_size": "double", "claim_on": "i64", "claim_time": "double",
    "claim_reading": "double",
}  # fmt: skip
"""What the caller knows, and as what."""

KINDS = ("happened", "absent", "no-report", "state", "value")
"""Kinds of items by their number in `item_kind`."""

FORMS = ("none", "exact", "sd", "factor")
"""Forms of errors by their number."""

STRAND_ARRAYS = {"st_rate": ZERO, "st_taken": ZERO, "st_since": ZERO, "st_fraction": ZERO}
ITEM_ARRAYS = {"it_total": UNDRAWN, "it_left": ZERO, "it_since": ZERO, "it_until": NEVER}
ITEM_NUMBERS = ("it_status", "it_date", "it_begun", "it_enabled", "it_on")
GAP_ARRAYS = ("g_whole", "g_used", "g_moved")


def record_of(shared: Emission) -> Conditioned:
    """The record that the program is emitted for."""
    if shared.conditioned is None:
        raise InternalError("no record to emit")
    return shared.conditioned


def add_record_arrays(shared: Emission) -> None:
    """Room for all that the record does to a run."""
    memory, conditioned = shared.memory, record_of(shared)
    items, strands = len(conditioned.items), len(conditioned.grouping.strand_items)
    instances = len(conditioned.prepared.instances)
    for name in TABLES:
        memory.add(f"t_{name}", "i64", 1)
    for name in ("noise", "item_noise", "epoch", "switches", "break_next", "break_count"):
        memory.add(name, "i64", 1)
    for name in ("member_noise", "died", "look_next"):
        memory.add(name, "i64", 1)
    for name in ("look_count", "cover_account"):
        memory.add(name, "i64", 1)
    for name in ("cover_fraction", "horizon"):
        memory.add(name, "double", 1)
    for name in STRAND_ARRAYS:
        memory.add(name, "double", strands)
    memory.add("st_account", "i64", strands)
    memory.add("st_changed", "i8", strands)
    for name in ITEM_ARRAYS:
        memory.add(name, "double", items)
    for name in ITEM_NUMBERS:
        memory.add(name, "i64", items)
    for name in GAP_ARRAYS:
        memory.add(name, "double", instances)
    memory.add("weights", "double", conditioned.accounts)
    memory.add("claims", "double", len(conditioned.claims))
    options = max((len(kind.options) for kind in shared.model.kinds), default=0)
    memory.add("shares", "double", options)
    memory.add("look_time", "double", items + len(conditioned.claims))
    memory.add("look_what", "i64", items + len(conditioned.claims))
    if shared.keeps_history:
        add_history(memory, conditioned)


def reset_record(shared: Emission, code: Function) -> None:
    """Everything as before a run."""
    memory = shared.memory
    for name, value in (*STRAND_ARRAYS.items(), *ITEM_ARRAYS.items()):
        memory.fill(code, name, value)
    memory.fill(code, "st_account", "-1")
    for name in ("st_changed", *ITEM_NUMBERS, "break_next", "look_next", "look_count"):
        memory.fill(code, name, "0")
    for name in (*GAP_ARRAYS, "weights"):
        memory.fill(code, name, ZERO)
    memory.fill(code, "claims", NOTHING)
    memory.store(code, "died", "-1")
    memory.store(code, "epoch", "0")


def table(shared: Emission, code: Function, name: str, index: str | int) -> str:
    """An element of a table of the caller's."""
    kind = TABLES[name]
    base = code.load("ptr", shared.memory.cell(code, f"t_{name}", 0))
    return code.load(kind, code.at(base, kind, str(index)))


def constants(values: Sequence[int]) -> Sequence[int]:
    """Numbers for a constant array, which cannot be empty."""
    return values if values else (0,)


def flattened(lists: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Lists one after the other, and where each begins (and the last ends)."""
    starts, flat = [0], list[int]()
    for one in lists:
        flat.extend(one)
        starts.append(len(flat))
    return flat, starts


def item_noise(shared: Emission, code: Function, item: str, keys: Sequence[int]) -> str:
    """The arguments that ask for the noise of an item by one of its keys."""
    row = code.let(f"mul i64 {item}, 2")
    base = code.load("ptr", shared.memory.cell(code, "item_noise", 0))
    key = code.lookup("i64", keys, item)
    return f"ptr {code.at(base, 'i64', row)}, i64 {key}"


def ring_of(shared: Emission, code: Function, item: str) -> str:
    """Where the ring time of an item stands among those of instances."""
    return code.let(f"add i64 {item}, {len(record_of(shared).prepared.instances)}")


def tracked_of_kind(shared: Emission, number: int) -> tuple[Tracked, ...]:
    """What the record tells of a kind."""
    if shared.conditioned is None:
        return ()
    return shared.conditioned.grouping.by_kind.get(number, ())


def is_scripted(shared: Emission, code: Function) -> str:
    """Whether the run is another world; an i1."""
    return code.let(f"icmp ne i8 {shared.memory.load(code, 'is_scripted')}, 0")


def is_held(shared: Emission, code: Function, tracked: Sequence[Tracked], order: str) -> str:
    """Whether the record holds any part of an instance now; an i1."""
    held = "false"
    for one in tracked:
        strand = code.let(f"add i64 {order}, {one.first}")
        fraction = shared.memory.load(code, "st_fraction", strand)
        some = code.let(f"fcmp ogt double {fraction}, {ZERO}")
        held = code.let(f"or i1 {held}, {some}")
    return held


def emit_death(shared: Emission) -> None:
    """`@f_die(ctx, account)` and `@f_charge(ctx, account, weight)`."""
    memory = shared.memory
    code = shared.function("@f_die", ("i64", "%account"))
    fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
    with code.when(fine):
        memory.store(code, "fault", "2")
        memory.store(code, "died", "%account")
    code.finish()
    code = shared.function("@f_charge", ("i64", "%account"), ("double", "%weight"))
    before = memory.load(code, "weights", "%account")
    memory.store(code, "weights", code.let(f"fadd double {before}, %weight"), "%account")
    with code.when(code.let(f"fcmp oeq double %weight, {double(-float('inf'))}")):
        code.do("call void @f_die(ptr %ctx, i64 %account)")
    code.finish()
