"""One run at a time: the algorithm for every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.engine.native.choice import Work
from foedus.engine.native.program import Program, Results, build_program, run_program
from foedus.engine.reference import LIMIT, Parameters
from foedus.jump.model import Atom


@dataclass(frozen=True, slots=True, eq=False)
class ScalarKernel:
    """Runs one after the other."""

    program: Program
    algorithm: str = "scalar"

    def run(
        self, thetas: Sequence[Parameters], atom: Atom, seed: int, first: int, inner: int,
        *, horizon: float | None = None, limit: int = LIMIT,
    ) -> Results:  # fmt: skip
        """See `choice.Kernel`."""
        parts = [
            run_program(
                self.program, theta, atom, seed, first + place * inner, inner,
                horizon=horizon, limit=limit,
            )
            for place, theta in enumerate(thetas)
        ]  # fmt: skip
        return Results(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.waited for part in parts]),
            np.concatenate([part.given for part in parts]),
            np.concatenate([part.samples[:-1] for part in parts]),
            np.concatenate([part.events for part in parts]),
            np.concatenate([part.vacuous for part in parts]),
            np.zeros((0, 3)),
        )


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: every model."""
    return True


def build(work: Work) -> ScalarKernel:
    """See `choice.Algorithm`."""
    return ScalarKernel(build_program(work.model, work.watch, work.interventions))
