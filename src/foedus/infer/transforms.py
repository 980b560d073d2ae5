"""Priors as functions of standard normal scores, and their densities, whole arrays at a time.

A parameter is carried as the score z of its prior: value = quantile(Phi(z)). So every prior is the
same normal law to the sampler, whatever its family, and a parameter keeps to its support.
"""

from __future__ import annotations

from collections.abc import Callable
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

Numbers = NDArray[np.float64]

HALF_LOG_TWO_PI = 0.5 * log(2.0 * pi)


def values_at(prior: Prior, scores: Numbers) -> Numbers:
    """The prior's quantiles at standard normal scores, elementwise.

    Both tails keep their digits: the upper half is worked out from Phi(-z).
    """
    result: Numbers = _VALUES[type(prior)](prior, scores)
    return result


def log_density(prior: Prior, values: Numbers) -> Numbers:
    """The logarithm of the prior's density at values, elementwise; -inf outside its support.

    Of a `Flag` the logarithm of its probability. A `Fixed` has no density: `TypeError`.
    """
    if isinstance(prior, Fixed):
        raise TypeError("a known number has no density")
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = _DENSITIES[type(prior)](prior, values)
    return np.where(np.isnan(found), -np.inf, found)


def _uniform(prior: Uniform, z: Numbers) -> Numbers:
    values: Numbers = prior.low * special.ndtr(-z) + prior.high * special.ndtr(z)
    return values


def _log_uniform(prior: LogUniform, z: Numbers) -> Numbers:
    logs: Numbers = log(prior.low) * special.ndtr(-z) + log(prior.high) * special.ndtr(z)
    return np.exp(logs)


def _beta(prior: Beta, z: Numbers) -> Numbers:
    low: Numbers = special.betaincinv(prior.a, prior.b, special.ndtr(z))
    high: Numbers = special.betainccinv(prior.a, prior.b, special.ndtr(-z))
    values: Numbers = np.where(z < 0.0, low, high)
    return values


def _gamma(prior: Gamma, z: Numbers) -> Numbers:
    low: Numbers = special.gammaincinv(prior.shape, special.ndtr(z))
    high: Numbers = special.gammainccinv(prior.shape, special.ndtr(-z))
    values: Numbers = np.where(z < 0.0, low, high) * (prior.mean / prior.shape)
    return values


_VALUES: dict[type[Prior], Callable[[Any, Numbers], Numbers]] = {
    Fixed: lambda prior, z: np.full_like(z, prior.value),
    Uniform: _uniform,
    LogUniform: _log_uniform,
    Normal: lambda prior, z: prior.mean + prior.sd * z,
    LogNormal: lambda prior, z: prior.median * np.exp(log(prior.factor) * z),
    LogitNormal: lambda prior, z: special.expit(special.logit(prior.median) + prior.logit_sd * z),
    Beta: _beta,
    Gamma: _gamma,
    Exponential: lambda prior, z: -special.log_ndtr(-z) * prior.mean,
    Flag: lambda prior, z: (special.ndtr(-z) < prior.probability).astype(np.float64),
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
