"""A store of data of the tests' own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store; the user's is never touched."""
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "history"
