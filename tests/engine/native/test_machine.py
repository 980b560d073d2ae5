"""Compiled code and its cache: kept, verified, shared by processes, done without where need be."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest
from llvmlite import binding

from foedus.engine.kept_files import cache_folder
from foedus.engine.native.machine import Compiled, compile_text

TEXT = "define i64 @answer() {{\n  ret i64 {}\n}}\n"

TWO_AT_ONCE = """
import ctypes, sys
from pathlib import Path
from foedus.engine.native.machine import compile_text
sys.stdin.readline()
for number in range(40):
    made = compile_text(sys.argv[2].format(number), Path(sys.argv[1]))
    assert made.function("answer", ctypes.c_int64)() == number
"""


def answer(made: Compiled) -> int:
    return int(made.function("answer", ctypes.c_int64)())


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_second_build_comes_from_the_cache(tmp_path: Path) -> None:
    first = compile_text(TEXT.format(41), tmp_path)
    second = compile_text(TEXT.format(41), tmp_path)
    assert (first.was_cached, second.was_cached) == (False, True)
    assert answer(first) == answer(second) == 41
    assert not compile_text(TEXT.format(42), tmp_path).was_cached
    assert [path.suffix for path in entries(tmp_path)] == [".o", ".o"]


def test_damaged_entry_is_made_anew(tmp_path: Path) -> None:
    compile_text(TEXT.format(41), tmp_path)
    [path] = entries(tmp_path)
    whole = path.read_bytes()
    for damaged in (b"", whole[:40], whole[:-1], whole[:50] + b"\0" + whole[51:], b"x" * 500):
        path.write_bytes(damaged)
        made = compile_text(TEXT.format(41), tmp_path)
        assert (made.was_cached, answer(made)) == (False, 41)
        assert path.read_bytes() == whole


def test_entry_of_other_code_is_made_anew(tmp_path: Path) -> None:
    compile_text(TEXT.format(41), tmp_path)
    [path] = entries(tmp_path)
    compile_text(TEXT.format(42), tmp_path)
    [other] = set(entries(tmp_path)) - {path}
    path.write_bytes(other.read_bytes())
    made = compile_text(TEXT.format(41), tmp_path)
    assert (made.was_cached, answer(made)) == (False, 41)


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for _ in range(2):
        made = compile_text(TEXT.format(41), tmp_path / "file" / "code")
        assert (made.was_cached, answer(made)) == (False, 41)


def test_entry_that_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    assert answer(compile_text(TEXT.format(41), tmp_path)) == 41
    assert entries(tmp_path) == []


def test_two_processes_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TWO_AT_ONCE, str(tmp_path), TEXT]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(2)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(timeout=60) for process in started] == [0, 0]
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
    assert len(entries(tmp_path)) == 40


def test_where_code_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDUS_CACHE", os.sep + "chosen")
    assert cache_folder() == Path(os.sep + "chosen")
    monkeypatch.delenv("FOEDUS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", os.sep + "caches")
    assert cache_folder() == Path(os.sep + "caches") / "foedus" / "code"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "foedus" / "code"


def test_an_option_of_all_llvm_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_so_far: list[str] = []
    monkeypatch.setattr(binding, "set_option", lambda _, text: set_so_far.append(text))
    compile_text(TEXT.format(44), tmp_path, keeps_order=True)
    assert set_so_far == ["-enable-misched=0", "-enable-misched=1"]
    compile_text(TEXT.format(44), tmp_path, keeps_order=True)
    assert len(set_so_far) == 2, "what comes from the cache needs no option"


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOEDUS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it does for such a user
    for _ in range(2):
        made = compile_text(TEXT.format(43))
        assert (made.was_cached, answer(made)) == (False, 43)


def test_wrong_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        compile_text("define i64 @answer() {\n  ret double 0.0\n}\n", tmp_path)
    assert entries(tmp_path) == []
