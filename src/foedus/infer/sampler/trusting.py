"""How far particles trusted origins on their way through a record, kept so that it can be asked.

What a step is worth to those who do not trust its origin is averaged with the atoms' priors. So it
is another number where these are other ones, and with it what particles weigh that withhold their
trust, which at the end of the record tell nothing any more of how it was on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.bridge import gain_of
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Step, Trust
from foedus.infer.particles.weights import Numbers, log_sum
from foedus.infer.sampler.swarm import Swarm


@dataclass(frozen=True, slots=True)
class Trusting:
    """The particles of each atom by the origins that they withhold their trust from.

    `ways` are the ways in which some did, origins in the order of `origins_of` (way, origin).
    `shares` is which part of the atom's weight had each when that much was known (atom, known,
    way); 0 in all where nothing was left of the atom. `gains` is log p(step | steps before, atom,
    way) for those who trust it, and 0 for steps that hang on no origin (atom, step, way).
    """

    ways: NDArray[np.bool_]
    shares: Numbers
    gains: Numbers


OF_TRUSTING = ("ways", "shares", "gains")
"""Its arrays by name, in order, as files keep them."""


def origins_of(steps: Sequence[Step]) -> tuple[Trust, ...]:
    """The origins that steps hang on, in the order in which they come up."""
    return tuple(dict.fromkeys(step.trust for step in steps if step.trust is not None))


def withheld_from(origins: Sequence[Trust], particles: Particles) -> NDArray[np.bool_]:
    """Which origins each particle does not trust (particle, origin)."""
    return np.stack([origin.is_withheld(particles) for origin in origins], axis=1)


Row = tuple[bool, ...]
"""A way: of which origins trust is withheld."""


class Notes:
    """What is noted of a population as it advances, for `Trusting`."""

    def __init__(self, steps: Sequence[Step], atoms: int) -> None:
        self.steps, self.atoms, self.origins = steps, atoms, origins_of(steps)
        self.shares: list[dict[tuple[int, Row], float]] = []
        self.gains: list[dict[tuple[int, Row], float]] = []

    def before(self, swarm: Swarm, high: Numbers) -> None:
        """Note how it stands before the next step, after which the log target is `high`."""
        if not self.origins:
            return
        hangs = self.steps[len(self.shares)].trust is not None
        gain = gain_of(high, swarm.level) if hangs else np.zeros_like(high)
        shares, gains = {}, {}
        for (atom, way), own in self._parts(swarm):
            weight = log_sum(swarm.logs[own])
            if weight > -np.inf:
                shares[atom, way] = weight
                gains[atom, way] = log_sum(swarm.logs[own] + gain[own]) - weight
        self.shares.append(shares)
        self.gains.append(gains)

    def at_end(self, swarm: Swarm) -> Trusting | None:
        """All of it, with how it stands at the end; None where nothing hangs on an origin."""
        if not self.origins:
            return None
        last = {place: log_sum(swarm.logs[own]) for place, own in self._parts(swarm)}
        known = [*self.shares, last]
        ways = sorted({way for one in known for _, way in one})
        shares = _filled(known, ways, self.atoms, -np.inf)
        top = shares.max(axis=2, keepdims=True)
        shares = np.exp(shares - np.where(top > -np.inf, top, 0.0))
        total = shares.sum(axis=2, keepdims=True)
        shares = shares / np.where(total > 0.0, total, 1.0)
        gains = _filled(self.gains, ways, self.atoms, 0.0)
        return Trusting(np.array(ways, np.bool_).reshape(-1, len(self.origins)), shares, gains)

    def _parts(self, swarm: Swarm) -> list[tuple[tuple[int, Row], NDArray[np.bool_]]]:
        """The particles of each atom that withhold their trust in one way."""
        population = swarm.population
        withheld = withheld_from(self.origins, population.particles)
        marked = np.column_stack([population.atoms, withheld])
        rows, which = np.unique(marked, axis=0, return_inverse=True)
        which = which.reshape(-1)
        return [
            ((int(row[0]), tuple(bool(one) for one in row[1:])), which == number)
            for number, row in enumerate(rows.tolist())
        ]


def _filled(
    found: Sequence[dict[tuple[int, Row], float]], ways: Sequence[Row], atoms: int, other: float
) -> Numbers:
    """What was noted one after the other, by atom and way (atom, number, way)."""
    place = {way: number for number, way in enumerate(ways)}
    filled = np.full((atoms, len(found), len(ways)), other)
    for number, one in enumerate(found):
        for (atom, way), value in one.items():
            filled[atom, number, place[way]] = value
    return filled
