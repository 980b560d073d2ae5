"""All runs of a design, gathered in the order of their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, overload

import numpy as np

from foedus.questions.design import Design, Executor, blocks, starter
from foedus.questions.estimates import Numbers, Truths

WIDE, SMALL = np.dtype(np.float64), np.dtype(np.int8)
NOT_A_NUMBER = -1
"""Stands for nan among truths."""

Progress = Callable[[int, int], None]
"""Told how many runs are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs: for each question (atom, outer, inner); samples then by time and expression.

    `waited` is nan throughout for a question that does not ask how long.
    """

    values: Sequence[Numbers]
    counts: Sequence[Truths]
    waited: Sequence[Numbers]
    vacuous: tuple[Truths, ...]
    samples: Numbers | None
    events: int


class Kept(Sequence[Numbers]):
    """Numbers of all runs by question, the small ones in little room; (atom, outer, inner) each.

    A million runs with ten questions would take 160 MB as floats, and nearly all are yes or no.
    """

    def __init__(self, kinds: Sequence[np.dtype[Any] | None], shape: tuple[int, ...]) -> None:
        self.shape = shape
        size = math.prod(shape)
        self.columns = [None if kind is None else np.zeros(size, kind) for kind in kinds]

    def put(self, number: int, first: int, values: Numbers) -> None:
        """Keep the numbers of some runs, the first of them at place `first`."""
        column = self.columns[number]
        if column is None:
            return
        if column.dtype == SMALL:
            values = np.where(np.isnan(values), NOT_A_NUMBER, values)
        column[first : first + values.size] = values

    def __len__(self) -> int:
        return len(self.columns)

    @overload
    def __getitem__(self, number: int) -> Numbers: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Numbers]: ...
    def __getitem__(self, number: int | slice) -> Numbers | Sequence[Numbers]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        column = self.columns[number]
        if column is None:
            return np.full(self.shape, np.nan)
        if column.dtype == SMALL:
            wide = column.astype(np.float64)
            wide[column == NOT_A_NUMBER] = np.nan
            return wide.reshape(self.shape)
        whole: Numbers = column.reshape(self.shape)
        return whole


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
    kinds = [monitor.kind for monitor in design.model.monitors]
    shape = len(design.atoms), design.outer, design.inner
    values = Kept([SMALL if kind == "probability" else WIDE for kind in kinds], shape)
    waited = Kept([WIDE if kind == "time-until" else None for kind in kinds], shape)
    counts = [np.zeros(math.prod(shape), np.bool_) for _ in kinds]
    vacuous = [np.zeros(math.prod(shape), np.bool_) for _ in design.interventions]
    samples: list[Numbers] = []
    events = first = 0
    for task, columns in zip(tasks, executor(partial(starter(engine), design), tasks), strict=True):
        size = (task.last - task.first) * design.inner
        for number in range(len(kinds)):
            values.put(number, first, np.frombuffer(columns.values[number]))
            waited.put(number, first, np.frombuffer(columns.waited[number]))
        for kept, found in ((counts, columns.is_given), (vacuous, columns.vacuous)):
            for column, more in zip(kept, found, strict=True):
                column[first : first + size] = np.frombuffer(more, np.bool_)
        samples.append(np.frombuffer(columns.samples))
        events += columns.events
        first += size
        report.add(size)
    return Runs(
        values, [one.reshape(shape) for one in counts], waited,
        tuple(one.reshape(shape) for one in vacuous), _sampled(design, samples, shape), events,
    )  # fmt: skip


def _sampled(design: Design, samples: list[Numbers], shape: tuple[int, ...]) -> Numbers | None:
    watch = design.watch
    if watch is None:
        return None
    return np.concatenate(samples).reshape(*shape, len(watch.times), len(watch.expressions))
