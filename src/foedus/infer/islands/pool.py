"""All particles at the end of the record, weighted so that each atom's sum to its evidence.

Most questions about a verdict are asked of these: what if a prior were wider, a source left out? A
changed assumption changes each particle's weight by a known factor; where the factors leave too few
particles that count, the answer is not to be trusted, and is not given.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.particles.particles import Particles, joined
from foedus.infer.particles.weights import (
    Numbers,
    Places,
    effective_size,
    error_of_change,
    log_sum,
    resample,
)

LEAST_SIZE = 50.0
"""Effective particles of an atom below which a reweighted evidence is not trusted."""

FEWEST = 5.0
"""The same where there were not so many to begin with."""

BATCHES = 5
"""Parts of the particles, in order of islands, that errors are worked out from."""

NEGLIGIBLE = 0.005
"""The posterior probability below which an atom has no part in answers given the record."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The particles of each atom from all islands; `logs` sum (in exp) to the atom's evidence.

    Where the particles are the nodes of a grid it `is_exact`: each stands for itself, however few
    there are.
    """

    priors: Numbers
    particles: tuple[Particles, ...]
    logs: tuple[Numbers, ...]
    is_exact: bool = False

    def log_evidence(self, atom: int) -> float:
        """log p(record | atom)."""
        return log_sum(self.logs[atom])

    def shares(self) -> tuple[Numbers, ...]:
        """Posterior weights: of all atoms together they sum to one (particle,)."""
        with np.errstate(divide="ignore"):
            joint = [np.log(p) + logs for p, logs in zip(self.priors, self.logs, strict=True)]
        total = log_sum(np.concatenate(joint))
        return tuple(np.exp(logs - total) for logs in joint)

    @property
    def counting(self) -> tuple[int, ...]:
        """The atoms that have a part in answers given the record."""
        shares = (float(share.sum()) for share in self.shares())
        return tuple(atom for atom, share in enumerate(shares) if share > NEGLIGIBLE)


Change = Callable[[int, Particles], Numbers]
"""What a changed assumption does to the log weight of each particle of an atom (particle,)."""


@dataclass(frozen=True, slots=True)
class Reweighted:
    """log p(record | atom) under a changed assumption (atom,); None where too few count.

    `errors` are the standard errors of what the change gains, by the islands' spread.
    """

    logs: tuple[float | None, ...]
    errors: tuple[float, ...]


def pool(evidence: Evidence) -> Pool:
    """All islands' particles at the end of the record."""
    islands = max(len(evidence.living), 1)
    particles, logs = [], []
    for atom in range(len(evidence.priors)):
        clouds = [course.clouds[atom] for course in evidence.courses]
        levels = evidence.levels[:, atom, -1]
        scaled = [
            cloud.logs - log_sum(cloud.logs) + level - np.log(islands)
            if level > -np.inf
            else np.full(cloud.logs.size, -np.inf)
            for cloud, level in zip(clouds, levels, strict=True)
        ]
        logs.append(np.concatenate(scaled))
        particles.append(joined([cloud.particles for cloud in clouds]))
    return Pool(evidence.priors, tuple(particles), tuple(logs))


def reweigh(found: Pool, change: Change, least: float = LEAST_SIZE) -> Reweighted:
    """The evidence of each atom under a changed assumption."""
    logs: list[float | None] = []
    errors: list[float] = []
    for atom, (particles, weights) in enumerate(zip(found.particles, found.logs, strict=True)):
        if not np.any(weights > -np.inf):
            logs.append(-np.inf)
            errors.append(0.0)
            continue
        changed = weights.copy()
        alive = weights > -np.inf
        changed[alive] += change(atom, particles)[alive]
        enough = max(min(least, 0.5 * effective_size(weights)), min(least, FEWEST))
        few = effective_size(changed) < enough
        logs.append(None if few else log_sum(changed))
        errors.append(error_of_change(weights, changed, BATCHES))
    return Reweighted(tuple(logs), tuple(errors))


def thinned(found: Pool, size: int, seed: int) -> Pool:
    """So many particles of each atom, drawn by their weights; they keep the atom's evidence."""
    particles, logs = [], []
    for number, places in enumerate(drawn(found, size, seed)):
        old, weights = found.particles[number], found.logs[number]
        if places is None:
            particles.append(old)
            logs.append(weights)
            continue
        particles.append(old.take(places))
        logs.append(np.full(places.size, log_sum(weights) - np.log(places.size)))
    return Pool(found.priors, tuple(particles), tuple(logs))


def drawn(found: Pool, size: int, seed: int) -> tuple[Places | None, ...]:
    """Which particles of each atom are drawn by their weights, None of one that is ruled out.

    In their order: island by island, as `error_of_change` would have them.
    """
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, size))))
    return tuple(
        np.sort(random.permutation(resample(weights, random))[:size])
        if log_sum(weights) > -np.inf
        else None
        for weights in found.logs
    )
