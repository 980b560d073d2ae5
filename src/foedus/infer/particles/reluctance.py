"""How much of a particle a proposal may touch, learned from which proposals were accepted.

Some numbers and some noise hardly bear on the record, and a proposal may touch all of them at once;
others decide what it says, and a proposal that touches many of those is lost. Each unit (a score,
a stream of noise) has a reluctance d, and the share of proposals that are accepted is modelled as
exp(- the sum of d over the units touched). A proposal touches each unit with probability min(1,
c / sqrt(d)), c being such that this sum has a given mean: units that hardly resist go along, and
those that resist most are not left to the end. Where proposals that touched a unit were accepted
less often than the model says, the unit's reluctance is raised, and lowered where more often. What
is learned from one proposal is used from the next on, so that a proposal does not depend on its own
outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foedus.infer.particles.population import Truths
from foedus.infer.particles.weights import Numbers

BUDGET = 1.2
"""The mean sum of reluctances in a proposal; exp(-1.2) is 0.3."""

LEAST, MOST = 0.4, 1.6
"""The parts of it between which each proposal's own budget is drawn."""

RATE = 2.0
"""How fast the logarithm of a reluctance follows the error of the model's prediction."""

WARY = 5.0
"""The prediction counts as so many proposals of each unit."""

LOWEST, HIGHEST = 1e-3, 5.0
"""Bounds of a reluctance."""

HALVINGS = 30
"""Bisections in the search for c."""


@dataclass(slots=True)
class Reluctance:
    """The reluctance of each unit (unit,), `start` for those of which nothing is known yet."""

    count: int
    start: float
    of: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.of = np.full(self.count, self.start)

    def choose(self, particles: int, units: Truths, random: np.random.Generator) -> Truths:
        """Which of some `units` (unit,) each particle's proposal touches (particle, unit)."""
        places = np.flatnonzero(units)
        touched = np.zeros((particles, self.count), np.bool_)
        if places.size:
            found = self.of[places]
            chances = _chances(found, BUDGET * random.uniform(LEAST, MOST))
            drawn = random.random((particles, places.size), np.float32)
            touched[:, places] = drawn < chances.astype(np.float32)
        return touched

    def learn(self, touched: Truths, chances: Numbers) -> None:
        """Learn from proposals with some chances of acceptance (particle,).

        By `einsum`, since the threads that `@` sets to work wait for each other (15 ms for 1).
        """
        predicted = np.exp(-np.einsum("pu,u->p", touched, self.of))
        error = np.einsum("p,pu->u", predicted - chances, touched)
        surprise = error / (WARY + touched.sum(axis=0))
        self.of = np.clip(self.of * np.exp(RATE * surprise), LOWEST, HIGHEST)


def _chances(found: Numbers, budget: float) -> Numbers:
    """min(1, c / sqrt(d)) whose sum with d as weights is the budget; 1 where that cannot be."""
    if found.sum() <= budget:
        return np.ones_like(found)
    roots = np.sqrt(found)
    low, high = 0.0, float(roots.max())
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        spent = float(np.minimum(found, middle * roots).sum())
        low, high = (middle, high) if spent < budget else (low, middle)
    chances: Numbers = np.minimum(1.0, low / roots)
    return chances
