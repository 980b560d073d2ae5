"""Runs in lanes = runs of the reference engine, whatever the width, the order and the threads."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from foedus.engine.failure import ModelError
from foedus.engine.native import choice
from foedus.engine.native.choice import Work, choose
from foedus.engine.native.program import Results
from foedus.engine.native.vector import kernel
from foedus.engine.native.vector.structure import find_structure
from foedus.engine.prepare import prepare
from foedus.engine.reference import Watch, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.expr.tree import Variable
from foedus.jump.model import Intervention, JumpModel
from foedus.study import build, load
from tests.engine.native.vector.lively import WATCHED, model_of, random_case

WATCHED_MODEL, WHAT_IFS = model_of(WATCHED)


def assert_equal(one: Results, other: Results) -> None:
    """Every number of every run, bit by bit."""
    for name in ("events", "given", "vacuous"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("values", "waited", "samples"):
        mine, yours = getattr(one, name), getattr(other, name)
        assert np.array_equal(mine.view(np.uint64), yours.view(np.uint64)) or np.array_equal(
            mine, yours, equal_nan=True
        ), name


def results(made: choice.Kernel, model: JumpModel, atom: int, outer: int, inner: int) -> Results:
    """Runs 5 and following under some draws of the parameters."""
    chosen = model.atoms[atom]
    thetas = [draw_parameters(model, chosen, 7, draw) for draw in range(outer)]
    return made.run(thetas, chosen, 7, 5, inner)


def assert_lanes_agree(work: Work, widths: tuple[int, ...], outer: int, inner: int) -> None:
    """Lanes of all widths against one run at a time."""
    for width in widths:
        fast = kernel.build(work, width)
        for atom in range(len(work.model.atoms)):
            expected = results(fast.scalar, work.model, atom, outer, inner)
            assert_equal(results(fast, work.model, atom, outer, inner), expected)
            assert fast.seen["steps"] > 0


def test_lanes_make_the_runs_of_the_reference_engine() -> None:
    model = WATCHED_MODEL
    prepared, fast, atom = prepare(model), kernel.build(Work(model)), model.atoms[1]
    theta = draw_parameters(model, atom, 7, 0)
    found = fast.run([theta], atom, 7, 5, 12)
    for run in range(12):
        slow = simulate_run(prepared, theta, atom, 7, 5 + run)
        assert found.events[run] == slow.events
        assert np.array_equal(found.values[run], np.array(slow.values), equal_nan=True)
        assert np.array_equal(found.waited[run], np.array(slow.waited), equal_nan=True)
        assert tuple(map(bool, found.given[run])) == slow.is_given


def test_most_events_are_done_in_lanes() -> None:
    fast = kernel.build(Work(build(load("crisis"))), 8)
    found = results(fast, fast.scalar.program.model, 0, 1, 64)
    assert 8 * fast.seen["steps"] > 0.95 * found.events.sum()
    assert fast.seen["rare"] < 0.005 * found.events.sum()


def test_everything_that_may_be_watched_is() -> None:
    structure = find_structure(prepare(WATCHED_MODEL))
    assert structure is not None
    names = {one.kind.name for one in structure.frequent}
    assert {"rise", "fall", "up", "down", "drift", "warm"} <= names
    assert {one.kind.name for one in structure.followed} >= names | {"rings", "sighs"}
    assert {one.kind.name for one in structure.guarded} == {"once", "patient", "stubborn", "held"}
    watched = {WATCHED_MODEL.monitors[number].kind for number in structure.questions}
    assert watched == {
        "probability", "time-until", "average", "integral", "maximum", "minimum"
    }  # fmt: skip


def test_width_changes_nothing() -> None:
    assert_lanes_agree(Work(WATCHED_MODEL), (1, 8), 3, 7)


@pytest.mark.full
def test_other_widths_change_nothing() -> None:
    assert_lanes_agree(Work(WATCHED_MODEL), (2, 4, 16, 32), 3, 7)


@pytest.mark.parametrize("name", [*WHAT_IFS, "all"])
def test_what_ifs(name: str) -> None:
    changes = sum(WHAT_IFS.values(), ()) if name == "all" else WHAT_IFS[name]
    assert_lanes_agree(Work(WATCHED_MODEL, None, changes), (8,), 2, 9)


def test_samples() -> None:
    expressions = tuple(
        one.expression for one in WATCHED_MODEL.monitors if one.name in ("mean", "most", "often")
    )
    watch = Watch(expressions, (0.0, 3.5, 20.0, WATCHED_MODEL.horizon))
    assert_lanes_agree(Work(WATCHED_MODEL, watch), (8,), 2, 9)


@pytest.mark.parametrize("seed", range(3))
def test_random_models(seed: int) -> None:
    model, _ = model_of(random_case(seed, 20))
    assert choose(Work(model)) == "vector"
    assert_lanes_agree(Work(model), (8,), 1, 20)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3, 40))
def test_more_random_models(seed: int) -> None:
    model, _ = model_of(random_case(seed))
    assert_lanes_agree(Work(model), (4, 8), 2, 20)


def test_order_and_threads_change_nothing() -> None:
    model = WATCHED_MODEL
    fast, atom = kernel.build(Work(model), 8), model.atoms[0]
    thetas = [draw_parameters(model, atom, 7, draw) for draw in range(6)]
    whole = fast.run(thetas, atom, 7, 0, 10)

    def part(draw: int) -> Results:
        return fast.run(thetas[draw : draw + 1], atom, 7, 10 * draw, 10)

    with ThreadPoolExecutor(3) as pool:
        parts = dict(zip((5, 2, 0, 4, 1, 3), pool.map(part, (5, 2, 0, 4, 1, 3)), strict=True))
    for draw, one in parts.items():
        rows = slice(10 * draw, 10 * draw + 10)
        assert np.array_equal(one.values, whole.values[rows], equal_nan=True)
        assert np.array_equal(one.events, whole.events[rows])


FAULTY = """
foedus: 1
case: faulty
title: What lanes must not let pass
clock: {start: 2022-01-01, end: 2022-03-01}
parameters:
  fast: {value: 2, unit: per day, grade: assumed, because: a test}
  ten: {value: 10, grade: assumed, because: a test}
