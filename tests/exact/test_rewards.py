"""Expected numbers of firings, by rates, at dates and at the start, against formulas."""

from __future__ import annotations

from math import exp

import pytest

from foedus.jump.lower import lower
from foedus.questions.answers import simulate
from tests.loading import case_of

CASE = """\
foedus: 1
case: rewards
title: How often things happen
clock: {start: 2000-01-01, end: 2000-01-11}
actors: {chief: {kind: person}}
parameters:
  speed: {value: 0.3, unit: per day, grade: assumed, because: a test}
  often: {value: 0.6, unit: per day, grade: assumed, because: a test}
  taste: {value: 0.5, grade: assumed, because: a test}
state:
  up: {type: flag, starts: false}
  begun: {type: flag, starts: false}
events:
  begins: {at: 2000-01-01, then: {begun: true}}
  rises: {when: not up, rate: speed, then: {up: true}}
  falls: {at: [2000-01-03, 2000-01-05], when: up, then: {up: false}}
  turns:
    by: chief
    rate: often
    choose:
      back: {utility: taste, then: {begun: true}}
      stay: {utility: 0}
questions:
  begins: {mean: firings(begins), at: 2000-01-10}
  falls: {mean: firings(falls), at: 2000-01-10}
  rises: {mean: firings(rises), at: 2000-01-10}
  turns: {mean: firings(turns), at: 2000-01-10}
  back: {mean: firings(turns.back), at: 2000-01-10}
  weighted: {mean: firings(turns) - 3 * firings(turns.stay) + 2 * firings(begins), at: 2000-01-10}
"""


def test_rates_dates_and_the_start() -> None:
    """Two days before it falls, two more before it falls again, and the six days that are left."""
    found = simulate(lower(case_of(CASE)), draws=1, seed=1, engine="exact").questions
    falls, turns, back = 2.0 * (1.0 - exp(-0.6)), 6.0, 1.0 / (1.0 + exp(-0.5))
    expected = {
        "begins": 1.0,
        "falls": falls,
        "rises": falls + 1.0 - exp(-1.8),
        "turns": turns,
        "back": turns * back,
        "weighted": turns - 3.0 * turns * (1.0 - back) + 2.0,
    }
    assert {one.name: one.estimate.value for one in found} == pytest.approx(expected, abs=1e-12)


WAITS = """\
questions:
  plain: {time-until: up, by: 2000-01-10}
  from-start: {time-until: up, from: begun, by: 2000-01-10}
  from-then: {time-until: up, from: late, by: 2000-01-10}
"""


def test_waits_from_what_is_so_already_and_from_what_comes_about() -> None:
    """Of a rate r in T days the mean wait is (1 - exp(-r T)) / r, and exp(-r T) do not see it."""
    text = CASE[: CASE.index("questions:")] + WAITS
    text = text.replace("  begun:", "  late: {type: flag, starts: false}\n  begun:").replace(
        "falls: {at: [2000-01-03, 2000-01-05], when: up, then: {", "comes: {at: 2000-01-05, then: "
        "{late: true, "
    )  # fmt: skip
    found = simulate(lower(case_of(text)), draws=1, seed=1, engine="exact").questions
    for one, days in zip(found, (10.0, 10.0, 6.0), strict=True):
        never = exp(-0.3 * days)
        assert one.estimate.value == pytest.approx((1.0 - never) / 0.3, abs=1e-10), one.name
        assert one.never is not None
        assert one.never.value == pytest.approx(never, abs=1e-12), one.name


def test_the_largest_of_those_that_end_as_asked() -> None:
    """Who is not up after the last six days has not risen in them; it hangs on the four before."""
    text = CASE[: CASE.index("questions:")].replace("[2000-01-03, 2000-01-05]", "2000-01-05")
    text += (
        "questions:\n"
        "  whole: {maximum: if up then 1 else 0, between: 2000-01-01/2000-01-10}\n"
        "  some: {maximum: if up then 1 else 0, between: 2000-01-01/2000-01-10, given: not up}\n"
        "  least: {minimum: if up then 1 else 0, between: 2000-01-04/2000-01-10, given: up}\n"
    )
    found = simulate(lower(case_of(text)), draws=1, seed=1, engine="exact").questions
    expected = {"whole": 1.0 - exp(-3.0), "some": 1.0 - exp(-1.2), "least": 0.0}
    values = {one.name: one.estimate.value for one in found}
    assert values == pytest.approx(expected, abs=1e-12)


def test_acts_of_all_options_are_counted_where_no_option_is_asked_for() -> None:
    text = CASE[: CASE.index("questions:")]
    text += "questions: {turns: {mean: firings(turns), at: 2000-01-10}}\n"
    (found,) = simulate(lower(case_of(text)), draws=1, seed=1, engine="exact").questions
    assert found.estimate.value == pytest.approx(6.0, abs=1e-12)
