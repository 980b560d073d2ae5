"""GillesPy2 with its solver in C++, which it compiles with the system's compiler."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from foedus.bench.peer import Peer, Simulate
from foedus.bench.peers.reactions import DAYS, REACTIONS, START


def prepare() -> Simulate:
    """State the model and let it compile."""
    gillespy2 = import_module("gillespy2")
    # It builds with the program `scons`, which stands beside this interpreter.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    model = gillespy2.Model(name="crisis")
    model.add_species(
        [gillespy2.Species(name=n, initial_value=v, mode="discrete") for n, v in START.items()]
    )
    model.add_reaction(
        [
            gillespy2.Reaction(
                name=name, reactants=dict.fromkeys(takes, 1), products=dict.fromkeys(makes, 1),
                propensity_function=rate,
            )
            for name, takes, makes, rate in REACTIONS
        ]
    )  # fmt: skip
    model.timespan(gillespy2.TimeSpan([0.0, DAYS]))
    solver = gillespy2.SSACSolver(model=model)

    def simulate(runs: int, call: int) -> Sequence[float]:
        results = solver.run(number_of_trajectories=runs, seed=1 + call * 7919)
        return [float(one["protesters"][-1]) for one in results]

    return simulate


PEER = Peer("GillesPy2", "gillespy2", prepare, 200)
