"""Estimates from nested runs: what is known, what is noise, and what is uncertain.

Notation: atom `a` with prior weight `w_a`, outer draw `j` of `J`, inner run `i`; `x` a run's
answer, `g` whether the run counts. All sums are left folds in the order of the run numbers.

- Value: the ratio of sums `sum w g x / sum w g`. Its Monte Carlo error comes from the spread of the
  outer draws, linearised for the ratio [Cochran1977]_ (equation 6.13); an outer draw is taken over
  all atoms together (it is one stratified observation, as atoms share their noise).
- Interval: the spread of the conditional means of the cells (a, j), that is, over parameters and
  explanations. The means of a few runs spread too widely. With the between-draw variance B and the
  within-draw variance W from the analysis of variance of one random factor [Searle1992]_ (chapter
  3, unbalanced data), each mean is drawn towards its atom's mean by the factor
  `sqrt(B / (B + W / n))`, which gives the set of means the variance B of what it stands for
  [Louis1984]_. Where no draw has two runs that count, noise and spread cannot be told apart and
  there is no interval. The interval runs from the 2.5 % to the 97.5 % weighted quantile.

References
----------
.. [Cochran1977] W. G. Cochran (1977), Sampling Techniques, 3rd ed., Wiley.
.. [Searle1992] S. R. Searle, G. Casella, C. E. McCulloch (1992), Variance Components, Wiley.
.. [Louis1984] T. A. Louis (1984), Estimating a population of parameter values using Bayes and
   empirical Bayes methods, J. Am. Stat. Assoc. 79, 393-398.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
LOWEST, HIGHEST = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, the 95 % interval over parameters and explanations, and the Monte Carlo error.

    None where there is nothing to estimate it from.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None


UNKNOWN = Estimate(None, None, None, None)


def left_sum(terms: Numbers) -> float:
    """The sum of a vector from its first term to its last, one after the other."""
    return float(np.add.accumulate(terms)[-1]) if terms.size else 0.0


def inner_sums(terms: Numbers) -> Numbers:
    """Sums over the last axis (inner), run by run: (atom, outer)."""
    total = np.zeros(terms.shape[:-1])
    for run in range(terms.shape[-1]):
        total += terms[..., run]
    return total


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sums of an outer draw over all atoms: of what is counted, and of how much counts (outer,)."""

    above: Numbers
    below: Numbers

    @property
    def value(self) -> float | None:
        """The ratio of the totals."""
        below = left_sum(self.below)
        return left_sum(self.above) / below if below > 0.0 else None

    @property
    def influence(self) -> Numbers:
        """What each outer draw adds to the linearised ratio, times the number of draws (outer,)."""
        value, below = self.value, left_sum(self.below)
        if value is None:
            return np.zeros_like(self.above)
        return (self.above - value * self.below) * (self.below.size / below)


def ratio(answers: Numbers, counts: Truths, weights: Numbers) -> Ratio:
    """The weighted sums behind a value; arrays are (atom, outer, inner), weights (atom,)."""
    above = inner_sums(np.where(counts, answers, 0.0))
    below = inner_sums(counts.astype(np.float64))
    return Ratio(_over_atoms(above, weights), _over_atoms(below, weights))


def _over_atoms(sums: Numbers, weights: Numbers) -> Numbers:
    total = np.zeros(sums.shape[1])
    for atom, weight in enumerate(weights):
        total += weight * sums[atom]
    return total


def standard_error(influence: Numbers) -> float | None:
    """The standard error of the mean of independent outer draws."""
    size = influence.size
    if size < 2:
        return None
    centred = influence - left_sum(influence) / size
    return sqrt(left_sum(centred * centred) / (size - 1) / size)


def estimate(answers: Numbers, counts: Truths, weights: Numbers, *, is_spread: bool) -> Estimate:
    """The estimate from all runs; arrays are (atom, outer, inner), weights (atom,).

    `is_spread` says whether any parameter is uncertain; if none is, outer draws differ by chance
    only. Answers that do not count may be nan.
    """
    sums = ratio(answers, counts, weights)
    value = sums.value
    if value is None:
        return UNKNOWN
    means, masses = [], []
    for atom, weight in enumerate(weights):
        atom_means, sizes = _spread_means(answers[atom], counts[atom], is_spread=is_spread)
        means.append(atom_means)
        masses.append(weight * sizes)
    everywhere, mass = np.concatenate(means), np.concatenate(masses)
    low, high = weighted_quantiles(everywhere, mass, (LOWEST, HIGHEST))
    if low is None or high is None:  # noise and spread could not be told apart
        low = high = None
    return Estimate(value, low, high, standard_error(sums.influence))


def _spread_means(answers: Numbers, counts: Truths, *, is_spread: bool) -> tuple[Numbers, Numbers]:
    """The means of one atom's outer draws without their inner noise, and the runs in each."""
    kept = np.where(counts, answers, 0.0)
    sizes = inner_sums(counts.astype(np.float64))
    filled = sizes > 0.0
    sizes, kept, counts = sizes[filled], kept[filled], counts[filled]
    if sizes.size == 0:
        return sizes, sizes
    sums, runs = inner_sums(kept), left_sum(sizes)
    means, grand = sums / sizes, left_sum(sums) / runs
    if not is_spread:
        return np.full_like(means, grand), sizes
    deviations = np.where(counts, kept - means[:, None], 0.0)
    between, within = _variances(means, grand, sizes, inner_sums(deviations * deviations))
    total = between + within / sizes
    factor = np.sqrt(np.divide(between, total, out=np.zeros_like(total), where=total > 0.0))
    return grand + (means - grand) * factor, sizes


def _variances(
    means: Numbers, grand: float, sizes: Numbers, squares: Numbers
) -> tuple[float, float]:
    """Between-draw and within-draw variance by analysis of variance, the first not below 0."""
    groups, runs = sizes.size, left_sum(sizes)
    if groups < 2:
        return 0.0, 0.0
    within = left_sum(squares) / (runs - groups) if runs > groups else np.nan
    between_squares = left_sum(sizes * (means - grand) ** 2) / (groups - 1)
    typical = (runs - left_sum(sizes * sizes) / runs) / (groups - 1)
    return max(0.0, (between_squares - within) / typical), within


def weighted_quantiles(
    values: Numbers, masses: Numbers, levels: tuple[float, ...]
) -> list[float | None]:
    """The least value with at least each level of the mass at or below it; None for infinity."""
    if values.size == 0:
        return [None] * len(levels)
    order = np.argsort(values, kind="stable")
    cumulated = np.add.accumulate(masses[order])
    found: list[float | None] = []
    for level in levels:
        place = int(np.searchsorted(cumulated, level * cumulated[-1] * (1.0 - 1e-12)))
        value = float(values[order[min(place, values.size - 1)]])
        found.append(value if np.isfinite(value) else None)
    return found
