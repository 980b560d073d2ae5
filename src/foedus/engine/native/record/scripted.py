"""Another world on the same chance, as instructions: `conditioned/counterfactual`."""

from __future__ import annotations

import math
from collections.abc import Callable

from foedus.engine import numerics
from foedus.engine.native.clockwork import NEVER, UNDRAWN, keys_of
from foedus.engine.native.first_ring import set_ring
from foedus.engine.native.ir import Function, double
from foedus.engine.native.place import ZERO, Emission, Place, call_numerics
from foedus.engine.native.record.rows import OPEN, address_of, load_cell, measured_of, rows_of
from foedus.engine.native.record.tables import record_of
from foedus.jump.model import DrawSpec, EventKind

CLOSED = double(-math.inf)

Decide = Callable[[Place, DrawSpec, Callable[[], str]], str]
"""How a draw comes out, given how it would be drawn."""


def emit_scripted(shared: Emission) -> None:
    """What another world takes from the history of the first."""
    _emit_next_ring(shared)
    _emit_choose_given(shared)


def go_by_history(place: Place, kind: EventKind, instance: str, whole: str, order: str) -> None:
    """Let the clock of an instance, whose hazard is now `whole`, ring as the history has it."""
    code, shared, memory = place.code, place.shared, place.shared.memory
    old = memory.load(code, "hazard", instance)
    with code.when(code.let(f"fcmp une double {whole}, {old}")):
        memory.store(code, "hazard", whole, instance)
        key = code.lookup("i64", keys_of(shared, kind, "clock"), order)
        words = shared.words(code, shared.kind_number(kind))
        where = f"i64 {instance}, ptr {words}, i64 {key}"
        set_ring(shared, code, instance, code.let(f"call double @f_next_ring(ptr %ctx, {where})"))


def _emit_next_ring(shared: Emission) -> None:
    """`@f_next_ring(ctx, instance, words, key)`: when a clock rings if its hazard stays."""
    arguments = ("i64", "%i"), ("ptr", "%words"), ("i64", "%key")
    code, memory = shared.function("@f_next_ring", *arguments, result="double"), shared.memory
    used, moved, whole = (memory.load(code, f"g_{name}", "%i") for name in _REACHED)
    with code.when(code.let(f"fcmp oeq double {whole}, {ZERO}")):
        code.leave(NEVER)
    number = memory.load(code, "next_row", "%i")
    known = code.let(f"icmp sge i64 {number}, 0")

    def of_row() -> str:
        row = address_of(memory, code, number, rows_of(record_of(shared)))
        alike = "true"
        for name, now in zip(_REACHED, (used, moved, whole), strict=True):
            same = code.let(f"fcmp oeq double {load_cell(code, row, name)}, {now}")
            alike = code.let(f"and i1 {alike}, {same}")
        with code.when(alike):
            code.leave(load_cell(code, row, "time"))
        return load_cell(code, row, "gap")

    def beyond() -> str:
        is_open = code.let(f"icmp eq i64 {number}, {OPEN}")
        return code.choose(
            "double", is_open, lambda: memory.load(code, "open_gap", "%i"),
            lambda: _fresh(shared, code),
        )  # fmt: skip

    target = code.choose("double", known, of_row, beyond)
    left = code.let(f"fsub double {target}, {used}")
    time = code.let(f"fadd double {moved}, {code.let(f'fdiv double {left}, {whole}')}")
    now = memory.load(code, "time")
    later = code.let(f"fcmp ogt double {time}, {now}")
    code.leave(code.let(f"select i1 {later}, double {time}, double {now}"))
    code.finish()


_REACHED = ("used", "moved", "whole")
"""What says how a ring was reached."""


def _fresh(shared: Emission, code: Function) -> str:
    """The gap of a clock of which the history says no more, drawn once."""
    memory = shared.memory
    undrawn = code.let(f"fcmp oeq double {memory.load(code, 'inner', '%i')}, {UNDRAWN}")
    with code.when(undrawn):
        number = memory.load(code, "number", "%i")
        where = f"ptr %words, i64 %key, i64 {number}"
        memory.store(code, "inner", code.let(f"call double @f_unit(ptr %ctx, {where})"), "%i")
    return memory.load(code, "inner", "%i")


def choose_again(
    place: Place, kind: EventKind, row: str, count: str, freely: Callable[[], str]
) -> str:
    """The number of the option that is taken, by the noise that a choice in the history implies;
    `freely` where there is none."""
    code, shared, memory = place.code, place.shared, place.shared.memory
    has_row = code.let(f"icmp ne ptr {row}, null")
    taken = code.choose("i64", has_row, lambda: load_cell(code, row, "taken"), lambda: "-1")
    number = shared.kind_number(kind)

    def again() -> str:
        code.do(f"call void @f_utilities{number}(ptr %ctx, i64 %order)")
        words = shared.words(code, number)
        for at, option in enumerate(kind.options):
            key = code.lookup("i64", keys_of(shared, kind, f"option {option.name}"), "%order")
            where = f"ptr {words}, i64 {key}, i64 {count}"
            unit = code.let(f"call double @f_unit(ptr %ctx, {where})")
            memory.store(code, "units", unit, at)
        given = f"ptr {row}, i64 {len(kind.options)}"
        return code.let(f"call i64 @f_choose_given(ptr %ctx, {given})")

    return code.choose("i64", code.let(f"icmp sge i64 {taken}, 0"), again, freely)


