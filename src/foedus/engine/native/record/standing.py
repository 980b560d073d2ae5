"""Runs under a record that stand still between checkpoints, and how they go on."""

from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.native.record.program import ConditionedProgram, stage_tables
from foedus.engine.native.record.tables import TABLES
from foedus.jump.model import Atom
from foedus.jump.stages import Stage

POINTER, WHOLE, REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
ALIGNMENT = 64


@dataclass(slots=True)
class Paths:
    """Runs that stand at one time, their memories side by side.

    `memories`: uint8 (run, byte); `spare` is where copies go. Arrays that the compiled code
    holds addresses of are kept in `held`.
    """

    program: ConditionedProgram
    memories: NDArray[np.uint8]
    held: tuple[Any, ...]
    spare: NDArray[np.uint8] | None = None

    def advance(
        self, noise: NDArray[np.uint64], until: float, renew: bool, threads: int, limit: int
    ) -> None:
        """Let all runs go on to `until` (days); with `renew`, on clocks drawn anew from `noise`."""
        call = self.program.compiled.function(
            "advance_paths", None, POINTER, WHOLE, POINTER, WHOLE, ctypes.c_bool, REAL, WHOLE
        )
        self.held = (*self.held[:-1], noise)

        def work(first: int, last: int) -> None:
            where = self.memories[first:].ctypes.data, self.memories.shape[1]
            call(*where, noise[first:].ctypes.data, last - first, renew, until, limit)

        cuts = np.linspace(0, len(self.memories), threads + 1).astype(int).tolist()
        if threads == 1:
            work(*cuts)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, cuts[:-1], cuts[1:]))
        faults, died = self.column("fault", np.uint8)[:, 0], self.column("died", np.int64)[:, 0]
        if ((faults != 0) & (died < 0)).any():
            raise ValueError("a run left what the model allows")

    def column(self, name: str, kind: Any, count: int = 1) -> NDArray[Any]:
        """What stands in an array of the runs' memory: (run, element)."""
        first = self.program.text.places[name]
        block = self.memories[:, first : first + count * np.dtype(kind).itemsize]
        return np.ascontiguousarray(block).view(kind)

    def log_weights(self) -> NDArray[np.float64]:
        """(run,) the log weight so far, minus infinity for runs that contradict the record."""
        accounts = self.program.conditioned.accounts
        total = self.column("weights", np.float64, accounts).sum(axis=1)
        dead = self.column("died", np.int64)[:, 0] >= 0
        return np.where(dead, -np.inf, total)

    def states(self) -> NDArray[np.float64]:
        """(run, cell) the state variables, cell by cell as the model lists them."""
        blocks = self.program.conditioned.prepared.names.layout.variables.values()
        return self.column("values", np.float64, sum(block.count for block in blocks))

    def events(self) -> int:
        """Events fired by the runs as they stand, those of their originals included."""
        return int(self.column("fired", np.int64).sum())

    def select(self, chosen: NDArray[np.int64]) -> None:
        """Let each run be a copy of the one chosen for it."""
        if self.spare is None:
            self.spare = aligned(*self.memories.shape)
        np.take(self.memories, chosen, axis=0, out=self.spare, mode="clip")
        self.memories, self.spare = self.spare, self.memories


def aligned(count: int, stride: int) -> NDArray[np.uint8]:
    """Room for so many memories, the first where compiled code wants it."""
    room = np.zeros(count * stride + ALIGNMENT, np.uint8)
    skip = -room.ctypes.data % ALIGNMENT
    return room[skip : skip + count * stride].reshape(count, stride)


def start_paths(
    program: ConditionedProgram,
    parameters: NDArray[np.float64],
    atom: Atom,
    stage: Stage,
    noise: NDArray[np.uint64],
    horizon: float,
) -> Paths:
    """Runs before their first instant, under the same parameters (cell,)."""
    conditioned, count = program.conditioned, len(noise)
    tables = stage_tables(conditioned, atom, stage)
    components = [name in atom.components for name in conditioned.prepared.model.components]
    flags = np.array([*components, False], np.uint8)
    switches = np.ones(max(len(conditioned.items), 1), np.uint8)
    row = np.array([*parameters, 0.0])
    addresses = np.array([tables[name].ctypes.data for name in TABLES], np.uint64)
    stride = -(-program.text.memory // ALIGNMENT) * ALIGNMENT
    memories = aligned(count, stride)
    call = program.compiled.function(
        "start_paths", None, POINTER, WHOLE, POINTER, WHOLE, *[POINTER] * 4, REAL
    )
    call(
        memories.ctypes.data, stride, noise.ctypes.data, count, addresses.ctypes.data,
        row.ctypes.data, flags.ctypes.data, switches.ctypes.data, horizon,
    )  # fmt: skip
    return Paths(program, memories, (tables, flags, switches, row, addresses, noise))
