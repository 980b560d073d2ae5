"""Whatever goes wrong ends in a message and a promised exit code, never in a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foedus import study
from foedus.cli import output
from tests.cli.program import COMMAND, SMALL, call, environment, run, small

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]


def fail(*_: object, **__: object) -> None:
    raise KeyError("the drawer")


def test_a_fault_of_ours(capsys: Capsys, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOEDUS_DEBUG", raising=False)
    monkeypatch.setattr(study, "simulate", fail)
    result = call(capsys, "simulate", small)
    assert (result.code, result.out) == (70, "")
    assert "this is a fault of Foedus, not of your case" in result.err
    assert "KeyError: 'the drawer'" in result.err
    assert "Foedus 0." in result.err
    assert "Traceback" not in result.err
    monkeypatch.setenv("FOEDUS_DEBUG", "1")
    assert "Traceback (most recent call last)" in call(capsys, "simulate", small).err


def test_a_model_that_fails(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    state = "level: {type: count, per: town, starts: 0"
    path.write_text(SMALL.replace(state, f"{state}, max: 20"))
    for engine in ("reference", "native"):
        result = call(capsys, "simulate", str(path), "--engine", engine, "--workers", "1")
        assert (result.code, result.out) == (4, "")
        assert "error: the model failed in run " in result.err
        assert f" --> {path}:" in result.err
        assert "^" in result.err


def test_files_that_cannot_be_written(capsys: Capsys, small: str, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    result = call(capsys, "run", small, "--draws", "20", "--out", str(blocked / "in"))
    assert result.code == 5
    assert "blocked" in result.err
    assert call(capsys, "run", small, "--draws", "20", "--out", str(blocked)).code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [["schema"], ["show", "crowd"], ["schema", "--json"]])
def test_a_full_disk_under_standard_output(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        )
    assert done.returncode == 5
    assert "no space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", ["schema", "show kazakhstan-2022 --model"])
def test_a_reader_that_has_seen_enough(arguments: str) -> None:
    program = " ".join(COMMAND)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{program} {arguments} 2>messages | head -c 1"],
        env=environment(), capture_output=True, text=True, cwd=os.environ.get("TMPDIR", "/tmp"),
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""


def test_closed_streams(small: str) -> None:
    program = " ".join(COMMAND)
    for closing in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(
            ["bash", "-c", f"{program} check {small} {closing}"],
            env=environment(),
            capture_output=True,
        )
        assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_streams_of_other_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SMALL.replace("A small case", "Ääkkösiä \N{FIRE} 中国"), encoding="utf-8")
    settings = environment(PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0")
    for arguments in (["show", str(path)], ["check", str(path), "--json"]):
        done = subprocess.run([*COMMAND, *arguments], env=settings, capture_output=True)
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr


def test_names_of_files_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.yaml"
    Path(os.fsdecode(name)).write_text(SMALL.replace("rate:", "rat:"))
    for more in ([], ["--json"], ["--format", "github"]):
        done = subprocess.run(
            [*COMMAND, "check", name, *more], env=environment(), capture_output=True
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr


def interrupted(*arguments: str) -> tuple[int, bytes, bytes]:
    """The code and what was written, of a call that is interrupted after four seconds."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        time.sleep(4)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, out, err


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_an_interruption(engine: str) -> None:
    asked = ("simulate", "kazakhstan-2022", "--draws", "200000", "--engine", engine)
    code, out, err = interrupted(*asked)
    assert (code, out) == (130, b"")
    assert err.endswith(b"interrupted\n")
    assert b"Traceback" not in err


RUNAWAY = """\
foedus: 1
case: runaway
title: A run that takes minutes to have too many events
clock: {start: 2022-01-01, end: 2022-12-31}
groups: {member: 5000}
parameters: {pace: {value: 4, unit: per day, grade: assumed, because: a test}}
state: {calls: {type: count, starts: 1}}
events:
  call: {rate: pace * calls, then: {calls: calls + 1}}
  tire: {per: member, rate: pace * calls, when: calls > 1000000000, then: {calls: 0}}
questions: {calls: {mean: calls, at: 2022-12-31}}
"""
"""Each event has a look at five thousand clocks and changes one."""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts wait for the run there")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interruption_of_a_single_run(workers: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(RUNAWAY)
    code, out, err = interrupted("simulate", str(tmp_path), "--workers", workers)
    assert (code, out) == (130, b"")
    assert err.endswith(b"interrupted\n")
    assert err.count(b"interrupted") == 1


def test_an_interruption_leaves_nothing_half_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, _, _ = interrupted("run", "kazakhstan-2022", "--draws", "100000", "--out", str(out))
    assert code == 130
    assert list(tmp_path.iterdir()) == []


