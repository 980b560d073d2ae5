"""Runs that stand at one time and go on together: calls of compiled code, on some threads."""

from __future__ import annotations

import ctypes
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.native.program import ALIGNMENT, POINTER, REAL, WHOLE
from foedus.engine.native.record.program import stage_tables
from foedus.engine.native.record.tables import TABLES
from foedus.engine.native.standing.program import Standing
from foedus.engine.native.vector.driver import is_slow
from foedus.frozen import dataclass
from foedus.jump.model import Atom
from foedus.jump.stages import Stage

Words = NDArray[np.uint64]
Chosen = NDArray[np.int64]


_Seen = Counter[str]


@dataclass(slots=True)
class Paths:
    """Runs that stand at one time, a row of bytes for each: uint8 (run, byte).

    `spare` is where they come to stand next. `crews` has, for each thread, the memories that its
    runs work in: uint8 (lane, byte). What compiled code knows by its address is kept in `held`.
    `seen` counts the steps of the lanes and the rare events in them.
    """

    program: Standing
    rows: NDArray[np.uint8]
    spare: NDArray[np.uint8]
    words: Words
    crews: list[NDArray[np.uint8]]
    held: tuple[Any, ...]
    seen: _Seen = field(default_factory=Counter)

    def advance(self, until: float, limit: int, copies: tuple[Chosen, Words] | None = None) -> None:
        """Let all runs go on to `until` (days).

        `copies` are the runs they go on from, (run,), and the words that key their noise from now
        on, (run, 2); without, each goes on by itself. Raises `ValueError` where one has no meaning.
        """
        count, lanes = len(self.rows), self.program.lanes
        chosen: Chosen = np.arange(count, dtype=np.int64)
        if copies is not None:
            chosen = np.ascontiguousarray(copies[0])
            self.words = np.ascontiguousarray(copies[1])
        task = _Task(chosen, copies is not None, until, limit)
        pays = lanes is not None and not is_slow(self.seen, lanes.width)
        work = self._side_by_side if pays else self._one_by_one
        cuts = np.linspace(0, count, len(self.crews) + 1).astype(int).tolist()
        parts = [(task, *part) for part in zip(self.crews, cuts[:-1], cuts[1:], strict=True)]
        if len(parts) == 1:
            self.seen.update(work(*parts[0]))
        else:
            with ThreadPoolExecutor(len(parts)) as pool:
                for found in pool.map(lambda part: work(*part), parts):
                    self.seen.update(found)
        self.rows, self.spare = self.spare, self.rows
        faults, died = self.column("fault", np.uint8)[:, 0], self.column("died", np.int64)[:, 0]
        if ((faults != 0) & (died < 0)).any():
            raise ValueError("a run left what the model allows")

    def _one_by_one(self, task: _Task, crew: NDArray[np.uint8], first: int, last: int) -> _Seen:
        """Runs `first` to `last`, the last excluded, one after the other."""
        call = self.program.compiled.function(
            "advance_rows", None, *[POINTER] * 5, WHOLE, ctypes.c_bool, REAL, WHOLE
        )
        own = self.spare[first:], task.chosen[first:], self.words[first:]
        call(
            crew.ctypes.data, self.rows.ctypes.data, *(one.ctypes.data for one in own),
            last - first, task.renew, task.until, task.limit,
        )  # fmt: skip
        return Counter()

    def _side_by_side(self, task: _Task, crew: NDArray[np.uint8], first: int, last: int) -> _Seen:
        """The same in lanes."""
        lanes = self.program.lanes
        assert lanes is not None
        job, memory = aligned(1, lanes.job.size)[0], aligned(1, lanes.size)
        words, numbers = job.view(np.int64), job.view(np.float64)
        places = {name: array.offset // 8 for name, array in lanes.job.arrays.items()}
        values = {
            "from": self.rows.ctypes.data, "to": self.spare[first:].ctypes.data,
            "chosen": task.chosen[first:].ctypes.data, "words": self.words[first:].ctypes.data,
            "renew": int(task.renew), "count": last - first, "limit": task.limit,
        }  # fmt: skip
        for name, value in values.items():
            words[places[name]] = value
        numbers[places["horizon"]] = task.until
        call = self.program.compiled.function("run_lanes", None, *[POINTER] * 3)
        call(job.ctypes.data, memory.ctypes.data, crew.ctypes.data)
        return Counter({name: int(words[places[name]]) for name in ("steps", "rare")})

    def column(self, name: str, kind: Any, count: int = 1) -> NDArray[Any]:
        """What stands in an array of the runs: (run, element), until they go on."""
        if name not in self.program.rows.places:
            return np.zeros((len(self.rows), 0), kind)
        first = self.program.rows.places[name][0] // np.dtype(kind).itemsize
        found: NDArray[Any] = self.rows.view(kind)[:, first : first + count]
        return found

    def log_weights(self) -> NDArray[np.float64]:
        """(run,) the log weight so far, minus infinity for runs that contradict the record."""
        accounts = self.program.conditioned.accounts
        total = self.column("weights", np.float64, accounts).sum(axis=1)
        dead = self.column("died", np.int64)[:, 0] >= 0
        return np.where(dead, -np.inf, total)

    def states(self) -> NDArray[np.float64]:
        """(run, cell) the state variables in the order of the model, until runs go on."""
        blocks = self.program.conditioned.prepared.names.layout.variables.values()
        return self.column("values", np.float64, sum(block.count for block in blocks))

    def events(self) -> int:
        """Events fired by the runs as they stand, those of their originals included."""
        return int(self.column("fired", np.int64).sum())


@dataclass(frozen=True, slots=True)
class _Task:
    """How far runs go, from which; with `renew`, on clocks drawn anew."""

    chosen: Chosen
    renew: bool
    until: float
    limit: int


def aligned(count: int, stride: int) -> NDArray[np.uint8]:
    """Zeroed room for so many blocks, the first where compiled code wants it."""
    room = np.zeros(count * stride + ALIGNMENT, np.uint8)
    skip = -room.ctypes.data % ALIGNMENT
    return room[skip : skip + count * stride].reshape(count, stride)


def start_paths(
    program: Standing, parameters: NDArray[np.float64], atom: Atom, stage: Stage, words: Words,
    horizon: float, threads: int,
) -> Paths:  # fmt: skip
    """Runs before their first instant, under the same parameters (cell,); `words` are (run, 2)."""
    conditioned, count = program.conditioned, len(words)
    tables = stage_tables(conditioned, atom, stage)
    components = [name in atom.components for name in conditioned.prepared.model.components]
    flags = np.array([*components, False], np.uint8)
    switches = np.ones(max(len(conditioned.items), 1), np.uint8)
    row = np.array([*parameters, 0.0])
    addresses = np.array([tables[name].ctypes.data for name in TABLES], np.uint64)
    given = addresses, row, flags, switches
    ready = program.compiled.function("ready_memory", None, *[POINTER] * 5, REAL)
    width = 1 if program.lanes is None else program.lanes.width
    crews = [aligned(width, program.memory) for _ in range(max(min(threads, count), 1))]
    for crew in crews:
        for memory in crew:
            ready(memory.ctypes.data, *(one.ctypes.data for one in given), horizon)
    rows = aligned(count, program.rows.size)
    start = program.compiled.function("start_rows", None, *[POINTER] * 3, WHOLE)
    start(crews[0].ctypes.data, rows.ctypes.data, words.ctypes.data, count)
    return Paths(program, rows, np.empty_like(rows), words, crews, (tables, *given))
