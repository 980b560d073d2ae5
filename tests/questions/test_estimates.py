"""The estimates themselves, on made-up runs whose variances are known."""

import numpy as np
import pytest

from foedus.questions.estimates import (
    Estimate,
    estimate,
    inner_sums,
    left_sum,
    mixed_quantiles,
    ratio,
    weighted_quantiles,
)

ONE = np.ones(1)


def test_sums_run_from_the_left() -> None:
    terms = np.array([1e16, 1.0, 1.0, -1e16, 1.0])
    assert left_sum(terms) == 1.0
    assert inner_sums(terms.reshape(1, 1, 5))[0, 0] == 1.0
    assert left_sum(np.array([])) == 0.0


def test_weighted_quantiles() -> None:
    values, masses = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantiles(values, masses, (0.0, 0.25, 0.26, 0.75, 1.0)) == [1, 1, 2, 2, 3]
    assert weighted_quantiles(np.array([1.0, np.inf]), np.ones(2), (0.5, 0.6)) == [1.0, None]
    assert weighted_quantiles(np.array([]), np.array([]), (0.5,)) == [None]
    assert weighted_quantiles(np.array([1.0, np.nan]), np.ones(2), (0.1,)) == [None]


@pytest.mark.parametrize("seed", range(20))
def test_quantiles_of_several_samples(seed: int) -> None:
    """As of all values together with their masses; with ties, infinities and empty samples."""
    random = np.random.default_rng(seed)
    sizes, weights = random.integers(0, 40, 5), random.integers(0, 9, 5) / 8
    parts = [random.choice([-1.5, 0.0, 2.0, random.random(), np.inf], size) for size in sizes]
    levels = 0.0, *random.random(8), 0.5, 1.0
    found = mixed_quantiles(parts, weights, levels)
    assert found == weighted_quantiles(np.concatenate(parts), np.repeat(weights, sizes), levels)
    assert mixed_quantiles([np.array([])], ONE, levels) == [None] * len(levels)


def normal_runs(spread: float, noise: float, outer: int = 2000, inner: int = 5) -> np.ndarray:
    """Runs with a known variance between draws and within them."""
    generator = np.random.default_rng(7)
    levels = generator.normal(10.0, spread, (1, outer, 1))
    return levels + generator.normal(0.0, noise, (1, outer, inner))


@pytest.mark.parametrize(("spread", "noise"), [(1.0, 0.5), (1.0, 3.0), (0.3, 1.0)])
def test_inner_noise_is_taken_out(spread: float, noise: float) -> None:
    """95 % of normal levels lie within 1.96 spreads; the raw means would reach much further."""
    answers = normal_runs(spread, noise)
    counts = np.ones(answers.shape, dtype=np.bool_)
    found = estimate(answers, counts, ONE, is_spread=True)
    assert found.low == pytest.approx(10 - 1.96 * spread, abs=0.15)
    assert found.high == pytest.approx(10 + 1.96 * spread, abs=0.15)
    exact = np.sqrt((spread**2 + noise**2 / 5) / 2000)
    assert found.error == pytest.approx(exact, rel=0.1)


def test_inner_noise_is_taken_out_where_few_runs_count() -> None:
    answers = normal_runs(1.0, 2.0, outer=4000)
    counts = np.random.default_rng(3).random(answers.shape) < 0.3
    found = estimate(np.where(counts, answers, np.nan), counts, ONE, is_spread=True)
    assert found.low == pytest.approx(10 - 1.96, abs=0.25)
    assert found.high == pytest.approx(10 + 1.96, abs=0.25)


def test_no_spread_where_there_is_none() -> None:
    """Draws that differ by noise only: three spreads of what is left would be .25."""
    answers = normal_runs(0.0, 1.0)
    counts = np.ones(answers.shape, dtype=np.bool_)
    found = estimate(answers, counts, ONE, is_spread=True)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low < 0.5
    flat = estimate(answers, counts, ONE, is_spread=False)
    assert flat.low == flat.high == pytest.approx(found.value)


def test_no_interval_where_noise_and_spread_cannot_be_told_apart() -> None:
    answers = normal_runs(1.0, 1.0, outer=50)
    counts = np.zeros(answers.shape, dtype=np.bool_)
    counts[:, :, 0] = True
    found = estimate(answers, counts, ONE, is_spread=True)
    assert (found.low, found.high) == (None, None)
    assert found.value == pytest.approx(answers[0, :, 0].mean())


