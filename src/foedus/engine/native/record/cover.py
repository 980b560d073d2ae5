"""Which part of a strand the record holds now, as instructions: `conditioned/cover`."""

from __future__ import annotations

import math

from foedus.engine.conditioned.cover import BEGINS, COVERS, ENDS
from foedus.engine.native.ir import Function, double
from foedus.engine.native.place import ONE, ZERO, Emission, Place
from foedus.engine.native.record.tables import constants, flattened, record_of, table

HAPPENED, ABSENT, NO_REPORT = "0", "1", "2"


def emit_cover(shared: Emission) -> None:
    """`@f_cover(ctx, strand, tracked)`: sets `cover_fraction` and `cover_account`."""
    code, memory = (
        shared.function("@f_cover", ("i64", "%strand"), ("i64", "%tracked")),
        shared.memory,
    )
    whole, time = _share(shared, code), memory.load(code, "time")
    known, unknown, until = code.slot("i64"), code.slot("i1"), code.slot("double")
    code.store("i64", "-1", known)
    code.store("i1", "false", unknown)
    code.store("double", double(-math.inf), until)
    flat, starts = flattened(record_of(shared).grouping.strand_items)
    first = code.lookup("i64", constants(starts[:-1]), "%strand")
    last = code.lookup("i64", constants(starts[1:]), "%strand")
    with code.count_up(first, last) as index:
        number = code.lookup("i64", constants(flat), index)
        _weigh_item(shared, code, number, time, (known, unknown, until))
    item = code.load("i64", known)
    with code.when(code.let(f"icmp sge i64 {item}, 0")):
        _give(shared, code, whole, item)
    covers = [
        -1 if one.coverage is None else one.coverage for one in record_of(shared).grouping.tracked
    ]
    coverage = code.lookup("i64", constants(covers), "%tracked")
    none = code.let(f"icmp slt i64 {coverage}, 0")
    with code.when(code.let(f"or i1 {none}, {code.load('i1', unknown)}")):
        _give(shared, code, ZERO, "-1")
    silent = table(shared, code, "silent_until", coverage)
    end = code.load("double", until)
    later = code.let(f"fcmp ogt double {silent}, {end}")
    end = code.let(f"select i1 {later}, double {silent}, double {end}")
    begun = code.let(f"fcmp ole double {table(shared, code, 'cover_start', coverage)}, {time}")
    inside = code.let(f"and i1 {begun}, {code.let(f'fcmp olt double {time}, {end}')}")
    with code.when(inside):
        _give(shared, code, whole, code.let(f"add i64 {coverage}, {len(record_of(shared).items)}"))
    _give(shared, code, ZERO, "-1")
    code.finish()


def _give(shared: Emission, code: Function, fraction: str, account: str) -> None:
    shared.memory.store(code, "cover_fraction", fraction)
    shared.memory.store(code, "cover_account", account)
    code.leave()


def _weigh_item(
    shared: Emission, code: Function, number: str, time: str, slots: tuple[str, str, str]
) -> None:
    """One item of the strand: what it says of now."""
    known, unknown, until = slots
    start, end = (table(shared, code, name, number) for name in ("item_start", "item_end"))
    begun = code.let(f"fcmp ole double {start}, {time}")
    now = code.let(f"and i1 {begun}, {code.let(f'fcmp olt double {time}, {end}')}")
    is_on = code.let(f"icmp ne i64 {shared.memory.load(code, 'it_on', number)}, 0")
    on, off, after = code.label("on"), code.label("off"), code.label("after")
    code.branch(is_on, on, off)
    code.begin(off)
    evidence = code.let(f"icmp eq i64 {table(shared, code, 'item_outcome', number)}, 0")
    missing = code.let(f"and i1 {now}, {evidence}")
    code.store("i1", code.let(f"or i1 {code.load('i1', unknown)}, {missing}"), unknown)
    code.jump(after)
    code.begin(on)
    kind = table(shared, code, "item_kind", number)
    happened = code.let(f"icmp eq i64 {kind}, {HAPPENED}")
    before = code.load("double", until)
    later = code.let(f"and i1 {happened}, {code.let(f'fcmp ogt double {end}, {before}')}")
    code.store("double", code.let(f"select i1 {later}, double {end}, double {before}"), until)
    with code.when(now):
        with code.when(code.let(f"icmp eq i64 {kind}, {ABSENT}")):
            _give(shared, code, ONE, number)
        other = code.load("i64", known)
        none = code.let(f"icmp slt i64 {other}, 0")
        safe = code.let(f"select i1 {none}, i64 0, i64 {other}")
        weaker = code.let(f"icmp eq i64 {table(shared, code, 'item_kind', safe)}, {NO_REPORT}")
        firmer = code.let(f"and i1 {happened}, {weaker}")
        with code.when(code.let(f"or i1 {none}, {firmer}")):
            code.store("i64", number, known)
    code.jump(after)
    code.begin(after)


