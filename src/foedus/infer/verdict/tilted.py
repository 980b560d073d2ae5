"""The evidence under other priors, step by step, where particles would not do at once.

Particles of the posterior stand for another one with other weights, as long as enough of them
count. Where too few do, the ratio of the priors is brought in by its powers (`annealing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.islands.pool import BATCHES, Change
from foedus.infer.particles.bridge import Ahead, mixed
from foedus.infer.particles.metropolis import Judged, judged
from foedus.infer.particles.moves import State, begin_moves, no_strides
from foedus.infer.particles.population import Population, of_one_atom
from foedus.infer.particles.weights import Numbers, error_of_change, log_mean
from foedus.infer.sampler.annealing import Walk, lead_in_groups
from foedus.infer.sampler.sweeps import reach_everything

if TYPE_CHECKING:
    from foedus.infer.verdict.flips import Again

LEARNING, SWEEPS = 15, 6
"""Sweeps before the way, for moves to learn what they may touch; and after each part of it."""


@dataclass(frozen=True, slots=True)
class Tilted:
    """The posterior times a power of a change of weights."""

    here: Ahead
    change: Change
    part: float

    def levels(self, population: Population) -> Numbers:
        """The log target without the change, and with all of it, (level, particle)."""
        plain = self.here.at(population, self.here.known)
        return np.stack([plain, plain + population.each(self.change)])

    def judge(
        self, new: Population, levels: Numbers, more: Numbers | float, random: np.random.Generator
    ) -> Judged:
        """Whether proposals are taken in place of particles that have some levels."""
        found = self.levels(new)
        gain = mixed(found, self.part) - mixed(levels, self.part)
        return judged(found, gain + more, random)


@dataclass(frozen=True, slots=True)
class Rise:
    """By how much the log evidence of an atom rises, with its standard error."""

    log: float
    error: float


def gains_by_steps(
    again: Again, change: Change, atoms: Iterable[int], seed: int
) -> dict[int, Rise]:
    """What the evidence of some atoms gains by other weights, by atom.

    Particles go in `BATCHES`, each by itself: the error is that of what these gain.
    """
    count = len(again.thin.priors)
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, count))))
    return {atom: _gained(again, atom, change, random) for atom in atoms}


def _gained(again: Again, atom: int, change: Change, random: np.random.Generator) -> Rise:
    target = again.target
    neutral = np.array([again.neutral[step.name] for step in target.steps])
    here = Ahead(target, len(target.steps), neutral)
    reach = reach_everything(here)
    plain = Tilted(here, change, 0.0)
    population = of_one_atom(again.thin.particles[atom], atom)
    state = State(population, plain.levels(population))
    walk = Walk(SWEEPS, no_strides(target.coordinates, target.noise.count), reach, random)
    begin_moves(state, plain, reach, random)
    walk.move(state, plain, LEARNING, (0.0, 0.0))
    batches = min(BATCHES, population.size)
    _, logs = lead_in_groups(state, lambda part: Tilted(here, change, part), walk, batches)
    return Rise(log_mean(logs), error_of_change(np.zeros(batches), logs, batches))
