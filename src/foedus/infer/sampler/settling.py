"""At the end: particles go on with the whole record known, and atoms are compared once more.

Where particles pass freely from atom to atom, their shares over many sweeps say how the atoms
compare. Where they do not, that is found on ways between the atoms (`between_atoms`). To go on for
longer until enough have passed is no remedy: some atoms then pass particles among themselves only.
"""

from __future__ import annotations

import numpy as np

from foedus.infer.particles.bridge import Ahead, Bridge
from foedus.infer.particles.fitted import fit
from foedus.infer.particles.moves import State, change_atoms
from foedus.infer.particles.weights import Numbers, log_mean, shares
from foedus.infer.sampler.between_atoms import connect
from foedus.infer.sampler.swarm import Swarm
from foedus.infer.sampler.sweeps import reach_of, sweep_whole

CHANGES = 2
"""Proposals of another atom in each round. Of two atoms only one: where both would be taken, as
they are where a record only lets courses pass or not, a particle would be back where it was."""

FREELY = 1.5
"""Changes of atom for each particle, over half of the rounds, that are enough.

After n of them e^-n of a difference between shares is left, so that the mean over the other half
holds e^-n (1 - e^-n) / n of what was wrong at first: an eighth. With half a change it is 0.48.
"""

RISING = 0.5
"""Nats by which courses fit the record better from one half to the next while they come closer."""


def settle(
    swarm: Swarm, high: Numbers, here: Ahead, levels: Numbers, rounds: int, lasting: int,
    between: int,
) -> Numbers:  # fmt: skip
    """Particles with their levels after going on for so many rounds; `levels` are seen anew.

    `lasting` and `between` are the sweeps of `between_atoms.connect`.
    """
    if swarm.lean.size < 2 or rounds < 2:
        return high
    before = swarm.evidences()
    high, changed = _go_on_until_settled(swarm, high, here, rounds, lasting)
    if changed < FREELY:
        high = connect(swarm, high, here, lasting, between)
        _revive(levels, here.known, before, swarm.evidences())
        swarm.hindsight.correct_all(levels, here.known, swarm.risen(before))
    else:
        swarm.note_passed(before)
        swarm.give_back_passed()
        swarm.hindsight.correct(levels, here.known, swarm.risen(before), 1.0)
    return high


def _go_on_until_settled(
    swarm: Swarm, high: Numbers, here: Ahead, rounds: int, lasting: int
) -> tuple[Numbers, float]:
    """Go on for some rounds, and for more while courses still come to fit the record better.

    What counts is the last half as many rounds. Not where particles hardly pass between atoms: then
    those of one atom go on by themselves (`between_atoms`).
    """
    spent, half, level = 0, rounds // 2, -np.inf
    while True:
        swarm.headway.begin(half / max(lasting - spent, half))
        high, changed = _go_on(swarm, high, here, half)
        spent, before, level = spent + half, level, float(shares(swarm.logs) @ high)
        is_settled = changed < FREELY or level - before < RISING or spent >= lasting
        if spent > half and is_settled:
            return high, changed


def _revive(levels: Numbers, known: int, before: Numbers, after: Numbers) -> None:
    """Levels (atom, known) of atoms that had died out by chance, and were reached again.

    They keep their distance from the first living one from the step on at which they died out.
    """
    living = int(np.flatnonzero(before > -np.inf)[0])
    for atom in np.flatnonzero((before == -np.inf) & (after > -np.inf)).tolist():
        dead = np.flatnonzero(np.isneginf(levels[atom, :known]))
        levels[atom, dead] = levels[living, dead] + after[atom] - after[living]


def _go_on(swarm: Swarm, high: Numbers, here: Ahead, rounds: int) -> tuple[Numbers, float]:
    """Rounds of moves and changes of atom, whose mean shares weigh the atoms from then on.

    Gives the particles' levels, and how often one passed at the narrowest place between atoms.
    """
    law, reach, found = Bridge(here, 1.0), reach_of(here), []
    swarm.lean_evenly()
    passed, present = np.zeros((swarm.lean.size,) * 2), np.zeros(swarm.lean.size)
    changes = CHANGES if swarm.lean.size > 2 else 1
    for number in range(rounds):
        places, swarm.logs = swarm.select()
        swarm.fitted = fit(swarm.population.particles.scores[places], swarm.logs)
        state = State(swarm.population.take(places), high[None, places])
        sweep_whole(state, law, here, reach, swarm)
        old = state.population.atoms
        for _ in range(changes):
            change_atoms(state, law, swarm.lean, swarm.random)
        swarm.population, high = state.population, state.levels[-1]
        swarm.headway.at((number + 1) / rounds)
        np.add.at(passed, (old, swarm.population.atoms), 1.0)
        present += np.bincount(old, minlength=present.size) / rounds
        found.append(swarm.masses())
    means = np.array([log_mean(masses) for masses in np.array(found).T])
    alive = swarm.masses() > -np.inf
    rise = np.where(alive, means, 0.0) - np.where(alive, swarm.masses(), 0.0)
    swarm.logs = swarm.logs + rise[swarm.population.atoms]
    return high, _least_passing(passed, present)


def _least_passing(passed: Numbers, present: Numbers) -> float:
    """How often a particle passed at the narrowest place between any two atoms.

    `passed` are the changes (from, to), `present` how many particles each atom has (atom,). Atoms
    are joined one after the other where most pass, and the narrowest of these joints counts.
    """
    atoms = np.flatnonzero(present > 0.0).tolist()
    both = passed + passed.T
    joined, rest, least = {atoms[0]}, set(atoms[1:]), np.inf
    while rest:
        ways = {
            (one, other): both[one, other] / min(present[one], present[other])
            for one in joined for other in rest
        }  # fmt: skip
        widest = max(ways, key=lambda way: ways[way])
        least = min(least, float(ways[widest]))
        joined.add(widest[1])
        rest.remove(widest[1])
    return least
