"""Weights in decibels, worked by hand: against the average of what is left, and from the prior."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isnan, log, log10, nan, sqrt
from statistics import stdev

import pytest

from foedus.infer.islands.standings import Standing
from foedus.infer.verdict.decibels import (
    Spread,
    against_average,
    between,
    decibels,
    from_prior,
    is_clear,
    spread_between,
    spreads_against_average,
    spreads_from_prior,
)
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


def test_how_far_a_piece_is_open_is_the_error_of_the_mean_over_runs() -> None:
    one = replace(
        piece(a=0.5, b=0.2, c=0.3),
        runs={
            "a": (log(0.4), log(0.6), log(0.5), log(0.7)),
            "b": (log(0.2), log(0.1), -inf, log(0.3)),
            "c": (log(0.3), log(0.3), log(0.3), log(0.3)),
        },
    )
    # The third run has lost one of them: it counts where that has no part.
    a_and_c = [10.0 * log10(chance / 0.3) for chance in (0.4, 0.6, 0.5, 0.7)]
    assert spread_between(one, "a", "c").error == pytest.approx(stdev(a_and_c) / 2.0)
    assert spread_between(one, "a", "c").runs == 4
    a_and_b = [10.0 * log10(first / other) for first, other in ((0.4, 0.2), (0.6, 0.1), (0.7, 0.3))]
    assert spread_between(one, "a", "b").error == pytest.approx(stdev(a_and_b) / sqrt(3.0))
    found = spreads_against_average(one, (*STANDINGS, SET))
    runs = [(0.4, 0.2, 0.3), (0.6, 0.1, 0.3), (0.7, 0.3, 0.3)]
    averages = [0.5 * a + 0.3 * b + 0.2 * c for a, b, c in runs]
    without = (0.5 * 0.5 + 0.2 * 0.3) / 0.7
    own = [10.0 * log10(b / mean) for (_, b, _), mean in zip(runs, averages, strict=True)]
    assert found["b"].error == pytest.approx(stdev(own) / sqrt(3.0))
    own = [10.0 * log10(a / mean) for (a, _, _), mean in zip(runs, averages, strict=True)]
    assert found["a"].error == pytest.approx(stdev([*own, 10.0 * log10(0.5 / without)]) / 2.0)


def test_how_far_a_sum_is_open_is_not_the_sum_of_what_its_pieces_are() -> None:
    # What one run makes too much of, the next piece takes back.
    first = replace(piece(a=0.5, b=0.5, c=nan), runs={
        "a": (log(0.4), log(0.6)), "b": (log(0.5), log(0.5)), "c": (nan, nan),
    })  # fmt: skip
    then = replace(piece(a=0.5, b=0.5, c=nan), runs={
        "a": (log(0.6), log(0.4)), "b": (log(0.5), log(0.5)), "c": (nan, nan),
    })  # fmt: skip
    half, whole = spreads_from_prior([first, then], STANDINGS)
    moved = [from_prior({"a": log(a), "b": log(0.5), "c": nan}, STANDINGS)["a"] for a in (0.4, 0.6)]
    assert half["a"].error == pytest.approx(stdev(moved) / sqrt(2.0))
    assert whole["a"].error == pytest.approx(0.0, abs=1e-9)
    assert isnan(whole["c"].error)


def test_what_is_clear_goes_by_how_few_runs_say_so() -> None:
    sampled = replace(piece(a=0.5), runs={"a": (0.0, 0.0, 0.0, 0.0)})
    assert is_clear(sampled, 3.2, Spread(1.0, 4))
    assert is_clear(sampled, -3.2, Spread(1.0, 4))
    assert not is_clear(sampled, 3.1, Spread(1.0, 4))
    assert is_clear(sampled, 2.4, Spread(1.0, 8))
    assert not is_clear(sampled, 100.0, Spread(nan, 1))
    assert is_clear(piece(a=0.5), 0.01, Spread(nan, 0))
    assert isnan(spread_between(piece(a=0.5, b=0.2), "a", "b").error)
