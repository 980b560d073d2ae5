"""Courses that agree with a record, run as they were and once more for each decision changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.prepared import Conditioned, condition_on
from foedus.engine.conditioned.run import run_conditioned
from foedus.engine.reference import Watch
from foedus.infer.engine import epochs_of
from foedus.jump.model import Intervention, JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import Stage
from foedus.questions.courses import Course, Courses
from foedus.questions.design import Executor
from foedus.questions.runs import Counter, Progress, Runs
from foedus.text.diagnostic import InternalError

IN_TASK = 8
"""Courses that one task runs."""

Decision = tuple[Intervention, ...]


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


@dataclass(frozen=True, slots=True)
class Seen:
    """One course in one world: answers (question,), what had no effect, samples."""

    values: tuple[float, ...]
    is_given: tuple[bool, ...]
    waited: tuple[float, ...]
    vacuous: tuple[bool, ...]
    samples: tuple[tuple[float, ...], ...]


def run_worlds(
    play: Play, courses: Courses, executor: Executor, progress: Progress | None = None
) -> list[Runs]:
    """The runs of every world, (atom, outer, inner) each: as it was, then decision by decision.

    On the reference engine; each course is run once as it was, and its noise is used by all.
    """
    rows = courses.rows
    tasks = [rows[at : at + IN_TASK] for at in range(0, len(rows), IN_TASK)]
    report = Counter(len(rows), progress)
    found: list[tuple[Seen, ...]] = []
    for task, seen in zip(tasks, executor(partial(_start, play), tasks), strict=True):
        found.extend(seen)
        report.add(len(task))
    return [
        _runs([course[world] for course in found], courses.shape)
        for world in range(len(play.decisions) + 1)
    ]


def _start(play: Play) -> partial[list[tuple[Seen, ...]]]:
    epochs = epochs_of(play.record, play.model.horizon)
    return partial(_run_task, condition_on(play.model, play.record, epochs), play)


def _run_task(
    conditioned: Conditioned, play: Play, task: Sequence[Course]
) -> list[tuple[Seen, ...]]:
    return [_run(conditioned, play, course) for course in task]


def _run(conditioned: Conditioned, play: Play, one: Course) -> tuple[Seen, ...]:
    model = conditioned.prepared.model
    atom, horizon = model.atoms[one.atom], model.horizon
    first = run_conditioned(
        conditioned, one.theta, atom, one.noise, play.stage, horizon=horizon,
        switches=one.trusted, keep=True, watch=play.watch,
    )  # fmt: skip
    if first.history is None:
        raise InternalError("a course of the verdict does not agree with the record any more")
    seen = [Seen(first.values, first.is_given, first.waited, (), first.samples)]
    for decision in play.decisions:
        other = run_other_world(
            conditioned, first.history, one.theta, atom, one.noise, decision, since=play.since,
            horizon=horizon, watch=play.watch,
        )  # fmt: skip
        seen.append(Seen(other.values, other.is_given, other.waited, other.vacuous, other.samples))
    return tuple(seen)


def _runs(seen: Sequence[Seen], shape: tuple[int, int, int]) -> Runs:
    values: NDArray[np.float64] = np.array([one.values for one in seen])
    waited: NDArray[np.float64] = np.array([one.waited for one in seen])
    given: NDArray[np.bool_] = np.array([one.is_given for one in seen], np.bool_)
    vacuous: NDArray[np.bool_] = np.array([one.vacuous for one in seen], np.bool_)
    samples = np.array([one.samples for one in seen])
    return Runs(
        [column.reshape(shape) for column in values.T],
        [column.reshape(shape) for column in given.T],
        [column.reshape(shape) for column in waited.T],
        tuple(column.reshape(shape) for column in vacuous.T),
        samples.reshape(*shape, *samples.shape[1:]) if samples.ndim == 3 else None,
        0,
    )
