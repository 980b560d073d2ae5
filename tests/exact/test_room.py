"""Where there are more states than are looked at, those that matter are, against formulas."""

from __future__ import annotations

from math import exp

import pytest

from foedus.expr.tree import PLAIN, Conditional
from foedus.jump.model import Dated, JumpModel
from foedus.questions.exact import solve_exactly
from tests.engine.models import (
    Term,
    ask,
    count,
    draw,
    drawn,
    flag,
    kind,
    model,
    node,
    put,
    rate,
    variable,
)

N, LUCKY, DONE = map(variable, ("n", "lucky", "done"))


def chance(what: JumpModel, limit: int) -> tuple[float, float]:
    """The answer to the only question, and the bound of its error."""
    found = solve_exactly(what, what.atoms, {}, limit=limit).questions[0].estimate
    assert found.value is not None
    assert found.error is not None
    return found.value, found.error


def test_a_count_without_end_leaves_room_for_what_a_dated_event_draws() -> None:
    """Two days of a Poisson clock with 3 a day, and on each day a toss on its own: both fall well
    with probability 0.3 * 0.3, whatever was counted."""
    tossed = Conditional(node(drawn("toss").is_(1)), node(LUCKY + 1), node(LUCKY), PLAIN)
    what = model(
        [count("n"), count("lucky")],
        [
            kind("rises", rate(3.0), put("n", N + 1)),
            kind(
                "tosses", Dated((0.5, 1.0)), put("lucky", Term(tossed)),
                draws=(draw("toss", "bernoulli", 0.3),),
            ),
        ],
        [ask("both", "probability", LUCKY.is_(2).and_(N.is_(3)), at=2.0)],
        horizon=2.0,
    )  # fmt: skip
    value, error = chance(what, 3000)
    expected = 0.3 * 0.3 * exp(-6.0) * 6.0**3 / 6.0
    assert abs(value - expected) <= error + 1e-15
    assert error < 1e-9


def test_states_that_end_just_below_the_limit_are_all_looked_at() -> None:
    """Half of the limit would not hold what comes before the dated event."""
    what = model(
        [count("n"), flag("done"), flag("lucky")],
        [
            kind(
                "draws", rate(1.0), put("n", drawn("number")), put("done", True),
                draws=(draw("number", "integer", 0.0, 499.0),), when=DONE.not_(),
            ),
            kind("looks", Dated((1.0,)), put("lucky", True), when=N.is_(7.0)),
        ],
        [ask("lucky", "probability", LUCKY, at=2.0)],
        horizon=2.0,
    )  # fmt: skip
    value, error = chance(what, 520)
    assert value == pytest.approx((1.0 - exp(-1.0)) / 500.0, abs=1e-12)
    assert error < 1e-9
