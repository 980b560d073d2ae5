"""Clocks as instructions: how each kind's clock is brought up to date.

The arithmetic is that of `timing` in the reference engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.engine import numerics
from foedus.engine.layout import labels_at, places
from foedus.engine.native import strips
from foedus.engine.native.clock_changes import count_clock_changes
from foedus.engine.native.commons import emit_common, kept_at, with_kept
from foedus.engine.native.expressions import (
    ONE,
    ZERO,
    Emission,
    Place,
    as_number,
    call_numerics,
    condition,
)
from foedus.engine.native.field import fields_of, sums_of
from foedus.engine.native.first_ring import set_ring
from foedus.engine.native.ir import INLINED, WITH_VECTORS, Function, double, signed
from foedus.engine.native.memo import looked_up
from foedus.expr import tree
from foedus.jump.model import EventKind, Immediate, Rate, Waiting

Refresh = Callable[[Place, EventKind, int, str], None]
"""Brings the clock of an instance (kind, first instance, order) up to date."""

UNDRAWN = double(-1.0)
NEVER = double(math.inf)
NOTHING = double(math.nan)


def instances_of(kind: EventKind) -> int:
    """How many instances a kind has."""
    return math.prod(group.size for group in kind.groups)


def keys_of(shared: Emission, kind: EventKind, site: str) -> Sequence[int] | NDArray[np.int64]:
    """The keys of a site, by instance."""
    return site_keys(shared, kind.name, kind.groups, site)


def site_keys(
    shared: Emission, owner: str, groups: tuple[tree.Group, ...], site: str
) -> Sequence[int] | NDArray[np.int64]:
    """The keys of what is drawn at every place of some groups, as signed words."""
    if shared.sparse is not None:
        return shared.sparse.keys.at(owner, groups, site).view(np.int64)
    return tuple(
        signed(shared.layout.key(owner, labels_at(groups, place), site)) for place in places(groups)
    )


def at_instance(shared: Emission, code: Function, kind: EventKind, order: str) -> Place:
    """A place with the kind's own indices bound to those of an instance."""
    bound: dict[str, str] = {}
    rest = order
    for name, group in reversed(list(zip(kind.index_names, kind.groups, strict=True))):
        if len(bound) + 1 == len(kind.groups):
            bound[name] = rest
        else:
            bound[name] = code.let(f"urem i64 {rest}, {group.size}")
            rest = code.let(f"udiv i64 {rest}, {group.size}")
    return Place(shared, code, bound)


def emit_change_hazard(shared: Emission) -> None:
    """`@f_change(ctx, instance, new, words, key)`: a hazard changes, inner time is kept."""
    arguments = ("i64", "%i"), ("double", "%new"), ("ptr", "%words"), ("i64", "%key")
    code = shared.function("@f_change", *arguments, attributes=inlined(shared))
    memory, place = shared.memory, Place(shared, code)
    count_clock_changes(shared, code)
    # From 0 to below infinity, as one comparison of bits; adding 0 makes -0 a 0.
    bits = code.let(f"bitcast double {code.let(f'fadd double %new, {ZERO}')} to i64")
    place.fault_unless(code.let(f"icmp ult i64 {bits}, {0x7FF0000000000000}"))
    now, old = memory.load(code, "time"), memory.load(code, "hazard", "%i")
    # Values stay in registers from here to the ring, which is what the next event waits for.
    before, inner = memory.load(code, "inner", "%i"), code.slot("double")
    code.store("double", before, inner)
    with code.when(code.let(f"fcmp ogt double {old}, {ZERO}")):
        since = code.let(f"fsub double {now}, {memory.load(code, 'changed', '%i')}")
        left = code.let(f"fsub double {before}, {code.let(f'fmul double {old}, {since}')}")
        positive = code.let(f"fcmp ogt double {left}, {ZERO}")
        kept = code.let(f"select i1 {positive}, double {left}, double {ZERO}")
        memory.store(code, "inner", kept, "%i")
        code.store("double", kept, inner)
    memory.store(code, "hazard", "%new", "%i")
    memory.store(code, "changed", now, "%i")
    off, on = code.label("off"), code.label("on")
    code.branch(code.let(f"fcmp oeq double %new, {ZERO}"), off, on)
    code.begin(off)
    set_ring(shared, code, "%i", NEVER)
    code.leave()
    code.begin(on)
    undrawn = code.let(f"fcmp oeq double {code.load('double', inner)}, {UNDRAWN}")
    with code.when(undrawn):
        number = memory.load(code, "number", "%i")
        key = "%key" if shared.sparse is None else memory.load(code, "key", "%i")
        call = "@f_draw(ptr %ctx, i64 %i" if shared.sparse is None else "@f_unit(ptr %ctx"
        unit = code.let(f"call double {call}, ptr %words, i64 {key}, i64 {number})")
        memory.store(code, "inner", unit, "%i")
        code.store("double", unit, inner)
    wait = code.let(f"fdiv double {code.load('double', inner)}, %new")
    set_ring(shared, code, "%i", code.let(f"fadd double {now}, {wait}"))
    code.finish()


