"""Runs that stand still and go on are whole runs, cut; in lanes they are the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foedus.engine.particles import draw_noise, run_words, runner
from foedus.engine.reference import LIMIT
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Atom, JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import nothing_known
from tests.engine.conditioned import test_run
from tests.engine.conditioned.made import COMPILED, cases_of
from tests.engine.conditioned.small import Small, parameters, small
from tests.engine.native.vector.lively import WATCHED
from tests.loading import case_of

pytest.importorskip("llvmlite")

from foedus.engine.native.standing.paths import Paths, start_paths
from foedus.engine.native.standing.program import Standing, build_standing
from foedus.study import build


def parameters_of(model: JumpModel, atom: Atom) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(flat_parameters(model, draw_parameters(model, atom, 7, 0)), np.float64)


def assert_cuts_change_nothing(case: Small, count: int = 60) -> int:
    """Runs to the end at once have the weights of conditioned runs, and cut ones but for rounding;
    gives how many agree with the record."""
    model, record = case.conditioned.prepared.model, case.conditioned.record
    made, program = runner(model, record, "native"), build_standing(model, record)
    row = parameters_of(model, case.atom)
    whole = made.run(
        np.tile(row, (count, 1)), case.atom, draw_noise(made, 7, 0, count), case.stage,
        horizon=case.horizon,
    )  # fmt: skip
    expected = np.where(whole.died_of < 0, whole.log_weights, -np.inf)
    for cuts in (1, 7):
        paths = start_paths(
            program, row, case.atom, case.stage, run_words(7, 0, count), case.horizon, 1
        )
        for place in range(1, cuts + 1):
            paths.advance(case.horizon * place / cuts, LIMIT)
        found = paths.log_weights()
        if cuts == 1:
            assert np.array_equal(found, expected)
        np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-9)
    return int(np.isfinite(expected).sum())


@pytest.mark.parametrize("name", COMPILED)
def test_cuts_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in cases_of(name, monkeypatch):
        assert assert_cuts_change_nothing(case) > 0


def test_claims_and_deaths() -> None:
    assert_cuts_change_nothing(small(*test_run.CLAIMED))


def lively() -> tuple[JumpModel, Record]:
    """A model with all that may have to follow frequent events, and questions nobody asks."""
    case = case_of(WATCHED)
    return build(case), lower_record(case)


def courses(program: Standing, threads: int) -> list[Paths]:
    """Three hundred runs at some times, copied on the way."""
    model, stage = program.conditioned.prepared.model, nothing_known(program.conditioned.record)
    atom = model.atoms[1]
    row, words = parameters_of(model, atom), run_words(3, 0, 300)
    paths = start_paths(program, row, atom, stage, words, model.horizon, threads)
    found = []
    for place, time in enumerate((0.5, 3.0, 3.25, 20.0, model.horizon)):
        copies = None
        if place in (1, 3):
            chosen = np.sort(np.arange(300) * 7919 % 150)
            copies = chosen, run_words(3, 300 * place, 300)
        paths.advance(time, LIMIT, copies)
        kept = Paths(program, paths.rows.copy(), paths.spare, words, [], ())
        kept.seen.update(paths.seen)
        paths.seen.clear()  # however rare the events that lanes are made for
        found.append(kept)
    return found


def test_lanes_and_threads_change_nothing() -> None:
    model, record = lively()
    wide, single = build_standing(model, record), build_standing(model, record, has_lanes=False)
    assert wide.lanes is not None
    assert single.lanes is None
    slow = courses(single, 1)
    for threads in (1, 2):
        fast = courses(wide, threads)
        assert all(one.seen["steps"] > 0 for one in fast)
        for one, other in zip(fast, slow, strict=True):
            assert np.array_equal(one.states(), other.states())
            assert one.events() == other.events()
            for name in ("firings", "number", "fault"):
                assert np.array_equal(one.column(name, np.uint8), other.column(name, np.uint8))


def test_copies_part() -> None:
    model, record = lively()
    after = courses(build_standing(model, record), 1)[1].states()
    assert len(np.unique(after, axis=0)) > 200


def test_clocks_that_a_record_tells_of_stay_out_of_lanes() -> None:
    frequent = (
        "state: {n: {type: count, starts: 0}}\n",
        "events:\n  come: {rate: speed, then: {n: n + 1}}\n"
        "  go: {when: n > 0, rate: slow * n, then: {n: n - 1}}\n",
    )
    numbers = parameters(speed=4.0, slow=0.2)
    free = small(numbers, *frequent)
    told = small(numbers, *frequent, "record: {go: {complete: 2020-01-01/2020-01-08}}\n")
    for case, has_lanes in ((free, True), (told, False)):
        made = build_standing(case.conditioned.prepared.model, case.conditioned.record)
        assert (made.lanes is not None) is has_lanes
