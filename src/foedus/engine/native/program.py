"""A model as the machine runs it: compiled code, the memory of a run, and how to call it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.failure import ModelError
from foedus.engine.monitors import Watch
from foedus.engine.native.driver import Text, emit_program
from foedus.engine.native.event_log import LOG_COLUMNS
from foedus.engine.native.machine import Compiled, compile_text
from foedus.engine.reference import (
    LIMIT,
    Parameters,
    Prepared,
    firings_by_kind,
    prepare,
    simulate_run,
)
from foedus.engine.runaway import has_run_away, runaway
from foedus.engine.start import Theta, flat_parameters, named_parameters
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.text.diagnostic import InternalError

POINTER, WHOLE, REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
ALIGNMENT = 64
LONG_ENOUGH = 0.05
"""Seconds without the interpreter: what is shorter keeps threads waiting for its lock, and what is
longer keeps who interrupts."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Compiled code of a model. `compiled` keeps the code alive as long as the program lives."""

    model: JumpModel
    text: Text
    watch: Watch | None
    interventions: tuple[Intervention, ...]
    compiled: Any
    call: Any
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """Runs one after the other, as their questions saw them.

    `values`, `waited` : float64 (run, monitor), nan for never and for runs that do not count;
    `given` : uint8 (run, monitor); `samples` : float64 (run, time, expression) flat;
    `events` : int64 (run,); `vacuous` : uint8 (run, intervention), 1 where it had no effect;
    `log` : float64 (event, 4), time, act, instance and whether it was forced, and `drawn` :
    float64, the draws of these events one after the other, as far as was asked for.
    """

    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.uint8]
    samples: NDArray[np.float64]
    events: NDArray[np.int64]
    vacuous: NDArray[np.uint8]
    log: NDArray[np.float64]
    drawn: NDArray[np.float64]


def build_program(
    model: JumpModel, watch: Watch | None = None, interventions: tuple[Intervention, ...] = (),
    *, has_fields: bool = False, is_checked: bool = False,
) -> Program:  # fmt: skip
    """Compiled code for a model, from the cache where it is known.

    `watch` names expressions to be sampled in every run; `interventions` are made in every run.
    They are parts of the code; parameters, seeds and numbers of runs are
    arguments of the code: changing them compiles nothing. See `emit_program` for the rest.
    """
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    text = emit_program(
        model, expressions, times, interventions, has_fields=has_fields, is_checked=is_checked
    )
    compiled = compile_text(text.ir, keeps_order=has_fields)
    call = scalar_call(compiled)
    return Program(model, text, watch, interventions, compiled, call, is_checked)


