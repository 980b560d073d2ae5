"""States listed once serve at other parameters, where only rates read these."""

from __future__ import annotations

import pytest

from foedus.engine.prepare import prepare
from foedus.exact.again import read_by_rates_only, with_rates_at
from foedus.exact.asked import answer_all
from foedus.exact.solve import solve, states_for_questions
from foedus.jump.lower import lower
from tests.loading import case_of

CASE = """\
foedus: 1
case: again
title: The same states again
clock: {start: 2000-01-01, end: 2000-01-31}
actors: {chief: {kind: person}}
parameters:
  speed: {value: 0.2, unit: per day, grade: assumed, because: a test}
  pause: {value: 4, unit: days, grade: assumed, because: a test}
  taste: {value: 0.5, grade: assumed, because: a test}
  level: {value: 2, grade: assumed, because: a test}
state:
  n: {type: count, starts: 0, max: 3}
  done: {type: flag, starts: false}
events:
  grows: {when: n < 3, rate: speed, then: {n: n + 1}}
  ends: {when: n >= level and not done, after: "erlang(2, pause)", then: {done: true}}
  turns:
    by: chief
    rate: speed
    choose:
      back: {when: n > 0, utility: taste, then: {n: n - 1}}
      stay: {utility: 0}
questions:
  n: {mean: n, at: 2000-01-31}
  done: {probability: done, by: 2000-01-20}
  turns: {mean: firings(turns.back), at: 2000-01-31}
"""
FIRST = {"speed": 0.2, "pause": 4.0, "taste": 0.5, "level": 2.0}


def test_only_what_rates_read_may_change() -> None:
    assert read_by_rates_only(lower(case_of(CASE))) == {"speed", "pause"}


@pytest.mark.parametrize(
    "changed", [{"speed": 0.7}, {"pause": 1.5}, {"speed": 0.05, "pause": 9.0}, {"taste": 2.0}]
)
def test_answers_are_those_of_fresh_states(changed: dict[str, float]) -> None:
    model = lower(case_of(CASE))
    prepared, atom, theta = prepare(model), model.atoms[0], {**FIRST, **changed}
    states = states_for_questions(prepared, atom)
    before = states.at(dict(FIRST))
    again = states.at(dict(theta))
    assert (again.states is before.states) is ("taste" not in changed)
    found = [one.above for one in answer_all(again, prepared.monitors)]
    fresh = [one.above for one in solve(prepared, dict(theta), atom)]
    assert found == pytest.approx(fresh, abs=1e-12)


def test_a_way_that_opens_needs_new_states() -> None:
    model = lower(case_of(CASE))
    prepared, atom = prepare(model), model.atoms[0]
    states = states_for_questions(prepared, atom)
    closed = states.at({**FIRST, "speed": 0.0})
    assert closed.size == 1
    assert with_rates_at(closed, dict(FIRST)) is None
    assert states.at(dict(FIRST)).size > 1


def test_states_that_were_enough_need_not_be_at_a_higher_rate() -> None:
    """A number without an end, which is 6 on average by the 20th and then 60."""
    endless = CASE.replace("starts: 0, max: 3", "starts: 0").replace("when: n < 3, ", "")
    questions = endless.index("questions:")
    text = endless[:questions] + "questions: {n: {mean: n, at: 2000-01-30}}\n"
    turns, ends = text.index("  turns:"), text.index("questions:")
    model = lower(case_of(text[:turns] + text[ends:]))
    prepared, atom = prepare(model), model.atoms[0]
    states = states_for_questions(prepared, atom)
    for speed in (0.2, 2.0, 0.2):
        (found,) = answer_all(states.at({**FIRST, "speed": speed}), prepared.monitors)
        assert found.above == pytest.approx(30.0 * speed, abs=1e-9)
