"""The laws a prior can have: what is believed about a number before the evidence.

All are frozen and in one unit, whichever the number is written in; `scaled` changes it. The numbers
that define a law are checked when it is made; what is wrong with them is a `LawError`.
"""

from __future__ import annotations

from dataclasses import field
from math import exp, inf, log, log1p

from foedus.expr.belief import LawError, Prior, need_ascending, need_finite, need_positive
from foedus.expr.scales import (
    exp_or_infinity,
    logistic,
    logit,
    show_number,
    spread_bounds,
    standard_normal_quantile,
)
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Fixed(Prior):
    """A number that is known."""

    value: float

    def __post_init__(self) -> None:
        need_finite(self.value)

    @property
    def mean(self) -> float:
        """The number."""
        return self.value

    def show(self) -> str:
        """The number; a case gives it as `value`, not as `prior`."""
        return show_number(self.value)

    def _quantile(self, p: float) -> float:
        return self.value

    def _written(self) -> tuple[str | float, ...]:
        return "fixed", self.value

    def _scaled(self, factor: float) -> Prior:
        return Fixed(self.value * factor)


@dataclass(frozen=True, slots=True)
class Uniform(Prior):
    """A number between two bounds, all values equally plausible."""

    low: float
    high: float

    def __post_init__(self) -> None:
        need_finite(self.low, self.high)
        need_ascending(self.low, self.high, "uniform")

    @property
    def mean(self) -> float:
        """The middle."""
        return self.low / 2.0 + self.high / 2.0

    def _quantile(self, p: float) -> float:
        return self.low * (1.0 - p) + self.high * p

    def _written(self) -> tuple[str | float, ...]:
        return "uniform", self.low, self.high

    def _scaled(self, factor: float) -> Prior:
        return Uniform(self.low * factor, self.high * factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return Uniform(*spread_bounds(self.low, self.high, factor, is_share))


@dataclass(frozen=True, slots=True)
class LogUniform(Prior):
    """A positive number between two bounds, all orders of magnitude equally plausible."""

    low: float
    high: float

    def __post_init__(self) -> None:
        need_finite(self.low, self.high)
        need_positive("bound", self.low, self.high)
        need_ascending(self.low, self.high, "log-uniform")

    @property
    def mean(self) -> float:
        """The logarithmic mean of the bounds."""
        return (self.high - self.low) / (log(self.high) - log(self.low))

    def _quantile(self, p: float) -> float:
        if p in (0.0, 1.0):
            return self.low if p == 0.0 else self.high
        return exp(log(self.low) * (1.0 - p) + log(self.high) * p)

    def _written(self) -> tuple[str | float, ...]:
        return "log-uniform", self.low, self.high

    def _scaled(self, factor: float) -> Prior:
        return LogUniform(self.low * factor, self.high * factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return LogUniform(*spread_bounds(self.low, self.high, factor, is_share))


@dataclass(frozen=True, slots=True)
class Normal(Prior):
    """A normal law."""

    mean: float = field()  # said aloud, or the base's property would be its default
    sd: float = field()

    def __post_init__(self) -> None:
        need_finite(self.mean, self.sd)
        if not self.sd > 0.0:
            raise LawError("the standard deviation is not positive", "give a positive one", 1)

    def _quantile(self, p: float) -> float:
        return self.mean + self.sd * standard_normal_quantile(p)

    def _written(self) -> tuple[str | float, ...]:
        return "normal", self.mean, self.sd

    def _scaled(self, factor: float) -> Prior:
        return Normal(self.mean * factor, self.sd * factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return Normal(self.mean, self.sd * factor)


@dataclass(frozen=True, slots=True)
class LogNormal(Prior):
    """A lognormal law; two thirds of the mass lie between median/factor and median*factor.

    `factor` is the exponential of the standard deviation of the logarithm.
    """

    median: float = field()
    factor: float = field()

    def __post_init__(self) -> None:
        need_finite(self.median, self.factor)
        need_positive("median", self.median)
        if not self.factor > 1.0:
            raise LawError(
                "the factor is not above 1",
                "write 2 if it may well be half or twice the median",
                1,
            )

    @property
    def mean(self) -> float:
        """The mean, above the median."""
        return self.median * exp_or_infinity(log(self.factor) ** 2 / 2.0)

    def _quantile(self, p: float) -> float:
        return self.median * exp_or_infinity(log(self.factor) * standard_normal_quantile(p))

    def _written(self) -> tuple[str | float, ...]:
        return "lognormal", self.median, self.factor

    def _scaled(self, factor: float) -> Prior:
        return LogNormal(self.median * factor, self.factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return LogNormal(self.median, exp_or_infinity(log(self.factor) * factor))


@dataclass(frozen=True, slots=True)
class LogitNormal(Prior):
    """A share whose log odds are normal, with standard deviation `logit_sd`."""

    median: float = field()
    logit_sd: float = field()

    def __post_init__(self) -> None:
        need_finite(self.median, self.logit_sd)
        if not 0.0 < self.median < 1.0:
            raise LawError("the median is not a share", "give one between 0 and 1", 0)
        if not self.logit_sd > 0.0:
            raise LawError("the spread is not positive", "give a positive one", 1)

    @property
    def mean(self) -> float:
        """The mean, by the trapezoidal rule, which for this integrand errs below 1e-12."""
        step = min(0.1, 0.5 / self.logit_sd)
        middle, total, weights = logit(self.median), 0.0, 0.0
        for i in range(-int(9.0 / step), int(9.0 / step) + 1):
            weight = exp(-0.5 * (i * step) ** 2)
            total += weight * logistic(middle + self.logit_sd * i * step)
            weights += weight
        return total / weights

    def _quantile(self, p: float) -> float:
        return logistic(logit(self.median) + self.logit_sd * standard_normal_quantile(p))

    def _written(self) -> tuple[str | float, ...]:
        return "logit-normal", self.median, self.logit_sd

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return LogitNormal(self.median, self.logit_sd * factor)


@dataclass(frozen=True, slots=True)
class Beta(Prior):
    """A share known as well as from a successes and b failures."""

    a: float
    b: float

    def __post_init__(self) -> None:
        need_finite(self.a, self.b)
        need_positive("number", self.a, self.b)

    @property
    def mean(self) -> float:
        """The share of successes."""
        return self.a / (self.a + self.b)

    def _quantile(self, p: float) -> float:
        if p in (0.0, 1.0):
            return p
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, p))

    def _written(self) -> tuple[str | float, ...]:
        return "beta", self.a, self.b

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return Beta(self.a / factor**2, self.b / factor**2)


@dataclass(frozen=True, slots=True)
class Gamma(Prior):
    """A positive number known as well as a rate from `shape` events."""

    shape: float = field()
    mean: float = field()

    def __post_init__(self) -> None:
        need_finite(self.shape, self.mean)
        need_positive("shape", self.shape)
        need_positive("mean", self.mean, first=1)

    def _quantile(self, p: float) -> float:
        if p in (0.0, 1.0):
            return 0.0 if p == 0.0 else inf
        from scipy.special import gammaincinv

        return float(gammaincinv(self.shape, p)) * self.mean / self.shape

    def _written(self) -> tuple[str | float, ...]:
        return "gamma", self.shape, self.mean

    def _scaled(self, factor: float) -> Prior:
        return Gamma(self.shape, self.mean * factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return Gamma(self.shape / factor**2, self.mean)


@dataclass(frozen=True, slots=True)
class Exponential(Prior):
    """A positive number of which only the order of magnitude is known."""

    mean: float = field()

    def __post_init__(self) -> None:
        need_finite(self.mean)
        need_positive("mean", self.mean)

    def _quantile(self, p: float) -> float:
        return inf if p == 1.0 else -log1p(-p) * self.mean

    def _written(self) -> tuple[str | float, ...]:
        return "exponential", self.mean

    def _scaled(self, factor: float) -> Prior:
        return Exponential(self.mean * factor)

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return Gamma(1.0 / factor**2, self.mean)


@dataclass(frozen=True, slots=True)
class Flag(Prior):
    """1 with that probability, else 0."""

    probability: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise LawError("the probability is outside 0..1", "give one from 0 to 1", 0)

    @property
    def mean(self) -> float:
        """The probability."""
        return self.probability

    def _quantile(self, p: float) -> float:
        return 1.0 if p > 1.0 - self.probability else 0.0

    def _written(self) -> tuple[str | float, ...]:
        return "flag", self.probability
