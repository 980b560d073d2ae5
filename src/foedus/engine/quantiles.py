"""Quantiles of the normal and the gamma distribution, in Foedus's own arithmetic.

Normal: rational functions of the form of Wichura's algorithm AS 241 [Wichura1988]_, with
coefficients of our own. Relative error at most 1e-15, for p from the smallest double to one half.

Gamma: at x = shape exp(w), both log P and log Q (P and Q are the regularised incomplete gamma
functions) are concave in w. So Newton's method on them, started on the far side of the root,
approaches it from one side only and cannot fail. The starts are bounds: those of sub-gamma tails
[Boucheron2013]_ (section 2.4), and P <= x^shape / Gamma(shape + 1). P is summed as the series
6.5.29, Q as the continued fraction 6.5.31 of [Abramowitz1964]_, by Lentz's method [Lentz1976]_.
The factor both share, x^shape exp(-x) / Gamma(shape), is written with exp(w) - 1 - w, so that large
terms do not cancel. Relative error at most 1e-12, for shapes from 0.05 to 10,000.

References
----------
.. [Abramowitz1964] M. Abramowitz, I. A. Stegun (1964), Handbook of Mathematical Functions, National
   Bureau of Standards.
.. [Boucheron2013] S. Boucheron, G. Lugosi, P. Massart (2013), Concentration Inequalities, Oxford
   University Press.
.. [Lentz1976] W. J. Lentz (1976), Generating Bessel functions in Mie scattering calculations using
   continued fractions, Applied Optics 15, 668-671.
.. [Wichura1988] M. J. Wichura (1988), Algorithm AS 241: the percentage points of the normal
   distribution, Applied Statistics 37, 477-484.
"""

from __future__ import annotations

from math import inf, nan, sqrt

from foedus.engine.coefficients import (
    HALF_LOG_TWO_PI,
    NORMAL_CENTRAL,
    NORMAL_CENTRE,
    NORMAL_FAR,
    NORMAL_FAR_ORIGIN,
    NORMAL_MIDDLE,
    NORMAL_MIDDLE_ORIGIN,
    STIRLING,
)
from foedus.engine.elementary import (
    NumericsError,
    exponential,
    exponential_excess,
    logarithm,
    logarithm_plus_one,
    polynomial,
)

SMALLEST_SHAPE = 0.01
LARGEST_SHAPE = 100_000.0
MOST_TERMS = 10_000  # the series needs about 9 sqrt(shape) terms, the fraction fewer
MOST_STEPS = 100
PRECISION = 5.551115123125783e-17  # 2^-54
SMALL_STEP = 1e-9  # after a step this small the next one is below rounding (it is quadratic)
TINY = 1e-300

# --- normal


def _rational(parts: tuple[tuple[float, ...], tuple[float, ...]], x: float) -> float:
    return polynomial(parts[0], x) / polynomial(parts[1], x)


def normal_quantile(p: float) -> float:
    """The value below which a standard normal variable lies with probability p.

    For p near 1 use `normal_survival_quantile` with 1 - p, which loses no digits. Minus infinity at
    0, infinity at 1, nan outside 0..1. Relative error at most 1e-15.
    """
    if not 0.0 <= p <= 1.0:
        return nan
    centred = p - 0.5
    if -NORMAL_CENTRE <= centred <= NORMAL_CENTRE:
        r = NORMAL_CENTRE * NORMAL_CENTRE - centred * centred
        return centred * _rational(NORMAL_CENTRAL, r)
    tail = p if centred < 0.0 else 1.0 - p
    if tail == 0.0:
        return -inf if centred < 0.0 else inf
    r = sqrt(-logarithm(tail))
    if r <= NORMAL_FAR_ORIGIN:
        distance = _rational(NORMAL_MIDDLE, r - NORMAL_MIDDLE_ORIGIN)
    else:
        distance = _rational(NORMAL_FAR, r - NORMAL_FAR_ORIGIN)
    return -distance if centred < 0.0 else distance


def normal_survival_quantile(p: float) -> float:
    """The value above which a standard normal variable lies with probability p.

    Limits and errors as for `normal_quantile`.
    """
    return -normal_quantile(p)


# --- log-gamma


def stirling_error(x: float) -> float:
    """log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2, for positive x; it falls like 1/(12 x).

    From 10 on by Stirling's series, below by the recurrence Gamma(x + 1) = x Gamma(x).
    Absolute error at most 1e-14.
    """
    product = 1.0
    shifted = x
    while shifted < 10.0:
        product *= shifted
        shifted += 1.0
    series = polynomial(STIRLING, 1.0 / (shifted * shifted)) / shifted
    if shifted == x:
        return series
    log_gamma_shifted = (shifted - 0.5) * logarithm(shifted) - shifted + series
    return log_gamma_shifted - logarithm(product) - ((x - 0.5) * logarithm(x) - x)


