"""The native engine as the bench runs it: no paths kept, questions answered, on one processor."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from foedus import study
from foedus.case.case import Case
from foedus.engine.native.choice import Kernel, Work, build_kernel
from foedus.engine.native.program import Results
from foedus.engine.sampling import draw_parameters
from foedus.engine.world import Parameters
from foedus.frozen import dataclass
from foedus.jump.model import Intervention, JumpModel

SEED = 1


@dataclass(frozen=True, slots=True)
class Engine:
    """A compiled model with one set of parameters."""

    model: JumpModel
    kernel: Kernel
    theta: Parameters

    def run(self, first: int, count: int, horizon: float | None = None, **theta: float) -> Results:
        """Runs `first` to `first + count`; `theta` changes parameters (in days and per day)."""
        thetas: list[Parameters] = [{**self.theta, **theta}]
        return self.kernel.run(thetas, self.model.atoms[0], SEED, first, count, horizon=horizon)

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
    return engine_of_model(study.build(opened), parameters_of(opened, settings))


def engine_of_model(
    model: JumpModel, theta: Parameters, interventions: tuple[Intervention, ...] = ()
) -> Engine:
    """The engine of a model, with some decisions changed in every run."""
    return Engine(model, build_kernel(Work(model, None, interventions)), theta)


def parameters_of(case: Case, settings: dict[str, float] | None = None) -> Parameters:
    """Parameters of a case: one draw, and what is set."""
    model = study.build(case)
    theta = draw_parameters(model, model.atoms[0], SEED, 0)
    return theta | study.parameters_in_days(case, settings or {})


def answers(results: Results, model: JumpModel, name: str) -> np.ndarray:
    """The answers (run,) to the question of that name."""
    place = [monitor.name for monitor in model.monitors].index(name)
    return results.values[:, place]
