"""From one atom to another with the whole record known, by way of what lies between.

Where hardly a particle can change from one atom to another with all else kept, each atom's
particles have come through the record by themselves, and how the atoms compare carries the error of
many steps twice. So one atom's particles are let go on until they say the same for long, and are
then led to the next atom through the laws w_a^(1-t) w_b^t with t rising from 0 to 1, selected and
moved on the way (`annealing`). Atoms are reached one after the other, each from that one of those
reached already whose particles suit it best.

Where particles lag behind on a way, its logarithm comes out too low on average ([Grosse2015]_). So
the way to the strongest rival is gone back as well, once its own particles have gone on for as
long, and the middle of the two is taken.

References
----------
.. [Grosse2015] R. Grosse, Z. Ghahramani, R. Adams (2015), Sandwiching the marginal likelihood using
   bidirectional Monte Carlo, arXiv:1511.02543.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.particles.bridge import Ahead, Bridge, gain_of, mixed
from foedus.infer.particles.fitted import fit
from foedus.infer.particles.metropolis import Judged, judged
from foedus.infer.particles.moves import State, begin_moves
from foedus.infer.particles.population import Population, together
from foedus.infer.particles.weights import Numbers, resample
from foedus.infer.sampler.annealing import Walk, lead
from foedus.infer.sampler.swarm import Swarm
from foedus.infer.sampler.sweeps import reach_everything, reach_of, sweep_whole

SHARE = 3
"""Each atom's particles on these ways are one in so many of all there were."""

RULED_OUT = -50.0
"""What a particle that another atom rules out counts in the choice of the way."""


@dataclass(frozen=True, slots=True)
class Between:
    """The law part way from the atom of a population to another, with the same record known."""

    here: Ahead
    other: int
    part: float

    def levels(self, population: Population) -> Numbers:
        """Log targets in both atoms, (level, particle)."""
        return np.stack(
            [self.here.at(one, self.here.known) for one in (population, self.in_other(population))]
        )

    def in_other(self, population: Population) -> Population:
        """The same particles in the other atom."""
        return population.with_atoms(np.full(population.size, self.other, np.int64))

    def judge(
        self, new: Population, levels: Numbers, more: Numbers | float, random: np.random.Generator
    ) -> Judged:
        """Whether proposals are taken in place of particles that have some levels.

        What one atom rules out is not run in the other, and at the end of the way the first has no
        part in it.
        """
        there = self.in_other(new)
        found = np.full_like(levels, -np.inf)
        found[1] = self.here.at(there, self.here.known)
        alive = np.flatnonzero(found[1] > -np.inf)
        if self.part == 1.0:
            found[0] = levels[0]
        elif alive.size:
            found[0, alive] = self.here.at(new.take(alive), self.here.known)
        gain = mixed(found, self.part) - mixed(levels, self.part)
        return judged(found, gain + more, random)


@dataclass(frozen=True, slots=True)
class Reached:
    """Particles of one atom with their levels (particle,), and log Z over that of the first.

    `source` is the atom from which it was reached, itself for the first.
    """

    population: Population
    levels: Numbers
    log_ratio: float
    source: int


