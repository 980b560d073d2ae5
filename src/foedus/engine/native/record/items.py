"""How items happen, as instructions: `conditioned/items` and `conditioned/firings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from foedus.engine import numerics
from foedus.engine.conditioned.state import FIRED, OPEN, WAITING
from foedus.engine.conditioned.tracked import Tracked
from foedus.engine.native.clockwork import NEVER, UNDRAWN, at_instance
from foedus.engine.native.deeds import emit_act, emit_choice
from foedus.engine.native.first_ring import set_ring
from foedus.engine.native.ir import Function, signed
from foedus.engine.native.place import ZERO, Emission, Place, call_numerics
from foedus.engine.native.record.cover import reporting_cells
from foedus.engine.native.record.firings import end_gap, note_choice
from foedus.engine.native.record.measured import measured
from foedus.engine.native.record.tables import (
    constants,
    flattened,
    item_noise,
    record_of,
    ring_of,
    table,
)
from foedus.engine.native.touch import Network


def emit_items(shared: Emission, network: Network) -> None:
    """Everything that an item does in a run."""
    _emit_choose_date(shared)
    _emit_total_rate(shared)
    _emit_renew(shared)
    _emit_try_open(shared)
    _emit_dates(shared)
    _emit_close(shared)
    for tracked in record_of(shared).grouping.tracked:
        _emit_fire(shared, network, tracked)
    code = shared.function("@f_fire_item", ("i64", "%item"))
    about = [one.tracked if one.tracked is not None else -1 for one in record_of(shared).items]
    number = code.lookup("i64", constants(about), "%item")
    for tracked in record_of(shared).grouping.tracked:
        with code.when(code.let(f"icmp eq i64 {number}, {tracked.number}")):
            code.do(f"call void @f_fire{tracked.number}(ptr %ctx, i64 %item)")
    code.finish()


def pick(code: Function, count: str, weight_at: Callable[[str], str], uniform: str) -> str:
    """`numerics.categorical` over weights that cannot be faulty; gives the position as i64."""
    total, cumulated, chosen = code.slot("double"), code.slot("double"), code.slot("i64")
    code.store("double", ZERO, total)
    with code.count_up("0", count) as index:
        summed = code.let(f"fadd double {code.load('double', total)}, {weight_at(index)}")
        code.store("double", summed, total)
    target = code.let(f"fmul double {uniform}, {code.load('double', total)}")
    code.store("double", ZERO, cumulated)
    code.store("i64", "0", chosen)
    done = code.label("chosen")
    with code.count_up("0", count) as index:
        weight = weight_at(index)
        with code.when(code.let(f"fcmp ogt double {weight}, {ZERO}")):
            code.store("i64", index, chosen)
            now = code.let(f"fadd double {code.load('double', cumulated)}, {weight}")
            code.store("double", now, cumulated)
            on = code.label("on")
            code.branch(code.let(f"fcmp olt double {target}, {now}"), done, on)
            code.begin(on)
    code.begin(done)
    return code.load("i64", chosen)


def _emit_choose_date(shared: Emission) -> None:
    code = shared.function("@f_choose_date", ("i64", "%item"), result="i64")
    first = table(shared, code, "window_first", "%item")
    after = table(shared, code, "window_first", code.let("add i64 %item, 1"))
    count = code.let(f"sub i64 {after}, {first}")
    with code.when(code.let(f"icmp sle i64 {count}, 1")):
        code.leave("0")
    keys = [signed(one.date_key) for one in record_of(shared).items]
    noise = item_noise(shared, code, "%item", constants(keys))
    uniform = code.let(f"call double @f_uniform(ptr %ctx, {noise}, i64 0)")

    def weight(index: str) -> str:
        return table(shared, code, "window_weight", code.let(f"add i64 {first}, {index}"))

    code.leave(pick(code, count, weight, uniform))
    code.finish()


def _orders(shared: Emission) -> tuple[list[int], list[int]]:
    """The strands that each item may be about, flat, and where each item's begin."""
    conditioned = record_of(shared)
    return flattened(
        [
            [conditioned.grouping.tracked[one.tracked].first + order for order in one.orders]
            if one.tracked is not None
            else []
            for one in conditioned.items
        ]
    )


