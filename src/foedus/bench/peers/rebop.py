"""rebop: its direct method, rates as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from foedus.bench.peer import Peer, Simulate
from foedus.bench.peers.reactions import DAYS, REACTIONS, START


def prepare() -> Simulate:
    """State the model."""
    crisis = import_module("rebop").Gillespie()
    for _, takes, makes, rate in REACTIONS:
        crisis.add_reaction(rate, list(takes), list(makes))

    def simulate(runs: int, call: int) -> Sequence[float]:
        return [
            float(crisis.run(START, tmax=DAYS, nb_steps=1, rng=call * 1_000_003 + run)[
                "protesters"
            ].values[-1])
            for run in range(runs)
        ]  # fmt: skip

    return simulate


PEER = Peer("rebop", "rebop", prepare, 60)
