"""What has no exact answer is refused, in the words of the case, with a cure."""

from __future__ import annotations

import pytest

from foedus import study
from foedus.exact.refusal import NotExactError
from foedus.exact.solve import LIMIT
from foedus.jump.lower import lower
from foedus.questions.exact import solve_exactly
from tests.loading import case_of

BASE = """
foedus: 1
case: small
title: Small
clock: {start: 2000-01-01, end: 2000-01-31}
parameters:
  pace: {value: 0.1, unit: per day, grade: assumed, because: an example}
  long: {value: 4, unit: days, grade: assumed, because: an example}
  odd: {value: 1.5, grade: assumed, because: an example}
state:
  done: {type: flag, starts: false}
  x: {type: count, starts: 0, max: 5}
"""


def refusal(more: str, state: str = "", limit: int = LIMIT, **fixed: float) -> str:
    """Why the case has no exact answer."""
    model = lower(case_of(BASE + state + more))
    with pytest.raises(NotExactError) as found:
        solve_exactly(model, model.atoms, fixed, limit=limit)
    assert found.value.refusal.cure
    return found.value.refusal.reason


ABOUT_X = "questions: {x: {mean: x, at: 2000-01-31}}\n"
QUESTION = "questions: {done: {probability: done, at: 2000-01-31}}\n"


@pytest.mark.parametrize(
    ("state", "event", "reason"),
    [
        ("  l: {type: level, starts: 0}\n", "{rate: pace, then: {l: l + 1}}", "`l` is a level"),
        ("  s: {type: share, starts: 0}\n", "{rate: pace, then: {s: 1 - s}}",
         "`s` is a share without steps"),
        ("", "{when: not done, after: 'weibull(odd, long)', then: {done: true}}",
         "the event `e` waits a `weibull` time"),
        ("", "{when: not done, after: 'gamma(odd, long)', then: {done: true}}",
         "the `gamma` time that `e` waits is of shape 1.5"),
        ("", "{when: not done, after: 'erlang(odd, long)', then: {done: true}}",
         "the `erlang` time that `e` waits is of shape 1.5"),
        ("", "{when: not done, after: exponential(long * (1 + x)), then: {done: true}}",
         "the waiting time of the event `e` is fixed by the state in which it begins"),
        ("", "{rate: pace * time / long, every: 1 day, then: {done: true}}",
         "the rate of the event `e` is held between ticks"),
        ("", "{when: x < 3, rate: pace, draw: {n: poisson(odd)}, then: {x: 'min(5, x + n)'}}",
         "the event `e` draws `n` from `poisson`"),
        ("  s: {type: share, starts: 0, steps: 4}\n",
         "{when: s < 0.5, rate: pace, then: {s: s + 0.1}}",
         "`s` becomes 0.1, between its 4 steps"),
    ],
)  # fmt: skip
def test_what_is_no_state(state: str, event: str, reason: str) -> None:
    text = f"events: {{e: {event}, f: {{when: not done, rate: pace, then: {{done: true}}}}}}\n"
    assert reason in refusal(text + QUESTION, state)


def test_a_waiting_time_that_its_law_does_not_have_is_named() -> None:
    waits = "events: {e: {when: not done, after: exponential(long), then: {done: true}}}\n"
    found = refusal(waits + QUESTION, long=0.0)
    assert "event `e`: `exponential` needs a positive mean, not 0" in found


def test_a_step_out_of_bounds_is_named() -> None:
    found = refusal("events: {e: {rate: pace, then: {x: x + 2}}}\n" + ABOUT_X)
    assert "event `e`: `x` would become 6, outside 0..5" in found


def test_questions_without_exact_answers() -> None:
    events = "events: {e: {when: not done, rate: pace, then: {done: true}}}\n"
    asked = "questions: {q: {average: x, given: done}}\n"
    assert "asks for a `average` among the courses" in refusal(events + asked)


def test_too_many_states_are_named_by_what_makes_them_many() -> None:
    state = "  many: {type: count, starts: 0}\n  few: {type: flag, starts: false}\n"
    events = """
events:
  comes: {rate: pace, then: {many: many + 1}}
  turns: {rate: pace, then: {few: not few}}
"""
    asked = "questions: {m: {mean: many, at: 2000-01-31}}\n"
    found = refusal(events + asked, state, limit=20)
    assert "more than 20 states matter (`many` takes 11 values and `few` takes 2 values)" in found


def test_what_ifs_are_refused() -> None:
    case = case_of(BASE + "events: {e: {when: not done, rate: pace, then: {done: true}}}\n"
                   + QUESTION + "what-if: {never: {forbid: e}}\n")  # fmt: skip
    with pytest.raises(NotExactError, match="a what-if has no exact answer"):
        study.simulate(case, what_if="never", engine="exact")
