"""What is only seen of a run with a record, as instructions: `conditioned/looks`."""

from __future__ import annotations

from foedus.engine.conditioned.tracked import PreparedClaim, PreparedItem
from foedus.engine.native.clockwork import NOTHING
from foedus.engine.native.ir import Function, double, signed
from foedus.engine.native.place import ONE, ZERO, Emission, Place, as_number, as_truth
from foedus.engine.native.record.measured import MINUS_INFINITY, error_log
from foedus.engine.native.record.tables import constants, item_noise, record_of, table

NEVER = double(float("inf"))


def seen_items(shared: Emission) -> list[PreparedItem]:
    """The items that are looked up in the state."""
    return [one for one in record_of(shared).items if one.sighting.expression is not None]


def emit_looks(shared: Emission) -> None:
    """`@f_plan_looks(ctx)`, and `@f_look_up(ctx)` for the next look."""
    _emit_plan(shared)
    for item in seen_items(shared):
        _emit_see(shared, item)
    for number, claim in enumerate(record_of(shared).claims):
        code = shared.function(f"@f_claim{number}")
        shared.memory.store(code, "claims", _truth(shared, code, number, claim), number)
        code.finish()
    _emit_look_up(shared)


def _emit_plan(shared: Emission) -> None:
    """Every look of a run with its time, in order: an insertion sort that keeps equals in order."""
    code, memory = shared.function("@f_plan_looks"), shared.memory
    keys = [signed(one.time_key) for one in record_of(shared).items]
    for item in seen_items(shared):
        is_on = code.let(f"icmp ne i64 {memory.load(code, 'it_on', item.number)}, 0")
        with code.when(is_on):
            number = code.let(f"add i64 0, {item.number}")
            date = code.let(f"call i64 @f_choose_date(ptr %ctx, i64 {number})")
            first = table(shared, code, "window_first", number)
            window = code.let(f"add i64 {first}, {date}")
            noise = item_noise(shared, code, number, constants(keys))
            uniform = code.let(f"call double @f_uniform(ptr %ctx, {noise}, i64 0)")
            start, end = (table(shared, code, f"window_{one}", window) for one in ("start", "end"))
            width = code.let(f"fsub double {end}, {start}")
            into = code.let(f"fmul double {width}, {uniform}")
            _insert(shared, code, code.let(f"fadd double {start}, {into}"), str(item.number))
    for claim in range(len(record_of(shared).claims)):
        known = code.let(f"icmp ne i64 {table(shared, code, 'claim_on', claim)}, 0")
        with code.when(known):
            time, horizon = table(shared, code, "claim_time", claim), memory.load(code, "horizon")
            later = code.let(f"fcmp olt double {horizon}, {time}")
            when = code.let(f"select i1 {later}, double {horizon}, double {time}")
            _insert(shared, code, when, str(len(record_of(shared).items) + claim))
    code.finish()


def _insert(shared: Emission, code: Function, time: str, what: str) -> None:
    memory = shared.memory
    count = memory.load(code, "look_count")
    memory.store(code, "look_count", code.let(f"add i64 {count}, 1"))
    at = code.slot("i64")
    code.store("i64", count, at)
    test, more, move, put = (code.label(hint) for hint in ("test", "more", "move", "put"))
    code.begin(test)
    here = code.load("i64", at)
    code.branch(code.let(f"icmp sgt i64 {here}, 0"), more, put)
    code.begin(more)
    before = code.let(f"sub i64 {here}, 1")
    other = memory.load(code, "look_time", before)
    code.branch(code.let(f"fcmp ogt double {other}, {time}"), move, put)
    code.begin(move)
    memory.store(code, "look_time", other, here)
    memory.store(code, "look_what", memory.load(code, "look_what", before), here)
    code.store("i64", before, at)
    code.jump(test)
    code.begin(put)
    memory.store(code, "look_time", time, code.load("i64", at))
    memory.store(code, "look_what", what, code.load("i64", at))


def next_look(shared: Emission, code: Function) -> str:
    """The time of the next look, or never."""
    memory = shared.memory
    at, count = memory.load(code, "look_next"), memory.load(code, "look_count")
    left = code.let(f"icmp slt i64 {at}, {count}")
    safe = code.let(f"select i1 {left}, i64 {at}, i64 0")
    time = memory.load(code, "look_time", safe)
    return code.let(f"select i1 {left}, double {time}, double {NEVER}")


def _emit_look_up(shared: Emission) -> None:
    code, memory = shared.function("@f_look_up"), shared.memory
    at = memory.load(code, "look_next")
    memory.store(code, "look_next", code.let(f"add i64 {at}, 1"))
    memory.store(code, "time", memory.load(code, "look_time", at))
    calls = {item.number: f"@f_see{item.number}" for item in seen_items(shared)}
    items = len(record_of(shared).items)
    calls |= {items + n: f"@f_claim{n}" for n in range(len(record_of(shared).claims))}
    what, after = memory.load(code, "look_what", at), code.label("seen")
    labels = {case: code.label(f"look{case}_") for case in calls}
    cases = " ".join(f"i64 {case}, label %{name}" for case, name in labels.items())
    code.do(f"switch i64 {what}, label %{after} [ {cases} ]")
    code.is_open = False
    for case, name in labels.items():
        code.begin(name)
        code.do(f"call void {calls[case]}(ptr %ctx)")
        code.jump(after)
    code.begin(after)
    code.finish()


def _emit_see(shared: Emission, item: PreparedItem) -> None:
    code = shared.function(f"@f_see{item.number}")
    place, node = Place(shared, code), item.sighting.expression
    assert node is not None
    if item.sighting.measured is None:
        holds = as_truth(place, node)
        weight = code.let(f"select i1 {holds}, double {ZERO}, double {MINUS_INFINITY}")
    else:
        value = as_number(place, node)
        spread = code.let(f"fsub double {value}, {value}")
        place.fault_unless(code.let(f"fcmp oeq double {spread}, {ZERO}"))
        names = ("error_form", "measured", "error_size")
        form, measured, size = (table(shared, code, name, item.number) for name in names)
        weight = error_log(place, (form, measured, size), value)
    code.do(f"call void @f_charge(ptr %ctx, i64 {item.number}, double {weight})")
    code.finish()


def _truth(shared: Emission, code: Function, number: int, claim: PreparedClaim) -> str:
    """What a claim is worth: 1 or 0 where it is true or not, or the number that it is about."""
    one = claim.assertion
    if one.kind == "reading":
        return table(shared, code, "claim_reading", number)
    if one.kind == "event":
        found = "false"
        for cell in claim.counters:
            fired = shared.memory.load(code, "firings", cell)
            some = code.let(f"fcmp ogt double {fired}, {ZERO}")
            found = code.let(f"or i1 {found}, {some}")
        return code.let(f"select i1 {found}, double {ONE}, double {ZERO}")
    if one.expression is None:
        return NOTHING
    return as_number(Place(shared, code), one.expression)