def test_nothing_counts() -> None:
    answers = np.full((1, 3, 2), np.nan)
    counts = np.zeros(answers.shape, dtype=np.bool_)
    found = estimate(answers, counts, ONE, is_spread=True)
    assert found == Estimate(None, None, None, None)
    assert ratio(answers, counts, ONE).value is None


def test_weights_of_atoms_and_of_what_counts() -> None:
    answers = np.stack([np.zeros((40, 4)), np.ones((40, 4))])
    counts = np.ones(answers.shape, dtype=np.bool_)
    counts[1, :, 2:] = False
    found = estimate(answers, counts, np.array([0.25, 0.75]), is_spread=True)
    assert found.value == pytest.approx(0.75 * 2 / (0.25 * 4 + 0.75 * 2))
    assert (found.low, found.high) == (0.0, 1.0)


def test_answers_that_are_all_alike_have_no_error() -> None:
    answers, counts = np.full((1, 7, 3), -5.0), np.ones((1, 7, 3), bool)
    counts[0, 2, 1] = False
    found = estimate(answers, counts, np.array([0.1]), is_spread=True)
    assert found.value == pytest.approx(-5.0)
    assert found.error == 0.0


def slow_range(
    answers: np.ndarray, counts: np.ndarray, weights: np.ndarray
) -> tuple[float | None, float | None]:
    """The interval as the module states it, with loops in place of arrays."""
    atoms = []
    for own, seen in zip(answers, counts, strict=True):
        draws = [one[which] for one, which in zip(own, seen, strict=True) if which.any()]
        squares = sum(float(((one - one.mean()) ** 2).sum()) for one in draws)
        atoms.append((draws, squares, sum(one.size for one in draws) - len(draws)))
    pooled = sum(one[1] for one in atoms) / sum(one[2] for one in atoms)
    found: list[tuple[float, float]] = []
    for (draws, squares, freedom), weight in zip(atoms, weights, strict=True):
        within = squares / freedom if freedom >= 20 else pooled
        runs = sum(one.size for one in draws)
        grand = sum(float(one.sum()) for one in draws) / runs
        outside = sum(one.size * (one.mean() - grand) ** 2 for one in draws) / (len(draws) - 1)
        typical = (runs - sum(one.size**2 for one in draws) / runs) / (len(draws) - 1)
        between = max(0.0, (outside - within) / typical)
        for one in draws:
            factor = (between / (between + within / one.size)) ** 0.5
            found.append((grand + (one.mean() - grand) * factor, weight * one.size))
    found.sort()
    total, ends = sum(mass for _, mass in found), []
    for level in (0.025, 0.975):
        reached = 0.0
        for value, mass in found:
            reached += mass
            if reached >= level * total * (1.0 - 1e-12):
                ends.append(value)
                break
    return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(10))
def test_the_range_is_that_of_plain_loops(seed: int) -> None:
    """Atoms of unlike noise, one of them with few runs; draws of which unlike numbers count."""
    random = np.random.default_rng(seed)
    noise = np.array([0.3, 3.0, 1.0])[:, None, None]
    answers = random.normal(0, 1, (3, 60, 1)) + noise * random.normal(0, 1, (3, 60, 6))
    counts = random.random((3, 60, 6)) < random.random((3, 60, 1)) ** 2
    counts[2, 12:] = False
    counts[2, :12, 2:] = False
    counts[2, :3] = True
    counts[:, 0, :2] = True
    weights = np.array([0.5, 0.3, 0.2])
    found = estimate(np.where(counts, answers, np.nan), counts, weights, is_spread=True)
    assert (found.low, found.high) == pytest.approx(slow_range(answers, counts, weights))


@pytest.mark.parametrize("mass", [0.1, 1 / 3, 0.7])
def test_rounding_moves_no_quantile_that_lies_on_a_step(mass: float) -> None:
    for size in range(2, 60):
        masses = np.full(size, mass)
        levels = tuple(step / size for step in range(1, size))
        found = weighted_quantiles(np.arange(float(size)), masses, levels)
        assert found == list(range(size - 1))
