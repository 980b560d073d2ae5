"""A normal law for each score, fitted to the particles: where proposals are made about."""

from __future__ import annotations

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.population import Truths
from foedus.infer.particles.weights import Numbers, shares

WORTH = 8.0
"""The prior counts as so many particles, so that few particles do not make a narrow law."""

NARROWEST = 0.15
"""The least spread."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Means and standard deviations (coordinate,)."""

    means: Numbers
    spreads: Numbers

    def propose(
        self, scores: Numbers, touched: Truths, step: float, random: np.random.Generator
    ) -> tuple[Numbers, Numbers]:
        """Scores moved where touched, by a step that keeps the fitted law.

        With each (particle, coordinate) comes the logarithm of the ratio prior / fitted law, new
        over old, by which the proposal is to be accepted; 0 where nothing moved.
        """
        fresh = random.standard_normal(scores.shape) * self.spreads
        moved = self.means + np.sqrt(1.0 - step * step) * (scores - self.means) + step * fresh
        moved = np.where(touched, moved, scores)
        more: Numbers = np.where(touched, self._ratio(moved) - self._ratio(scores), 0.0)
        return moved, more

    def _ratio(self, scores: Numbers) -> Numbers:
        """log of prior over fitted law, up to a constant (particle, coordinate)."""
        deviations = (scores - self.means) / self.spreads
        ratio: Numbers = 0.5 * (deviations * deviations - scores * scores)
        return ratio


def fit(scores: Numbers, logs: Numbers) -> Fitted:
    """The law of weighted particles, the prior mixed in as `WORTH` of them."""
    weights = shares(logs)
    count = 1.0 / float(np.sum(weights * weights)) if weights.any() else 0.0
    means = weights @ scores * (count / (count + WORTH))
    spread = weights @ (scores - means) ** 2
    variances = (count * spread + WORTH * (1.0 + means * means)) / (count + WORTH)
    return Fitted(means, np.maximum(np.sqrt(variances), NARROWEST))


def prior_law(coordinates: int) -> Fitted:
    """The prior itself."""
    return Fitted(np.zeros(coordinates), np.ones(coordinates))
