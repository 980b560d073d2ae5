"""Draws and waiting times have the laws they are named after."""

import random
from collections.abc import Callable
from math import e, exp, expm1, inf, isfinite, log, nan
from typing import TypeAlias

import numpy as np
import pytest
import scipy.stats

from foedus.engine import clocks
from foedus.engine.numerics import (
    DRAWS,
    WAITING_TIMES,
    NumericsError,
    bernoulli,
    binomial,
    categorical,
    geometric,
    integer,
    lognormal,
    normal,
    poisson,
    uniform,
    waiting_time,
)

Law: TypeAlias = scipy.stats.distributions.rv_frozen
LEAST, MOST = 2.0**-53, 1.0 - 2.0**-53

CONTINUOUS: list[tuple[str, tuple[float, ...], Law]] = [
    ("uniform", (-2.0, 5.0), scipy.stats.uniform(-2.0, 7.0)),
    ("exponential", (3.0,), scipy.stats.expon(scale=3.0)),
    ("normal", (-1.0, 2.5), scipy.stats.norm(-1.0, 2.5)),
    ("lognormal", (2030.0, 1.3), scipy.stats.lognorm(log(1.3), scale=2030.0)),
    ("gamma", (0.4, 3.0), scipy.stats.gamma(0.4, scale=7.5)),
    ("gamma", (6.5, 3.0), scipy.stats.gamma(6.5, scale=3.0 / 6.5)),
]
DISCRETE: list[tuple[str, tuple[float, ...], Law]] = [
    ("integer", (-3.0, 8.0), scipy.stats.randint(-3, 9)),
    ("geometric", (0.15,), scipy.stats.geom(0.15, loc=-1)),
    ("geometric", (1e-3,), scipy.stats.geom(1e-3, loc=-1)),
    ("poisson", (0.01,), scipy.stats.poisson(0.01)),
    ("poisson", (4.2,), scipy.stats.poisson(4.2)),
    ("poisson", (150.0,), scipy.stats.poisson(150.0)),
    ("poisson", (10_000.0,), scipy.stats.poisson(10_000.0)),
    ("binomial", (1.0, 0.3), scipy.stats.binom(1, 0.3)),
    ("binomial", (12.0, 0.98), scipy.stats.binom(12, 0.98)),
    ("binomial", (50.0, 0.5), scipy.stats.binom(50, 0.5)),
    ("binomial", (20_000.0, 0.5), scipy.stats.binom(20_000, 0.5)),
    ("binomial", (1e6, 2.0**-19), scipy.stats.binom(1_000_000, 2.0**-19)),
]
WAITING: list[tuple[str, tuple[float, ...], Law]] = [
    ("exponential", (4.0,), scipy.stats.expon(scale=4.0)),
    ("gamma", (2.5, 3.0), scipy.stats.gamma(2.5, scale=1.2)),
    ("gamma", (0.3, 3.0), scipy.stats.gamma(0.3, scale=10.0)),
    ("erlang", (3.0, 6.0), scipy.stats.gamma(3.0, scale=2.0)),
    ("weibull", (1.7, 2.0), scipy.stats.weibull_min(1.7, scale=2.0)),
    ("weibull", (0.5, 2.0), scipy.stats.weibull_min(0.5, scale=2.0)),
    ("lognormal", (2.0, 3.0), scipy.stats.lognorm(log(3.0), scale=2.0)),
]


def name_of(value: object) -> str:
    return "" if hasattr(value, "ppf") else str(value)


def stream(seed: int, count: int) -> list[float]:
    """Uniform numbers as the engine draws them."""
    keys = clocks.run_keys(seed, 0)
    key = clocks.label_key("test", (), "draw")
    return [clocks.uniform(keys, key, n) for n in range(count)]


@pytest.mark.parametrize(("name", "parameters", "law"), CONTINUOUS, ids=name_of)
def test_continuous_draws_are_quantiles(name: str, parameters: tuple[float, ...], law: Law) -> None:
    for u in [1e-12, 0.5, *stream(1, 200)]:
        assert DRAWS[name](*parameters, u) == pytest.approx(law.ppf(u), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("name", "parameters", "law"), DISCRETE, ids=name_of)
def test_cumulated_probabilities_of_discrete_draws(
    name: str, parameters: tuple[float, ...], law: Law
) -> None:
    """A draw is at most k for u up to P(at most k), exactly to 1e-12, over the whole range."""
    draw = DRAWS[name]
    for k in np.unique(law.ppf(np.linspace(1e-6, 1.0 - 1e-6, 40))):
        boundary = float(law.cdf(k))
        if 1e-11 < boundary < 1.0 - 1e-11:
            assert draw(*parameters, boundary - 1e-12) <= k
            assert draw(*parameters, boundary + 1e-12) >= k + 1.0


