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
  [Louis1984]_. W is the atom's own where it rests on 20 degrees of freedom, else that of all atoms
  together; where that rests on fewer, noise and spread cannot be told apart and there is no
  interval. B, which is not let fall below 0, has a chance error of about W/n (2/J)^(1/2): spreads
  below the square root of that are not resolved. The interval runs from the 2.5 % to the 97.5 %
  weighted quantile.

References
----------
.. [Cochran1977] W. G. Cochran (1977), Sampling Techniques, 3rd ed., Wiley.
.. [Searle1992] S. R. Searle, G. Casella, C. E. McCulloch (1992), Variance Components, Wiley.
.. [Louis1984] T. A. Louis (1984), Estimating a population of parameter values using Bayes and
   empirical Bayes methods, J. Am. Stat. Assoc. 79, 393-398.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
LOWEST, HIGHEST = 0.025, 0.975
SLACK = 1.0 - 1e-12
"""Rounding of the masses must not move a quantile that lies on a step."""

LEAST_FREEDOM = 20
"""A variance of runs is not estimated from fewer degrees of freedom."""


ROUNDING = 1e-12
"""The part of a sum by which its terms may differ from rounding alone."""


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
NoRange = Literal["no-spread", "too-few-runs"]
"""Why an answer has no range: the assumptions move it by less than the runs can tell (or nothing is
uncertain), or the runs are too few to tell spread from noise."""


def estimate_record(estimate: Estimate) -> dict[str, float | str | None]:
    """An estimate as the JSON contract has it.

    A range that is one number is none: `low` and `high` are None then, and `no_range` says why.
    They would otherwise be taken for certainty, which such an answer does not have.
    """
    low, high = estimate.low, estimate.high
    reason: NoRange | None = None
    if estimate.value is not None and low == high:
        reason = "too-few-runs" if low is None else "no-spread"
        low = high = None
    return {
        "value": estimate.value, "low": low, "high": high, "error": estimate.error,
        "no_range": reason,
    }  # fmt: skip


def left_sum(terms: Numbers) -> float:
    """The sum of a vector from its first term to its last, one after the other."""
    return float(np.add.accumulate(terms)[-1]) if terms.size else 0.0


def inner_sums(terms: Numbers | Truths, counts: Truths | None = None) -> Numbers:
    """Sums over the last axis (inner), run by run: (atom, outer).

    With `counts`, of those only that count. Nothing of the size of all runs is made on the way.
    """
    total = np.zeros(terms.shape[:-1])
    for run in range(terms.shape[-1]):
        column = terms[..., run]
        total += column if counts is None else np.where(counts[..., run], column, 0.0)
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
        rest = self.above - value * self.below
        rest[np.abs(rest) <= ROUNDING * np.abs(self.above)] = 0.0  # all alike: no error, not 1e-16
        return rest * (self.below.size / below)


def ratio(answers: Numbers | Truths, counts: Truths, weights: Numbers) -> Ratio:
    """The weighted sums behind a value; arrays are (atom, outer, inner), weights (atom,)."""
    above, below = inner_sums(answers, counts), inner_sums(counts)
    return Ratio(_over_atoms(above, weights), _over_atoms(below, weights))


def _over_atoms(sums: Sequence[Numbers] | Numbers, weights: Numbers) -> Numbers:
    total = np.zeros(len(sums[0]))
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
    return estimate_of(sum_up(answers, counts), weights, is_spread=is_spread)


def estimate_of(atoms: Sequence[AtomRuns], weights: Numbers, *, is_spread: bool) -> Estimate:
    """The estimate from what is known of the runs of each atom; see `estimate`."""
    sums = Ratio(
        _over_atoms([one.above for one in atoms], weights),
        _over_atoms([one.below for one in atoms], weights),
    )
    value = sums.value
    if value is None:
        return UNKNOWN
    cells = [one.cells for one in atoms]
    pooled = _pooled([one.within for one in cells])
    spread = [_spread(one, pooled) if is_spread else _level(one) for one in cells]
    masses = [weight * one.sizes for weight, one in zip(weights, cells, strict=True)]
    low, high = weighted_quantiles(
        np.concatenate(spread), np.concatenate(masses), (LOWEST, HIGHEST)
    )
    if low is None or high is None:  # noise and spread could not be told apart
        low = high = None
    return Estimate(value, low, high, standard_error(sums.influence))


@dataclass(frozen=True, slots=True)
class _Within:
    """Squares of the runs around the means of their draws, and their degrees of freedom."""

    squares: float
    freedom: float

    @property
    def variance(self) -> float:
        return self.squares / self.freedom if self.freedom >= LEAST_FREEDOM else np.nan


