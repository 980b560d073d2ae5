"""Where llvmlite cannot be loaded, the reference engine answers, and it is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.architecture.project import SOURCE
from tests.cli.program import run, small

__all__ = ["small"]

BROKEN = {
    "an import": {"__init__.py": "raise ImportError('libffi: no such\\nfile')\n"},
    "its library": {
        "__init__.py": "__version__ = '0'\n",
        "binding.py": "def get_host_cpu_features():\n    raise OSError('libffi: no such file')\n",
    },
}


@pytest.fixture(params=BROKEN)
def search_path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A search path on which llvmlite is found and fails."""
    package = tmp_path / "broken" / "llvmlite"
    package.mkdir(parents=True)
    for name, text in BROKEN[request.param].items():
        (package / name).write_text(text)
    return os.pathsep.join([str(package.parent), str(SOURCE.parent)])


def test_the_reference_engine_answers(small: str, search_path: str) -> None:
    asked = ("simulate", small, "--draws", "20", "--json")
    done, usual = run(*asked, PYTHONPATH=search_path), run(*asked)
    assert (done.code, usual.code, usual.err) == (0, 0, "")
    assert done.err.startswith("warning: llvmlite cannot be loaded (libffi: no such file): ")
    assert done.err.count("\n") == 1
    assert (done.json["engine"], usual.json["engine"]) == ("reference", "native")
    assert done.json["questions"] == usual.json["questions"]


def test_compiled_code_is_refused(small: str, search_path: str) -> None:
    done = run("simulate", small, "--engine", "native", PYTHONPATH=search_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: llvmlite cannot be loaded (libffi: no such file): leave out")
