"""The range of an answer whose inner runs are courses of one chain, neighbours of which are alike.

Under fixed parameters, courses that agree with a record are drawn one from the other, by moves that
keep the law given the record (`posterior.renewal`). What such courses share is partly what the
parameters make of them, which the range is of, and partly what the moves have left as it was, which
is chance. Moves forget: of two courses that are far apart along the chain, nearly all that is left
in common is the parameters.

Notation: atom by atom, outer draw j with n_j courses that count, x their answers and m the mean of
all; s and t number the courses along the chain.

- Covariance at a distance: C_k, the mean of (x_js - m)(x_jt - m) over all pairs with t - s = k, and
  the variance of m on top, which taking m for the true mean has cost.
- Spread: B, the same over all pairs that are `apart` or more, not let fall below 0. Moves that keep
  a law and can be turned round leave covariances that only fall with distance, so that B is too
  large, if anything, by what is not forgotten at that distance.
- The variance of a draw's mean is V_j = sum over s, t of C_|s-t| / n_j^2, with B for C_k from
  `apart` on, and each mean is drawn towards m by sqrt(B / V_j) [Louis1984]_.

With `apart` 1 all courses of a draw are independent, and B, V_j and the range are those of
`estimates`, exactly where all draws have as many courses.

References
----------
.. [Louis1984] see `estimates`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foedus.frozen import dataclass
from foedus.questions.estimates import (
    HIGHEST,
    LEAST_FREEDOM,
    LOWEST,
    Estimate,
    Numbers,
    Truths,
    estimate,
    weighted_quantiles,
)


def chained(answers: Numbers, counts: Truths, weights: Numbers, *, apart: int) -> Estimate:
    """The estimate from courses of chains; arrays are (atom, outer, course), weights (atom,).

    The value and its error are those of `estimate`. There is no range where fewer than
    `LEAST_FREEDOM` draws have two courses that count and are `apart` or more.
    """
    plain = estimate(answers, counts, weights, is_spread=False)
    if plain.value is None:
        return plain
    values = np.where(counts, answers, 0.0)
    filled = counts.any(axis=(1, 2))
    atoms = [_Atom.of(*one) for one in zip(values[filled], counts[filled], strict=True)]
    alike = _Alike.of(atoms, apart)
    own = [_Alike.of([one], apart) for one in atoms]
    levels = [
        one.levels(each if each.is_enough else alike) for one, each in zip(atoms, own, strict=True)
    ]
    masses = [
        weight * one.sizes[one.sizes > 0.0]
        for weight, one in zip(weights[filled], atoms, strict=True)
    ]
    low, high = weighted_quantiles(
        np.concatenate(levels), np.concatenate(masses), (LOWEST, HIGHEST)
    )
    return replace(plain, low=low, high=high)


@dataclass(frozen=True, slots=True)
class _Atom:
    """How far each course of an atom is from the mean of all, 0 where it does not count; which
    count (outer, course); how many do (outer,); and what the mean is."""

    off: Numbers
    counts: Truths
    sizes: Numbers
    mean: float

    @classmethod
    def of(cls, values: Numbers, counts: Truths) -> _Atom:
        sizes = counts.sum(axis=1).astype(np.float64)
        mean = float(values.sum() / sizes.sum())
        return cls(np.where(counts, values - mean, 0.0), counts, sizes, mean)

    @property
    def error(self) -> float:
        """The variance of the mean: draws are independent."""
        draws = int((self.sizes > 0.0).sum())
        sums = self.off.sum(axis=1)
        return float((sums * sums).sum() / self.sizes.sum() ** 2 * draws / max(1, draws - 1))

    def levels(self, alike: _Alike) -> Numbers:
        """The means of the draws without what is chance (outer that count,)."""
        filled = self.sizes > 0.0
        sizes = self.sizes[filled]
        if sizes.size < 2:
            return np.full(sizes.size, self.mean)
        means = self.off[filled].sum(axis=1) / sizes
        variance = alike.of_sums(self.counts[filled]) / sizes**2
        factor = np.sqrt(alike.spread / np.where(variance > 0.0, variance, 1.0))
        levels: Numbers = self.mean + means * factor
        return levels


@dataclass(frozen=True, slots=True)
class _Alike:
    """How alike courses of one draw are: covariances by distance (distance,), the last of which
    holds from there on, and how many draws tell of that."""

    covariances: Numbers
    draws: int

    @property
    def is_enough(self) -> bool:
        return self.draws >= LEAST_FREEDOM

    @property
    def spread(self) -> float:
        """What the parameters make of the answer; nan where it cannot be told from chance."""
        return float(self.covariances[-1]) if self.is_enough else np.nan

    @classmethod
    def of(cls, atoms: list[_Atom], apart: int) -> _Alike:
        courses = atoms[0].counts.shape[1]
        spread, draws = _covariance(atoms, range(apart, courses))
        spread = max(0.0, spread)
        near = [
            max(spread, _covariance(atoms, range(distance, distance + 1))[0])
            for distance in range(min(apart, courses))
        ]
        return cls(np.array([*near, spread]), draws)

    def of_sums(self, counts: Truths) -> Numbers:
        """The variance of the sum of each draw's courses that count (outer,)."""
        total: Numbers = counts.sum(axis=1) * self.covariances[0]
        last = self.covariances.size - 1
        for distance in range(1, counts.shape[1]):
            pairs = (counts[:, distance:] & counts[:, :-distance]).sum(axis=1)
            total = total + 2.0 * pairs * self.covariances[min(distance, last)]
        return total


def _covariance(atoms: list[_Atom], distances: range) -> tuple[float, int]:
    """The covariance of courses at some distances, and how many draws have such."""
    total = error = 0.0
    pairs = draws = 0
    for one in atoms:
        own = np.zeros(one.sizes.size, np.int64)
        for distance in distances:
            end = one.counts.shape[1] - distance
            own += (one.counts[:, distance:] & one.counts[:, :end]).sum(axis=1)
            total += float((one.off[:, distance:] * one.off[:, :end]).sum())
        error += one.error * int(own.sum())
        pairs, draws = pairs + int(own.sum()), draws + int((own > 0).sum())
    return ((total + error) / pairs if pairs else 0.0), draws
