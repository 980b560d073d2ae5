"""Computes `src/foedus/engine/coefficients.py`: where every number in it comes from.

    python tools/numerics_coefficients.py            writes the file
    python tools/numerics_coefficients.py --check    says whether the file is what would be written

Needs mpmath. Polynomials by the exchange algorithm of Remez, rationals by linearised weighted least
squares at Chebyshev nodes (Loeb's iteration). The error stated beside each is that of the rounded
coefficients in exact arithmetic, on a grid finer than the one fitted on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mpmath as mp

Function = Callable[[mp.mpf], mp.mpf]
TARGET = Path(__file__).parents[1] / "src" / "foedus" / "engine" / "coefficients.py"
MARGIN = 1 + mp.mpf(2) ** -40  # intervals reach a little beyond what rounding can produce
MIDDLE_ORIGIN, FAR_ORIGIN = 1.6, 5.0  # where the tail's two rational functions begin
HEADER = '''"""The constants of `elementary` and `quantiles`, from `tools/numerics_coefficients.py`.

Polynomials are tuples from the constant term upwards; rationals are (numerator, denominator).
"""
'''


def chebyshev_nodes(low: mp.mpf, high: mp.mpf, count: int) -> list[mp.mpf]:
    """Where an interpolating polynomial errs least between `low` and `high`."""
    angles = (mp.pi * (2 * i + 1) / (2 * count) for i in range(count))
    return [(low + high) / 2 + (high - low) / 2 * mp.cos(angle) for angle in angles]


def polynomial(coefficients: list[mp.mpf], x: mp.mpf) -> mp.mpf:
    """The polynomial's value, coefficients from the constant term upwards."""
    return mp.polyval(coefficients[::-1], x)


def extrema(errors: list[mp.mpf]) -> list[int]:
    """The position of the largest error in each stretch of one sign."""
    found = [0]
    for i, error in enumerate(errors):
        if mp.sign(error) != mp.sign(errors[found[-1]]):
            found.append(i)
        elif abs(error) > abs(errors[found[-1]]):
            found[-1] = i
    return found


def minimax(function: Function, low: mp.mpf, high: mp.mpf, degree: int) -> list[mp.mpf]:
    """The polynomial of least maximal absolute error (Remez 1934)."""
    size, steps = degree + 2, 1000
    grid = [low + (high - low) * i / steps for i in range(steps + 1)]
    values = [function(x) for x in grid]
    half = (high - low) / 2
    nodes = [low + half * (1 - mp.cos(mp.pi * i / (size - 1))) for i in range(size)]
    for _ in range(8):
        matrix, right = mp.matrix(size, size), mp.matrix(size, 1)
        for i, x in enumerate(nodes):
            right[i] = function(x)
            matrix[i, size - 1] = (-1) ** i
            for j in range(degree + 1):
                matrix[i, j] = x**j
        fitted = list(mp.lu_solve(matrix, right))[: degree + 1]
        errors = [polynomial(fitted, x) - value for x, value in zip(grid, values, strict=True)]
        places = extrema(errors)
        if len(places) != size:
            raise ArithmeticError(f"{len(places)} extrema where {size} were expected")
        nodes = [grid[i] for i in places]
    return fitted


def rational(
    function: Function, low: mp.mpf, high: mp.mpf, degree: int, origin: mp.mpf
) -> tuple[list[mp.mpf], list[mp.mpf]]:
    """Numerator and denominator in powers of (x - origin), for small relative error."""
    count = 2 * degree + 1
    nodes = chebyshev_nodes(low, high, 3 * count)
    values = [function(x) for x in nodes]
    weights = [mp.mpf(1)] * len(nodes)
    for _ in range(6):
        matrix, right = mp.matrix(len(nodes), count), mp.matrix(len(nodes), 1)
        for i, (x, value, weight) in enumerate(zip(nodes, values, weights, strict=True)):
            right[i] = weight
            for j in range(degree + 1):
                matrix[i, j] = weight * (x - origin) ** j / value
            for j in range(1, degree + 1):
                matrix[i, degree + j] = -weight * (x - origin) ** j
        solution = list(mp.qr_solve(matrix, right)[0])
        numerator, denominator = solution[: degree + 1], [mp.mpf(1), *solution[degree + 1 :]]
        weights = [1 / abs(polynomial(denominator, x - origin)) for x in nodes]
    return numerator, denominator


