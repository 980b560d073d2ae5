"""Clocks of a group brought up to date together: the same runs as one by one, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.engine.failure import ModelError
from foedus.engine.native import strips
from foedus.engine.native.program import build_program, run_many, run_program
from foedus.engine.prepare import prepare
from foedus.engine.reference import simulate_run
from foedus.engine.sampling import draw_parameters
from tests.engine.native.vector.lively import model_of

CASE = """
foedus: 1
case: strips
title: A group whose clocks read the same things
clock: {start: 2022-01-01, end: 2022-02-01}
groups: {town: SIZE}
parameters:
  slow: {prior: "uniform(0.02, 0.4)", per: town, unit: per day, grade: assumed, because: a test}
  fast: {value: 1.5, unit: per day, grade: assumed, because: a test}
  scale: {value: 20, grade: assumed, because: a test}
  three: {value: 3, grade: assumed, because: a test}
  room: {value: ROOM, grade: assumed, because: a test}
  steep: {value: STEEP, grade: assumed, because: a test}
state:
  lit: {type: flag, per: town, starts: "town == 2"}
  load: {type: count, per: town, starts: 1}
  total: {type: count, starts: 1, because: a test}
  heat: {type: level, starts: 0.5, because: a test}
events:
  light:
    per: {t: town}
    when: "not lit[t] and (t != 3 or total > 2)"
    rate: "slow[t] * (1 + total / scale) * exp(heat / scale)"
    then: {"lit[t]": true, total: total + 1}
  quench:
    per: {t: town}
    when: "lit[t]"
    rate: "fast * exp(-load[t] / scale) * (if total > three then 1 + abs(heat) else 1)"
    then: {"lit[t]": false, "load[t]": "load[t] + 1", total: total - 1}
  burn:
    per: {t: town}
    rate: "max(0, min(fast, fast * exp(steep * heat) / (total - load[t] + room)))"
    then: {"load[t]": "max(0, load[t] - 1)"}
  stir: {rate: fast, then: {heat: "if total > three then heat - 1 else heat + 1"}}
questions:
  later: {mean: "sum(load[t] for t in town)", at: 2022-01-25}
what-if:
  no-three: {forbid: "light[3]", at: 2022-01-09}
"""


def text(size: int, steep: float = 0.1, room: int = 1000) -> str:
    """The case with so many towns."""
    filled = CASE.replace("SIZE", str(size)).replace("STEEP", str(steep))
    return filled.replace("ROOM", str(room))


@pytest.mark.parametrize("size", [5, 8, 19])
@pytest.mark.parametrize("steep", [0.1, 120.0])
def test_same_runs(size: int, steep: float) -> None:
    """With a steep exponential the strips give up, and everything is done one by one."""
    model, what_ifs = model_of(text(size, steep))
    assert [strips.suits(kind) for kind in model.kinds] == [True, True, True, False]
    prepared, atom = prepare(model), model.atoms[0]
    for changes in ((), what_ifs["no-three"]):
        program = build_program(model, None, changes)
        for run in range(3):
            theta = draw_parameters(model, atom, 5, run)
            slow = simulate_run(prepared, theta, atom, 5, run, interventions=changes, limit=3000)
            fast = run_program(program, theta, atom, 5, run, 1, limit=3000)
            assert fast.events[0] == slow.events
            assert np.array_equal(fast.values[0], np.array(slow.values), equal_nan=True)


def test_faults_are_found() -> None:
    """`total - load[t] + 0` becomes 0 somewhere."""
    model, _ = model_of(text(9, 0.1, 0))
    theta = draw_parameters(model, model.atoms[0], 5, 0)
    with pytest.raises(ModelError) as caught:
        run_program(build_program(model), theta, model.atoms[0], 5, 0, 1, limit=3000)
    with pytest.raises(ModelError, match="divided by zero") as expected:
        simulate_run(prepare(model), theta, model.atoms[0], 5, 0, limit=3000)
    assert str(caught.value) == str(expected.value)


def test_many_rows_of_parameters() -> None:
    """Runs under several rows are made in few calls; a fault is that of its run and its row."""
    model, _ = model_of(text(9))
    program, atom = build_program(model), model.atoms[0]
    thetas = [draw_parameters(model, atom, 5, draw) for draw in range(6)]
    together = run_many(program, thetas, atom, 5, 0, 2, limit=3000)
    for draw, theta in enumerate(thetas):
        alone = run_program(program, theta, atom, 5, 2 * draw, 2, limit=3000)
        assert np.array_equal(alone.events, together.events[2 * draw : 2 * draw + 2])
        assert np.array_equal(alone.values, together.values[2 * draw : 2 * draw + 2])
    thetas[4] |= {"room": 0.0}
    with pytest.raises(ModelError, match="divided by zero") as caught:
        run_many(program, thetas, atom, 5, 0, 2, limit=3000)
    with pytest.raises(ModelError) as expected:
        simulate_run(prepare(model), thetas[4], atom, 5, 8, limit=3000)
    assert str(caught.value) == str(expected.value)
