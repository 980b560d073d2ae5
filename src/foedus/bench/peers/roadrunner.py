"""libRoadRunner: its gillespie integrator."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from foedus.bench.peer import Peer, Simulate
from foedus.bench.peers.reactions import DAYS
from foedus.bench.peers.sbml import crisis_in_sbml


def prepare() -> Simulate:
    """Read the model and let it compile."""
    runner = import_module("roadrunner").RoadRunner(crisis_in_sbml())
    runner.setIntegrator("gillespie")
    runner.integrator.variable_step_size = False
    runner.timeCourseSelections = ["time", "protesters"]

    def simulate(runs: int, call: int) -> Sequence[float]:
        runner.integrator.seed = 1 + call * 7919
        found = []
        for _ in range(runs):
            runner.reset()
            found.append(float(runner.simulate(0.0, DAYS, 2)[-1, 1]))
        return found

    return simulate


PEER = Peer("libRoadRunner", "libroadrunner", prepare, 60)
