"""A particle: one way in which parameters and chance may have been.

Everything about it follows from its scores and its keys, so nothing else is stored: the course of
events is simulated anew, the same each time, wherever a weight is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.weights import Places

Scores = NDArray[np.float64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Particles:
    """Many particles of one atom.

    `scores` are standard normal scores of the uncertain numbers (particle, coordinate); `keys` are
    the two words that the noise of each stream is keyed by (particle, stream, 2). A stream is all
    the noise of one event kind, or that of one item of the record. `ancestors` says which of the
    first particles each descends from (particle,).
    """

    scores: Scores
    keys: Keys
    ancestors: Places
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was last worked out about these very particles; see `record_target`."""

    @property
    def size(self) -> int:
        """How many there are."""
        return self.ancestors.size

    def take(self, places: Places) -> Particles:
        """Those at some places, again and again where a place is named more than once."""
        return Particles(self.scores[places], self.keys[places], self.ancestors[places])


def numbered(particles: Particles) -> Places:
    """Which particles are the same: a number for each, alike for those that do not differ.

    They differ in their scores; where nothing is uncertain, in their keys (particle,).
    """
    told = particles.scores if particles.scores.size else particles.keys.reshape(particles.size, -1)
    found: Places = np.unique(told, axis=0, return_inverse=True)[1].reshape(-1)
    return found


def distinct(particles: Particles) -> int:
    """How many of them differ."""
    return len(np.unique(numbered(particles))) if particles.size else 0


def joined(parts: Sequence[Particles]) -> Particles:
    """Particles one after the other."""
    return Particles(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.ancestors for part in parts]),
    )


def draw_particles(
    size: int, coordinates: int, streams: int, random: np.random.Generator
) -> Particles:
    """Particles from the prior."""
    return Particles(
        random.standard_normal((size, coordinates)),
        draw_keys((size, streams), random),
        np.arange(size, dtype=np.int64),
    )


def draw_keys(shape: tuple[int, ...], random: np.random.Generator) -> Keys:
    """Fresh words for that many streams, (*shape, 2)."""
    return random.integers(0, 2**64, size=(*shape, 2), dtype=np.uint64)
