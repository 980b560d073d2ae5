"""Shares of variance against functions whose indices are known.

The false-alarm rate of the whole file: some forty comparisons with intervals of five standard
errors, from eight replicates; a t distribution with seven degrees of freedom lies outside once in
600, so about once in fifteen changes of seed. The seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np
import pytest
from scipy.stats import qmc

from foedus.questions.estimates import Numbers
from foedus.questions.shapley import shapley_effects
from foedus.questions.variance import Shares, screening, shares

REPLICATES, NOISY_RUNS = 8, 20
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def sobol_g(points: Numbers) -> Numbers:
    """Sobol's g function, whose indices have a closed form (Saltelli and Sobol' 1995)."""
    product: Numbers = np.prod((np.abs(4 * points - 2) + WEIGHTS) / (1 + WEIGHTS), axis=-1)
    return product


def ishigami(points: Numbers) -> Numbers:
    """Ishigami's function on the unit cube (Ishigami and Homma 1990), a = 7, b = 0.1."""
    x = pi * (2 * points - 1)
    value: Numbers = np.sin(x[..., 0]) * (1 + 0.1 * x[..., 2] ** 4) + 7 * np.sin(x[..., 1]) ** 2
    return value


def known_g() -> tuple[Numbers, Numbers]:
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + alone) - 1
    return alone / whole, alone * np.prod(1 + alone) / (1 + alone) / whole


def known_ishigami() -> tuple[Numbers, Numbers]:
    a, b = 7.0, 0.1
    first, second = 0.5 * (1 + b * pi**4 / 5) ** 2, a * a / 8
    both = b * b * pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    alone = np.array([first, second, 0.0]) / whole
    return alone, np.array([first + both, second, both]) / whole


def taken_apart(
    function: Callable[[Numbers], Numbers], inputs: int, rows: int, seed: int, noise: float = 0.0
) -> Shares:
    """Shares from scrambled Sobol' points; with noise that depends on the inputs."""
    at_a, at_b, mixed = [], [], []
    for replicate in range(REPLICATES):
        stream = np.random.default_rng([seed, replicate])
        points = qmc.Sobol(2 * inputs, rng=stream).random(rows)
        a, b = points[:, :inputs], points[:, inputs:]
        draws = stream.normal(size=(2, NOISY_RUNS))

        def halves(table: Numbers, draws: Numbers = draws) -> Numbers:
            signal = function(table)
            return np.stack([signal + noise * one.mean() * table[:, -1] for one in draws])

        at_a.append(halves(a))
        at_b.append(halves(b))
        tables = []
        for place in range(inputs):
            table = a.copy()
            table[:, place] = b[:, place]
            tables.append(halves(table))
        mixed.append(np.stack(tables))
    return shares(np.stack(at_a), np.stack(at_b), np.stack(mixed))


