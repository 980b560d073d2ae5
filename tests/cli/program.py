"""Calling the program: in a process of its own, or in this one where that is enough."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from foedus.cli.failure import exit_code
from foedus.cli.main import foedus
from tests.architecture.project import SOURCE

COMMAND = (sys.executable, "-m", "foedus")


@dataclass(frozen=True)
class Result:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value; anything else on it fails the test."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """The environment without what would change the output."""
    dropped = ("FOEDUS_DEBUG", "NO_COLOR", "PYTHON")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONPATH": str(SOURCE.parent), **more}


def run(*arguments: str, cwd: Path | None = None, timeout: float = 120, **more: str) -> Result:
    """The program in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        timeout=timeout,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> Result:
    """The program in this process: quicker, with the same code around the commands."""
    capsys.readouterr()
    code = exit_code(
        lambda: foedus.main(list(arguments), prog_name="foedus", standalone_mode=False),
        as_json="--json" in arguments,
    )
    seen = capsys.readouterr()
    return Result(code, seen.out, seen.err)


SMALL = """\
foedus: 1
case: small
title: A small case
clock: {start: 2022-01-01, end: 2022-01-31}
groups: {town: 3}
parameters:
  pace: {value: 2, unit: per week, grade: assumed, because: a test}
components: {storm: {label: A storm}}
atoms:
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
  rough: {components: [storm], prior: 0.5, grade: assumed, because: a test}
explanations:
  calm-sea: {atoms: [calm]}
  rough-sea: {atoms: [rough]}
state:
  level: {type: count, per: town, starts: 0}
events:
  rise:
    per: town
    rate: "if storm then pace + pace + pace else pace"
    then: {"level[town]": "level[town] + 1"}
questions:
  levels: {mean: "sum(level[t] for t in town)", at: 2022-01-31}
  any-high: {probability: "any(level[t] > 8 for t in town)", by: 2022-01-31}
what-if:
  no-rise: {forbid: rise, at: 2022-01-10}
"""
"""A case with groups, atoms and a parameter; runs at once."""


@pytest.fixture
def small(tmp_path: Path) -> str:
    """The path of the small case."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)
