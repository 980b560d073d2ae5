"""Random draws in the exact engine: every law, indexed draws, and the state that they lead to."""

from __future__ import annotations

from math import comb, exp, isclose, log

import pytest
from scipy.special import xlog1py, xlogy

from foedus.exact.draws import binomial
from foedus.jump.lower import lower
from foedus.questions.answers import simulate
from tests.loading import case_of

CASE = """\
foedus: 1
case: draws
title: Draws
clock: {start: 2000-01-01, end: 2000-01-31}
groups: {town: [north, south, west]}
data: {heft: {per: town, values: [1, 0, 3], grade: assumed, because: a test}}
parameters:
  luck: {value: 0.3, unit: share, grade: assumed, because: a test}
  tenth: {value: 0.1, unit: share, grade: assumed, because: a test}
state:
  hits: {type: count, starts: 0, max: 9}
  angry: {type: flag, per: town, starts: false}
  chosen: {type: {one of: town}, starts: south}
events:
  draws:
    at: 2000-01-02
    draw:
      of-four: binomial(4, luck)
      tossed: {per: {t: town}, as: "bernoulli(tenth + luck * heft[t])"}
      who: "categorical(heft[t] for t in town)"
      dice: "integer(2, 5)"
    then: {hits: of-four + dice, "angry[t] for t in town": "tossed[t]", chosen: who}
questions:
  mean: {mean: hits, at: 2000-01-31}
  four: {probability: hits == 4, at: 2000-01-31}
  north: {probability: "angry[north]", at: 2000-01-31}
  south: {probability: "angry[south]", at: 2000-01-31}
  two: {probability: "angry[north] and angry[south] and not angry[west]", at: 2000-01-31}
  first: {probability: chosen == north, at: 2000-01-31}
  last: {probability: chosen == west, at: 2000-01-31}
"""


def test_every_law() -> None:
    found = simulate(lower(case_of(CASE)), draws=1, seed=1, engine="exact").questions
    hits = [comb(4, k) * 0.3**k * 0.7 ** (4 - k) for k in range(5)]
    expected = {
        "mean": 4 * 0.3 + 3.5,
        "four": (hits[0] + hits[1] + hits[2]) / 4,
        "north": 0.4,
        "south": 0.1,
        "two": 0.0,
        "first": 0.25,
        "last": 0.75,
    }
    assert {one.name: one.estimate.value for one in found} == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("size", [0, 1, 7, 2_000, 10_000])
@pytest.mark.parametrize("p", [0.0, 1e-3, 0.3, 0.5, 0.999, 1.0])
def test_a_binomial_of_many_trials(size: int, p: float) -> None:
    """By whole numbers, whose logarithm is right to the last digit however large they are."""
    found = dict(binomial(float(size), p))
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-12)
    for k in {0, 1, 3, size // 2, round(size * p), size} & set(range(size + 1)):
        mass = log(comb(size, k)) + float(xlogy(k, p) + xlog1py(size - k, -p))
        assert isclose(found.get(float(k), 0.0), exp(mass), rel_tol=1e-10, abs_tol=1e-300)
