"""Which unobserved thing would tell most about the explanations, if it were looked up?

The expected information gain of a clue C about the explanation E is their mutual information given
the record [Lindley1956]_,

    I(E; C) = h(P(C)) - sum over E of P(E) h(P(C | E)),      h(p) = -p log p - (1 - p) log(1 - p).

References
----------
.. [Lindley1956] D. V. Lindley (1956), On a measure of the information provided by an experiment,
   Ann. Math. Statist. 27, 986-1005.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special

from foedus.infer.islands.pool import Pool
from foedus.infer.islands.standings import Standing
from foedus.infer.likelihood.transforms import Numbers
from foedus.infer.verdict.verdict import Gain


def gains(
    found: Pool, standings: Sequence[Standing], truths: Mapping[str, Sequence[Numbers]]
) -> tuple[Gain, ...]:
    """The expected gain of each clue, the greatest first; `truths` by clue and atom (particle,)."""
    rivals = [one for one in standings if one.is_rival]
    shares = found.shares()
    gains = []
    for clue, by_atom in truths.items():
        chances, masses = {}, []
        for one in rivals:
            mass = sum(float(shares[atom].sum()) for atom in one.atoms)
            holds = sum(float(np.sum(shares[atom] * by_atom[atom])) for atom in one.atoms)
            masses.append(mass)
            chances[one.name] = holds / mass if mass > 0.0 else 0.0
        each = np.array([chances[one.name] for one in rivals])
        weights = np.array(masses)
        told = _entropy(np.dot(weights, each)) - float(np.dot(weights, _entropy(each)))
        gains.append(Gain(clue, max(0.0, float(told)), chances))
    return tuple(sorted(gains, key=lambda gain: -gain.nats))


def _entropy(chance: Numbers) -> Numbers:
    entropy: Numbers = special.entr(chance) + special.entr(1.0 - np.asarray(chance))
    return entropy
