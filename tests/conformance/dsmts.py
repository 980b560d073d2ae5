"""Means and variances of the models of the discrete stochastic model test suite, from formulas.

Reference: T. W. Evans, C. S. Gillespie, D. J. Wilkinson (2008), The SBML discrete stochastic models
test suite, Bioinformatics 24, 285-286.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp

import numpy as np
from scipy.linalg import expm

Moments = dict[str, tuple[float, float]]
"""Mean and variance of each species."""


def birth_death(time: float, start: int) -> Moments:
    """Births .1 and deaths .11 a head."""
    birth, death = 0.1, 0.11
    growth = exp((birth - death) * time)
    variance = start * (birth + death) / (birth - death) * growth * (growth - 1)
    return {"X": (start * growth, variance)}


def immigration_death(time: float, start: int = 0) -> Moments:
    """Arrivals 1 and deaths .1 a head: survivors of the start and Poisson newcomers."""
    left = exp(-0.1 * time)
    new = 10 * (1 - left)
    return {"X": (start * left + new, start * left * (1 - left) + new)}


def dated_reset(time: float) -> Moments:
    """The same from 0, and from 50 anew at 25."""
    return immigration_death(time) if time < 25 else immigration_death(time - 25, 50)


def batches(time: float) -> Moments:
    """Arrivals of five at the rate 1, deaths .2 a head."""
    once, twice = (1 - exp(-0.2 * time)) / 0.2, (1 - exp(-0.4 * time)) / 0.4
    return {"X": (5 * once, 5 * once + 20 * twice)}


@cache
def dimerisation(time: float, reset: bool) -> Moments:
    """The master equation of the number of pairs: 0 to 50, or 0 to 30 and back to 0."""
    top = 30 if reset else 50
    generator = np.zeros((top + 1, top + 1))
    for pairs in range(top + 1):
        free = 100 - 2 * pairs
        up = 0 if reset and pairs == top else pairs + 1
        for to, rate in ((up, 0.001 * free * (free - 1) / 2), (pairs - 1, 0.01 * pairs)):
            if rate > 0:
                generator[pairs, to] += rate
                generator[pairs, pairs] -= rate
    share = expm(generator * time)[0]
    numbers = np.arange(top + 1)
    mean = float(share @ numbers)
    variance = float(share @ (numbers - mean) ** 2)
    return {"P": (100 - 2 * mean, 4 * variance), "P2": (mean, variance)}


MODELS: dict[str, Callable[[float], Moments]] = {
    "dsmts-001-01": lambda time: birth_death(time, 100),
    "dsmts-001-04": lambda time: birth_death(time, 10),
    "dsmts-002-01": immigration_death,
    "dsmts-002-09": dated_reset,
    "dsmts-003-01": lambda time: dimerisation(time, False),
    "dsmts-003-04": lambda time: dimerisation(time, True),
    "dsmts-004-01": batches,
}
