"""Hitting probabilities and times against formulas."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.exact.finite import finite
from foedus.exact.hitting import hitting
from foedus.exact.moves import Moves
from foedus.exact.refusal import NotExactError
from foedus.exact.solve import states_of
from foedus.exact.space import Space
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from tests.conformance.courses import model_of
from tests.loading import case_of

RISING = """\
foedus: 1
case: rising
title: A number that only rises
clock: {start: 2000-01-01, end: 2000-01-11}
parameters: {speed: {value: 0.5, unit: per day, grade: assumed, because: a test}}
state: {n: {type: count, starts: 0, max: 3}}
events: {rises: {when: n < 3, rate: speed, then: {n: n + 1}}}
"""


def space_of(model: JumpModel) -> Space:
    theta = draw_parameters(model, model.atoms[0], 1, 0)
    moves = Moves(prepare(model), theta, model.atoms[0], finite(model, ()))
    return states_of(moves, model.horizon)


def purse(space: Space) -> NDArray[np.float64]:
    return space.values(lambda moves: float(moves.world.values[0]))


def test_gamblers_ruin() -> None:
    """With q / p = 1.5: (1.5^i - 1) / (1.5^10 - 1), and the time (i - 10 P) / (q - p)."""
    space = space_of(model_of("gamblers-ruin"))
    i = purse(space)
    won = hitting(space, i == 10.0)
    expected = (1.5**i - 1.0) / (1.5**10 - 1.0)
    assert won.probability == pytest.approx(expected, abs=1e-15)
    assert won.error < 1e-13
    assert won.probability[i == 3.0][0] == pytest.approx(0.04191296854803968, abs=1e-15)
    assert won.days[i == 10.0][0] == 0.0
    assert np.isinf(won.days[i < 10.0]).all()
    over = hitting(space, (i == 0.0) | (i == 10.0))
    assert over.probability == pytest.approx(1.0, abs=1e-14)
    assert over.days == pytest.approx((i - 10.0 * expected) / 0.2, rel=1e-13, abs=1e-13)
    assert over.error_of_days < 1e-10


def test_what_lies_beyond_the_target_does_not_matter() -> None:
    """From 0 on every course gets to 2, two days for each step; that none comes back is no miss."""
    space = space_of(lower(case_of(RISING)))
    n = purse(space)
    found = hitting(space, n == 2.0)
    order = np.argsort(n)
    assert found.probability[order].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert found.days[order] == pytest.approx([4.0, 2.0, 0.0, np.inf])


def test_states_without_an_end_are_refused() -> None:
    endless = RISING.replace(", max: 3", "").replace("when: n < 3, ", "")
    space = space_of(lower(case_of(endless)))
    with pytest.raises(NotExactError, match="the states have no end"):
        hitting(space, purse(space) == 2.0)


def test_what_depends_on_the_date_is_refused() -> None:
    space = space_of(model_of("dsmts-002-09"))
    with pytest.raises(NotExactError, match="something is dated"):
        hitting(space, np.zeros(space.size, dtype=np.bool_))
