"""A reader of a page: an empty folder, the program, and a note of every simulation."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from foedus import study
from foedus.questions.answers import Answers
from tests.cli.program import call
from tests.docs.executed import Reader

YEAR = 2026
"""`foedus new` writes the current year; the pages show this one."""


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Reader:
    """Somebody at the beginning of a page."""
    found: list[Answers] = []
    simulate = study.simulate

    def noted(*arguments: Any, **more: Any) -> Answers:
        found.append(simulate(*arguments, **more))
        return found[-1]

    clock = SimpleNamespace(localtime=lambda: SimpleNamespace(tm_year=YEAR))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(study, "simulate", noted)
    monkeypatch.setattr("foedus.cli.new.time", clock)
    for name in ("FOEDUS_DEBUG", "COLUMNS"):
        monkeypatch.delitem(os.environ, name, raising=False)
    return Reader(tmp_path, lambda arguments: call(capsys, *arguments), found)
