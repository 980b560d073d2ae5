"""Moves of blocks of scores keep the law that they should, against truncated normals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np
import pytest
from scipy import stats

from foedus.infer.particles.apart import move_apart
from foedus.infer.particles.bridge import Ahead
from foedus.infer.particles.fitted import Fitted
from foedus.infer.particles.moves import State
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Truths, draw_population, of_one_atom
from foedus.infer.particles.target import Block, Noise, Step
from foedus.infer.particles.weights import Numbers
from tests.infer.tosses import AllUsed, streams

SIZE, MOVES = 6000, 80
FIRST, SECOND = 0.5, -0.6
"""Beyond these limits of the first and of the third score a course is another one."""

HIGHEST = 0.0
"""What the third score may be at most."""

FIT = Fitted(np.array([0.9, -0.6, -0.2, 0.1]), np.array([0.6, 1.6, 0.5, 1.3]))
"""Proposals are made about another law than the prior, so that its ratio counts."""


@dataclass
class Blocked(AllUsed):
    """1.2 is seen of the sum of the first two scores (error 0.7), -0.8 of the third (error 0.5).

    One limit shows in an account of no block, the other in a mark; the last score is of no block.
    """

    atoms: Sequence[float] = (0.5, 0.5)
    groups: Sequence[int] = (0, 1)
    coordinates: int = 4
    noise: Noise = field(default_factory=lambda: streams(1))
    steps: Sequence[Step] = (Step("seen"),)

    def blocks(self, known: int) -> Sequence[Block]:
        """Two of them."""
        return Block(np.array([0, 1]), np.array([2])), Block(np.array([2]), np.array([0]))

    def log_parts(self, atom: int, particles: Particles, known: int) -> Numbers:
        """The second block, the course, the first block; a run that is ruled out sees no more."""
        one, other, third, _ = particles.scores.T
        of_third = stats.norm.logpdf(-0.8, third, 0.5)
        return np.stack(
            [
                np.where(third > HIGHEST, -np.inf, of_third),
                np.where(one > FIRST, 0.7, 0.0),
                np.where(third > HIGHEST, 0.0, stats.norm.logpdf(1.2, one + other, 0.7)),
            ],
            axis=1,
        )

    def marks(self, atom: int, particles: Particles, known: int) -> Numbers:
        """One that says nothing, one for the limit of the third score, and the last score."""
        scores = particles.scores
        return np.stack([np.full(len(scores), np.nan), scores[:, 2] > SECOND, scores[:, 3]], axis=1)

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """All of it."""
        found: Numbers = self.log_parts(atom, particles, known).sum(axis=1)
        return found


def truncated(mean: float, spread: float, low: float, high: float) -> float:
    """The mean of a normal law between two limits."""
    found = stats.truncnorm.mean((low - mean) / spread, (high - mean) / spread, mean, spread)
    return float(found)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blocks_are_moved_by_their_own_law(seed: int) -> None:
    # Six means within 4.5 standard errors, three seeds: a false alarm in 8,000.
    random = np.random.default_rng(seed)
    atoms = np.arange(SIZE, dtype=np.int64) % 2
    drawn = draw_population(atoms, 4, 1, random)
    population = drawn.take(np.flatnonzero(drawn.particles.scores[:, 2] <= HIGHEST))
    here = Ahead(Blocked(), 1, np.zeros(1))
    state = State(population, here.at(population, 1)[None, :])
    for _ in range(MOVES):
        move_apart(state, here, here.target.blocks(1), FIT, random)
    old, new = population.particles.scores, state.population.particles.scores
    np.testing.assert_allclose(state.levels[0], here.at(state.population, 1), atol=1e-9)
    np.testing.assert_array_equal(new[:, 3], old[:, 3])
    np.testing.assert_array_equal(new[:, 0] > FIRST, old[:, 0] > FIRST)
    np.testing.assert_array_equal(new[:, 2] > SECOND, old[:, 2] > SECOND)

    def compare(found: Numbers, expected: float) -> None:
        assert abs(found.mean() - expected) < 4.5 * found.std(ddof=1) / sqrt(found.size)

    mean, spread = 1.2 / 2.49, sqrt(1.0 - 1.0 / 2.49)
    for own, low, high in (
        (new[:, 0] > FIRST, FIRST, np.inf), (new[:, 0] <= FIRST, -np.inf, FIRST),
    ):  # fmt: skip
        expected = truncated(mean, spread, low, high)
        compare(new[own, 0], expected)
        compare(new[own, 1], (1.2 - expected) / 1.49)
    above = new[:, 2] > SECOND
    compare(new[above, 2], truncated(-0.64, sqrt(0.2), SECOND, HIGHEST))
    compare(new[~above, 2], truncated(-0.64, sqrt(0.2), -np.inf, SECOND))


class Given(Fitted):
    """One proposal, the same for all particles, and what each of its scores adds to the odds."""

    def propose(
        self, scores: Numbers, touched: Truths, step: float, random: np.random.Generator
    ) -> tuple[Numbers, Numbers]:
        """A small step of the first three scores."""
        size = len(scores)
        return np.tile([0.2, 0.3, -1.1, 0.3], (size, 1)), np.tile([0.4, -1.7, -0.3, 0.0], (size, 1))


def test_each_block_is_accepted_by_what_is_its_own() -> None:
    """By the rule of Metropolis, each by itself: shares within 4.5 standard errors.

    A false alarm in 50,000.
    """
    scores = np.tile([0.0, 0.0, -0.9, 0.3], (SIZE, 1))
    keys = np.zeros((SIZE, 1, 2), "u8")
    population = of_one_atom(Particles(scores, keys, np.arange(SIZE)), 0)
    here = Ahead(Blocked(), 1, np.zeros(1))
    state = State(population, here.at(population, 1)[None, :])
    given = Given(FIT.means, FIT.spreads)
    move_apart(state, here, here.target.blocks(1), given, np.random.default_rng(5))
    new = state.population.particles.scores
    first, second = (new[:, :2] == [0.2, 0.3]).all(axis=1), new[:, 2] == -1.1
    assert ((new[:, 0] == 0.2) == (new[:, 1] == 0.3)).all()
    one = exp(-1.3 + float(np.diff(stats.norm.logpdf(1.2, [0.0, 0.5], 0.7))[0]))
    other = exp(-0.3 + float(np.diff(stats.norm.logpdf(-0.8, [-0.9, -1.1], 0.5))[0]))
    assert max(one, other) < 1.0
    for found, share in ((first, one), (second, other), (first & second, one * other)):
        assert abs(found.mean() - share) < 4.5 * sqrt(share * (1.0 - share) / SIZE)
