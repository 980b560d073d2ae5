"""Targets of the sampler that need no simulation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special, stats

from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Population, Truths
from foedus.infer.particles.target import Block, Noise, Step
from foedus.infer.particles.weights import Numbers


def streams(count: int) -> Noise:
    """So many streams, all of one epoch."""
    return Noise(np.zeros(count, np.int64), np.arange(count, dtype=np.int64))


class AllUsed:
    """A target whose weights may depend on all of its noise."""

    noise: Noise

    def used(self, known: int) -> NDArray[np.bool_]:
        """All streams."""
        return np.ones(self.noise.count, np.bool_)

    def look_at(self, population: Population, known: int) -> None:
        """Nothing to work out beforehand."""

    def blocks(self, known: int) -> Sequence[Block]:
        """No numbers of their own."""
        return ()

    def log_parts(self, atom: int, particles: Particles, known: int) -> Numbers:
        """No parts."""
        raise NotImplementedError

    marks = log_parts

    def merge(
        self, kept: Population, pair: tuple[Population, Population], taken: Truths, known: int
    ) -> None:
        """No parts."""


def uniform_of(particles: Particles, stream: int) -> Numbers:
    """A uniform number made from the noise of a stream."""
    words = (particles.keys[:, stream, 0] >> np.uint64(11)).astype(np.float64)
    return words * 2.0**-53


@dataclass
class Counts(AllUsed):
    """Coin tosses with an unknown chance Phi(z), the same in both atoms but for its sign."""

    tosses: Sequence[bool]
    atoms: Sequence[float] = (0.5, 0.5)
    groups: Sequence[int] = (0, 1)
    shift: float = 0.5
    coordinates: int = 1
    noise: Noise = field(default_factory=lambda: streams(1))
    steps: Sequence[Step] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = [Step(f"toss {number}") for number in range(len(self.tosses))]

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """Of the tosses known by then."""
        score = particles.scores[:, 0] + (self.shift if atom else -self.shift)
        heads = sum(self.tosses[:known])
        tails = known - heads
        total: Numbers = heads * special.log_ndtr(score) + tails * special.log_ndtr(-score)
        return total

    def log_evidence(self, atom: int) -> float:
        """By quadrature."""
        shift = self.shift if atom else -self.shift
        heads, count = sum(self.tosses), len(self.tosses)

        def inside(z: float) -> float:
            chance = float(stats.norm.cdf(z + shift))
            return float(stats.norm.pdf(z) * chance**heads * (1.0 - chance) ** (count - heads))

        return log(float(integrate.quad(inside, -9.0, 9.0, epsabs=0.0, limit=200)[0]))
