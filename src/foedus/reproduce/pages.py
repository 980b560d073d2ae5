"""The pages: README and documentation carried out from top to bottom in a copy of the checkout.

The copy is made so that nothing of the checkout changes; `./dev update-pages` changes it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from foedus.reproduce.part import Made, Workplace

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", "foedus-*"
)
CARRIED_OUT = ("tests/docs", "tests/diagnostics")
WORDS = re.compile(r"<text[^>]*>([^<]*)")
SHOWN = 12
TAIL = 15


def find_checkout(start: Path) -> Path | None:
    """The folder of the sources that a folder lies in: one with pages, tests and this package."""
    for folder in (start, *start.parents):
        if (folder / "src" / "foedus").is_dir() and (folder / "tests" / "docs").is_dir():
            return folder
    return None


def make_pages(place: Workplace) -> Made:
    """The pages as they would be written today, and the lines that are no longer so."""
    if shutil.which("git") is None:
        return Made(skipped="it needs git")
    return _in_a_copy(place, ["-m", "pytest", "--update", "-q", *CARRIED_OUT], "the pages")


def make_what_if_calibration(place: Workplace) -> Made:
    """The page and figure on how well what-ifs are calibrated, in planted worlds of today."""
    return _in_a_copy(place, ["tools/draw_what_if_calibration.py"], "the planted worlds")


def _in_a_copy(place: Workplace, command: Sequence[str], what: str) -> Made:
    """What pages and figures are after Python has run a command in a copy of the checkout."""
    if place.checkout is None:
        return Made(skipped="it needs the sources with their pages and tests: run it in a checkout")
    with TemporaryDirectory(prefix="foedus-pages-") as name:
        copy = Path(name) / "checkout"
        shutil.copytree(place.checkout, copy, ignore=LEFT_OUT)
        if shutil.which("git") is not None:
            # Tests ask git which files the project has; in a new repository it has all of them.
            subprocess.run(["git", "init", "-q"], cwd=copy, check=True, capture_output=True)
        paths = {"PYTHONPATH": str(copy / "src")}
        done = subprocess.run(
            [sys.executable, *command], cwd=copy, env={**os.environ, **paths},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-TAIL:])
            return Made(failed=f"{what} could not be carried out:\n{tail}")
        return _compared(place, place.checkout, copy)


def _compared(place: Workplace, checkout: Path, copy: Path) -> Made:
    """What differs between the pages of the checkout and of its copy; the new ones are kept."""
    changed, files = [], []
    for path in pages_of(checkout):
        lines = _changes(path, checkout, copy)
        if lines:
            changed += [f"{path}: {line}" for line in lines]
            files.append(str(path))
            target = place.folder / "pages" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(copy / path, target)
    return Made({"changed": files}, tuple(changed), files=tuple(f"pages/{one}" for one in files))


def pages_of(checkout: Path) -> list[Path]:
    """Every page and figure that is made from what runs, from the top of the checkout."""
    found = [checkout / "README.md", *_all(checkout / "docs", "*.md")]
    found += _all(checkout / "docs", "*.svg")
    found += _all(checkout / "src" / "foedus" / "diagnostics", "*.md")
    return [path.relative_to(checkout) for path in found if path.is_file()]


def _all(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def _changes(path: Path, checkout: Path, copy: Path) -> list[str]:
    """The lines of a page that differ, as `-old` and `+new`; of a figure its words."""
    old, new = ((root / path).read_text(encoding="utf-8") for root in (checkout, copy))
    if path.suffix == ".svg":
        before, after = WORDS.findall(old), WORDS.findall(new)
    else:
        before, after = old.splitlines(), new.splitlines()
    lines = list(_only_changes(before, after))
    return (
        lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"and {len(lines) - SHOWN} lines more"]
    )


def _only_changes(before: list[str], after: list[str]) -> Iterator[str]:
    for line in unified_diff(before, after, n=0, lineterm=""):
        if line[:1] in "+-" and line[:3] not in ("+++", "---"):
            yield line