def chi_square_p_value(values: list[float], law: Law, is_discrete: bool) -> float:
    """How often numbers of the law would fit it as badly as these do."""
    edges = np.unique(law.ppf(np.linspace(0.0, 1.0, 41)[1:-1]))
    bins = np.searchsorted(edges, values, side="left" if is_discrete else "right")
    observed = np.bincount(bins, minlength=len(edges) + 1)
    expected = np.diff(law.cdf(edges), prepend=0.0, append=1.0) * len(values)
    is_rare = expected < 5.0
    rare = observed[is_rare].sum(), expected[is_rare].sum()
    observed, expected = observed[~is_rare], expected[~is_rare]
    observed[0], expected[0] = observed[0] + rare[0], expected[0] + rare[1]
    return float(scipy.stats.chisquare(observed, expected).pvalue)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("name", "parameters", "law"), CONTINUOUS + DISCRETE, ids=name_of)
def test_draws_have_their_law(
    name: str, parameters: tuple[float, ...], law: Law, seed: int
) -> None:
    """54 tests at 1e-6 each: together they fail by chance once in 18,000 choices of the noise."""
    count = 1000 if parameters[0] >= 1e4 else 5000
    values = [DRAWS[name](*parameters, u) for u in stream(seed, count)]
    is_discrete = (name, parameters, law) in DISCRETE
    assert chi_square_p_value(values, law, is_discrete) > 1e-6


def test_a_wrong_law_is_seen() -> None:
    values = [poisson(4.2, u) for u in stream(1, 5000)]
    assert chi_square_p_value(values, scipy.stats.poisson(4.4), True) < 1e-6


@pytest.mark.parametrize(("name", "parameters", "law"), CONTINUOUS + DISCRETE, ids=name_of)
def test_draws_ascend_and_stay_finite(name: str, parameters: tuple[float, ...], law: Law) -> None:
    points = sorted([LEAST, *stream(5, 100), MOST])
    values = [DRAWS[name](*parameters, u) for u in points]
    assert values == sorted(values)
    assert all(isfinite(value) for value in values)
    assert law.support()[0] <= values[0]
    assert values[-1] <= law.support()[1]


def test_bernoulli_and_categorical_count_exactly() -> None:
    points = [(i + 0.5) / 1000 for i in range(1000)]
    assert sum(bernoulli(0.237, u) for u in points) == 237.0
    assert bernoulli(0.0, LEAST) == 0.0
    assert bernoulli(1.0, MOST) == 1.0
    chosen = [categorical([1.0, 0.0, 2.0, 5.0, 0.0], u) for u in points]
    assert [chosen.count(i) for i in range(5)] == [125, 0, 250, 625, 0]
    assert categorical([0.0, 1e-320, 0.0], MOST) == 1
    assert categorical([3.0], 0.5) == 0


def test_integers_reach_both_bounds_and_never_pass_them() -> None:
    source = random.Random(4)
    spans = [0, 1, 2, 2**31, 2**32 - 1, *(source.randrange(2**32) for _ in range(2000))]
    for span in spans:
        assert integer(-7.0, span - 7.0, LEAST) == -7.0
        assert integer(-7.0, span - 7.0, MOST) == span - 7.0


def test_degenerate_laws() -> None:
    assert normal(3.0, 0.0, 0.9) == 3.0
    assert lognormal(3.0, 1.0, 0.9) == 3.0
    assert uniform(2.0, 2.0, 0.9) == 2.0
    assert poisson(0.0, 0.9) == 0.0
    assert binomial(0.0, 0.4, 0.9) == 0.0
    assert binomial(9.0, 0.0, 0.9) == 0.0
    assert binomial(9.0, 1.0, 0.1) == 9.0
    assert geometric(1.0, 0.9) == 0.0


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("bernoulli", (1.1,), "a probability from 0 to 1, not 1.1"),
        ("bernoulli", (nan,), "a probability from 0 to 1, not nan"),
        ("uniform", (2.0, 1.0), "finite bounds in ascending order, not 2, 1"),
        ("uniform", (0.0, inf), "finite bounds"),
        ("uniform", (-1.7e308, 1.7e308), "finite bounds"),
        ("integer", (0.5, 2.0), "whole bounds in ascending order"),
        ("integer", (3.0, 2.0), "whole bounds in ascending order"),
        ("integer", (0.0, 4294967296.0), "at most 4294967296 values"),
        ("exponential", (0.0,), "a positive mean, not 0"),
        ("normal", (0.0, -1.0), "a standard deviation of 0 or more, not 0, -1"),
        ("normal", (nan, 1.0), "a finite mean"),
        ("lognormal", (2.0, 0.9), "a factor of 1 or more"),
        ("lognormal", (0.0, 2.0), "a positive median"),
        ("gamma", (2.0, -1.0), "a positive mean"),
        ("gamma", (0.0, 1.0), "a shape from 0.01 to 100000, not 0"),
        ("geometric", (0.0,), "a probability above 0"),
        ("poisson", (-1.0,), "a mean from 0 to 1e9, not -1"),
        ("poisson", (nan,), "a mean from 0"),
        ("binomial", (2.5, 0.5), "a whole number of trials"),
        ("binomial", (-1.0, 0.5), "a whole number of trials"),
        ("binomial", (3.0, -0.1), "a probability from 0 to 1"),
        ("categorical", ([],), "weights with a positive and finite sum"),
        ("categorical", ([0.0, 0.0],), "weights with a positive and finite sum"),
        ("categorical", ([1.0, -1.0],), "finite weights of 0 or more, not -1"),
        ("categorical", ([1.0, nan],), "finite weights of 0 or more"),
        ("categorical", ([1e308, 1e308],), "weights with a positive and finite sum"),
    ],
)
def test_draws_refuse_what_has_no_law(
    name: str, parameters: tuple[object, ...], message: str
) -> None:
    with pytest.raises(NumericsError) as caught:
        DRAWS[name](*parameters, 0.5)
    assert message in caught.value.message
    assert str(caught.value) == caught.value.message


