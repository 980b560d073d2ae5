"""Clocks as instructions: noise by key, and how each kind's clock is brought up to date.

The arithmetic is that of `timing` in the reference engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from foedus.engine import clocks, numerics
from foedus.engine.layout import labels_at, places
from foedus.engine.native import strips
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
from foedus.engine.native.ir import Function, double
from foedus.expr import tree
from foedus.jump.model import EventKind, Immediate, Rate, Waiting

Refresh = Callable[[Place, EventKind, int, str], None]
"""Brings the clock of an instance (kind, first instance, order) up to date."""

UNDRAWN = double(-1.0)
NEVER = double(math.inf)
NOTHING = double(math.nan)
HALF = double(0.5)
SCALE = double(2.220446049250313e-16)


def signed(word: int) -> int:
    """A 64-bit word as LLVM writes it."""
    return word - (1 << 64) if word >> 63 else word


def instances_of(kind: EventKind) -> int:
    """How many instances a kind has."""
    return math.prod(group.size for group in kind.groups)


def emit_noise(shared: Emission) -> None:
    """`@f_uniform(ctx, words, k, n)` and `@f_unit(ctx, words, k, n)`: see `engine/clocks.py`."""
    code = shared.function(
        "@f_uniform",
        ("ptr", "%words"),
        ("i64", "%k"),
        ("i64", "%n"),
        result="double",
        attributes="nounwind alwaysinline",
    )
    at = code.let("add i64 %k, %n")
    scaled = code.let(f"mul i64 {at}, {signed(clocks.GOLDEN)}")
    z = code.let(f"add i64 {scaled}, {code.load('i64', '%words')}")
    z = _shifted(code, z, 32, clocks.FIRST_MULTIPLIER, 29)
    second = code.load("i64", code.at("%words", "i64", "1"))
    z = code.let(f"xor i64 {z}, {second}")
    z = _shifted(code, z, 32, clocks.SECOND_MULTIPLIER, 29)
    number = code.let(f"uitofp i64 {code.let(f'lshr i64 {z}, 12')} to double")
    middle = code.let(f"fadd double {number}, {HALF}")
    code.leave(code.let(f"fmul double {middle}, {SCALE}"))
    code.finish()
    arguments = ("ptr", "%words"), ("i64", "%k"), ("i64", "%n")
    code = shared.function("@f_unit", *arguments, result="double")
    uniform = code.let("call double @f_uniform(ptr %ctx, ptr %words, i64 %k, i64 %n)")
    place = Place(shared, code)
    logarithm = call_numerics(place, numerics.logarithm, [uniform])
    code.leave(code.let(f"fneg double {logarithm}"))
    code.finish()


def _shifted(code: Function, z: str, first: int, multiplier: int, second: int) -> str:
    z = code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {first}')}")
    z = code.let(f"mul i64 {z}, {signed(multiplier)}")
    return code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {second}')}")


def emit_run_keys(shared: Emission) -> None:
    """`@f_run_keys(ctx, seed, run)`: the two words all noise of a run is keyed by."""
    code = shared.function("@f_run_keys", ("i64", "%seed"), ("i64", "%run"))

    def mixed(z: str) -> str:
        for shift, multiplier in ((30, clocks.FIRST_MULTIPLIER), (27, clocks.SECOND_MULTIPLIER)):
            z = code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {shift}')}")
            z = code.let(f"mul i64 {z}, {signed(multiplier)}")
        return code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, 31')}")

    golden = signed(clocks.GOLDEN)
    world = mixed(code.let(f"xor i64 %seed, {signed(clocks.FIRST_WORD)}"))
    world = mixed(code.let(f"add i64 {world}, {golden}"))
    steps = code.let(f"mul i64 %run, {golden}")
    first = mixed(code.let(f"add i64 {world}, {steps}"))
    second = mixed(code.let(f"xor i64 {first}, {signed(clocks.SECOND_WORD)}"))
    second = mixed(code.let(f"add i64 {second}, {world}"))
    shared.memory.store(code, "keys", first, 0)
    shared.memory.store(code, "keys", second, 1)
    code.finish()


def keys_of(shared: Emission, kind: EventKind, site: str) -> tuple[int, ...]:
    """The keys of a site, by instance."""
    return tuple(
        signed(shared.layout.key(kind.name, labels_at(kind.groups, place), site))
        for place in places(kind.groups)
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
    code = shared.function("@f_change", *arguments)
    memory, place = shared.memory, Place(shared, code)
    low = code.let(f"fcmp oge double %new, {ZERO}")
    high = code.let(f"fcmp olt double %new, {NEVER}")
    place.fault_unless(code.let(f"and i1 {low}, {high}"))
    now, old = memory.load(code, "time"), memory.load(code, "hazard", "%i")
    with code.when(code.let(f"fcmp ogt double {old}, {ZERO}")):
        since = code.let(f"fsub double {now}, {memory.load(code, 'changed', '%i')}")
        used = code.let(f"fmul double {old}, {since}")
        left = code.let(f"fsub double {memory.load(code, 'inner', '%i')}, {used}")
        positive = code.let(f"fcmp ogt double {left}, {ZERO}")
        kept = code.let(f"select i1 {positive}, double {left}, double {ZERO}")
        memory.store(code, "inner", kept, "%i")
    memory.store(code, "hazard", "%new", "%i")
    memory.store(code, "changed", now, "%i")
    off, on = code.label("off"), code.label("on")
    code.branch(code.let(f"fcmp oeq double %new, {ZERO}"), off, on)
    code.begin(off)
    memory.store(code, "ring", NEVER, "%i")
    code.leave()
    code.begin(on)
    undrawn = code.let(f"fcmp oeq double {memory.load(code, 'inner', '%i')}, {UNDRAWN}")
    with code.when(undrawn):
        number = memory.load(code, "number", "%i")
        unit = code.let(f"call double @f_unit(ptr %ctx, ptr %words, i64 %key, i64 {number})")
        memory.store(code, "inner", unit, "%i")
    wait = code.let(f"fdiv double {memory.load(code, 'inner', '%i')}, %new")
    memory.store(code, "ring", code.let(f"fadd double {now}, {wait}"), "%i")
    code.finish()


def emit_refresh(
    shared: Emission, number: int, kind: EventKind, first: int, body: Refresh | None = None
) -> None:
    """`@f_refresh{n}(ctx, order)` for one instance of a kind.

    `body` brings the clock of an instance up to date.
    """
    renew = _refresh if body is None else body
    code = shared.function(f"@f_refresh{number}", ("i64", "%order"))
    place = _with_fields(at_instance(shared, code, kind, "%order"), kind)
    renew(place, kind, first, "%order")
    code.finish()


def emit_refresh_all(
    shared: Emission, number: int, kind: EventKind, first: int, body: Refresh | None = None
) -> None:
    """`@f_refresh_all{n}(ctx)` for all instances of a kind, one after the other."""
    count = instances_of(kind)
    renew = _refresh if body is None else body
    code = shared.function(f"@f_refresh_all{number}")
    if not isinstance(kind.timing, Rate | Waiting | Immediate):
        code.finish()
        return
    if count == 1:
        code.do(f"call void @f_refresh{number}(ptr %ctx, i64 0)")
        code.finish()
        return
    has_strips = body is None and strips.suits(kind) and not fields_of(shared.fields, kind)
    if has_strips and not shared.is_checked:
        table = code.module.table("i64", keys_of(shared, kind, "clock"))
        keys = shared.words(code, shared.kind_number(kind)), table
        strips.emit_strips(Place(shared, code), kind, number, first, keys)
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
    key = code.lookup("i64", keys_of(shared, kind, "clock"), order)
    words = shared.words(code, shared.kind_number(kind))
    arguments = f"ptr %ctx, i64 {instance}, double {new}, ptr {words}, i64 {key}"
    code.do(f"call void @f_change({arguments})")


def hazard_now(place: Place, timing: Rate, instance: str, is_on: str) -> str:
    """The hazard of an instance in the state as it is; a held one if it is held."""
    code, memory = place.code, place.shared.memory
    if timing.every is None:
        new = code.choose("double", is_on, lambda: as_number(place, timing.hazard), lambda: ZERO)
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
        memory.store(code, "enabled", now_on, instance)
        on, off, after = code.label("on"), code.label("off"), code.label("after")
        code.branch(is_on, on, off)
        code.begin(off)
        time = memory.load(code, "time")
        left = code.let(f"fsub double {memory.load(code, 'ring', instance)}, {time}")
        memory.store(code, "inner", left if timing.resumes else UNDRAWN, instance)
        memory.store(code, "ring", NEVER, instance)
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
        memory.store(code, "ring", code.let(f"fadd double {time}, {wait}"), instance)
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
    "emit_noise",
    "emit_refresh",
    "emit_refresh_all",
    "emit_run_keys",
    "instances_of",
    "keys_of",
]