def _emit_total_rate(shared: Emission) -> None:
    code = shared.function("@f_total_rate", ("i64", "%item"), result="double")
    flat, starts = _orders(shared)
    total = code.slot("double")
    code.store("double", ZERO, total)
    first = code.lookup("i64", constants(starts[:-1]), "%item")
    last = code.lookup("i64", constants(starts[1:]), "%item")
    with code.count_up(first, last) as index:
        rate = shared.memory.load(code, "st_rate", code.lookup("i64", constants(flat), index))
        code.store("double", code.let(f"fadd double {code.load('double', total)}, {rate}"), total)
    code.leave(code.load("double", total))
    code.finish()


def _emit_renew(shared: Emission) -> None:
    code, memory = shared.function("@f_renew_item", ("i64", "%item")), shared.memory
    rate = code.let("call double @f_total_rate(ptr %ctx, i64 %item)")
    is_on = code.let(f"fcmp ogt double {rate}, {ZERO}")
    number = code.let(f"zext i1 {is_on} to i64")
    was = memory.load(code, "it_enabled", "%item")
    with code.when(code.let(f"icmp ne i64 {number}, {was}")):
        memory.store(code, "it_enabled", number, "%item")
        ring, now = ring_of(shared, code, "%item"), memory.load(code, "time")
        until = memory.load(code, "it_until", "%item")
        width = code.let(f"fsub double {until}, {now}")
        on, off, after = code.label("on"), code.label("off"), code.label("after")
        code.branch(is_on, on, off)
        code.begin(on)
        total = memory.load(code, "it_total", "%item")
        with code.when(code.let(f"fcmp oeq double {total}, {UNDRAWN}")):
            keys = [signed(one.time_key) for one in record_of(shared).items]
            noise = item_noise(shared, code, "%item", constants(keys))
            unit = code.let(f"call double @f_unit(ptr %ctx, {noise}, i64 0)")
            memory.store(code, "it_total", unit, "%item")
            memory.store(code, "it_left", unit, "%item")
        memory.store(code, "it_since", now, "%item")
        left = code.let(f"fneg double {memory.load(code, 'it_left', '%item')}")
        shrunk = call_numerics(Place(shared, code), numerics.exponential, [left])
        before = code.let(f"fmul double {width}, {shrunk}")
        set_ring(shared, code, ring, code.let(f"fsub double {until}, {before}"))
        code.jump(after)
        code.begin(off)
        since = code.let(f"fsub double {until}, {memory.load(code, 'it_since', '%item')}")
        ratio = code.let(f"fdiv double {since}, {width}")
        passed = call_numerics(Place(shared, code), numerics.logarithm, [ratio])
        left = code.let(f"fsub double {memory.load(code, 'it_left', '%item')}, {passed}")
        some = code.let(f"fcmp ogt double {left}, {ZERO}")
        kept = code.let(f"select i1 {some}, double {left}, double {ZERO}")
        memory.store(code, "it_left", kept, "%item")
        set_ring(shared, code, ring, NEVER)
        code.begin(after)
    code.finish()


