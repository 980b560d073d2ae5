"""Runs that took long are kept under everything that they depend on, and never trusted blindly."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.engine.kept_files import LEFT_BEHIND
from foedus.infer.islands import remembered
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.remembered import key_of, remembered_islands
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.sampler.sampler import Settings
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


def test_other_questions_need_no_other_runs() -> None:
    target = target_from(THREE)
    unasked: RecordTarget = replace(target, model=replace(target.model, monitors=()))
    assert target.model.monitors
    assert key_of(unasked, FEW, range(2), 1) == key_of(target, FEW, range(2), 1)


def test_only_the_latest_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered_islands(target_from(THREE), FEW, islands=1)
    (first,) = folder.glob("*.npz")
    monkeypatch.setattr(remembered, "MOST_KEPT", int(2.5 * first.stat().st_size))
    os.utime(first, (1, 1))
    for seed in range(2, 5):
        remembered_islands(target_from(THREE), FEW, islands=1, seed=seed)
    left = list(folder.glob("*.npz"))
    assert len(left) == 2
    assert first not in left


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "no space left"), KeyboardInterrupt()])
def test_what_cannot_be_kept_leaves_nothing_behind_and_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    target = target_from(THREE)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        if isinstance(fault, OSError):
            found = remembered_islands(target, FEW, islands=2)
        else:
            with pytest.raises(KeyboardInterrupt):
                remembered_islands(target, FEW, islands=2)
    assert not list(folder.parent.rglob("*.tmp"))
    again = remembered_islands(target, FEW, islands=2)
    assert isinstance(fault, KeyboardInterrupt) or same(found, again)


def test_what_a_crash_left_is_removed_in_time(folder: Path) -> None:
    folder.mkdir()
    old, new = folder / "old.tmp", folder / "new.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    long_ago = new.stat().st_mtime - 2.0 * LEFT_BEHIND
    os.utime(old, (long_ago, long_ago))
    remembered_islands(target_from(THREE), FEW, islands=1)
    assert (old.exists(), new.exists()) == (False, True)


def test_without_a_place_to_keep_it_all_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "WORTH_KEEPING", -1.0)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "file"))
    found = remembered_islands(target_from(THREE), FEW, islands=1)
    assert same(found, remembered_islands(target_from(THREE), FEW, islands=1))