def close(found: Numbers, error: Numbers, truth: Numbers) -> None:
    assert np.all(np.abs(found - truth) <= 5 * error + 0.003), (found, error, truth)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_g_function(seed: int) -> None:
    found = taken_apart(sobol_g, 6, 256, seed)
    close(found.first, found.first_error, known_g()[0])
    close(found.total, found.total_error, known_g()[1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ishigami(seed: int) -> None:
    found = taken_apart(ishigami, 3, 512, seed)
    close(found.first, found.first_error, known_ishigami()[0])
    close(found.total, found.total_error, known_ishigami()[1])


def test_noise_is_not_taken_for_variance() -> None:
    """Noise that grows with an input looks like an effect of it, unless the halves are apart."""
    found = taken_apart(sobol_g, 6, 256, 4, noise=4.0)
    close(found.total, found.total_error, known_g()[1])
    assert found.total[-1] < 0.05


def test_no_variance_gives_no_shares() -> None:
    found = taken_apart(lambda table: np.ones(len(table)), 3, 16, 1)
    assert np.isnan(found.first).all()
    assert np.isnan(found.total).all()


def test_one_replicate_has_no_error() -> None:
    with pytest.raises(ValueError, match="two replicates"):
        shares(np.zeros((1, 2, 4)), np.zeros((1, 2, 4)), np.zeros((1, 3, 2, 4)))


def test_screening_finds_what_matters_alone() -> None:
    points = np.random.default_rng(5).random((3000, 6))
    noise = np.random.default_rng(6).normal(size=(2, 3000))
    found = screening(points, sobol_g(points) + 0.3 * noise)
    assert np.all(np.abs(found - known_g()[0]) < 0.06), found
    assert found[0] > found[1] > found[2]


def test_equal_to_an_independent_implementation() -> None:
    from SALib.analyze import sobol

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    points = qmc.Sobol(6, rng=np.random.default_rng(7)).random(4096)
    a, b = points[:, :3], points[:, 3:]
    rows = []
    for one, other in zip(a, b, strict=True):
        rows.append(one)
        for place in range(3):
            mixed = one.copy()
            mixed[place] = other[place]
            rows.append(mixed)
        rows.append(other)
    oracle = sobol.analyze(problem, ishigami(np.array(rows)), calc_second_order=False)
    ours = taken_apart(ishigami, 3, 512, 8)
    close(ours.first, ours.first_error, np.array(oracle["S1"]))
    close(ours.total, ours.total_error, np.array(oracle["ST"]))


@pytest.mark.parametrize("correlation", [0.0, 0.6, -0.5])
def test_shapley_effects_of_correlated_inputs(correlation: float) -> None:
    """A linear function of two correlated normal variables has them in closed form (Owen 2017)."""
    slopes = np.array([1.0, 2.0])
    covariance = np.array([[1.0, correlation], [correlation, 1.0]])
    whole = slopes @ covariance @ slopes
    shared = correlation * slopes[0] * slopes[1]
    swapped = correlation**2 * (slopes[1] ** 2 - slopes[0] ** 2) / 2
    truth = np.array([slopes[0] ** 2 + shared + swapped, slopes[1] ** 2 + shared - swapped]) / whole
    stream = np.random.default_rng(9)
    inputs = stream.multivariate_normal([0.0, 0.0], covariance, 4000)
    answers = inputs @ slopes + stream.normal(size=(2, 4000))
    found = shapley_effects(inputs, answers)
    assert found.sum() == pytest.approx(1.0)
    assert np.all(np.abs(found - truth) < 0.04), (found, truth)


def test_shapley_effects_share_what_inputs_do_together() -> None:
    """Half of the variance of xy + z is that of the product, which x and y share evenly."""
    stream = np.random.default_rng(9)
    inputs = stream.normal(size=(8000, 3))
    answers = inputs[:, 0] * inputs[:, 1] + inputs[:, 2] + stream.normal(size=(2, 8000))
    found = shapley_effects(inputs, answers)
    assert found.sum() == pytest.approx(1.0)
    assert np.all(np.abs(found - [0.25, 0.25, 0.5]) < 0.05), found


def test_shapley_effects_of_too_many_inputs() -> None:
    with pytest.raises(ValueError, match="at most"):
        shapley_effects(np.zeros((10, 9)), np.zeros((2, 10)))


def test_errors_where_only_the_mixed_tables_differ_are_those_of_a_mean() -> None:
    """Then each index is a mean over replicates, of which the jackknife gives the usual error."""
    random = np.random.default_rng(5)
    at_a, at_b = (np.repeat(random.random((1, 1, 64)), REPLICATES, axis=0) for _ in range(2))
    at_a, at_b = (np.repeat(one, 2, axis=1) for one in (at_a, at_b))
    mixed = random.random((REPLICATES, 2, 2, 64))
    whole = shares(at_a, at_b, mixed)
    each = [
        shares(np.stack([a, a]), np.stack([b, b]), np.stack([m, m]))
        for a, b, m in zip(at_a, at_b, mixed, strict=True)
    ]
    for name in ("first", "total"):
        own = np.array([getattr(one, name) for one in each])
        assert getattr(whole, name) == pytest.approx(own.mean(axis=0))
        usual = own.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
        assert getattr(whole, f"{name}_error") == pytest.approx(usual)


def test_screening_takes_no_chance_for_a_share() -> None:
    """The means of five bins of twenty rows have by chance a twentieth of the variance of rows,
    less a hundredth, which the common mean has.

    Of 2,000 tables the mean lies within five standard errors: a false alarm in two million. A
    hundredth too much is nine of them.
    """
    random = np.random.default_rng(9)
    found = []
    for _ in range(2000):
        answers = random.normal(size=100)
        found.append(screening(random.random((100, 1)), np.stack([answers, answers]))[0])
    assert abs(np.mean(found)) <= 5 * np.std(found) / np.sqrt(len(found))
    assert np.std(found) / np.sqrt(len(found)) < 0.0015
