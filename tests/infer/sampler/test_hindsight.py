"""Corrections of earlier levels against the best linear estimate, worked out from covariances."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler.hindsight import Hindsight, error_added

STEPS = np.array([[0.5, 0.0, 1.5, 0.25], [0.0, 0.0, 2.0, 1.0]])
"""The variance that each step adds to the level of each atom."""


def walked(known: int) -> Hindsight:
    """After so many steps."""
    found = Hindsight(np.zeros_like(STEPS))
    for step in range(known + 1):
        found.add(step, STEPS[:, step])
    return found


def best(change: Numbers, known: int) -> Numbers:
    """What is expected of the errors of the levels before, given that of the present one.

    Errors add up: level k and level n >= k share what was added up to k.
    """
    sums = np.cumsum(STEPS, axis=1)
    shared = np.minimum(sums[:, :, None], sums[:, None, :])
    with np.errstate(invalid="ignore"):
        slopes = shared[:, :known, known] / shared[:, known, known][:, None]
    return np.asarray(change[:, None] * slopes)


@pytest.mark.parametrize("known", [2, 3])
@pytest.mark.parametrize("way", ["correct", "correct_all"])
def test_an_earlier_level_gets_the_share_of_the_error_that_was_there(known: int, way: str) -> None:
    change = np.array([0.8, -0.4])
    levels = np.full(STEPS.shape, 10.0)
    found = walked(known)
    if way == "correct":
        found.correct(levels, known, change, moved=0.5)
    else:
        found.correct_all(levels, known, change)
    assert levels[:, :known] == pytest.approx(10.0 + best(change, known))
    assert (levels[:, known:] == 10.0).all()


def test_what_was_taken_away_is_not_taken_away_again() -> None:
    """Half of the particles have changed atoms: of the error half is left, a quarter of its
    variance; what the next step adds is all its own."""
    found = walked(2)
    levels = np.zeros(STEPS.shape)
    found.correct(levels, 2, np.zeros(2), moved=0.5)
    found.add(3, STEPS[:, 3])
    found.correct(levels, 3, np.array([1.0, 1.0]), moved=1.0)
    assert levels[0, :3] == pytest.approx(np.array([0.5, 0.5, 2.0]) / 4.0 / (2.0 / 4.0 + 0.25))
    assert levels[1, :3] == pytest.approx([0.0, 0.0, (2.0 / 4.0) / (2.0 / 4.0 + 1.0)])
    assert (found.shared == 0.0).all()
    # Of all that was ever added nothing is taken away.
    assert found.added == pytest.approx(np.cumsum(STEPS, axis=1))


def test_where_no_error_was_made_nothing_is_corrected() -> None:
    levels = np.zeros(STEPS.shape)
    found = walked(1)
    found.correct(levels, 1, np.array([1.0, 1.0]), moved=0.2)
    found.correct_all(levels, 1, np.array([1.0, 1.0]))
    assert levels[0, 0] == 2.0
    assert (levels[1] == 0.0).all()


def test_a_step_adds_what_it_costs_in_effective_particles() -> None:
    """Of four equal particles two are left: 1/2 - 1/4; of the other atom none is lost."""
    atoms = np.array([0, 0, 0, 0, 1, 1])
    before = np.zeros(6)
    after = np.array([0.0, 0.0, -np.inf, -np.inf, -3.0, -3.0])
    assert error_added(before, after, atoms, 2) == pytest.approx([0.25, 0.0])
    assert error_added(after, before, atoms, 2) == pytest.approx([0.0, 0.0])  # none is won
    gone = np.full(6, -np.inf)
    assert error_added(before, gone, atoms, 2) == pytest.approx([0.0, 0.0])
