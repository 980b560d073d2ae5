"""Standings against sums and the jackknife's own formula, written out."""

from __future__ import annotations

from math import inf, log, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special

from foedus.infer.islands.islands import NOT_FOUND, Evidence
from foedus.infer.islands.standings import Standing, errors_of_95, log_odds, standings
from foedus.infer.particles.weights import Numbers

PRIORS = np.array([0.5, 0.2, 0.3])
LEVELS = np.array([[-3.0, -4.0, -6.0], [-3.2, -4.5, -5.0], [-2.7, -4.1, -5.5]])
"""Of each island and atom."""


def evidence(levels: Numbers, priors: Numbers = PRIORS) -> Evidence:
    known = np.stack([np.zeros_like(levels), levels], axis=2)
    return Evidence(("all",), priors, known, ())


def found(of: Evidence, *readings: tuple[str, tuple[int, ...], bool]) -> dict[str, Standing]:
    """Explanations and sets by name, with the numbers of their atoms."""
    atoms = [SimpleNamespace(name=f"atom {number}") for number in range(len(of.priors))]
    explanations = [
        SimpleNamespace(name=name, atoms=[f"atom {n}" for n in own], is_rival=is_rival)
        for name, own, is_rival in readings
    ]
    model = SimpleNamespace(atoms=atoms, explanations=explanations)
    return {one.name: one for one in standings(model, of)}  # type: ignore[arg-type]


def odds_of(levels: Numbers) -> float:
    """Of the first atom and the third against the second: means over islands of what they weigh."""
    masses = PRIORS * np.exp(levels).mean(axis=0)
    return log((masses[0] + masses[2]) / masses[1])


READINGS = (("wide", (0, 2), True), ("narrow", (1,), True), ("some", (0, 1), False))


def test_a_standing_is_the_sum_over_its_atoms() -> None:
    one = found(evidence(LEVELS), *READINGS)
    masses = PRIORS * np.exp(LEVELS).mean(axis=0)
    total = masses.sum()
    assert one["wide"].prior == pytest.approx(0.8)
    assert one["wide"].posterior == pytest.approx((masses[0] + masses[2]) / total)
    assert one["narrow"].posterior == pytest.approx(masses[1] / total)
    assert one["some"].posterior == pytest.approx((masses[0] + masses[1]) / total)
    assert [each.is_rival for each in one.values()] == [True, True, False]
    assert one["wide"].log_evidence == pytest.approx(log((masses[0] + masses[2]) / 0.8))
    assert log_odds(evidence(LEVELS), [0, 2], [1]) == pytest.approx(odds_of(LEVELS))
    assert log_odds(evidence(LEVELS), [0, 2], [1], [1]) == pytest.approx(odds_of(LEVELS[1:2]))


def test_its_error_is_that_of_the_jackknife() -> None:
    one = found(evidence(LEVELS), *READINGS)["wide"]
    without = np.array([odds_of(np.delete(LEVELS, left, axis=0)) for left in range(3)])
    error = sqrt(2.0 / 3.0 * float(((without - without.mean()) ** 2).sum()))
    assert one.odds_error == pytest.approx(error)
    odds = odds_of(LEVELS)
    reach = 4.302652729749464 * error  # Student's 97.5 % quantile of two degrees of freedom
    assert one.low == pytest.approx(special.expit(odds - reach))
    assert one.high == pytest.approx(special.expit(odds + reach))
    assert found(evidence(LEVELS[:1]), *READINGS)["wide"].odds_error == 0.0


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    # Log odds of islands are normal. 4 standard errors of 4,000 trials: a false alarm in 16,000;
    # with the normal quantile it would hold the truth in 86 of 100.
    random, held = np.random.default_rng(11), 0
    for _ in range(4000):
        levels = np.stack([random.normal(0.0, 0.1, 4), np.full(4, 1.0)], axis=1)
        one = found(evidence(levels, np.array([0.5, 0.5])), ("one", (0,), True))["one"]
        held += one.low < special.expit(-1.0 + 0.1**2 / 2) < one.high
    assert abs(held / 4000 - 0.95) < 4.0 * sqrt(0.95 * 0.05 / 4000)
    assert errors_of_95(8) == pytest.approx(2.3646242515927849)


def test_how_far_an_island_falls_short_does_not_count() -> None:
    def error(short: float) -> float:
        levels = LEVELS.copy()
        levels[0, 1] = levels[1:, 1].max() - short
        return found(evidence(levels), *READINGS)["narrow"].odds_error

    assert error(NOT_FOUND) == pytest.approx(error(300.0)) == pytest.approx(error(inf))
    assert error(NOT_FOUND) > error(0.1)


def test_what_is_impossible_on_either_side() -> None:
    levels = LEVELS.copy()
    levels[:, 1] = -inf
    one = found(evidence(levels), *READINGS)
    assert (one["narrow"].posterior, one["narrow"].low, one["narrow"].high) == (0.0, 0.0, 0.0)
    assert (one["wide"].posterior, one["wide"].odds_error) == (1.0, 0.0)
    assert log_odds(evidence(np.full_like(LEVELS, -inf)), [0, 2], [1]) == 0.0
    without = found(evidence(LEVELS, np.array([0.6, 0.0, 0.4])), *READINGS)
    assert without["narrow"].posterior == 0.0
    assert without["narrow"].log_evidence == pytest.approx(log(np.exp(LEVELS[:, 1]).mean()))


def test_the_atoms_of_a_case_without_explanations_are_rivals() -> None:
    one = found(evidence(LEVELS), ("some", (0, 1), False))
    assert list(one) == ["atom 0", "atom 1", "atom 2", "some"]
    assert [each.is_rival for each in one.values()] == [True, True, True, False]
    assert sum(each.posterior for each in one.values() if each.is_rival) == pytest.approx(1.0)
