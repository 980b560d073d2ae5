"""Many runs at once in the lanes of wide vectors: for models with some frequent, simple events.

An algorithm of `choice`. It makes the runs of the reference engine bit for bit, whatever the number
of lanes. Where a large part of the events turn out to be rare ones, it goes on one run at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foedus.engine.native import scalar
from foedus.engine.native.choice import Work
from foedus.engine.native.machine import compile_text, lane_count
from foedus.engine.native.program import (
    ALIGNMENT,
    POINTER,
    Program,
    Results,
    make_batch,
)
from foedus.engine.native.scalar import ScalarKernel
from foedus.engine.native.vector.driver import LaneText, emit_lanes, is_slow
from foedus.engine.native.vector.structure import find_structure, is_worth_it
from foedus.engine.prepare import prepare
from foedus.engine.reference import LIMIT
from foedus.engine.start import Theta
from foedus.jump.model import Atom
from foedus.text.diagnostic import InternalError


@dataclass(slots=True, eq=False)
class VectorKernel:
    """Runs in lanes."""

    work: Work
    text: LaneText
    program: Program
    algorithm: str = "vector"
    seen: dict[str, int] = field(default_factory=lambda: {"steps": 0, "rare": 0})
    one_by_one: list[ScalarKernel] = field(default_factory=list)

    @property
    def scalar(self) -> ScalarKernel:
        """The same runs one after the other, compiled when they are first needed."""
        if not self.one_by_one:
            self.one_by_one.append(scalar.build(self.work))
        return self.one_by_one[0]

    def run(
        self, thetas: Sequence[Theta], atom: Atom, seed: int, first: int, inner: int,
        *, horizon: float | None = None, limit: int = LIMIT,
    ) -> Results:  # fmt: skip
        """See `choice.Kernel`."""
        end = self.work.model.horizon if horizon is None else horizon
        if end > self.work.model.horizon or self._is_slow():
            return self.scalar.run(thetas, atom, seed, first, inner, horizon=horizon, limit=limit)
        found = self._run(thetas, atom, seed, first, inner, end, limit)
        if found is None:  # let the scalar code find the first run that fails, and say why
            self.scalar.run(thetas, atom, seed, first, inner, horizon=horizon, limit=limit)
            raise InternalError("a run failed in the lanes but not by itself")
        return found

    def _is_slow(self) -> bool:
        return is_slow(self.seen, self.text.width)

    def _run(
        self, thetas: Sequence[Theta], atom: Atom, seed: int, first: int, inner: int,
        horizon: float, limit: int,
    ) -> Results | None:  # fmt: skip
        text = self.text
        batch = make_batch(self.program, thetas, atom, inner)
        job = _room(text.job.size)
        words, numbers = job.view(np.int64), job.view(np.float64)
        values = {
            **batch.addresses(0), "parameters": batch.parameters.ctypes.data,
            "components": batch.components.ctypes.data,
            "seed": seed, "first": first, "count": len(thetas) * inner, "inner": inner,
            "limit": limit, "stride": batch.parameters.strides[0],
            "sampled": batch.samples * 8,
        }  # fmt: skip
        for name, value in values.items():
            words.view(np.uint64)[text.job.arrays[name].offset // 8] = value & ((1 << 64) - 1)
        numbers[text.job.arrays["horizon"].offset // 8] = horizon
        lanes, contexts = _room(text.lanes.size), _room(text.scalar.memory * text.width)
        self.program.call(job.ctypes.data, lanes.ctypes.data, contexts.ctypes.data)
        for name in ("steps", "rare"):
            self.seen[name] += int(words[text.job.arrays[name].offset // 8])
        return None if words[text.job.arrays["fault"].offset // 8] else batch.results


def _room(size: int) -> NDArray[np.uint8]:
    """Zeroed memory that begins at a multiple of 64."""
    whole = np.zeros(size + ALIGNMENT, np.uint8)
    first = -whole.ctypes.data % ALIGNMENT
    return whole[first : first + size // 8 * 8]


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: a good part of the model's clocks are frequent and simple."""
    prepared = prepare(work.model)
    structure = find_structure(prepared, work.watch, work.interventions)
    return is_worth_it(structure, prepared)


def build(work: Work, width: int | None = None) -> VectorKernel:
    """See `choice.Algorithm`. `width` is the number of lanes, a power of 2 up to 32."""
    prepared = prepare(work.model)
    structure = find_structure(prepared, work.watch, work.interventions)
    if structure is None:
        raise ValueError("no event of this model can be left to the lanes")
    watch = work.watch
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    text = emit_lanes(
        prepared, structure, width or lane_count(), expressions, times, work.interventions
    )
    compiled = compile_text(text.scalar.ir, keeps_order=True)
    call = compiled.function("run_lanes", None, POINTER, POINTER, POINTER)
    program = Program(work.model, text.scalar, watch, work.interventions, compiled, call)
    return VectorKernel(work, text, program)