def _share(shared: Emission, code: Function) -> str:
    """How much of its firings the record of `%tracked` holds, where it holds any."""
    cell = code.lookup("i64", constants(reporting_cells(shared)), "%tracked")

    def reported() -> str:
        base = code.load("ptr", shared.memory.cell(code, "parameters", 0))
        value = code.load("double", code.at(base, "double", cell))
        above = code.let(f"fcmp oge double {value}, {ZERO}")
        below = code.let(f"fcmp ole double {value}, {ONE}")
        Place(shared, code).fault_unless(code.let(f"and i1 {above}, {below}"))
        return value

    return code.choose("double", code.let(f"icmp sge i64 {cell}, 0"), reported, lambda: ONE)


def reporting_cells(shared: Emission) -> list[int]:
    """The cell of the reporting probability of each tracked, or -1."""
    conditioned = record_of(shared)
    return [
        -1 if one.coverage is None else conditioned.reported.get(one.coverage, -1)
        for one in conditioned.grouping.tracked
    ]


def emit_strands(shared: Emission) -> None:
    """`@f_settle_strand(ctx, strand)`; `@f_renew_cover{t}(ctx, refresh)` for each tracked."""
    memory = shared.memory
    code = shared.function("@f_settle_strand", ("i64", "%strand"))
    time, account = memory.load(code, "time"), memory.load(code, "st_account", "%strand")
    taken = memory.load(code, "st_taken", "%strand")
    charged = code.let(f"icmp sge i64 {account}, 0")
    some = code.let(f"fcmp une double {taken}, {ZERO}")
    with code.when(code.let(f"and i1 {charged}, {some}")):
        past = code.let(f"fsub double {time}, {memory.load(code, 'st_since', '%strand')}")
        spent = code.let(f"fmul double {taken}, {past}")
        left = code.let(f"fsub double {memory.load(code, 'weights', account)}, {spent}")
        memory.store(code, "weights", left, account)
    memory.store(code, "st_since", time, "%strand")
    code.finish()
    for tracked in record_of(shared).grouping.tracked:
        code = shared.function(f"@f_renew_cover{tracked.number}", ("i1", "%refresh"))
        last = str(tracked.first + len(tracked.instances))
        with code.count_up(str(tracked.first), last) as strand:
            _renew_strand(shared, code, strand, tracked.number)
        with code.count_up("0", str(len(tracked.instances))) as order:
            strand = code.let(f"add i64 {order}, {tracked.first}")
            changed = code.let(f"icmp ne i8 {memory.load(code, 'st_changed', strand)}, 0")
            with code.when(code.let(f"and i1 {changed}, %refresh")):
                code.do(f"call void @f_refresh{tracked.kind_number}(ptr %ctx, i64 {order})")
        code.finish()


def _renew_strand(shared: Emission, code: Function, strand: str, tracked: int) -> None:
    memory = shared.memory
    code.do(f"call void @f_cover(ptr %ctx, i64 {strand}, i64 {tracked})")
    fraction, account = memory.load(code, "cover_fraction"), memory.load(code, "cover_account")
    old, before = memory.load(code, "st_fraction", strand), memory.load(code, "st_account", strand)
    moved = code.let(f"fcmp une double {fraction}, {old}")
    other = code.let(f"icmp ne i64 {account}, {before}")
    changed = code.let(f"or i1 {moved}, {other}")
    memory.store(code, "st_changed", code.let(f"zext i1 {changed} to i8"), strand)
    with code.when(changed):
        code.do(f"call void @f_settle_strand(ptr %ctx, i64 {strand})")
        memory.store(code, "st_fraction", fraction, strand)
        memory.store(code, "st_account", account, strand)


def emit_breaks(shared: Emission) -> None:
    """`@f_breaks(ctx)`: everything that changes what is known by now."""
    code, memory = shared.function("@f_breaks"), shared.memory
    again, due, done = code.label("again"), code.label("due"), code.label("done")
    code.begin(again)
    code.branch(
        code.let(f"fcmp ole double {next_break(shared, code)}, {memory.load(code, 'time')}"),
        due,
        done,
    )
    code.begin(due)
    at = memory.load(code, "break_next")
    memory.store(code, "break_next", code.let(f"add i64 {at}, 1"))
    change, number, place = (
        table(shared, code, name, at) for name in ("break_change", "break_number", "break_place")
    )
    for code_number, function in ((ENDS, "@f_end_date"), (BEGINS, "@f_begin_date")):
        with code.when(code.let(f"icmp eq i64 {change}, {code_number}")):
            code.do(f"call void {function}(ptr %ctx, i64 {number}, i64 {place})")
    with code.when(code.let(f"icmp eq i64 {change}, {COVERS}")):
        labels = {t.number: code.label("cover") for t in record_of(shared).grouping.tracked}
        cases = " ".join(f"i64 {case}, label %{name}" for case, name in labels.items())
        code.do(f"switch i64 {number}, label %{again} [ {cases} ]")
        code.is_open = False
        for case, name in labels.items():
            code.begin(name)
            code.do(f"call void @f_renew_cover{case}(ptr %ctx, i1 true)")
            code.jump(again)
        code.begin(code.label("unreached"))
    code.jump(again)
    code.begin(done)
    code.finish()


def next_break(shared: Emission, code: Function) -> str:
    """The time of the next break; the caller's table ends with never."""
    return table(shared, code, "break_time", shared.memory.load(code, "break_next"))
