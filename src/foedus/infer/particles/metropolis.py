"""Whether proposals are taken: the rule of Metropolis, with probability min(1, r)."""

from __future__ import annotations

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.population import Truths
from foedus.infer.particles.weights import Numbers


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of proposals: levels (level, particle), which were taken, and the chances.

    `levels` say nothing of proposals that were not taken; `chances` are those of being taken
    (particle,).
    """

    levels: Numbers
    taken: Truths
    chances: Numbers


def judged(levels: Numbers, gain: Numbers, random: np.random.Generator) -> Judged:
    """Proposals with some logarithms of r (particle,), taken or not."""
    taken: Truths = np.log(random.random(gain.size)) < gain
    chances: Numbers = np.exp(np.minimum(np.nan_to_num(gain, nan=-np.inf), 0.0))
    return Judged(levels, taken, chances)
