"""What islands agree on, and what one says that has not found an explanation's courses."""

import numpy as np
import pytest

from foedus.infer.islands.islands import NOT_FOUND, Evidence, level_out
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler.sampler import Course

LOST = 300.0
"""Nats by which an island is wrong that came by no courses of an atom."""


def evidence(*gains: Numbers) -> Evidence:
    """Islands with these gains each (atom, step)."""
    levels = np.stack([np.pad(np.cumsum(one, axis=1), ((0, 0), (1, 0))) for one in gains])
    priors = np.full(levels.shape[1], 1.0 / levels.shape[1])
    levelled, totals = level_out(levels, priors)
    steps = tuple(f"step {number}" for number in range(levels.shape[2] - 1))
    courses = tuple(Course(one, np.zeros(len(steps)), ()) for one in levels)
    return Evidence(steps, priors, levelled, courses, totals)


def with_a_lost_one(off: float) -> Evidence:
    """Four islands, of which the first has lost atom 1 at the second step."""
    own = np.array([[-1.0, -2.0, -1.0], [-1.5, -3.0, -2.0]])
    lost = own.copy()
    lost[1, 1] -= off
    spread = np.array([0.1, -0.1, 0.0])
    return evidence(lost, own, own + spread, own - spread)


def test_an_island_that_has_not_found_the_courses_says_nothing_of_their_weights() -> None:
    found, sound = with_a_lost_one(LOST), with_a_lost_one(0.0)
    assert found.has_found([1]).tolist() == [False, True, True, True]
    assert found.gains([1]).sum() == pytest.approx(found.of([1]).log)
    assert found.gains([1]) == pytest.approx(sound.gains([1]), abs=0.4)
    assert found.gains([0]) == pytest.approx(sound.gains([0]), abs=0.01)


def test_what_all_islands_but_one_have_lost_still_adds_up() -> None:
    """The rest of the log evidence had gone nowhere: islands that are left did not differ."""
    own = np.array([[-1.0, -2.0, -1.0], [-1.5, -3.0, -2.0]])
    whole = evidence(own, own, own, own)
    levels, courses = whole.levels.copy(), list(whole.courses)
    for island in (1, 2, 3):
        levels[island, 1, 2] = -np.inf  # lost at the second step, and found again at the third
        courses[island] = Course(levels[island], np.zeros(3), ())
    found = Evidence(whole.steps, whole.priors, levels, tuple(courses))
    for beside in (None, [0]):
        weights = found.gains([1], beside)
        assert weights.sum() == pytest.approx(found.of([1]).log)
        assert weights[0] == pytest.approx(-1.5), "nothing was lost there"


def test_weights_beside_the_leader_are_as_sure_as_how_islands_compare_the_two() -> None:
    """What moves both alike in an island has no part in how they differ."""
    both, apart = np.array([[1.0, -2.0, 3.0]]), np.array([[0.0, 0.0, 0.0], [-1.0, -2.0, 0.5]])
    own = np.array([[-1.0, -2.0, -1.0]])
    found = evidence(own + apart, own + apart + both, own + apart - both, own + apart + 2 * both)
    assert found.gains([1], [0]) - found.gains([0]) == pytest.approx([-1.0, -2.0, 0.5])
    assert found.gains([1], [0]).sum() == pytest.approx(found.of([1]).log)
    assert found.gains([0], [0]) == pytest.approx(found.gains([0]))


@pytest.mark.parametrize("off", [NOT_FOUND, LOST, np.inf])
def test_nor_does_its_error_grow_with_how_far_it_is_off(off: float) -> None:
    lost = with_a_lost_one(off)
    assert 0.1 < lost.of([1]).error < NOT_FOUND / 2.0
    assert lost.of([1]).log == pytest.approx(with_a_lost_one(0.0).of([1]).log, abs=0.4)
