"""Paths on request: every event of every run, one run after the other.

Runs are those of `answers.simulate` with the same model, draws and seed. Nothing is gathered: a
reader sees one run at a time, so that memory holds no more than the longest run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.engine.layout import labels_at, places
from foedus.engine.reference import Parameters, prepare, simulate_run
from foedus.frozen import dataclass
from foedus.jump.model import Atom, DrawSpec, JumpModel
from foedus.questions.design import Design, blocks, parameters_of

if TYPE_CHECKING:
    from foedus.engine.native.program import Program

ENGINES = ("native", "reference")
"""The engines that can tell paths."""

FIRST_ROOM = 4096
"""Events that there is room for at first; a longer run is made again with room for all of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What can happen: a kind, or `kind.option`, at each index; and what its draws are called."""

    name: str
    labels: tuple[str, ...]
    draws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The events of one run, in order, and what its questions saw.

    `time` : float64 (event,), days from the start of the clock; `act` : int64 (event,), the place
    in `acts_of(model)`; `index` : int64 (event,), the place in its `labels`; `forced` : bool
    (event,); `drawn` : float64, the draws of all events one after the other, as many for an event
    as its act has draws; `value` : float64 (question,) and `given` : bool (question,), as in
    `engine.reference.RunResult`.
    """

    atom: str
    draw: int
    run: int
    time: NDArray[np.float64]
    act: NDArray[np.int64]
    index: NDArray[np.int64]
    forced: NDArray[np.bool_]
    drawn: NDArray[np.float64]
    value: NDArray[np.float64]
    given: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Told:
    """What an engine tells of a run.

    `log` : float64 (event, 4), time, act, index and whether it was forced; the others are those of
    a `Path`.
    """

    log: NDArray[np.float64]
    drawn: NDArray[np.float64]
    value: NDArray[np.float64]
    given: NDArray[np.bool_]


RunPath = Callable[[Parameters, Atom, int], Told]


def acts_of(model: JumpModel) -> tuple[Act, ...]:
    """All that can happen, in the order of the numbers that paths use."""
    found = []
    for kind in model.kinds:
        labels = tuple(", ".join(labels_at(kind.groups, at)) for at in places(kind.groups))
        found.append(Act(kind.name, labels, _draw_names(kind.draws)))
        for option in kind.options:
            found.append(Act(f"{kind.name}.{option.name}", labels, _draw_names(option.draws)))
    return tuple(found)


def _draw_names(specs: tuple[DrawSpec, ...]) -> tuple[str, ...]:
    return tuple(
        f"{spec.name}[{', '.join(labels_at(spec.groups, at))}]" if spec.groups else spec.name
        for spec in specs
        for at in places(spec.groups)
    )


def paths(design: Design, engine: str) -> Iterator[Path]:
    """The path of every run of a design, in the order of atoms, draws and runs."""
    run_path = _started(design, engine)
    for block in blocks(design):
        atom = design.atoms[block.atom]
        for draw in range(block.first, block.last):
            theta = parameters_of(design, atom, draw)
            for run in range(draw * design.inner, (draw + 1) * design.inner):
                yield _path(atom, draw, run, run_path(theta, atom, run))


def path_of(design: Design, engine: str, atom: Atom, run: int) -> Path:
    """The path of one run of an atom, the same as among all `paths`; no other run is made."""
    draw = run // design.inner
    theta = parameters_of(design, atom, draw)
    return _path(atom, draw, run, _started(design, engine)(theta, atom, run))


def _started(design: Design, engine: str) -> RunPath:
    return (_native if engine == "native" else _reference)(design)


def _path(atom: Atom, draw: int, run: int, told: Told) -> Path:
    log = told.log
    return Path(
        atom.name, draw, run, log[:, 0], log[:, 1].astype(np.int64), log[:, 2].astype(np.int64),
        log[:, 3] != 0.0, told.drawn, told.value, told.given,
    )  # fmt: skip


# Engines -----------------------------------------------------------------------------------------


def _reference(design: Design) -> RunPath:
    prepared = prepare(design.model)
    acts = {act.name: number for number, act in enumerate(acts_of(design.model))}
    orders = {
        name: {one.labels: one.order for one in instances}
        for name, instances in prepared.by_kind.items()
    }

    def run_path(theta: Parameters, atom: Atom, run: int) -> Told:
        result = simulate_run(
            prepared, theta, atom, design.seed, run, interventions=design.interventions, record=True
        )
        rows, drawn = [], list[float]()
        for one in result.record:
            kind = one.name if one.name in orders else one.name.rpartition(".")[0]
            rows.append((one.time, acts[one.name], orders[kind][one.labels], one.is_forced))
            for values in one.draws.values():
                drawn.extend(values)
        return Told(
            np.array(rows, np.float64).reshape(-1, 4), np.array(drawn, np.float64),
            np.array(result.values, np.float64), np.array(result.is_given, np.bool_),
        )  # fmt: skip

    return run_path


def _native(design: Design) -> RunPath:
    from foedus.engine.native.program import build_program

    program = build_program(design.model, None, design.interventions)
    counts = np.array([len(act.draws) for act in acts_of(design.model)])
    return partial(_run_native, program, design.seed, counts)


def _run_native(
    program: Program, seed: int, counts: NDArray[np.int64], theta: Parameters, atom: Atom, run: int
) -> Told:
    from foedus.engine.native.program import run_program

    room, drawn_room = FIRST_ROOM, FIRST_ROOM
    while True:
        found = run_program(program, theta, atom, seed, run, 1, log=room, drawn=drawn_room)
        events = int(found.events[0])
        drawn = int(counts[found.log[:events, 1].astype(np.int64)].sum())
        if events <= room and drawn <= drawn_room:
            seen = found.values[0], found.given[0] != 0
            return Told(found.log[:events], found.drawn[:drawn], *seen)
        room, drawn_room = max(room, events), max(drawn_room, drawn)
