"""The yardsticks in C: built where gcc is there, run as processes that time themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from foedus.frozen import dataclass

SOURCES = Path(__file__).parent / "yardsticks"
OPTIONS = ("-std=gnu11", "-O3", "-march=native")
LIBRARIES = ("-lmvec", "-lm")
NO_COMPILER = "gcc is not here to build the yardstick (on Debian and Ubuntu: apt-get install gcc)"

_FOLDER = TemporaryDirectory(prefix="foedus-yardsticks-", ignore_cleanup_errors=True)


class NoYardstick(Exception):  # noqa: N818 - it says what happened
    """A yardstick cannot be built here; the message says why."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A program that prints its events and processor seconds as JSON, and some means."""

    path: Path

    def run(self, *words: object) -> dict[str, float]:
        """What one call prints."""
        command = [str(self.path), *map(str, words)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def rate(self, *words: object) -> float:
        """Events per processor second of one call."""
        found = self.run(*words)
        return found["events"] / found["seconds"]


@cache
def shipped(name: str) -> Yardstick:
    """The yardstick `yardsticks/NAME.c`, built once. Raises `NoYardstick`."""
    return build(name, (SOURCES / f"{name}.c").read_text())


def build(name: str, text: str) -> Yardstick:
    """A yardstick from its text. Raises `NoYardstick`."""
    compiler = shutil.which("gcc")
    if compiler is None:
        raise NoYardstick(NO_COMPILER)
    path = Path(_FOLDER.name) / name
    source = path.with_suffix(".c")
    source.write_text(text)
    command = [compiler, *OPTIONS, f"-I{SOURCES}", str(source), *LIBRARIES, "-o", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        first = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise NoYardstick(f"gcc cannot build the yardstick here: {first.rpartition('/')[2]}")
    return Yardstick(path)


def compiler_version() -> str | None:
    """The first line of `gcc --version`, None without gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    done = subprocess.run([compiler, "--version"], capture_output=True, text=True)
    return (done.stdout.splitlines() or [""])[0]
