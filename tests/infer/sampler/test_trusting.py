"""How far particles trusted origins on their way, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Step, Trust
from foedus.infer.sampler.swarm import Swarm
from foedus.infer.sampler.trusting import Notes, origins_of

PRESS, RADIO = Trust(0, 0.0), Trust(1, 0.5)
STEPS = (Step("silence"), Step("one", RADIO), Step("two", PRESS), Step("three", RADIO))
SCORES = np.array([[1.0, 1.0], [1.0, 0.0], [-1.0, 1.0], [-1.0, 0.0], [0.0, 0.5], [1.0, 2.0]])
ATOMS = np.array([0, 0, 0, 1, 1, 1])
WITHHELD = [
    (False, False),
    (True, False),
    (False, True),
    (True, True),
    (True, True),
    (False, False),
]
"""Of the radio and of the press, in the order in which they come up; at the limit, too."""


def swarm(logs: list[float], level: list[float]) -> Swarm:
    particles = Particles(SCORES, np.zeros((6, 1, 2), np.uint64), np.arange(6))
    population = SimpleNamespace(atoms=ATOMS, particles=particles)
    found = SimpleNamespace(population=population, logs=np.array(logs), level=np.array(level))
    return found  # type: ignore[return-value]


def test_origins_in_the_order_in_which_they_come_up() -> None:
    assert origins_of(STEPS) == (RADIO, PRESS)
    assert Notes(STEPS[:1], 2).at_end(swarm([0.0] * 6, [0.0] * 6)) is None


def test_shares_and_gains_of_each_way_of_withholding_trust() -> None:
    chance = np.random.default_rng(6)
    stages = [(list(chance.normal(size=6)), list(chance.normal(size=6))) for _ in STEPS]
    stages[2][0][0] = -np.inf  # ruled out before the third step
    highs = [chance.normal(size=6) for _ in STEPS]
    notes = Notes(STEPS, 2)
    for (logs, level), high in zip(stages, highs, strict=True):
        notes.before(swarm(logs, level), high)
    last = list(chance.normal(size=6))
    last[:3] = [-np.inf] * 3  # nothing is left of the first atom at the end
    found = notes.at_end(swarm(last, [0.0] * 6))
    assert found is not None
    ways = [tuple(way) for way in found.ways.tolist()]
    assert sorted(ways) == sorted(set(WITHHELD))
    assert found.shares.shape == (2, 5, 4)
    assert found.gains.shape == (2, 4, 4)
    for known, logs in enumerate([*(logs for logs, _ in stages), last]):
        weights = np.exp(logs)
        for atom in (0, 1):
            total = weights[atom == ATOMS].sum()
            for place, way in enumerate(ways):
                own = [n for n in range(6) if ATOMS[n] == atom and WITHHELD[n] == way]
                part = weights[own].sum() / total if total else 0.0
                assert found.shares[atom, known, place] == pytest.approx(part)
    for step, ((logs, level), high) in enumerate(zip(stages, highs, strict=True)):
        weights, gains = np.exp(logs), np.exp(high - np.array(level))
        for atom in (0, 1):
            for place, way in enumerate(ways):
                own = [n for n in range(6) if ATOMS[n] == atom and WITHHELD[n] == way]
                expected = 0.0  # of what hangs on no origin, and of what is not there
                if step and weights[own].sum():
                    expected = float(np.log((weights * gains)[own].sum() / weights[own].sum()))
                assert found.gains[atom, step, place] == pytest.approx(expected)
