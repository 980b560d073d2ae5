"""The native engine as the bench runs it: no paths kept, questions answered, on one processor."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from foedus import study
from foedus.case.case import Case
from foedus.engine.native.program import Program, Results, build_program, run_program
from foedus.engine.sampling import draw_parameters
from foedus.engine.world import Parameters
from foedus.jump.model import JumpModel

SEED = 1


@dataclass(frozen=True, slots=True)
class Engine:
    """A compiled model with one set of parameters."""

    model: JumpModel
    program: Program
    theta: Parameters

    def run(self, first: int, count: int, horizon: float | None = None, **theta: float) -> Results:
        """Runs `first` to `first + count`; `theta` changes parameters (in days and per day)."""
        values = {**self.theta, **theta}
        atom = self.model.atoms[0]
        return run_program(self.program, values, atom, SEED, first, count, horizon=horizon)

    def rate(self, first: int, count: int, horizon: float | None = None) -> float:
        """Events per processor second over some runs."""
        start = time.process_time()
        events = int(self.run(first, count, horizon).events.sum())
        return events / (time.process_time() - start)

    def rate_of_threads(self, threads: int, first: int, count: int) -> float:
        """Events per second of the clock, the runs dealt out to threads."""
        each = count // threads
        start = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(lambda place: self.run(first + place * each, each), range(threads))
            events = sum(int(part.events.sum()) for part in parts)
        return events / (time.perf_counter() - start)


def engine_of(case: str | Path | Case, settings: dict[str, float] | None = None) -> Engine:
    """The engine of a case by name, path or as read."""
    opened = case if isinstance(case, Case) else study.load(case, settings)
    model = study.build(opened)
    theta = draw_parameters(model, model.atoms[0], SEED, 0)
    theta |= study.parameters_in_days(opened, settings or {})
    return Engine(model, build_program(model), theta)


def answers(results: Results, model: JumpModel, name: str) -> np.ndarray:
    """The answers (run,) to the question of that name."""
    place = [monitor.name for monitor in model.monitors].index(name)
    return results.values[:, place]


@contextmanager
def cold_cache() -> Iterator[str]:
    """A folder for compiled code that is empty, and used meanwhile."""
    before = os.environ.get("FOEDUS_CACHE")
    with TemporaryDirectory(prefix="foedus-bench-") as folder:
        os.environ["FOEDUS_CACHE"] = folder
        try:
            yield folder
        finally:
            if before is None:
                del os.environ["FOEDUS_CACHE"]
            else:
                os.environ["FOEDUS_CACHE"] = before
