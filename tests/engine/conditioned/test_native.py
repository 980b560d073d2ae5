"""Compiled conditioned runs are those of the reference engine, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foedus.engine.conditioned.run import Conditioned, noise_of
from foedus.engine.particles import Runner, draw_noise, runner
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Atom
from foedus.jump.stages import Stage, full_stage, nothing_known, stage_as_of, stages
from foedus.study import build, load
from tests.engine.conditioned import test_likelihood, test_run
from tests.engine.conditioned.made import COMPILED, cases_of
from tests.engine.conditioned.small import small

pytest.importorskip("llvmlite")

COLUMNS = ("weights", "died_of", "claims", "values", "waited", "given", "events")


def block_of(conditioned: Conditioned, made: Runner, atom: Atom, count: int) -> tuple[Any, Any]:
    model = conditioned.prepared.model
    theta = [flat_parameters(model, draw_parameters(model, atom, 7, run)) for run in range(count)]
    return np.array(theta).reshape(count, len(made.columns)), draw_noise(made, 7, 0, count)


def assert_same(
    native: Runner, slow: Runner, atom: Atom, stage: Stage, count: int, **more: Any
) -> int:
    """Both engines say the same of every run; gives how many agree with the record."""
    parameters, noise = block_of(native.conditioned, native, atom, count)
    ours = native.run(parameters, atom, noise, stage, threads=2, **more)
    theirs = slow.run(parameters, atom, noise, stage, **more)
    for name in COLUMNS:
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.tobytes() == other.astype(one.dtype).tobytes(), name
    return int((ours.died_of < 0).sum())


@pytest.mark.parametrize("name", COMPILED)
@pytest.mark.parametrize("epochs", [(), (1.5, 2.0, 4.25)])
def test_small_cases(name: str, epochs: tuple[float, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for case in cases_of(name, monkeypatch):
        model, record = case.conditioned.prepared.model, case.conditioned.record
        native = runner(model, record, "native", epochs)
        slow = runner(model, record, "reference", epochs)
        assert native.program is not None
        for stage in (case.stage, nothing_known(record), stage_as_of(record, 3.0)):
            alive = assert_same(native, slow, case.atom, stage, 40, horizon=case.horizon)
        assert alive > 0


def test_claims_and_deaths() -> None:
    case = small(*test_run.CLAIMED)
    model, record = case.conditioned.prepared.model, case.conditioned.record
    native, slow = runner(model, record, "native"), runner(model, record, "reference")
    for stage in stages(record, horizon=case.horizon):
        assert_same(native, slow, case.atom, stage, 10)


def test_the_flagship_at_every_kind_of_stage() -> None:
    case = load("kazakhstan-2022")
    model, record = build(case), lower_record(case)
    native, slow = runner(model, record, "native"), runner(model, record, "reference")
    assert native.program is not None
    kinds = np.array([one.kind for one in record.sightings])
    full = full_stage(record, model.horizon)
    for atom, dropped in zip(model.atoms[:3], ([], ["state"], ["state", "happened"]), strict=True):
        switches = np.tile(~np.isin(kinds, dropped), (12, 1))
        stage = full if dropped != ["state", "happened"] else stage_as_of(record, 20.0)
        alive = assert_same(native, slow, atom, stage, 12, switches=switches)
        assert alive > 0 or "happened" not in dropped
    early = stage_as_of(record, 2.0)
    assert assert_same(native, slow, model.atoms[0], early, 12, horizon=5.0) > 0


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_particles_of_many_atoms_run_as_each_would_alone(engine: str) -> None:
    case = load("kazakhstan-2022")
    model, record = build(case), lower_record(case)
    made = runner(model, record, engine)
    kinds = np.array([one.kind for one in record.sightings])
    assert "reading" in {one.kind for one in record.assertions}
    atoms = np.array([2, 0, 3, 2, 1, 0], np.int64)
    parameters, noise = block_of(made.conditioned, made, model.atoms[0], atoms.size)
    switches = np.tile(~np.isin(kinds, ["state", "happened"]), (atoms.size, 1))
    stage = full_stage(record, 60.0)
    together = made.run(parameters, atoms, noise, stage, switches=switches)
    assert (together.died_of < 0).any()
    for place, atom in enumerate(atoms.tolist()):
        own = slice(place, place + 1)
        alone = made.run(
            parameters[own], model.atoms[atom], noise[own], stage, switches=switches[own]
        )
        for name in COLUMNS:
            assert getattr(together, name)[own].tobytes() == getattr(alone, name).tobytes(), name


def test_what_only_the_reference_knows_is_left_to_it() -> None:
    case = small(
        test_likelihood.COUNTED,
        test_likelihood.COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  alarm: {when: n >= 2, after: immediately, then: {n: n + 10}}\n",
        "record: {alarm: {complete: 2020-01-01/2020-01-08}}\n",
    )
    made = runner(case.conditioned.prepared.model, case.conditioned.record)
    assert made.program is None
    with pytest.raises(ValueError, match="compiled code"):
        runner(case.conditioned.prepared.model, case.conditioned.record, "native")
    parameters, noise = block_of(made.conditioned, made, case.atom, 3)
    assert made.run(parameters, case.atom, noise, case.stage).weights.shape == (3, 1)


def test_the_noise_of_many_particles_is_that_of_each() -> None:
    case = small(*test_run.CLAIMED)
    model, record = case.conditioned.prepared.model, case.conditioned.record
    for epochs in ((), (2.0, 5.0)):
        made = runner(model, record, "reference", epochs)
        for seed, first in ((0, 0), (2**64 - 1, 2**40)):
            words = draw_noise(made, seed, first, 3)
            for place in range(3):
                own = noise_of(made.conditioned, seed, first + place)
                assert [tuple(pair) for pair in words[place].tolist()] == list(own)


def test_blocks_of_the_wrong_shape_are_refused() -> None:
    case = small(*test_run.CLAIMED)
    made = runner(case.conditioned.prepared.model, case.conditioned.record)
    parameters, noise = block_of(made.conditioned, made, case.atom, 3)
    with pytest.raises(ValueError, match="shapes"):
        made.run(parameters, case.atom, noise[:2], case.stage)
