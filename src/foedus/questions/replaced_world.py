"""A mechanism replaced, given the record: courses that agree with it, run under another model.

What both models have is the same in both: an uncertain parameter of the same name, indices and
prior has the value that the record leaves it, and events keep their chance
(`engine.conditioned.passage`). What only the other model has the record does not speak of: its
parameters are drawn from their priors, its events come on chance of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from foedus.engine.conditioned.passage import own_words
from foedus.engine.conditioned.prepared import condition_on
from foedus.engine.replaced_worlds import ReplacedRunner, replaced_runner
from foedus.engine.start import flat_parameters
from foedus.engine.world import Parameters
from foedus.engine.worlds import Decision, WorldRuns, world_runner
from foedus.frozen import dataclass
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.model import JumpModel
from foedus.questions.both_worlds import Play, runs_of_world, size_of_task, tasks_of
from foedus.questions.courses import Course, Courses
from foedus.questions.design import Executor
from foedus.questions.replacement import Replacement
from foedus.questions.runs import Counter, Progress, Runs


@dataclass(frozen=True, slots=True)
class _Carried:
    """A course with its parameters in the other model, and the number of its own chance."""

    course: Course
    theta: Parameters
    run: int

    @property
    def atom(self) -> int:
        return self.course.atom


@dataclass(frozen=True, slots=True)
class ReplacedWorld:
    """The runs of a world in which a mechanism is replaced, and its parameters, (atom, outer)."""

    replacement: Replacement
    thetas: tuple[tuple[Parameters, ...], ...]
    runs: Runs


def run_replaced(
    play: Play,
    replacement: Replacement,
    decision: Decision,
    courses: Courses,
    *,
    seed: int,
    executor: Executor,
    progress: Progress | None = None,
) -> ReplacedWorld:
    """The courses in a world in which a mechanism is replaced; `decision` is made in it as well."""
    thetas = replacement.thetas(play.model, courses.thetas, courses.atoms, seed)
    inside, each = courses.inner, courses.outer * courses.inner
    carried = [
        _Carried(course, thetas[place // each][place % each // inside], place % each)
        for place, course in enumerate(courses.rows)
    ]
    tasks = list(tasks_of(carried, size_of_task(play)))
    report = Counter(len(carried), progress)
    found: list[WorldRuns] = []
    start = partial(_start, play, replacement, decision, seed)
    for task, runs in zip(tasks, executor(start, tasks), strict=True):
        found.append(runs)
        report.add(len(task))
    return ReplacedWorld(replacement, thetas, runs_of_world(found, 0, 0, courses.shape))


def _start(
    play: Play, replacement: Replacement, decision: Decision, seed: int
) -> partial[WorldRuns]:
    epochs = epochs_of(play.record, play.model.horizon)
    first, other = (condition_on(one.model, one.record, epochs) for one in (play, replacement))
    runner = replaced_runner(
        world_runner(first, play.decisions, play.watch),
        world_runner(other, (decision,), play.watch),
    )
    return partial(_run_task, runner, play, replacement.model, len(epochs) + 1, seed)


def _run_task(
    runner: ReplacedRunner, play: Play, other: JumpModel, epochs: int, seed: int,
    task: Sequence[_Carried],
) -> WorldRuns:  # fmt: skip
    return runner.run(
        np.array([flat_parameters(play.model, one.course.theta) for one in task]),
        np.array([flat_parameters(other, one.theta) for one in task]),
        play.model.atoms[task[0].atom],
        np.array([one.course.noise for one in task]),
        own_words(seed, [one.run for one in task], epochs),
        play.stage,
        switches=np.array([one.course.trusted for one in task]),
        horizon=play.model.horizon,
    )