def inlined(shared: Emission) -> str:
    """The attributes of what happens many times in an event where there are many instances."""
    return "nounwind" if shared.sparse is None else INLINED


def emit_refresh(
    shared: Emission, number: int, kind: EventKind, first: int, body: Refresh | None = None
) -> None:
    """`@f_refresh{n}(ctx, order)` for one instance of a kind.

    `body` brings the clock of an instance up to date.
    """
    renew = _refresh if body is None else body
    code = shared.function(f"@f_refresh{number}", ("i64", "%order"))
    place = _with_fields(at_instance(shared, code, kind, "%order"), kind)
    if number in shared.commons:
        is_known = shared.memory.load(code, "is_common_known", number)
        with code.when(code.let(f"icmp ne i8 {is_known}, 0")):
            renew(with_kept(place, number), kind, first, "%order")
            code.leave()
    renew(place, kind, first, "%order")
    code.finish()


def emit_refresh_all(
    shared: Emission, number: int, kind: EventKind, first: int, body: Refresh | None = None
) -> None:
    """`@f_refresh_all{n}(ctx)` for all instances of a kind, one after the other."""
    count = instances_of(kind)
    renew = _refresh if body is None else body
    attributes = INLINED if count == 1 else WITH_VECTORS
    code = shared.function(f"@f_refresh_all{number}", attributes=attributes)
    if not isinstance(kind.timing, Rate | Waiting | Immediate):
        code.finish()
        return
    if count == 1:
        code.do(f"call void @f_refresh{number}(ptr %ctx, i64 0)")
        code.finish()
        return
    if number in shared.commons:
        emit_common(shared, number)
    if number in shared.commons and body is not None:
        changed = code.let(f"call i1 @f_common{number}(ptr %ctx)")
        with code.when(changed):
            place = Place(shared, code)
            strips.emit_busy(place, kind, number, first, kept_at(place, number), "g_whole")
        code.finish()
        return
    has_strips = body is None and strips.suits(kind) and not fields_of(shared.fields, kind)
    if has_strips and not shared.is_checked and shared.sparse is None:
        table = code.module.table("i64", list(keys_of(shared, kind, "clock")))
        keys, place = (shared.words(code, shared.kind_number(kind)), table), Place(shared, code)
        kept = kept_at(place, number) if number in shared.commons else None
        strips.emit_strips(place, kind, number, first, keys, kept)
        code.finish()
        return
    known = {} if shared.is_checked else _worked_out_before(Place(shared, code), kind)
    with code.count_up("0", str(count)) as order:
        place = at_instance(shared, code, kind, order)
        renew(_with_fields(replace(place, known=known), kind), kind, first, order)
    code.finish()


def _with_fields(place: Place, kind: EventKind) -> Place:
    """The place with the sums that are kept, those of its own index."""
    fields = fields_of(place.shared.fields, kind)
    if not fields:
        return place
    row, memory = place.bound[kind.index_names[0]], place.shared.memory
    totals = {
        id(node): memory.load(place.code, fields[node].totals, row)
        for node in sums_of(kind)
        if node in fields
    }
    return replace(place, known={**place.known, **totals})


