"""The elementary functions against mpmath, over all exponents, in units in the last place."""

import random
import struct
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from math import copysign, inf, isnan, nan, nextafter
from pathlib import Path

import mpmath
import pytest

from foedus.engine.elementary import (
    exponential,
    exponential_excess,
    exponential_minus_one,
    logarithm,
    logarithm_plus_one,
    polynomial,
    power,
)

Arguments = tuple[float, ...]
Generator = Callable[[random.Random], Arguments]
SMALLEST = 5e-324
LARGEST = sys.float_info.max
TOOL = Path(__file__).parents[2] / "tools" / "numerics_coefficients.py"


def ulps(value: float, exact: mpmath.mpf) -> float:
    """How far a value is from the exact one, in units in the last place of the exact one."""
    if value in (inf, -inf):
        beyond = mpmath.mpf(LARGEST) + mpmath.mpf(2) ** 970  # where rounding to nearest overflows
        return 0.0 if exact * copysign(1.0, value) >= beyond * (1 - mpmath.mpf(2) ** -52) else inf
    if exact == 0:
        return 0.0 if value == 0.0 else inf
    _, exponent = mpmath.frexp(exact)
    unit = mpmath.mpf(2) ** max(exponent - 53, -1074)
    return float(abs(mpmath.mpf(value) - exact) / unit)


def any_positive(source: random.Random) -> float:
    """A positive finite double, each exponent (that of subnormals too) equally likely."""
    bits = (source.randrange(2047) << 52) | source.getrandbits(52)
    value: float = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return value or SMALLEST


def small_or_wide(most: float) -> Generator:
    """Numbers of either sign up to `most`, half of them of all smaller magnitudes."""
    return lambda source: (
        source.uniform(-most, most) * 2.0 ** -(source.choice([0, 1, 60]) and source.uniform(0, 60)),
    )


def near_one(source: random.Random) -> float:
    """A number at every distance from 1."""
    return 1.0 + source.uniform(-0.5, 1.0) * 2.0 ** -source.randint(0, 52)


def to_a_power(base: Callable[[random.Random], float]) -> Generator:
    """A base and an exponent whose power lies anywhere in the double range."""

    def arguments(source: random.Random) -> Arguments:
        x = base(source)
        size = float(abs(mpmath.log(x))) or 1.0
        return x, source.uniform(-744.0, 709.0) / size

    return arguments


CASES: dict[str, tuple[Callable[..., float], Callable[..., mpmath.mpf], Generator, float]] = {
    "exp": (exponential, mpmath.exp, small_or_wide(709.7), 0.9),
    "exp subnormal": (exponential, mpmath.exp, lambda s: (s.uniform(-745.2, -708.0),), 0.9),
    "log": (logarithm, mpmath.log, lambda s: (any_positive(s),), 0.9),
    "log near one": (logarithm, mpmath.log, lambda s: (near_one(s),), 0.9),
    "log of a uniform": (
        logarithm,
        mpmath.log,
        lambda s: ((s.getrandbits(52) + 0.5) * 2.0**-52,),
        0.9,
    ),
    "expm1": (exponential_minus_one, mpmath.expm1, small_or_wide(50.0), 2.0),
    "log1p": (logarithm_plus_one, mpmath.log1p, small_or_wide(1.0), 2.0),
    "log1p large": (logarithm_plus_one, mpmath.log1p, lambda s: (any_positive(s),), 2.0),
    "excess": (exponential_excess, lambda x: mpmath.expm1(x) - x, small_or_wide(50.0), 8.0),
    "power": (power, mpmath.power, to_a_power(any_positive), 0.9),
    "power near one": (power, mpmath.power, to_a_power(near_one), 0.9),
    "usual power": (power, mpmath.power, lambda s: (s.uniform(0, 50), s.uniform(-5, 5)), 0.9),
}


def worst_error(name: str, count: int, seed: int) -> tuple[float, Arguments]:
    """The largest error of a case over random arguments, and where it is."""
    function, exact, generate, _ = CASES[name]
    source = random.Random(f"{name} {seed}")
    worst: tuple[float, Arguments] = (0.0, ())
    with mpmath.workprec(250):
        for _ in range(count):
            arguments = generate(source)
            error = ulps(function(*arguments), exact(*map(mpmath.mpf, arguments)))
            worst = max(worst, (error, arguments))
    return worst


@pytest.mark.parametrize("name", CASES)
def test_accuracy(name: str) -> None:
    error, arguments = worst_error(name, 1500, 1)
    assert error <= CASES[name][3], arguments


@pytest.mark.full
@pytest.mark.parametrize("name", CASES)
def test_accuracy_over_many(name: str) -> None:
    error, arguments = worst_error(name, 300_000, 2)
    assert error <= CASES[name][3], arguments


def test_an_error_of_one_unit_is_seen() -> None:
    assert ulps(nextafter(1.0, 2.0), mpmath.mpf(1)) == 1.0
    assert ulps(SMALLEST, mpmath.mpf(2) ** -1073) == 1.0
    assert ulps(inf, mpmath.mpf(1e308)) == inf


