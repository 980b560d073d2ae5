"""Foedus's own exponential, logarithm and power: what every engine meets bit for bit.

Each line maps one to one to IEEE 754 double operations in round-to-nearest (add, subtract,
multiply, divide, square root, compare, select) and to exact splitting and scaling by powers of two
(`frexp` and `ldexp`: integer operations on the bits). There is no fused multiply-add and no call
into the C library's mathematics, whose last bit differs between machines. Polynomials are evaluated
by Horner's rule from the highest coefficient down. Constants stand in `coefficients`.

Accuracy, measured against mpmath over all exponents (`tests/engine/test_elementary.py`), in units
in the last place (ulp) of the exact value:

=====================  ========  ============================================
function               at most   remark
=====================  ========  ============================================
exponential            0.9 ulp   also where the result is subnormal
logarithm              0.9 ulp   also for subnormal arguments
power                  0.9 ulp   exact wherever the exact power is a double
exponential_minus_one  2 ulp     exp(x) - 1
logarithm_plus_one     2 ulp     log(1 + x)
exponential_excess     8 ulp     exp(x) - 1 - x
=====================  ========  ============================================

Arguments are reduced as by Cody and Waite [Cody1980]_; the logarithm is a series in f/(2 + f) with
the leading terms kept apart, as in Tang [Tang1990]_; exact products are sums of two doubles by
Dekker [Dekker1971]_.

References
----------
.. [Cody1980] W. J. Cody, W. Waite (1980), Software Manual for the Elementary Functions,
   Prentice-Hall.
.. [Dekker1971] T. J. Dekker (1971), A floating-point technique for extending the available
   precision, Numerische Mathematik 18, 224-242.
.. [Tang1990] P. T. P. Tang (1990), Table-driven implementation of the logarithm function in IEEE
   floating-point arithmetic, ACM Transactions on Mathematical Software 16, 378-400.
"""

from __future__ import annotations

from math import floor, frexp, inf, ldexp, nan

from foedus.engine.coefficients import (
    EXPONENTIAL,
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    LOGARITHM,
    LOGARITHM_SECOND,
    SQRT_HALF,
    TWO_THIRDS_HIGH,
    TWO_THIRDS_LOW,
)

ROUNDER = 6755399441055744.0  # 1.5 * 2^52: adding and subtracting it rounds to an integer
SPLITTER = 134217729.0  # 2^27 + 1: halves a double's bits
HALF_LN2 = 0.34657359027997264  # below it the reduction of `exponential` changes nothing
EXPONENTIAL_LARGEST = 709.8  # exp overflows a little below
EXPONENTIAL_SMALLEST = -745.2  # exp is rounded to zero a little above
ROOT_TWO = 1.4142135623730951