def connect(swarm: Swarm, high: Numbers, here: Ahead, lasting: int, between: int) -> Numbers:
    """Compare all atoms by ways between them, and take the particles that this leaves.

    An atom whose particles have died out on the way through the record is reached again, unless
    the record rules it out. `high` are the particles' levels; those of the new ones come back.
    `lasting` sweeps go before the first way, and `between` to each part of one.
    """
    with np.errstate(divide="ignore"):
        priors, evidences = np.log(swarm.priors), swarm.evidences()
    first = int(np.argmax(evidences + priors))
    own = np.flatnonzero(swarm.population.atoms == first)
    places = own[resample(swarm.logs[own], swarm.random, max(swarm.size // SHARE, 1))]
    start = Reached(swarm.population.take(places), high[places], 0.0, first)
    swarm.headway.begin(1 / 4)
    reached = {first: _settled(swarm, start, here, lasting)}
    closed: set[tuple[int, int]] = set()
    while (way := _next_way(reached, here, swarm.lean.size, closed)) is not None:
        swarm.headway.begin(1 / (2 * swarm.lean.size - 1 - len(reached)))  # back is half of it
        led = _led(swarm, reached[way[0]], here, way, between)
        if led.log_ratio > -np.inf:
            reached[way[1]] = led
        closed.add(way)
    for atom in np.flatnonzero(evidences > -np.inf).tolist():
        if atom not in reached:
            reached[atom] = _as_it_came(swarm, high, (first, atom))
    _go_back(swarm, reached, here, (first, lasting, between))
    found = dict(sorted(reached.items()))
    swarm.population = together([one.population for one in found.values()])
    swarm.logs = np.concatenate(
        [
            np.full(
                one.levels.size,
                swarm.lean[atom] + np.log(swarm.size / one.levels.size)
                + evidences[first] + one.log_ratio,
            )
            for atom, one in found.items()
        ]
    )  # fmt: skip
    return np.concatenate([one.levels for one in found.values()])


def _as_it_came(swarm: Swarm, high: Numbers, way: tuple[int, int]) -> Reached:
    """The particles of an atom to which no way led, as they came through the record."""
    first, atom = way
    places = np.flatnonzero(swarm.population.atoms == atom)
    places = places[resample(swarm.logs[places], swarm.random)]
    ratio = float(swarm.evidences()[atom] - swarm.evidences()[first])
    return Reached(swarm.population.take(places), high[places], ratio, atom)


def _go_back(
    swarm: Swarm, reached: dict[int, Reached], here: Ahead, how: tuple[int, int, int]
) -> None:
    """Go the way to the strongest rival of the first back, and correct what hangs on it."""
    first, lasting, between = how
    with np.errstate(divide="ignore"):
        rivals = {
            atom: one.log_ratio + float(np.log(swarm.priors[atom]))
            for atom, one in reached.items() if atom != first
        }  # fmt: skip
    if not rivals:
        return
    rival = max(rivals, key=lambda atom: rivals[atom])
    swarm.headway.begin(2 / 3)
    settled = _settled(swarm, reached[rival], here, lasting)
    swarm.headway.begin(1)
    back = _led(swarm, replace(settled, log_ratio=0.0), here, (rival, first), between).log_ratio
    if back == -np.inf:
        return
    change = 0.5 * (-back - settled.log_ratio)
    reached[rival] = settled
    for atom, one in reached.items():
        if rival in _sources(reached, atom):
            reached[atom] = replace(one, log_ratio=one.log_ratio + change)


def _sources(reached: dict[int, Reached], atom: int) -> list[int]:
    """An atom and those on the way to it, up to the first."""
    found = [atom]
    while reached[found[-1]].source != found[-1]:
        found.append(reached[found[-1]].source)
    return found


def _settled(swarm: Swarm, start: Reached, here: Ahead, sweeps: int) -> Reached:
    """Particles of one atom after many sweeps."""
    state = State(start.population, start.levels[None, :])
    law, reach = Bridge(here, 1.0), reach_of(here)
    begin_moves(state, law, reach, swarm.random)
    for number in range(sweeps):
        swarm.fitted = fit(state.population.particles.scores, np.zeros(start.levels.size))
        sweep_whole(state, law, here, reach, swarm)
        swarm.headway.at((number + 1) / sweeps)
    return replace(start, population=state.population, levels=state.levels[-1])


def _next_way(
    reached: dict[int, Reached], here: Ahead, atoms: int, closed: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """From which atom that was reached to which other: where particles lose least weight."""
    others = sorted(set(range(atoms)) - set(reached))
    best, way = -np.inf, None
    for source, atom in ((one, other) for one in reached for other in others):
        if (source, atom) in closed:
            continue
        start = reached[source]
        there = Between(here, atom, 1.0).in_other(start.population)
        gain = gain_of(here.at(there, here.known), start.levels)
        loss = float(np.where(gain > -np.inf, gain, RULED_OUT).mean())
        if loss > best:
            best, way = loss, (source, atom)
    return way


def _led(swarm: Swarm, start: Reached, here: Ahead, way: tuple[int, int], sweeps: int) -> Reached:
    """The particles of one atom led to another (source, atom)."""
    source, atom = way
    state = State(start.population, Between(here, atom, 0.0).levels(start.population))
    walk = Walk(sweeps, swarm.strides, reach_everything(here), swarm.random, swarm.headway.at)
    state, gained = lead(state, lambda part: Between(here, atom, part), walk)
    if gained == -np.inf:
        return Reached(start.population, start.levels, -np.inf, source)
    # Reweighting reaches only what neither atom rules out; moves at the end of the way reach the
    # rest of the other atom, and the share of it that was in reach says how much was missed.
    allowed = here.at(state.population, here.known) > -np.inf
    missed = np.log(max(float(allowed.sum()), 0.5) / allowed.size)
    there = Between(here, atom, 1.0).in_other(state.population)
    return Reached(there, state.levels[1], start.log_ratio + gained - missed, source)
