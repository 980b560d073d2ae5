"""All moves of a step: which scores and noise they may touch, and one sweep of them."""

from __future__ import annotations

import numpy as np

from foedus.infer.particles.apart import move_apart
from foedus.infer.particles.bridge import Ahead, Bridge
from foedus.infer.particles.moves import Reach, State, sweep
from foedus.infer.sampler.swarm import Swarm


def reach_of(here: Ahead, freed: frozenset[int] = frozenset()) -> Reach:
    """What moves may touch when a step is taken whole; scores that change no course move apart."""
    target = here.target
    apart = [block.coordinates for block in target.blocks(here.known)]
    rest = np.setdiff1d(np.arange(target.coordinates), np.concatenate([*apart, np.zeros(0, int)]))
    return Reach(target.noise, target.used(here.known), freed, rest)


def reach_everything(here: Ahead, freed: frozenset[int] = frozenset()) -> Reach:
    """What moves may touch under a law between two others, where nothing moves apart."""
    target = here.target
    return Reach(target.noise, target.used(here.known), freed, np.arange(target.coordinates))


def sweep_whole(state: State, law: Bridge, here: Ahead, reach: Reach, swarm: Swarm) -> None:
    """All moves that keep the law of a step taken whole."""
    sweep(state, law, swarm.strides, swarm.fitted, reach, swarm.random)
    move_apart(state, here, here.target.blocks(here.known), swarm.fitted, swarm.random)
