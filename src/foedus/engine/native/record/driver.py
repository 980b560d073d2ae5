"""The order of events under a record, as instructions: `conditioned/run` for a block of runs."""

from __future__ import annotations

from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.state import WAITING
from foedus.engine.native.begin import emit_begin
from foedus.engine.native.calendar import Timed
from foedus.engine.native.changes import emit_changes
from foedus.engine.native.driver import (
    Text,
    begin_emission,
    clocks_on_time,
    emit_run,
    emit_works,
    finished_text,
    give_answers,
    make_stops,
)
from foedus.engine.native.ir import Function, double
from foedus.engine.native.moments import emit_moment, emit_next
from foedus.engine.native.place import ZERO, Emission
from foedus.engine.native.record.cover import emit_breaks, emit_cover, emit_strands, next_break
from foedus.engine.native.record.epochs import emit_epochs, emit_redraw, next_epoch
from foedus.engine.native.record.firings import happen_held
from foedus.engine.native.record.history import emit_history
from foedus.engine.native.record.holding import refresh_held
from foedus.engine.native.record.items import emit_items
from foedus.engine.native.record.looks import emit_looks, next_look
from foedus.engine.native.record.scripted import emit_scripted
from foedus.engine.native.record.tables import (
    TABLES,
    emit_death,
    is_scripted,
    record_of,
    reset_record,
    table,
)
from foedus.engine.native.touch import Network
from foedus.expr.tree import Expression


def emit_conditioned(conditioned: Conditioned) -> Text:
    """The IR of a model with a record, for all stages of it."""
    begun = begin_emission(conditioned.prepared, (), conditioned)
    shared = begun[0]
    emit_course(*begun, (), ())
    _emit_block(shared)
    return finished_text(shared)


def emit_course(
    shared: Emission, network: Network, sources: list[Timed], watched: tuple[Expression, ...],
    times: tuple[float, ...],
) -> None:  # fmt: skip
    """All functions that make one run; `watched` are sampled at `times`."""
    prepared = record_of(shared).prepared
    bodies = dict.fromkeys(record_of(shared).grouping.by_kind, (refresh_held, happen_held))
    stops = emit_works(shared, network, sources, watched, times, bodies)
    emit_death(shared)
    emit_redraw(shared, network)
    emit_epochs(shared, network.first_of)
    emit_cover(shared)
    emit_strands(shared)
    emit_breaks(shared)
    emit_items(shared, network)
    emit_looks(shared)
    if shared.keeps_history:
        emit_history(shared, network.first_of)
        emit_scripted(shared)
    _emit_start(shared)
    emit_changes(shared, network, shared.interventions)
    emit_begin(shared, network, sources)
    on_time = clocks_on_time(prepared)
    emit_next(
        shared, sources, on_time, lambda code: [next_break(shared, code), next_epoch(shared, code)]
    )
    emit_moment(
        shared, sources, on_time, lambda code: _observe(shared, code, stops, "olt", "%now"),
        ("@f_epochs", "@f_breaks"),
    )  # fmt: skip
    _emit_close(shared, stops)
    emit_run(shared)


def _emit_start(shared: Emission) -> None:
    """`@f_start_record(ctx)`: everything that is known before the first instant.

    In another world that is the history, and nothing is weighed.
    """
    code, memory = shared.function("@f_start_record"), shared.memory
    reset_record(shared, code)
    if shared.keeps_history:
        memory.store(code, "rows_used", "0")
        with code.when(is_scripted(shared, code)):
            with code.count_up("0", str(memory.arrays["next_row"].count)) as instance:
                first = memory.load(code, "first_row", instance)
                memory.store(code, "next_row", first, instance)
            code.leave()
    switches = code.load("ptr", memory.cell(code, "switches", 0))
    with code.count_up("0", str(len(record_of(shared).items))) as item:
        kept = code.load("i8", code.at(switches, "i8", item))
        known = code.let(f"icmp ne i64 {table(shared, code, 'item_on', item)}, 0")
        is_on = code.let(f"and i1 {known}, {code.let(f'icmp ne i8 {kept}, 0')}")
        memory.store(code, "it_on", code.let(f"zext i1 {is_on} to i64"), item)
        happened = code.let(f"icmp eq i64 {table(shared, code, 'item_kind', item)}, 0")
        with code.when(code.let(f"and i1 {is_on}, {happened}")):
            memory.store(code, "it_status", str(WAITING), item)
            date = code.let(f"call i64 @f_choose_date(ptr %ctx, i64 {item})")
            memory.store(code, "it_date", date, item)
    code.do("call void @f_plan_looks(ptr %ctx)")
    for tracked in record_of(shared).grouping.tracked:
        code.do(f"call void @f_renew_cover{tracked.number}(ptr %ctx, i1 false)")
    code.finish()


def _emit_close(shared: Emission, stops: list[float]) -> None:
    """`@f_close(ctx, horizon)`: what is left to be seen, and silence up to the end."""
    code = shared.function("@f_close", ("double", "%horizon"))
    _observe(shared, code, stops, "ole", "%horizon")
    shared.memory.store(code, "time", "%horizon")
    strands = len(record_of(shared).grouping.strand_items)
    with code.count_up("0", str(strands)) as strand:
        code.do(f"call void @f_settle_strand(ptr %ctx, i64 {strand})")
    code.finish()


