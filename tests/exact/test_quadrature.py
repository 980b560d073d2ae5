"""Integrals over parameters against closed forms, with their stated errors."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest

from foedus.exact.quadrature import finely, integrate
from foedus.expr.prior import Beta, Flag, Gamma, LogNormal, Normal, Uniform


def test_moments() -> None:
    grid = integrate(
        [Normal(2.0, 3.0), Uniform(0.0, 1.0)], lambda v: np.array([v[0], v[0] ** 2 * v[1]])
    )
    assert grid.means == pytest.approx([2.0, 6.5], rel=1e-7)
    assert (np.abs(grid.means - [2.0, 6.5]) <= grid.errors).all()


@pytest.mark.parametrize(
    ("prior", "number", "expected"),
    [
        (Gamma(3.0, 2.0), lambda x: exp(-x), (1.0 + 2.0 / 3.0) ** -3.0),
        (Beta(2.0, 5.0), lambda x: x**3 * (1.0 - x), 0.023809523809523808),
        (LogNormal(1.0, exp(1.0)), lambda x: x, exp(0.5)),
        (Uniform(1.0, 3.0), lambda x: exp(-x), (exp(-1.0) - exp(-3.0)) / 2.0),
        (Flag(0.3), lambda x: 2.0 if x else 1.0, 1.3),
    ],
)
def test_one_parameter(prior: object, number: object, expected: float) -> None:
    grid = integrate([prior], lambda v: np.array([number(v[0])]))  # type: ignore[list-item, operator]
    assert grid.means[0] == pytest.approx(expected, rel=1e-6)
    assert abs(grid.means[0] - expected) <= grid.errors[0] + 1e-12


def test_a_likelihood_much_sharper_than_the_prior() -> None:
    """A normal with sd .02 against a standard normal prior: the step is halved until it is seen."""
    grid = integrate(
        [Normal(0.0, 1.0)], lambda v: np.array([exp(-0.5 * ((v[0] - 0.7) / 0.02) ** 2)])
    )
    expected = 0.02 / sqrt(1.0004) * exp(-0.5 * 0.49 / 1.0004)
    assert grid.means[0] == pytest.approx(expected, rel=1e-6)


def test_the_spread_is_read_between_nodes() -> None:
    grid = integrate([Normal(0.0, 1.0), Flag(0.4)], lambda v: np.array([v[0] + 10.0 * v[1]]))
    levels, masses = finely(grid, grid.results[:, 0])
    order = np.argsort(levels)
    cumulated = np.cumsum(masses[order])
    assert cumulated[-1] == pytest.approx(1.0)
    assert levels[order][np.searchsorted(cumulated, 0.3)] == pytest.approx(0.0, abs=0.05)
    assert masses[levels > 5.0].sum() == pytest.approx(0.4, abs=1e-6)
