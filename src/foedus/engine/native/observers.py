"""Questions as instructions: what each has seen of a run, as `monitors` has it."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.engine.native.bits import each_bit, note_bits, words_for
from foedus.engine.native.clockwork import NOTHING
from foedus.engine.native.expressions import ZERO, Emission, Place, as_number, as_truth, condition
from foedus.engine.native.ir import RARE, Function, double
from foedus.expr.tree import Expression
from foedus.jump.model import Monitor

OPENS, CLOSES, SAMPLES = 0, 1, 2
ONE = double(1.0)

TRACKS = ("m_value", "m_since", "m_total", "m_origin", "m_first", "m_answer", "m_waited")


def add_tracks(shared: Emission) -> None:
    """Room for what the questions have seen."""
    count = len(shared.model.monitors)
    for name in TRACKS:
        shared.memory.add(name, "double", count)
    for name in ("m_open", "m_given"):
        shared.memory.add(name, "i8", count)
    shared.memory.add("stale", "i64", words_for(count))
    shared.memory.add("stop", "i64", 1)


def note_stale(shared: Emission, code: Function, monitors: Sequence[int]) -> None:
    """Let questions look at the state after this instant: those that see more than one moment. Who
    asks of one moment looks at it when it comes."""
    seeing = [number for number in monitors if shared.model.monitors[number].at is None]
    note_bits(shared, code, "stale", seeing)


def reset_tracks(shared: Emission, code: Function) -> None:
    """Everything as before a run."""
    for name in TRACKS:
        shared.memory.fill(code, name, ZERO if name == "m_total" else NOTHING)
    for name in ("m_open", "m_given", "stale"):
        shared.memory.fill(code, name, "0")
    shared.memory.store(code, "stop", "0")


def stops_of(
    model_monitors: tuple[Monitor, ...], times: tuple[float, ...]
) -> list[tuple[float, int, int]]:
    """When questions open and close and samples are taken, in order."""
    stops = []
    for number, monitor in enumerate(model_monitors):
        at = monitor.at
        stops.append((monitor.start if at is None else at, OPENS, number))
        stops.append((monitor.end if at is None else at, CLOSES, number))
    stops += [(time, SAMPLES, number) for number, time in enumerate(times)]
    return sorted(stops)


def emit_observers(shared: Emission, watched: tuple[Expression, ...]) -> None:
    """`@f_look{m}`, `@f_close{m}`, `@f_sample`, and `@f_look_stale`."""
    for number, monitor in enumerate(shared.model.monitors):
        code = shared.function(f"@f_look{number}")
        is_open = shared.memory.load(code, "m_open", number)
        with code.when(code.let(f"icmp ne i8 {is_open}, 0")):
            _look(Place(shared, code), monitor, number)
        code.finish()
        code = shared.function(f"@f_close{number}", attributes=RARE)
        _close(Place(shared, code), monitor, number)
        code.finish()
    code = shared.function("@f_look_stale")
    count = len(shared.model.monitors)
    for word in range(words_for(count)):
        each_bit(
            shared, code, "stale", word, count,
            lambda number: code.do(f"call void @f_look{number}(ptr %ctx)"),
        )  # fmt: skip
    code.finish()
    code = shared.function("@f_sample")
    place = Place(shared, code)
    base = code.load("ptr", shared.memory.cell(code, "samples", 0))
    for number, expression in enumerate(watched):
        code.store("double", as_number(place, expression), code.at(base, "double", str(number)))
    moved = code.at(base, "double", str(len(watched)))
    code.store("ptr", moved, shared.memory.cell(code, "samples", 0))
    code.finish()


def look_at_stale(shared: Emission, code: Function) -> None:
    """Let the questions look that something they read has changed for, if there are any."""
    some = shared.memory.load(code, "stale", 0)
    for word in range(1, words_for(len(shared.model.monitors))):
        some = code.let(f"or i64 {some}, {shared.memory.load(code, 'stale', word)}")
    with code.when(code.let(f"icmp ne i64 {some}, 0")):
        code.do("call void @f_look_stale(ptr %ctx)")


def _number(place: Place, monitor: Monitor) -> str:
    value = as_number(place, monitor.expression)
    spread = place.code.let(f"fsub double {value}, {value}")
    place.fault_unless(place.code.let(f"fcmp oeq double {spread}, {ZERO}"))
    return value


def _look(place: Place, monitor: Monitor, number: int) -> None:
    code, memory = place.code, place.shared.memory
    if monitor.kind == "time-until":
        _look_until(place, monitor, number)
    elif monitor.kind == "probability":
        with code.when(as_truth(place, monitor.expression)):
            memory.store(code, "m_value", ONE, number)
    elif monitor.kind == "mean":
        memory.store(code, "m_value", _number(place, monitor), number)
    elif monitor.kind in ("average", "integral"):
        _look_total(place, monitor, number)
    else:
        value, before = _number(place, monitor), memory.load(code, "m_value", number)
        sign = "ugt" if monitor.kind == "maximum" else "ult"  # unordered: the first is taken
        with code.when(code.let(f"fcmp {sign} double {value}, {before}")):
            memory.store(code, "m_value", value, number)


def _look_until(place: Place, monitor: Monitor, number: int) -> None:
    code, memory = place.code, place.shared.memory
    time = memory.load(code, "time")
    origin = memory.load(code, "m_origin", number)
    unknown = code.let(f"fcmp uno double {origin}, {origin}")
    with code.when(unknown), code.when(condition(place, monitor.origin)):
        memory.store(code, "m_origin", time, number)
    origin, first = memory.load(code, "m_origin", number), memory.load(code, "m_first", number)
    begun = code.let(f"fcmp ord double {origin}, {origin}")
    waiting = code.let(f"fcmp uno double {first}, {first}")
    watched = code.let(f"and i1 {begun}, {waiting}")
    with code.when(watched), code.when(as_truth(place, monitor.expression)):
        memory.store(code, "m_first", time, number)


def _look_total(place: Place, monitor: Monitor, number: int) -> None:
    code, memory = place.code, place.shared.memory
    value, before = _number(place, monitor), memory.load(code, "m_value", number)
    with code.when(code.let(f"fcmp une double {value}, {before}")):
        time = memory.load(code, "time")
        with code.when(code.let(f"fcmp ord double {before}, {before}")):
            memory.store(code, "m_total", _total(place, before, time, number), number)
        memory.store(code, "m_value", value, number)
        memory.store(code, "m_since", time, number)


def _total(place: Place, value: str, time: str, number: int) -> str:
    code, memory = place.code, place.shared.memory
    length = code.let(f"fsub double {time}, {memory.load(code, 'm_since', number)}")
    more = code.let(f"fmul double {value}, {length}")
    return code.let(f"fadd double {memory.load(code, 'm_total', number)}, {more}")


def _close(place: Place, monitor: Monitor, number: int) -> None:
    code, memory = place.code, place.shared.memory
    memory.store(code, "m_open", "0", number)
    if monitor.kind == "time-until":
        _close_until(place, number)
    else:
        memory.store(code, "m_given", "1", number)
        memory.store(code, "m_answer", _answer(place, monitor, number), number)
    given = memory.load(code, "m_given", number)
    with code.when(code.let(f"icmp ne i8 {given}, 0")):
        holds = code.let(f"zext i1 {condition(place, monitor.given)} to i8")
        memory.store(code, "m_given", holds, number)
    given = memory.load(code, "m_given", number)
    with code.when(code.let(f"icmp eq i8 {given}, 0")):
        memory.store(code, "m_answer", NOTHING, number)
        memory.store(code, "m_waited", NOTHING, number)


def _close_until(place: Place, number: int) -> None:
    code, memory = place.code, place.shared.memory
    origin = memory.load(code, "m_origin", number)
    with code.when(code.let(f"fcmp ord double {origin}, {origin}")):
        memory.store(code, "m_given", "1", number)
        first, time = memory.load(code, "m_first", number), memory.load(code, "time")
        came = code.let(f"fcmp ord double {first}, {first}")
        end = code.let(f"select i1 {came}, double {first}, double {time}")
        waited = code.let(f"fsub double {end}, {origin}")
        memory.store(code, "m_waited", waited, number)
        with code.when(came):
            memory.store(code, "m_answer", waited, number)


def _answer(place: Place, monitor: Monitor, number: int) -> str:
    code, memory = place.code, place.shared.memory
    value = memory.load(code, "m_value", number)
    if monitor.kind == "probability":
        seen = code.let(f"fcmp oeq double {value}, {ONE}")
        return code.let(f"select i1 {seen}, double {ONE}, double {ZERO}")
    if monitor.kind not in ("average", "integral"):
        return value
    total = _total(place, value, memory.load(code, "time"), number)
    if monitor.kind == "integral":
        return total
    at = monitor.at
    length = 0.0 if at is not None else monitor.end - monitor.start
    return code.let(f"fdiv double {total}, {double(length)}") if length > 0.0 else value


def emit_stop(shared: Emission, stops: list[tuple[float, int, int]]) -> None:
    """`@f_stop(ctx)`: make the next stop; the state has been constant since the last instant."""
    code = shared.function("@f_stop", attributes=RARE)
    memory = shared.memory
    at = memory.load(code, "stop")
    memory.store(code, "stop", code.let(f"add i64 {at}, 1"))
    memory.store(code, "time", code.lookup("double", [stop[0] for stop in stops], at))
    after = code.label("made")
    labels = [code.label(f"stop{place}_") for place in range(len(stops))]
    cases = " ".join(f"i64 {place}, label %{name}" for place, name in enumerate(labels))
    code.do(f"switch i64 {at}, label %{after} [ {cases} ]")
    code.is_open = False
    for (_, order, number), name in zip(stops, labels, strict=True):
        code.begin(name)
        if order == OPENS:
            memory.store(code, "m_open", "1", number)
            memory.store(code, "m_since", memory.load(code, "time"), number)
            code.do(f"call void @f_look{number}(ptr %ctx)")
        elif order == CLOSES:
            code.do(f"call void @f_close{number}(ptr %ctx)")
        else:
            code.do("call void @f_sample(ptr %ctx)")
        code.jump(after)
    code.begin(after)
    code.finish()
