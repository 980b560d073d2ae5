"""Paths: the same from every engine, and a file that is whole or not there."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foedus.jump.model import JumpModel
from foedus.paths import record_paths
from foedus.questions.answers import design_of, simulate
from foedus.questions.path_file import write_paths
from foedus.questions.paths import Path as RunPath
from foedus.questions.paths import acts_of, paths
from foedus.questions.whole_file import whole_file
from foedus.text.diagnostic import SettingsError
from tests.engine.native.everything import EVERY_PART
from tests.engine.native.test_agreement import model_of
from tests.loading import model_at

CASES = Path(__file__).parents[1] / "conformance" / "cases"
EPIDEMIC = CASES / "epidemic.yaml"


def read(path: Path) -> pa.Table:
    """The whole file."""
    with pa.ipc.open_file(str(path)) as file:
        return file.read_all()


@pytest.mark.parametrize("name", ["every-timing", "choice", "two-parts", "epidemic"])
def test_engines_tell_the_same_paths(name: str) -> None:
    assert_same_paths(model_at(CASES / f"{name}.yaml"))


def test_engines_tell_the_same_paths_of_every_construct() -> None:
    assert_same_paths(model_of(EVERY_PART.text()))


def assert_same_paths(model: JumpModel) -> None:
    """Every event of 12 runs of each atom, its draws included."""
    design = design_of(model, 12, 3)
    both = [list(paths(design, engine)) for engine in ("reference", "native")]
    assert len(both[0]) == len(both[1]) == design.draws * len(model.atoms)
    for slow, fast in zip(*both, strict=True):
        assert (slow.atom, slow.draw, slow.run) == (fast.atom, fast.draw, fast.run)
        for column in ("time", "act", "index", "forced", "drawn"):
            assert np.array_equal(getattr(slow, column), getattr(fast, column)), column


def test_a_long_run_is_told_in_full() -> None:
    """The crisis has some 7,600 events a run, more than there is room for at first."""
    model = model_at(
        Path(__file__).parents[2] / "src" / "foedus" / "cases" / "crisis" / "case.yaml"
    )
    answers = simulate(model, draws=4, seed=1, inner=2)
    told = list(paths(design_of(model, 4, 1, 2), "native"))
    assert sum(len(one.time) for one in told) == answers.events
    assert all((np.diff(one.time) >= 0.0).all() for one in told)


def test_file_has_every_event(tmp_path: Path) -> None:
    model = model_of(EVERY_PART.text())
    design = design_of(model, 8, 3)
    told = list(paths(design, "reference"))
    events = write_paths(tmp_path / "p.arrow", model, iter(told), lambda: None)
    table = read(tmp_path / "p.arrow")
    assert table.num_rows == events == sum(len(one.time) for one in told)
    rows, acts = iter(table.to_pylist()), acts_of(model)
    for one in told:
        drawn = iter(one.drawn.tolist())
        for time, act, index, forced in zip(one.time, one.act, one.index, one.forced, strict=True):
            row = next(rows)
            assert (row["atom"], row["draw"], row["run"]) == (one.atom, one.draw, one.run)
            assert (row["time"], row["event"], row["forced"]) == (time, acts[act].name, forced)
            assert row["index"] == (acts[act].labels[index] or None)
            assert row["draws"] == [(name, next(drawn)) for name in acts[act].draws]
    assert [path.name for path in tmp_path.iterdir()] == ["p.arrow"]


def interrupted(told: list[RunPath]) -> Iterator[RunPath]:
    """Some paths, and then an interrupt."""
    yield from told
    raise KeyboardInterrupt


def test_an_interrupt_leaves_what_was_there(tmp_path: Path) -> None:
    model = model_at(CASES / "epidemic.yaml")
    told = list(paths(design_of(model, 4, 1), "reference"))
    for before in (None, b"older"):
        if before is not None:
            (tmp_path / "p.arrow").write_bytes(before)
        with pytest.raises(KeyboardInterrupt):
            write_paths(tmp_path / "p.arrow", model, interrupted(told), lambda: None)
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert left == ({} if before is None else {"p.arrow": before})


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """No file may grow beyond 2 kB."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            record_paths(EPIDEMIC, tmp_path / "p.arrow", draws=400,
                         engine="reference")  # fmt: skip
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "p.arrow").symlink_to(tmp_path / "disk" / "real.arrow")
    for _ in range(2):
        record_paths(EPIDEMIC, tmp_path / "p.arrow", draws=2, engine="reference")
        assert (tmp_path / "p.arrow").is_symlink()
        assert [path.name for path in (tmp_path / "disk").iterdir()] == ["real.arrow"]
        assert read(tmp_path / "p.arrow").num_rows > 0


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="it is no ordinary file") as caught:
            record_paths(EPIDEMIC, tmp_path / name, draws=2, engine="reference")
        assert caught.value.filename == str(tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No such file") as caught:
        record_paths(EPIDEMIC, tmp_path / "none" / "p.arrow", draws=2, engine="reference")
    assert caught.value.filename == str(tmp_path / "none" / "p.arrow")


def test_engines_without_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not `exact`"):
        record_paths(EPIDEMIC, tmp_path / "p.arrow", engine="exact")


KILLED = """
import os, signal, sys
from pathlib import Path
from foedus.questions.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as part:
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such end here")
def test_what_a_killed_program_left_is_removed_the_next_time(tmp_path: Path) -> None:
    """And what another is writing is left alone."""
    command = [sys.executable, "-c", KILLED, str(tmp_path / "p.arrow")]
    assert subprocess.run(command, timeout=60).returncode == -signal.SIGKILL
    assert [path.read_text() for path in tmp_path.iterdir()] == ["half"]
    with whole_file(tmp_path / "p.arrow") as first:
        assert list(tmp_path.iterdir()) == [first]
        first.write_text("first")
        with whole_file(tmp_path / "p.arrow") as second:
            assert sorted(tmp_path.iterdir()) == sorted([first, second])
            second.write_text("second")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["first"]
