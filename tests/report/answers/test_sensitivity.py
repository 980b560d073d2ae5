"""What drives the answers, in words."""

from typing import Any

import pytest

from foedus.questions.sensitivity import Drivers, Effect, Sensitivity
from foedus.report.answers.sensitivity import sensitivity_record, show_sensitivity
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


@pytest.mark.parametrize(
    ("slope", "error", "english", "finnish", "most"),
    [
        # 3.1 + 2 × 4.2 = 11.5 days, rounded up
        (3.1, 4.2, "at most 12 days", "enintään 12 päivää", 11.5),
        (-3.1, 4.2, "at most 12 days", "enintään 12 päivää", 11.5),
        (0.0, 0.5, "at most 1 day", "enintään 1 päivä", 1.0),
        # resolved, or without an error at all
        (9.0, 4.2, "+9 days", "+9 päivää", 17.4),
        (0.0, 0.0, "   0", "   0", 0.0),
    ],
)
def test_a_step_that_chance_hides_is_said_by_how_large_it_may_be(
    slope: float, error: float, english: str, finnish: str, most: float
) -> None:
    """It had been said to be 0, which nobody knows."""
    drivers = Drivers(
        "wait", 82.0, 58.0, (Effect("pace", 0.9, 0.02, 0.9, 0.02, slope, error),), False
    )
    found = Sensitivity("wait", "native", 1, 256, 10, 1, (drivers,))
    case = case_of(CASE)
    assert english in show_sensitivity(case, found)
    assert finnish in show_sensitivity(case, found, "fi")
    record: Any = sensitivity_record(found)
    (question,) = record["questions"]
    assert question["effects"][0]["slope_at_most"] == pytest.approx(most)
