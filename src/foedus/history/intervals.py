"""Intervals for what was counted: Wilson's for shares, the exact Poisson one for rates.

References
----------
.. [Garwood1936] F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28,
   437-442.
.. [Wilson1927] E. B. Wilson (1927), Probable inference, the law of succession, and statistical
   inference, Journal of the American Statistical Association 22, 209-212.
"""

from __future__ import annotations

from math import inf, sqrt
from statistics import NormalDist

LEVEL = 0.95


def wilson(happened: float, trials: float, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share [Wilson1927]_: the shares from which what was seen lies no further
    than the normal quantile. Within 0..1, and never of no width. `ValueError` without trials."""
    if trials <= 0.0:
        raise ValueError("a share needs trials")
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    share = happened / trials
    middle = share + z * z / (2.0 * trials)
    half = z * sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials))
    scale = 1.0 + z * z / trials
    low = (middle - half) / scale if happened > 0.0 else 0.0  # what rounding leaves is no share
    high = (middle + half) / scale if happened < trials else 1.0
    return max(low, 0.0), min(high, 1.0)


def poisson_exact(happened: float, time: float, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a rate [Garwood1936]_, from quantiles of gamma laws. `ValueError`
    without time."""
    if time <= 0.0:
        raise ValueError("a rate needs time at risk")
    from scipy.special import gammaincinv

    tail = (1.0 - level) / 2.0
    low = float(gammaincinv(happened, tail)) / time if happened > 0 else 0.0
    high = float(gammaincinv(happened + 1.0, 1.0 - tail)) / time
    return low, high if high < inf else inf
