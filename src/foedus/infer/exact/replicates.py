"""Sampled against exact: the same small record weighed many times over, and worked out once.

An estimate of the likelihood may be far off in any one run, but must be right on average
[DelMoral2006]_: the mean of estimated over exact is 1. A logarithm or a share of such estimates is
right only in the limit of many particles, so that for these it is said how far they are off on
average (the bias), and how far one run strays from another (the scatter).

References
----------
.. [DelMoral2006] P. Del Moral, A. Doucet, A. Jasra (2006), Sequential Monte Carlo samplers, J. R.
   Stat. Soc. B 68, 411-436.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.exact.exactly import Exactly, exactly
from foedus.infer.islands.islands import Evidence, evidence_of
from foedus.infer.islands.pool import pool
from foedus.infer.islands.standings import standings
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import draw_particles
from foedus.infer.particles.weights import Numbers, log_mean
from foedus.infer.posterior.marginals import beliefs
from foedus.infer.sampler.sampler import Settings, sample
from foedus.text.diagnostic import NoAnswerError


@dataclass(frozen=True, slots=True)
class Weighed:
    """What weighing a record came to, by particles or exactly.

    `levels` is log p(first steps | atom) (atom, known), `logs` the log evidence of each explanation
    (nats). `posterior` has the probability of each explanation and of each origin being right, and
    of each uncertain number the mean and the standard deviation of its score (normal, in standard
    deviations of the prior).
    """

    levels: Numbers
    logs: Mapping[str, float]
    posterior: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Off:
    """How far estimates of an exact number are off on average, and how far they scatter."""

    exact: float
    bias: float
    scatter: float
    runs: int

    @property
    def error(self) -> float:
        """The standard error of the bias."""
        return float(self.scatter / np.sqrt(self.runs))


class Replicates:
    """A record worked out, to be weighed by particles as often as is wanted.

    For records small enough to be worked out; `NoAnswerError` says of others why not.
    """

    def __init__(self, target: RecordTarget) -> None:
        found = exactly(target)
        if not isinstance(found, Exactly):
            raise NoAnswerError(f"{found.reason}; {found.cure}")
        self.target, self.coordinates = target, found.lattice.coordinates
        self.evidence, self.exact = found.evidence, self._weighed(found.evidence)

    def sampled(self, settings: Settings, seed: int, run: int) -> Weighed:
        """What one run of the sampler comes to. The same arguments give the same result."""
        return self._weighed(evidence_of(self.target, [sample(self.target, settings, seed, run)]))

    def unguided(self, size: int, seed: int, run: int) -> dict[str, float]:
        """The log of the mean weight of so many runs, by explanation: parameters from their priors,
        nothing selected and nothing moved. What the weights are, and not the sampler, is tried.
        """
        target = self.target
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, run))))
        drawn = draw_particles(size, target.coordinates, target.noise.count, random)
        told = np.zeros(size)
        for step, worth in zip(target.steps, self.evidence.courses[0].neutral, strict=True):
            if step.trust is not None:
                told += np.where(step.trust.is_withheld(drawn), worth, 0.0)
        last = target.stages[-1]
        logs = [log_mean(target.weigh(one, drawn, last) + told) for one in range(len(target.atoms))]
        found = replace(self.evidence, levels=np.array(logs)[None, :, None])
        standing = standings(target.model, self.evidence)
        return {one.name: float(found.of_islands(one.atoms)[0]) for one in standing}

    def _weighed(self, evidence: Evidence) -> Weighed:
        found, standing = pool(evidence), standings(self.target.model, evidence)
        weights = np.concatenate(found.shares())
        scores = np.concatenate([particles.scores for particles in found.particles])
        system = self.target.coordinate_system
        posterior = {one.name: one.posterior for one in standing}
        posterior |= {f"{one.origin} is right": one.posterior for one in beliefs(system, found)}
        for place in self.coordinates:
            name = next(cell.name for cell in system.cells if cell.coordinate == place)
            mean = float(weights @ scores[:, place])
            variance = float(weights @ (scores[:, place] - mean) ** 2)
            posterior |= {f"mean of {name}": mean, f"spread of {name}": variance**0.5}
        logs = {one.name: one.log_evidence for one in standing}
        return Weighed(evidence.levels[0], logs, posterior)


def off_by(runs: Iterable[float], exact: float) -> Off:
    """How far estimates of a number, one from each run, are off."""
    values = np.array(list(runs))
    return Off(exact, float(values.mean()) - exact, float(values.std(ddof=1)), values.size)


def likelihood(logs: Iterable[float], exact: float) -> Off:
    """How far estimates of a likelihood are off, as a share of it, from their logarithms."""
    return off_by((float(np.exp(one - exact)) for one in logs), 1.0)
