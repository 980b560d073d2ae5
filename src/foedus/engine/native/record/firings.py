"""A clock of which the record tells rings by itself, as instructions: `conditioned/firings`."""

from __future__ import annotations

from dataclasses import replace

from foedus.engine.native.deeds import choose_option, emit_act, take_option
from foedus.engine.native.ir import Function
from foedus.engine.native.place import ZERO, Emission, Place
from foedus.engine.native.record.scripted import as_measured, choose_again
from foedus.engine.native.record.tables import is_held, is_scripted, tracked_of_kind
from foedus.jump.model import EventKind


def happen_held(place: Place, kind: EventKind, instance: str, count: str) -> None:
    """The instance at `%order` fires; what the record holds back cannot be taken."""
    code, shared = place.code, place.shared
    row = end_gap(shared, code, instance)
    if shared.keeps_history:
        place = replace(place, decide=as_measured(place, kind, row))
    if not kind.options:
        emit_act(place, kind, None, count)
        return
    held = _fractions_held(place, kind)
    if not shared.keeps_history:
        take_option(place, kind, choose_option(place, kind, count, held=held), count)
        return
    chosen = choose_again(
        place, kind, row, count, lambda: choose_option(place, kind, count, held=held)
    )
    _note_choice(place, kind, chosen)
    take_option(place, kind, chosen, count)


def _fractions_held(place: Place, kind: EventKind) -> dict[int, str]:
    """By option of a kind: the fraction of it that the record holds back, for `%order`."""
    code, shared = place.code, place.shared
    return {
        one.option: shared.memory.load(
            code, "st_fraction", code.let(f"add i64 %order, {one.first}")
        )
        for one in tracked_of_kind(shared, shared.kind_number(kind))
        if one.option is not None
    }


def _note_choice(place: Place, kind: EventKind, chosen: str) -> None:
    """Keep a choice on which the record has had a say."""
    code, shared = place.code, place.shared
    number = shared.kind_number(kind)
    decided = is_held(shared, code, tracked_of_kind(shared, number), "%order")
    some = code.let(f"icmp sge i64 {chosen}, 0")
    first = code.let(f"xor i1 {is_scripted(shared, code)}, true")
    kept = code.let(f"and i1 {first}, {code.let(f'and i1 {decided}, {some}')}")
    with code.when(kept):
        note_choice(shared, code, kind, "%order", chosen)


def note_choice(shared: Emission, code: Function, kind: EventKind, order: str, taken: str) -> None:
    """Keep what an actor takes, and what the options are worth now."""
    code.do(f"call void @f_utilities{shared.kind_number(kind)}(ptr %ctx, i64 {order})")
    code.do(f"call void @f_note_choice(ptr %ctx, i64 {taken}, i64 {len(kind.options)})")


def end_gap(shared: Emission, code: Function, instance: str) -> str:
    """The clock of an instance has rung, by itself or by an item; gives its row, or null."""
    if shared.keeps_history:
        return code.let(f"call ptr @f_end_gap(ptr %ctx, i64 {instance})")
    shared.memory.store(code, "g_used", ZERO, instance)
    shared.memory.store(code, "g_moved", shared.memory.load(code, "time"), instance)
    return "null"
