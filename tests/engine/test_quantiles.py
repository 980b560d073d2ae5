"""The quantiles against mpmath: one exact Newton correction measures the relative error."""

import math
import random
from collections.abc import Callable
from math import inf, isnan, nan

import mpmath
import pytest

from foedus.engine import quantiles
from foedus.engine.elementary import (
    NumericsError,
    exponential,
    logarithm,
    logarithm_plus_one,
)
from foedus.engine.quantiles import (
    gamma_log_ratio,
    log_gamma,
    normal_quantile,
    normal_survival_quantile,
    stirling_error,
)

EDGES = (1e-320, 1e-300, 1e-30, 2.0**-53, 0.075, 0.0750001, 0.3, 0.4999999999)


def gamma_quantile(p: float, shape: float) -> float:
    """The value below which a gamma variable of unit scale lies with probability p."""
    return shape * exponential(gamma_log_ratio(logarithm(p), logarithm_plus_one(-p), shape))


def gamma_survival_quantile(q: float, shape: float) -> float:
    """The value above which a gamma variable of unit scale lies with probability q."""
    return shape * exponential(gamma_log_ratio(logarithm_plus_one(-q), logarithm(q), shape))


def relative_error(x: mpmath.mpf, p: float, tail: mpmath.mpf, density: mpmath.mpf) -> float:
    """How far x is from where the tail is p, relative to x, to first order."""
    return float(abs(mpmath.log(tail / mpmath.mpf(p)) * tail / (density * x)))


def normal_error(p: float) -> float:
    """The relative error of the normal quantile at p below one half."""
    x = -mpmath.mpf(normal_quantile(p))
    tail = mpmath.erfc(x / mpmath.sqrt(2)) / 2
    return relative_error(x, p, tail, mpmath.npdf(x))


def gamma_error(function: Callable[[float, float], float], p: float, shape: float) -> float:
    """The relative error of a gamma quantile, 0 where it underflows."""
    x = mpmath.mpf(function(p, shape))
    if x < 1e-290:
        return 0.0
    a = mpmath.mpf(shape)
    bounds = (0, x) if function is gamma_quantile else (x, mpmath.inf)
    tail = mpmath.gammainc(a, *bounds, regularized=True)
    density = mpmath.exp((a - 1) * mpmath.log(x) - x - mpmath.loggamma(a))
    return relative_error(x, p, tail, density)


def some_probability(source: random.Random) -> float:
    """A probability below one half, of any magnitude."""
    kind = source.randrange(3)
    if kind == 0:
        return source.uniform(1e-6, 0.5 - 1e-9)
    exponent = source.uniform(2.0, 1070.0 if kind == 1 else 50.0)
    magnitude = math.ldexp(1.0 - exponent % 1.0 / 2.0, -int(exponent))
    return magnitude if kind == 1 else 0.5 - magnitude


@pytest.mark.parametrize(
    "count", [400, pytest.param(100_000, marks=pytest.mark.full)], ids=["some", "many"]
)
def test_normal_quantile(count: int) -> None:
    source = random.Random(11)
    points = [*EDGES, *(some_probability(source) for _ in range(count))]
    with mpmath.workprec(250):
        assert max((normal_error(p), p) for p in points)[0] <= 1e-15


def test_normal_quantile_is_symmetric_and_has_edges() -> None:
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.0) == -inf
    assert normal_quantile(1.0) == inf
    assert isnan(normal_quantile(nan))
    assert isnan(normal_quantile(-0.1))
    assert isnan(normal_quantile(1.1))
    for p in (0.25, 0.03125, 2.0**-53):
        assert normal_quantile(1.0 - p) == -normal_quantile(p) == normal_survival_quantile(p)


def test_normal_quantile_ascends() -> None:
    points = sorted([*EDGES, *(i / 4096 for i in range(4097)), 2.0**-40, 2.0**-1000])
    values = [normal_quantile(p) for p in points]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


