"""Interval arithmetic: what a result can be when its operands lie between bounds.

Rounding of `+ - * /` and of the square root is monotone, so bounds computed in float64 hold for
float64 results. Results of `exp`, `log` and `power` differ between implementations in the last
digits; their bounds are widened by `SLACK`. Overflow of finite numbers past 1e308 is not foreseen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from foedus.frozen import dataclass

SLACK = 1e-12
INFINITE = math.inf
LARGEST = 1.7976931348623157e308
SMALLEST = 5e-324
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; an infinite end means that nothing bounds that side.

    `may_be_infinite` adds infinity itself, as it comes from a division by zero or the logarithm of
    zero; `may_be_nan` adds NaN. Truths are intervals too: `FALSE`, `TRUE` and `EITHER`.
    """

    low: float
    high: float
    may_be_nan: bool = False
    may_be_infinite: bool = False

    def has(self, value: float) -> bool:
        """Whether a number, not NaN, is among them."""
        return self.low <= value <= self.high


ANY = Interval(-INFINITE, INFINITE)
FALSE = Interval(0.0, 0.0)
TRUE = Interval(1.0, 1.0)
EITHER = Interval(0.0, 1.0)


def point(value: float) -> Interval:
    """Just this number."""
    return Interval(value, value)


def open_interval(low: float, high: float) -> Interval:
    """The floats strictly between two numbers: the support of a lognormal is from 0 to infinity."""
    return Interval(math.nextafter(low, INFINITE), math.nextafter(high, -INFINITE))


def hull(one: Interval, other: Interval) -> Interval:
    """The smallest interval that holds both."""
    return Interval(
        min(one.low, other.low),
        max(one.high, other.high),
        one.may_be_nan or other.may_be_nan,
        one.may_be_infinite or other.may_be_infinite,
    )


def meet(one: Interval, other: Interval) -> Interval:
    """What is in both; the first where nothing is, as then the two never hold together."""
    low, high = max(one.low, other.low), min(one.high, other.high)
    if low > high:
        return one
    return Interval(
        low,
        high,
        one.may_be_nan and other.may_be_nan,
        one.may_be_infinite and other.may_be_infinite,
    )


def whole(a: Interval) -> Interval:
    """The integers in an interval."""
    low, high = rounded(a.low, math.ceil), rounded(a.high, math.floor)
    return Interval(low, high, a.may_be_nan, a.may_be_infinite) if low <= high else a


def rounded(value: float, how: Callable[[float], int]) -> float:
    """A number rounded to an integer by `math.floor` or `math.ceil`, infinities left alone."""
    return float(how(value)) if math.isfinite(value) else value


def negate(a: Interval) -> Interval:
    """Minus a."""
    return Interval(-a.high, -a.low, a.may_be_nan, a.may_be_infinite)


def add(a: Interval, b: Interval) -> Interval:
    """The sum of a and b."""
    cancels = a.may_be_infinite and b.may_be_infinite
    opposed = (a.high == INFINITE and b.low == -INFINITE) or (
        a.low == -INFINITE and b.high == INFINITE
    )
    low, high = a.low + b.low, a.high + b.high
    return Interval(
        -INFINITE if math.isnan(low) else low,
        INFINITE if math.isnan(high) else high,
        a.may_be_nan or b.may_be_nan or (cancels and opposed),
        a.may_be_infinite or b.may_be_infinite,
    )


def multiply(a: Interval, b: Interval) -> Interval:
    """The product of a and b."""
    corners = [times(x, y) for x in ends(a) for y in ends(b)]
    vanishes = (a.may_be_infinite and b.has(0)) or (b.may_be_infinite and a.has(0))
    return Interval(
        min(corners),
        max(corners),
        a.may_be_nan or b.may_be_nan or vanishes,
        a.may_be_infinite or b.may_be_infinite,
    )


def divide(a: Interval, b: Interval) -> Interval:
    """a divided by b."""
    is_nan = a.may_be_nan or b.may_be_nan or (a.may_be_infinite and b.may_be_infinite)
    if b.has(0):
        # the sign of a zero is not followed, so the sign of the quotient is open
        return Interval(-INFINITE, INFINITE, is_nan or a.has(0), True)
    corners = [x / y for x in ends(a) for y in ends(b) if math.isfinite(x) or math.isfinite(y)]
    if not corners:
        return replace(ANY, may_be_nan=is_nan, may_be_infinite=a.may_be_infinite)
    return Interval(min(corners), max(corners), is_nan, a.may_be_infinite)


def absolute(a: Interval) -> Interval:
    """The size of a."""
    low = 0.0 if a.has(0) else min(abs(a.low), abs(a.high))
    return replace(a, low=low, high=max(abs(a.low), abs(a.high)))


def floor(a: Interval) -> Interval:
    """The largest integer not above a."""
    return replace(a, low=rounded(a.low, math.floor), high=rounded(a.high, math.floor))


