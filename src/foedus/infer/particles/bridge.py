"""Between one step and the next: log targets, mixtures of them, and how far to go at once."""

from __future__ import annotations

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.metropolis import Judged, judged
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Population
from foedus.infer.particles.target import Target
from foedus.infer.particles.weights import Numbers, shares

HALVINGS = 30
"""Bisections in the search for the part of a step that can be taken."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The step to `known`; `neutral` is what each step is worth to those who distrust it."""

    target: Target
    known: int
    neutral: Numbers

    def at(self, population: Population, known: int, *, newest: bool = True) -> Numbers:
        """The log target when that many steps are known, (particle,).

        Without `newest`, what distrust of the last of them is worth is left out.
        """
        self.target.look_at(population, known)
        total = population.each(lambda atom, few: self.target.log_weights(atom, few, known))
        for step in range(known if newest else known - 1):
            if self.target.steps[step].trust is not None:
                total = total + self.neutral_of(population.particles, step)
        return total

    def neutral_of(self, particles: Particles, step: int) -> Numbers:
        """What one step is worth to particles that do not trust it, (particle,)."""
        trust = self.target.steps[step].trust
        if trust is None:
            return np.zeros(particles.size)
        return np.where(trust.is_withheld(particles), self.neutral[step], 0.0)


@dataclass(frozen=True, slots=True)
class Bridge:
    """The law part way through a step: w_n^(1-a) w_{n+1}^a; only w_{n+1} once a is 1."""

    ahead: Ahead
    part: float

    def levels(self, population: Population) -> Numbers:
        """Log targets before and after the step, or after it only, (level, particle)."""
        last = self.ahead.known
        places = (last,) if self.part == 1.0 else (last - 1, last)
        found: Numbers = np.stack([self.ahead.at(population, known) for known in places])
        return found

    def judge(
        self, new: Population, levels: Numbers, more: Numbers | float, random: np.random.Generator
    ) -> Judged:
        """Whether proposals are taken in place of particles that have some levels."""
        proposed = self.levels(new)
        return judged(proposed, self.log_weight(proposed) - self.log_weight(levels) + more, random)

    def log_weight(self, levels: Numbers) -> Numbers:
        """The mixture of the levels, (particle,)."""
        high: Numbers = levels[-1]
        if self.part == 1.0:
            return high
        return mixed(levels, self.part)


def mixed(levels: Numbers, part: float) -> Numbers:
    """The log law part way between two levels (level, particle); -inf where either rules out."""
    ruled_out = (levels == -np.inf).any(axis=0)
    before, after = np.where(ruled_out, 0.0, levels)
    return np.where(ruled_out, -np.inf, (1.0 - part) * before + part * after)


def gain_of(high: Numbers, low: Numbers) -> Numbers:
    """high - low, and -inf where either rules a particle out."""
    ruled_out = (high == -np.inf) | (low == -np.inf)
    above, below = np.where(ruled_out, 0.0, high), np.where(ruled_out, 0.0, low)
    return np.where(ruled_out, -np.inf, above - below)


def part_of(logs: Numbers, gain: Numbers, done: float, least: float) -> float:
    """How far to go (0..1, from `done`) so that enough of the living particles still count.

    Those that the step rules out are gone at its first part, however small, and are not counted.
    """
    alive = (logs > -np.inf) & (gain > -np.inf)
    if not alive.any():
        return 1.0
    weights, kept = shares(logs[alive]), gain[alive]

    def share(part: float) -> float:
        steps = (part - done) * kept
        rise = np.exp(steps - steps.max())
        return float(np.sum(weights * rise) ** 2 / np.sum(weights * rise * rise))

    if share(1.0) >= least:
        return 1.0
    low, high = done, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if share(middle) >= least else (low, middle)
    return low if low > done else high
