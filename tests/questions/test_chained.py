"""The range of answers from chains of courses: against formulas, and against the plain one.

Comparisons with a formula allow five standard errors: one false alarm in two million for each.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import run_islands
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.transforms import values_at
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.questions.chained import chained
from foedus.questions.design import one_by_one
from foedus.questions.estimates import Estimate, Numbers, estimate, weighted_quantiles
from foedus.questions.other_worlds import OtherWorld, other_worlds
from foedus.text.source import Source
from tests.loading import try_case, warned_case

ALONE = np.ones(1)
COURSES, APART = 11, 6


def chains(random: np.random.Generator, draws: int, spread: float, alike: float) -> Numbers:
    """Normal answers (1, outer, course): of each draw a level of standard deviation `spread`, and
    about it a stationary chain of variance 1 whose neighbours have the correlation `alike`."""
    found = np.empty((draws, COURSES))
    found[:, 0] = random.standard_normal(draws)
    for place in range(1, COURSES):
        fresh = random.standard_normal(draws)
        found[:, place] = alike * found[:, place - 1] + sqrt(1.0 - alike**2) * fresh
    return (found + spread * random.standard_normal((draws, 1)))[None]


def counting(answers: Numbers) -> np.ndarray:
    return np.ones(answers.shape, np.bool_)


def width(found: Estimate) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def spread_of(found: Estimate) -> float:
    """The variance of a normal law with this range."""
    return (width(found) / (2 * 1.959964)) ** 2


@pytest.mark.parametrize("seed", range(3))
def test_independent_courses_give_the_plain_range(seed: int) -> None:
    random = np.random.default_rng(seed)
    answers = random.standard_normal((2, 60, 5)) + random.standard_normal((2, 60, 1))
    weights, counts = np.array([0.3, 0.7]), np.ones((2, 60, 5), np.bool_)
    plain = estimate(answers, counts, weights, is_spread=True)
    found = chained(answers, counts, weights, apart=1)
    assert (found.value, found.error) == (plain.value, plain.error)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), rel=1e-12)


@pytest.mark.parametrize("alike", [0.0, 0.4, 0.6])
@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_the_range_is_that_of_the_levels(alike: float, spread: float) -> None:
    """Of six seeds together, as a variance; what six steps do not forget is alike^6, and counted.

    Its error: covariances of far pairs have a variance of at most (1 + spread^2)^2 / draws; the two
    quantiles of as many levels one of p(1 - p) / draws over the squared density there.
    """
    draws, seeds = 4000, 6
    found = [
        spread_of(chained(answers, counting(answers), ALONE, apart=APART))
        for seed in range(seeds)
        for answers in [chains(np.random.default_rng(seed), draws, spread, alike)]
    ]
    left = np.mean([alike**k for k in range(APART, COURSES) for _ in range(COURSES - k)])
    expected = spread**2 + float(left)
    of_quantiles = 2.0 * expected * sqrt(0.025 * 0.975 / draws / 2.0) / 0.05845 / 1.96
    error = sqrt(((1.0 + spread**2) / sqrt(draws)) ** 2 + of_quantiles**2) / sqrt(seeds)
    assert float(np.mean(found)) == pytest.approx(expected, abs=5 * error)


def test_neighbours_alone_would_take_chance_for_spread() -> None:
    """Where nothing but chance moves the answers, and neighbours are all but the same."""
    answers = chains(np.random.default_rng(1), 4000, 0.0, 0.6)
    near = chained(answers, counting(answers), ALONE, apart=1)
    far = chained(answers, counting(answers), ALONE, apart=APART)
    assert spread_of(near) > 0.15
    assert spread_of(far) < 5 / sqrt(4000)


def test_draws_of_unequal_sizes_keep_the_spread() -> None:
    """Half of the courses do not count, at random; the levels have the variance all the same."""
    random = np.random.default_rng(5)
    answers = chains(random, 6000, 1.0, 0.5)
    counts = random.random(answers.shape) < 0.5
    found = chained(np.where(counts, answers, np.nan), counts, ALONE, apart=APART)
    assert spread_of(found) == pytest.approx(1.0, abs=5 * 2.0 / sqrt(6000) + 0.01)


def test_too_few_pairs_tell_no_range() -> None:
    answers = chains(np.random.default_rng(2), 19, 1.0, 0.0)
    found = chained(answers, counting(answers), ALONE, apart=APART)
    assert (found.low, found.high) == (None, None)
    near = np.zeros(answers.shape, np.bool_)
    near[:, :, :APART] = True
    many = chains(np.random.default_rng(2), 400, 1.0, 0.0)
    few = chained(many, np.resize(near[:, :1], many.shape), ALONE, apart=APART)
    assert few.value is not None
    assert (few.low, few.high) == (None, None)


def test_an_answer_that_never_moves_is_one_number() -> None:
    answers = np.full((1, 50, COURSES), -1.0)
    found = chained(answers, counting(answers), ALONE, apart=APART)
    assert (found.value, found.low, found.high, found.error) == (-1.0, -1.0, -1.0, 0.0)


TEXT = """
foedus: 1
case: alike
title: Alike
clock: {start: 2000-01-01, end: 2000-01-11}
sources: {paper: {kind: news, title: The Paper}}
parameters:
  pace: {PACE, unit: per day, grade: assumed, because: a test}
  idle: {prior: 80% between 0.1 and 0.4, unit: per day, grade: assumed, because: a test}
