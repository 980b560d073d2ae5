"""What `diff` says of questions that an edit has made others."""

import pytest

from foedus import study
from foedus.report.comparison.difference import show_difference
from tests.cli.program import SMALL
from tests.loading import case_of

MEAN = 'levels: {mean: "sum(level[t] for t in town)", at: 2022-01-31}'


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Now measured in something else"), ("fi", "Mitataan nyt toisin")],
)
def test_answers_that_are_measured_in_something_else_are_not_set_side_by_side(
    language: str, told: str
) -> None:
    """A number of events is no probability, and a share of runs is no number of events."""
    chance = 'levels: {probability: "sum(level[t] for t in town) > 5", by: 2022-01-31}'
    cases = [case_of(SMALL), case_of(SMALL.replace(MEAN, chance))]
    answers = [study.simulate(case, draws=40) for case in cases]
    for first, last in ((0, 1), (1, 0)):
        order = [cases[first], cases[last]]
        found = [answers[first], answers[last]]
        text = show_difference(order, ("a", "b"), found, [None, None], language)
        assert f"{told}" in text
        assert text.count("levels") == 1
    same = show_difference(cases[:1] * 2, ("a", "b"), answers[:1] * 2, [None, None], language)
    assert told not in same