def _emit_try_open(shared: Emission) -> None:
    code, memory = shared.function("@f_try_open", ("i64", "%item")), shared.memory
    waits = code.let(f"icmp eq i64 {memory.load(code, 'it_status', '%item')}, {WAITING}")
    begun = code.let(f"icmp ne i64 {memory.load(code, 'it_begun', '%item')}, 0")
    with code.when(code.let(f"and i1 {waits}, {begun}")):
        flat, starts = flattened([one.before for one in record_of(shared).items])
        first = code.lookup("i64", constants(starts[:-1]), "%item")
        last = code.lookup("i64", constants(starts[1:]), "%item")
        with code.count_up(first, last) as index:
            other = code.lookup("i64", constants(flat), index)
            is_on = code.let(f"icmp ne i64 {memory.load(code, 'it_on', other)}, 0")
            missing = code.let(f"icmp ne i64 {memory.load(code, 'it_status', other)}, {FIRED}")
            with code.when(code.let(f"and i1 {is_on}, {missing}")):
                code.leave()
        memory.store(code, "it_status", str(OPEN), "%item")
        code.do("call void @f_renew_item(ptr %ctx, i64 %item)")
    code.finish()
    code = shared.function("@f_open_after", ("i64", "%item"))
    flat, starts = flattened([one.after for one in record_of(shared).items])
    first = code.lookup("i64", constants(starts[:-1]), "%item")
    last = code.lookup("i64", constants(starts[1:]), "%item")
    with code.count_up(first, last) as index:
        other = code.lookup("i64", constants(flat), index)
        code.do(f"call void @f_try_open(ptr %ctx, i64 {other})")
    code.finish()


def _emit_dates(shared: Emission) -> None:
    """`@f_begin_date(ctx, item, place)` and `@f_end_date(ctx, item, place)`."""
    memory = shared.memory

    def of_this_run(code: Function) -> str:
        is_on = code.let(f"icmp ne i64 {memory.load(code, 'it_on', '%item')}, 0")
        same = code.let(f"icmp eq i64 {memory.load(code, 'it_date', '%item')}, %place")
        return code.let(f"and i1 {is_on}, {same}")

    code = shared.function("@f_begin_date", ("i64", "%item"), ("i64", "%place"))
    with code.when(of_this_run(code)):
        window = code.let(f"add i64 {table(shared, code, 'window_first', '%item')}, %place")
        _die_if_denied(shared, code, window)
        memory.store(code, "it_begun", "1", "%item")
        memory.store(code, "it_until", table(shared, code, "window_end", window), "%item")
        code.do("call void @f_try_open(ptr %ctx, i64 %item)")
    code.finish()
    code = shared.function("@f_end_date", ("i64", "%item"), ("i64", "%place"))
    missing = code.let(f"icmp ne i64 {memory.load(code, 'it_status', '%item')}, {FIRED}")
    with code.when(code.let(f"and i1 {of_this_run(code)}, {missing}")):
        code.do("call void @f_die(ptr %ctx, i64 %item)")
    code.finish()


def _die_if_denied(shared: Emission, code: Function, window: str) -> None:
    """End the run where something that is known denies `%item` for all of a window."""
    against = [[number for number, _ in one.against] for one in record_of(shared).items]
    if not any(against):
        return
    flat, starts = flattened(against)
    begins, ends = (table(shared, code, name, window) for name in ("window_start", "window_end"))
    first = code.lookup("i64", constants(starts[:-1]), "%item")
    last = code.lookup("i64", constants(starts[1:]), "%item")
    with code.count_up(first, last) as index:
        other = code.lookup("i64", constants(flat), index)
        is_on = code.let(f"icmp ne i64 {shared.memory.load(code, 'it_on', other)}, 0")
        start, end = (table(shared, code, name, other) for name in ("item_start", "item_end"))
        after = code.let(f"fcmp ole double {start}, {begins}")
        inside = code.let(f"and i1 {after}, {code.let(f'fcmp ole double {ends}, {end}')}")
        with code.when(code.let(f"and i1 {is_on}, {inside}")):
            code.do("call void @f_die(ptr %ctx, i64 %item)")
            code.leave()


