"""Integrals over parameters that the data know well, against what conjugate priors come to."""

from __future__ import annotations

from math import log, pi

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import betaln

from foedus.exact.sharp import integrate_around_mode
from foedus.expr.prior import Normal, Uniform

Numbers = NDArray[np.float64]


@pytest.mark.parametrize(("hits", "misses"), [(0, 0), (0, 3), (2, 1), (40, 360), (900, 100)])
def test_a_share_of_many_cases(hits: int, misses: int) -> None:
    """Under a uniform prior each order of so many hits and misses has the probability of a beta
    integral; the first result, of half as many, is known around the same mode."""

    def logs(values: tuple[float, ...]) -> Numbers:
        (share,) = values
        parts = hits * np.log(share) + misses * np.log1p(-share)
        return np.array([0.5 * parts, parts])

    found = integrate_around_mode([Uniform(0.0, 1.0)], logs)
    expected = [betaln(0.5 * hits + 1.0, 0.5 * misses + 1.0), betaln(hits + 1.0, misses + 1.0)]
    off = np.abs(found.means - expected)
    assert (off <= found.errors + 1e-12).all()
    assert found.errors[1] < 1e-6


@pytest.mark.parametrize("sd", [0.01, 0.3, 5.0])
def test_two_numbers_of_which_only_the_sum_is_seen(sd: float) -> None:
    """Where the sum is known well the two hang together: a narrow ridge as long as the prior."""
    seen = 1.3

    def logs(values: tuple[float, ...]) -> Numbers:
        off = (seen - values[0] - values[1]) / sd
        return np.array([-0.5 * off * off - log(sd) - 0.5 * log(2.0 * pi)])

    found = integrate_around_mode([Normal(0.0, 1.0), Normal(0.0, 2.0)], logs)
    variance = 1.0 + 4.0 + sd * sd
    expected = -0.5 * seen * seen / variance - 0.5 * log(2.0 * pi * variance)
    assert abs(found.means[0] - expected) <= found.errors[0] + 1e-12
    assert found.errors[0] < 1e-6
    assert len(found.values) == found.weights.size


def test_what_is_left_at_the_edge_is_part_of_the_error() -> None:
    """Of a result that lies far from where the mode is said to be, little is seen."""

    def logs(values: tuple[float, ...]) -> Numbers:
        (value,) = values
        at_mode = -0.5 * ((value - 0.0) / 0.01) ** 2
        return np.array([-0.5 * ((value - 0.5) / 0.01) ** 2, at_mode])

    found = integrate_around_mode([Normal(0.0, 1.0)], logs)
    assert found.errors[0] > 0.5
    assert found.errors[1] < 1e-8
