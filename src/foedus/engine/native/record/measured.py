"""What the draws of an item's event come out as: as measured, or by their law; and its weight."""

from __future__ import annotations

from collections.abc import Callable

from foedus.engine import laws, numerics
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.tracked import Tracked
from foedus.engine.native.ir import double, signed
from foedus.engine.native.place import ZERO, Emission, Place, as_number, call_numerics
from foedus.engine.native.record.rows import measured_of, rows_of
from foedus.engine.native.record.scripted import Decide
from foedus.engine.native.record.tables import FORMS, constants, item_noise, record_of, table
from foedus.jump.model import DrawSpec

MINUS_INFINITY = double(-float("inf"))


def measured_draws(conditioned: Conditioned) -> list[tuple[int, str]]:
    """The draws that some item has measured: (tracked, name), each with a row in the tables."""
    found = {
        (one.tracked, name): None
        for one in conditioned.items
        if one.tracked is not None
        for name, _ in one.sighting.draws
    }
    return list(found)


def measured(shared: Emission, tracked: Tracked) -> Decide:
    """How the draws of the event of `%item` come out."""
    known = enumerate(measured_draws(record_of(shared)))
    rows = {name: row for row, (number, name) in known if number == tracked.number}

    def decide(place: Place, spec: DrawSpec, sampled: Callable[[], str]) -> str:
        if spec.name not in rows:
            return sampled()
        code, items = place.code, record_of(shared).items
        at = code.let(f"add i64 %item, {rows[spec.name] * len(items)}")
        form = table(shared, code, "draw_form", at)
        free = code.let(f"icmp eq i64 {form}, 0")

        def known() -> str:
            value = _known(place, spec, at, form, sampled)
            if place.shared.keeps_history:
                _note_measured(place, tracked, spec, value)
            return value

        return code.choose("double", free, sampled, known)

    return decide


def _note_measured(place: Place, tracked: Tracked, spec: DrawSpec, value: str) -> None:
    """Keep in the history what a draw was measured to be."""
    code, conditioned = place.code, record_of(place.shared)
    names = measured_of(conditioned, tracked.kind_number)
    row = code.load("ptr", place.shared.memory.cell(code, "row", 0))
    at = rows_of(conditioned).measured + names.index(spec.name)
    code.store("double", value, code.at(row, "double", str(at)))


def _known(place: Place, spec: DrawSpec, at: str, form: str, sampled: Callable[[], str]) -> str:
    """The value of a measured draw, which is weighed."""
    code, shared = place.code, place.shared
    value, size = (table(shared, code, name, at) for name in ("draw_value", "draw_size"))
    exact = code.let(f"icmp eq i64 {form}, {FORMS.index('exact')}")
    if spec.distribution in laws.DISCRETE:
        return code.choose(
            "double", exact,
            lambda: _weighed(place, spec, value),
            lambda: _weighed_by_error(place, (form, value, size), sampled()),
        )  # fmt: skip
    drawn = code.choose(
        "double", exact, lambda: value, lambda: _proposed(place, spec, form, value, size)
    )
    weight = _log_density(place, spec, drawn)
    by_factor = code.let(f"icmp eq i64 {form}, {FORMS.index('factor')}")

    def with_factor() -> str:
        logs = [call_numerics(place, numerics.logarithm, [one]) for one in (drawn, value)]
        return code.let(f"fadd double {weight}, {code.let(f'fsub double {logs[0]}, {logs[1]}')}")

    _charge(place, code.choose("double", by_factor, with_factor, lambda: weight))
    return drawn


def _charge(place: Place, weight: str) -> None:
    place.code.do(f"call void @f_charge(ptr %ctx, i64 %item, double {weight})")


def _weighed(place: Place, spec: DrawSpec, value: str) -> str:
    _charge(place, _log_density(place, spec, value))
    return value


def _log_density(place: Place, spec: DrawSpec, value: str) -> str:
    """The log density of a value; impossible arguments are faults, as when it is drawn."""
    values = [as_number(place, argument) for argument in spec.arguments]
    call_numerics(place, numerics.DRAWS[spec.distribution], [*values, double(0.5)])
    return call_numerics(place, laws.DENSITIES[spec.distribution], [*values, value])


def _weighed_by_error(place: Place, error: tuple[str, str, str], value: str) -> str:
    _charge(place, error_log(place, error, value))
    return value


def error_log(place: Place, error: tuple[str, str, str], truth: str) -> str:
    """The log density of a measurement (form, value, size) given the truth."""
    form, value, size = error
    code = place.code

    def inexact() -> str:
        by_sd = code.let(f"icmp eq i64 {form}, {FORMS.index('sd')}")
        return code.choose(
            "double", by_sd,
            lambda: call_numerics(place, laws.sd_error_log, [value, size, truth]),
            lambda: call_numerics(place, laws.factor_error_log, [value, size, truth]),
        )  # fmt: skip

    def exact() -> str:
        same = code.let(f"fcmp oeq double {truth}, {value}")
        return code.let(f"select i1 {same}, double {ZERO}, double {MINUS_INFINITY}")

    is_exact = code.let(f"icmp eq i64 {form}, {FORMS.index('exact')}")
    return code.choose("double", is_exact, exact, inexact)


def _proposed(place: Place, spec: DrawSpec, form: str, value: str, size: str) -> str:
    code, shared = place.code, place.shared
    keys = [signed(one.draw_keys.get(spec.name, 0)) for one in record_of(shared).items]
    noise = item_noise(shared, code, "%item", constants(keys))
    uniform = code.let(f"call double @f_uniform(ptr %ctx, {noise}, i64 0)")
    by_sd = code.let(f"icmp eq i64 {form}, {FORMS.index('sd')}")
    return code.choose(
        "double", by_sd,
        lambda: call_numerics(place, numerics.normal, [value, size, uniform]),
        lambda: call_numerics(place, numerics.lognormal, [value, size, uniform]),
    )  # fmt: skip
