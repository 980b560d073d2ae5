"""The clocks of what the record tells of, as instructions: `conditioned/clocks`."""

from __future__ import annotations

import math

from foedus.engine import numerics
from foedus.engine.conditioned.state import OPEN
from foedus.engine.conditioned.tracked import Tracked
from foedus.engine.native.clockwork import change_hazard, hazard_now, is_enabled
from foedus.engine.native.deeds import is_open
from foedus.engine.native.ir import double
from foedus.engine.native.place import ONE, ZERO, Place, as_number, call_numerics
from foedus.engine.native.record.scripted import go_by_history
from foedus.engine.native.record.tables import is_scripted, tracked_of_kind
from foedus.jump.model import EventKind, Rate

CLOSED = double(-math.inf)


def refresh_held(place: Place, kind: EventKind, first: int, order: str) -> None:
    """Bring the clock of an instance up to date of which the record may hold a part."""
    code, shared = place.code, place.shared
    assert isinstance(kind.timing, Rate)
    tracked = tracked_of_kind(shared, shared.kind_number(kind))
    instance = code.let(f"add i64 {order}, {first}")
    whole = hazard_now(place, kind.timing, instance, is_enabled(place, kind, instance))
    positive = code.let(f"fcmp oge double {whole}, {ZERO}")
    finite = code.let(f"fcmp olt double {whole}, {double(math.inf)}")
    place.fault_unless(code.let(f"and i1 {positive}, {finite}"))
    _note_inner_time(place, instance, whole)
    if not shared.keeps_history:
        _hold_back(place, kind, tracked, whole, instance, order)
        return
    reading, keeping, after = (code.label(hint) for hint in ("reading", "keeping", "after"))
    code.branch(is_scripted(shared, code), reading, keeping)
    code.begin(reading)
    go_by_history(place, kind, instance, whole, order)
    code.jump(after)
    code.begin(keeping)
    _hold_back(place, kind, tracked, whole, instance, order)
    code.begin(after)


def _hold_back(
    place: Place, kind: EventKind, tracked: tuple[Tracked, ...], whole: str, instance: str,
    order: str,
) -> None:  # fmt: skip
    """Let the clock of an instance go on at what the record leaves it; renew items about it."""
    code, memory = place.code, place.shared.memory
    changed = code.slot("i1")
    code.store("i1", "false", changed)
    free = _hold(place, kind, tracked, whole, order, changed)
    old = memory.load(code, "hazard", instance)
    with code.when(code.let(f"fcmp une double {free}, {old}")):
        change_hazard(place, kind, instance, free, order)
    with code.when(code.load("i1", changed)):
        for item in (item for one in tracked for item in one.items):
            status = memory.load(code, "it_status", item)
            with code.when(code.let(f"icmp eq i64 {status}, {OPEN}")):
                code.do(f"call void @f_renew_item(ptr %ctx, i64 {item})")


def _note_inner_time(place: Place, instance: str, whole: str) -> None:
    code, memory = place.code, place.shared.memory
    before = memory.load(code, "g_whole", instance)
    with code.when(code.let(f"fcmp une double {whole}, {before}")):
        time = memory.load(code, "time")
        past = code.let(f"fsub double {time}, {memory.load(code, 'g_moved', instance)}")
        more = code.let(f"fmul double {before}, {past}")
        used = code.let(f"fadd double {memory.load(code, 'g_used', instance)}, {more}")
        memory.store(code, "g_used", used, instance)
        memory.store(code, "g_whole", whole, instance)
        memory.store(code, "g_moved", time, instance)


