"""The densities of draws and the hazards of waiting times are those of the laws they name."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log

import numpy as np
import pytest
from scipy import stats

from foedus.engine import numerics
from foedus.engine.laws import DENSITIES, cumulated_hazard, error_log, log_density, log_hazard

Log = Callable[[float], float]
OTHER = {
    ("bernoulli", (0.3,)): stats.bernoulli(0.3).logpmf,
    ("uniform", (2.0, 5.0)): stats.uniform(2.0, 3.0).logpdf,
    ("integer", (-1.0, 4.0)): stats.randint(-1, 5).logpmf,
    ("exponential", (2.5,)): stats.expon(scale=2.5).logpdf,
    ("normal", (1.0, 0.5)): stats.norm(1.0, 0.5).logpdf,
    ("lognormal", (3.0, 1.4)): stats.lognorm(log(1.4), scale=3.0).logpdf,
    ("gamma", (2.5, 4.0)): stats.gamma(2.5, scale=4.0 / 2.5).logpdf,
    ("geometric", (0.4,)): stats.geom(0.4, loc=-1).logpmf,
    ("poisson", (3.5,)): stats.poisson(3.5).logpmf,
    ("binomial", (4.0, 0.3)): stats.binom(4, 0.3).logpmf,
}
"""Each law at some parameters as another library knows it."""


@pytest.mark.parametrize(("law", "other"), OTHER.items(), ids=[name for name, _ in OTHER])
def test_densities(law: tuple[str, tuple[float, ...]], other: Log) -> None:
    """Inside, at the edges, and where there is nothing, such as between whole numbers."""
    name, arguments = law
    values = [-2.0, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 3.0, 3.7, 4.0, 5.0, 6.0]
    values += [0.0] if name != "gamma" else []  # at 0 a library's limit is not a density of ours
    for value in values:
        assert log_density(name, arguments, value) == pytest.approx(other(value), rel=1e-12), value


def test_no_law_is_left_out() -> None:
    assert {name for name, _ in OTHER} == set(DENSITIES)
    assert {*DENSITIES, "categorical"} == set(numerics.DRAWS)


def test_a_position_is_as_probable_as_its_weight() -> None:
    weights = (1.0, 0.0, 3.0)
    assert [exp(log_density("categorical", weights, place)) for place in (0, 1, 2)] == [
        pytest.approx(0.25), 0.0, pytest.approx(0.75)
    ]  # fmt: skip
    assert [log_density("categorical", weights, place) for place in (-1, 0.5, 3)] == [-inf] * 3


@pytest.mark.parametrize(
    ("name", "arguments", "sure"),
    [
        ("bernoulli", (1.0,), 1.0), ("bernoulli", (0.0,), 0.0), ("geometric", (1.0,), 0.0),
        ("poisson", (0.0,), 0.0), ("binomial", (3.0, 1.0), 3.0), ("binomial", (3.0, 0.0), 0.0),
        ("normal", (2.0, 0.0), 2.0), ("integer", (2.0, 2.0), 2.0),
    ],
)  # fmt: skip
def test_laws_without_chance(name: str, arguments: tuple[float, ...], sure: float) -> None:
    for value in (0.0, 1.0, 2.0, 3.0):
        expected = 0.0 if value == sure else -inf
        assert log_density(name, arguments, value) == pytest.approx(expected, abs=1e-14)


WAITS = {
    ("exponential", (4.0,)): stats.expon(scale=4.0),
    ("weibull", (1.7, 4.0)): stats.weibull_min(1.7, scale=4.0),
    ("gamma", (2.5, 4.0)): stats.gamma(2.5, scale=4.0 / 2.5),
    ("erlang", (3.0, 4.0)): stats.gamma(3, scale=4.0 / 3),
    ("lognormal", (3.0, 1.4)): stats.lognorm(log(1.4), scale=3.0),
}


@pytest.mark.parametrize(("law", "other"), WAITS.items(), ids=[name for name, _ in WAITS])
def test_hazards(law: tuple[str, tuple[float, ...]], other: stats.rv_continuous) -> None:
    """Minus the log of the tail, and the density over the tail."""
    assert cumulated_hazard(*law, 0.0) == 0.0
    for age in (0.01, 0.5, 2.0, 7.0, 15.0):
        assert cumulated_hazard(*law, age) == pytest.approx(-other.logsf(age), rel=1e-9)
        hazard = other.logpdf(age) - other.logsf(age)
        assert log_hazard(*law, age) == pytest.approx(hazard, rel=1e-9, abs=1e-9)


def test_a_far_tail_of_a_lognormal_wait() -> None:
    """Beyond 30 standard deviations the tail is a series."""
    other = stats.norm()
    for z in (29.9, 30.1, 35.0):
        age = 3.0 * 1.4**z
        assert cumulated_hazard("lognormal", (3.0, 1.4), age) == pytest.approx(
            -other.logsf(z), rel=1e-9
        )


def test_errors_of_measurements() -> None:
    assert [error_log("exact", 3.0, 0.0, truth) for truth in (3.0, 4.0)] == [0.0, -inf]
    assert error_log("sd", 3.0, 2.0, 4.0) == pytest.approx(stats.norm(4.0, 2.0).logpdf(3.0))
    factor = stats.lognorm(np.log(1.5), scale=4.0)
    assert error_log("factor", 3.0, 1.5, 4.0) == pytest.approx(factor.logpdf(3.0))
    assert error_log("factor", 3.0, 1.5, 0.0) == -inf
