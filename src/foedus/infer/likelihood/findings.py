"""What runs under a record came to, and how it is remembered, joined and divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.weights import Numbers, Places


@dataclass(frozen=True, slots=True)
class Findings:
    """What runs under a record came to.

    `logs` are log weights by account (particle, account), in the order of `accounts`: the items of
    the record and the silence of each coverage; a run that the record rules out has -inf in one.
    `spoken` has what each claim speaks of at its time (particle, claim), nan where that is not
    known; `claims` are their ids. `values`, `counts` and `waited` are the answers of
    `reference.RunResult` (particle, question), and `events` how many events there were (particle,).
    """

    accounts: tuple[str, ...]
    claims: tuple[str, ...]
    logs: Numbers
    spoken: Numbers
    values: Numbers
    counts: NDArray[np.bool_]
    waited: Numbers
    events: NDArray[np.int64]

    def take(self, places: Places) -> Findings:
        """Those of the particles at some places."""
        return Findings(
            self.accounts, self.claims, self.logs[places], self.spoken[places],
            self.values[places], self.counts[places], self.waited[places], self.events[places],
        )  # fmt: skip

    def chosen(self, accepted: NDArray[np.bool_], old: Findings) -> Findings:
        """These runs where accepted, else the old ones."""
        column = accepted[:, None]
        return Findings(
            self.accounts, self.claims, np.where(column, self.logs, old.logs),
            np.where(column, self.spoken, old.spoken), np.where(column, self.values, old.values),
            np.where(column, self.counts, old.counts), np.where(column, self.waited, old.waited),
            np.where(accepted, self.events, old.events),
        )  # fmt: skip

    @property
    def truths(self) -> Mapping[str, Numbers]:
        """What each claim speaks of, by its id, at its time (particle,)."""
        return dict(zip(self.claims, self.spoken.T, strict=True))

    @property
    def total(self) -> Numbers:
        """The log weight of each run (particle,)."""
        total: Numbers = self.logs.sum(axis=1)
        return total


@dataclass(frozen=True, slots=True)
class Ran:
    """What is remembered of particles: their numbers (particle, cell), and what runs found.

    `told` is what each claim weighs that was made by the stage that was run (particle, claim), and
    0 for the others.
    """

    numbers: Numbers
    findings: Findings
    told: Numbers

    def take(self, places: Places) -> Ran:
        """What is remembered of those at some places."""
        return Ran(self.numbers[places], self.findings.take(places), self.told[places])

    def merged(self, other: Ran, taken: NDArray[np.bool_], numbers: Numbers) -> Ran:
        """These with the parts of the same courses in `other` where `taken` (particle, account).

        The accounts are those of `logs`, then those of `told`.
        """
        first = self.findings.logs.shape[1]
        logs = np.where(taken[:, :first], other.findings.logs, self.findings.logs)
        told = np.where(taken[:, first:], other.told, self.told)
        return Ran(numbers, replace(self.findings, logs=logs), told)

    def chosen(self, accepted: NDArray[np.bool_], old: Ran) -> Ran:
        """These where accepted, else the old ones."""
        numbers = self.numbers
        if numbers is not old.numbers:
            numbers = np.where(accepted[:, None], numbers, old.numbers)
        told = np.where(accepted[:, None], self.told, old.told)
        return Ran(numbers, self.findings.chosen(accepted, old.findings), told)