def _hold(
    place: Place, kind: EventKind, tracked: tuple[Tracked, ...], whole: str, order: str,
    changed: str,
) -> str:  # fmt: skip
    """Set what the record holds of an instance; gives what is left to its clock."""
    code, memory = place.code, place.shared.memory
    by_options = [one for one in tracked if one.option is not None]
    if by_options:
        _weigh_options(place, kind, whole, order)
    left, options_left = ONE, ONE
    for one in tracked:
        if one.option is None:
            strand = code.let(f"add i64 {order}, {one.first}")
            fraction = memory.load(code, "st_fraction", strand)
            left = code.let(f"fsub double {ONE}, {fraction}")
            _set_strand(place, strand, whole, ONE, changed)
    for one in by_options:
        strand = code.let(f"add i64 {order}, {one.first}")
        share = memory.load(code, "shares", one.option or 0)
        _set_strand(place, strand, code.let(f"fmul double {whole}, {share}"), left, changed)
        held = code.let(f"fmul double {memory.load(code, 'st_fraction', strand)}, {share}")
        options_left = code.let(f"fsub double {options_left}, {held}")
    below = code.let(f"fcmp olt double {options_left}, {ZERO}")
    options_left = code.let(f"select i1 {below}, double {ZERO}, double {options_left}")
    rest = code.let(f"fmul double {whole}, {left}")
    return code.let(f"fmul double {rest}, {options_left}")


def _set_strand(place: Place, strand: str, rate: str, left: str, changed: str) -> None:
    code, memory = place.code, place.shared.memory
    before = memory.load(code, "st_rate", strand)
    with code.when(code.let(f"fcmp une double {rate}, {before}")):
        code.store("i1", "true", changed)
        memory.store(code, "st_rate", rate, strand)
    held = code.let(f"fmul double {memory.load(code, 'st_fraction', strand)}, {rate}")
    taken = code.let(f"fmul double {held}, {left}")
    old = memory.load(code, "st_taken", strand)
    with code.when(code.let(f"fcmp une double {taken}, {old}")):
        code.do(f"call void @f_settle_strand(ptr %ctx, i64 {strand})")
        memory.store(code, "st_taken", taken, strand)


def _weigh_options(place: Place, kind: EventKind, whole: str, order: str) -> None:
    """The share of each option, into `shares`; all 0 where the actor cannot act or choose."""
    code, memory = place.code, place.shared.memory
    for number in range(len(kind.options)):
        memory.store(code, "shares", ZERO, number)
    with code.when(code.let(f"fcmp ogt double {whole}, {ZERO}")):
        _normalise(place, kind, option_utilities(place, kind, order, "shares"))


def option_utilities(place: Place, kind: EventKind, order: str, array: str) -> str:
    """The utility of each option, into an array, minus infinity where closed; gives the highest."""
    code, memory = place.code, place.shared.memory
    highest = code.slot("double")
    code.store("double", CLOSED, highest)
    for number, option in enumerate(kind.options):
        memory.store(code, array, CLOSED, number)
        with code.when(is_open(place, kind, number, order)):
            utility = as_number(place, option.utility)
            spread = code.let(f"fsub double {utility}, {utility}")
            place.fault_unless(code.let(f"fcmp oeq double {spread}, {ZERO}"))
            memory.store(code, array, utility, number)
            now = code.load("double", highest)
            above = code.let(f"fcmp ogt double {utility}, {now}")
            best = code.let(f"select i1 {above}, double {utility}, double {now}")
            code.store("double", best, highest)
    return code.load("double", highest)


def _normalise(place: Place, kind: EventKind, highest: str) -> None:
    code, memory = place.code, place.shared.memory
    total = code.slot("double")
    code.store("double", ZERO, total)
    for number in range(len(kind.options)):
        utility = memory.load(code, "shares", number)
        closed = code.let(f"fcmp oeq double {utility}, {CLOSED}")

        def part(utility: str = utility) -> str:
            gap = code.let(f"fsub double {utility}, {highest}")
            return call_numerics(place, numerics.exponential, [gap])

        value = code.choose("double", closed, lambda: ZERO, part)
        memory.store(code, "shares", value, number)
        summed = code.let(f"fadd double {code.load('double', total)}, {value}")
        code.store("double", summed, total)
    whole = code.load("double", total)
    with code.when(code.let(f"fcmp ogt double {whole}, {ZERO}")):
        for number in range(len(kind.options)):
            value = memory.load(code, "shares", number)
            share = code.let(f"fdiv double {value}, {whole}")
            memory.store(code, "shares", share, number)
