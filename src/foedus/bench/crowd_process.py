"""One run of workload C, as a process: `python -m foedus.bench.crowd_process CITIZENS RUN [PART]`.

Prints the events of a run and the processor seconds it took beyond a run of no length, as JSON.
With a `PART` (from 0 to 1) it makes runs over that part of the clock only and prints the events,
for counters of instructions around the process: as many runs as make up a crowd of `TOGETHER`, so
that small crowds have as many events and the start of the process weighs as little.
"""

from __future__ import annotations

import json
import sys
import time

from foedus import study
from foedus.bench.engine import Engine, engine_of
from foedus.case.constants import constants

TOGETHER = 100_000
"""Citizens in all runs of which instructions are counted."""


def crowd_of(citizens: int) -> Engine:
    """The engine of the case with so many citizens."""
    (size,) = (name for name in constants(study.load("crowd")) if name.startswith("citizen"))
    return engine_of("crowd", {size: float(citizens)})


def _seconds(engine: Engine, run: int, horizon: float) -> tuple[float, int]:
    start = time.process_time()
    events = int(engine.run(run, 1, horizon).events.sum())
    return time.process_time() - start, events


def main(citizens: int, run: int, part: float | None) -> None:
    """Measure, and print."""
    engine = crowd_of(citizens)
    if part is not None:
        runs = max(1, TOGETHER // citizens)
        events = int(engine.run(run, runs, part * engine.model.horizon).events.sum())
        print(json.dumps({"events": events}))
        return
    without, casting = _seconds(engine, run, 0.0)
    whole, events = _seconds(engine, run, engine.model.horizon)
    print(json.dumps({"events": events - casting, "seconds": whole - without}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else None)
