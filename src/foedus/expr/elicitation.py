"""Laws from what people can say: an interval they believe in, or what was counted.

References
----------
.. [Jeffreys1946] H. Jeffreys (1946), An invariant form for the prior probability in estimation
   problems, Proceedings of the Royal Society A 186, 453-461.
"""

from __future__ import annotations

from math import inf, isfinite, log, sqrt

from foedus.expr.belief import LawError, Prior
from foedus.expr.laws import Beta, Gamma, LogitNormal, LogNormal, Normal
from foedus.expr.scales import (
    exp_or_infinity,
    logistic,
    logit,
    show_number,
    standard_normal_quantile,
)


def between(low: float, high: float, level: float, is_share: bool) -> Prior:
    """The law that lies between two values with probability `level`, equally likely on either side.

    Logit-normal for a share; otherwise lognormal if both values are positive, normal if not.
    Raises `LawError` for values that are reversed, not finite or, of a share, outside 0..1.
    """
    for position, value in enumerate((low, high)):
        if not isfinite(value):
            raise LawError("the number is not finite", "give a finite number", position)
        if is_share and not 0.0 < value < 1.0:
            cure = "give shares strictly between 0 and 1, or write `uniform(0, 1)`"
            raise LawError("a share lies strictly between 0 and 1", cure, position)
    if low > high:
        cure = f"write `between {show_number(high)} and {show_number(low)}`"
        raise LawError("the bounds are reversed", cure)
    if low == high:
        cure = f"for a known number write `value: {show_number(low)}`"
        raise LawError("the bounds are equal", cure)
    if not 0.0 < level < 1.0:
        raise LawError("the level is not between 0 and 1", "give one such as 0.8")
    z = standard_normal_quantile((1.0 + level) / 2.0)
    if is_share:
        lower, upper = logit(low), logit(high)
        return LogitNormal(logistic((lower + upper) / 2.0), (upper - lower) / (2.0 * z))
    if low > 0.0:
        factor = exp_or_infinity((log(high) - log(low)) / (2.0 * z))
        return LogNormal(sqrt(low) * sqrt(high), factor)
    return Normal(low / 2.0 + high / 2.0, (high / 2.0 - low / 2.0) / z)


def jeffreys_share(successes: float, trials: float) -> Beta:
    """What `successes` of `trials` say about a share, by Jeffreys's prior.

    Beta(k + 1/2, n - k + 1/2) [Jeffreys1946]_. `LawError` unless both are whole numbers with
    0 <= k <= n and n >= 1.
    """
    _need_count(successes, 0)
    _need_count(trials, 1)
    if trials < 1.0:
        raise LawError("nothing was counted", "give at least one trial", 1)
    if successes > trials:
        raise LawError("more were counted than there are", "write the smaller number first")
    return Beta(successes + 0.5, trials - successes + 0.5)


def jeffreys_rate(events: float, exposure: float) -> Gamma:
    """What `events` in a time `exposure` say about their rate, by Jeffreys's prior.

    Gamma of shape k + 1/2 and mean (k + 1/2)/exposure, per unit of exposure [Jeffreys1946]_.
    `LawError` unless the events are a whole number of 0 or more and the exposure is positive.
    """
    _need_count(events, 0)
    if not 0.0 < exposure < inf:
        raise LawError("the time is not positive", "give the time in which they were counted", 1)
    return Gamma(events + 0.5, (events + 0.5) / exposure)


def _need_count(value: float, position: int) -> None:
    if not (isfinite(value) and value >= 0.0 and value == int(value)):
        raise LawError("the number is not a count", "give a whole number of 0 or more", position)
