"""An atom that the record rules out, asked again as if part of the record were not known.

No particle is left of it that could be given another weight. So particles are drawn from the prior
and weighed by what is left of the record.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles, draw_particles
from foedus.infer.particles.weights import effective_size, log_sum
from foedus.jump.stages import Stage, without


@dataclass(frozen=True, slots=True)
class RuledOut:
    """An atom that ended at a `step`, with `particles` of it as they were before anything."""

    atom: int
    step: str
    particles: Particles

    def without(
        self, gone: frozenset[str], target: RecordTarget, stage: Stage,
        neutral: Mapping[str, float], least: float,
    ) -> float | None:  # fmt: skip
        """log p(what is left of the stage | atom); None where too few particles count to say.

        Where none of them agrees with what is left, the atom stays ruled out, unless what ruled it
        out is gone: then they were too few to tell. `neutral` is what each step is worth to those
        who do not trust it.
        """
        logs = target.weigh(self.atom, self.particles, without(stage, gone))
        for step in target.steps:
            if step.trust is not None and step.name not in gone:
                withheld = step.trust.is_withheld(self.particles)
                logs = logs + np.where(withheld, neutral[step.name], 0.0)
        total = log_sum(logs)
        if total == -np.inf:
            return None if self.step in gone else total
        return None if effective_size(logs) < least else total - float(np.log(logs.size))


def ruled_out(
    target: RecordTarget, evidence: Evidence, size: int, seed: int
) -> tuple[RuledOut, ...]:
    """The atoms of which nothing is left at the end, each with so many particles."""
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, size))))
    found = []
    for atom in range(len(evidence.priors)):
        alive = np.flatnonzero((evidence.levels[:, atom] > -np.inf).any(axis=0))
        if alive[-1] < len(evidence.steps):
            step = evidence.steps[int(alive[-1])]
            drawn = draw_particles(size, target.coordinates, target.noise.count, random)
            found.append(RuledOut(atom, step, drawn))
    return tuple(found)