def root(a: Interval) -> Interval:
    """The square root of a; NaN below zero."""
    low, high = math.sqrt(max(a.low, 0.0)), math.sqrt(max(a.high, 0.0))
    return Interval(low, high, a.may_be_nan or a.low < 0, a.may_be_infinite)


def exponential(a: Interval) -> Interval:
    """e to the power a."""
    low, high = widened(safely(math.exp, a.low), safely(math.exp, a.high))
    # implementations differ in how they underflow
    low = 0.0 if low < TINY else min(low, LARGEST)
    high = max(high, TINY)
    return Interval(low, high, a.may_be_nan, a.may_be_infinite)


def logarithm(a: Interval) -> Interval:
    """The natural logarithm of a; minus infinity at zero, NaN below."""
    is_nan = a.may_be_nan or a.low < 0
    is_infinite = a.may_be_infinite or a.has(0)
    low = math.log(a.low) if a.low > 0 else -INFINITE
    high = math.log(a.high) if a.high > 0 else -INFINITE
    return Interval(*widened(low, high), is_nan, is_infinite)


def raised(a: Interval, b: Interval) -> Interval:
    """a to the power b; NaN below zero unless b is one integer."""
    is_nan = a.may_be_nan or b.may_be_nan
    is_infinite = a.may_be_infinite or b.may_be_infinite or (a.has(0) and b.low < 0)
    if a.low >= 0:
        corners = [safely(math.pow, x, y) for x in ends(a) for y in ends(b)]
        if a.low == 0:
            corners += [0.0, INFINITE if b.low < 0 else 1.0]
        low, high = widened(min(corners), max(corners))
        if a.low == 0 and _has_odd_below_zero(b):
            low = -INFINITE  # the sign of a zero is not followed, as in `divide`
        elif low < TINY:
            low = 0.0
        return Interval(low, max(high, TINY), is_nan, is_infinite)
    if b.low != b.high or not b.low.is_integer():
        return Interval(-INFINITE, INFINITE, True, is_infinite)
    if b.low < 0:
        return replace(divide(TRUE, raised(a, negate(b))), may_be_nan=is_nan)
    corners = [safely(math.pow, x, b.low) for x in ends(a)]
    if a.high >= 0 and b.low > 0:
        corners.append(0.0)
    if b.low == 0:
        corners = [1.0]
    return Interval(*widened(min(corners), max(corners)), is_nan, is_infinite)


def _has_odd_below_zero(a: Interval) -> bool:
    """Whether an odd number below zero lies in a; there is none beyond 2^53."""
    top = min(a.high, -1.0)
    if top < -(2.0**53):
        return False
    highest = math.floor(top)
    return highest - (highest % 2 == 0) >= a.low


def least(all_of: Sequence[Interval]) -> Interval:
    """The smallest of some."""
    return _chosen(all_of, min(a.low for a in all_of), min(a.high for a in all_of))


def greatest(all_of: Sequence[Interval]) -> Interval:
    """The largest of some."""
    return _chosen(all_of, max(a.low for a in all_of), max(a.high for a in all_of))


def repeated(a: Interval, fewest: int, most: int) -> Interval:
    """The sum of from `fewest` to `most` numbers, each of them in a, added one by one."""
    if most == 0:
        return FALSE
    # adding n numbers one by one rounds n times
    slack = most * 2.3e-16
    low = times(a.low, most if a.low < 0 else fewest)
    high = times(a.high, most if a.high > 0 else fewest)
    mixed = a.may_be_infinite and a.low == -INFINITE and a.high == INFINITE
    low, high = widened(low, high, slack)
    return Interval(low, high, a.may_be_nan or mixed, a.may_be_infinite)


def times(x: float, y: float) -> float:
    """The product of two ends; nothing times an open end is nothing."""
    return 0.0 if x == 0 or y == 0 else x * y


def ends(a: Interval) -> tuple[float, float]:
    """Both ends."""
    return a.low, a.high


def safely(function: Callable[..., float], *arguments: float) -> float:
    """The value of a `math` function, infinite where it overflows or has a pole."""
    try:
        return function(*arguments)
    except (OverflowError, ValueError):
        base = arguments[0]
        is_odd = len(arguments) == 2 and arguments[1] % 2 == 1
        return -INFINITE if base < 0 and is_odd else INFINITE


def widened(low: float, high: float, slack: float = SLACK) -> tuple[float, float]:
    """Bounds a little further out, relative to their size; zero and infinity stay."""
    return (
        low - abs(low) * slack if math.isfinite(low) else low,
        high + abs(high) * slack if math.isfinite(high) else high,
    )


def _chosen(all_of: Iterable[Interval], low: float, high: float) -> Interval:
    flags = [(a.may_be_nan, a.may_be_infinite) for a in all_of]
    return Interval(low, high, any(nan for nan, _ in flags), any(inf for _, inf in flags))
