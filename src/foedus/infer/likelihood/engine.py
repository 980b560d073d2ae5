"""Conditioned runs for the sampler, on compiled code where it knows the case, else in plain Python.

Time is cut into epochs with noise of their own, so that what came late in a course can be drawn
anew without touching what went before: at each day on which something became known, and more often
where much happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import floor
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.members import members_of
from foedus.engine.particles import Runner, runner
from foedus.infer.likelihood.findings import Findings
from foedus.infer.likelihood.record_target import Stream, silence_account
from foedus.infer.likelihood.transforms import Numbers
from foedus.infer.particles.particles import Keys
from foedus.infer.particles.weights import Places
from foedus.infer.sampler.crew import Crew
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import Stage

ITEMS_IN_EPOCH = 2
MOST_IN_DAY = 4
"""A day is cut into epochs of about so many items, and into at most so many epochs."""


@dataclass(frozen=True)
class Engine:
    """What runs particles for the sampler. Nothing is compiled before the first run.

    Compiled code runs them on the threads that the `crew` has for it, with the same results on any
    number.
    """

    model: JumpModel
    record: Record
    streams: Sequence[Stream]
    make: Callable[[], Runner]
    crew: Crew = field(default_factory=Crew)
    _lock: Lock = field(default_factory=Lock, compare=False, repr=False)

    @property
    def runner(self) -> Runner:
        """What runs them, made once, whichever thread comes first."""
        with self._lock:
            return self._runner

    @cached_property
    def _runner(self) -> Runner:
        return self.make()

    def on_threads(self, threads: int) -> Engine:
        """The same, with so many threads; nothing is compiled again."""
        return self.with_crew(Crew(threads))

    def with_crew(self, crew: Crew) -> Engine:
        """The same, on the processors of a crew; nothing is compiled again."""
        return Engine(self.model, self.record, self.streams, lambda: self.runner, crew)

    @cached_property
    def _accounts(self) -> tuple[str, ...]:
        items = (one.id for one in self.record.sightings)
        return (*items, *map(silence_account, self.record.coverages))

    @cached_property
    def _claims(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.record.assertions)

    def run(
        self, atom: int | Places, numbers: Numbers, keys: Keys, stage: Stage,
        trusted: NDArray[np.bool_], horizon: float | None = None,
    ) -> Findings:  # fmt: skip
        """One run for each row of `numbers`, `keys` and `trusted`; of one atom, or each of its."""
        which = self.model.atoms[atom] if isinstance(atom, int) else atom
        found = self.runner.run(
            numbers,
            which,
            keys,
            stage,
            switches=trusted,
            horizon=horizon,
            threads=self.crew.threads,
        )
        return Findings(
            self._accounts,
            self._claims,
            found.weights,
            found.claims,
            found.values,
            found.given,
            found.waited,
            found.events,
        )


def start(
    model: JumpModel,
    record: Record,
    engine: str | None = None,
    epochs: tuple[float, ...] | None = None,
) -> Engine:
    """The engine for a record: `native`, `reference`, or what suits it.

    `epochs` are when stretches of noise begin (days, ascending), from the record itself if None.
    """
    if epochs is None:
        epochs = epochs_of(record, model.horizon)
    begins = tuple(enumerate((0.0, *epochs)))
    members = members_of(model.kinds).names
    streams = [
        *(Stream(kind.name, epoch, begin) for epoch, begin in begins for kind in model.kinds),
        *(Stream(one.id, -1, 0.0) for one in record.sightings),
        *(Stream(f"{group}[{number}]", epoch, begin) for epoch, begin in begins
          for group, number in members),
    ]  # fmt: skip
    return Engine(model, record, streams, partial(runner, model, record, engine, epochs))


def epochs_of(record: Record, horizon: float) -> tuple[float, ...]:
    """When epochs begin: days on which something became known, and parts of busy days."""
    evidence = [one for one in record.sightings if not one.is_outcome]
    days = {one.known for one in evidence} | {one.known for one in record.assertions}
    for day, items in Counter(floor(one.start) for one in evidence).items():
        parts = min(MOST_IN_DAY, 1 + items // ITEMS_IN_EPOCH)
        days |= {day + part / parts for part in range(parts)}
    return tuple(sorted(day for day in days if 0.0 < day < horizon))
