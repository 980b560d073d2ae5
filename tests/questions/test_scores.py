"""Scores against published numbers, formulas and slow twins."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from foedus.questions.scores import (
    brier,
    crps_normal,
    crps_sample,
    entropy,
    log_score,
    murphy,
)

RAIN = [0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1]
CAME = [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_the_forecasts_of_brier_1950() -> None:
    two = [[1.0 - p, p] for p in RAIN]
    assert brier(two, CAME) == pytest.approx(0.19, abs=1e-15)
    assert brier(RAIN, CAME) == pytest.approx(0.095, abs=1e-15)


def test_crps_of_a_normal_law_at_its_mean() -> None:
    assert crps_normal(0.0, 1.0, 0.0) == pytest.approx(0.23369497725510913, abs=1e-15)


@pytest.mark.parametrize(
    ("mean", "sd", "came"), [(0.0, 1.0, 1.3), (2.0, 0.5, -1.0), (3.0, 7.0, 4.0)]
)
def test_crps_of_a_normal_law_is_its_integral(mean: float, sd: float, came: float) -> None:
    law = stats.norm(mean, sd)
    below = integrate.quad(lambda x: law.cdf(x) ** 2, -np.inf, came)[0]
    above = integrate.quad(lambda x: law.sf(x) ** 2, came, np.inf)[0]
    assert crps_normal(mean, sd, came) == pytest.approx(below + above, abs=1e-8)
    fine = law.ppf((np.arange(40_000) + 0.5) / 40_000)
    assert crps_sample(fine, came) == pytest.approx(below + above, rel=1e-3)


def test_crps_of_draws_is_the_mean_over_pairs() -> None:
    draws = np.random.default_rng(3).gamma(2.0, 3.0, 60)
    pairs = np.abs(draws[:, None] - draws[None, :]).mean()
    assert crps_sample(draws, 4.0) == pytest.approx(np.abs(draws - 4.0).mean() - pairs / 2.0)
    assert crps_sample([5.0], 7.0) == 2.0


def test_log_scores() -> None:
    assert log_score([0.5, 0.25], [1, 0]) == pytest.approx(-(math.log(0.5) + math.log(0.75)) / 2)
    assert log_score([[0.2, 0.3, 0.5]], [2]) == pytest.approx(-math.log(0.5))
    many = log_score([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]], [0, 2])
    assert many == pytest.approx(-(math.log(0.2) + math.log(0.1)) / 2)
    assert log_score([0.0], [1]) == math.inf
    assert entropy([0.5, 0.5, 0.0]) == pytest.approx(math.log(2.0))


@pytest.mark.parametrize("bins", [None, 1, 3, 7])
def test_the_parts_of_the_brier_score_add_up(bins: int | None) -> None:
    chance = np.random.default_rng(5)
    p = np.round(chance.random(80), 1)
    came = chance.random(80) < p
    parts = murphy(p, came, bins)
    assert parts.score == pytest.approx(brier(p, came), abs=1e-14)
    assert sum(each.cases for each in parts.bins) == 80
    if bins is None:
        assert parts.within == pytest.approx(0.0, abs=1e-14)


def test_a_bin_holds_forecasts_that_lie_together() -> None:
    """Told in any order: the two low ones, of which one came, and the two high ones, both came."""
    low, high = murphy([0.8, 0.1, 0.6, 0.3], [1, 0, 1, 1], bins=2).bins
    assert (low.cases, low.came, high.cases, high.came) == (2, 0.5, 2, 1.0)
    assert (low.forecast, high.forecast) == pytest.approx((0.2, 0.7))


def test_honest_and_sharp_forecasts_have_the_parts_they_should() -> None:
    perfect = murphy([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 1])
    assert (perfect.reliability, perfect.resolution, perfect.uncertainty) == (0.0, 0.25, 0.25)
    flat = murphy([0.5, 0.5, 0.5, 0.5], [0, 0, 1, 1])
    assert (flat.reliability, flat.resolution) == (0.0, 0.0)


@pytest.mark.parametrize("score", ["brier", "log", "crps"])
def test_nothing_pays_but_what_one_believes(score: str) -> None:
    truth = 0.3
    said = np.linspace(0.02, 0.98, 49)
    if score == "crps":
        law = stats.norm(1.0, 2.0)
        came = law.ppf((np.arange(400) + 0.5) / 400)
        means = [np.mean([crps_normal(m, 2.0, y) for y in came]) for m in (0.0, 0.5, 1.0, 1.5)]
        assert int(np.argmin(means)) == 2
        return
    one = {"brier": brier, "log": log_score}[score]
    expected = [truth * one([p], [1]) + (1.0 - truth) * one([p], [0]) for p in said]
    assert said[int(np.argmin(expected))] == pytest.approx(0.3, abs=0.011)


def test_equal_to_scoringrules() -> None:
    import scoringrules as rules

    draws = np.random.default_rng(1).normal(size=50)
    assert crps_sample(draws, 0.3) == pytest.approx(float(rules.crps_ensemble(0.3, draws)))
    assert crps_normal(0.2, 1.5, 0.3) == pytest.approx(float(rules.crps_normal(0.3, 0.2, 1.5)))
    assert brier([0.3], [1]) == pytest.approx(float(rules.brier_score(1, 0.3)))
