"""Commands import only what they need, so that checking a case starts at once."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

import foedus
from foedus.cli.main import COMMANDS
from tests.cli.program import COMMAND, environment, small

__all__ = ["small"]

HEAVY = {"numpy", "scipy", "pyarrow", "llvmlite", "vl_convert", "jinja2", "babel", "rich"}
ALLOWED = {
    "--help": set(),
    "--version": set(),
    "new": set(),
    "check": set(),
    "explain": set(),
    "schema": set(),
    "bench": {"numpy", "llvmlite"},
    "sources": set(),
    "history": set(),
    "score": set(),
    "reproduce": {"numpy", "scipy", "llvmlite", "babel"},
    "test": {"numpy", "llvmlite", "babel"},
    "cite": {"babel"},
    "show": {"babel"},
    "simulate": {"numpy", "llvmlite", "babel"},
    "prior": {"numpy", "scipy", "llvmlite", "babel"},
    "sensitivity": {"numpy", "scipy", "llvmlite", "babel"},
    "whatif": {"numpy", "scipy", "llvmlite", "babel"},
    "weigh": {"numpy", "scipy", "llvmlite", "babel"},
    "diff": {"numpy", "scipy", "llvmlite", "babel"},
    "run": {"numpy", "scipy", "llvmlite", "babel", "jinja2", "vl_convert"},
}
LIGHT = {"foedus", "click", "yaml", "_yaml", "msgspec", "cython_runtime"}

PROBE = """
import sys
before = set(sys.modules)
from foedus.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    names = {name.partition(".")[0] for name in set(sys.modules) - before}
    print(end.code, *sorted(names), file=sys.stderr)
"""


def imported(*arguments: str, cwd: Path) -> tuple[int, set[str]]:
    """The exit code of a command and the top-level packages it imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=cwd, env=environment(), capture_output=True, text=True,
    )  # fmt: skip
    code, *names = done.stderr.splitlines()[-1].split()
    return int(code), set(names)


def test_every_command_is_listed() -> None:
    assert set(COMMANDS) < set(ALLOWED)


@pytest.mark.parametrize("command", ALLOWED)
def test_imports(command: str, small: str, tmp_path: Path) -> None:
    arguments = {
        "--help": [], "--version": [], "schema": [], "explain": ["unknown-actor"],
        "new": ["mine"], "check": [small], "sources": [small], "show": [small],
        "cite": [small], "history": ["--help"], "score": ["--help"],
        "whatif": ["russia-handover", "stays", "--draws", "20"],
        "weigh": ["kyrgyzstan-2010"], "diff": [small, small, "--answers-only", "--draws", "20"],
        "sensitivity": [small, "--rows", "16", "--runs", "2"],
        "bench": ["--list"], "reproduce": ["--list"], "test": [small],
    }.get(command, [small, "--draws", "20"])  # fmt: skip
    code, names = imported(command, *arguments, cwd=tmp_path)
    assert code == 0
    assert names & HEAVY <= ALLOWED[command]
    if not ALLOWED[command]:
        packages = names - set(sys.stdlib_module_names)
        assert {name for name in packages if not name.startswith("_")} <= LIGHT


@pytest.mark.parametrize("text", ["foedus: 2\n", "a: [\n", "actors: {a: {kynd: state}}\n"])
def test_a_case_with_errors_costs_no_more(text: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(text)
    for command in ("check", "run", "simulate"):
        code, names = imported(command, "case.yaml", cwd=tmp_path)
        assert (code, names & HEAVY) == (1, set())


def test_the_package_itself_imports_nothing(tmp_path: Path) -> None:
    probe = "import sys; import foedus; print(*[n for n in sys.modules if n.startswith('foedus.')])"
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_what_the_package_exports() -> None:
    assert all(getattr(foedus, name) is not None for name in foedus.__all__)
    with pytest.raises(AttributeError, match="has no `lode`"):
        getattr(foedus, "lo" + "de")


def processor_seconds(*arguments: str) -> float:
    """Processor time of a call, which other programs do not lengthen as they do its clock time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, *arguments], env=environment(), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_check_starts_well_under_half_a_second(small: str) -> None:
    assert min(processor_seconds("check", small) for _ in range(3)) < 0.45


def test_help_starts_faster_still() -> None:
    assert min(processor_seconds("--help") for _ in range(3)) < 0.2


THREADS = """
import os, sys
from foedus.__main__ import run
sys.argv = ["foedus", "--version"]
try:
    run()
finally:
    print(os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("asked", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_sums_are_made_by_one_thread_unless_the_user_says_otherwise(
    asked: dict[str, str], threads: str
) -> None:
    clean = {name: text for name, text in environment().items() if "NUM_THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", THREADS], env=clean | asked, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, threads)
