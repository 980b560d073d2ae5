"""What events do, as instructions: draws, choices, simultaneous effects.

The arithmetic and the order are those of `firing` and `course` in the reference engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from foedus.engine import numerics
from foedus.engine.layout import NUMBERED
from foedus.engine.native.choice_noise import option_noises
from foedus.engine.native.clockwork import at_instance, site_keys
from foedus.engine.native.event_log import log_event
from foedus.engine.native.expressions import (
    ONE,
    ZERO,
    Emission,
    Place,
    as_number,
    call_numerics,
    cell,
    condition,
    each_member,
)
from foedus.engine.native.ir import double
from foedus.engine.native.many_clocks import can_go_side_by_side, draw_at_once
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import Assignment, DrawSpec, EventKind, Option, VariableSpec

Happen = Callable[[Place, EventKind, str, str], None]
"""Lets an instance of a kind fire of its own; its place, and the number of this firing."""


def emit_happen(
    shared: Emission, number: int, kind: EventKind, first: int, body: Happen | None = None
) -> None:
    """`@f_happen{n}(ctx, order)`: an instance fires of its own, as `body` has it."""
    code = shared.function(f"@f_happen{number}", ("i64", "%order"))
    memory = shared.memory
    instance = code.let(f"add i64 %order, {first}")
    count = memory.load(code, "number", instance)
    memory.store(code, "number", code.let(f"add i64 {count}, 1"), instance)
    if can_go_side_by_side(shared, kind):
        draw_at_once(shared, code, kind, instance)
    place = at_instance(shared, code, kind, "%order")
    if body is not None:
        body(place, kind, instance, count)
    elif kind.options:
        emit_choice(place, kind, count)
    else:
        emit_act(place, kind, None, count)
    after = number if has_aftermath(shared) else ""
    code.do(f"call void @f_settle{after}(ptr %ctx)")
    code.finish()


def has_aftermath(shared: Emission) -> bool:
    """Whether what an event can have changed is looked at by code of its own (see `aftermath`)."""
    return shared.sparse is None and not shared.fields and shared.conditioned is None


def options_array(kind: EventKind) -> str:
    """The array that says which options of a kind may not be chosen, where any can be forbidden."""
    return f"closed {kind.name}"


def emit_choice(place: Place, kind: EventKind, count: str, prefix: str = "") -> str:
    """The actor of `%order` takes an option, firing number `count`; an i1, false if none is open.

    `prefix` stands before the sites of the keys (forced firings have noise of their own).
    """
    chosen = choose_option(place, kind, count, prefix)
    take_option(place, kind, chosen, count, prefix)
    return place.code.let(f"icmp sge i64 {chosen}, 0")


def choose_option(
    place: Place,
    kind: EventKind,
    count: str,
    prefix: str = "",
    held: Mapping[int, str] | None = None,
) -> str:
    """The number of the option that the actor of `%order` takes; -1 if none is open.

    `held` has, by option, the fraction of it that a record holds back.
    """
    code = place.code
    best, taken = code.slot("double"), code.slot("i64")
    code.store("double", double(-math.inf), best)
    code.store("i64", "-1", taken)
    noises = option_noises(place, kind, count, prefix)
    for number, option in enumerate(kind.options):
        fraction = (held or {}).get(number)
        can_be = is_open(place, kind, number)
        if fraction is not None:
            can_be = code.let(f"and i1 {code.let(f'fcmp une double {fraction}, {ONE}')}, {can_be}")
        with code.when(can_be):
            utility = _utility(place, option, fraction)
            noisy = code.let(f"fsub double {utility}, {noises[number]}")
            with code.when(code.let(f"fcmp ogt double {noisy}, {code.load('double', best)}")):
                code.store("double", noisy, best)
                code.store("i64", str(number), taken)
    return code.load("i64", taken)


def take_option(place: Place, kind: EventKind, chosen: str, count: str, prefix: str = "") -> None:
    """Carry out the option of that number; nothing for -1."""
    for number, option in enumerate(kind.options):
        with place.code.when(place.code.let(f"icmp eq i64 {chosen}, {number}")):
            emit_act(place, kind, option, count, prefix)


def is_open(place: Place, kind: EventKind, number: int, order: str = "%order") -> str:
    """Whether an option can be taken; an i1."""
    code, memory = place.code, place.shared.memory
    option = kind.options[number]
    if options_array(kind) not in memory.arrays:
        return condition(place, option.guard)
    row = code.let(f"mul i64 {order}, {len(kind.options)}")
    at = code.let(f"add i64 {row}, {number}")
    free = code.let(f"icmp eq i8 {memory.load(code, options_array(kind), at)}, 0")
    return code.choose("i1", free, lambda: condition(place, option.guard), lambda: "false")


def _utility(place: Place, option: Option, held: str | None) -> str:
    code = place.code
    utility = as_number(place, option.utility)
    spread = code.let(f"fsub double {utility}, {utility}")
    place.fault_unless(code.let(f"fcmp oeq double {spread}, {ZERO}"))
    return utility if held is None else _less_what_is_held(place, utility, held)


def _less_what_is_held(place: Place, utility: str, held: str) -> str:
    code = place.code

    def less() -> str:
        rest = code.let(f"fsub double {ONE}, {held}")
        return code.let(
            f"fadd double {utility}, {call_numerics(place, numerics.logarithm, [rest])}"
        )

    some = code.let(f"fcmp ogt double {held}, {ZERO}")
    return code.choose("double", some, less, lambda: utility)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change worked out: where, what, and whether; or, for a loop, where they stand in memory."""

    spec: VariableSpec
    cell: str
    value: str
    applies: str
    last: str | None = None


