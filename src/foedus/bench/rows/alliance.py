"""Workload B: fifty states, 150 log-linear hazards, some 10,000 events a run."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from foedus.bench.engine import engine_of
from foedus.bench.measure import in_turns, ratio
from foedus.bench.row import Effort, Found, Row
from foedus.bench.yardstick import shipped

RUNS = 60


def over_best(effort: Effort) -> Found:
    """Events per processor second over those of C with fields kept and a vector exponential."""
    yardstick, engine = shipped("alliance"), engine_of("alliance-50")
    runs = effort.scaled(RUNS)
    (ties,) = (table for table in engine.model.tables if table.name == "tie")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ties"
        path.write_bytes(np.array(ties.values).tobytes())
        rates = in_turns(
            effort.rounds,
            engine=lambda turn: engine.rate(turn * runs, runs),
            best=lambda turn: yardstick.rate(path, runs, turn),
        )
    return ratio(
        rates["engine"],
        rates["best"],
        {
            "Foedus, million events/s": median(rates["engine"]) / 1e6,
            "best C, million events/s": median(rates["best"]) / 1e6,
        },
    )


ROWS = (Row("alliance", "B alliance", "speed over the best C", over_best, 0.4, 0.8),)
