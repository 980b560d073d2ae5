"""Weights in decibels, worked by hand: against the average of what is left, and from the prior."""

from __future__ import annotations

from math import inf, isnan, log, log10, nan

import pytest

from foedus.infer.islands.standings import Standing
from foedus.infer.verdict.decibels import against_average, between, decibels, from_prior
from foedus.infer.verdict.verdict import Weight

PRIORS = {"a": 0.5, "b": 0.3, "c": 0.2}
STANDINGS = tuple(
    Standing(name, (place,), True, prior, 0.0, 0.0, prior, prior, prior, 0.0)
    for place, (name, prior) in enumerate(PRIORS.items())
)
SET = Standing("some", (0, 1), False, 0.8, 0.0, 0.0, 0.8, 0.8, 0.8, 0.0)


def piece(**chances: float) -> Weight:
    """A piece of evidence by how probable it is; nan for what had been ruled out before."""
    logs = {name: -inf if chance == 0.0 else log(chance) for name, chance in chances.items()}
    return Weight("one", "item", 1.0, logs)


def test_a_factor_of_ten_is_ten_decibels() -> None:
    assert decibels(log(10.0)) == pytest.approx(10.0)
    assert decibels(log(0.1)) == pytest.approx(-10.0)


def test_a_piece_is_measured_by_its_probability_on_average() -> None:
    found = against_average(piece(a=0.6, b=0.1, c=0.0), (*STANDINGS, SET))
    average = 0.5 * 0.6 + 0.3 * 0.1
    assert set(found) == set(PRIORS)
    assert found["a"] == pytest.approx(10.0 * log10(0.6 / average))
    assert found["b"] == pytest.approx(10.0 * log10(0.1 / average))
    assert found["c"] == -inf


def test_what_had_been_ruled_out_has_no_part_in_the_average() -> None:
    found = against_average(piece(a=0.6, b=0.1, c=nan), STANDINGS)
    average = (0.5 * 0.6 + 0.3 * 0.1) / 0.8
    assert found["a"] == pytest.approx(10.0 * log10(0.6 / average))
    assert isnan(found["c"])


def test_what_is_impossible_for_all_speaks_for_none() -> None:
    found = against_average(piece(a=0.0, b=0.0, c=nan), STANDINGS)
    assert (found["a"], found["b"]) == (0.0, 0.0)
    assert isnan(found["c"])


def test_a_record_moves_what_was_probable_to_the_posterior() -> None:
    chances = {"a": 1e-5, "b": 4e-5, "c": 0.0}
    total = sum(PRIORS[name] * chance for name, chance in chances.items())
    logs = {name: -inf if chance == 0.0 else log(chance) for name, chance in chances.items()}
    for gone in (-inf, nan):
        found = from_prior({**logs, "c": gone}, STANDINGS)
        for name in ("a", "b"):
            posterior = PRIORS[name] * chances[name] / total
            assert found[name] == pytest.approx(10.0 * log10(posterior / PRIORS[name]))
        assert found["c"] == -inf
    assert from_prior(dict.fromkeys(PRIORS, nan), STANDINGS) == dict.fromkeys(PRIORS, -inf)


def test_one_explanation_against_another() -> None:
    one = piece(a=0.6, b=0.1, c=0.0)
    assert between(one, "a", "b") == pytest.approx(10.0 * log10(6.0))
    assert between(one, "b", "a") == pytest.approx(-10.0 * log10(6.0))
    assert (between(one, "a", "c"), between(one, "c", "a")) == (inf, -inf)
    assert between(piece(a=0.0, b=0.0, c=nan), "a", "b") == 0.0
    assert between(piece(a=0.6, b=0.0, c=nan), "a", "c") == 0.0
