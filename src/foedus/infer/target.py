"""What the sampler needs to know of a record: steps, and a log weight at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foedus.infer.particles import Particles
from foedus.infer.weights import Numbers


@dataclass(frozen=True, slots=True)
class Trust:
    """An origin that items hang on: it is trusted where its score lies above `limit`."""

    coordinate: int
    limit: float

    def is_withheld(self, particles: Particles) -> NDArray[np.bool_]:
        """In which particles the origin is not trusted, (particle,)."""
        return particles.scores[:, self.coordinate] <= self.limit


@dataclass(frozen=True, slots=True)
class Step:
    """One more thing that becomes known.

    `trust` is what it hangs on, if on anything. `frees` are the streams of noise that it takes out
    of use, or into it: once a firing is known, the clock that might have rung instead is idle.
    """

    name: str
    trust: Trust | None = None
    frees: tuple[int, ...] = ()


class Target(Protocol):
    """A record that becomes known step by step, as weights on particles."""

    @property
    def atoms(self) -> Sequence[float]:
        """The prior of each atom; they sum to one."""

    @property
    def coordinates(self) -> int:
        """How many uncertain numbers a particle has."""

    @property
    def streams(self) -> int:
        """How many streams of noise it has."""

    @property
    def steps(self) -> Sequence[Step]:
        """What becomes known, in order."""

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """log p(what the first `known` steps say | particle, atom), up to its own proposal.

        Steps that the particle does not trust are left out. A pure function of its arguments:
        (particle,). With `known` 0 all are 0.
        """
