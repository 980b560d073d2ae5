"""What it costs to weigh a case by sampling, as a user does it, and how exact that is."""

from __future__ import annotations

import json
from tempfile import TemporaryDirectory

from foedus.bench.measure import foedus_command, run_foedus, run_process, spread
from foedus.bench.row import Effort, Found, Row

CASE = "bahrain-2011"
SEEDS = 3


def _words(seed: int) -> tuple[str, ...]:
    return "weigh", CASE, "--method", "particle", "--workers", "1", "--seed", str(seed), "--json"


def seconds(effort: Effort) -> Found:
    """Processor seconds of `foedus weigh` with one worker, its code in the cache."""
    cpu, errors = [], []
    with TemporaryDirectory() as cache:
        # So few particles are refused as too noisy, once the code is compiled.
        few = foedus_command(*_words(1), "--particles", "10")
        run_process(few, {"FOEDUS_CACHE": cache})
        for seed in range(1, effort.scaled(SEEDS) + 1):
            done = run_foedus(*_words(seed), cache=cache)
            cpu.append(done.cpu)
            errors += [one["error"] for one in json.loads(done.output)["explanations"]]
    return spread(
        cpu,
        {"weighed": len(cpu), "error of a log evidence, nats": max(errors)},
        ("the largest error that the verdict itself states, over explanations and seeds",),
    )


ROWS = (
    Row("weighing", "bahrain-2011", "weighing of a case, whole process, warm cache",
        seconds, None, None, True, "s CPU"),
)  # fmt: skip
