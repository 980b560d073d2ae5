"""Measuring two things in turns, and whole processes from outside."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache as once
from statistics import median

from foedus.bench.row import Found
from foedus.frozen import dataclass


def in_turns(rounds: int, **measured: Callable[[int], float]) -> dict[str, list[float]]:
    """What each function gives in every round; it is called with the number of the round.

    All are called once before, untimed by whoever reads the result: caches and clocks settle.
    """
    found: dict[str, list[float]] = {name: [] for name in measured}
    for number in range(rounds + 1):
        for name, function in measured.items():
            value = function(number)
            if number:
                found[name].append(value)
    return found


def ratio(
    above: Sequence[float], below: Sequence[float], details: dict[str, float] | None = None,
    notes: tuple[str, ...] = (),
) -> Found:  # fmt: skip
    """The median of the ratios round by round, with the least and the largest."""
    ratios = [one / other for one, other in zip(above, below, strict=True)]
    return spread(ratios, details, notes)


def spread(
    values: Sequence[float], details: dict[str, float] | None = None, notes: tuple[str, ...] = ()
) -> Found:
    """The median of some numbers, with the least and the largest."""
    return Found(median(values), min(values), max(values), details or {}, notes)


# Whole processes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has ended: processor seconds of it and its children, seconds on the clock."""

    cpu: float
    wall: float
    output: str
    errors: str
    code: int


class TooLong(Exception):  # noqa: N818 - it says what happened
    """A process that was ended because it took too long."""


def run_process(
    command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 600.0
) -> Process:
    """Run a command to its end. Raises `TooLong` where it takes more than `limit` seconds."""
    own = {**os.environ, **_bytecode(), **(environment or {})}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = os.times()
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=own
        )
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(limit, stop)
        timer.start()
        try:
            code = process.wait()
        finally:
            timer.cancel()
        end = os.times()
        if stopped.is_set():
            raise TooLong(f"not done after {limit:g} s")
        output.seek(0)
        errors.seek(0)
        return Process(
            end.children_user + end.children_system - begin.children_user - begin.children_system,
            end.elapsed - begin.elapsed,
            output.read().decode(errors="replace"),
            errors.read().decode(errors="replace"),
            code,
        )


@once
def _bytecode() -> dict[str, str]:
    """The settings by which processes keep Python's bytecode, where they are told to keep none.

    A package that is installed has it; to compile all modules anew is no part of a start.
    """
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}


def foedus_command(*words: str) -> list[str]:
    """The command that runs Foedus as a process of its own, with these words."""
    return [sys.executable, "-m", "foedus", *words]


def run_foedus(*words: str, cache: str, limit: float = 600.0) -> Process:
    """Run Foedus with compiled code kept in the folder `cache`. Its failure is ours: it raises."""
    done = run_process(foedus_command(*words), {"FOEDUS_CACHE": cache}, limit)
    if done.code:
        raise RuntimeError(f"foedus {' '.join(words)} failed: {done.errors.strip()}")
    return done
