"""The evidence under other priors, step by step, where particles would not do at once.

Particles of the posterior stand for another one with other weights, as long as enough of them
count. Where too few do, the ratio of the priors is brought in by its powers, from 0 to 1, and
particles are selected and moved after each (`between` does the same from one atom to another): what
weighing gains on the way is the logarithm of the ratio of the evidences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from foedus.infer.bridge import Ahead, part_of
from foedus.infer.fitted import fit
from foedus.infer.flips import Again
from foedus.infer.metropolis import Judged, judged
from foedus.infer.moves import State, begin_moves, no_strides, sweep
from foedus.infer.pool import Change
from foedus.infer.population import Population, of_one_atom
from foedus.infer.sweeps import reach_everything
from foedus.infer.weights import Numbers, log_mean, resample

KEEP_AT_LEAST = 0.7
"""The effective share of particles that one part of the way must leave."""

LEARNING, SWEEPS = 15, 6
"""Sweeps before the way, for moves to learn what they may touch; and after each part of it."""


@dataclass(frozen=True, slots=True)
class Tilted:
    """The posterior times a power of a change of weights."""

    here: Ahead
    change: Change
    part: float

    def levels(self, population: Population) -> Numbers:
        """The log target as it was, and the change, (level, particle)."""
        return np.stack([self.here.at(population, self.here.known), population.each(self.change)])

    def judge(
        self, new: Population, levels: Numbers, more: Numbers | float, random: np.random.Generator
    ) -> Judged:
        """Whether proposals are taken in place of particles that have some levels."""
        found = self.levels(new)
        gain = (found[0] - levels[0]) + self.part * (found[1] - levels[1])
        return judged(found, gain + more, random)


def evidence_by_steps(
    again: Again, evidences: Iterable[float], change: Change, atoms: Iterable[int], seed: int
) -> dict[int, float]:
    """The log evidence of some atoms with other weights, by atom; `evidences` are those of all."""
    before = tuple(evidences)
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, len(before)))))
    return {atom: before[atom] + _gained(again, atom, change, random) for atom in atoms}


def _gained(again: Again, atom: int, change: Change, random: np.random.Generator) -> float:
    target = again.target
    neutral = np.array([again.neutral[step.name] for step in target.steps])
    here = Ahead(target, len(target.steps), neutral)
    population, law = of_one_atom(again.thin.particles[atom], atom), Tilted(here, change, 0.0)
    state, reach = State(population, law.levels(population)), reach_everything(here)
    strides, done, gained = no_strides(target.coordinates, target.noise.count), 0.0, 0.0

    def move(law: Tilted, sweeps: int) -> None:
        for _ in range(sweeps):
            own = fit(state.population.particles.scores, np.zeros(population.size))
            sweep(state, law, strides, own, reach, random)

    begin_moves(state, law, reach, random)
    move(law, LEARNING)
    while done < 1.0:
        rise = state.levels[1]
        part = part_of(np.zeros(population.size), rise, done, KEEP_AT_LEAST)
        logs = (part - done) * rise
        gained, done = gained + log_mean(logs), part
        places = resample(logs, random, population.size)
        state = State(state.population.take(places), state.levels[:, places])
        move(Tilted(here, change, done), SWEEPS)
    return gained
