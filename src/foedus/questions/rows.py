"""Answers expected under given parameters: the inner level of the nested design, on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from foedus.engine.reference import Parameters, prepare, simulate_run
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.questions.design import Executor
from foedus.questions.estimates import Numbers
from foedus.questions.runs import Counter

ROWS_IN_BLOCK = 20

HALVES = 2


@dataclass(frozen=True, slots=True)
class Row:
    """Parameters (in days and per day) and the atom under which they are to be tried."""

    theta: Parameters
    atom: Atom


@dataclass(frozen=True, slots=True)
class Trial:
    """What is evaluated: the model, and how many runs for each row and half.

    Every row of a half has the same run numbers, counted from `first`, so that differences between
    rows are not blurred by chance; the halves share none.
    """

    model: JumpModel
    seed: int
    runs: int
    first: int = 0
    interventions: tuple[Intervention, ...] = ()


def expected(
    trial: Trial, rows: Sequence[Row], engine: str, executor: Executor, report: Counter
) -> Numbers:
    """The mean answer of every question under every row: (half, row, question).

    A time until something is counted as long as it was watched. A probability that counts only
    runs that meet a condition becomes the probability of both. Any other question is nan where a
    run does not count (its `given` failed, its origin never came): it has no answer under that row.
    """
    tasks = [tuple(rows[at : at + ROWS_IN_BLOCK]) for at in range(0, len(rows), ROWS_IN_BLOCK)]
    start = _start_native if engine == "native" else _start_reference
    found = []
    for task, means in zip(tasks, executor(partial(start, trial), tasks), strict=True):
        found.append(means)
        report.add(len(task) * trial.runs * HALVES)
    return np.concatenate(found, axis=1)


Work = Callable[[tuple[Row, ...]], Numbers]


def _start_native(trial: Trial) -> Work:
    from foedus.engine.native.choice import Work as Compiled
    from foedus.engine.native.choice import build_kernel

    kernel = build_kernel(Compiled(trial.model, None, trial.interventions))
    count = trial.runs * HALVES

    def work(rows: tuple[Row, ...]) -> Numbers:
        found = [kernel.run([row.theta], row.atom, trial.seed, trial.first, count) for row in rows]
        return np.stack([_means(trial, one.values, one.waited) for one in found], axis=1)

    return work


def _start_reference(trial: Trial) -> Work:
    return partial(_run_reference, trial)


def _run_reference(trial: Trial, rows: tuple[Row, ...]) -> Numbers:
    prepared = prepare(trial.model)
    answers = []
    for row in rows:
        found = [
            simulate_run(
                prepared, row.theta, row.atom, trial.seed, run, interventions=trial.interventions
            )
            for run in range(trial.first, trial.first + trial.runs * HALVES)
        ]
        values = np.array([one.values for one in found])
        waited = np.array([one.waited for one in found])
        answers.append(_means(trial, values, waited))
    return np.stack(answers, axis=1)


def _means(trial: Trial, values: Numbers, waited: Numbers) -> Numbers:
    """The means of the two halves: (half, question); `values` and `waited` are (run, question)."""
    kinds = [monitor.kind for monitor in trial.model.monitors]
    shown = np.where([kind == "time-until" for kind in kinds], waited, values)
    missed = np.array([kind == "probability" for kind in kinds]) & np.isnan(shown)
    shown = np.where(missed, 0.0, shown)
    means: Numbers = shown.reshape(HALVES, trial.runs, -1).mean(axis=1)
    return means
