"""Counting the instructions of a process: with perf where the processor's counters can be read,
with valgrind (some fifty times slower) where they cannot."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from functools import cache

from foedus.bench.measure import run_process

LIMIT = 600.0


class NoCounter(Exception):  # noqa: N818 - it says what happened
    """Instructions cannot be counted here."""

    def __str__(self) -> str:
        return "neither perf nor valgrind can count instructions here"


@cache
def counter() -> str:
    """`perf` or `valgrind`. Raises `NoCounter`."""
    if shutil.which("perf") and _with_perf(["true"])[0] is not None:
        return "perf"
    if shutil.which("valgrind"):
        return "valgrind"
    raise NoCounter


def instructions_of(command: Sequence[str]) -> tuple[int, str]:
    """How many instructions a command takes, and what it prints. Raises `NoCounter`, `TooLong`."""
    found, output = _with_perf(command) if counter() == "perf" else _with_valgrind(command)
    if found is None:
        raise NoCounter
    return found, output


def _with_perf(command: Sequence[str]) -> tuple[int | None, str]:
    done = run_process(["perf", "stat", "-x,", "-e", "instructions:u", *command], limit=LIMIT)
    match = re.search(r"^(\d+),.*instructions", done.errors, re.MULTILINE)
    return (int(match[1]) if match else None), done.output


def _with_valgrind(command: Sequence[str]) -> tuple[int | None, str]:
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = run_process([*tool, *command], limit=LIMIT)
    match = re.search(r"Collected *: *(\d+)", done.errors)
    return (int(match[1]) if match else None), done.output
