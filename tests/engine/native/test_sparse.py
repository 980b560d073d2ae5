"""Many instances: the algorithm chosen, text that does not grow, the same runs, sizes refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from foedus import study
from foedus.engine.native import sparse
from foedus.engine.native.choice import Work, choose
from foedus.engine.native.sparse_driver import emit_sparse
from foedus.engine.reference import prepare
from foedus.engine.sampling import draw_parameters
from foedus.jump.model import JumpModel
from foedus.text.diagnostic import SettingsError
from tests.engine.native.test_agreement import assert_same_run, program_of


def crowd(citizens: int) -> JumpModel:
    return study.build(study.load("crowd", {"citizens": citizens}))


@pytest.mark.parametrize(("citizens", "horizon"), [(12, 29.0), (150, 29.0), (600, 4.0)])
def test_crowds_run_alike(citizens: int, horizon: float) -> None:
    model = crowd(citizens)
    prepared, program = prepare(model), program_of(model, is_sparse=True)
    assert assert_same_run(prepared, program, 0, 0, horizon) > 20


def test_long_runs_make_cells_anew_and_agree() -> None:
    model = crowd(40)
    assert assert_same_run(prepare(model), program_of(model, is_sparse=True), 0, 1, 400.0) > 1000


def test_text_does_not_grow() -> None:
    few, many = (emit_sparse(crowd(size)) for size in (3_000, 12_000))
    assert abs(len(many.ir) - len(few.ir)) < 1000
    assert few.tables is not None
    assert many.tables is not None
    assert len(many.tables) > 3 * len(few.tables)


def test_choice_by_size() -> None:
    assert choose(Work(crowd(1000))) == "sparse"
    assert choose(Work(crowd(12))) != "sparse"


def test_a_kernel_does_not_depend_on_how_runs_are_dealt_out() -> None:
    model = crowd(400)
    kernel = sparse.build(Work(model))
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, 1, 0)
    whole = kernel.run([theta], atom, 3, 0, 4)
    single = [kernel.run([theta], atom, 3, run, 1).values[0] for run in range(4)]
    assert np.array_equal(whole.values, np.array(single), equal_nan=True)


def test_threads_at_work_together_change_nothing() -> None:
    """Four threads on one kernel at once: every run as if it were alone, bit for bit."""
    model = crowd(700)
    kernel = sparse.build(Work(model))
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, 1, 0)
    alone = kernel.run([theta], atom, 3, 0, 8, horizon=6.0)
    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(
            lambda first: kernel.run([theta], atom, 3, first, 2, horizon=6.0), (0, 2, 4, 6)
        )
        together = list(parts)
    assert alone.events.min() > 100
    for name in ("values", "waited", "events"):
        joined = np.concatenate([getattr(part, name) for part in together])
        assert np.array_equal(getattr(alone, name), joined, equal_nan=True)


def test_what_no_machine_holds_is_refused() -> None:
    sparse.verify_room(2_000_000, 8 * 2**30)
    with pytest.raises(SettingsError, match="about 466 GiB"):
        sparse.verify_room(1_000_000_000, 8 * 2**30)