def _is_fine(shared: Emission, code: Function) -> str:
    return code.let(f"icmp eq i8 {shared.memory.load(code, 'fault')}, 0")


def _observe(shared: Emission, code: Function, stops: list[float], sign: str, time: str) -> None:
    """Questions' stops that come before a time, then looks."""
    make_stops(shared, code, stops, sign, time)
    looks, look, done = (code.label(hint) for hint in ("looks", "look", "observed"))
    code.begin(looks)
    code.branch(code.let(f"fcmp {sign} double {next_look(shared, code)}, {time}"), look, done)
    code.begin(look)
    code.do("call void @f_look_up(ptr %ctx)")
    code.jump(looks)
    code.begin(done)


def _emit_block(shared: Emission) -> None:
    """`@run_record`: a run for each particle; -1, or the place of one that went wrong."""
    arguments = (
        ("ptr", "%ctx"), ("ptr", "%tables"), ("ptr", "%parameters"), ("i64", "%cells"),
        ("ptr", "%components"), ("ptr", "%noise"), ("ptr", "%switches"), ("i64", "%count"),
        ("double", "%horizon"), ("i64", "%limit"), ("ptr", "%weights"), ("ptr", "%died"),
        ("ptr", "%claims"), ("ptr", "%values"), ("ptr", "%waited"), ("ptr", "%given"),
        ("ptr", "%events"),
    )  # fmt: skip
    code = Function(shared.module, "@run_record", "i64", arguments, "nounwind")
    memory, conditioned = shared.memory, record_of(shared)
    for number, name in enumerate(TABLES):
        address = code.load("ptr", code.at("%tables", "ptr", str(number)))
        code.store("ptr", address, memory.cell(code, f"t_{name}", 0))
    memory.store(code, "log_room", "0")
    memory.store(code, "log_used", "0")
    memory.store(code, "horizon", "%horizon")
    place_of_fault, bad, good = code.slot("i64"), code.label("bad"), code.label("good")
    with code.count_up("0", "%count") as index:
        code.store("i64", index, place_of_fault)
        take_particle(shared, code, index)
        row = code.let(f"mul i64 {index}, {len(shared.model.components) + 1}")
        own = code.at("%components", "i8", row)
        code.store("ptr", own, memory.cell(code, "components", 0))
        code.do("call void @f_begin(ptr %ctx, i64 0, i64 0)")
        begun = code.label("begun")
        code.branch(_is_fine(shared, code), begun, good)
        code.begin(begun)
        code.do("call void @f_run(ptr %ctx, double %horizon, i64 %limit)")
        code.begin(good)
        faulty = code.let(f"icmp ne i8 {memory.load(code, 'fault')}, 0")
        alive = code.let(f"icmp slt i64 {memory.load(code, 'died')}, 0")
        wrong = code.let(f"and i1 {faulty}, {alive}")
        fine = code.label("fine")
        code.branch(wrong, bad, fine)
        code.begin(fine)
        _bury(shared, code)
        _give(shared, code, index, conditioned)
        good = code.label("good")
    code.leave("-1")
    code.begin(bad)
    code.leave(code.load("i64", place_of_fault))
    code.finish()


def _bury(shared: Emission, code: Function) -> None:
    """Of a run that contradicts the record nothing is left but what it died of."""
    memory = shared.memory
    account = memory.load(code, "died")
    with code.when(code.let(f"icmp sge i64 {account}, 0")):
        memory.fill(code, "weights", ZERO)
        memory.store(code, "weights", double(-float("inf")), account)
        memory.store(code, "fired", "0")


def take_particle(shared: Emission, code: Function, index: str) -> None:
    """Let the run have the parameters, the noise and the switches of a particle."""
    memory, conditioned = shared.memory, record_of(shared)
    row = code.let(f"mul i64 {index}, %cells")
    address = code.at("%parameters", "double", row)
    code.store("ptr", address, memory.cell(code, "parameters", 0))
    code.store("ptr", address, memory.cell(code, "given_parameters", 0))
    row = code.let(f"mul i64 {index}, {2 * conditioned.rows}")
    code.store("ptr", code.at("%noise", "i64", row), memory.cell(code, "noise", 0))
    rows = {"item": conditioned.first_item_row, "member": conditioned.first_member_row}
    for name, first in rows.items():
        at = code.at("%noise", "i64", code.let(f"add i64 {row}, {2 * first}"))
        code.store("ptr", at, memory.cell(code, f"{name}_noise", 0))
    row = code.let(f"mul i64 {index}, {len(conditioned.items)}")
    code.store("ptr", code.at("%switches", "i8", row), memory.cell(code, "switches", 0))


def _give(shared: Emission, code: Function, index: str, conditioned: Conditioned) -> None:
    """Write what a run has come to."""
    memory = shared.memory
    for name, count in (("weights", conditioned.accounts), ("claims", len(conditioned.claims))):
        row = code.let(f"mul i64 {index}, {count}")
        with code.count_up("0", str(count)) as place:
            value = memory.load(code, name, place)
            code.store(
                "double", value, code.at(f"%{name}", "double", code.let(f"add i64 {row}, {place}"))
            )
    code.store("i64", memory.load(code, "died"), code.at("%died", "i64", index))
    give_answers(shared, code, index)
