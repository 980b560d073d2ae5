"""Between one step and the next, and between two atoms: against the formulas, number by number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, inf, log

import numpy as np
import pytest

from foedus.infer.particles.bridge import Ahead, Bridge, gain_of, mixed, part_of
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Population
from foedus.infer.particles.target import Noise, Step, Trust
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler.between_atoms import Between
from tests.infer.tosses import AllUsed, streams

HIGH, LOW = np.array([-1.0, -2.0, -inf, -inf]), np.array([-3.0, -inf, -1.0, -inf])


def test_what_lies_between_two_laws() -> None:
    found = mixed(np.array([LOW, HIGH]), 0.25)
    assert found.tolist() == [0.75 * -3.0 + 0.25 * -1.0, -inf, -inf, -inf]
    assert mixed(np.array([LOW, HIGH]), 0.0).tolist() == [-3.0, -inf, -inf, -inf]
    assert gain_of(HIGH, LOW).tolist() == [2.0, -inf, -inf, -inf]


def counted(logs: Numbers, gain: Numbers, by: float) -> float:
    """Which share of the particles that live counts after that much of a step: Kish's formula."""
    before = [exp(one) for one in logs]
    after = [one * exp(by * rise) for one, rise in zip(before, gain, strict=True)]
    # In proportion to what they weighed: weights w that become w r keep (sum w r)^2 / sum w r^2.
    squares = sum(new * new / old for old, new in zip(before, after, strict=True) if old)
    return sum(after) ** 2 / squares / sum(before)


@pytest.mark.parametrize("done", [0.0, 0.2, 0.8])
def test_a_part_of_a_step_leaves_just_enough_particles(done: float) -> None:
    random = np.random.default_rng(4)
    logs, gain = random.normal(0.0, 1.0, 60), random.normal(0.0, 9.0, 60)
    part = part_of(logs, gain, done, 0.6)
    assert done < part < 1.0
    assert counted(logs, gain, part - done) == pytest.approx(0.6, abs=1e-6)
    assert part_of(logs, 0.01 * gain, done, 0.6) == 1.0
    # Those that are dead, or that the step rules out, have no say in it.
    more = part_of(
        np.append(logs, [-inf, 3.0]), np.append(gain, [20.0, -inf]), done, 0.6
    )  # fmt: skip
    assert more == part
    assert part_of(np.array([-inf, 0.0]), np.array([1.0, -inf]), done, 0.6) == 1.0


def test_some_of_a_step_is_always_taken() -> None:
    """One particle counts for more than all others however little is done: it goes on."""
    part = part_of(np.zeros(50), np.array([1e12, *np.zeros(49)]), 0.5, 0.9)
    assert 0.5 < part < 0.5 + 1e-8


