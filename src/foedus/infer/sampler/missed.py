"""Which share of what a step allows could be reached from what was allowed before it.

Moved particles that the steps before would have ruled out are counted, and each atom's weight is
divided by the share of the others. Where that share is small, a few particles tell it badly twice
over: one over a share is too large on average, and particles have not yet forgotten where they
came from, which makes the share itself too large. So they go on moving, and are counted after each
sweep, until those that could be reached have been met often enough. To stop at a number of them,
and not of sweeps, is what makes one over the share right on average for independent draws
([Haldane1945]_).

References
----------
.. [Haldane1945] J. B. S. Haldane (1945), On a method of estimating frequencies, Biometrika 33,
   222-225.
"""

from __future__ import annotations

import numpy as np

from foedus.infer.particles.bridge import Ahead, Bridge
from foedus.infer.particles.moves import State
from foedus.infer.particles.population import Truths
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler.swarm import Swarm
from foedus.infer.sampler.sweeps import reach_of, sweep_whole

LITTLE = 0.5
"""The share reached below which particles go on."""

FORGETTING = 10
"""Sweeps before they are counted again."""

MET = 100
"""How many particles of each atom are to be met, over all sweeps, that could be reached."""


def count_the_missed(
    swarm: Swarm, high: Numbers, here: Ahead, levels: Numbers, most: int
) -> Numbers:
    """Divide what was gained since the last selection by the share that it could reach.

    Gives the particles' levels after at most so many sweeps more; `levels` (atom, known) of the
    steps since the last selection are divided, too.
    """
    met, alive = _counts(swarm, high, here)
    if np.any(_shares(met, alive) < LITTLE):
        high, met, alive = _go_on_counting(swarm, high, here, most)
    overlaps = _shares(met, alive)
    swarm.smallest_overlap = min(swarm.smallest_overlap, float(overlaps.min()))
    for place, step in reversed(list(enumerate(swarm.pending))):
        taken = np.log(overlaps[place])
        swarm.logs = swarm.logs - taken[swarm.population.atoms]
        levels[:, step + 1 : here.known] -= taken[:, None]
    swarm.pending.clear()
    return high


def _go_on_counting(
    swarm: Swarm, high: Numbers, here: Ahead, most: int
) -> tuple[Numbers, Numbers, Numbers]:
    """The particles' levels, and what was met of how many over the sweeps that count."""
    law, reach = Bridge(here, 1.0), reach_of(here)
    state = State(swarm.population, high[None, :])
    met, alive = np.zeros((2, len(swarm.pending), swarm.lean.size))
    for sweep in range(most):
        sweep_whole(state, law, here, reach, swarm)
        swarm.headway.still()
        swarm.population = state.population
        if sweep < FORGETTING:
            continue
        more, of = _counts(swarm, state.levels[-1], here)
        met, alive = met + more, alive + of
        if np.all(met[alive > met] >= MET):
            break
    return state.levels[-1], met, alive


def _counts(swarm: Swarm, high: Numbers, here: Ahead) -> tuple[Numbers, Numbers]:
    """How many particles each step's forerunners allow, of how many it does (pending, atom)."""
    reached, met, alive = high > -np.inf, [], []
    for step in reversed(swarm.pending):
        allowed = reached
        if step > 0 and here.target.steps[step].revives:
            allowed = reached & (here.at(swarm.population, step) > -np.inf)
        met.append(_by_atom(swarm, allowed))
        alive.append(_by_atom(swarm, reached))
        reached = allowed
    return np.array(met[::-1]), np.array(alive[::-1])


def _by_atom(swarm: Swarm, chosen: Truths) -> Numbers:
    counts = np.bincount(swarm.population.atoms[chosen], minlength=swarm.lean.size)
    return counts.astype(np.float64)


def _shares(met: Numbers, alive: Numbers) -> Numbers:
    """One half stands for none, so that nothing is divided by nothing."""
    found: Numbers = np.maximum(met, 0.5) / np.maximum(alive, 0.5)
    return found
