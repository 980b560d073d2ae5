"""Runs that took long are kept under everything that they depend on, and never trusted blindly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.infer import remembered
from foedus.infer.islands import Evidence
from foedus.infer.record_target import RecordTarget
from foedus.infer.remembered import key_of, remembered_islands
from foedus.infer.sampler import Settings
from tests.infer.strikes import THREE, target_from

FEW = Settings(particles=20, sweeps=1, settling=2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, in which everything is worth keeping."""
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path))
    monkeypatch.setattr(remembered, "WORTH_KEEPING", -1.0)
    return tmp_path / "runs"


def same(one: Evidence, other: Evidence) -> bool:
    """Whether two are the same to the last bit."""
    pairs = [
        (left, right)
        for a, b in zip(one.courses, other.courses, strict=True)
        for c, d in zip(a.clouds, b.clouds, strict=True)
        for left, right in ((c.particles.scores, d.particles.scores),
                            (c.particles.keys, d.particles.keys), (c.level, d.level),
                            (c.logs, d.logs))
    ]  # fmt: skip
    pairs += [(one.levels, other.levels), (one.priors, other.priors)]
    return one.steps == other.steps and all(np.array_equal(a, b) for a, b in pairs)


def test_what_was_kept_is_what_was_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_from(THREE)
    first = remembered_islands(target, FEW, islands=2)
    assert len(list(folder.glob("*.npz"))) == 1

    def never(*_: object, **__: object) -> Evidence:
        raise AssertionError("run again")

    with monkeypatch.context() as patch:
        patch.setattr(remembered, "run_islands", never)
        assert same(first, remembered_islands(target, FEW, islands=2))
        with pytest.raises(AssertionError, match="run again"):
            remembered_islands(target, FEW, islands=2, seed=2)


def test_a_broken_entry_is_made_anew(folder: Path) -> None:
    target = target_from(THREE)
    first = remembered_islands(target, FEW, islands=2)
    (entry,) = folder.glob("*.npz")
    entry.write_bytes(entry.read_bytes()[:-7] + b"\0" * 7)
    assert same(first, remembered_islands(target, FEW, islands=2))


def test_all_that_matters_is_in_the_key() -> None:
    target = target_from(THREE)
    other: RecordTarget = replace(target, dropped=frozenset({target.record.sightings[0].id}))
    keys = {
        key_of(target, FEW, range(2), 1), key_of(target, FEW, range(2), 2),
        key_of(target, FEW, range(2, 4), 1),
        key_of(target, replace(FEW, sweeps=2), range(2), 1), key_of(other, FEW, range(2), 1),
    }  # fmt: skip
    assert len(keys) == 5
    assert key_of(target_from(THREE), FEW, range(2), 1) == key_of(target, FEW, range(2), 1)


def test_only_the_latest_few_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_KEPT", 2)
    for seed in range(4):
        remembered_islands(target_from(THREE), FEW, islands=1, seed=seed)
    assert len(list(folder.glob("*.npz"))) == 2