def emit_act(
    place: Place, kind: EventKind, option: Option | None, count: str, prefix: str = ""
) -> None:
    """The kind's own act, or an option's: draws, effects, counters, the log."""
    code, shared, memory = place.code, place.shared, place.shared.memory
    doer = kind if option is None else option
    name = kind.name if option is None else f"{kind.name}.{option.name}"
    land_together(_draw_all(place, kind, name, doer.draws, count, prefix), doer.effects)
    block_names = list(shared.layout.counters)
    for counter in dict.fromkeys((kind.name, name)):
        block = shared.layout.counters[counter]
        # Nobody asks of one instance: that of the first, which is at hand, counts for all.
        is_unread = shared.sparse is not None and counter in shared.sparse.unread
        at = str(block.first) if is_unread else code.let(f"add i64 %order, {block.first}")
        fired = memory.load(code, "firings", at)
        memory.store(code, "firings", code.let(f"fadd double {fired}, {double(1.0)}"), at)
        if is_unread:
            continue
        memory.store(code, "last", memory.load(code, "time"), at)
        code.do(f"call void @f_touch_c{block_names.index(counter)}(ptr %ctx, i64 {at})")
    total = memory.load(code, "fired")
    memory.store(code, "fired", code.let(f"add i64 {total}, 1"))
    log_event(place, block_names.index(name), count_draws(doer.draws), bool(prefix))


def land_together(place: Place, effects: tuple[Assignment, ...]) -> None:
    """Work out every effect in the state before, then let them land."""
    variables = {spec.name: spec for spec in place.shared.model.variables}
    used = place.code.slot("i64")
    place.code.store("i64", "0", used)
    changes = [_work_out(place, effect, variables[effect.variable], used) for effect in effects]
    for change in changes:
        _land(place, change)


def _draw_all(
    place: Place, kind: EventKind, owner: str, draws: tuple[DrawSpec, ...], count: str, prefix: str
) -> Place:
    shared, first = place.shared, 0
    for spec in draws:
        size = math.prod(group.size for group in spec.groups)
        _draw(place, kind, owner, spec, first, count, prefix)
        place = replace(place, draws={**place.draws, spec.name: (spec, first)})
        first += size
    assert first <= shared.memory.arrays["draws"].count
    return place


