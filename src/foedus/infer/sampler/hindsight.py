"""What a better comparison of atoms, made late, says of the steps before it.

Reweighting adds an error to the level of an atom at each step; particles that change atoms take
some of it away again. What they take away at one step was mostly not made at that step. If errors
add up as a random walk, the best correction of an earlier level is that of the present one times
the share of its error that was there already (the smoother of [Rauch1965]_, one number for each
atom). A step that weighs all particles alike makes no error and gets no correction.

Where atoms are compared anew, apart from all that was made on the way, every step gets its part of
the correction, by the variance that it added.

References
----------
.. [Rauch1965] H. E. Rauch, F. Tung, C. T. Striebel (1965), Maximum likelihood estimates of linear
   dynamic systems, AIAA J. 3, 1445-1450.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foedus.infer.particles.weights import Numbers, Places, effective_size


@dataclass(slots=True)
class Hindsight:
    """`shared` is the covariance of the present level's error with that of each (atom, known).

    `added` is the variance that all steps up to each have added, whatever was taken away again.
    """

    shared: Numbers
    added: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.added = np.zeros_like(self.shared)

    def add(self, known: int, variances: Numbers) -> None:
        """A step has added errors of some variances (atom,)."""
        before = self.shared[:, known - 1] if known else np.zeros_like(variances)
        self.shared[:, known] = np.maximum(self.shared[:, known], before) + variances
        before = self.added[:, known - 1] if known else np.zeros_like(variances)
        self.added[:, known] = np.maximum(self.added[:, known], before) + variances

    def correct(self, levels: Numbers, known: int, change: Numbers, moved: float) -> None:
        """Correct the levels (atom, known) before a step by a change of the present ones (atom,).

        `moved` is the share of particles that changed atoms, and so of the error that is gone.
        """
        own = self.shared[:, known]
        for atom in np.flatnonzero(own > 0.0).tolist():
            levels[atom, :known] += change[atom] * self.shared[atom, :known] / own[atom]
        self.shared *= (1.0 - moved) ** 2

    def correct_all(self, levels: Numbers, known: int, change: Numbers) -> None:
        """Correct the levels (atom, known) before a step by a change found apart from them."""
        total = self.added[:, known]
        for atom in np.flatnonzero(total > 0.0).tolist():
            levels[atom, :known] += change[atom] * self.added[atom, :known] / total[atom]


def error_added(before: Numbers, after: Numbers, atoms: Places, count: int) -> Numbers:
    """The variance that a reweighting adds to the logarithm of each atom's weight (atom,)."""
    found = np.zeros(count)
    for atom in range(count):
        own = atoms == atom
        sizes = [effective_size(logs[own]) for logs in (before, after)]
        if min(sizes) > 0.0:
            found[atom] = max(0.0, 1.0 / sizes[1] - 1.0 / sizes[0])
    return found
