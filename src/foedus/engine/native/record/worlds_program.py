"""Courses that agree with a record, and other worlds on the same chance, by compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.cover import NOTHING
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.monitors import Watch
from foedus.engine.native.driver import Text
from foedus.engine.native.event_log import LOG_COLUMNS
from foedus.engine.native.machine import compile_text
from foedus.engine.native.program import ALIGNMENT, POINTER, REAL, WHOLE, aligned
from foedus.engine.native.record.program import Arrays, stage_tables
from foedus.engine.native.record.rows import rows_of
from foedus.engine.native.record.tables import TABLES
from foedus.engine.native.record.worlds import ARGUMENTS, CROWDED, emit_worlds
from foedus.jump.model import Atom, Intervention
from foedus.jump.stages import Stage

ROOM = 4096
"""Firings of one run that there is room for at first."""


@dataclass(frozen=True, slots=True, eq=False)
class WorldsProgram:
    """Compiled code of a model with a record and of the decisions that its worlds may have."""

    conditioned: Conditioned
    decisions: tuple[tuple[Intervention, ...], ...]
    watch: Watch | None
    text: Text
    compiled: Any
    call: Any


@dataclass(frozen=True, slots=True)
class RawWorlds:
    """What worlds came to: float64 (course, world, question) and so on, as in `RunResult`.

    `vacuous` is uint8 (course, world, intervention), of all decisions one after the other;
    `samples` float64 (course, world, time, expression); `log` and `drawn` as in `program.Results`.
    """

    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.uint8]
    vacuous: NDArray[np.uint8]
    events: NDArray[np.int64]
    samples: NDArray[np.float64]
    log: NDArray[np.float64]
    drawn: NDArray[np.float64]


def build_worlds(
    conditioned: Conditioned,
    decisions: Sequence[tuple[Intervention, ...]],
    watch: Watch | None = None,
) -> WorldsProgram:
    """Compiled code, from the cache where it is known; see `program.can_compile`."""
    flat = tuple(one for decision in decisions for one in decision)
    text = emit_worlds(conditioned, flat, watch)
    compiled = compile_text(text.ir)
    kinds = {"ptr": POINTER, "i64": WHOLE, "double": REAL}
    call = compiled.function("run_worlds", WHOLE, *(kinds[kind] for kind, _ in ARGUMENTS))
    return WorldsProgram(conditioned, tuple(decisions), watch, text, compiled, call)


def run_worlds(
    program: WorldsProgram,
    atom: Atom,
    stage: Stage,
    parameters: NDArray[np.float64],
    noise: NDArray[np.uint64],
    switches: NDArray[np.uint8],
    *,
    since: float | None,
    horizon: float,
    limit: int,
    log: int = 0,
    drawn: int = 0,
) -> tuple[RawWorlds, int]:
    """Every world of some courses, and the number of a run that went wrong, or -1.

    The first world is as it was, the others have the decisions in order. Shapes are those of
    `particles.Runner.run`; `log` and `drawn` make room for so many events and draws of all runs.
    The lock of the interpreter is released while they run.
    """
    conditioned = program.conditioned
    tables = stage_tables(conditioned, atom, stage)
    others = tables | _instants(tables, since)
    components = [name in atom.components for name in conditioned.prepared.model.components]
    flags = np.array([*components, False], np.uint8)
    memory, room = np.zeros(program.text.memory + ALIGNMENT, np.uint8), ROOM
    addresses, other_addresses = (_addresses(one) for one in (tables, others))
    parameters = np.ascontiguousarray(np.column_stack([parameters, np.zeros(len(parameters))]))
    chosen = _chosen(program.decisions)
    while True:
        found = _empty(program, len(parameters), log, drawn)
        rows = np.empty((room, rows_of(conditioned).width))
        wrong = program.call(
            aligned(memory), addresses.ctypes.data, other_addresses.ctypes.data,
            parameters.ctypes.data, parameters.shape[1], flags.ctypes.data, noise.ctypes.data,
            switches.ctypes.data, len(parameters), horizon, limit, chosen.ctypes.data,
            len(chosen), rows.ctypes.data, room, found.values.ctypes.data,
            found.waited.ctypes.data, found.given.ctypes.data, found.vacuous.ctypes.data,
            found.events.ctypes.data, found.samples.ctypes.data, found.log.ctypes.data, log,
            found.drawn.ctypes.data, drawn,
        )  # fmt: skip
        if wrong != CROWDED:
            return found, int(wrong)
        room *= 4


def _instants(tables: Arrays, since: float | None) -> Arrays:
    """The moments at which another world looks at its clocks: what changed then changes nothing."""
    times = np.union1d(tables["break_time"][:-2], [] if since is None else [since])
    nothing = np.zeros(len(times) + 1, np.int64)
    return {
        "break_time": np.concatenate([times, [np.inf, 0.0]]),
        "break_change": nothing + NOTHING,
        "break_number": nothing,
        "break_place": nothing,
    }


def _addresses(tables: Arrays) -> NDArray[np.uint64]:
    return np.array([tables[name].ctypes.data for name in TABLES], np.uint64)


def _chosen(decisions: Sequence[tuple[Intervention, ...]]) -> NDArray[np.uint8]:
    """uint8 (world, intervention): which are made in each world; in the first, none."""
    owners = [number for number, decision in enumerate(decisions, 1) for _ in decision]
    worlds = np.arange(len(decisions) + 1)
    return np.ascontiguousarray(worlds[:, None] == np.array(owners, np.int64), np.uint8)


def _empty(program: WorldsProgram, count: int, log: int, drawn: int) -> RawWorlds:
    shape = count, len(program.decisions) + 1
    questions = len(program.conditioned.prepared.model.monitors)
    flat = sum(map(len, program.decisions))
    watch = program.watch
    sampled = (0, 0) if watch is None else (len(watch.times), len(watch.expressions))
    return RawWorlds(
        np.full((*shape, questions), np.nan), np.full((*shape, questions), np.nan),
        np.zeros((*shape, questions), np.uint8), np.zeros((*shape, flat), np.uint8),
        np.zeros(shape, np.int64), np.zeros((*shape, *sampled)), np.zeros((log, LOG_COLUMNS)),
        np.zeros(drawn),
    )  # fmt: skip
