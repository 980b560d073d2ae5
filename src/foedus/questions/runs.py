"""All runs of a design, gathered in the order of their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar, overload

import numpy as np

from foedus.engine.reference import Watch
from foedus.engine.sampling import MOST_REMEMBERED
from foedus.frozen import dataclass
from foedus.questions.design import Block, Columns, Design, Executor, blocks, starter
from foedus.questions.estimates import Numbers, Truths

WIDE, SMALL = np.dtype(np.float64), np.dtype(np.int8)
NOT_A_NUMBER = -1
"""Stands for nan among truths."""

DRAWS_IN_TURN = MOST_REMEMBERED // 2
"""Half of those that are remembered: another worker may still be at the draws before."""

Made = TypeVar("Made")

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


class Kept:
    """The answers of all runs by question, in little room; (atom, outer, inner) each.

    A million runs with ten questions would take 160 MB as floats, and nearly all are yes or no.
    Which runs count is not kept: they are those with an answer, or with a time that they waited.
    """

    def __init__(self, kinds: Sequence[str], shape: tuple[int, ...]) -> None:
        self.shape = shape
        size = math.prod(shape)
        self._values = [np.zeros(size, SMALL if one == "probability" else WIDE) for one in kinds]
        self._waited = [np.zeros(size) if one == "time-until" else None for one in kinds]

    def put(self, first: int, found: Columns) -> None:
        """Keep the answers of some runs, the first of them at place `first`."""
        for column, more in zip(self._values, found.values, strict=True):
            values = np.frombuffer(more)
            if column.dtype == SMALL:
                values = np.where(np.isnan(values), NOT_A_NUMBER, values)
            column[first : first + values.size] = values
        for times, more in zip(self._waited, found.waited, strict=True):
            if times is not None:
                times[first : first + len(more)] = np.frombuffer(more)

    def values(self, number: int) -> Numbers:
        """The answers to a question, nan for never and in runs that do not count."""
        column = self._values[number]
        wide: Numbers = column.astype(WIDE, copy=False)
        if column.dtype == SMALL:
            wide[column == NOT_A_NUMBER] = np.nan
        return wide.reshape(self.shape)

    def waited(self, number: int) -> Numbers:
        """How long runs waited, nan where they do not count."""
        column = self._waited[number]
        return np.full(self.shape, np.nan) if column is None else column.reshape(self.shape)

    def counts(self, number: int) -> Truths:
        """Which runs count."""
        values, waited = self._values[number], self._waited[number]
        if values.dtype == SMALL:
            counts: Truths = values != NOT_A_NUMBER
        else:
            counts = ~np.isnan(values if waited is None else waited)
        return counts.reshape(self.shape)


class MadeOnDemand(Sequence[Made]):
    """A sequence whose members are made each time that they are asked for."""

    def __init__(self, size: int, make: Callable[[int], Made]) -> None:
        self.size, self.make = size, make

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, number: int) -> Made: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Made]: ...
    def __getitem__(self, number: int | slice) -> Made | Sequence[Made]:
        places = range(self.size)[number]
        if isinstance(places, range):
            return [self.make(place) for place in places]
        return self.make(places)


def chosen(runs: Runs, questions: Sequence[int]) -> Runs:
    """The runs with only some questions asked, by number."""

    def few(all_of_them: Sequence[Made]) -> Sequence[Made]:
        return MadeOnDemand(len(questions), lambda place: all_of_them[questions[place]])

    return replace(runs, values=few(runs.values), counts=few(runs.counts), waited=few(runs.waited))


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
    kinds = [monitor.kind for monitor in design.model.monitors]
    shape = len(design.atoms), design.outer, design.inner
    kept = Kept(kinds, shape)
    vacuous = [np.zeros(math.prod(shape), np.bool_) for _ in design.interventions]
    samples = np.zeros((math.prod(shape), _sampled_numbers(design.watch)))
    tasks, events = in_turns(blocks(design)), 0
    for task, columns in zip(tasks, executor(partial(starter(engine), design), tasks), strict=True):
        first = (task.atom * design.outer + task.first) * design.inner
        last = (task.atom * design.outer + task.last) * design.inner
        kept.put(first, columns)
        for column, more in zip(vacuous, columns.vacuous, strict=True):
            column[first:last] = np.frombuffer(more, np.bool_)
        samples[first:last] = np.frombuffer(columns.samples).reshape(last - first, -1)
        events += columns.events
        report.add(last - first)
    return Runs(
        MadeOnDemand(len(kinds), kept.values), MadeOnDemand(len(kinds), kept.counts),
        MadeOnDemand(len(kinds), kept.waited), tuple(one.reshape(shape) for one in vacuous),
        _sampled(design.watch, samples, shape), events,
    )  # fmt: skip


def in_turns(tasks: Sequence[Block]) -> list[Block]:
    """The blocks so that all atoms' runs under the same draws lie near each other.

    What atoms' parameters have in common is then remembered, however many draws there are.
    """
    return sorted(tasks, key=lambda one: (one.first // DRAWS_IN_TURN, one.atom, one.first))


def _sampled_numbers(watch: Watch | None) -> int:
    return 0 if watch is None else len(watch.times) * len(watch.expressions)


def _sampled(watch: Watch | None, samples: Numbers, shape: tuple[int, ...]) -> Numbers | None:
    if watch is None:
        return None
    return samples.reshape(*shape, len(watch.times), len(watch.expressions))
