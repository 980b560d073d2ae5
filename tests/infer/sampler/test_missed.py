"""What a step brings back to life: the share that could be reached, where it is small."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Noise, Step
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler import missed
from foedus.infer.sampler.sampler import Settings, sample
from foedus.infer.sampler.sweeps import sweep_whole
from tests.infer.tosses import AllUsed, streams, uniform_of

AFTER = 0.6


@dataclass
class Opened(AllUsed):
    """A door stands open, which it may do by itself; then somebody is known to have opened it.

    The second step frees nothing at once: only moves make particles forget that their doors had
    stood open by themselves.
    """

    chance: float = 0.05
    atoms: Sequence[float] = (1.0,)
    groups: Sequence[int] = (0,)
    coordinates: int = 1
    noise: Noise = field(default_factory=lambda: streams(2))
    steps: Sequence[Step] = (Step("open"), Step("opened", frees=(1,)))

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """0 or -inf, then a constant."""
        if known == 1:
            return np.where(uniform_of(particles, 0) < self.chance, 0.0, -np.inf)
        return np.full(particles.size, log(AFTER) if known else 0.0)


@pytest.mark.parametrize("chance", [0.05, 0.2])
def test_a_small_share_is_known_well_and_right_on_average(chance: float) -> None:
    # 4 standard errors of 200 runs: a false alarm in 16,000 for each chance. Counted once, after
    # two sweeps, the rare door comes out a third too high, and scatters by 0.6 nats.
    settings = Settings(particles=75, sweeps=2, settling=0)
    runs = [sample(Opened(chance), settings, seed=5, island=island) for island in range(200)]
    logs = np.array([run.gains[0].sum() for run in runs]) - log(AFTER)
    ratios = np.exp(logs)
    assert abs(ratios.mean() - 1.0) < 4.0 * ratios.std(ddof=1) / sqrt(len(runs))
    assert logs.std() < 0.4
    shares = [run.clouds[0].smallest_overlap for run in runs]
    assert np.mean(shares) == pytest.approx(chance, rel=0.1)


def test_a_large_share_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(missed, "_go_on_counting", never)
    run = sample(Opened(chance=0.9), Settings(particles=400), seed=5)
    assert 0.8 < run.clouds[0].smallest_overlap < 1.0


def test_counting_ends_where_little_is_ever_met(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = list[int]()

    def counted(*now: Any) -> None:
        swept.append(len(swept))
        sweep_whole(*now)

    monkeypatch.setattr(missed, "sweep_whole", counted)
    monkeypatch.setattr(missed, "MET", 10**9)
    sample(Opened(), Settings(particles=20, settling=0, lasting=40), seed=5)
    assert len(swept) == 40