state:
  n: {type: count, starts: 3, MOST because: a test}
  d: {type: level, starts: 9, because: a test}
events:
  up: {rate: RATE, then: {n: n + 1}}
  down: {when: n > 0, rate: fast * n, then: {n: n - 1}}
  sink: {rate: fast, then: {d: d - 1}}
questions:
  later: {mean: n, at: 2022-02-20}
"""
FAULTS = {
    "bounds": ("max: 12,", "fast * ten", "`n` would become 13, outside 0..12"),
    "division": ("", "fast * ten / d", "20 is divided by zero"),
    "negative": ("", "fast * d", "the hazard is -2 per day"),
    "runaway": ("", "fast * (1 + n)", "more than 2,000 events in one run"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_those_of_the_reference_engine(name: str) -> None:
    most, rate, message = FAULTS[name]
    model, _ = model_of(FAULTY.replace("MOST ", f"{most} " if most else "").replace("RATE", rate))
    fast, atom = kernel.build(Work(model), 8), model.atoms[0]
    theta = draw_parameters(model, atom, 7, 0)
    with pytest.raises(ModelError, match=re.escape(message)) as caught:
        fast.run([theta], atom, 7, 0, 30, limit=2000)
    assert fast.seen["steps"] > 0
    failing = caught.value.run
    with pytest.raises(ModelError, match=re.escape(str(caught.value))):
        simulate_run(prepare(model), theta, atom, 7, failing, limit=2000)
    for run in range(failing):
        simulate_run(prepare(model), theta, atom, 7, run, limit=2000)


def test_fewer_runs_than_lanes() -> None:
    assert_lanes_agree(Work(WATCHED_MODEL), (16,), 1, 3)


def test_shorter_and_longer_horizons() -> None:
    work = Work(WATCHED_MODEL)
    fast, atom = kernel.build(work, 8), WATCHED_MODEL.atoms[0]
    theta = draw_parameters(WATCHED_MODEL, atom, 7, 0)
    for horizon in (0.0, 0.5, 4.0, 50.0):
        one, other = (k.run([theta], atom, 7, 0, 9, horizon=horizon) for k in (fast, fast.scalar))
        assert_equal(one, other)


def test_where_rare_events_are_many_the_lanes_are_given_up() -> None:
    work = Work(WATCHED_MODEL)
    fast = kernel.build(work, 8)
    fast.seen.update(steps=100, rare=10_000)
    assert_equal(*(results(k, WATCHED_MODEL, 0, 2, 9) for k in (fast, fast.scalar)))
    assert fast.seen["steps"] == 100


def test_intervention_types_are_covered() -> None:
    kinds = {one.kind for changes in WHAT_IFS.values() for one in changes}
    assert kinds == {"forbid", "force", "set-parameter", "set-state"}
    assert any(_reads_hot(one) for changes in WHAT_IFS.values() for one in changes)


def _reads_hot(one: Intervention) -> bool:
    return one.condition is not None and not isinstance(one.condition, Variable)
