"""The README is true: links lead somewhere, commands run, answers are those of the case."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def foedus(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A call of the program, as a user makes it."""
    command = [sys.executable, "-m", "foedus.cli.main", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)", README)
    assert len(targets) > 5
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert missing == []


def test_every_command_named_exists(tmp_path: Path) -> None:
    known = foedus("--help", cwd=tmp_path).stdout
    named = set(re.findall(r"foedus ([a-z]+)", README))
    assert len(named) > 7
    for name in named:
        assert re.search(rf"^  {name} ", known, re.MULTILINE), name


def test_own_case_runs(tmp_path: Path) -> None:
    for arguments in (
        ("new", "my-crisis"),
        ("check", "my-crisis"),
        ("run", "my-crisis", "--draws", "60"),
    ):
        done = foedus(*arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "foedus-out" / "my-crisis" / "index.html").exists()


def test_answers_shown_are_those_of_the_flagship(tmp_path: Path) -> None:
    block = next(block for block in README.split("```")[1::2] if "still president" in block)
    done = foedus("run", "kazakhstan-2022", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for line in block.strip("\n").splitlines():
        assert line in done.stdout.splitlines(), f"not printed any more: {line}"
