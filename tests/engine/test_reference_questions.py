"""What questions see of a run: paths that are known, answers worked out by hand."""

from math import isnan

import pytest

from foedus.engine.reference import RunResult, Watch, prepare, simulate_run
from foedus.jump.model import Dated, Each, Monitor
from tests.engine.models import (
    ALONE,
    TIME,
    Term,
    ask,
    flag,
    intervene,
    kind,
    level,
    model,
    put,
    rate,
    runs,
    variable,
)

X = variable("x")
STEPS = [  # x: 0 until 1, 3 until 2, -1 until 4, 2 from 4 on
    kind("up", Dated((1.0,)), put("x", 3.0)),
    kind("down", Dated((2.0,)), put("x", -1.0)),
    kind("back", Dated((4.0,)), put("x", 2.0)),
]


def answer(*monitors: Monitor, horizon: float = 10.0) -> RunResult:
    (run,) = runs(model([level("x")], STEPS, monitors, horizon=horizon), 1)
    return run


@pytest.mark.parametrize(
    ("monitor", "value"),
    [
        (ask("q", "mean", X, at=0.0), 0.0),
        (ask("q", "mean", X, at=0.999), 0.0),
        (ask("q", "mean", X, at=1.0), 3.0),
        (ask("q", "mean", X, at=10.0), 2.0),
        (ask("q", "mean", TIME, at=3.25), 3.25),
        (ask("q", "probability", X < 0, at=2.0), 1.0),
        (ask("q", "probability", X < 0, at=4.0), 0.0),
        (ask("q", "probability", X < 0, start=0.0, end=10.0), 1.0),
        (ask("q", "probability", X > 2, start=1.0, end=10.0), 1.0),
        (ask("q", "probability", X > 2, start=2.0, end=10.0), 0.0),
        (ask("q", "probability", X > 1, start=2.5, end=3.999), 0.0),
        (ask("q", "probability", X > 1, start=2.5, end=4.0), 1.0),
        (ask("q", "time-until", X < 0, end=10.0), 2.0),
        (ask("q", "time-until", X > 1, start=1.5, end=10.0), 0.0),
        (ask("q", "time-until", X > 1, start=2.5, end=10.0), 1.5),
        (ask("q", "time-until", X > 1, end=10.0, origin=X < 0), 2.0),
        (ask("q", "time-until", X < 0, end=10.0, origin=X < 0), 0.0),
        (ask("q", "integral", X, start=0.5, end=5.0), 3.0 - 2.0 + 2.0),
        (ask("q", "average", X, start=0.5, end=5.0), 3.0 / 4.5),
        (ask("q", "average", X > 0, start=0.0, end=5.0), 2.0 / 5.0),
        (ask("q", "average", X, start=3.0, end=3.0), -1.0),
        (ask("q", "maximum", X, start=0.0, end=10.0), 3.0),
        (ask("q", "maximum", X, start=2.0, end=3.0), -1.0),
        (ask("q", "minimum", X, start=0.0, end=1.5), 0.0),
        (ask("q", "minimum", X, start=0.0, end=10.0), -1.0),
    ],
)
def test_answer(monitor: Monitor, value: float) -> None:
    run = answer(monitor)
    assert run.values == (value,)
    assert run.is_given == (True,)


def test_never_is_not_a_number_but_was_watched() -> None:
    run = answer(ask("q", "time-until", X > 5, start=2.0, end=8.0))
    assert isnan(run.values[0])
    assert (run.is_given, run.waited) == ((True,), (6.0,))
    run = answer(ask("q", "time-until", X > 5, end=8.0, origin=X < 0))
    assert (run.is_given, run.waited) == ((True,), (6.0,))


@pytest.mark.parametrize(
    "monitor",
    [
        ask("q", "mean", X, at=3.0, given=X > 0),
        ask("q", "time-until", X > 1, end=10.0, origin=X > 50),
        ask("q", "mean", X, at=10.5),
        ask("q", "time-until", X > 1, end=10.5),
    ],
    ids=["not given", "origin never came", "after the horizon", "still open at the horizon"],
)
def test_run_that_does_not_count(monitor: Monitor) -> None:
    run = answer(monitor)
    assert isnan(run.values[0])
    assert isnan(run.waited[0])
    assert run.is_given == (False,)


def test_condition_is_looked_at_when_the_answer_falls_due() -> None:
    assert answer(ask("q", "maximum", X, end=5.0, given=X > 0)).values == (3.0,)


def test_horizon_changes_no_answer() -> None:
    monitor = ask("q", "integral", X, end=4.0)
    assert answer(monitor, horizon=4.0).values == answer(monitor, horizon=50.0).values


def test_answers_at_many_far_apart_times_and_after_absorption() -> None:
    """Widely spaced times, and times at which nothing can happen any more."""
    times = (1e-9, 0.5, 1e3, 1e6)
    built = model(
        [flag("dead")],
        [kind("die", rate(1.0), put("dead", True), when=variable("dead").not_())],
        [ask(f"{at}", "probability", variable("dead"), at=at) for at in times],
        horizon=1e6,
    )
    for run in runs(built, 50):
        assert list(run.values) == sorted(run.values)
        assert (run.values[0], run.values[3], run.events) == (0.0, 1.0, 1)


def test_questions_change_no_run() -> None:
    """Nor does asking at a time at which nothing happens, where guards read the time."""
    kinds = [kind("late", rate(50.0), put("x", X + 1), when=(TIME > 2).and_(X < 5))]
    asked = [ask("q", "mean", X, at=3.0), ask("r", "integral", X + TIME, start=2.5, end=4.0)]
    tick = kind("day", Each(1.0))
    plain, other = (
        runs(model([level("x")], [*kinds, tick], monitors), 5, record=True)
        for monitors in ([], asked)
    )
    assert [run.record for run in plain] == [run.record for run in other]
    assert all(run.events > 10 for run in plain)


def test_watched_expressions() -> None:
    built = model([level("x")], STEPS)
    watch = Watch((X.node, (X * 2).node), (0.0, 1.0, 3.0, 99.0))
    run = simulate_run(prepare(built), {}, ALONE, 1, 0, watch=watch)
    assert run.samples == ((0.0, 0.0), (3.0, 6.0), (-1.0, -2.0))


def test_state_is_seen_after_interventions() -> None:
    built = model([level("x")], STEPS, [ask("q", "mean", X, at=2.0)])
    change = (intervene("set-state", "x", 9.0, condition=X < 0),)
    assert runs(built, 1, interventions=change)[0].values == (9.0,)


def test_number_must_be_finite() -> None:
    with pytest.raises(Exception, match="question `q`: the number is inf"):
        answer(ask("q", "mean", Term((X + 1e308).node) * 1e10, at=1.0))
