"""Runs that agree with a record, many at a time: one for each particle, on some threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.cover import breaks_of
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.native.driver import Text
from foedus.engine.native.machine import compile_text
from foedus.engine.native.program import ALIGNMENT, POINTER, REAL, WHOLE, aligned
from foedus.engine.native.record.driver import emit_conditioned
from foedus.engine.native.record.measured import measured_draws
from foedus.engine.native.record.tables import FORMS, KINDS, TABLES
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Rate
from foedus.jump.record import Measurement
from foedus.jump.stages import Stage

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class ConditionedProgram:
    """Compiled code of a model with a record, for all its stages."""

    conditioned: Conditioned
    text: Text
    compiled: Any
    call: Any


@dataclass(frozen=True, slots=True)
class RawRuns:
    """What runs came to, one row for each particle; see `engine.particles`."""

    weights: NDArray[np.float64]
    died_of: NDArray[np.int64]
    claims: NDArray[np.float64]
    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.uint8]
    events: NDArray[np.int64]


def can_compile(conditioned: Conditioned) -> bool:
    """Whether compiled code knows all that the record is about: kinds with a rate.

    Waiting times, filters and measured positions are left to the reference engine.
    """
    kinds = conditioned.prepared.model.kinds
    for one in conditioned.grouping.tracked:
        kind = kinds[one.kind_number]
        draws = [*kind.draws, *(draw for option in kind.options for draw in option.draws)]
        measured = {n for i in one.items for n, _ in conditioned.record.sightings[i].draws}
        if not isinstance(kind.timing, Rate):
            return False
        if any(draw.over is not None and draw.name in measured for draw in draws):
            return False
    return True


def build_conditioned(conditioned: Conditioned) -> ConditionedProgram:
    """Compiled code, from the cache where it is known."""
    text = emit_conditioned(conditioned)
    compiled = compile_text(text.ir)
    arguments = (
        POINTER, POINTER, POINTER, WHOLE, POINTER, POINTER, POINTER, WHOLE, REAL, WHOLE,
        *[POINTER] * 7,
    )  # fmt: skip
    call = compiled.function("run_record", WHOLE, *arguments)
    return ConditionedProgram(conditioned, text, compiled, call)


def stage_tables(conditioned: Conditioned, atom: Atom, stage: Stage) -> Arrays:
    """All that a stage and an atom mean to the compiled code, by the names in `TABLES`."""
    record = conditioned.record
    breaks = breaks_of(record, conditioned.grouping, stage)
    never = [until if until > -np.inf else -np.inf for until in stage.silent_until]
    found: dict[str, Sequence[float]] = {
        "break_time": [*(one[0] for one in breaks), np.inf],
        "break_change": [one[1] for one in breaks],
        "break_number": [one[2] for one in breaks],
        "break_place": [one[3] for one in breaks],
        "silent_until": never,
        "cover_start": [one.start for one in record.coverages],
        "claim_on": [one.id in stage.claims for one in record.assertions],
        "claim_time": [one.end for one in record.assertions],
        "claim_reading": [float(atom.name in one.atoms) for one in record.assertions],
    }
    found |= _item_tables(conditioned, stage)
    return {
        name: np.array([*found[name], 0], np.float64 if kind == "double" else np.int64)
        for name, kind in TABLES.items()
    }


def _item_tables(conditioned: Conditioned, stage: Stage) -> dict[str, Sequence[float]]:
    sightings = conditioned.record.sightings
    windows = [window for one in sightings for window in one.windows]
    measured = [one.measured or Measurement(0.0) for one in sightings]
    draws = [
        dict(item.sighting.draws).get(name) if item.tracked == tracked else None
        for tracked, name in measured_draws(conditioned)
        for item in conditioned.items
    ]
    return {
        "item_on": [one.id in stage.items for one in sightings],
        "item_kind": [KINDS.index(one.kind) for one in sightings],
        "item_start": [one.start for one in sightings],
        "item_end": [one.end for one in sightings],
        "item_outcome": [one.is_outcome for one in sightings],
        "window_first": np.cumsum([0, *(len(one.windows) for one in sightings)]).tolist(),
        "window_start": [one.start for one in windows],
        "window_end": [one.end for one in windows],
        "window_weight": [one.weight for one in windows],
        "measured": [one.value for one in measured],
        "error_form": [FORMS.index(one.form) for one in measured],
        "error_size": [one.size for one in measured],
        "draw_form": [0 if one is None else FORMS.index(one.form) for one in draws],
        "draw_value": [0.0 if one is None else one.value for one in draws],
        "draw_size": [0.0 if one is None else one.size for one in draws],
    }


def run_particles(
    program: ConditionedProgram,
    tables: Arrays,
    components: NDArray[np.uint8],
    parameters: NDArray[np.float64],
    noise: NDArray[np.uint64],
    switches: NDArray[np.uint8],
    horizon: float,
    limit: int,
    threads: int,
) -> tuple[RawRuns, int]:
    """A run for each particle, and the number of one that went wrong, or -1.

    `components` are those that each has: uint8 (particle, component + 1), as `components_of` has
    them. What readings come to is that of the atom that the tables are of.

    The lock of the interpreter is released while they run.
    """
    conditioned, count = program.conditioned, len(parameters)
    monitors = len(conditioned.prepared.model.monitors)
    runs = RawRuns(
        np.zeros((count, conditioned.accounts)), np.zeros(count, np.int64),
        np.full((count, len(conditioned.claims)), np.nan),
        np.full((count, monitors), np.nan), np.full((count, monitors), np.nan),
        np.zeros((count, monitors), np.uint8), np.zeros(count, np.int64),
    )  # fmt: skip
    addresses = np.array([tables[name].ctypes.data for name in TABLES], np.uint64)

    def work(first: int, last: int) -> int:
        memory = np.zeros(program.text.memory + ALIGNMENT, np.uint8)
        base = aligned(memory)
        outputs = (
            runs.weights, runs.died_of, runs.claims, runs.values, runs.waited, runs.given,
            runs.events,
        )  # fmt: skip
        wrong = program.call(
            base, addresses.ctypes.data, parameters[first:].ctypes.data, parameters.shape[1],
            components[first:].ctypes.data, noise[first:].ctypes.data, switches[first:].ctypes.data,
            last - first, horizon, limit, *(one[first:].ctypes.data for one in outputs),
        )  # fmt: skip
        return -1 if wrong < 0 else first + int(wrong)

    cuts = np.linspace(0, count, min(threads, max(count, 1)) + 1).astype(int)
    if len(cuts) == 2:
        return runs, work(0, count)
    with ThreadPoolExecutor(len(cuts) - 1) as pool:
        found = list(pool.map(work, cuts[:-1].tolist(), cuts[1:].tolist()))
    wrong = [one for one in found if one >= 0]
    return runs, min(wrong, default=-1)


def components_of(conditioned: Conditioned, atoms: Sequence[Atom]) -> NDArray[np.uint8]:
    """Which components atoms have: uint8 (atom, component + 1); one more, so that there is one."""
    names = conditioned.prepared.model.components
    return np.array(
        [[*(name in atom.components for name in names), False] for atom in atoms], np.uint8
    )