def _emit_choose_given(shared: Emission) -> None:
    """`@f_choose_given(ctx, row, count)`: what is taken of so many options with `utilities`.

    `units` has a unit exponential for each.
    """
    arguments = ("ptr", "%row"), ("i64", "%count")
    code, memory = shared.function("@f_choose_given", *arguments, result="i64"), shared.memory
    first = rows_of(record_of(shared)).utilities

    def before(place: str) -> str:
        at = code.let(f"add i64 {place}, {first}")
        return code.load("double", code.at("%row", "double", at))

    taken = load_cell(code, "%row", "taken")
    other, highest = code.slot("i1"), code.slot("double")
    code.store("i1", "false", other)
    code.store("double", CLOSED, highest)
    with code.count_up("0", "%count") as place:
        old, now = before(place), memory.load(code, "utilities", place)
        moved = code.let(f"fcmp une double {old}, {now}")
        code.store("i1", code.let(f"or i1 {code.load('i1', other)}, {moved}"), other)
        best = code.load("double", highest)
        above = code.let(f"fcmp ogt double {old}, {best}")
        code.store("double", code.let(f"select i1 {above}, double {old}, double {best}"), highest)
    with code.when(code.let(f"xor i1 {code.load('i1', other)}, true")):
        code.leave(taken)
    top = _top(shared, code, before, taken, code.load("double", highest))
    best, chosen = code.slot("double"), code.slot("i64")
    code.store("double", CLOSED, best)
    code.store("i64", "-1", chosen)
    with code.count_up("0", "%count") as place:
        now = memory.load(code, "utilities", place)
        with code.when(code.let(f"fcmp ogt double {now}, {CLOSED}")):
            noise = _noise(shared, code, place, before(place), taken, top)
            noisy = code.let(f"fadd double {now}, {noise}")
            with code.when(code.let(f"fcmp ogt double {noisy}, {code.load('double', best)}")):
                code.store("double", noisy, best)
                code.store("i64", place, chosen)
    code.leave(code.load("i64", chosen))
    code.finish()


def _log(shared: Emission, code: Function, value: str) -> str:
    return call_numerics(Place(shared, code), numerics.logarithm, [value])


def _exp(shared: Emission, code: Function, value: str) -> str:
    return call_numerics(Place(shared, code), numerics.exponential, [value])


def _top(
    shared: Emission, code: Function, before: Callable[[str], str], taken: str, highest: str
) -> str:
    """The largest noisy utility of the choice in the history."""
    total = code.slot("double")
    code.store("double", ZERO, total)
    with code.count_up("0", "%count") as place:
        old = before(place)
        closed = code.let(f"fcmp oeq double {old}, {CLOSED}")

        def part(old: str = old) -> str:
            return _exp(shared, code, code.let(f"fsub double {old}, {highest}"))

        value = code.choose("double", closed, lambda: ZERO, part)
        code.store("double", code.let(f"fadd double {code.load('double', total)}, {value}"), total)
    whole = _log(shared, code, code.load("double", total))
    unit = _log(shared, code, shared.memory.load(code, "units", taken))
    return code.let(f"fsub double {code.let(f'fadd double {highest}, {whole}')}, {unit}")


def _noise(shared: Emission, code: Function, place: str, old: str, taken: str, top: str) -> str:
    """The Gumbel noise of an option, whose utility was `old` when another or it was taken."""
    unit = shared.memory.load(code, "units", place)

    def below() -> str:
        closed = code.let(f"fcmp oeq double {old}, {CLOSED}")

        def floored() -> str:
            floor = _exp(shared, code, code.let(f"fsub double {old}, {top}"))
            return code.let(f"fadd double {floor}, {unit}")

        least = code.choose("double", closed, lambda: unit, floored)
        return code.let(f"fneg double {_log(shared, code, least)}")

    is_taken = code.let(f"icmp eq i64 {place}, {taken}")
    return code.choose("double", is_taken, lambda: code.let(f"fsub double {top}, {old}"), below)


def as_measured(place: Place, kind: EventKind, row: str) -> Decide | None:
    """What was measured of a firing comes out as measured, draws of another option by their own
    noise; None where nothing can have been measured."""
    conditioned = record_of(place.shared)
    names = measured_of(conditioned, place.shared.kind_number(kind))
    first = rows_of(conditioned).measured

    def decide(place: Place, spec: DrawSpec, sampled: Callable[[], str]) -> str:
        if spec.name not in names:
            return sampled()
        code = place.code
        at = str(first + names.index(spec.name))

        def of_row() -> str:
            value = code.load("double", code.at(row, "double", at))
            known = code.let(f"fcmp ord double {value}, {value}")
            for number, option in enumerate(kind.options):
                if any(one is spec for one in option.draws):
                    same = code.let(f"icmp eq i64 {load_cell(code, row, 'taken')}, {number}")
                    known = code.let(f"and i1 {known}, {same}")
            return code.choose("double", known, lambda: value, sampled)

        return code.choose("double", code.let(f"icmp ne ptr {row}, null"), of_row, sampled)

    return decide if names else None
