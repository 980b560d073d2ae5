"""A model as the machine runs it: compiled code, the memory of a run, and how to call it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.monitors import Watch
from foedus.engine.native.driver import Text, emit_program
from foedus.engine.native.machine import compile_text
from foedus.engine.reference import LIMIT, Parameters, Prepared, prepare, simulate_run
from foedus.engine.start import flat_parameters
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.text.diagnostic import InternalError

POINTER, WHOLE, REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
ALIGNMENT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Compiled code of a model. `compiled` keeps the code alive as long as the program lives."""

    model: JumpModel
    text: Text
    watch: Watch | None
    interventions: tuple[Intervention, ...]
    compiled: Any
    call: Any


@dataclass(frozen=True, slots=True)
class Results:
    """Runs one after the other, as their questions saw them.

    `values`, `waited` : float64 (run, monitor), nan for never and for runs that do not count;
    `given` : uint8 (run, monitor); `samples` : float64 (run, time, expression) flat;
    `events` : int64 (run,); `vacuous` : uint8 (run, intervention), 1 where it had no effect;
    `log` : float64 (event, 3), time, act and instance, if asked for.
    """

    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.uint8]
    samples: NDArray[np.float64]
    events: NDArray[np.int64]
    vacuous: NDArray[np.uint8]
    log: NDArray[np.float64]


def build_program(
    model: JumpModel, watch: Watch | None = None, interventions: tuple[Intervention, ...] = ()
) -> Program:
    """Compiled code for a model, from the cache where it is known.

    `watch` names expressions to be sampled in every run; `interventions` are made in every run.
    They are parts of the code; parameters, seeds and numbers of runs are
    arguments of the code: changing them compiles nothing.
    """
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    text = emit_program(model, expressions, times, interventions)
    compiled = compile_text(text.ir)
    arguments = (POINTER, POINTER, POINTER, WHOLE, WHOLE, WHOLE, REAL, WHOLE, *[POINTER] * 7, WHOLE)
    call = compiled.function("run_block", WHOLE, *arguments)
    return Program(model, text, watch, interventions, compiled, call)


def run_program(
    program: Program, theta: Parameters, atom: Atom, seed: int, first: int, count: int,
    *, horizon: float | None = None, limit: int = LIMIT, log: int = 0,
) -> Results:  # fmt: skip
    """Runs `first` to `first + count` under one set of parameters.

    The lock of the interpreter is released while they run. With `log`, the first so many events are
    kept. Raises `ModelError`, as the reference engine words it, where a run leaves what the model
    allows.
    """
    model, monitors = program.model, len(program.model.monitors)
    parameters = np.array([*flat_parameters(model, theta), 0.0])
    components = np.array([name in atom.components for name in model.components] + [False])
    samples = 0 if program.watch is None else _sample_size(program.watch)
    results = Results(
        np.full((count, monitors), np.nan), np.full((count, monitors), np.nan),
        np.zeros((count, monitors), np.uint8), np.zeros(count * samples + 1),
        np.zeros(count, np.int64), np.zeros((count, len(program.interventions)), np.uint8),
        np.zeros((max(log, 1), 3)),
    )  # fmt: skip
    memory = np.zeros(program.text.memory + ALIGNMENT, np.uint8)
    base = -(-memory.ctypes.data // ALIGNMENT) * ALIGNMENT
    end = model.horizon if horizon is None else horizon
    flags = components.astype(np.uint8)
    arrays = (
        results.values,
        results.waited,
        results.given,
        results.samples,
        results.events,
        results.vacuous,
        results.log,
    )
    wrong = program.call(
        base, parameters.ctypes.data, flags.ctypes.data, _signed(seed), _signed(first), count, end,
        limit, *(array.ctypes.data for array in arrays), log,
    )  # fmt: skip
    if wrong >= 0:
        _explain(program, theta, atom, seed, first + int(wrong), end, limit)
    return results


def _sample_size(watch: Watch) -> int:
    return len(watch.expressions) * len(watch.times)


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def _explain(
    program: Program, theta: Parameters, atom: Atom, seed: int, run: int, horizon: float, limit: int
) -> None:
    """Let the reference engine repeat the run that went wrong: it says what and where."""
    prepared: Prepared = prepare(program.model)
    simulate_run(
        prepared, theta, atom, seed, run, horizon=horizon, limit=limit,
        interventions=program.interventions, watch=program.watch,
    )  # fmt: skip
    raise InternalError(f"run {run} failed in compiled code but not in the reference engine")
