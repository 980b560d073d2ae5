"""The particles of all atoms as they advance through the record, and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foedus.infer.fitted import Fitted
from foedus.infer.hindsight import Hindsight
from foedus.infer.moves import Strides
from foedus.infer.population import Population
from foedus.infer.weights import Numbers, Places, log_sum, resample

UNEVEN = float(np.log(4.0))
"""How far the weights of atoms may lie apart, as logarithms."""


@dataclass(slots=True)
class Swarm:
    """The population as it advances.

    `level` is the particles' log target (particle,), `logs` their importance weights under the lean
    q(a) towards atoms (`lean` is log q, by atom). `size` is how many particles there are when none
    have been added. `pending` are the steps since the last selection.
    """

    population: Population
    level: Numbers
    logs: Numbers
    lean: Numbers
    size: int
    random: np.random.Generator
    fitted: Fitted
    hindsight: Hindsight
    strides: Strides = field(default_factory=Strides)
    pending: list[int] = field(default_factory=list)
    smallest_size: float = np.inf
    smallest_overlap: float = 1.0

    @property
    def is_dead(self) -> bool:
        """Whether the record has ruled every particle out."""
        return bool(np.all(self.logs == -np.inf))

    def evidences(self) -> Numbers:
        """log p(what is known | atom), up to what was missed since the last selection (atom,)."""
        found: Numbers = self.masses() - self.lean - np.log(self.size)
        return found

    def masses(self) -> Numbers:
        """The logarithm of the weight that each atom's particles have (atom,)."""
        atoms = self.population.atoms
        return np.array([log_sum(self.logs[atoms == atom]) for atom in range(self.lean.size)])

    def lean_evenly(self) -> None:
        """Lean so that all atoms have the same weight; one that has died out may come back.

        Only where weights have come to differ much: a lean that follows every chance change of the
        atoms' shares would make the level of all of them drift.
        """
        masses = self.masses()
        alive = masses > -np.inf
        if not alive.any() or (alive.all() and np.ptp(masses) < UNEVEN):
            return
        change = np.where(alive, -masses, 0.0)
        change[~alive] = (self.lean + change)[alive].max(initial=0.0) - self.lean[~alive]
        self.lean = self.lean + change
        self.logs = self.logs + change[self.population.atoms]

    def select(self) -> tuple[Places, Numbers]:
        """As many places for each living atom, each atom's weight kept; places and weights."""
        masses, atoms = self.masses(), self.population.atoms
        living = np.flatnonzero(masses > -np.inf)
        counts = np.full(living.size, self.size // living.size)
        counts[: self.size % living.size] += 1
        places, logs = [], []
        for atom, count in zip(living.tolist(), counts.tolist(), strict=True):
            own = np.flatnonzero(atoms == atom)
            places.append(own[resample(self.logs[own], self.random, count)])
            logs.append(np.full(count, masses[atom] - np.log(count)))
        return np.concatenate(places), np.concatenate(logs)