def scalar_call(compiled: Compiled) -> Callable[..., Any]:
    """`@run_block` of compiled code."""
    arguments = (
        POINTER, POINTER, WHOLE, WHOLE, POINTER, WHOLE, WHOLE, WHOLE, REAL, WHOLE, *[POINTER] * 7,
        WHOLE, POINTER, WHOLE,
    )  # fmt: skip
    return compiled.function("run_block", WHOLE, *arguments)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What runs need, and room for what they give; `samples` is how many numbers a run samples.

    `parameters` : float64 (outer, cell), and one more column.
    """

    parameters: NDArray[np.float64]
    components: NDArray[np.uint8]
    results: Results
    samples: int

    def addresses(self, run: int) -> dict[str, int]:
        """Where the results of a run and of those after it go."""
        results = self.results
        found = {
            name: array.ctypes.data + run * array.strides[0]
            for name, array in (
                ("values", results.values), ("waited", results.waited), ("given", results.given),
                ("events", results.events), ("vacuous", results.vacuous),
            )
        }  # fmt: skip
        return found | {"samples": results.samples.ctypes.data + run * self.samples * 8}


def make_batch(
    program: Program,
    thetas: Sequence[Theta],
    atom: Atom,
    inner: int,
    log: int = 0,
    drawn: int = 0,
) -> Batch:
    """Room for `inner` runs under each set of parameters."""
    model, count = program.model, len(thetas) * inner
    samples = 0 if program.watch is None else _sample_size(program.watch)
    shape = count, len(model.monitors)
    return Batch(
        np.array([[*flat_parameters(model, theta), 0.0] for theta in thetas]),
        np.array([*(name in atom.components for name in model.components), 0], np.uint8),
        Results(
            np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.uint8),
            np.zeros(count * samples + 1), np.zeros(count, np.int64),
            np.zeros((count, len(program.interventions)), np.uint8), np.zeros((log, LOG_COLUMNS)),
            np.zeros(drawn),
        ),
        samples,
    )  # fmt: skip


def run_program(
    program: Program, theta: Parameters, atom: Atom, seed: int, first: int, count: int,
    *, horizon: float | None = None, limit: int = LIMIT, log: int = 0, drawn: int = 0,
) -> Results:  # fmt: skip
    """Runs `first` to `first + count` under one set of parameters.

    The lock of the interpreter is released while they run. With `log`, the first so many events are
    kept, and with `drawn` so many of their draws. Raises `ModelError`, worded by the reference
    engine, where a run leaves what the model allows.
    """
    return run_many(
        program,
        [theta],
        atom,
        seed,
        first,
        count,
        horizon=horizon,
        limit=limit,
        log=log,
        drawn=drawn,
    )


def run_many(
    program: Program, thetas: Sequence[Theta], atom: Atom, seed: int, first: int, inner: int,
    *, horizon: float | None = None, limit: int = LIMIT, log: int = 0, drawn: int = 0,
) -> Results:  # fmt: skip
    """`inner` runs under each set of parameters, numbered from `first` on; see `run_program`."""
    batch = make_batch(program, thetas, atom, inner, log, drawn)
    base = aligned(memory := np.zeros(program.text.memory + ALIGNMENT, np.uint8))
    bind_tables(program.text, base)
    end = program.model.horizon if horizon is None else horizon
    names = "values", "waited", "given", "samples", "events", "vacuous"
    row, results = batch.parameters.strides[0], batch.results
    parameters, components = batch.parameters.ctypes.data, batch.components.ctypes.data
    done, at_once = 0, 1
    while done < len(thetas):
        addresses, run = batch.addresses(done * inner), first + done * inner
        rows, begin = min(at_once, len(thetas) - done), time.monotonic()
        wrong = program.call(
            base, parameters + done * row, rows, row, components, _signed(seed), _signed(run),
            inner, end, limit, *(addresses[name] for name in names),
            results.log.ctypes.data, log, results.drawn.ctypes.data, drawn,
        )  # fmt: skip
        if wrong >= 0:
            theta = thetas[done + wrong // inner]
            _verify_ends(program, memory, base, run + wrong, limit)
            _explain(program, theta, atom, seed, run + wrong, end, limit)
        done += rows
        if time.monotonic() - begin < LONG_ENOUGH:
            at_once *= 2
    del memory
    return results


def bind_tables(text: Text, context: int) -> None:
    """Tell the memory of a run, by its address, where the program's tables are."""
    if text.tables is not None:
        ctypes.c_int64.from_address(context).value = text.tables.ctypes.data


def aligned(memory: NDArray[np.uint8]) -> int:
    """The first address in some memory that is a multiple of `ALIGNMENT`."""
    return -(-memory.ctypes.data // ALIGNMENT) * ALIGNMENT


def _sample_size(watch: Watch) -> int:
    return len(watch.expressions) * len(watch.times)


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def _verify_ends(
    program: Program, memory: NDArray[np.uint8], base: int, run: int, limit: int
) -> None:
    """Raises where a run that went wrong had run away: repeating it would take too long."""
    numbers = memory[base - memory.ctypes.data :][: program.text.memory // 8 * 8].view(np.float64)
    places = {name: offset // 8 for name, offset in program.text.places.items()}
    words, is_counted = numbers.view(np.int64), "clock_changes" in places
    fired = int(words[places["fired"]])
    clock_changes = int(words[places["clock_changes"]]) if is_counted else 0
    if not has_run_away(fired, clock_changes, limit, is_counted):
        return
    counts = firings_by_kind(prepare(program.model), numbers[places["firings"] :].tolist())
    fault = runaway(limit, fired, counts)
    message = f"{fault.subject}: {fault.message}"
    raise ModelError(message, fault.span, run, float(numbers[places["time"]]))


def _explain(
    program: Program,
    theta: Theta,
    atom: Atom,
    seed: int,
    run: int,
    horizon: float,
    limit: int,
) -> None:
    """Let the reference engine repeat the run that went wrong: it says what and where."""
    prepared: Prepared = prepare(program.model, program.is_checked)
    named = named_parameters(program.model, theta)
    simulate_run(
        prepared, named, atom, seed, run, horizon=horizon, limit=limit,
        interventions=program.interventions, watch=program.watch,
    )  # fmt: skip
    raise InternalError(f"run {run} failed in compiled code but not in the reference engine")