def rounded(coefficients: list[mp.mpf]) -> tuple[float, ...]:
    """The coefficients as doubles."""
    return tuple(float(c) for c in coefficients)


# --- the functions that are approximated


def exponential_remainder(r: mp.mpf) -> mp.mpf:
    """(exp(r) - 1 - r) / r^2."""
    if abs(r) < mp.mpf(10) ** -8:
        return mp.mpf(1) / 2 + r / 6 + r * r / 24
    return (mp.expm1(r) - r) / r**2


def logarithm_remainder(z: mp.mpf) -> mp.mpf:
    """(log((1 + s) / (1 - s)) - 2 s) / s^3 at z = s^2."""
    if z < mp.mpf(10) ** -12:
        return mp.mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7
    s = mp.sqrt(z)
    return 2 * (mp.atanh(s) / s - 1) / z


def logarithm_second_remainder(z: mp.mpf) -> mp.mpf:
    """What is left of `logarithm_remainder` after its first term 2/3, divided by z."""
    if z < mp.mpf(10) ** -12:
        return mp.mpf(2) / 5 + 2 * z / 7 + 2 * z * z / 9
    return (logarithm_remainder(z) - mp.mpf(2) / 3) / z


def normal_lower_quantile(p: mp.mpf) -> mp.mpf:
    """The standard normal quantile of 0 < p <= 1/2, by Newton's method on log p."""
    target = mp.log(p)
    x = -mp.sqrt(-2 * target) if p < 0.1 else mp.sqrt(2 * mp.pi) * (p - mp.mpf(1) / 2)
    for _ in range(60):
        below = mp.erfc(-x / mp.sqrt(2)) / 2
        density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
        step = (mp.log(below) - target) * below / density
        x -= step
        if abs(step) < mp.mpf(10) ** -44 * (1 + abs(x)):
            return x
    raise ArithmeticError(f"no quantile found at {p}")


CENTRE = mp.mpf(0.425)  # |p - 1/2| up to which the central approximation serves


def normal_central(r: mp.mpf) -> mp.mpf:
    """quantile(1/2 + q) / q at r = CENTRE^2 - q^2."""
    q = mp.sqrt(CENTRE**2 - r) if r < CENTRE**2 else mp.mpf(0)
    if q < mp.mpf(10) ** -20:
        return mp.sqrt(2 * mp.pi)
    return -normal_lower_quantile(mp.mpf(1) / 2 - q) / q


def normal_tail(r: mp.mpf) -> mp.mpf:
    """Minus the quantile of p at r = sqrt(-log p)."""
    return -normal_lower_quantile(mp.exp(-r * r))


# --- the file


def show_tuple(values: tuple[float, ...], indent: str = "    ") -> str:
    """A tuple of floats, one a line, that reads back exactly."""
    return "(\n" + "".join(f"{indent}{value!r},\n" for value in values) + indent[4:] + ")"


@dataclass(frozen=True)
class Approximation:
    """What to approximate between `low` and `high`; with an origin, rational in x - origin."""

    name: str
    comment: str
    function: Function
    low: mp.mpf
    high: mp.mpf
    degree: int
    origin: mp.mpf | None = None


def show_approximation(wanted: Approximation) -> str:
    """The approximation's lines in the file."""
    low, high, exact = wanted.low, wanted.high, wanted.function
    grid = [low + (high - low) * i / 2003 for i in range(2004)]
    if wanted.origin is None:
        coefficients = rounded(minimax(exact, low, high, wanted.degree))
        doubles = [mp.mpf(c) for c in coefficients]
        error = max(abs(polynomial(doubles, x) - exact(x)) for x in grid)
        stated, value = f"absolute error {mp.nstr(error, 2)}", show_tuple(coefficients)
    else:
        origin = wanted.origin
        parts = [rounded(part) for part in rational(exact, low, high, wanted.degree, origin)]
        above, below = ([mp.mpf(c) for c in part] for part in parts)
        error = max(
            abs(polynomial(above, x - origin) / polynomial(below, x - origin) / exact(x) - 1)
            for x in grid
        )
        stated = f"relative error {mp.nstr(error, 2)}"
        value = "(" + "".join(f"\n    {show_tuple(part, ' ' * 8)}," for part in parts) + "\n)"
    between = f"# from {mp.nstr(low, 6)} to {mp.nstr(high, 6)}: {stated}"
    return f"\n# {wanted.comment}\n{between}\n{wanted.name} = {value}\n"