def _worked_out_before(place: Place, kind: EventKind) -> dict[int, str]:
    """Sums over groups that are the same for every instance and cannot fail, worked out once."""
    own = set(kind.index_names)
    hazard = kind.timing.hazard if isinstance(kind.timing, Rate) else None
    known: dict[int, str] = {}
    for root in (kind.guard, hazard):
        for node in _outermost(root, own) if root is not None else ():
            if id(node) not in known:
                value = as_number(place, node)
                if isinstance(node.type, tree.BooleanType):
                    value = place.code.let(f"fcmp une double {value}, {ZERO}")
                known[id(node)] = value
    return known


def _outermost(node: tree.Expression, own: set[str]) -> Iterable[tree.Quantifier]:
    if isinstance(node, tree.Quantifier) and _is_common(node, own):
        yield node
        return
    for child in tree.children(node):
        yield from _outermost(child, own)


def _is_common(node: tree.Quantifier, own: set[str]) -> bool:
    """Whether it mentions no index from outside and has no fault to meet."""
    inside: set[str] = set()
    for part in tree.walk(node):
        if isinstance(part, tree.Quantifier):
            inside.add(part.variable)
        if _may_fail(part) or isinstance(part, tree.Time | tree.Since):
            return False
        if isinstance(part, tree.IndexVariable) and part.name not in inside:
            return False
    return not own & inside


def _may_fail(part: tree.Expression) -> bool:
    if isinstance(part, tree.Quantifier):
        return part.name in ("min", "max") or isinstance(part.domain, tree.RelatedDomain)
    if isinstance(part, tree.Call):
        return part.function in ("log", "sqrt", "power", "exp")
    if isinstance(part, tree.Binary) and part.operator == "/":
        return not (isinstance(part.right, tree.Number) and part.right.value != 0.0)
    return isinstance(part, tree.Position)


def _refresh(place: Place, kind: EventKind, first: int, order: str) -> None:
    code = place.code
    timing = kind.timing
    if not isinstance(timing, Rate | Waiting | Immediate):
        return
    instance = code.let(f"add i64 {order}, {first}")
    is_on = is_enabled(place, kind, instance)
    if isinstance(timing, Rate):
        _refresh_rate(place, kind, timing, instance, is_on, order)
    elif isinstance(timing, Waiting):
        key = code.lookup("i64", keys_of(place.shared, kind, "clock"), order)
        words = place.shared.words(code, place.shared.kind_number(kind))
        _refresh_waiting(place, timing, instance, is_on, (words, key))
    else:
        _refresh_immediate(place, instance, is_on)


def is_enabled(place: Place, kind: EventKind, instance: str) -> str:
    """Whether an instance may happen in the state as it is now; an i1."""
    code = place.code
    if not place.shared.can_be_forbidden(kind):
        return condition(place, kind.guard)
    forbidden = place.shared.memory.load(code, "forbidden", instance)
    free = code.let(f"icmp eq i8 {forbidden}, 0")
    return code.choose("i1", free, lambda: condition(place, kind.guard), lambda: "false")


def _refresh_rate(
    place: Place, kind: EventKind, timing: Rate, instance: str, is_on: str, order: str
) -> None:
    code, memory = place.code, place.shared.memory
    new = hazard_now(place, timing, instance, is_on)
    old = memory.load(code, "hazard", instance)
    with code.when(code.let(f"fcmp une double {new}, {old}")):
        change_hazard(place, kind, instance, new, order)


def change_hazard(place: Place, kind: EventKind, instance: str, new: str, order: str) -> None:
    """Let the clock of an instance go on at another speed."""
    code, shared = place.code, place.shared
    key = "0"  # with many instances the key is looked up where it is needed
    if shared.sparse is None:
        key = code.lookup("i64", keys_of(shared, kind, "clock"), order)
    words = shared.words(code, shared.kind_number(kind))
    arguments = f"ptr %ctx, i64 {instance}, double {new}, ptr {words}, i64 {key}"
    code.do(f"call void @f_change({arguments})")