def _draw(
    place: Place, kind: EventKind, owner: str, spec: DrawSpec, first: int, count: str, prefix: str
) -> None:
    code, shared = place.code, place.shared
    size = math.prod(group.size for group in spec.groups)
    keys = site_keys(shared, owner, kind.groups + spec.groups, f"{prefix}draw {spec.name}")
    with code.count_up("0", str(size)) as index:
        inside, rest = place, index
        for name, group in reversed(list(zip(spec.index_names, spec.groups, strict=True))):
            inside = inside.binding(name, code.let(f"urem i64 {rest}, {group.size}"))
            rest = code.let(f"udiv i64 {rest}, {group.size}")
        row = code.let(f"mul i64 %order, {size}")
        key = code.lookup("i64", keys, code.let(f"add i64 {row}, {index}"))

        def sampled(inside: Place = inside, key: str = key) -> str:
            where = f"ptr {shared.words(code, shared.kind_number(kind))}, i64 {key}"
            uniform = code.let(f"call double @f_uniform(ptr %ctx, {where}, i64 {count})")
            return _sample(inside, spec, uniform)

        value = sampled() if place.decide is None else place.decide(inside, spec, sampled)
        at = code.let(f"add i64 {index}, {first}")
        shared.memory.store(code, "draws", value, at)


def _sample(place: Place, spec: DrawSpec, uniform: str) -> str:
    if spec.over is None:
        values = [as_number(place, argument) for argument in spec.arguments]
        return call_numerics(place, numerics.DRAWS[spec.distribution], [*values, uniform])
    return _categorical(place, spec, uniform)


def _categorical(place: Place, spec: DrawSpec, uniform: str) -> str:
    """`numerics.categorical`, its weights worked out twice instead of kept."""
    code, group = place.code, spec.over
    assert group is not None
    total, cumulated, chosen = (code.slot("double") for _ in range(3))
    code.store("double", ZERO, total)

    def add(inside: Place) -> None:
        weight = as_number(inside, spec.arguments[0])
        fine = code.let(f"fcmp oge double {weight}, {ZERO}")
        finite = code.let(f"fcmp olt double {weight}, {double(math.inf)}")
        inside.fault_unless(code.let(f"and i1 {fine}, {finite}"))
        now = code.load("double", total)
        code.store("double", code.let(f"fadd double {now}, {weight}"), total)

    each_member(place, tree.GroupDomain(group), spec.over_name, add)
    whole = code.load("double", total)
    fine = code.let(f"fcmp ogt double {whole}, {ZERO}")
    finite = code.let(f"fcmp olt double {whole}, {double(math.inf)}")
    place.fault_unless(code.let(f"and i1 {fine}, {finite}"))
    target = code.let(f"fmul double {uniform}, {whole}")
    code.store("double", ZERO, cumulated)
    code.store("double", ZERO, chosen)
    done = code.label("chosen")

    def look(inside: Place) -> None:
        weight = as_number(inside, spec.arguments[0])
        with code.when(code.let(f"fcmp ogt double {weight}, {ZERO}")):
            at = code.let(f"sitofp i64 {inside.bound[spec.over_name]} to double")
            code.store("double", at, chosen)
            now = code.let(f"fadd double {code.load('double', cumulated)}, {weight}")
            code.store("double", now, cumulated)
            on = code.label("on")
            code.branch(code.let(f"fcmp olt double {target}, {now}"), done, on)
            code.begin(on)

    each_member(place, tree.GroupDomain(group), spec.over_name, look)
    code.begin(done)
    return code.load("double", chosen)


