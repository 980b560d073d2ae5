"""The flagship: a hundred thousand runs as a user makes them, and compiling it."""

from __future__ import annotations

import json
import sys
from tempfile import TemporaryDirectory

from foedus import study
from foedus.bench.measure import run_foedus, run_process, spread
from foedus.bench.row import Effort, Found, Row

CASE = "kazakhstan-2022"
RUNS = 100_000

COMPILE = """
import sys, time
from foedus import study
from foedus.engine.native.choice import Work, build_kernel
model = study.build(study.load(sys.argv[1]))
start = time.process_time()
build_kernel(Work(model))
print(time.process_time() - start)
"""


def whole_process(effort: Effort) -> Found:
    """Processor seconds of `foedus simulate` with one worker, its code in the cache."""
    atoms = len(study.build(study.load(CASE)).atoms)
    draws = -(-effort.scaled(RUNS) // atoms)
    words = ["simulate", CASE, "--workers", "1", "--json", "--draws"]
    with TemporaryDirectory() as cache:
        run_foedus(*words, "10", cache=cache)
        done = [run_foedus(*words, str(draws), cache=cache) for _ in range(2)]
        begin = run_foedus(*words, "10", cache=cache).cpu
    answer = json.loads(done[0].output)
    runs = draws * atoms
    least = [begin + (one.cpu - begin) * RUNS / runs for one in done]
    return spread(
        least,
        {
            "runs": runs,
            "events a run": answer["events"] / runs,
            "seconds on the clock": min(one.wall for one in done),
            "of which for 10 draws": begin,
        },
        () if runs >= RUNS else ("scaled up from fewer runs",),
    )


def compile_time(effort: Effort) -> Found:
    """Processor seconds from the jump model to machine code, nothing cached."""
    seconds = []
    for _ in range(effort.rounds):
        with TemporaryDirectory() as cache:
            done = run_process([sys.executable, "-c", COMPILE, CASE], {"FOEDUS_CACHE": cache})
        seconds.append(float(done.output))
    return spread(seconds)


ROWS = (
    Row("flagship", "flagship", "100,000 runs, whole process, warm cache",
        whole_process, 3.0, 1.5, True, "s CPU"),
    Row("flagship-compile", "flagship", "compile", compile_time, 1.0, 0.3, True, "s CPU"),
)  # fmt: skip