state:
  left: {type: flag, starts: false}
  middle: {type: flag, starts: false}
  right: {type: flag, starts: false}
  rested: {type: flag, starts: false}
events:
  lift: {when: not left, rate: pace, then: {left: true}}
  raise: {when: not middle, rate: pace, then: {middle: true}}
  heave: {when: not right, rate: pace, then: {right: true}}
  rest: {when: not rested, rate: idle, then: {rested: true}}
evidence:
  - {id: E1, state: "(left == middle) and (left == right)", at: 2000-01-10T12:00, cites: [paper]}
questions:
  up: {probability: left, at: 2000-01-10T12:00}
what-if:
  no-lift: {forbid: lift}
"""
"""Three flags that go up by themselves, unseen, and are alike in the end: all three up or none. One
course turns into the other only if all three change at once, which few proposals do."""

DAYS = 9.5


@cache
def alike(pace: str) -> Case:
    return warned_case(TEXT.replace("PACE", pace))  # once only is warned about


def without_lift(pace: str, seed: int) -> OtherWorld:
    case = alike(pace)
    target = target_of(case, lower(case), lower_record(case), start)
    evidence = run_islands(target, Settings(150, Effort().sweeps), islands=4, seed=seed)
    decisions = {"no-lift": case.what_ifs["no-lift"].interventions}
    return other_worlds(target, evidence, decisions, one_by_one, courses=600, seed=seed)[0]


def test_chance_of_the_course_is_no_range() -> None:
    """With the pace known, whether all are up is chance, the same for every particle.

    Of four seeds together the spread is 0 with a standard error below 0.0015 (a variance of 1/4, 15
    far pairs of each of 600 particles, of which those next to each other are half alike), and what
    is not forgotten in between below 0.002. Pairs of courses
    twelve sweeps apart gave 0.02.
    """
    found = [without_lift("value: 0.073", seed).questions[0].difference for seed in range(4)]
    assert float(np.mean([spread_of(one) for one in found])) < 0.002 + 5 * 0.0015


def test_the_range_of_what_the_record_leaves_against_a_sum() -> None:
    """With q the chance that a flag is up: P(all up | all alike) = q^3 / (q^3 + (1 - q)^3), at the
    paces that the record leaves, which weighs them by q^3 + (1 - q)^3.

    The ends of the range rest on 15 of 600 particles, which moves them by 0.003 from seed to seed;
    means of eleven courses drawn together keep the variance of the levels, not their law, which
    moves them by 0.02. With two courses twelve sweeps apart they were off by 0.09.
    """
    prior = "prior: 80% between 0.04 and 0.12"
    case = alike(prior)
    laws = coordinates_of(lower(case), lower_record(case)).laws[0]
    scores = np.linspace(-6.0, 6.0, 4001)
    up = 1.0 - np.exp(-values_at(laws["pace"], scores) * DAYS)
    same = up**3 + (1.0 - up) ** 3
    low, high = weighted_quantiles(-(up**3) / same, np.exp(-0.5 * scores**2) * same, (0.025, 0.975))
    for seed in (1, 2):
        found = without_lift(prior, seed).questions[0].difference
        assert (found.low, found.high) == pytest.approx((low, high), abs=0.05)


def test_where_nothing_is_uncertain_there_is_no_range() -> None:
    case, _ = try_case(
        Source(
            "case.yaml",
            TEXT.replace("PACE", "value: 0.073").replace(
                "prior: 80% between 0.1 and 0.4", "value: 0.2"
            ),
        )
    )
    assert case is not None
    target = target_of(case, lower(case), lower_record(case), start)
    evidence = run_islands(target, Settings(60, Effort().sweeps), islands=4, seed=1)
    decisions = {"no-lift": case.what_ifs["no-lift"].interventions}
    (found,) = other_worlds(target, evidence, decisions, one_by_one, courses=200, seed=1)
    up = found.questions[0].difference
    assert up.low == up.high == pytest.approx(up.value)
