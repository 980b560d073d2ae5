"""Numbers on their natural scales: log odds, logarithms, standard normal quantiles."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, inf, log, log1p


@cache
def _standard_normal() -> Callable[[float], float]:
    from statistics import NormalDist  # not for those who only read a case

    return NormalDist().inv_cdf


def standard_normal_quantile(p: float) -> float:
    """The standard normal quantile, infinite at 0 and 1."""
    if p in (0.0, 1.0):
        return -inf if p == 0.0 else inf
    return _standard_normal()(p)


def logit(share: float) -> float:
    """The log odds of a share strictly between 0 and 1."""
    return log(share) - log1p(-share)


def logistic(odds: float) -> float:
    """The share with these log odds."""
    ratio = exp_or_infinity(-abs(odds))
    return 1.0 / (1.0 + ratio) if odds >= 0.0 else ratio / (1.0 + ratio)


def show_number(value: float) -> str:
    """A number in the fewest characters that read back as the same double."""
    return repr(float(value)).removesuffix(".0")


def exp_or_infinity(x: float) -> float:
    """e to the power x, infinite where it overflows."""
    return exp(x) if x < 709.0 else inf


def spread_bounds(low: float, high: float, factor: float, is_share: bool) -> tuple[float, float]:
    """Two bounds moved apart about their middle, on log odds, logarithmic or linear scale.

    A bound at 0 (and of a share, at 1) stays; the other then moves as if it were alone.
    """
    if is_share:
        if low > 0.0 and high < 1.0:
            low, high = _widen(logit(low), logit(high), factor)
            return logistic(low), logistic(high)
        return (
            logistic(logit(low) - log(factor)) if low > 0.0 else low,
            logistic(logit(high) + log(factor)) if high < 1.0 else high,
        )
    if low > 0.0:
        low, high = _widen(log(low), log(high), factor)
        return exp_or_infinity(low), exp_or_infinity(high)
    return (low, high * factor) if low == 0.0 else _widen(low, high, factor)


def _widen(low: float, high: float, factor: float) -> tuple[float, float]:
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    return middle - half * factor, middle + half * factor
