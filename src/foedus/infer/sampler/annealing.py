"""From one law to another, by way of what lies between them: w_0^(1-t) w_1^t with t from 0 to 1.

Particles of the first are selected and moved at each part of the way. What weighing gains on it is
log Z_1 / Z_0 (annealed importance sampling with selection, [DelMoral2006]_ section 3; the path is
that of [Gelman1998]_).

References
----------
.. [DelMoral2006] P. Del Moral, A. Doucet, A. Jasra (2006), Sequential Monte Carlo samplers, J. R.
   Stat. Soc. B 68, 411-436.
.. [Gelman1998] A. Gelman, X.-L. Meng (1998), Simulating normalizing constants: from importance
   sampling to bridge sampling to path sampling, Statistical Science 13, 163-185.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.bridge import gain_of, part_of
from foedus.infer.particles.fitted import fit
from foedus.infer.particles.moves import Law, Reach, State, Strides, sweep
from foedus.infer.particles.weights import Numbers, log_mean, resample
from foedus.infer.sampler.headway import Told, nobody

KEEP_AT_LEAST = 0.7
"""The effective share of particles that one part of the way must leave."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How particles are moved on the way: so many sweeps at each part of it.

    `told` hears how much of the way lies behind.
    """

    sweeps: int
    strides: Strides
    reach: Reach
    random: np.random.Generator
    told: Told = nobody

    def move(self, state: State, law: Law, sweeps: int, span: tuple[float, float]) -> None:
        """Sweeps of moves that keep a law, for the span of the way that begins and ends so."""
        begin, end = span
        for number in range(sweeps):
            own = fit(state.population.particles.scores, np.zeros(state.population.size))
            sweep(state, law, self.strides, own, self.reach, self.random)
            self.told(begin + (end - begin) * (number + 1) / sweeps)


def lead(state: State, law_at: Callable[[float], Law], walk: Walk) -> tuple[State, float]:
    """Particles led to the second law, and log Z of it over that of the first.

    `state` has their levels in both laws, and `law_at` gives the law at a part of the way, with
    levels alike. -inf, and the particles as they then are, where the second rules them all out.
    """
    state, (gained,) = lead_in_groups(state, law_at, walk, 1)
    return state, float(gained)


def lead_in_groups(
    state: State, law_at: Callable[[float], Law], walk: Walk, groups: int
) -> tuple[State, Numbers]:
    """The same with so many groups of particles, each selected by itself: what each gains (group,).

    They take the same parts of the way, and moves learn from all of them. A group that the second
    law rules out gains -inf; others go on in its place.
    """
    done, gained, count = 0.0, np.zeros(groups), state.population.size
    members = np.array_split(np.arange(count), groups)
    while done < 1.0:
        gain = gain_of(state.levels[1], state.levels[0])
        part = part_of(np.zeros(count), gain, done, KEEP_AT_LEAST)
        logs = np.where(gain > -np.inf, (part - done) * gain, -np.inf)
        before, done = done, part
        gained += [log_mean(logs[own]) for own in members]
        if not np.any(gained > -np.inf):
            return state, gained
        places = np.concatenate([
            own[resample(logs[own], walk.random)] if log > -np.inf
            else resample(logs, walk.random, own.size)
            for own, log in zip(members, gained, strict=True)
        ])  # fmt: skip
        state = State(state.population.take(places), state.levels[:, places])
        walk.move(state, law_at(done), walk.sweeps, (before, done))
    return state, gained