@dataclass
class Heard(AllUsed):
    """Each step has an origin: believed, it is worth -(step + 1) in the first atom, and twice that.

    The noise plays no part. The first atom rules out a first score above 3.
    """

    atoms: Sequence[float] = (0.5, 0.5)
    groups: Sequence[int] = (0, 1)
    coordinates: int = 2
    noise: Noise = field(default_factory=lambda: streams(1))
    steps: Sequence[Step] = (Step("one", Trust(0, 0.5)), Step("plain"), Step("two", Trust(1, -0.5)))

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """Of the steps that are trusted; the plain one is worth nothing."""
        total = np.zeros(particles.size)
        for step in (0, 2):
            trusted = particles.scores[:, step // 2] > (0.5, -0.5)[step // 2]
            worth = -(step + 1.0) * (1.0 + atom)
            total += np.where(trusted, worth, 0.0) if step < known else 0.0
        if atom == 0:
            total = np.where(particles.scores[:, 0] > 3.0, -inf, total)
        return total


def particles(*scores: tuple[float, float]) -> Particles:
    size = len(scores)
    return Particles(np.array(scores), np.zeros((size, 1, 2), "u8"), np.arange(size))


def of(atoms: Sequence[int], *scores: tuple[float, float]) -> Population:
    return Population(particles(*scores), np.array(atoms, np.int64))


NEUTRAL = np.array([-0.3, -70.0, -0.4])
"""What distrust of each step is worth; the second has no origin."""


def test_distrust_is_worth_what_it_is_neutrally() -> None:
    ahead = Ahead(Heard(), 3, NEUTRAL)
    population = of([0, 1, 0, 1], (1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (0.0, -1.0))
    assert ahead.at(population, 3).tolist() == pytest.approx([-4.0, -8.0, -3.3, -0.7])
    assert ahead.at(population, 2).tolist() == pytest.approx([-1.0, -2.0, -0.3, -0.3])
    assert ahead.at(population, 1).tolist() == pytest.approx([-1.0, -2.0, -0.3, -0.3])
    newest = ahead.at(population, 3, newest=False)
    assert newest.tolist() == pytest.approx([-4.0, -8.0, -3.3, -0.3])
    assert ahead.at(population, 0).tolist() == [0.0] * 4


def test_a_proposal_part_way_through_a_step_is_taken_by_the_mixture() -> None:
    old, new = of([0, 1], (0.0, -1.0), (1.0, 0.0)), of([0, 1], (1.0, 0.0), (0.0, 0.0))
    ahead, more, random = (
        Ahead(Heard(), 3, NEUTRAL),
        np.array([0.5, -9.0]),
        np.random.default_rng(1),
    )
    law = Bridge(ahead, 0.25)
    levels = law.levels(old)
    assert levels.tolist() == [pytest.approx([-0.3, -2.0]), pytest.approx([-0.7, -8.0])]
    found = law.judge(new, levels, more, random)
    before = [0.75 * -0.3 + 0.25 * -0.7, 0.75 * -2.0 + 0.25 * -8.0]
    after = [0.75 * -1.0 + 0.25 * -4.0, 0.75 * -0.3 + 0.25 * -6.3]
    expected = [exp(min(0.0, after[n] - before[n] + more[n])) for n in range(2)]
    assert found.chances.tolist() == pytest.approx(expected)
    whole = Bridge(ahead, 1.0)
    assert whole.levels(old).tolist() == [pytest.approx([-0.7, -8.0])]
    found = whole.judge(new, whole.levels(old), more, random)
    assert found.chances.tolist() == pytest.approx([exp(-4.0 + 0.7 + 0.5), exp(-6.3 + 8.0 - 9.0)])


@pytest.mark.parametrize("part", [0.0, 0.25])
def test_a_proposal_between_atoms_is_taken_by_the_mixture_of_both(part: float) -> None:
    ahead = Ahead(Heard(), 3, NEUTRAL)
    law, more = Between(ahead, 1, part), np.array([0.5, 0.5, 0.5])
    old = of([0, 0, 0], (0.0, -1.0), (1.0, 0.0), (1.0, 0.0))
    new = of([0, 0, 0], (1.0, 0.0), (0.0, 0.0), (4.0, 0.0))
    levels = law.levels(old)
    assert levels.tolist() == [pytest.approx([-0.7, -4.0, -4.0]), pytest.approx([-0.7, -8.0, -8.0])]
    found = law.judge(new, levels, more, np.random.default_rng(2))
    gains = [(-4.0 + 0.7, -8.0 + 0.7), (-3.3 + 4.0, -6.3 + 8.0)]
    expected = [min(1.0, exp((1.0 - part) * one + part * other + 0.5)) for one, other in gains]
    assert found.chances.tolist() == pytest.approx([*expected, 0.0])


def test_at_the_end_of_the_way_the_first_atom_rules_nothing_out() -> None:
    law = Between(Ahead(Heard(), 3, NEUTRAL), 1, 1.0)
    old, new = of([0], (1.0, 0.0)), of([0], (4.0, -1.0))
    found = law.judge(new, law.levels(old), 0.0, np.random.default_rng(3))
    assert found.chances.tolist() == [1.0]
    assert found.taken.tolist() == [True]
    assert found.levels[1].tolist() == pytest.approx([-2.4])
    back = law.judge(old, found.levels, log(0.5), np.random.default_rng(3))
    assert back.chances.tolist() == pytest.approx([exp(-8.0 + 2.4) / 2.0])
