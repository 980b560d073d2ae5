"""Shares of an answer's variance where inputs depend on one another: Shapley effects.

Given the evidence, parameters are correlated, and "explained by this input alone" and "by this
input together with others" no longer bound one share. The Shapley effect divides the variance
fairly: input i gets the average, over all orders in which inputs may become known, of how much of
the variance its becoming known explains [Owen2014]_ [Song2016]_ (equation 3); effects sum to one.

The variance explained by a set u, Var E[Y | X_u], is estimated from a plain sample: a row and its
nearest neighbour in X_u are nearly two draws under the same X_u, so the mean of the products of
their answers estimates E[E[Y | X_u]^2] [Broto2020]_ (section 4). Neighbours grow distant as sets
grow, so that large sets look as if they explained less than they do; the full set is therefore not
estimated but taken as what it is, the whole variance.

References
----------
.. [Owen2014] A. B. Owen (2014), Sobol' indices and Shapley value, SIAM/ASA J. Uncertain. Quantif.
   2, 245-251.
.. [Song2016] E. Song, B. L. Nelson and J. Staum (2016), Shapley effects for global sensitivity
   analysis: theory and computation, SIAM/ASA J. Uncertain. Quantif. 4, 1060-1083.
.. [Broto2020] B. Broto, F. Bachoc and M. Depecker (2020), Variance reduction for estimation of
   Shapley effects and adaptation to unknown input distribution, SIAM/ASA J. Uncertain. Quantif. 8,
   693-716.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from scipy.spatial import cKDTree

from foedus.questions.estimates import Numbers

MOST_INPUTS = 8
"""More inputs make too many sets, and neighbours too distant to be any use."""


def shapley_effects(inputs: Numbers, answers: Numbers) -> Numbers:
    """The Shapley effect of each input (input,); they add up to one.

    `inputs` : (row, input), an equally weighted sample, each input on a scale of comparable spread
    (normal scores); `answers` : (half, row), the answers expected under the rows, from two
    independent sets of runs (see `variance`). At most `MOST_INPUTS` inputs; what other inputs do
    counts as if it were noise, so leave none out that matters. nan where there is no variance.
    Chance errors fall like 1/sqrt(rows); take them from repeated halves of the sample.
    """
    count = inputs.shape[1]
    if count > MOST_INPUTS:
        raise ValueError(f"at most {MOST_INPUTS} inputs, not {count}")
    centred = answers - answers.mean(axis=1, keepdims=True)
    variance = float((centred[0] * centred[1]).mean())
    if variance <= 0.0:
        return np.full(count, np.nan)
    everything = tuple(range(count))
    explained = {(): 0.0, everything: variance}
    for size in range(1, count):
        for chosen in combinations(everything, size):
            explained[chosen] = _explained(inputs[:, list(chosen)], centred)
    effects = np.zeros(count)
    for one in everything:
        others = [other for other in everything if other != one]
        for size in range(count):
            share = 1.0 / (count * comb(count - 1, size))
            for chosen in combinations(others, size):
                larger = tuple(sorted((*chosen, one)))
                effects[one] += share * (explained[larger] - explained[chosen])
    return effects / variance


def explained_alone(inputs: Numbers, answers: Numbers) -> Numbers:
    """What share of the variance each input explains alone, with what goes along with it (input,).

    The arguments are those of `shapley_effects`. nan where there is no variance.
    """
    centred = answers - answers.mean(axis=1, keepdims=True)
    variance = float((centred[0] * centred[1]).mean())
    if variance <= 0.0:
        return np.full(inputs.shape[1], np.nan)
    alone = [_explained(inputs[:, [place]], centred) for place in range(inputs.shape[1])]
    return np.array(alone) / variance


def _explained(inputs: Numbers, centred: Numbers) -> float:
    """Var E[Y | X_u] from pairs of nearest neighbours, each pair with a factor from either half."""
    _, nearest = cKDTree(inputs).query(inputs, k=2)
    other = nearest[:, 1]
    pairs = centred[0] * centred[1, other] + centred[1] * centred[0, other]
    return float(pairs.mean()) / 2.0
