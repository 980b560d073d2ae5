"""What many runs need: room for their answers, and draws of their parameters."""

import tracemalloc
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from foedus.engine import clocks
from foedus.engine.sampling import MOST_REMEMBERED, ParameterTable
from foedus.expr.prior import Uniform
from foedus.jump.model import Atom
from foedus.questions.answers import design_of, simulate
from foedus.questions.design import Columns, blocks
from foedus.questions.runs import in_turns
from tests.engine.models import ask, flag, kind, model, parameter, put, rate, variable

DONE = variable("done")
MODEL = model(
    [flag("done")],
    [kind("ring", rate(parameter("speed")), put("done", True), when=DONE.not_())],
    [
        ask("by one", "probability", DONE, at=1.0),
        ask("when", "time-until", DONE, end=2.0),
        ask("part of the time", "average", DONE, end=2.0),
    ],
    horizon=2.0,
    parameters={"speed": Uniform(0.5, 1.5)},
    atoms=(Atom("a", 0.3, frozenset()), Atom("b", 0.7, frozenset())),
)
RUNS, INNER = 50_000, 10


def made_up(start: Any, tasks: Any) -> Iterator[Any]:
    """An executor that knows the answers without running anything."""
    random = np.random.default_rng(1)
    for task in tasks:
        count = (task.last - task.first) * INNER
        when = random.exponential(1.0, count)
        waited = np.minimum(when, 2.0)
        when[when > 2.0] = np.nan
        values = (waited < 1.0).astype(float), when, waited / 2.0
        unasked = array("d", bytes(8 * count))
        yield Columns(
            tuple(array("d", one.tobytes()) for one in values),
            (unasked, array("d", waited.tobytes()), unasked),
            (), array("d"), 0,
        )  # fmt: skip


def test_answers_need_little_more_room_than_the_numbers_of_which_they_are_quantiles() -> None:
    """25 bytes are kept of a run here, and two columns of floats are at work at a time."""
    tracemalloc.start()
    try:
        found = simulate(MODEL, draws=RUNS, seed=1, engine="reference", executor=made_up)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [one.counted for one in found.questions] == [2 * RUNS] * 3
    assert most / (2 * RUNS) < 25 + 2 * 8 + 14


def test_parameters_are_drawn_once_for_all_atoms(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    uniform = clocks.uniform

    def counted(*words: Any) -> float:
        drawn.append(words)
        return uniform(*words)

    monkeypatch.setattr(clocks, "uniform", counted)
    design = design_of(MODEL, 10 * 2 * MOST_REMEMBERED, 1, inner=2)
    table = ParameterTable(MODEL, 1)
    for block in in_turns(blocks(design)):
        for draw in range(block.first, block.last):
            table.row(design.atoms[block.atom], draw)
    assert len(drawn) == design.outer
    assert len(table.drawn) == MOST_REMEMBERED