@dataclass(frozen=True, slots=True)
class _Cells:
    """The outer draws of one atom in which some run counts: runs and mean of each (outer,)."""

    sizes: Numbers
    means: Numbers
    within: _Within

    @property
    def level(self) -> float:
        """The mean of all runs."""
        return left_sum(self.sizes * self.means) / left_sum(self.sizes)


@dataclass(frozen=True, slots=True)
class AtomRuns:
    """What estimates need of the runs of one atom: for each outer draw the sum of the answers that
    count, and how many do (outer,)."""

    above: Numbers
    below: Numbers
    cells: _Cells


def sum_up(answers: Numbers | Truths, counts: Truths) -> list[AtomRuns]:
    """The runs of each atom, summed up for estimates over any of them; arrays are (atom, outer,
    inner). Answers that do not count may be nan."""
    return [_sum_up(*one) for one in zip(answers, counts, strict=True)]


def _sum_up(answers: Numbers | Truths, counts: Truths) -> AtomRuns:
    above, below = inner_sums(answers, counts), inner_sums(counts)
    sums, sizes, filled = above, below, below > 0.0
    if not filled.all():
        sums, sizes, counts, answers = sums[filled], sizes[filled], counts[filled], answers[filled]
    means = sums / sizes
    squares = np.zeros_like(means)
    for run in range(answers.shape[-1]):
        deviations = np.where(counts[:, run], answers[:, run] - means, 0.0)
        squares += deviations * deviations
    within = _Within(left_sum(squares), left_sum(sizes) - sizes.size)
    return AtomRuns(above, below, _Cells(sizes, means, within))


def _pooled(parts: list[_Within]) -> float:
    squares = freedom = 0.0
    for part in parts:
        squares, freedom = squares + part.squares, freedom + part.freedom
    return _Within(squares, freedom).variance


def _level(cells: _Cells) -> Numbers:
    """The means where all draws are alike."""
    return np.full_like(cells.means, cells.level) if cells.sizes.size else cells.means


def _spread(cells: _Cells, pooled: float) -> Numbers:
    """The means without their inner noise (outer,); nan where it cannot be told apart."""
    groups = cells.sizes.size
    if groups < 2:
        return _level(cells)
    own = cells.within.variance
    within = pooled if np.isnan(own) else own
    runs, grand = left_sum(cells.sizes), cells.level
    outside = left_sum(cells.sizes * (cells.means - grand) ** 2) / (groups - 1)
    typical = (runs - left_sum(cells.sizes * cells.sizes) / runs) / (groups - 1)
    between = np.maximum(0.0, (outside - within) / typical)
    total = between + within / cells.sizes
    factor = np.sqrt(np.divide(between, total, out=np.zeros_like(total), where=total != 0.0))
    levels: Numbers = grand + (cells.means - grand) * factor
    return levels


def weighted_quantiles(
    values: Numbers, masses: Numbers, levels: tuple[float, ...]
) -> list[float | None]:
    """The least value with at least each level of the mass at or below it; None for infinity.

    None throughout if there is no value, or if one is not a number.
    """
    if values.size == 0 or np.isnan(values).any():
        return [None] * len(levels)
    order = np.argsort(values, kind="stable")
    ordered, cumulated = values[order], np.add.accumulate(masses[order])
    wanted = [level * cumulated[-1] * SLACK for level in levels]
    places = np.searchsorted(cumulated, wanted)
    return [_finite(ordered[min(int(place), values.size - 1)]) for place in places]


def mixed_quantiles(
    parts: Iterable[Numbers], weights: Numbers, levels: tuple[float, ...]
) -> list[float | None]:
    """The same of several samples, where all values of one weigh the same (sample,).

    For many values: nothing is made of the size of all but the values themselves in order. In each
    sample the first value that is high enough is found by bisection; the lowest of them is meant.
    """
    ordered = [_with_infinity(part) for part in parts]
    sizes = np.array([one.size - 1 for one in ordered])
    if not sizes.any():
        return [None] * len(levels)
    wanted = np.array(levels) * left_sum(weights * sizes) * SLACK
    low = np.zeros((len(ordered), len(levels)), np.int64)
    high = low + sizes[:, None]
    while (low < high).any():
        middle = (low + high) // 2
        values = np.array([one[places] for one, places in zip(ordered, middle, strict=True)])
        mass = np.zeros(values.shape)
        for weight, one in zip(weights, ordered, strict=True):
            mass += weight * np.searchsorted(one, values, side="right")
        high = np.where(mass >= wanted, middle, high)
        low = np.where(mass >= wanted, low, middle + 1)
    found = np.array([one[places] for one, places in zip(ordered, low, strict=True)])
    return [_finite(value) for value in found.min(axis=0)]


def _with_infinity(values: Numbers) -> Numbers:
    """The values in order, and infinity after them."""
    ordered = np.append(values, np.inf)
    ordered.sort()
    return ordered


def _finite(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None
