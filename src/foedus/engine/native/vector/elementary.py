"""`exp`, `log` and the keyed noise in every lane: the operations of `engine/elementary.py` and
`engine/clocks.py`, in the same order, for arguments in their usual range.

What lies outside that range is told by a condition; the scalar code then does the step.
"""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.coefficients import (
    EXPONENTIAL,
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    LOGARITHM,
    SQRT_HALF,
)
from foedus.engine.elementary import ROUNDER
from foedus.engine.native.vector.lanes import Lanes

FRACTION = (1 << 52) - 1
ONE_BITS = 1023 << 52
LARGEST_EXPONENT = 700.0
SMALLEST_NORMAL = 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308
MAGIC = 4503599627370496.0  # 2^52: its lowest bits count whole numbers


def polynomial(lanes: Lanes, coefficients: tuple[float, ...], x: str) -> str:
    """By Horner's rule, coefficients from the constant term upwards."""
    total = lanes.number(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        scaled = lanes.join("fmul", total, x)
        total = lanes.join("fadd", scaled, lanes.number(coefficient))
    return total


def is_usual_logarithm(lanes: Lanes, x: str) -> str:
    """Whether `logarithm` may be used: for positive, normal, finite numbers."""
    low = lanes.compare("oge", x, lanes.number(SMALLEST_NORMAL))
    return lanes.both(low, lanes.compare("ole", x, lanes.number(LARGEST)))


def logarithm(lanes: Lanes, x: str) -> str:
    """The natural logarithm."""
    bits = lanes.as_words(x)
    fraction = lanes.join_words("and", bits, lanes.word(FRACTION))
    half = lanes.join_words("or", fraction, lanes.word(1022 << 52))
    mantissa = lanes.as_numbers(half)
    raised = lanes.join_words("lshr", bits, lanes.word(52))
    counted = lanes.join_words("or", raised, lanes.word(1075 << 52))
    exponent = lanes.join("fsub", lanes.as_numbers(counted), lanes.number(MAGIC + 1022.0))
    is_low = lanes.compare("olt", mantissa, lanes.number(SQRT_HALF))
    doubled = lanes.join("fmul", mantissa, lanes.number(2.0))
    m = lanes.select(is_low, doubled, mantissa)
    k = lanes.select(is_low, lanes.join("fsub", exponent, lanes.number(1.0)), exponent)
    return _logarithm_near_one(lanes, lanes.join("fsub", m, lanes.number(1.0)), k)


def _logarithm_near_one(lanes: Lanes, f: str, k: str) -> str:
    s = lanes.join("fdiv", f, lanes.join("fadd", f, lanes.number(2.0)))
    z = lanes.join("fmul", s, s)
    half_square = lanes.join("fmul", lanes.join("fmul", f, lanes.number(0.5)), f)
    series = lanes.join("fmul", z, polynomial(lanes, LOGARITHM, z))
    inner = lanes.join("fmul", s, lanes.join("fadd", half_square, series))
    correction = lanes.join("fadd", inner, lanes.join("fmul", k, lanes.number(LN2_LOW)))
    rest = lanes.join("fsub", lanes.join("fsub", half_square, correction), f)
    return lanes.join("fsub", lanes.join("fmul", k, lanes.number(LN2_HIGH)), rest)


def is_usual_exponential(lanes: Lanes, x: str) -> str:
    """Whether `exponential` may be used: where the result is neither tiny nor huge."""
    size = lanes.intrinsic("fabs", lanes.opposites.get(x, x))
    return lanes.compare("olt", size, lanes.number(LARGEST_EXPONENT))


def exponential(lanes: Lanes, x: str) -> str:
    """e to the power x.

    The reduction of the argument is odd: that of an opposite is the opposite, bit for bit.
    """
    is_opposite = x in lanes.opposites
    x = lanes.opposites.get(x, x)
    product = lanes.join("fmul", x, lanes.number(LOG2_E))
    shifted = lanes.join("fadd", product, lanes.number(ROUNDER))
    k = lanes.join("fsub", shifted, lanes.number(ROUNDER))
    high = lanes.join("fsub", x, lanes.join("fmul", k, lanes.number(LN2_HIGH)))
    product = lanes.join("fmul", k, lanes.number(LN2_LOW))
    tail = lanes.join("fsub", product, lanes.number(0.0))
    r = lanes.join("fsub", high, tail)
    lost = lanes.join("fsub", lanes.join("fsub", high, r), tail)
    square = lanes.join("fmul", r, r)
    if is_opposite:
        r = lanes.let(f"fneg {lanes.numbers} {r}")
        shifted = lanes.join("fsub", lanes.number(ROUNDER), k)
    series = lanes.join("fmul", square, polynomial(lanes, EXPONENTIAL, r))
    with_lost = lanes.join("fsub" if is_opposite else "fadd", series, lost)
    increment = lanes.join("fadd", r, with_lost)
    value = lanes.join("fadd", increment, lanes.number(1.0))
    # The lowest bits of 1.5 * 2^52 + k hold k, which is added to the exponent: it stays in range.
    raised = lanes.join_words("shl", lanes.as_words(shifted), lanes.word(52))
    return lanes.as_numbers(lanes.join_words("add", lanes.as_words(value), raised))


def unit_exponential(lanes: Lanes, counter: str, second_key: str) -> str:
    """-log of a uniform number; `counter` is K1 + G (k + n) of `clocks.bits`."""
    drawn = uniform(lanes, counter, second_key)
    return lanes.let(f"fneg {lanes.numbers} {logarithm(lanes, drawn)}")


def uniform(lanes: Lanes, counter: str, second_key: str) -> str:
    """A uniform number of `clocks.uniform`; its logarithm is usual, and so is that of minus it."""
    z = _shifted(lanes, counter, 32, clocks.FIRST_MULTIPLIER, 29)
    z = lanes.join_words("xor", z, second_key)
    z = _shifted(lanes, z, 32, clocks.SECOND_MULTIPLIER, 29)
    fraction = lanes.join_words("lshr", z, lanes.word(12))
    above_one = lanes.as_numbers(lanes.join_words("or", fraction, lanes.word(ONE_BITS)))
    # (1 + m 2^-52) - (1 - 2^-53) is (m + 1/2) 2^-52, and both steps are exact.
    return lanes.join("fsub", above_one, lanes.number(1.0 - 2.0**-53))


def _shifted(lanes: Lanes, z: str, first: int, multiplier: int, second: int) -> str:
    z = lanes.join_words("xor", z, lanes.join_words("lshr", z, lanes.word(first)))
    z = lanes.join_words("mul", z, lanes.word(multiplier))
    return lanes.join_words("xor", z, lanes.join_words("lshr", z, lanes.word(second)))
