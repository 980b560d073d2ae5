"""Moves that keep a law of particles as it is, and so bring back the variety that selection takes.

The law is prior x exp(log weight). Keys are uniform under the prior, so that fresh ones are
accepted with probability min(1, ratio of the weights).

- Scores: z' = m + sqrt(1 - r^2) (z - m) + r d xi on a random block of coordinates (preconditioned
  Crank-Nicolson about a normal law N(m, d^2) that was fitted to the particles, [Cotter2013]_
  section 4.2, [Rudolf2018]_), with the ratio of prior to fitted law in the acceptance.
- Noise: fresh keys for some of the streams of one epoch, late epochs more often than early ones (an
  independence move on a stretch of the course; what went before stays); for one event kind in all
  epochs (whether and when something unseen happened, all else as it was); for some of the items; or
  for named streams, which is accepted almost always where the weight has just ceased to depend on
  them. Streams that the weight does not depend on are simply drawn anew.
- Atoms: the same numbers and noise in another atom (`change_atoms`), which lets the particles of
  all atoms make up one population, whose shares say how the atoms compare ([Carlin1995]_).

How much a proposal touches is adapted to the share that is accepted, from one call to the next.

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

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from foedus.infer.fitted import Fitted
from foedus.infer.population import Population, Truths, chosen
from foedus.infer.target import Noise
from foedus.infer.weights import Numbers, Places

WANTED = 0.3
"""The share of proposals that should be accepted."""

SHORTEST, LONGEST = 0.2, 0.9
"""Bounds of the step r of the scores that a proposal touches, drawn anew for each sweep."""

LEAST, GREATEST = 0.02, 0.9
"""Bounds of the shares of coordinates, and of streams of an epoch, that a proposal touches."""

LATE = 3
"""Every other proposal of noise is for one of so many epochs before the last step."""

ITEMS = 2.0
"""Items whose noise is renewed in one proposal, on average."""


class Law(Protocol):
    """The log weight that moves keep, worked out from one or more levels of each particle."""

    def levels(self, population: Population) -> Numbers:
        """The levels, (level, particle)."""

    def log_weight(self, levels: Numbers) -> Numbers:
        """The log weight that they come to, (particle,)."""


@dataclass(slots=True)
class Strides:
    """How much moves touch: shares of coordinates, and of an epoch's streams."""

    block: float = 0.3
    renewed: float = 0.3

    def adapt(self, of_scores: float, of_noise: float) -> None:
        """More after many acceptances, less after few."""
        self.block = float(np.clip(self.block * np.exp(of_scores - WANTED), LEAST, GREATEST))
        self.renewed = float(np.clip(self.renewed * np.exp(of_noise - WANTED), LEAST, GREATEST))


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

    @property
    def epochs(self) -> Places:
        """The epochs in use, ascending."""
        found: Places = np.unique(self.noise.epochs[self.used])
        return found[found >= 0]


@dataclass(slots=True)
class State:
    """A population on its way, with its levels (level, particle)."""

    population: Population
    levels: Numbers

    def choose(
        self, new: Population, law: Law, random: np.random.Generator, more: Numbers | float = 0.0
    ) -> float:
        """Metropolis: the new particle with probability min(1, ratio); the share accepted.

        `more` is the logarithm of the ratio apart from that of the weights (particle,).
        """
        proposed = law.levels(new)
        gain = law.log_weight(proposed) - law.log_weight(self.levels) + more
        accepted = np.log(random.random(gain.size)) < gain
        self.levels = np.where(accepted, proposed, self.levels)
        self.population = chosen(accepted, new, self.population)
        return float(accepted.mean()) if accepted.size else 0.0


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
    of_scores = move_scores(state, law, strides, fitted, reach, random)
    strides.adapt(of_scores, renew_noise(state, law, strides, reach, random))


def move_scores(
    state: State, law: Law, strides: Strides, fitted: Fitted, reach: Reach,
    random: np.random.Generator,
) -> float:  # fmt: skip
    """One proposal of some scores for each particle; the share accepted."""
    touched = np.zeros(state.population.particles.scores.shape, np.bool_)
    size = (state.population.size, reach.coordinates.size)
    touched[:, reach.coordinates] = random.random(size) < strides.block
    step = random.uniform(SHORTEST, LONGEST)
    scores, more = fitted.propose(state.population.particles.scores, touched, step, random)
    return state.choose(state.population.with_scores(scores), law, random, more.sum(axis=1))


def renew_noise(
    state: State, law: Law, strides: Strides, reach: Reach, random: np.random.Generator
) -> float:
    """One sweep of the moves of noise, and the share of the first that was accepted."""
    touched = _of_an_epoch(state.population.size, strides, reach, random)
    accepted = state.choose(state.population.with_fresh(touched, random), law, random)
    touched = _of_a_kind(state.population.size, reach, random)
    state.choose(state.population.with_fresh(touched, random), law, random)
    items = reach.used & (reach.noise.epochs < 0)
    if items.any():
        share = min(1.0, ITEMS / float(np.sum(items)))
        touched = (random.random((state.population.size, items.size)) < share) & items
        state.choose(state.population.with_fresh(touched, random), law, random)
    return accepted


def change_atoms(state: State, law: Law, lean: Numbers, random: np.random.Generator) -> float:
    """One proposal of another atom for each particle; the share accepted.

    `lean` is the logarithm of the weight that each atom has in the population (atom,).
    """
    atoms = state.population.atoms
    if lean.size < 2:
        return 0.0
    other = (atoms + random.integers(1, lean.size, atoms.size)) % lean.size
    return state.choose(state.population.with_atoms(other), law, random, lean[other] - lean[atoms])


def _of_an_epoch(count: int, strides: Strides, reach: Reach, random: np.random.Generator) -> Truths:
    """For each particle, some streams in use of an epoch chosen by chance (particle, stream)."""
    epochs = reach.epochs
    if epochs.size == 0:
        return np.zeros((count, reach.noise.count), np.bool_)
    any_one = random.choice(epochs, count)
    late = random.choice(epochs[-LATE:], count)
    one = np.where(random.random(count) < 0.5, late, any_one)
    is_there = reach.noise.epochs[None, :] == one[:, None]
    touched = random.random(is_there.shape) < strides.renewed
    some: Truths = is_there & reach.used & touched
    return some


def _of_a_kind(count: int, reach: Reach, random: np.random.Generator) -> Truths:
    """For each particle, all streams in use of a kind chosen by chance (particle, stream)."""
    of_kinds = reach.used & (reach.noise.epochs >= 0)
    kinds = np.unique(reach.noise.kinds[of_kinds])
    if kinds.size == 0:
        return np.zeros((count, reach.noise.count), np.bool_)
    one = random.choice(kinds, count)
    touched: Truths = (reach.noise.kinds[None, :] == one[:, None]) & of_kinds
    return touched
