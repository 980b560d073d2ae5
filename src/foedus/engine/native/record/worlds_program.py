"""Courses that agree with a record, and other worlds on the same chance, by compiled code."""

from __future__ import annotations

from collections.abc import Sequence
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
from foedus.frozen import dataclass
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
class Kept:
    """The history of one course: float64 (row, cell), as `rows` has it, and by instance the number
    of its first row and the gap that was still open."""

    rows: NDArray[np.float64]
    first_row: NDArray[np.int64]
    open_gap: NDArray[np.float64]


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
    call = _Call(program, atom, stage, since, horizon, limit, log, drawn)
    found, wrong, _ = call.run(parameters, noise, switches, range(len(program.decisions) + 1))
    return found, wrong


def keep_history(
    program: WorldsProgram, atom: Atom, stage: Stage, parameters: NDArray[np.float64],
    noise: NDArray[np.uint64], switches: NDArray[np.uint8], *, horizon: float, limit: int,
) -> Kept | None:  # fmt: skip
    """The history of one course as it was, given as to `run_worlds`; None if it went wrong."""
    call = _Call(program, atom, stage, None, horizon, limit)
    _, wrong, kept = call.run(parameters, noise, switches, range(1))
    return None if wrong >= 0 else kept


def run_from(
    program: WorldsProgram, kept: Kept, atom: Atom, stage: Stage,
    parameters: NDArray[np.float64], noise: NDArray[np.uint64], switches: NDArray[np.uint8], *,
    horizon: float, limit: int,
) -> tuple[RawWorlds, int]:  # fmt: skip
    """The worlds that have the decisions, of one course whose history was kept; as `run_worlds`."""
    call = _Call(program, atom, stage, None, horizon, limit)
    worlds = range(1, len(program.decisions) + 1)
    found, wrong, _ = call.run(parameters, noise, switches, worlds, kept)
    return found, wrong


@dataclass(frozen=True, slots=True)
class _Call:
    """What all courses of a call have in common."""

    program: WorldsProgram
    atom: Atom
    stage: Stage
    since: float | None
    horizon: float
    limit: int
    log: int = 0
    drawn: int = 0

    def run(
        self,
        parameters: NDArray[np.float64],
        noise: NDArray[np.uint64],
        switches: NDArray[np.uint8],
        worlds: range,
        kept: Kept | None = None,
    ) -> tuple[RawWorlds, int, Kept]:
        """Some worlds of some courses, the number of a run that went wrong or -1, and the history
        of the last course; with one `kept`, of that course."""
        program, conditioned = self.program, self.program.conditioned
        tables = stage_tables(conditioned, self.atom, self.stage)
        others = tables | _instants(tables, self.since)
        addresses, other_addresses = _addresses(tables), _addresses(others)
        present = self.atom.components
        components = [name in present for name in conditioned.prepared.model.components]
        flags = np.array([*components, False], np.uint8)
        parameters = np.ascontiguousarray(np.column_stack([parameters, np.zeros(len(parameters))]))
        chosen = _chosen(program.decisions)
        memory = _Memory(program)
        rows = np.empty((ROOM, rows_of(conditioned).width))
        if kept is not None:
            rows = kept.rows
            memory.put(kept)
        while True:
            found = _empty(program, len(parameters), len(worlds), self.log, self.drawn)
            wrong = program.call(
                memory.address, addresses.ctypes.data, other_addresses.ctypes.data,
                parameters.ctypes.data, parameters.shape[1], flags.ctypes.data, noise.ctypes.data,
                switches.ctypes.data, len(parameters), self.horizon, self.limit,
                chosen.ctypes.data, worlds.start, worlds.stop, rows.ctypes.data, len(rows),
                found.values.ctypes.data, found.waited.ctypes.data, found.given.ctypes.data,
                found.vacuous.ctypes.data, found.events.ctypes.data, found.samples.ctypes.data,
                found.log.ctypes.data, self.log, found.drawn.ctypes.data, self.drawn,
            )  # fmt: skip
            if wrong != CROWDED:
                return found, int(wrong), memory.kept(rows)
            rows = np.empty((4 * len(rows), rows.shape[1]))


class _Memory:
    """The memory of a run, and what of a history is in it."""

    def __init__(self, program: WorldsProgram) -> None:
        self.block = np.zeros(program.text.memory + ALIGNMENT, np.uint8)
        self.address = aligned(self.block)
        self.places = program.text.places
        self.instances = len(program.conditioned.prepared.instances)

    def put(self, kept: Kept) -> None:
        """Let worlds that are made next read this history."""
        self._of("first_row", np.int64)[:] = kept.first_row
        self._of("open_gap", np.float64)[:] = kept.open_gap

    def kept(self, rows: NDArray[np.float64]) -> Kept:
        """The history of the last course."""
        used = int(self._of("rows_used", np.int64)[0])
        first_row, open_gap = self._of("first_row", np.int64), self._of("open_gap", np.float64)
        return Kept(rows[:used], first_row, open_gap)

    def _of(self, name: str, kind: type[np.generic]) -> NDArray[Any]:
        start = self.address - self.block.ctypes.data + self.places[name]
        return self.block[start : start + 8 * self.instances].view(kind)


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


def _empty(program: WorldsProgram, count: int, worlds: int, log: int, drawn: int) -> RawWorlds:
    shape = count, worlds
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
