"""The particles of all atoms as they advance through the record, and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foedus.infer.particles.fitted import Fitted
from foedus.infer.particles.moves import Strides
from foedus.infer.particles.population import Population, Truths
from foedus.infer.particles.weights import Numbers, Places, log_sum, resample, shares
from foedus.infer.sampler.headway import Headway
from foedus.infer.sampler.hindsight import Hindsight

UNEVEN = float(np.log(4.0))
"""How far the weights of atoms may lie from what is wanted, as logarithms."""

EVENLY = 0.5
"""The part of a group's particles that its atoms share evenly; the rest goes by their posterior."""


@dataclass(slots=True)
class Swarm:
    """The population as it advances.

    `level` is the particles' log target (particle,), `logs` their importance weights under the lean
    q(a) towards atoms (`lean` is log q, by atom). `size` is how many particles there are when none
    have been added. `pending` are the steps since the last selection. `priors` are those of the
    atoms (atom,), and `groups` numbers what each belongs to (atom,): as many particles go to each.
    `first_lean` is the lean before anything was known, and `passed` what changes of atom have added
    to the logarithm of all evidences together, each counted by that lean.
    """

    population: Population
    level: Numbers
    logs: Numbers
    lean: Numbers
    size: int
    random: np.random.Generator
    fitted: Fitted
    hindsight: Hindsight
    strides: Strides
    priors: Numbers
    groups: Places
    pending: list[int] = field(default_factory=list)
    smallest_size: float = np.inf
    smallest_overlap: float = 1.0
    headway: Headway = field(default_factory=Headway)
    first_lean: Numbers = field(init=False)
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.first_lean = self.lean

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

    def risen(self, before: Numbers) -> Numbers:
        """By how much evidences that were these before have risen; 0 for what is or was dead."""
        after = self.evidences()
        alive = (before > -np.inf) & (after > -np.inf)
        found: Numbers = np.where(alive, after, 0.0) - np.where(alive, before, 0.0)
        return found

    def note_passed(self, before: Numbers) -> None:
        """Note what changes of atom have made of evidences that were these before (atom,).

        Atoms that died out, or were brought back, are left out of the sum.
        """
        after = self.evidences()
        alive = (before > -np.inf) & (after > -np.inf)
        if alive.any():
            first = self.first_lean[alive]
            self.passed += log_sum(first + after[alive]) - log_sum(first + before[alive])

    def give_back_passed(self) -> None:
        """Let all atoms together be as probable as before any change of atom, by the first lean.

        Particles that change atoms bring the errors of all to one level, and keep the sum of their
        weights. So that level would be right on average if the lean, by which evidences count in
        that sum, had not followed the errors: an atom found too probable by chance counts for less.
        The first lean has seen none of them.
        """
        self.logs = self.logs - self.passed
        self.passed = 0.0

    def wanted(self) -> Numbers:
        """The logarithm of the share of the particles that each atom should have (atom,)."""
        with np.errstate(divide="ignore"):
            posterior = self.masses() - self.lean + np.log(self.priors)
        return wanted_shares(posterior, self.masses() > -np.inf, self.groups)

    def lean_evenly(self) -> None:
        """Lean so that atoms weigh what is wanted; one that has died out may come back.

        Only where weights have come to differ much: a lean that follows every chance change of the
        atoms' shares would make the level of all of them drift.
        """
        masses = self.masses()
        alive = masses > -np.inf
        if not alive.any():
            return
        wanted = self.wanted()
        change = np.zeros(masses.size)
        change[alive] = wanted[alive] - masses[alive]
        if alive.all() and np.ptp(change) < UNEVEN:
            return
        change[~alive] = (self.lean + change)[alive].max(initial=0.0) - self.lean[~alive]
        self.lean = self.lean + change
        self.logs = self.logs + change[self.population.atoms]

    def select(self) -> tuple[Places, Numbers]:
        """As many places for each living atom as are wanted, each atom's weight kept."""
        masses, atoms = self.masses(), self.population.atoms
        counts = shared_out(self.size, self.wanted())
        places, logs = [], []
        for atom in np.flatnonzero(counts).tolist():
            own = np.flatnonzero(atoms == atom)
            places.append(own[resample(self.logs[own], self.random, int(counts[atom]))])
            logs.append(np.full(counts[atom], masses[atom] - np.log(counts[atom])))
        return np.concatenate(places), np.concatenate(logs)


def wanted_shares(posterior: Numbers, alive: Truths, groups: Places) -> Numbers:
    """The logarithm of each atom's share of the particles (atom,), -inf for one that has died out.

    All groups with a living atom get as much. Within one, half is for all alike and half goes by
    the posterior (logarithms, up to a constant), so that an explanation that can be true in several
    ways is not weighed by ways that have no part in it.
    """
    found = np.full(posterior.size, -np.inf)
    living = np.unique(groups[alive])
    for group in living.tolist():
        own = np.flatnonzero(alive & (groups == group))
        part = shares(posterior[own])
        even = EVENLY / own.size if part.any() else 1.0 / own.size
        found[own] = np.log((even + (1.0 - EVENLY) * part) / living.size)
    return found


def shared_out(size: int, wanted: Numbers) -> Places:
    """How many particles each atom gets (atom,): at least one if its share is not 0."""
    ideal = size * np.exp(wanted)
    counts: Places = np.maximum(np.floor(ideal), wanted > -np.inf).astype(np.int64)
    for atom in np.argsort(counts - ideal)[: max(0, size - int(counts.sum()))]:
        counts[atom] += 1
    return counts
