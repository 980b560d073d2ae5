"""The two scripts: plain sh, honest help, clear words when Python is missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT


@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_script_is_plain_sh(script: str) -> None:
    path = ROOT / script
    assert path.read_text().startswith("#!/bin/sh\n")
    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", str(path)], capture_output=True).stderr == b""


def test_help_lists_every_task_and_no_other() -> None:
    shown = subprocess.run([ROOT / "dev"], capture_output=True, check=True, text=True).stdout
    listed = re.findall(r"^  ([a-z-]+) ", shown, re.MULTILINE)
    built = re.findall(r"^([a-z-]+)\)$", (ROOT / "dev").read_text(), re.MULTILINE)
    assert listed == built


def test_unknown_task_is_wrong_usage() -> None:
    result = subprocess.run([ROOT / "dev", "tset"], capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("usage: ./dev TASK")


@pytest.mark.parametrize(
    ("python", "cure"),
    [
        ("exit 1", "no Python 3.11, 3.12, 3.13 or 3.14 found"),
        ('case "$2" in *venv*) exit 1;; esac', "apt-get install python3-venv"),
    ],
    ids=["too old", "without venv"],
)
def test_missing_python_names_the_cure(tmp_path: Path, python: str, cure: str) -> None:
    shutil.copy(ROOT / "dev", tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("cat", "cksum", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    (tools / "python3").write_text(f"#!/bin/sh\n{python}\n")
    (tools / "python3").chmod(0o755)
    result = subprocess.run(
        [tmp_path / "dev", "run"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert cure in result.stderr
    assert not (tmp_path / ".venv").exists()
