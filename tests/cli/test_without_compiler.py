"""Where llvmlite cannot be loaded, the reference engine answers, and it is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project import SOURCE
from tests.cli.program import environment, run, small
from tests.infer.strikes import COMPLETE, HEAD, item

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


WORKERS = """
from foedus.engine import compiler
from foedus.ensemble.local import processes
def start():
    return lambda task: compiler.is_there()
if __name__ == "__main__":
    print([compiler.is_there(), *processes(2)(start, [1, 2])])
"""


def test_workers_do_not_say_it_again(tmp_path: Path, search_path: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(WORKERS)
    done = subprocess.run(
        [sys.executable, str(script)], env=environment(PYTHONPATH=search_path),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout == "[False, False, False]\n"
    assert done.stderr.count("llvmlite cannot be loaded") == 1


@pytest.mark.full
def test_weighing_and_decisions(tmp_path: Path, search_path: str) -> None:
    """Also where workers of their own make the runs: the warning comes once."""
    path = tmp_path / "case.yaml"
    decision = "what-if:\n  quiet: {forbid: strike, at: 2000-01-06}\n"
    path.write_text(HEAD + "evidence:\n" + item("one", "2000-01-02") + COMPLETE + decision)
    for asked in (
        ("weigh", str(path), "--method", "particle", "--particles", "20", "--json"),
        ("whatif", str(path), "quiet", "--draws", "20", "--workers", "2", "--json"),
    ):
        done = run(*asked, PYTHONPATH=search_path, FOEDUS_CACHE=str(tmp_path / "slow"))
        usual = run(*asked, FOEDUS_CACHE=str(tmp_path / "usual"))
        assert (done.code, usual.code, usual.err) == (0, 0, "")
        assert done.err.startswith("warning: llvmlite cannot be loaded (libffi: no such file): ")
        assert done.err.count("\n") == 1
        found, expected = done.json, usual.json
        for each in (found, expected):
            each.pop("seconds", None)
            each.pop("engine", None)
        assert found == expected
