"""Uniformisation against the matrix exponential, within the bound it states."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.sparse import csr_array
from scipy.stats import poisson as poisson_law

from foedus.exact.refusal import NotExactError
from foedus.exact.uniformisation import Generator, evolve, generator, poisson

Numbers = NDArray[np.float64]


def random_generator(size: int, seed: int, scale: float = 1.0) -> tuple[Numbers, Generator]:
    """A dense generator with some rates missing and some mass lost, and the same made ready."""
    chance = np.random.default_rng(seed)
    rates = chance.exponential(scale, (size, size)) * (chance.random((size, size)) < 0.5)
    np.fill_diagonal(rates, 0.0)
    lost = chance.exponential(scale, size) * (chance.random(size) < 0.3)
    leaving = rates.sum(axis=1) + lost
    return rates - np.diag(leaving), generator(csr_array(rates.T), leaving)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("time", [0.01, 1.0, 40.0])
def test_law_after_a_time(seed: int, time: float) -> None:
    dense, made = random_generator(12, seed)
    law = np.random.default_rng(seed).dirichlet(np.ones(12))
    found = evolve(made, law, 2.0, 2.0 + time)
    expected = law @ expm(dense * time)
    assert np.abs(found.law - expected).sum() < found.error + 1e-12
    assert found.error < 1e-11
    assert (found.law >= 0.0).all()


def test_stiff_chains_and_early_ends() -> None:
    """Rates far apart; where the law settles the sum ends, and says what that may cost."""
    dense, made = random_generator(8, 3, scale=50.0)
    law = np.eye(8)[0]
    found = evolve(made, law, 0.0, 300.0, np.ones((1, 8)))
    assert len(found.segment.readings) < made.rate * 300.0 / 10.0
    assert np.abs(found.law - law @ expm(dense * 300.0)).sum() < found.error + 1e-12
    for time in (0.01, 250.0):
        assert found.segment.at(time) == pytest.approx((law @ expm(dense * time)).sum(), abs=1e-11)


def test_integrals_of_what_has_settled() -> None:
    """Once the first state has been left, at the rate 2, the second gains a day each day."""
    made = generator(csr_array(np.array([[0.0, 0.0], [2.0, 0.0]])), np.array([2.0, 0.0]))
    segment = evolve(made, np.eye(2)[0], 1.0, 401.0, np.array([[0.0, 1.0]])).segment
    assert len(segment.readings) < 100
    for length in (0.5, 30.0, 400.0):
        expected = length - (1.0 - np.exp(-2.0 * length)) / 2.0
        assert segment.integral(1.0 + length) == pytest.approx(expected, rel=1e-12)
    still = evolve(generator(csr_array((2, 2)), np.zeros(2)), np.array([0.3, 0.7]), 1.0, 5.0,
                   np.array([[2.0, 0.0]])).segment  # fmt: skip
    assert still.integral(4.0) == pytest.approx(3.0 * 0.6)


def test_readings_on_the_way() -> None:
    dense, made = random_generator(7, 5)
    law, read = np.eye(7)[2], np.random.default_rng(1).normal(size=(2, 7))
    segment = evolve(made, law, 1.0, 9.0, read).segment
    for time in (1.0, 1.5, 4.0, 9.0):
        assert segment.at(time) == pytest.approx(read @ (law @ expm(dense * (time - 1.0))), 1e-11)
    points, weights = np.polynomial.legendre.leggauss(60)
    times = 1.0 + 4.0 * (points + 1.0)
    exact = sum(
        weight * 4.0 * (read @ (law @ expm(dense * (time - 1.0))))
        for weight, time in zip(weights, times, strict=True)
    )
    assert segment.integral(9.0) == pytest.approx(exact, 1e-11)


def test_where_mass_is_added() -> None:
    """Moves that leave what they come from: the law of an observation at a random time."""
    chance = np.random.default_rng(4)
    rates = chance.exponential(1.0, (5, 5))
    np.fill_diagonal(rates, 0.0)
    leaving = rates.sum(axis=1) - np.array([0.0, 0.5, 0.0, 0.3, 0.0])
    made = generator(csr_array(rates.T), leaving)
    law = np.ones(5) / 5
    found = evolve(made, law, 0.0, 3.0)
    assert np.abs(found.law - law @ expm((rates - np.diag(leaving)) * 3.0)).sum() < found.error


def test_mass_that_grows_fast() -> None:
    """Each state feeds the other and leaves nothing: cosh and sinh of the time."""
    made = generator(csr_array(np.array([[0.0, 1.0], [1.0, 0.0]])), np.zeros(2))
    found = evolve(made, np.eye(2)[0], 0.0, 60.0)
    expected = np.array([np.cosh(60.0), np.sinh(60.0)])
    assert found.law == pytest.approx(expected, rel=1e-12)
    assert np.abs(found.law - expected).sum() < found.error


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 29.0, 31.0, 1e3, 1e6])
def test_poisson_weights(mean: float) -> None:
    first, weights = poisson(mean)
    assert weights.sum() == pytest.approx(1.0, abs=1e-14)
    numbers = np.arange(first, first + weights.size)
    assert weights == pytest.approx(poisson_law.pmf(numbers, mean), rel=1e-7, abs=1e-15)


def test_too_stiff() -> None:
    made = generator(csr_array(np.array([[0.0, 1e9], [1e9, 0.0]])), np.array([1e9, 1e9]))
    with pytest.raises(NotExactError, match="between two dates"):
        evolve(made, np.array([1.0, 0.0]), 0.0, 1.0)