def show_constants() -> str:
    """The plain constants' lines in the file."""
    bits = 42  # so that a product with any exponent (11 bits) is exact
    high = mp.floor(mp.ldexp(mp.log(2), bits)) / mp.mpf(2) ** bits
    third = mp.mpf(2) / 3
    constants = {
        "LOG2_E": 1 / mp.log(2),
        "LN2_HIGH": high,
        "LN2_LOW": mp.log(2) - high,
        "SQRT_HALF": mp.sqrt(mp.mpf(1) / 2),
        "TWO_THIRDS_HIGH": third,
        "TWO_THIRDS_LOW": third - mp.mpf(float(third)),
        "HALF_LOG_TWO_PI": mp.log(2 * mp.pi) / 2,
        "NORMAL_CENTRE": CENTRE,
        "NORMAL_MIDDLE_ORIGIN": mp.mpf(MIDDLE_ORIGIN),
        "NORMAL_FAR_ORIGIN": mp.mpf(FAR_ORIGIN),
    }
    return "\n" + "".join(f"{name} = {float(value)!r}\n" for name, value in constants.items())


def show_stirling() -> str:
    """Stirling's series: B(2k) / (2k (2k - 1)), for log-gamma from 10 on."""
    terms = [mp.bernoulli(2 * k) / (2 * k * (2 * k - 1)) for k in range(1, 10)]
    comment = "# Stirling's series, in powers of 1/x^2 after a factor 1/x"
    return f"\n{comment}\nSTIRLING = {show_tuple(rounded(terms))}\n"


def approximations() -> tuple[Approximation, ...]:
    """All that the file holds, in order."""
    zero, middle, far = mp.mpf(0), mp.mpf(MIDDLE_ORIGIN), mp.mpf(FAR_ORIGIN)
    half = mp.log(2) / 2 * MARGIN
    square = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * MARGIN
    return (
        Approximation(
            "EXPONENTIAL", "(exp(r) - 1 - r) / r^2", exponential_remainder, -half, half, 10
        ),
        Approximation(
            "LOGARITHM", "(2 atanh(s) - 2 s) / s^3 in s^2", logarithm_remainder, zero, square, 6
        ),
        Approximation(
            "LOGARITHM_SECOND",
            "(2 atanh(s) - 2 s - 2/3 s^3) / s^5 in s^2",
            logarithm_second_remainder,
            zero,
            square,
            7,
        ),
        Approximation(
            "NORMAL_CENTRAL",
            "normal quantile of 1/2 + q, divided by q, in r = 0.425^2 - q^2",
            normal_central,
            zero,
            CENTRE**2,
            7,
            zero,
        ),
        Approximation(
            "NORMAL_MIDDLE",
            "normal quantile of 1 - p, in r - 1.6 with r = sqrt(-log p)",
            normal_tail,
            middle,
            far,
            7,
            middle,
        ),
        Approximation(
            "NORMAL_FAR",
            "normal quantile of 1 - p, in r - 5 with r = sqrt(-log p)",
            normal_tail,
            far,
            mp.mpf(27.4),
            7,
            far,
        ),
    )


def write() -> str:
    """The whole file."""
    shown = map(show_approximation, approximations())
    return "".join([HEADER, show_constants(), *shown, show_stirling()])


def main() -> int:
    """Write the file, or compare it."""
    mp.mp.dps = 50
    text = write()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
        return 0
    is_same = TARGET.read_text() == text
    print("as written" if is_same else f"{TARGET.name} differs from what this script computes")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