def test_log_gamma() -> None:
    source = random.Random(12)
    with mpmath.workprec(200):
        for _ in range(500):
            x = 10.0 ** source.uniform(-2.0, 5.1)
            exact = mpmath.loggamma(x)
            assert abs(log_gamma(x) - exact) <= 2e-14 + 1e-15 * abs(exact)
            main = (x - mpmath.mpf(0.5)) * mpmath.log(x) - x + mpmath.log(2 * mpmath.pi) / 2
            assert abs(stirling_error(x) - (exact - main)) <= 1e-14


@pytest.mark.parametrize(
    "count", [150, pytest.param(10_000, marks=pytest.mark.full)], ids=["some", "many"]
)
@pytest.mark.parametrize("function", [gamma_quantile, gamma_survival_quantile])
def test_gamma_quantile(function: Callable[[float, float], float], count: int) -> None:
    source = random.Random(13)
    shapes = [0.05, 0.5, 0.999, 1.0, 1.001, 2.0, 10.0, 9999.0, 10_000.0]
    worst = (0.0, 0.0, 0.0)
    with mpmath.workprec(160):
        for i in range(count):
            shape = shapes[i % 9] if i % 3 else 10.0 ** source.uniform(-1.3, 4.0)
            p = source.random() if i % 2 else 2.0 ** -source.uniform(0.0, 100.0)
            worst = max(worst, (gamma_error(function, p, shape), p, shape))
    assert worst[0] <= 1e-12, worst


def test_newton_needs_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds on iterations are never what ends them."""
    monkeypatch.setattr(quantiles, "MOST_STEPS", 25)
    monkeypatch.setattr(quantiles, "MOST_TERMS", 5_000)
    shapes = [0.01, 0.3, 1.0, 1.7, 40.0, 3e4, 1e5]
    points = [5e-324, 1e-100, 1e-16, 0.01, 0.5, 0.9, 1.0 - 2.0**-53]
    few = [gamma_quantile(p, shape) for p in points for shape in shapes]
    upper = [gamma_survival_quantile(p, shape) for p in points for shape in shapes]
    monkeypatch.setattr(quantiles, "MOST_STEPS", 1000)
    monkeypatch.setattr(quantiles, "MOST_TERMS", 100_000)
    assert few == [gamma_quantile(p, shape) for p in points for shape in shapes]
    assert upper == [gamma_survival_quantile(p, shape) for p in points for shape in shapes]


@pytest.mark.parametrize("shape", [0.05, 0.7, 1.0, 3.0, 500.0])
def test_gamma_quantile_ascends_across_its_seam(shape: float) -> None:
    lower = [gamma_quantile(i / 512, shape) for i in range(1, 512)]
    assert lower == sorted(lower)
    upper = [gamma_survival_quantile(i / 512, shape) for i in range(1, 512)]
    assert upper[::-1] == pytest.approx(lower, rel=1e-11)


def test_gamma_of_shape_one_is_exponential() -> None:
    for p in (1e-12, 0.3, 0.9):
        assert gamma_quantile(p, 1.0) == pytest.approx(-float(mpmath.log1p(-p)), rel=1e-15)


def test_what_is_no_gamma() -> None:
    for shape in (0.0, -1.0, nan, inf, 0.009, 1e6):
        with pytest.raises(NumericsError, match="shape"):
            gamma_quantile(0.3, shape)


def test_known_values_in_every_bit() -> None:
    """What other engines and other machines must give too."""
    values = [
        normal_quantile(0.3),
        normal_quantile(0.01),
        normal_quantile(1e-20),
        gamma_quantile(0.1, 0.7),
        gamma_quantile(0.6, 120.0),
        gamma_survival_quantile(1e-9, 2.5),
    ]
    assert [value.hex() for value in values] == KNOWN


KNOWN = [
    "-0x1.0c7e39582c5fcp-1",
    "-0x1.29c5c4630ff10p+1",
    "-0x1.2865170b43a4dp+3",
    "0x1.0f87259bad871p-5",
    "0x1.e9d60f4255f3dp+6",
    "0x1.95899cd9f4feep+4",
]
