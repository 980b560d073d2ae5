"""Questions put to a run while it goes on.

A question sees the state after each instant and changes nothing. Between instants the state is
constant, so integrals and averages are exact; a number that mentions `time` or `since` is looked at
at instants and ticks only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from math import isfinite, nan

from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, condition, evaluator
from foedus.engine.failure import EvaluationError
from foedus.engine.world import World
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.jump.model import Monitor


@dataclass(frozen=True, slots=True)
class Watch:
    """Expressions to be sampled at some times (days, ascending), in the state after the instant."""

    expressions: tuple[Expression, ...]
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedMonitor:
    """A question with its functions. It is looked at from `opens` until `closes`."""

    monitor: Monitor
    expression: Evaluate
    origin: Evaluate | None
    given: Evaluate | None
    opens: float
    closes: float

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"question `{self.monitor.name}`"


@dataclass(slots=True)
class Track:
    """What a question has seen of a run so far."""

    is_open: bool = False
    value: float = nan
    since: float = nan
    total: float = 0.0
    origin: float | None = None
    first: float | None = None
    answer: float = nan
    waited: float = nan
    is_given: bool = False


@dataclass(slots=True)
class Gallery:
    """All that is observed of one run: the questions, the stops ahead, the samples taken.

    `stops` are (time, order, number), latest first: order 0 opens a question, 1 closes it, 2 takes
    a sample.
    """

    monitors: tuple[PreparedMonitor, ...]
    tracks: list[Track]
    stops: list[tuple[float, int, int]]
    watched: tuple[Evaluate, ...] = ()
    samples: list[tuple[float, ...]] = field(default_factory=list)


OPENS, CLOSES, SAMPLES = 0, 1, 2


def prepare_monitor(monitor: Monitor, names: Names) -> PreparedMonitor:
    """The functions of a question, and when it begins and stops to look."""
    at = monitor.at
    return PreparedMonitor(
        monitor,
        evaluator(monitor.expression, names),
        condition(monitor.origin, names),
        condition(monitor.given, names),
        monitor.start if at is None else at,
        monitor.end if at is None else at,
    )


def gallery(
    monitors: tuple[PreparedMonitor, ...], watched: tuple[Evaluate, ...], times: tuple[float, ...]
) -> Gallery:
    """Everything to be observed of a run that has not begun."""
    stops = [(one.opens, OPENS, number) for number, one in enumerate(monitors)]
    stops += [(one.closes, CLOSES, number) for number, one in enumerate(monitors)]
    stops += [(time, SAMPLES, number) for number, time in enumerate(times)]
    stops.sort(reverse=True)
    return Gallery(monitors, [Track() for _ in monitors], stops, watched)


def look(seen: Gallery, world: World, numbers: set[int] | tuple[int, ...]) -> None:
    """Show the state as it is now to the questions `numbers`, where they are open."""
    for number in numbers:
        prepared, track = seen.monitors[number], seen.tracks[number]
        if not track.is_open:
            continue
        try:
            _LOOKS[prepared.monitor.kind].look(prepared, track, world)
        except EvaluationError as fault:
            raise fault.about(prepared.title) from None


def stop(seen: Gallery, world: World) -> None:
    """Make the next stop; the state has been constant since the last instant."""
    world.time, order, number = seen.stops.pop()
    if order == SAMPLES:
        seen.samples.append(tuple(float(evaluate(world)) for evaluate in seen.watched))
        return
    prepared, track = seen.monitors[number], seen.tracks[number]
    if order == OPENS:
        track.is_open = True
        track.since = world.time
        look(seen, world, (number,))
        return
    track.is_open = False
    try:
        _close(prepared, track, world)
    except EvaluationError as fault:
        raise fault.about(prepared.title) from None


def _close(prepared: PreparedMonitor, track: Track, world: World) -> None:
    _LOOKS[prepared.monitor.kind].close(prepared, track, world)
    track.is_given &= prepared.given is None or bool(prepared.given(world))
    if not track.is_given:
        track.answer = track.waited = nan


def _number(prepared: PreparedMonitor, world: World) -> float:
    value = float(prepared.expression(world))
    if isfinite(value):
        return value
    raise EvaluationError(f"the number is {value:g}", prepared.monitor.expression.span)


def _look_until(prepared: PreparedMonitor, track: Track, world: World) -> None:
    if track.origin is None and (prepared.origin is None or prepared.origin(world)):
        track.origin = world.time
    if track.origin is not None and track.first is None and prepared.expression(world):
        track.first = world.time


def _close_until(prepared: PreparedMonitor, track: Track, world: World) -> None:
    if track.origin is None:  # waiting for what never began is no waiting
        return
    track.is_given = True
    track.waited = (world.time if track.first is None else track.first) - track.origin
    if track.first is not None:
        track.answer = track.waited


def _look_whether(prepared: PreparedMonitor, track: Track, world: World) -> None:
    if prepared.expression(world):
        track.value = 1.0


def _close_whether(prepared: PreparedMonitor, track: Track, world: World) -> None:
    track.is_given = True
    track.answer = 1.0 if track.value == 1.0 else 0.0


def _look_number(prepared: PreparedMonitor, track: Track, world: World) -> None:
    track.value = _number(prepared, world)


def _close_number(prepared: PreparedMonitor, track: Track, world: World) -> None:
    track.is_given = True
    track.answer = track.value


def _look_total(prepared: PreparedMonitor, track: Track, world: World) -> None:
    value = _number(prepared, world)
    if value != track.value:
        if track.value == track.value:
            track.total += track.value * (world.time - track.since)
        track.value, track.since = value, world.time


def _close_total(prepared: PreparedMonitor, track: Track, world: World) -> None:
    track.is_given = True
    total = track.total + track.value * (world.time - track.since)
    length = prepared.closes - prepared.opens
    if prepared.monitor.kind == "integral":
        track.answer = total
    else:
        track.answer = total / length if length > 0.0 else track.value


def _look_highest(prepared: PreparedMonitor, track: Track, world: World) -> None:
    value = _number(prepared, world)
    if not value <= track.value:
        track.value = value


def _look_lowest(prepared: PreparedMonitor, track: Track, world: World) -> None:
    value = _number(prepared, world)
    if not value >= track.value:
        track.value = value


@dataclass(frozen=True, slots=True)
class _Way:
    look: Callable[[PreparedMonitor, Track, World], None]
    close: Callable[[PreparedMonitor, Track, World], None]


_LOOKS = {
    "probability": _Way(_look_whether, _close_whether),
    "time-until": _Way(_look_until, _close_until),
    "mean": _Way(_look_number, _close_number),
    "average": _Way(_look_total, _close_total),
    "integral": _Way(_look_total, _close_total),
    "maximum": _Way(_look_highest, _close_number),
    "minimum": _Way(_look_lowest, _close_number),
}
