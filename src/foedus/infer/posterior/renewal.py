"""Other courses for the same parameters: noise drawn anew, given the record.

A particle's scores stay; its noise is renewed stream by stream by moves that keep the law given the
record (`moves`). Courses that are taken on the way show what chance does under the same
assumptions. They forget the first one bit by bit: at once where the record leaves a course free,
and slowly where much of it must change together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.bridge import Ahead, Bridge
from foedus.infer.particles.moves import Reach, State, begin_moves, no_strides, renew_noise
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import of_one_atom

SWEEPS = 24
"""Between one course that is taken and the next."""


def renewed(
    target: RecordTarget,
    evidence: Evidence,
    atom: int,
    particles: Particles,
    random: np.random.Generator,
    sweeps: int = SWEEPS,
) -> Iterator[Particles]:
    """The same parameters with courses drawn anew, given all that the record says, without end.

    Each is made from the one before it by so many sweeps; which noise to touch is learned on the
    way.
    """
    known = len(target.stages) - 1
    law = Bridge(Ahead(target, known, evidence.neutrals), 1.0)
    nowhere = np.zeros(0, np.int64)
    reach = Reach(target.noise, target.used(known), frozenset(), nowhere)
    population = of_one_atom(particles, atom)
    strides = no_strides(target.coordinates, target.noise.count)
    state = State(population, law.levels(population))
    while True:
        begin_moves(state, law, reach, random)
        for _ in range(sweeps):
            renew_noise(state, law, strides, reach, random)
        yield state.population.particles
