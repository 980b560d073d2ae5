"""Many clocks that all change at each event: ended early, by every algorithm at the same event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foedus import study
from foedus.engine import runaway
from foedus.engine.failure import ModelError
from foedus.engine.native import sparse
from foedus.engine.native.choice import Work
from foedus.engine.native.program import build_program, run_program
from foedus.engine.reference import prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.expr.tree import Group
from foedus.jump.model import EventKind, JumpModel, VariableSpec
from tests.engine.models import (
    TIME,
    count,
    flag,
    fold,
    index,
    kind,
    model,
    put,
    rate,
    variable,
    waiting,
)

CROWD = Group("crowd", 520, tuple(f"m{place}" for place in range(520)))
PER = [("i", CROWD)]
X, OWN = variable("x"), variable("y", index("i", CROWD))
SUM = fold("sum", "j", CROWD, variable("y", index("j", CROWD)))
GROWTH = put("y", OWN + 1, index("i", CROWD))

Parts = tuple[list[VariableSpec], list[EventKind]]


def rates() -> Parts:
    """Every event changes what all rates share, and one's own."""
    grow = kind("grow", rate(X / 100 + OWN + 1), put("x", X + 1), GROWTH, per=PER)
    return [count("x"), count("y", 0.0, CROWD)], [grow]


def sums() -> Parts:
    """Each rate has a sum over all; kept, where sums are."""
    return [count("y", 0.0, CROWD)], [kind("grow", rate(SUM / 100 + 1), GROWTH, per=PER)]


def waits() -> Parts:
    """One event switches all waiting times on and off."""
    flip = kind("flip", rate(1000), put("x", X < 1))
    rest = kind("rest", waiting("exponential", 0.001), put("x", 0), when=X > 0, per=PER)
    return [flag("x")], [flip, rest]


def endings(built: JumpModel, limit: int) -> list[str]:
    """How a run ends in the reference engine and in each algorithm for models of this size."""
    prepared, atom = prepare(built), built.atoms[0]
    runs: list[Callable[[], object]] = [lambda: simulate_run(prepared, {}, atom, 1, 0, limit=limit)]
    for program in (
        sparse.build(Work(built)).program,
        build_program(built),
        build_program(built, has_fields=True),
        build_program(built, is_checked=True),
    ):
        runs.append(lambda used=program: run_program(used, {}, atom, 1, 0, 1, limit=limit))  # type: ignore[misc]
    found = []
    for run in runs:
        with pytest.raises(ModelError) as fault:
            run()
        found.append(str(fault.value))
    return found


@pytest.mark.parametrize("parts", [rates, sums, waits])
def test_all_engines_end_at_the_same_event(parts: Callable[[], Parts]) -> None:
    built = model(*parts(), horizon=1e9)
    for limit in (20, 21, 25):
        first, *others = endings(built, limit)
        assert f"clocks changed more than {100 * limit:,} times in one run, at" in first
        assert set(others) == {first}


def test_what_is_told() -> None:
    message, *_ = endings(model(*rates(), horizon=1e9), 20)
    # 520 clocks at the start, and 520 at each event: the third brings them above 2,000.
    assert message.startswith(
        "model.yaml:4:1: the model runs away: clocks changed more than 2,000 times in one run, "
        "at 3 events, `grow` most often (run 0, day "
    )


def test_ticks_run_away_without_an_event() -> None:
    held = kind("never", rate(TIME * 1e-9, every=0.5), when=X < 1, per=PER)
    built = model([count("x")], [held], horizon=1e9)
    for message in endings(built, 20):
        assert message.startswith(
            "the model runs away: clocks changed more than 2,000 times in one run (run 0, day "
        )


def test_few_clocks_are_not_counted() -> None:
    """Their runs may make all the events there are: nothing is spent on counting."""
    small = study.build(study.load("crisis"))
    assert not runaway.counts_clock_changes(small)
    assert "clock_changes" not in build_program(small).text.places


def test_lanes_never_have_so_many_clocks() -> None:
    assert sparse.LEAST <= runaway.MANY


def test_a_crowd_is_far_from_it() -> None:
    """A citizen's event changes the clocks of some ten others, not of a hundred."""
    built = study.build(study.load("crowd", {"citizens": 600}))
    atom = built.atoms[0]
    theta = draw_parameters(built, atom, 1, 0)
    whole = sparse.build(Work(built)).run([theta], atom, 1, 0, 1)
    limit = int(whole.events[0])
    assert limit > 1000
    assert runaway.counts_clock_changes(built)
    again = sparse.build(Work(built)).run([theta], atom, 1, 0, 1, limit=limit)
    assert again.events[0] == limit
