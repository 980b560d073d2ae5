"""What drives the answers, in words."""

from foedus.questions.sensitivity import Drivers, Effect, Sensitivity
from foedus.report.answers.sensitivity import show_sensitivity
from tests.loading import case_of

CASE = """\
foedus: 1
case: wait
title: A wait
clock: {start: 2000-01-01, end: 2000-12-31}
parameters: {pace: {prior: 80% between 5 and 90, unit: days, grade: assumed, because: a test}}
state: {come: {type: flag, starts: false}}
events: {arrival: {when: not come, rate: 1 / pace, then: {come: true}}}
questions: {wait: {time-until: come, by: 2000-12-31}}
"""


def test_steps_of_a_length_of_time_are_in_one_unit() -> None:
    """One column had held `−53.4 days` and `+21 hours`, which looks the larger."""
    effects = (
        Effect("pace", 0.9, 0.02, 0.9, 0.02, -53.4, 1.0),
        Effect("other", 0.1, 0.02, 0.1, 0.02, 0.875, 0.2),
    )
    drivers = Drivers("wait", 82.0, 58.0, effects, False)
    found = Sensitivity("wait", "native", 1, 256, 10, 2, (drivers,))
    shown = show_sensitivity(case_of(CASE), found)
    assert "−53 days" in shown
    assert "+0.9 days" in shown
    assert "hours" not in shown
