"""When two answers differ by more than chance."""

import pytest

from foedus.questions.answers import Answer
from foedus.questions.estimates import Estimate
from foedus.report.comparison.disagreement import differ


def answer(value: float | None, error: float | None = 0.03) -> Answer:
    estimate = Estimate(value, None, None, None if value is None else error)
    return Answer("many", "probability", estimate, None, None, 9, 9, {}, {}, None)


@pytest.mark.parametrize(
    ("first", "second", "is_moved"),
    [
        # Errors of 0.03 and 0.04 make one of 0.05 between them, and three of those count.
        (answer(0.2), answer(0.34, 0.04), False),
        (answer(0.2), answer(0.36, 0.04), True),
        (answer(0.36, 0.04), answer(0.2), True),
        (answer(0.2, None), answer(0.2, None), False),
        (answer(0.2, None), answer(0.2001, None), True),
        # What was never given has no answer: to have one no more is no chance.
        (answer(0.2), answer(None), True),
        (answer(None), answer(0.2), True),
        (answer(None), answer(None), False),
    ],
)
def test_answers_differ_by_more_than_their_errors(
    first: Answer, second: Answer, is_moved: bool
) -> None:
    assert differ([first, second]) == is_moved
    assert differ([first, first, second]) == is_moved
