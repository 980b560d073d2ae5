"""Conditioned runs on the reference engine: plain Python, slow, the definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.engine.conditioned.run import Conditioned, condition_on, run_conditioned
from foedus.engine.world import Parameters
from foedus.infer.particles import Keys
from foedus.infer.record_target import Findings, silence_account
from foedus.infer.transforms import Numbers
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import Stage


@dataclass(frozen=True, slots=True)
class Twin:
    """Runs one particle after the other."""

    model: JumpModel
    prepared: Conditioned

    @property
    def streams(self) -> Sequence[str]:
        """Event kinds, then items."""
        kinds = [kind.name for kind in self.model.kinds]
        return [*kinds, *(one.id for one in self.prepared.record.sightings)]

    def run(
        self, atom: int, numbers: Numbers, keys: Keys, stage: Stage, horizon: float | None = None
    ) -> Findings:
        """One run for each row."""
        record, places = self.prepared.record, len(numbers)
        logs = np.empty((places, self.prepared.accounts))
        claims = np.empty((places, len(record.assertions)))
        values = np.empty((places, len(self.model.monitors)))
        waited, counts, events = values.copy(), np.zeros(values.shape, np.bool_), 0
        for place, (row, words) in enumerate(zip(numbers, keys, strict=True)):
            noise = tuple((int(first), int(second)) for first, second in words)
            found = run_conditioned(
                self.prepared, by_name(self.model, row), self.model.atoms[atom], noise, stage,
                horizon=horizon,
            )  # fmt: skip
            logs[place], claims[place] = found.weights, found.claims
            values[place], waited[place] = found.values, found.waited
            counts[place], events = found.is_given, events + found.events
        accounts = (*(one.id for one in record.sightings), *map(silence_account, record.coverages))
        truths = {one.id: claims[:, number] for number, one in enumerate(record.assertions)}
        return Findings(accounts, logs, truths, values, counts, waited, events)


def twin(model: JumpModel, record: Record) -> Twin:
    """The reference engine made ready for a record."""
    return Twin(model, condition_on(model, record))


def by_name(model: JumpModel, row: Numbers) -> Parameters:
    """Parameter values by name from one row of numbers, cell by cell."""
    theta: Parameters = {}
    first = 0
    for spec in model.parameters:
        count = 1
        for group in spec.groups:
            count *= group.size
        values = [float(number) for number in row[first : first + count]]
        theta[spec.name] = values if spec.groups else values[0]
        first += count
    return theta
