"""Workload C: citizens with eight neighbours each, from a thousand to a million of them.

The engine's cost of an event is that of a whole run less that of a run of no length (laying out and
casting the citizens), over its events; C is timed over as many events after its start. Each size
runs in a process of its own (`bench/crowd_process.py`), ended where it takes too long.
"""

from __future__ import annotations

import json
import sys
from statistics import median

from foedus.bench.instructions import counter, instructions_of
from foedus.bench.measure import in_turns, ratio, run_process, spread
from foedus.bench.row import Effort, Found, Row, Skipped
from foedus.bench.yardstick import shipped

PROGRAM = ("-m", "foedus.bench.crowd_process")
SECONDS = 240.0
EVENTS = 1_000_000
PARTS = (0.25, 1.0)


def _event_seconds(citizens: int, turn: int) -> float:
    """Processor seconds of an event."""
    done = run_process([sys.executable, *PROGRAM, str(citizens), str(turn)], limit=SECONDS)
    if done.code:
        raise RuntimeError(done.errors.strip())
    found = json.loads(done.output)
    return float(found["seconds"] / found["events"])


def over_rejection(effort: Effort) -> Found:
    """Events per processor second over those of C, at a hundred thousand citizens."""
    yardstick, citizens = shipped("crowd"), 100_000
    events = effort.scaled(EVENTS)
    rates = in_turns(
        max(2, effort.rounds - 2),
        engine=lambda turn: 1.0 / _event_seconds(citizens, turn),
        rejection=lambda turn: yardstick.rate(citizens, events, turn),
    )
    return ratio(
        rates["engine"],
        rates["rejection"],
        {
            "Foedus, ns an event": 1e9 / median(rates["engine"]),
            "C, ns an event": 1e9 / median(rates["rejection"]),
        },
    )


def growth_of_time(effort: Effort) -> Found:
    """Time of an event among a million citizens over that among a thousand."""
    times = in_turns(
        1 if effort.share < 1.0 else 2,
        few=lambda turn: _event_seconds(1_000, turn),
        many=lambda turn: _event_seconds(1_000_000, turn),
    )
    return ratio(
        times["many"],
        times["few"],
        {
            "ns an event, thousand": 1e9 * median(times["few"]),
            "ns an event, million": 1e9 * median(times["many"]),
        },
    )


def growth_of_instructions(effort: Effort) -> Found | Skipped:
    """Instructions of an event among a hundred thousand citizens over those among a thousand."""
    few, many = _event_instructions(1_000), _event_instructions(100_000)
    if min(few, many) <= 0.0:
        return Skipped("the longer run took fewer instructions than the shorter: not a measurement")
    details = {"instructions an event, thousand": few, "hundred thousand": many}
    return spread([many / few], details, (f"counted with {counter()}",))


def _event_instructions(citizens: int) -> float:
    """Between two lengths of the same runs: what they share (the start) cancels.

    The first of all may have to compile, and counts for nothing.
    """
    found = []
    for part in (PARTS[0], *PARTS):
        command = [sys.executable, *PROGRAM, str(citizens), "1", str(part)]
        instructions, output = instructions_of(command)
        found.append((instructions, json.loads(output)["events"]))
    _, (before, first), (after, last) = found
    return float((after - before) / (last - first))


ROWS = (
    Row("crowd", "C crowd", "speed over C, composition-rejection, 1e5", over_rejection, 0.5, 1.0),
    Row("crowd-time", "C crowd", "time of an event, 1e6 over 1e3", growth_of_time, 8.0, 5.0, True),
    Row("crowd-instructions", "C crowd", "instructions of an event, 1e5 over 1e3",
        growth_of_instructions, 1.10, 1.02, True),
)  # fmt: skip