def hazard_of(place: Place, timing: Rate) -> str:
    """The hazard of an instance that is on, worked out or looked up."""
    sparse = place.shared.sparse
    memo = None if sparse is None else sparse.memos.get(timing.hazard)
    return as_number(place, timing.hazard) if memo is None else looked_up(place, memo)


def hazard_now(place: Place, timing: Rate, instance: str, is_on: str) -> str:
    """The hazard of an instance in the state as it is; a held one if it is held."""
    code, memory = place.code, place.shared.memory
    if timing.every is None:
        new = code.choose("double", is_on, lambda: hazard_of(place, timing), lambda: ZERO)
    else:

        def held() -> str:
            before = memory.load(code, "held", instance)
            fresh = code.let(f"fcmp uno double {before}, {before}")
            return code.choose(
                "double", fresh, lambda: as_number(place, timing.hazard), lambda: before
            )

        kept = code.choose("double", is_on, held, lambda: NOTHING)
        memory.store(code, "held", kept, instance)
        none = code.let(f"fcmp uno double {kept}, {kept}")
        new = code.let(f"select i1 {none}, double {ZERO}, double {kept}")
    return new


def _refresh_waiting(
    place: Place, timing: Waiting, instance: str, is_on: str, keys: tuple[str, str]
) -> None:
    code, memory = place.code, place.shared.memory
    now_on = code.let(f"zext i1 {is_on} to i8")
    was_on = memory.load(code, "enabled", instance)
    with code.when(code.let(f"icmp ne i8 {now_on}, {was_on}")):
        count_clock_changes(place.shared, code)
        memory.store(code, "enabled", now_on, instance)
        on, off, after = code.label("on"), code.label("off"), code.label("after")
        code.branch(is_on, on, off)
        code.begin(off)
        time = memory.load(code, "time")
        left = code.let(f"fsub double {memory.load(code, 'ring', instance)}, {time}")
        memory.store(code, "inner", left if timing.resumes else UNDRAWN, instance)
        set_ring(place.shared, code, instance, NEVER)
        code.jump(after)
        code.begin(on)
        inner = memory.load(code, "inner", instance)
        with code.when(code.let(f"fcmp oeq double {inner}, {UNDRAWN}")):
            count = memory.load(code, "enablings", instance)
            where = f"ptr {keys[0]}, i64 {keys[1]}"
            unit = code.let(f"call double @f_unit(ptr %ctx, {where}, i64 {count})")
            memory.store(code, "enablings", code.let(f"add i64 {count}, 1"), instance)
            values = [as_number(place, argument) for argument in timing.arguments]
            law = numerics.WAITING_TIMES[timing.distribution]
            memory.store(code, "inner", call_numerics(place, law, [*values, unit]), instance)
        wait = memory.load(code, "inner", instance)
        time = memory.load(code, "time")
        set_ring(place.shared, code, instance, code.let(f"fadd double {time}, {wait}"))
        code.begin(after)


def _refresh_immediate(place: Place, instance: str, is_on: str) -> None:
    code, memory = place.code, place.shared.memory
    was_on = code.let(f"icmp ne i8 {memory.load(code, 'enabled', instance)}, 0")
    was_pending = memory.load(code, "pending", instance)
    turned = code.let(f"and i1 {is_on}, {code.let(f'xor i1 {was_on}, true')}")
    stays = code.let(f"zext i1 {code.let(f'icmp ne i8 {was_pending}, 0')} to i8")
    kept = code.let(f"select i1 {is_on}, i8 {stays}, i8 0")
    pending = code.let(f"select i1 {turned}, i8 1, i8 {kept}")
    memory.store(code, "pending", pending, instance)
    memory.store(code, "enabled", code.let(f"zext i1 {is_on} to i8"), instance)
    before, after = (code.let(f"zext i8 {value} to i64") for value in (was_pending, pending))
    change = code.let(f"sub i64 {after}, {before}")
    count = memory.load(code, "pending_count")
    memory.store(code, "pending_count", code.let(f"add i64 {count}, {change}"))


__all__ = [
    "ONE",
    "at_instance",
    "emit_change_hazard",
    "emit_refresh",
    "emit_refresh_all",
    "instances_of",
    "keys_of",
]