def _work_out(place: Place, effect: Assignment, spec: VariableSpec, used: str) -> _Change:
    code, memory = place.code, place.shared.memory
    block = place.shared.layout.variables[effect.variable]

    def one(inside: Place, keep: Callable[[str, str], None]) -> None:
        at = cell(inside, block, effect.indices)
        keep(at, checked(inside, spec, as_number(inside, effect.value)))

    if not effect.loop:
        where, what, applies = code.slot("i64"), code.slot("double"), code.slot("i1")
        code.store("i1", "false", applies)

        def keep(at: str, value: str) -> None:
            code.store("i64", at, where)
            code.store("double", value, what)
            code.store("i1", "true", applies)

        with code.when(condition(place, effect.condition)):
            one(place, keep)
        loads = code.load("i64", where), code.load("double", what), code.load("i1", applies)
        return _Change(spec, *loads)

    first = code.load("i64", used)

    def push(at: str, value: str) -> None:
        now = code.load("i64", used)
        memory.store(code, "change_cell", at, now)
        memory.store(code, "change_value", value, now)
        code.store("i64", code.let(f"add i64 {now}, 1"), used)

    def nested(inside: Place, loops: tuple[tuple[str, tree.Domain], ...]) -> None:
        if not loops:
            with code.when(condition(inside, effect.condition)):
                one(inside, push)
            return
        name, domain = loops[0]
        each_member(inside, domain, name, lambda deeper: nested(deeper, loops[1:]))

    nested(place, effect.loop)
    return _Change(spec, first, "", "true", code.load("i64", used))


def checked(place: Place, spec: VariableSpec, value: str) -> str:
    """The value that may land in a variable; a fault for any other."""
    code = place.code
    if spec.kind == "flag":
        return value
    if spec.kind == "label":
        place.fault_unless(_is_allowed(place, spec, value))
        return value
    low = -1.7976931348623157e308 if spec.low is None else spec.low
    high = 1.7976931348623157e308 if spec.high is None else spec.high
    above = code.let(f"fcmp oge double {value}, {double(low)}")
    below = code.let(f"fcmp ole double {value}, {double(high)}")
    fine = code.let(f"and i1 {above}, {below}")
    if spec.kind == "count":
        whole = code.let(f"call double @llvm.floor.f64(double {value})")
        fine = code.let(f"and i1 {fine}, {code.let(f'fcmp oeq double {whole}, {value}')}")
    place.fault_unless(fine)
    return value


def _is_allowed(place: Place, spec: VariableSpec, value: str) -> str:
    """Whether a label is one of a variable's; those of numbered groups are compared one by one."""
    code, layout = place.code, place.shared.layout
    allowed = sorted(layout.label_number(label) for label in spec.labels)
    listed = [number for number in allowed if number < NUMBERED]
    table = [int(number in listed) for number in range(max(listed, default=0) + 1)]
    at = code.let(f"fptosi double {value} to i64")
    known = code.let(f"icmp ult i64 {at}, {len(table)}")
    safe = code.let(f"select i1 {known}, i64 {at}, i64 0")
    entry = code.load("i8", code.at(code.module.table("i8", table), "i8", safe))
    fine = code.let(f"and i1 {known}, {code.let(f'icmp ne i8 {entry}, 0')}")
    for number in allowed[len(listed) :]:
        fine = code.let(f"or i1 {fine}, {code.let(f'icmp eq i64 {at}, {number}')}")
    return fine


def _land(place: Place, change: _Change) -> None:
    code, memory = place.code, place.shared.memory
    number = list(place.shared.layout.variables).index(change.spec.name)

    def land(at: str, value: str) -> None:
        cell_of = place.shared.value_cell(code, change.spec.name, at)
        old = code.load("double", cell_of)
        with code.when(code.let(f"fcmp une double {old}, {value}")):
            code.store("double", value, cell_of)
            code.do(f"call void @f_touch_v{number}(ptr %ctx, i64 {at})")

    if change.last is None:
        with code.when(change.applies):
            land(change.cell, change.value)
        return
    with code.count_up(change.cell, change.last) as index:
        land(memory.load(code, "change_cell", index), memory.load(code, "change_value", index))


def most_changes(effects: tuple[Assignment, ...]) -> int:
    """How many changes the loops of some effects can make together."""
    return sum(
        math.prod(domain.group.size for _, domain in effect.loop)
        for effect in effects
        if effect.loop
    )


def most_draws(kind: EventKind) -> int:
    """How many values the draws of one act make."""
    return max(map(count_draws, (kind.draws, *(option.draws for option in kind.options))))


def count_draws(draws: tuple[DrawSpec, ...]) -> int:
    """How many values some draws are."""
    return sum(math.prod(group.size for group in spec.groups) for spec in draws)
