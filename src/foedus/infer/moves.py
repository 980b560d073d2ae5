"""Moves that keep a law of particles as it is, and so bring back the variety that selection takes.

The law is prior x exp(log weight). Scores are standard normal and keys uniform under the prior, so
that a proposal which keeps the prior is accepted with probability min(1, ratio of the weights):

- scores: z' = sqrt(1 - s^2) z + s xi on a random block of coordinates (preconditioned
  Crank-Nicolson, [Cotter2013]_ section 4.2);
- noise: fresh keys for some of the streams of one epoch, late epochs more often than early ones (an
  independence move on a stretch of the course; what went before stays); for some of the items; or
  for named streams, which is accepted almost always where the weight has just ceased to depend on
  them. Streams that the weight does not depend on are simply drawn anew.

How much a proposal touches is adapted to the share that is accepted, from one call to the next.

References
----------
.. [Cotter2013] S. L. Cotter, G. O. Roberts, A. M. Stuart, D. White (2013), MCMC methods for
   functions: modifying old algorithms to make them faster, Statistical Science 28, 424-446.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foedus.infer.particles import Particles, draw_keys, where
from foedus.infer.target import Noise
from foedus.infer.weights import Numbers, Places

Truths = NDArray[np.bool_]

WANTED = 0.3
"""The share of proposals that should be accepted."""

STEP = 0.7
"""The step s of the scores that a proposal touches."""

LEAST, GREATEST = 0.02, 0.9
"""Bounds of the shares of coordinates, and of streams of an epoch, that a proposal touches."""

LATE = 3
"""Every other proposal of noise is for one of so many epochs before the last step."""

ITEMS = 2.0
"""Items whose noise is renewed in one proposal, on average."""


class Law(Protocol):
    """The log weight that moves keep, worked out from one or more levels of each particle."""

    def levels(self, particles: Particles) -> Numbers:
        """The levels, (level, particle)."""

    def log_weight(self, levels: Numbers) -> Numbers:
        """The log weight that they come to, (particle,)."""


@dataclass(slots=True)
class Strides:
    """How much moves touch: shares of coordinates, and of an epoch's streams."""

    block: float = 0.3
    renewed: float = 0.3

    def adapt(self, of_scores: float, of_noise: float) -> None:
        """More after many acceptances, less after few."""
        self.block = float(np.clip(self.block * np.exp(of_scores - WANTED), LEAST, GREATEST))
        self.renewed = float(np.clip(self.renewed * np.exp(of_noise - WANTED), LEAST, GREATEST))


@dataclass(frozen=True, slots=True)
class Reach:
    """What moves may touch: the streams in use (stream,), and those freed by the last steps."""

    noise: Noise
    used: Truths
    freed: frozenset[int]

    @property
    def epochs(self) -> Places:
        """The epochs in use, ascending."""
        found: Places = np.unique(self.noise.epochs[self.used])
        return found[found >= 0]


def move(
    particles: Particles,
    levels: Numbers,
    law: Law,
    strides: Strides,
    sweeps: int,
    reach: Reach,
    random: np.random.Generator,
) -> tuple[Particles, Numbers]:
    """Particles after so many sweeps of all moves, and their levels."""
    particles = _with_fresh(particles, ~reach.used[None, :], random)
    if reach.freed:
        freed = np.zeros(reach.noise.count, np.bool_)
        freed[sorted(reach.freed)] = True
        proposed = _with_fresh(particles, freed[None, :], random)
        particles, levels, _ = _choose(particles, levels, proposed, law, random)
    for _ in range(sweeps):
        proposed = _moved_scores(particles, strides.block, random)
        particles, levels, of_scores = _choose(particles, levels, proposed, law, random)
        particles, levels, of_noise = _noise_swept(particles, levels, law, strides, reach, random)
        strides.adapt(of_scores, of_noise)
    return particles, levels


def move_noise(
    particles: Particles,
    levels: Numbers,
    law: Law,
    strides: Strides,
    sweeps: int,
    reach: Reach,
    random: np.random.Generator,
) -> tuple[Particles, Numbers]:
    """Particles after so many sweeps of the moves of noise, scores untouched, and their levels."""
    particles = _with_fresh(particles, ~reach.used[None, :], random)
    for _ in range(sweeps):
        particles, levels, of_noise = _noise_swept(particles, levels, law, strides, reach, random)
        strides.adapt(WANTED, of_noise)
    return particles, levels


def _noise_swept(
    particles: Particles,
    levels: Numbers,
    law: Law,
    strides: Strides,
    reach: Reach,
    random: np.random.Generator,
) -> tuple[Particles, Numbers, float]:
    """One sweep of the moves of noise, and the share that was accepted."""
    proposed = _with_fresh(particles, _of_an_epoch(particles, strides, reach, random), random)
    particles, levels, accepted = _choose(particles, levels, proposed, law, random)
    items = reach.used & (reach.noise.epochs < 0)
    if items.any():
        share = min(1.0, ITEMS / float(np.sum(items)))
        touched = (random.random((particles.size, items.size)) < share) & items
        proposed = _with_fresh(particles, touched, random)
        particles, levels, _ = _choose(particles, levels, proposed, law, random)
    return particles, levels, accepted


def _moved_scores(particles: Particles, block: float, random: np.random.Generator) -> Particles:
    fresh = random.standard_normal(particles.scores.shape)
    moved = np.sqrt(1.0 - STEP * STEP) * particles.scores + STEP * fresh
    touched = random.random(particles.scores.shape) < block
    scores = np.where(touched, moved, particles.scores)
    return Particles(scores, particles.keys, particles.ancestors)


def _of_an_epoch(
    particles: Particles, strides: Strides, reach: Reach, random: np.random.Generator
) -> Truths:
    """For each particle, some streams in use of an epoch chosen by chance (particle, stream)."""
    epochs = reach.epochs
    if epochs.size == 0:
        return np.zeros((particles.size, reach.noise.count), np.bool_)
    any_one = random.choice(epochs, particles.size)
    late = random.choice(epochs[-LATE:], particles.size)
    chosen = np.where(random.random(particles.size) < 0.5, late, any_one)
    is_there = reach.noise.epochs[None, :] == chosen[:, None]
    touched = random.random(is_there.shape) < strides.renewed
    some: Truths = is_there & reach.used & touched
    return some


def _with_fresh(particles: Particles, touched: Truths, random: np.random.Generator) -> Particles:
    """The same particles with fresh keys where touched."""
    touched = np.broadcast_to(touched, particles.keys.shape[:2])
    keys = particles.keys.copy()
    keys[touched] = draw_keys((int(np.sum(touched)),), random)
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