# --- waiting times


@pytest.mark.parametrize(("kind", "parameters", "law"), WAITING, ids=name_of)
def test_waiting_times_have_their_law(kind: str, parameters: tuple[float, ...], law: Law) -> None:
    """The survival function at the waiting time is exp(-E), to full precision in both tails."""
    for unit in (1e-12, 1e-6, 0.1, 0.69, 0.7, 1.0, 2.3, 20.0, 36.7):
        exact = law.isf(exp(-unit)) if unit > 0.5 else law.ppf(-expm1(-unit))
        assert waiting_time(kind, parameters, unit) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("kind", "parameters", "law"), WAITING, ids=name_of)
def test_waiting_times_ascend_from_zero_to_infinity(
    kind: str, parameters: tuple[float, ...], law: Law
) -> None:
    units = [0.0, LEAST, 1e-9, *(i / 50 for i in range(1, 200)), 36.7, inf]
    values = [waiting_time(kind, parameters, unit) for unit in units]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[-1] == inf


def test_a_fixed_waiting_time_ignores_the_noise() -> None:
    assert [waiting_time("fixed", (2.5,), unit) for unit in (0.0, 1.0, inf)] == [2.5] * 3
    assert waiting_time("lognormal", (2.5, 1.0), 0.0) == 2.5


def test_two_thirds_lie_within_the_factor() -> None:
    units = [-log((i + 0.5) / 10_000) for i in range(10_000)]
    inside = sum(2.0 / e < waiting_time("lognormal", (2.0, e), unit) < 2.0 * e for unit in units)
    assert inside == 6827 or inside == 6826


@pytest.mark.parametrize(
    ("kind", "parameters", "unit", "message"),
    [
        ("exponential", (-1.0,), 1.0, "a positive mean"),
        ("gamma", (2.0, nan), 1.0, "a positive mean"),
        ("gamma", (-2.0, 1.0), 1.0, "a shape from"),
        ("erlang", (2.5, 1.0), 1.0, "a whole number of stages, not 2.5"),
        ("erlang", (0.0, 1.0), 1.0, "a whole number of stages"),
        ("weibull", (0.0, 1.0), 1.0, "a positive shape and a positive scale"),
        ("weibull", (1.0, inf), 1.0, "a positive shape and a positive scale"),
        ("lognormal", (1.0, 0.5), 1.0, "a factor of 1 or more"),
        ("fixed", (-1.0,), 1.0, "a delay of 0 or more"),
        ("fixed", (1.0,), -0.5, "a cumulated hazard cannot be -0.5"),
        ("fixed", (1.0,), nan, "a cumulated hazard cannot be nan"),
    ],
)
def test_waiting_times_refuse_what_has_no_law(
    kind: str, parameters: tuple[float, ...], unit: float, message: str
) -> None:
    with pytest.raises(NumericsError) as caught:
        waiting_time(kind, parameters, unit)
    assert message in caught.value.message


def test_every_name_is_tested() -> None:
    tested = {name for name, _, _ in CONTINUOUS + DISCRETE}
    assert tested | {"bernoulli", "categorical"} == set(DRAWS)
    assert {kind for kind, _, _ in WAITING} | {"fixed"} == set(WAITING_TIMES)


def test_known_values_in_every_bit() -> None:
    """What other engines and other machines must give too."""
    draws: list[tuple[Callable[..., float], tuple[float, ...]]] = [
        (DRAWS["gamma"], (0.4, 3.0)),
        (DRAWS["normal"], (-1.0, 2.5)),
        (DRAWS["lognormal"], (2030.0, 1.3)),
        (WAITING_TIMES["weibull"], (1.7, 2.0)),
        (WAITING_TIMES["lognormal"], (2.0, 3.0)),
        (WAITING_TIMES["erlang"], (3.0, 6.0)),
    ]
    assert [draw(*parameters, 0.3).hex() for draw, parameters in draws] == KNOWN


KNOWN = [
    "0x1.20525a225dc76p-2",
    "-0x1.27cee3d71bbbep+1",
    "0x1.ba443caa0f75ap+10",
    "0x1.f85747e322b5bp-1",
    "0x1.f7aa34c52d1d8p-1",
    "0x1.c3078970a5d0ep+1",
]