def log_gamma(x: float) -> float:
    """The logarithm of the gamma function of a positive x.

    Error at most 2e-14 + 1e-15 times the value (absolute near 1 and 2, where it is zero).
    """
    return stirling_error(x) + HALF_LOG_TWO_PI + ((x - 0.5) * logarithm(x) - x)


# --- gamma


def _log_factor(shape: float, w: float, stirling: float) -> float:
    """log(x^shape exp(-x) / Gamma(shape)) at x = shape exp(w)."""
    return 0.5 * logarithm(shape) - HALF_LOG_TWO_PI - stirling - shape * exponential_excess(w)


def _series(shape: float, x: float) -> float:
    """shape P(x) / (x^shape exp(-x) / Gamma(shape)): the sum of x^n / ((shape+1)...(shape+n))."""
    term = 1.0
    total = 1.0
    below = shape
    for _ in range(MOST_TERMS):
        below += 1.0
        term = term * x / below
        total += term
        if term < total * PRECISION:
            break
    return total


def _fraction(shape: float, x: float) -> float:
    """Q(x) / (x^shape exp(-x) / Gamma(shape)), for x from shape + 1 on."""
    b = x + 1.0 - shape
    d = 1.0 / b
    c = inf
    total = d
    for i in range(1, MOST_TERMS):
        a = -float(i) * (float(i) - shape)
        b += 2.0
        d = a * d + b
        c = b + a / c
        d = 1.0 / (d if d != 0.0 else TINY)
        c = c if c != 0.0 else TINY
        ratio = c * d
        total *= ratio
        if -4.0 * PRECISION <= ratio - 1.0 <= 4.0 * PRECISION:
            break
    return total


def _lower_log_ratio(log_p: float, shape: float, stirling: float) -> float:
    """w with log P(shape exp(w)) = log_p. Newton from the left."""
    w = (log_p + log_gamma(shape + 1.0)) / shape - logarithm(shape)
    bound = 1.0 - sqrt(-2.0 * log_p / shape)
    if bound > 0.0 and logarithm(bound) > w:
        w = logarithm(bound)
    for _ in range(MOST_STEPS):
        sum_of_terms = _series(shape, shape * exponential(w))
        log_below = _log_factor(shape, w, stirling) + logarithm(sum_of_terms / shape)
        step = (log_p - log_below) * sum_of_terms / shape
        w += step
        if -SMALL_STEP < step < SMALL_STEP:
            break
    return w


def _upper_log_ratio(log_q: float, shape: float, stirling: float) -> float:
    """w with log Q(shape exp(w)) = log_q, for a root from shape + 1 on. Newton from the right."""
    least = logarithm_plus_one(1.0 / shape)
    w = logarithm_plus_one(sqrt(-2.0 * log_q / shape) - log_q / shape)
    for _ in range(MOST_STEPS):
        if w < least:  # only by rounding, as the root is not below
            w = least
        fraction = _fraction(shape, shape * exponential(w))
        log_above = _log_factor(shape, w, stirling) + logarithm(fraction)
        step = (log_above - log_q) * fraction
        w += step
        if -SMALL_STEP < step < SMALL_STEP:
            break
    return w


def gamma_log_ratio(log_p: float, log_q: float, shape: float) -> float:
    """log(x / shape), where a gamma variable of unit scale is below x with probability p.

    `log_p` and `log_q` are the logarithms of p and 1 - p; giving both keeps every digit in both
    tails. The shape lies within 0.01 to 100,000; otherwise `NumericsError`.
    """
    if not SMALLEST_SHAPE <= shape <= LARGEST_SHAPE:
        raise NumericsError(f"a gamma law needs a shape from 0.01 to 100000, not {shape:g}")
    if shape == 1.0:
        return logarithm(-log_q)
    stirling = stirling_error(shape)
    corner = logarithm_plus_one(1.0 / shape)
    log_beyond = _log_factor(shape, corner, stirling) + logarithm(_fraction(shape, shape + 1.0))
    if log_q < log_beyond:
        return _upper_log_ratio(log_q, shape, stirling)
    return _lower_log_ratio(log_p, shape, stirling)


def gamma_log_survival(x: float, shape: float) -> float:
    """The logarithm of the probability that a gamma variable of unit scale lies above x.

    Relative error of the probability about 1e-13 times the shape's square root. For a shape from
    0.01 to 100,000; otherwise `NumericsError`.
    """
    if not SMALLEST_SHAPE <= shape <= LARGEST_SHAPE:
        raise NumericsError(f"a gamma law needs a shape from 0.01 to 100000, not {shape:g}")
    if x <= 0.0:
        return 0.0
    if shape == 1.0:
        return -x
    factor = _log_factor(shape, logarithm(x / shape), stirling_error(shape))
    if x < shape + 1.0:
        return logarithm_plus_one(-exponential(factor) * _series(shape, x) / shape)
    return factor + logarithm(_fraction(shape, x))
