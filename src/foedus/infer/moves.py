"""Moves that keep a law of particles as it is, and so bring back the variety that selection takes.

The law is prior x exp(log weight). Scores are standard normal and keys uniform under the prior, so
that a proposal which keeps the prior is accepted with probability min(1, ratio of the weights):

- scores: z' = sqrt(1 - s^2) z + s xi on a random block of coordinates (preconditioned
  Crank-Nicolson, [Cotter2013]_ section 4.2), which does not tire as coordinates grow in number;
- noise: fresh keys for a random subset of streams (an independence move on their part of the
  course), the others staying as they are; or for named streams, which is accepted almost always
  where the weight has just ceased to depend on them.

How large the steps are is adapted to the share that is accepted, from one call to the next.

References
----------
.. [Cotter2013] S. L. Cotter, G. O. Roberts, A. M. Stuart, D. White (2013), MCMC methods for
   functions: modifying old algorithms to make them faster, Statistical Science 28, 424-446.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from foedus.infer.particles import Particles, draw_keys, where
from foedus.infer.weights import Numbers


class Law(Protocol):
    """The log weight that moves keep, worked out from one or more levels of each particle."""

    def levels(self, particles: Particles) -> Numbers:
        """The levels, (level, particle)."""

    def log_weight(self, levels: Numbers) -> Numbers:
        """The log weight that they come to, (particle,)."""


WANTED = 0.3
"""The share of proposals that should be accepted."""

BLOCK = 0.4
"""The share of the coordinates that one proposal touches."""

LEAST_STEP, GREATEST_STEP = 0.05, 1.0
LEAST_RENEWED, GREATEST_RENEWED = 0.02, 0.9


@dataclass(slots=True)
class Strides:
    """How far moves go: the step of scores, and the share of streams that are renewed."""

    step: float = 0.6
    renewed: float = 0.3

    def adapt(self, of_scores: float, of_noise: float) -> None:
        """Longer strides after many acceptances, shorter ones after few."""
        self.step = float(
            np.clip(self.step * np.exp(of_scores - WANTED), LEAST_STEP, GREATEST_STEP)
        )
        self.renewed = float(
            np.clip(self.renewed * np.exp(of_noise - WANTED), LEAST_RENEWED, GREATEST_RENEWED)
        )


def move(
    particles: Particles,
    levels: Numbers,
    law: Law,
    strides: Strides,
    sweeps: int,
    freed: frozenset[int],
    random: np.random.Generator,
) -> tuple[Particles, Numbers]:
    """Particles after so many sweeps of both moves, and their levels; `freed` streams go first."""
    for stream in sorted(freed):
        proposed = _renewed_stream(particles, stream, random)
        particles, levels, _ = _choose(particles, levels, proposed, law, random)
    for _ in range(sweeps):
        proposed = _moved_scores(particles, strides.step, random)
        particles, levels, of_scores = _choose(particles, levels, proposed, law, random)
        proposed = _renewed_noise(particles, strides.renewed, random)
        particles, levels, of_noise = _choose(particles, levels, proposed, law, random)
        strides.adapt(of_scores, of_noise)
    return particles, levels


def _moved_scores(particles: Particles, step: float, random: np.random.Generator) -> Particles:
    fresh = random.standard_normal(particles.scores.shape)
    moved = np.sqrt(1.0 - step * step) * particles.scores + step * fresh
    touched = random.random(particles.scores.shape) < BLOCK
    scores = np.where(touched, moved, particles.scores)
    return Particles(scores, particles.keys, particles.ancestors)


def _renewed_noise(particles: Particles, renewed: float, random: np.random.Generator) -> Particles:
    shape = particles.keys.shape[:2]
    touched = random.random(shape) < renewed
    keys = np.where(touched[:, :, None], draw_keys(shape, random), particles.keys)
    return Particles(particles.scores, keys, particles.ancestors)


def _renewed_stream(particles: Particles, stream: int, random: np.random.Generator) -> Particles:
    keys = particles.keys.copy()
    keys[:, stream] = draw_keys((particles.size,), random)
    return Particles(particles.scores, keys, particles.ancestors)


def _choose(
    old: Particles, levels: Numbers, new: Particles, law: Law, random: np.random.Generator
) -> tuple[Particles, Numbers, float]:
    """Metropolis: the new particle with probability min(1, ratio of the weights)."""
    proposed = law.levels(new)
    gain = law.log_weight(proposed) - law.log_weight(levels)
    accepted = np.log(random.random(old.size)) < gain
    kept = np.where(accepted, proposed, levels)
    return where(accepted, new, old), kept, float(accepted.mean())
