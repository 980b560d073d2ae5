"""Courses that agree with a record, run as they were and once more for each decision changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.prepared import condition_on
from foedus.engine.reference import Watch
from foedus.engine.start import flat_parameters
from foedus.engine.worlds import Decision, WorldRunner, WorldRuns, is_compiled, world_runner
from foedus.frozen import dataclass
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import Stage
from foedus.questions.courses import Course, Courses
from foedus.questions.design import Executor
from foedus.questions.runs import Counter, Progress, Runs

IN_TASK, COMPILED_IN_TASK = 8, 64
"""Courses that one task runs."""


class InAtom(Protocol):
    """A course, with or without more."""

    @property
    def atom(self) -> int:
        """The number of its atom."""
        ...


Row = TypeVar("Row", bound=InAtom)


@dataclass(frozen=True, slots=True)
class Play:
    """What is run: the questions are those of `model`, the courses know the `stage` of `record`.

    Decisions are made from the day `since` on, if one is given.
    """

    model: JumpModel
    record: Record
    stage: Stage
    decisions: tuple[Decision, ...]
    watch: Watch | None = None
    since: float | None = None


def runs_compiled(model: JumpModel, record: Record) -> bool:
    """Whether worlds are run by compiled code, which threads can share."""
    return is_compiled(condition_on(model, record))


def run_worlds(
    play: Play, courses: Courses, executor: Executor, progress: Progress | None = None
) -> list[Runs]:
    """The runs of every world, (atom, outer, inner) each: as it was, then decision by decision.

    Each course is run once as it was, and its noise is used by all. Compiled code runs them where
    it knows the record.
    """
    tasks = list(tasks_of(courses.rows, size_of_task(play)))
    report = Counter(len(courses.rows), progress)
    found: list[WorldRuns] = []
    for task, runs in zip(tasks, executor(partial(_start, play), tasks), strict=True):
        found.append(runs)
        report.add(len(task))
    return [
        runs_of_world(found, world, world - 1, courses.shape)
        for world in range(len(play.decisions) + 1)
    ]


def size_of_task(play: Play) -> int:
    """How many courses one task runs."""
    return COMPILED_IN_TASK if runs_compiled(play.model, play.record) else IN_TASK


def tasks_of(rows: Sequence[Row], size: int) -> Iterator[list[Row]]:
    """Courses of one atom, so many at a time."""
    for _, found in groupby(rows, lambda one: one.atom):
        own = list(found)
        yield from (own[at : at + size] for at in range(0, len(own), size))


def _start(play: Play) -> partial[WorldRuns]:
    epochs = epochs_of(play.record, play.model.horizon)
    conditioned = condition_on(play.model, play.record, epochs)
    return partial(_run_task, world_runner(conditioned, play.decisions, play.watch), play)


def _run_task(runner: WorldRunner, play: Play, task: Sequence[Course]) -> WorldRuns:
    model = play.model
    return runner.run(
        np.array([flat_parameters(model, one.theta) for one in task]),
        model.atoms[task[0].atom],
        np.array([one.noise for one in task]),
        play.stage,
        switches=np.array([one.trusted for one in task]),
        horizon=model.horizon,
        since=play.since,
    )


def runs_of_world(
    found: Sequence[WorldRuns], world: int, decision: int, shape: tuple[int, int, int]
) -> Runs:
    """The runs of one world, of all tasks; with the number of its decision, negative for none."""

    def whole(parts: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [column.reshape(shape) for column in np.concatenate(parts).T]

    samples = np.concatenate([one.samples[:, world] for one in found])
    return Runs(
        whole([one.values[:, world] for one in found]),
        whole([one.given[:, world] for one in found]),
        whole([one.waited[:, world] for one in found]),
        tuple(whole([one.vacuous[decision] for one in found])) if decision >= 0 else (),
        samples.reshape(*shape, *samples.shape[1:]) if samples.size else None,
        0,
    )
