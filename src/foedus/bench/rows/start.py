"""From nothing to a first result or refusal, and what a million runs need in memory."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from foedus import study
from foedus.bench.measure import foedus_command, run_foedus, run_process, spread
from foedus.bench.row import Effort, Found, Row, Skipped

MANY = 1_000_000
FEW = 1_000
SMALL_CASE = "hungary-1956"
FAULTS = 20_000
HEAD = "foedus: 1\ncase: x\ntitle: X\nclock: {start: 2022-01-01, end: 2022-02-01}\nactors:\n"

PEAK = """
import sys
from foedus.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(open("/proc/self/status").read(), file=sys.stderr)
"""


def first_result(effort: Effort) -> Found:
    """Processor seconds of `foedus simulate crisis --draws 100`, no compiled case in the cache.

    A first run that does not count leaves Python's own bytecode, as installing the package does.
    """
    words = ["simulate", "crisis", "--draws", "100", "--workers", "1", "--json"]
    seconds = []
    for _ in range(effort.rounds + 1):
        with TemporaryDirectory() as cache:
            seconds.append(run_foedus(*words, cache=cache).cpu)
    return spread(seconds[1:])


def refusal(effort: Effort) -> Found:
    """Processor seconds of `foedus check` on a file of 20,000 faults, near the most it may hold."""
    faults = "".join(f"  a{n}: {{kind: state, of: b{n}}}\n" for n in range(FAULTS))
    with TemporaryDirectory() as folder:
        file = Path(folder, "case.yaml")
        file.write_text(HEAD + faults, encoding="utf-8")
        check = foedus_command("check", str(file), "--json")
        done = [run_process(check) for _ in range(effort.rounds)]
    if any(one.code != 1 for one in done):
        raise RuntimeError("a file full of faults was not refused")
    return spread([one.cpu for one in done])


def memory(effort: Effort) -> Found | Skipped:
    """Peak memory of a million runs less that of a thousand, in megabytes."""
    runs = effort.scaled(MANY)
    atoms = len(study.build(study.load(SMALL_CASE)).atoms)
    with TemporaryDirectory() as cache:
        _peak(FEW, cache)  # compiles: both that count find the code in the cache
        few, many = (_peak(-(-one // atoms), cache) for one in (FEW, runs))
    if few is None or many is None:
        return Skipped("only Linux says what a process needed")
    notes = () if runs >= MANY else (f"of {runs:,} runs only",)
    details = {"MB for 1,000 runs": few, f"MB for {runs:,} runs": many}
    return spread([many - few], details, notes)


def _peak(draws: int, cache: str) -> float | None:
    """The largest memory that a simulation of a small case held, in megabytes."""
    words = ["simulate", SMALL_CASE, "--draws", str(draws), "--workers", "1", "--json"]
    done = run_process([sys.executable, "-c", PEAK, *words], {"FOEDUS_CACHE": cache})
    found = re.search(r"^VmHWM:\s+(\d+) kB", done.errors, re.MULTILINE)
    return int(found[1]) / 1000.0 if found else None


ROWS = (
    Row("start", "any", "first result of A, whole process, cold cache",
        first_result, 0.8, 0.4, True, "s CPU"),
    Row("refusal", "any", "a hostile file of 20,000 faults refused, whole process",
        refusal, 2.0, 1.0, True, "s CPU"),
    Row("memory", "any", "1,000,000 runs without paths, over 1,000",
        memory, 200.0, 50.0, True, "MB"),
)  # fmt: skip
