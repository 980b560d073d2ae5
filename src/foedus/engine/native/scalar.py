"""One run at a time: the algorithm for every model."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.engine.native.choice import Work
from foedus.engine.native.program import Program, Results, build_program, run_many
from foedus.engine.reference import LIMIT
from foedus.engine.start import Theta
from foedus.frozen import dataclass
from foedus.jump.model import Atom


@dataclass(frozen=True, slots=True, eq=False)
class ScalarKernel:
    """Runs one after the other."""

    program: Program
    algorithm: str = "scalar"

    def run(
        self, thetas: Sequence[Theta], atom: Atom, seed: int, first: int, inner: int,
        *, horizon: float | None = None, limit: int = LIMIT,
    ) -> Results:  # fmt: skip
        """See `choice.Kernel`."""
        return run_many(
            self.program, thetas, atom, seed, first, inner, horizon=horizon, limit=limit
        )


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: every model."""
    return True


def build(work: Work) -> ScalarKernel:
    """See `choice.Algorithm`."""
    return ScalarKernel(
        build_program(work.model, work.watch, work.interventions, is_checked=work.is_checked)
    )