def same(value: float, expected: float) -> bool:
    """Equal with the sign of zero, or both nan."""
    if isnan(expected):
        return isnan(value)
    return value == expected and copysign(1.0, value) == copysign(1.0, expected)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (exponential, 0.0, 1.0),
        (exponential, -0.0, 1.0),
        (exponential, SMALLEST, 1.0),
        (exponential, inf, inf),
        (exponential, -inf, 0.0),
        (exponential, nan, nan),
        (exponential, 709.782712893384, 1.7976931348622732e308),
        (exponential, 709.7827128933841, inf),
        (exponential, 1e308, inf),
        (exponential, -745.1332191019411, SMALLEST),
        (exponential, -745.1332191019412, 0.0),
        (exponential, -1e308, 0.0),
        (logarithm, 0.0, -inf),
        (logarithm, -0.0, -inf),
        (logarithm, 1.0, 0.0),
        (logarithm, inf, inf),
        (logarithm, -SMALLEST, nan),
        (logarithm, -inf, nan),
        (logarithm, nan, nan),
        (logarithm, SMALLEST, -744.4400719213812),
        (logarithm, LARGEST, 709.782712893384),
        (logarithm_plus_one, -1.0, -inf),
        (logarithm_plus_one, -1.5, nan),
        (logarithm_plus_one, 0.0, 0.0),
        (logarithm_plus_one, 1e-300, 1e-300),
        (logarithm_plus_one, inf, inf),
        (logarithm_plus_one, nan, nan),
        (exponential_minus_one, 0.0, 0.0),
        (exponential_minus_one, 1e-300, 1e-300),
        (exponential_minus_one, -inf, -1.0),
        (exponential_minus_one, 1000.0, inf),
        (exponential_minus_one, nan, nan),
        (exponential_excess, 0.0, 0.0),
        (exponential_excess, nan, nan),
        (exponential_excess, 800.0, inf),
    ],
)
def test_edges(function: Callable[[float], float], x: float, expected: float) -> None:
    assert same(function(x), expected)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.0, 0.0, 1.0),
        (nan, 0.0, 1.0),
        (1.0, nan, 1.0),
        (1.0, inf, 1.0),
        (nan, 1.0, nan),
        (2.0, nan, nan),
        (0.0, 2.5, 0.0),
        (0.0, -2.5, inf),
        (inf, 0.5, inf),
        (inf, -0.5, 0.0),
        (2.0, inf, inf),
        (2.0, -inf, 0.0),
        (0.5, inf, 0.0),
        (0.5, -inf, inf),
        (2.0, 1024.0, inf),
        (2.0, -1074.0, SMALLEST),
        (2.0, 1e300, inf),
        (0.9999999999999999, 1e300, 0.0),
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (-2.0, -1.0, -0.5),
        (-2.0, 0.5, nan),
        (-2.0, inf, nan),
        (-1.0, 9007199254740992.0, 1.0),
        (-1.0, 9007199254740991.0, -1.0),
    ],
)
def test_power_edges(x: float, y: float, expected: float) -> None:
    assert same(power(x, y), expected)


def test_a_power_that_is_a_double_is_exact() -> None:
    for base in range(2, 60):
        for exponent in range(-3, 30):
            exact = Fraction(base) ** exponent
            if Fraction(float(exact)) == exact and exact < 2**53:
                assert power(float(base), float(exponent)) == float(exact)
    source = random.Random(3)
    for _ in range(3000):
        root = float(source.getrandbits(26) + 1) * 2.0 ** source.randint(-60, 60)
        assert power(root, 2.0) == root * root
        assert power(root * root, 0.5) == root
        assert power(root, 1.0) == root


def test_functions_are_monotone_where_their_formulas_change() -> None:
    seams = [k * 0.34657359027997264 for k in range(-9, 10)] + [40.0, -40.0]
    for function, places in (
        (exponential, seams),
        (exponential_minus_one, seams),
        (logarithm, [0.5**0.5 * 2.0**k for k in range(-5, 6)] + [1.0, 2.2250738585072014e-308]),
        (logarithm_plus_one, [0.5**0.5 - 1.0, 2.0**0.5 - 1.0]),
    ):
        for place in places:
            x, steps = nextafter(place, -inf), 40
            for _ in range(steps):
                x = nextafter(x, -inf)
            values = []
            for _ in range(2 * steps):
                values.append(function(x))
                x = nextafter(x, inf)
            assert values == sorted(values)


def test_known_values_in_every_bit() -> None:
    """What other engines and other machines must give too."""
    values = [
        exponential(1.0),
        exponential(-36.7),
        logarithm(10.0),
        logarithm(3e-17),
        power(2.5, 3.7),
        exponential_minus_one(-0.4),
        logarithm_plus_one(1e-5),
    ]
    assert [value.hex() for value in values] == KNOWN


def test_polynomial_is_horners_rule() -> None:
    assert polynomial((1.0, 2.0, 3.0), 10.0) == 321.0


@pytest.mark.full
def test_coefficients_are_what_the_tool_computes() -> None:
    subprocess.run([sys.executable, str(TOOL), "--check"], check=True)


KNOWN = [
    "0x1.5bf0a8b14576ap+1",
    "0x1.0998b04bdd190p-53",
    "0x1.26bb1bbb55516p+1",
    "-0x1.305cd839b424fp+5",
    "0x1.dac93f32d18ddp+4",
    "-0x1.51979f31b1e25p-2",
    "0x1.4f8aea9ae7317p-17",
]
