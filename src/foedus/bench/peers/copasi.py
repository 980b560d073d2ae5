"""COPASI through basico: its direct method."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from foedus.bench.peer import Peer, Simulate
from foedus.bench.peers.reactions import DAYS
from foedus.bench.peers.sbml import crisis_in_sbml


def prepare() -> Simulate:
    """Read the model."""
    basico = import_module("basico")
    basico.load_model_from_string(crisis_in_sbml())

    def simulate(runs: int, call: int) -> Sequence[float]:
        found = []
        for run in range(runs):
            course = basico.run_time_course(
                duration=DAYS, intervals=1, method="directMethod", use_numbers=True,
                use_seed=True, seed=1 + (call * 1_000_003 + run * 7919) % 2_000_000_011,
            )  # fmt: skip
            found.append(float(course["protesters"].iloc[-1]))
        return found

    return simulate


PEER = Peer("COPASI", "copasi-basico", prepare, 200)
