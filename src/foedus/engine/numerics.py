"""The numbers that engines compute with: elementary functions, draws and waiting times.

The functions of `elementary` and `quantiles` are passed on from here. Draws of effects take one
uniform number 0 < u < 1, waiting times one unit exponential. All are by inversion, so that a draw
in a world that differs by an intervention changes only as far as its parameters do. Draws increase
with u (only `bernoulli` falls), waiting times with the unit exponential. Parameters for which a law
is not defined raise `NumericsError`; nothing is clamped.

On inversion, sequential search, and why one number a draw see [Devroye1986]_ (chapters II and III).
The sums that a search compares with are those of unnormalised terms, in the search's order.

References
----------
.. [Devroye1986] L. Devroye (1986), Non-Uniform Random Variate Generation, Springer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, inf

from foedus.engine.elementary import (
    NumericsError,
    exponential,
    exponential_minus_one,
    logarithm,
    logarithm_plus_one,
    power,
)
from foedus.engine.quantiles import (
    gamma_log_ratio,
    log_gamma,
    normal_quantile,
    normal_survival_quantile,
)

__all__ = [
    "DRAWS",
    "WAITING_TIMES",
    "NumericsError",
    "bernoulli",
    "binomial",
    "categorical",
    "exponential",
    "exponential_draw",
    "exponential_minus_one",
    "gamma",
    "geometric",
    "integer",
    "log_gamma",
    "logarithm",
    "logarithm_plus_one",
    "lognormal",
    "normal",
    "normal_quantile",
    "normal_survival_quantile",
    "poisson",
    "power",
    "uniform",
    "waiting_time",
]

LN2 = 0.6931471805599453
NEGLIGIBLE = 5.421010862427522e-20  # 2^-64, of the most probable term
LARGEST_COUNT = 1e9
WIDEST_RANGE = 4294967296.0  # 2^32: beyond, the 2^52 uniforms would favour some integers visibly


def _refuse(law: str, needs: str, *values: float) -> NumericsError:
    given = ", ".join(f"{value:g}" for value in values)
    return NumericsError(f"`{law}` needs {needs}, not {given}")


# --- draws: parameters as the case language writes them, then u with 0 < u < 1


def bernoulli(p: float, u: float) -> float:
    """1 with probability p, else 0."""
    if not 0.0 <= p <= 1.0:
        raise _refuse("bernoulli", "a probability from 0 to 1", p)
    return 1.0 if u < p else 0.0


def uniform(low: float, high: float, u: float) -> float:
    """A number between low and high, all equally likely."""
    if not (-inf < low <= high < inf and high - low < inf):
        raise _refuse("uniform", "finite bounds in ascending order", low, high)
    return low + (high - low) * u


def integer(low: float, high: float, u: float) -> float:
    """A whole number from low to high, both included, all equally likely (to 1 part in 2^20)."""
    if not (-inf < low <= high < inf and floor(low) == low and floor(high) == high):
        raise _refuse("integer", "whole bounds in ascending order", low, high)
    if high - low >= WIDEST_RANGE:
        raise _refuse("integer", "at most 4294967296 values", high - low + 1.0)
    return low + floor(u * (high - low + 1.0))


def exponential_draw(mean: float, u: float) -> float:
    """An exponential number with that mean."""
    if not 0.0 < mean < inf:
        raise _refuse("exponential", "a positive mean", mean)
    return mean * -logarithm_plus_one(-u)


def normal(mean: float, sd: float, u: float) -> float:
    """A normal number with that mean and standard deviation (which may be 0)."""
    if not (-inf < mean < inf and 0.0 <= sd < inf):
        raise _refuse("normal", "a finite mean and a standard deviation of 0 or more", mean, sd)
    return mean + sd * normal_quantile(u)


def lognormal(median: float, factor: float, u: float) -> float:
    """A lognormal number: two thirds of its mass lie between median/factor and median*factor.

    `factor` is exp(sigma), at least 1.
    """
    if not (0.0 < median < inf and 1.0 <= factor < inf):
        raise _refuse("lognormal", "a positive median and a factor of 1 or more", median, factor)
    return median * exponential(logarithm(factor) * normal_quantile(u))


def gamma(shape: float, mean: float, u: float) -> float:
    """A gamma number with that shape (0.01 to 100,000) and mean."""
    if not 0.0 < mean < inf:
        raise _refuse("gamma", "a positive mean", mean)
    return mean * exponential(gamma_log_ratio(logarithm(u), logarithm_plus_one(-u), shape))


def geometric(p: float, u: float) -> float:
    """The number of failures before the first success, each trial succeeding with probability p."""
    if not 0.0 < p <= 1.0:
        raise _refuse("geometric", "a probability above 0, up to 1", p)
    return float(floor(logarithm_plus_one(-u) / logarithm_plus_one(-p)))


def poisson(mean: float, u: float) -> float:
    """A Poisson count with that mean, up to 1e9; the work grows with the mean's square root.

    Cumulated probabilities are right to 1e-12 up to means of 10,000.
    """
    if not 0.0 <= mean <= LARGEST_COUNT:
        raise _refuse("poisson", "a mean from 0 to 1e9", mean)
    if mean == 0.0:
        return 0.0
    return _sequential_search(lambda k: mean / (k + 1.0), float(floor(mean)), u)


def binomial(n: float, p: float, u: float) -> float:
    """The number of successes in n independent trials, each with probability p; n up to 1e9.

    Cumulated probabilities are right to 1e-12 up to 10,000 expected successes.
    """
    if not (0.0 <= n <= LARGEST_COUNT and floor(n) == n):
        raise _refuse("binomial", "a whole number of trials from 0 to 1e9", n)
    if not 0.0 <= p <= 1.0:
        raise _refuse("binomial", "a probability from 0 to 1", p)
    if n == 0.0 or p == 0.0 or p == 1.0:
        return n * p
    odds = p / (1.0 - p)
    mode = float(floor((n + 1.0) * p))
    return _sequential_search(lambda k: (n - k) * odds / (k + 1.0), min(mode, n), u)


def _sequential_search(ratio: Callable[[float], float], mode: float, u: float) -> float:
    """The least k with F(k) >= u, where the term of k + 1 is that of k times ratio(k).

    Terms are relative to the mode's; those below 2^-64 are left out. The sum that u is a share of
    is formed in the same order as the search, which therefore ends.
    """
    first, first_term = mode, 1.0
    while first > 0.0 and first_term > NEGLIGIBLE:
        first -= 1.0
        first_term = first_term / ratio(first)
    k, term, total = first, first_term, first_term
    while k < mode or term > NEGLIGIBLE:
        term = term * ratio(k)
        k += 1.0
        total += term
    target = u * total
    k, term, cumulated = first, first_term, first_term
    while cumulated < target:
        term = term * ratio(k)
        k += 1.0
        cumulated += term
    return k


def categorical(weights: Sequence[float], u: float) -> int:
    """The position of one weight, chosen in proportion to the weights (a left fold in order)."""
    total = 0.0
    for weight in weights:
        if not 0.0 <= weight < inf:
            raise _refuse("categorical", "finite weights of 0 or more", weight)
        total += weight
    if not 0.0 < total < inf:
        raise _refuse("categorical", "weights with a positive and finite sum", total)
    target = u * total
    cumulated = 0.0
    chosen = 0
    for position, weight in enumerate(weights):
        if weight > 0.0:
            chosen = position
            cumulated += weight
            if target < cumulated:
                break
    return chosen


DRAWS: dict[str, Callable[..., float]] = {
    "bernoulli": bernoulli,
    "uniform": uniform,
    "integer": integer,
    "exponential": exponential_draw,
    "normal": normal,
    "lognormal": lognormal,
    "gamma": gamma,
    "geometric": geometric,
    "poisson": poisson,
    "binomial": binomial,
    "categorical": categorical,
}


# --- waiting times: parameters in the unit of the result, then the unit exponential


def exponential_waiting(mean: float, unit_exponential: float) -> float:
    """Exponential with that mean."""
    if not 0.0 < mean < inf:
        raise _refuse("exponential", "a positive mean", mean)
    return mean * unit_exponential


def gamma_waiting(shape: float, mean: float, unit_exponential: float) -> float:
    """Gamma with that shape and mean."""
    if not 0.0 < mean < inf:
        raise _refuse("gamma", "a positive mean", mean)
    if unit_exponential == 0.0 or unit_exponential == inf:
        return unit_exponential
    if unit_exponential < LN2:
        log_p = logarithm(-exponential_minus_one(-unit_exponential))
    else:
        log_p = logarithm_plus_one(-exponential(-unit_exponential))
    return mean * exponential(gamma_log_ratio(log_p, -unit_exponential, shape))


def erlang_waiting(shape: float, mean: float, unit_exponential: float) -> float:
    """Erlang: the sum of `shape` equal exponential stages, with that mean altogether."""
    if not (shape >= 1.0 and floor(shape) == shape):
        raise _refuse("erlang", "a whole number of stages", shape)
    if not 0.0 < mean < inf:
        raise _refuse("erlang", "a positive mean", mean)
    return gamma_waiting(shape, mean, unit_exponential)


def weibull_waiting(shape: float, scale: float, unit_exponential: float) -> float:
    """Weibull: the hazard rises with age for a shape above 1 and falls below 1."""
    if not (0.0 < shape < inf and 0.0 < scale < inf):
        raise _refuse("weibull", "a positive shape and a positive scale", shape, scale)
    return scale * power(unit_exponential, 1.0 / shape)


def lognormal_waiting(median: float, factor: float, unit_exponential: float) -> float:
    """Lognormal: two thirds of the mass lie between median/factor and median*factor."""
    if not (0.0 < median < inf and 1.0 <= factor < inf):
        raise _refuse("lognormal", "a positive median and a factor of 1 or more", median, factor)
    if factor == 1.0:
        return median
    if unit_exponential < LN2:
        z = normal_quantile(-exponential_minus_one(-unit_exponential))
    else:
        z = normal_survival_quantile(exponential(-unit_exponential))
    return median * exponential(logarithm(factor) * z)


def fixed_waiting(delay: float, unit_exponential: float) -> float:
    """Always the delay; no noise is used."""
    if not 0.0 <= delay < inf:
        raise _refuse("fixed", "a delay of 0 or more", delay)
    return delay


WAITING_TIMES: dict[str, Callable[..., float]] = {
    "exponential": exponential_waiting,
    "gamma": gamma_waiting,
    "erlang": erlang_waiting,
    "weibull": weibull_waiting,
    "lognormal": lognormal_waiting,
    "fixed": fixed_waiting,
}


def waiting_time(kind: str, parameters: Sequence[float], unit_exponential: float) -> float:
    """The age at which the cumulated hazard of a waiting time reaches the unit exponential.

    Kinds and parameters: `exponential` (mean), `gamma` (shape, mean), `erlang` (stages, mean),
    `weibull` (shape, scale), `lognormal` (median, factor), `fixed` (delay). The result has the unit
    of the mean, scale, median or delay. Raises `NumericsError` for impossible parameters.
    """
    if not unit_exponential >= 0.0:
        raise NumericsError(f"a cumulated hazard cannot be {unit_exponential:g}")
    return WAITING_TIMES[kind](*parameters, unit_exponential)
