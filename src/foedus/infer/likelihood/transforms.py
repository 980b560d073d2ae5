"""Priors as functions of standard normal scores, and their densities, whole arrays at a time.

A parameter is carried as the score z of its prior: value = quantile(Phi(z)). So every prior is the
same normal law to the sampler, whatever its family, and a parameter keeps to its support.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lgamma, log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from foedus.expr.belief import Prior
from foedus.expr.laws import (
    Beta,
    Exponential,
    Fixed,
    Flag,
    Gamma,
    LogitNormal,
    LogNormal,
    LogUniform,
    Normal,
    Uniform,
)
from foedus.frozen import dataclass

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

HALF_LOG_TWO_PI = 0.5 * log(2.0 * pi)


@dataclass(frozen=True, slots=True)
class Family:
    """How values follow from scores: the numbers that a law has, and a formula of z and those."""

    numbers: Callable[[Any], tuple[float, ...]]
    values: Callable[..., Numbers]


def values_at(prior: Prior, scores: Numbers) -> Numbers:
    """The prior's quantiles at standard normal scores, elementwise.

    Both tails keep their digits: the upper half is worked out from Phi(-z).
    """
    family = _FAMILIES[type(prior)]
    return family.values(scores, *family.numbers(prior))


class SideBySide:
    """Some priors, to be asked for values of many of them at once.

    Every value is, to the last bit, that of `values_at`.
    """

    def __init__(self, priors: Sequence[Prior]) -> None:
        self._kinds = list(dict.fromkeys(map(type, priors)))
        self._kind_of = np.array([self._kinds.index(type(one)) for one in priors], np.int64)
        found = [_FAMILIES[type(one)].numbers(one) for one in priors]
        self._counts = [len(found[list(self._kind_of).index(n)]) for n in range(len(self._kinds))]
        width = max(self._counts, default=0)
        self._numbers = np.zeros((width, len(priors)))
        for place, numbers in enumerate(found):
            self._numbers[: len(numbers), place] = numbers

    def at(self, places: Places, scores: Numbers) -> Numbers:
        """The quantiles of the priors at some places at scores, one each (value,)."""
        values, kinds = np.empty(scores.shape), self._kind_of[places]
        for number, kind in enumerate(self._kinds):
            own = np.flatnonzero(kinds == number)
            if own.size:
                family = _FAMILIES[kind]
                numbers = self._numbers[: self._counts[number], places[own]]
                values[own] = family.values(scores[own], *numbers)
        return values


def log_density(prior: Prior, values: Numbers) -> Numbers:
    """The logarithm of the prior's density at values, elementwise; -inf outside its support.

    Of a `Flag` the logarithm of its probability. A `Fixed` has no density: `TypeError`.
    """
    if isinstance(prior, Fixed):
        raise TypeError("a known number has no density")
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = _DENSITIES[type(prior)](prior, values)
    return np.where(np.isnan(found), -np.inf, found)


def _beta(z: Numbers, a: Numbers, b: Numbers) -> Numbers:
    low: Numbers = special.betaincinv(a, b, special.ndtr(z))
    high: Numbers = special.betainccinv(a, b, special.ndtr(-z))
    values: Numbers = np.where(z < 0.0, low, high)
    return values


def _gamma(z: Numbers, shape: Numbers, scale: Numbers) -> Numbers:
    low: Numbers = special.gammaincinv(shape, special.ndtr(z))
    high: Numbers = special.gammainccinv(shape, special.ndtr(-z))
    values: Numbers = np.where(z < 0.0, low, high) * scale
    return values


def _between(z: Numbers, low: Numbers, high: Numbers) -> Numbers:
    values: Numbers = low * special.ndtr(-z) + high * special.ndtr(z)
    return values


_FAMILIES: dict[type[Prior], Family] = {
    Fixed: Family(lambda one: (one.value,), lambda z, value: np.zeros_like(z) + value),
    Uniform: Family(lambda one: (one.low, one.high), _between),
    LogUniform: Family(
        lambda one: (log(one.low), log(one.high)), lambda z, *bounds: np.exp(_between(z, *bounds))
    ),
    Normal: Family(lambda one: (one.mean, one.sd), lambda z, mean, sd: mean + sd * z),
    LogNormal: Family(
        lambda one: (one.median, log(one.factor)), lambda z, median, sd: median * np.exp(sd * z)
    ),
    LogitNormal: Family(
        lambda one: (float(special.logit(one.median)), one.logit_sd),
        lambda z, middle, sd: special.expit(middle + sd * z),
    ),
    Beta: Family(lambda one: (one.a, one.b), _beta),
    Gamma: Family(lambda one: (one.shape, one.mean / one.shape), _gamma),
    Exponential: Family(lambda one: (one.mean,), lambda z, mean: -special.log_ndtr(-z) * mean),
    Flag: Family(
        lambda one: (one.probability,),
        lambda z, chance: (special.ndtr(-z) < chance).astype(np.float64),
    ),
}


def _normal_density(deviation: Numbers, scale: float) -> Numbers:
    return -0.5 * (deviation / scale) ** 2 - log(scale) - HALF_LOG_TWO_PI


def _within(values: Numbers, low: float, high: float, inside: Numbers) -> Numbers:
    return np.where((values >= low) & (values <= high), inside, -np.inf)


def _beta_density(prior: Beta, x: Numbers) -> Numbers:
    a, b = prior.a, prior.b
    constant = lgamma(a + b) - lgamma(a) - lgamma(b)
    inside = special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) + constant
    return _within(x, 0.0, 1.0, inside)


def _gamma_density(prior: Gamma, x: Numbers) -> Numbers:
    rate = prior.shape / prior.mean
    constant = prior.shape * log(rate) - lgamma(prior.shape)
    return _within(x, 0.0, np.inf, special.xlogy(prior.shape - 1.0, x) - rate * x + constant)


def _logit_normal_density(prior: LogitNormal, x: Numbers) -> Numbers:
    odds = special.logit(x)
    spread = _normal_density(odds - special.logit(prior.median), prior.logit_sd)
    return spread - np.log(x) - np.log1p(-x)


def _constant(prior: Uniform, x: Numbers) -> Numbers:
    return _within(x, prior.low, prior.high, np.full_like(x, -log(prior.high - prior.low)))


def _log_constant(prior: LogUniform, x: Numbers) -> Numbers:
    width = log(prior.high) - log(prior.low)
    return _within(x, prior.low, prior.high, -np.log(x) - log(width))


_DENSITIES: dict[type[Prior], Callable[[Any, Numbers], Numbers]] = {
    Uniform: _constant,
    LogUniform: _log_constant,
    Normal: lambda prior, x: _normal_density(x - prior.mean, prior.sd),
    LogNormal: lambda prior, x: (
        _normal_density(np.log(x) - log(prior.median), log(prior.factor)) - np.log(x)
    ),
    LogitNormal: _logit_normal_density,
    Beta: _beta_density,
    Gamma: _gamma_density,
    Exponential: lambda prior, x: _within(x, 0.0, np.inf, -x / prior.mean - log(prior.mean)),
    Flag: lambda prior, x: np.log(np.where(x > 0.5, prior.probability, 1.0 - prior.probability)),
}
