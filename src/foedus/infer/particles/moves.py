"""Moves that keep a law of particles as it is, and so bring back the variety that selection takes.

The law is prior x exp(log weight). Keys are uniform under the prior, so that fresh ones are
accepted with probability min(1, ratio of the weights).

- Scores: z' = m + sqrt(1 - r^2) (z - m) + r d xi on some coordinates (preconditioned Crank-Nicolson
  about a normal law N(m, d^2) that was fitted to the particles, [Cotter2013]_ section 4.2,
  [Rudolf2018]_), with the ratio of prior to fitted law in the acceptance.
- Noise: fresh keys for some streams (an event kind in one stretch of time, or an item), an
  independence move; or for named streams, which is accepted almost always where the weight has just
  ceased to depend on them. Streams that the weight does not depend on are simply drawn anew.
- Atoms: the same numbers and noise in another atom (`change_atoms`), which lets the particles of
  all atoms make up one population, whose shares say how the atoms compare ([Carlin1995]_).

Which scores and streams a proposal touches is learned (`reluctance`).

References
----------
.. [Carlin1995] B. P. Carlin, S. Chib (1995), Bayesian model choice via Markov chain Monte Carlo
   methods, J. R. Stat. Soc. B 57, 473-484.
.. [Cotter2013] S. L. Cotter, G. O. Roberts, A. M. Stuart, D. White (2013), MCMC methods for
   functions: modifying old algorithms to make them faster, Statistical Science 28, 424-446.
.. [Rudolf2018] D. Rudolf, B. Sprungk (2018), On a generalization of the preconditioned
   Crank-Nicolson Metropolis algorithm, Found. Comput. Math. 18, 309-343.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.fitted import Fitted
from foedus.infer.particles.metropolis import Judged
from foedus.infer.particles.population import Population, Truths, chosen
from foedus.infer.particles.reluctance import Reluctance
from foedus.infer.particles.target import Noise
from foedus.infer.particles.weights import Numbers, Places

SHORTEST, LONGEST = 0.2, 0.9
"""Bounds of the step r of the scores that a proposal touches, drawn anew for each sweep."""

ADVANCES, RENEWALS = 2, 3
"""Proposals of scores, and of noise, in a sweep."""


class Law(Protocol):
    """The log weight that moves keep, worked out from one or more levels of each particle."""

    def levels(self, population: Population) -> Numbers:
        """The levels, (level, particle)."""

    def judge(
        self, new: Population, levels: Numbers, more: Numbers | float, random: np.random.Generator
    ) -> Judged:
        """Whether proposals are taken in place of particles that have some `levels`.

        `more` is the logarithm of the ratio apart from that of the weights (particle,).
        """


@dataclass(slots=True)
class Strides:
    """How reluctant scores and streams of noise are to be moved."""

    scores: Reluctance
    noise: Reluctance


def no_strides(coordinates: int, streams: int) -> Strides:
    """Before anything has been learned."""
    return Strides(Reluctance(coordinates, 0.1), Reluctance(streams, 0.02))


@dataclass(frozen=True, slots=True)
class Reach:
    """What moves may touch.

    The streams in use (stream,), those freed by the last steps, and the coordinates that no other
    move is for (coordinate,).
    """

    noise: Noise
    used: Truths
    freed: frozenset[int]
    coordinates: Places


@dataclass(slots=True)
class State:
    """A population on its way, with its levels (level, particle)."""

    population: Population
    levels: Numbers

    def choose(
        self, new: Population, law: Law, random: np.random.Generator, more: Numbers | float = 0.0
    ) -> Numbers:
        """The new particle where the law takes it; the chances of that (particle,)."""
        found = law.judge(new, self.levels, more, random)
        self.levels = np.where(found.taken, found.levels, self.levels)
        self.population = chosen(found.taken, new, self.population)
        return found.chances


def begin_moves(state: State, law: Law, reach: Reach, random: np.random.Generator) -> None:
    """Draw anew what the weight does not depend on, and what it has just ceased to depend on."""
    state.population = state.population.with_fresh(~reach.used[None, :], random)
    if reach.freed:
        freed = np.zeros(reach.noise.count, np.bool_)
        freed[sorted(reach.freed)] = True
        state.choose(state.population.with_fresh(freed[None, :], random), law, random)


def sweep(
    state: State, law: Law, strides: Strides, fitted: Fitted, reach: Reach,
    random: np.random.Generator,
) -> None:  # fmt: skip
    """One sweep of the moves of scores and of noise."""
    for _ in range(ADVANCES):
        move_scores(state, law, strides, fitted, reach, random)
    for _ in range(RENEWALS):
        renew_noise(state, law, strides, reach, random)


def move_scores(
    state: State, law: Law, strides: Strides, fitted: Fitted, reach: Reach,
    random: np.random.Generator,
) -> None:  # fmt: skip
    """One proposal of some scores for each particle."""
    units = np.zeros(strides.scores.count, np.bool_)
    units[reach.coordinates] = True
    touched = strides.scores.choose(state.population.size, units, random)
    step = random.uniform(SHORTEST, LONGEST)
    scores, more = fitted.propose(state.population.particles.scores, touched, step, random)
    chances = state.choose(state.population.with_scores(scores), law, random, more.sum(axis=1))
    strides.scores.learn(touched, chances)


def renew_noise(
    state: State, law: Law, strides: Strides, reach: Reach, random: np.random.Generator
) -> None:
    """One proposal of fresh keys for some streams in use of each particle."""
    touched = strides.noise.choose(state.population.size, reach.used, random)
    chances = state.choose(state.population.with_fresh(touched, random), law, random)
    strides.noise.learn(touched, chances)


def change_atoms(state: State, law: Law, lean: Numbers, random: np.random.Generator) -> float:
    """One proposal of another atom for each particle; the share that is accepted on average.

    `lean` is the logarithm of the weight that each atom has in the population (atom,).
    """
    atoms = state.population.atoms
    if lean.size < 2:
        return 0.0
    other = (atoms + random.integers(1, lean.size, atoms.size)) % lean.size
    chances = state.choose(
        state.population.with_atoms(other), law, random, lean[other] - lean[atoms]
    )
    return float(chances.mean())