def _emit_close(shared: Emission) -> None:
    """`@f_close_item(ctx, item, weight)`: an item happens now."""
    code = shared.function("@f_close_item", ("i64", "%item"), ("double", "%weight"))
    memory = shared.memory
    memory.store(code, "it_status", str(FIRED), "%item")
    memory.store(code, "it_enabled", "0", "%item")
    set_ring(shared, code, ring_of(shared, code, "%item"), NEVER)
    until, since = (memory.load(code, name, "%item") for name in ("it_until", "it_since"))
    wide = code.let(f"fsub double {until}, {since}")
    width = call_numerics(Place(shared, code), numerics.logarithm, [wide])
    total, left = (memory.load(code, name, "%item") for name in ("it_total", "it_left"))
    passed = code.let(f"fsub double {total}, {left}")
    proposed = code.let(f"fadd double {width}, {passed}")
    weight = code.let(f"fadd double %weight, {proposed}")
    code.do(f"call void @f_charge(ptr %ctx, i64 %item, double {weight})")
    code.finish()


def _emit_fire(shared: Emission, network: Network, tracked: Tracked) -> None:
    """`@f_held_act{t}(ctx, order, count, item)`, and `@f_fire{t}(ctx, item)`."""
    kind, memory = shared.model.kinds[tracked.kind_number], shared.memory
    arguments = ("i64", "%order"), ("i64", "%count"), ("i64", "%item")
    code = shared.function(f"@f_held_act{tracked.number}", *arguments)
    place = replace(at_instance(shared, code, kind, "%order"), decide=measured(shared, tracked))
    if tracked.option is not None:
        emit_act(place, kind, kind.options[tracked.option], "%count")
    elif kind.options:
        emit_choice(place, kind, "%count")
    else:
        emit_act(place, kind, None, "%count")
    code.do("call void @f_settle(ptr %ctx)")
    code.finish()
    code = shared.function(f"@f_fire{tracked.number}", ("i64", "%item"))
    rate = code.let("call double @f_total_rate(ptr %ctx, i64 %item)")
    weight = call_numerics(Place(shared, code), numerics.logarithm, [rate])
    cell = reporting_cells(shared)[tracked.number]
    if cell >= 0:
        base = code.load("ptr", memory.cell(code, "parameters", 0))
        reported = code.load("double", code.at(base, "double", str(cell)))
        more = call_numerics(Place(shared, code), numerics.logarithm, [reported])
        weight = code.let(f"fadd double {weight}, {more}")
    order = _pick_instance(shared, code, tracked)
    code.do(f"call void @f_close_item(ptr %ctx, i64 %item, double {weight})")
    instance = code.let(f"add i64 {order}, {network.first_of[tracked.kind_number]}")
    count = memory.load(code, "number", instance)
    memory.store(code, "number", code.let(f"add i64 {count}, 1"), instance)
    end_gap(shared, code, instance)
    if shared.keeps_history and tracked.option is not None:
        kind = shared.model.kinds[tracked.kind_number]
        note_choice(shared, code, kind, order, str(tracked.option))
    given = f"i64 {order}, i64 {count}, i64 %item"
    code.do(f"call void @f_held_act{tracked.number}(ptr %ctx, {given})")
    code.do(f"call void @f_refresh{tracked.kind_number}(ptr %ctx, i64 {order})")
    code.do("call void @f_open_after(ptr %ctx, i64 %item)")
    code.finish()


def _pick_instance(shared: Emission, code: Function, tracked: Tracked) -> str:
    flat, starts = _orders(shared)
    first = code.lookup("i64", constants(starts[:-1]), "%item")
    last = code.lookup("i64", constants(starts[1:]), "%item")
    count = code.let(f"sub i64 {last}, {first}")

    def strand(index: str) -> str:
        return code.lookup("i64", constants(flat), code.let(f"add i64 {first}, {index}"))

    def among() -> str:
        keys = [signed(one.place_key) for one in record_of(shared).items]
        noise = item_noise(shared, code, "%item", constants(keys))
        uniform = code.let(f"call double @f_uniform(ptr %ctx, {noise}, i64 0)")
        return pick(code, count, lambda i: shared.memory.load(code, "st_rate", strand(i)), uniform)

    chosen = code.choose("i64", code.let(f"icmp sle i64 {count}, 1"), lambda: "0", among)
    return code.let(f"sub i64 {strand(chosen)}, {tracked.first}")