class NumericsError(ValueError):
    """A parameter for which a distribution or quantile is not defined; `message` says which."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """The polynomial's value by Horner's rule, coefficients from the constant term upwards."""
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total


# --- exponential


def _reduced_exponent(x: float, low: float) -> tuple[int, float]:
    """k and exp(x + low) / 2^k - 1, for x within the range of the exponential and a tiny low."""
    k = (x * LOG2_E + ROUNDER) - ROUNDER
    high = x - k * LN2_HIGH
    tail = k * LN2_LOW - low
    r = high - tail
    lost = (high - r) - tail
    return int(k), r + (r * r * polynomial(EXPONENTIAL, r) + lost)


def _exponential_of_sum(x: float, low: float) -> float:
    if x != x:
        return nan
    if x > EXPONENTIAL_LARGEST:
        return inf
    if x < EXPONENTIAL_SMALLEST:
        return 0.0
    k, increment = _reduced_exponent(x, low)
    first = k >> 1  # two factors, as 2^k itself may be out of range; only the last one rounds
    return (1.0 + increment) * ldexp(1.0, first) * ldexp(1.0, k - first)


def exponential(x: float) -> float:
    """e to the power x: infinity where it overflows, gradual underflow, nan of nan."""
    return _exponential_of_sum(x, 0.0)


def exponential_minus_one(x: float) -> float:
    """exp(x) - 1 without cancellation near zero."""
    if x != x:
        return nan
    if x > 40.0:
        return exponential(x)
    if x < -40.0:
        return -1.0
    k, increment = _reduced_exponent(x, 0.0)
    scale = ldexp(1.0, k)
    return (scale - 1.0) + scale * increment


def exponential_excess(x: float) -> float:
    """exp(x) - 1 - x, never negative, without cancellation near zero.

    It is the deviance of a ratio exp(x) of two Poisson or gamma means.
    """
    if -HALF_LN2 < x < HALF_LN2:
        return x * x * polynomial(EXPONENTIAL, x)
    return exponential_minus_one(x) - x


# --- logarithm


def _split(x: float) -> tuple[float, float]:
    """m and k with x = m 2^k and m from sqrt(1/2) up to sqrt(2), for positive finite x."""
    mantissa, exponent = frexp(x)
    if mantissa < SQRT_HALF:
        return mantissa * 2.0, exponent - 1.0
    return mantissa, float(exponent)


def _logarithm_near_one(f: float, k: float) -> float:
    """log(1 + f) + k log 2, for 1 + f from sqrt(1/2) to sqrt(2)."""
    s = f / (f + 2.0)
    z = s * s
    half_square = f * 0.5 * f
    correction = s * (half_square + z * polynomial(LOGARITHM, z)) + k * LN2_LOW
    return k * LN2_HIGH - ((half_square - correction) - f)


def logarithm(x: float) -> float:
    """The natural logarithm: minus infinity of zero, nan below zero and of nan."""
    if x != x or x < 0.0:
        return nan
    if x == 0.0:
        return -inf
    if x == inf:
        return inf
    m, k = _split(x)
    return _logarithm_near_one(m - 1.0, k)


def logarithm_plus_one(x: float) -> float:
    """log(1 + x) without cancellation near zero: minus infinity at -1, nan below."""
    if SQRT_HALF - 1.0 < x < ROOT_TWO - 1.0:
        return _logarithm_near_one(x, 0.0)
    total = 1.0 + x
    if not 0.0 < total < inf:
        return logarithm(total)
    return logarithm(total) + (x - (total - 1.0)) / total


# --- power


def _product(a: float, b: float) -> tuple[float, float]:
    """a b as an unevaluated sum of two doubles, exactly (Dekker 1971, section 5)."""
    product = a * b
    shifted = a * SPLITTER
    a_high = shifted - (shifted - a)
    a_low = a - a_high
    shifted = b * SPLITTER
    b_high = shifted - (shifted - b)
    b_low = b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _logarithm_pair(x: float) -> tuple[float, float]:
    """log x as a sum of two doubles, to about 2^-65 of itself, for positive finite x."""
    m, k = _split(x)
    f = m - 1.0
    below = 2.0 + f
    s = f / below
    square, lost = _product(s, below)
    s_low = (((f - square) - lost) - s * (f - (below - 2.0))) / below
    z, z_low = _product(s, s)
    z_low += 2.0 * s * s_low
    rest = z * polynomial(LOGARITHM_SECOND, z)
    c = TWO_THIRDS_HIGH + rest
    c_low = ((TWO_THIRDS_HIGH - c) + rest) + TWO_THIRDS_LOW
    w, w_low = _product(z, c)
    w_low += z * c_low + z_low * c
    v, v_low = _product(s, w)
    v_low += s * w_low + s_low * w
    double = 2.0 * s
    near = double + v
    near_low = ((double - near) + v) + (v_low + 2.0 * s_low)
    whole = k * LN2_HIGH
    total = whole + near
    return total, ((whole - total) + near) + (near_low + k * LN2_LOW)


def _positive_power(x: float, y: float) -> float:
    if x == 0.0 or x == inf:
        return exponential(y * logarithm(x))
    log_high, log_low = _logarithm_pair(x)
    if not -800.0 < y * log_high < 800.0:
        return exponential(y * log_high)
    product, lost = _product(y, log_high)
    return _exponential_of_sum(product, lost + y * log_low)


def power(x: float, y: float) -> float:
    """x to the power y.

    It is exp(y log x), with the logarithm and the product as sums of two doubles; the error before
    the last rounding stays below half an ulp, so that 3^4 is 81. As in IEEE 754, anything to the
    power 0 is 1, and 1 to any power is 1. A negative x has a power only where y is a whole number;
    otherwise the result is nan.
    """
    if y == 0.0 or x == 1.0:
        return 1.0
    if x != x or y != y:
        return nan
    if x >= 0.0:
        return _positive_power(x, y)
    is_whole = y - y == 0.0 and floor(y) == y
    if not is_whole:
        return nan
    half = y * 0.5
    value = _positive_power(-x, y)
    return value if floor(half) == half else -value
