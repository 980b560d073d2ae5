"""How probable values are: densities of the laws of draws, hazards of waiting times.

The parameters are those of `numerics`. Densities are logarithms, of a probability where a law has
whole values, minus infinity where a value is impossible; nothing here raises for a value. Cumulated
hazards are minus the logarithm of the probability to wait longer. All but the lognormal waiting
time (which asks the C library for the normal tail) are in the arithmetic of `elementary`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erfc, floor, inf

from foedus.engine.coefficients import HALF_LOG_TWO_PI
from foedus.engine.elementary import logarithm, logarithm_plus_one, power
from foedus.engine.quantiles import gamma_log_survival, log_gamma
from foedus.text.diagnostic import InternalError

DISCRETE = ("bernoulli", "integer", "geometric", "poisson", "binomial", "categorical")
"""Laws of whole numbers."""

SQRT_HALF = 0.7071067811865476


# --- densities


def bernoulli_log(p: float, x: float) -> float:
    """See `numerics.bernoulli`."""
    if x == 1.0:
        return logarithm(p)
    return logarithm_plus_one(-p) if x == 0.0 else -inf


def uniform_log(low: float, high: float, x: float) -> float:
    """See `numerics.uniform`."""
    return -logarithm(high - low) if low <= x and x <= high else -inf


def integer_log(low: float, high: float, x: float) -> float:
    """See `numerics.integer`."""
    if low <= x and x <= high and floor(x) == x:
        return -logarithm(high - low + 1.0)
    return -inf


def exponential_log(mean: float, x: float) -> float:
    """See `numerics.exponential_draw`."""
    return -logarithm(mean) - x / mean if x >= 0.0 else -inf


def normal_log(mean: float, sd: float, x: float) -> float:
    """See `numerics.normal`; with a standard deviation of 0 the probability of the mean."""
    if sd == 0.0:
        return 0.0 if x == mean else -inf
    z = (x - mean) / sd
    return -0.5 * z * z - logarithm(sd) - HALF_LOG_TWO_PI


def lognormal_log(median: float, factor: float, x: float) -> float:
    """See `numerics.lognormal`; with a factor of 1 the probability of the median."""
    if x <= 0.0:
        return -inf
    return normal_log(logarithm(median), logarithm(factor), logarithm(x)) - logarithm(x)


def gamma_log(shape: float, mean: float, x: float) -> float:
    """See `numerics.gamma`."""
    if x <= 0.0:
        return -inf
    scaled = x * shape / mean
    return shape * logarithm(scaled) - scaled - log_gamma(shape) - logarithm(x)


def geometric_log(p: float, x: float) -> float:
    """See `numerics.geometric`."""
    if x < 0.0 or floor(x) != x:
        return -inf
    if x == 0.0:
        return logarithm(p)
    return x * logarithm_plus_one(-p) + logarithm(p)


def poisson_log(mean: float, x: float) -> float:
    """See `numerics.poisson`."""
    if x < 0.0 or floor(x) != x:
        return -inf
    if mean == 0.0:
        return 0.0 if x == 0.0 else -inf
    return x * logarithm(mean) - mean - log_gamma(x + 1.0)


def binomial_log(n: float, p: float, x: float) -> float:
    """See `numerics.binomial`."""
    if x < 0.0 or x > n or floor(x) != x:
        return -inf
    ways = log_gamma(n + 1.0) - log_gamma(x + 1.0) - log_gamma(n - x + 1.0)
    hits = x * logarithm(p) if x > 0.0 else 0.0
    misses = (n - x) * logarithm_plus_one(-p) if x < n else 0.0
    return ways + hits + misses


def categorical_log(weights: Sequence[float], x: float) -> float:
    """See `numerics.categorical`; x is a position."""
    if not (0.0 <= x < len(weights) and floor(x) == x):
        return -inf
    total = 0.0
    for weight in weights:
        total += weight
    return logarithm(weights[int(x)] / total)


DENSITIES: dict[str, Callable[..., float]] = {
    "bernoulli": bernoulli_log,
    "uniform": uniform_log,
    "integer": integer_log,
    "exponential": exponential_log,
    "normal": normal_log,
    "lognormal": lognormal_log,
    "gamma": gamma_log,
    "geometric": geometric_log,
    "poisson": poisson_log,
    "binomial": binomial_log,
}


def log_density(law: str, arguments: Sequence[float], value: float) -> float:
    """The logarithm of the density (or probability) of a draw's value, by the law's name."""
    if law == "categorical":
        return categorical_log(arguments, value)
    return DENSITIES[law](*arguments, value)


def sd_error_log(measured: float, sd: float, truth: float) -> float:
    """The log density of a measurement with a standard deviation."""
    return normal_log(truth, sd, measured)


def factor_error_log(measured: float, factor: float, truth: float) -> float:
    """The log density of a measurement that is wrong by a factor."""
    if truth <= 0.0:
        return -inf
    return lognormal_log(truth, factor, measured)


def error_log(form: str, measured: float, size: float, truth: float) -> float:
    """The log density of a measurement, given the truth, by the form of its error."""
    if form == "exact":
        return 0.0 if truth == measured else -inf
    error = sd_error_log if form == "sd" else factor_error_log
    return error(measured, size, truth)


# --- waiting times: cumulated hazard, and hazard, at an age


def _normal_log_tail(z: float) -> float:
    """The log probability that a standard normal variable lies above z."""
    if z < 30.0:
        return logarithm(0.5 * erfc(z * SQRT_HALF))
    series = 1.0 - (1.0 - (3.0 - 15.0 / (z * z)) / (z * z)) / (z * z)
    return -0.5 * z * z - HALF_LOG_TWO_PI - logarithm(z) + logarithm(series)


def cumulated_hazard(law: str, arguments: Sequence[float], age: float) -> float:
    """What `numerics.waiting_time` turns back into the age."""
    if age <= 0.0:
        return 0.0
    if law == "exponential":
        return age / arguments[0]
    if law == "weibull":
        shape, scale = arguments
        return power(age / scale, shape)
    if law in ("gamma", "erlang"):
        shape, mean = arguments
        return -gamma_log_survival(age * shape / mean, shape)
    if law == "lognormal":
        median, factor = arguments
        return -_normal_log_tail((logarithm(age) - logarithm(median)) / logarithm(factor))
    raise InternalError(f"`{law}` has no hazard")


def log_hazard(law: str, arguments: Sequence[float], age: float) -> float:
    """The logarithm of the hazard at an age."""
    if law == "exponential":
        return -logarithm(arguments[0])
    if law == "weibull":
        shape, scale = arguments
        return logarithm(shape / scale) + (shape - 1.0) * logarithm(age / scale)
    density = gamma_log if law in ("gamma", "erlang") else lognormal_log
    return density(arguments[0], arguments[1], age) + cumulated_hazard(law, arguments, age)