WHILE_A_CLASS_IS_MADE = """
import sys
import foedus.__main__, foedus.cli.main
def main():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        print("told")
        sys.exit(130)
foedus.cli.main.main = main
foedus.__main__.run()
"""


def test_an_interruption_while_text_is_carried_out_ends_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(WHILE_A_CLASS_IS_MADE)
    command = [sys.executable, "-m", "interrupted"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (130, b"told")


UNHEARD = """
import os, signal, sys, time
from pathlib import Path
from foedus.cli.interrupt import ended_when_unheard
from foedus.questions.whole_file import whole_file
signal.signal(signal.SIGINT, lambda *_: None)
with ended_when_unheard(), whole_file(Path(sys.argv[1])) as part:
    part.write_text("half")
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1.0)
    time.sleep(30.0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts wait for the run there")
def test_a_second_interruption_that_nobody_hears_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", UNHEARD, str(tmp_path / "p.arrow")]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, b"interrupted\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="no such requests there")
@pytest.mark.parametrize(
    ("name", "code", "workers"),
    [("SIGTERM", 143, "1"), ("SIGTERM", 143, "2"), ("SIGHUP", 129, "2")],
)
def test_a_request_to_end_leaves_nothing_half_written(
    tmp_path: Path, small: str, name: str, code: int, workers: str
) -> None:
    before = set(tmp_path.iterdir())
    process = subprocess.Popen(
        [*COMMAND, "simulate", small, "--draws", "100000000", "--workers", workers,
         "--paths", str(tmp_path / "p.arrow")],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        while process.poll() is None and not list(tmp_path.glob(".p.arrow.*.part")):
            time.sleep(0.05)
        os.killpg(process.pid, getattr(signal, name))
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, out) == (code, b"")
    assert err.endswith(b"interrupted\n")
    assert b"Traceback" not in err
    assert set(tmp_path.iterdir()) == before


def test_numbers_that_are_not_finite_are_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        output.write_json({"value": float("nan")})


def test_messages_without_a_terminal_have_no_colours(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("foedus: 2\n")
    assert "\033[" not in run("check", str(path)).err


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
def test_messages_on_a_terminal_have_colours(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("foedus: 2\n")

    def shown(**more: str) -> bytes:
        master, slave = os.openpty()
        subprocess.run(
            [*COMMAND, "check", str(path)], env=environment(TERM="xterm", **more), stderr=slave
        )
        os.close(slave)
        data = b""
        while True:
            try:
                data += (chunk := os.read(master, 65536))
            except OSError:
                break
            if not chunk:
                break
        os.close(master)
        return data

    assert b"\033[1;31merror[" in shown()
    assert b"\033[" not in shown(NO_COLOR="1")


@pytest.mark.parametrize("words", [("--draws", "x"), ("--seed", "1.5"), ("--workers", "many")])
def test_numbers_are_asked_for_in_plain_words(capsys: Capsys, words: tuple[str, str]) -> None:
    result = call(capsys, "run", "crisis", *words)
    assert result.code == 2
    assert f"invalid value for '{words[0]}'" in result.err
    assert f": '{words[1]}' is not a whole number" in result.err


EARLY = """
import sys
from importlib.abc import MetaPathFinder

class Interrupts(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "foedus.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
from foedus.__main__ import run
run()
"""


def test_an_interruption_before_there_are_commands() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], env=environment(), capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"\ninterrupted\n")


def test_with_json_a_failure_is_one_value_on_standard_output(
    capsys: Capsys, small: str, tmp_path: Path
) -> None:
    """A program had found nothing there after a refusal or a wrong option."""
    refused = call(capsys, "weigh", small, "--json")
    assert refused.code == refused.json["error"]["code"] == 3
    assert refused.json["error"]["message"] in refused.err
    wrong = call(capsys, "weigh", small, "--drawers", "--json")
    assert wrong.code == wrong.json["error"]["code"] == 2
    assert wrong.json["error"]["help"] == "`foedus weigh --help`"
    absent = call(capsys, "simulate", str(tmp_path / "none.yaml"), "--json")
    assert (absent.code, absent.json["diagnostics"][0]["code"]) == (5, "file-unreadable")


def test_a_failure_after_an_answer_leaves_its_json_whole(
    capsys: Capsys, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_and_failed(*_: object, **__: object) -> None:
        output.write_json({"told": True})
        raise KeyError("the drawer")

    monkeypatch.setattr(study, "simulate", told_and_failed)
    monkeypatch.setattr(study, "load", told_and_failed)
    result = call(capsys, "simulate", small, "--json")
    assert (result.code, result.json) == (70, {"told": True})
