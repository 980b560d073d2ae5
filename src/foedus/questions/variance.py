"""Which inputs an answer's variance comes from: estimators on arrays, with their errors.

Notation, after [Saltelli2010]_: A and B are two independent tables of inputs, `A_B^i` is A with
column i taken from B; f is the answer expected under a row. V is the variance of f, V_i what is
explained by input i alone, T_i what remains when all other inputs are known.

A simulated answer carries noise, which would be counted as variance. So each row is evaluated
twice, on two independent sets of runs, the *halves*; within a half all rows of a replicate share
their noise (run numbers), which takes most of it out of differences, and every product below has
one factor from each half, so that what is left of it has expectation 0:

    V   = cov(f1(A), f2(A)),   V_i = mean f1(B) (f2(A_B^i) - f2(A)),
    T_i = mean (f1(A) - f1(A_B^i)) (f2(A) - f2(A_B^i)) / 2

(equations b and f of table 2 in [Saltelli2010]_, the latter due to [Jansen1999]_), and the same
with the halves exchanged. Errors are those of a jackknife over independent replicates of the
tables.

References
----------
.. [Saltelli2010] A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto and S. Tarantola
   (2010), Variance based sensitivity analysis of model output: design and estimator for the total
   sensitivity index, Comput. Phys. Commun. 181, 259-270.
.. [Jansen1999] M. J. W. Jansen (1999), Analysis of variance designs for model output, Comput. Phys.
   Commun. 117, 35-43.
.. [Searle1992] see `estimates`.
"""

from __future__ import annotations

import numpy as np

from foedus.frozen import dataclass
from foedus.questions.estimates import Numbers

LEAST_FREEDOM = 2
"""Rows in a bin, below which a bin says nothing about what happens within it."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the variance by input (input,), with their standard errors (input,).

    `first` is what the input explains alone, `total` what it explains alone and together with
    others. `variance` is the variance itself. Shares are nan where there is no variance.
    """

    first: Numbers
    first_error: Numbers
    total: Numbers
    total_error: Numbers
    variance: float


def shares(at_a: Numbers, at_b: Numbers, at_mixed: Numbers) -> Shares:
    """First-order and total Sobol' indices from evaluated tables.

    `at_a`, `at_b` : (replicate, half, row); `at_mixed` : (replicate, input, half, row), row r of
    input i being row r of A with column i from B. At least two replicates. Use it for independent
    inputs; for correlated ones the shares have no such meaning (see `effects`).
    """
    if at_a.shape[0] < 2:
        raise ValueError("errors need at least two replicates")
    parts = np.stack([_parts(at_a[r], at_b[r], at_mixed[r]) for r in range(at_a.shape[0])])
    whole = _indices(parts.mean(axis=0))
    left_out = np.stack(
        [_indices(np.delete(parts, r, axis=0).mean(axis=0)) for r in range(len(parts))]
    )
    count = len(parts)
    spread = np.sqrt((count - 1) / count * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    return Shares(whole[0], spread[0], whole[1], spread[1], float(parts[:, 0, 0].mean()))


def _parts(a: Numbers, b: Numbers, mixed: Numbers) -> Numbers:
    """V, V_i and T_i of one replicate: (3, input); V stands once for each input."""
    centre = (a.mean() + b.mean()) / 2.0  # shifts change no covariance, and this one steadies it
    a, b, mixed = a - centre, b - centre, mixed - centre
    both = np.concatenate([a, b], axis=1)
    variance = ((both[0] - both[0].mean()) * (both[1] - both[1].mean())).mean()
    first = (b[0] * (mixed[:, 1] - a[1]) + b[1] * (mixed[:, 0] - a[0])).mean(axis=-1) / 2.0
    total = ((a[0] - mixed[:, 0]) * (a[1] - mixed[:, 1])).mean(axis=-1) / 2.0
    return np.stack([np.full_like(first, variance), first, total])


def _indices(parts: Numbers) -> Numbers:
    """V_i / V and T_i / V: (2, input)."""
    variance = parts[0]
    empty = np.full_like(parts[1:], np.nan)
    indices: Numbers = np.divide(parts[1:], variance, out=empty, where=variance > 0.0)
    return indices


def screening(inputs: Numbers, answers: Numbers) -> Numbers:
    """About how much of the variance each input explains alone, from a plain sample (input,).

    `inputs` : (row, input), uniform on 0..1; `answers` : (half, row). Rows are put in bins by each
    input in turn; the share is the variance between the bins' means, freed of what chance alone
    gives (the analysis of variance of one random factor, [Searle1992]_ chapter 3), with one factor
    from each half. Costs no further runs, is blind to what an input does only together with
    others; use it to choose inputs to look at, not to rank them. Errors about 1/sqrt(rows).
    """
    rows, count = inputs.shape
    bins = max(2, round(rows ** (1 / 3)))
    centred = answers - answers.mean(axis=1, keepdims=True)
    variance = float((centred[0] * centred[1]).mean())
    found = np.zeros(count)
    if variance <= 0.0:
        return found
    for place in range(count):
        which = np.minimum((inputs[:, place] * bins).astype(np.intp), bins - 1)
        found[place] = _between(centred, which, bins) / variance
    return found


def _between(answers: Numbers, which: np.ndarray, bins: int) -> float:
    """The variance of the bins' means, without the share of it that is chance."""
    between, weight = 0.0, 0
    for one in range(bins):
        inside = answers[:, which == one]
        size = inside.shape[1]
        if size < LEAST_FREEDOM:
            continue
        means = inside.mean(axis=1)
        within = ((inside[0] - means[0]) * (inside[1] - means[1])).sum() / (size - 1)
        # Of the chance in a bin's mean, that part is gone which the mean of all rows shares.
        between += size * means[0] * means[1] - within * (1.0 - size / answers.shape[1])
        weight += size
    return between / weight if weight else 0.0
