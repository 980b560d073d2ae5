"""All runs of a design, gathered in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from foedus.questions.design import Columns, Design, Executor, blocks, starter
from foedus.questions.estimates import Numbers, Truths

Progress = Callable[[int, int], None]
"""Told how many runs are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs: for each question (atom, outer, inner); samples then by time and expression."""

    values: tuple[Numbers, ...]
    counts: tuple[Truths, ...]
    waited: tuple[Numbers, ...]
    vacuous: tuple[Truths, ...]
    samples: Numbers | None
    events: int


class Counter:
    """Tells `progress` how many runs are done."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.done, self.progress = total, 0, progress

    def add(self, runs: int) -> None:
        """So many more are done."""
        self.done += runs
        if self.progress is not None:
            self.progress(self.done, self.total)


def run_design(design: Design, engine: str, executor: Executor, report: Counter) -> Runs:
    """All runs of a design, on the engine of that name."""
    tasks = blocks(design)
    done: list[Columns] = []
    results = executor(partial(starter(engine), design), tasks)
    for task, columns in zip(tasks, results, strict=True):
        done.append(columns)
        report.add((task.last - task.first) * design.inner)
    return _gather(design, done)


def _gather(design: Design, done: list[Columns]) -> Runs:
    shape = (len(design.atoms), design.outer, design.inner)
    questions = range(len(design.model.monitors))

    def numbers(columns: list[bytes]) -> Numbers:
        return np.frombuffer(b"".join(columns)).reshape(shape)

    def truths(columns: list[bytes]) -> Truths:
        return np.frombuffer(b"".join(columns), dtype=np.bool_).reshape(shape)

    watch, samples = design.watch, None
    if watch is not None:
        flat = np.frombuffer(b"".join(one.samples.tobytes() for one in done))
        samples = flat.reshape(*shape, len(watch.times), len(watch.expressions))
    return Runs(
        tuple(numbers([one.values[number].tobytes() for one in done]) for number in questions),
        tuple(truths([one.is_given[number] for one in done]) for number in questions),
        tuple(numbers([one.waited[number].tobytes() for one in done]) for number in questions),
        tuple(
            truths([one.vacuous[place] for one in done])
            for place in range(len(design.interventions))
        ),
        samples,
        sum(one.events for one in done),
    )
