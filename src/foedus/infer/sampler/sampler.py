"""Sequential Monte Carlo over what becomes known, the particles of all atoms in one population.

Notation of [DelMoral2006]_ and [Chopin2002]_: target n is pi_n(a, z, u) = q(a) p(z) p(u) w_n(a, z,
u) / Z_n, with a the atom, z the scores, u the noise, w_n the weight of all that is known by step n,
and q(a) whatever gives each atom its share of the particles ([Carlin1995]_; how likely an atom was
beforehand has no part in it). One step is

    reweight:  W <- W w_{n+1} / w_n           Z_{n+1} / Z_n = sum W w_{n+1} / w_n
    select     where the effective size has fallen below a share of the particles
    move       by kernels that leave the target as it is (`moves`, `apart`)

and the weight of an atom's particles, over q(a), estimates the evidence of what is known in it.
Selection keeps that weight for each atom and gives all explanations as many particles. Since moves
carry particles from one atom to another, the evidences of atoms are better compared than each is
known; what that says of earlier steps is `hindsight`. They keep the sum of all weights, which is
right on average as long as q(a) has not followed the errors in it (`Swarm.give_back_passed`).

Where a step would leave too few particles, more of them are made first, by moving the ones there
are under pi_n and keeping both (`_widened`); where that is not enough (conditional effective size,
[Zhou2016]_), the step is taken in parts, w_n^(1-a) w_{n+1}^a with a rising to 1.

What becomes known may let live what was ruled out before: a run that did not come to the storming
by itself does so once it is known to have happened. Reweighting cannot reach such particles, since
w_n is 0; moves can, and the share P of the moved particles that w_n allows says how much was
missed: sum W w_{n+1} / w_n estimates P Z_{n+1} / Z_n (bridge sampling, [Meng1996]_, with a bridge
that is 1 where both weights are positive). So each ratio is divided by its P (`missed`).

A step that hangs on an origin tells a particle that does not trust it nothing about the course. It
multiplies such a particle's weight by the probability that trusting particles of all atoms predict
for it, averaged with the atoms' priors, so that distrust takes no side.

References
----------
.. [Carlin1995] B. P. Carlin, S. Chib (1995), Bayesian model choice via Markov chain Monte Carlo
   methods, J. R. Stat. Soc. B 57, 473-484.
.. [Chopin2002] N. Chopin (2002), A sequential particle filter method for static models, Biometrika
   89, 539-551.
.. [DelMoral2006] P. Del Moral, A. Doucet, A. Jasra (2006), Sequential Monte Carlo samplers, J. R.
   Stat. Soc. B 68, 411-436.
.. [Meng1996] X.-L. Meng, W. H. Wong (1996), Simulating ratios of normalizing constants via a simple
   identity: a theoretical exploration, Statistica Sinica 6, 831-860.
.. [Zhou2016] Y. Zhou, A. M. Johansen, J. A. D. Aston (2016), Toward automatic model comparison: an
   adaptive sequential Monte Carlo approach, J. Comput. Graph. Stat. 25, 701-726.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.infer.particles.bridge import Ahead, Bridge, gain_of, part_of
from foedus.infer.particles.fitted import fit, prior_law
from foedus.infer.particles.moves import State, begin_moves, change_atoms, no_strides, sweep
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import draw_population, together
from foedus.infer.particles.target import Target
from foedus.infer.particles.weights import Numbers, effective_size, log_sum
from foedus.infer.sampler.headway import Told, nobody
from foedus.infer.sampler.hindsight import Hindsight, error_added
from foedus.infer.sampler.missed import count_the_missed
from foedus.infer.sampler.settling import settle
from foedus.infer.sampler.swarm import Swarm, shared_out, wanted_shares
from foedus.infer.sampler.sweeps import reach_everything, reach_of, sweep_whole
from foedus.infer.sampler.trusting import Notes, Trusting


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard to work: particles in each island, of all atoms; sweeps of moves per selection."""

    particles: int = 500
    sweeps: int = 3
    resample_below: float = 0.5
    """Select and move where the effective size falls below this share."""
    widen_below: float = 0.3
    """Make more particles before a step that would leave a smaller effective share."""
    rounds: int = 4
    """How often at most."""
    keep_at_least: float = 0.1
    """Split a step that would leave a smaller conditional effective share."""
    settling: int = 30
    """Rounds of moves and of changes of atoms at the end."""
    lasting: int = 250
    """Sweeps of the leading atom's particles where particles do not pass freely between atoms."""
    between: int = 10
    """Sweeps at each part of the way from one atom to another then."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The particles of one atom at the end.

    `level` is their log target (particle,), `logs` their importance weights; `smallest_size` and
    `smallest_overlap` are those of the population at any step.
    """

    atom: int
    particles: Particles
    level: Numbers
    logs: Numbers
    smallest_size: float = np.inf
    smallest_overlap: float = 1.0

    @property
    def is_dead(self) -> bool:
        """Whether the record has ruled every particle out."""
        return bool(np.all(self.logs == -np.inf))


@dataclass(frozen=True, slots=True)
class Course:
    """One run of the sampler.

    `levels` is log p(first steps | atom), from 0 (atom, known), `neutral` what each step is worth
    to those who do not trust it (step,), `clouds` the particles at the end, by atom, `trusting` how
    far they trusted origins on the way (None where nothing hangs on one, or that was not kept).
    `is_judged_anew` says that atoms had other priors when it was run (`at_odds`).
    """

    levels: Numbers
    neutral: Numbers
    clouds: tuple[Cloud, ...]
    trusting: Trusting | None = None
    is_judged_anew: bool = False

    @property
    def gains(self) -> Numbers:
        """log p(step | steps before, atom) (atom, step); -inf from where there is nothing left."""
        dead = np.isneginf(self.levels)
        rise = np.diff(np.where(dead, 0.0, self.levels), axis=1)
        return np.where(dead[:, 1:], -np.inf, rise)


def sample(
    target: Target,
    settings: Settings,
    seed: int,
    island: int = 0,
    told: Told = nobody,
) -> Course:
    """One run of the sampler through the whole record. The same arguments give the same result.

    `told` hears how far the run has come, and may end it by raising.
    """
    swarm = _start(target, settings, seed, island)
    swarm.headway.tell = told
    levels = np.zeros((len(target.atoms), len(target.steps) + 1))
    neutral, notes = np.zeros(len(target.steps)), Notes(target.steps, len(target.atoms))
    for step in range(len(target.steps)):
        here = Ahead(target, step + 1, neutral)
        high = _high(swarm, here)
        notes.before(swarm, high)
        neutral[step] = _prediction(target, swarm, high, step)
        high = high + here.neutral_of(swarm.population.particles, step)
        _advance(swarm, high, here, settings, levels)
        swarm.headway.at((step + 1) / len(target.steps))
    told(1.0)
    return Course(levels, neutral, _clouds(swarm), notes.at_end(swarm))


def _start(target: Target, settings: Settings, seed: int, island: int) -> Swarm:
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, island))))
    priors, groups = np.array(target.atoms), np.array(target.groups, np.int64)
    with np.errstate(divide="ignore"):
        wanted = wanted_shares(np.log(priors), np.ones(priors.size, np.bool_), groups)
    counts = shared_out(max(settings.particles, priors.size), wanted)
    atoms = np.repeat(np.arange(priors.size), counts)
    size, lean = atoms.size, np.log(counts / atoms.size)
    population = draw_population(atoms, target.coordinates, target.noise.count, random)
    nothing, law = np.zeros(size), prior_law(target.coordinates)
    hindsight = Hindsight(np.zeros((priors.size, len(target.steps) + 1)))
    strides = no_strides(target.coordinates, target.noise.count)
    return Swarm(
        population, nothing, nothing.copy(), lean, size, random, law, hindsight, strides, priors,
        groups,
    )  # fmt: skip


def _clouds(swarm: Swarm) -> tuple[Cloud, ...]:
    clouds = []
    for atom in range(swarm.lean.size):
        places, particles = swarm.population.of(atom)
        clouds.append(
            Cloud(atom, particles, swarm.level[places], swarm.logs[places] - swarm.lean[atom],
                  swarm.smallest_size, swarm.smallest_overlap)
        )  # fmt: skip
    return tuple(clouds)


def _high(swarm: Swarm, here: Ahead) -> Numbers:
    """The log target after the step, distrust of the step not yet counted."""
    if swarm.is_dead:
        return np.full(swarm.population.size, -np.inf)
    return here.at(swarm.population, here.known, newest=False)


def _prediction(target: Target, swarm: Swarm, high: Numbers, step: int) -> float:
    """log of how probable those who trust a step held it, averaged with the atoms' priors."""
    trust = target.steps[step].trust
    if trust is None:
        return 0.0
    withheld = trust.is_withheld(swarm.population.particles)
    logs, gain = np.where(withheld, -np.inf, swarm.logs), gain_of(high, swarm.level)
    terms = []
    for atom, prior in enumerate(target.atoms):
        own = swarm.population.atoms == atom
        before = log_sum(logs[own])
        if prior > 0.0 and before > -np.inf:
            terms.append(np.log(prior) + log_sum(logs[own] + gain[own]) - before)
    return log_sum(np.array(terms))


def _advance(swarm: Swarm, high: Numbers, here: Ahead, settings: Settings, levels: Numbers) -> None:
    """Take one step, in parts where it is a long one; `levels` are filled in (atom, known)."""
    if swarm.is_dead:
        levels[:, here.known] = -np.inf
        return
    high = _widened(swarm, high, here, settings)
    swarm.pending.append(here.known - 1)
    done, low, is_last = 0.0, swarm.level, here.known == len(here.target.steps)
    while done < 1.0:
        gain = gain_of(high, low)
        part = part_of(swarm.logs, gain, done, settings.keep_at_least)
        was_split = done > 0.0
        before = swarm.logs
        swarm.logs, done = before + (part - done) * gain, part
        added = error_added(before, swarm.logs, swarm.population.atoms, swarm.lean.size)
        swarm.hindsight.add(here.known, added)
        swarm.lean_evenly()
        size = effective_size(swarm.logs)
        swarm.smallest_size = min(swarm.smallest_size, size)
        if size == 0.0:
            break
        is_wide = swarm.population.size > swarm.size
        must = was_split or done < 1.0 or is_last or is_wide
        if must or size < settings.resample_below * swarm.size:
            pair = _select_and_move(swarm, np.stack([low, high]), here, done, settings)
            low, high = pair[0], pair[-1]
            if done == 1.0:
                high = count_the_missed(swarm, high, here, levels, settings.lasting)
                high = _change_atoms(swarm, high, here, settings, levels)
                if is_last:
                    high = settle(
                        swarm, high, here, levels, settings.settling, settings.lasting,
                        settings.between,
                    )  # fmt: skip
    swarm.level = high
    levels[:, here.known] = swarm.evidences()


def _widened(swarm: Swarm, high: Numbers, here: Ahead, settings: Settings) -> Numbers:
    """More particles of the law before the step, if it is a hard one; their levels after it.

    Each round moves a selection of the particles for a while and adds what comes out. All rounds
    count alike.
    """
    before = Ahead(here.target, here.known - 1, here.neutral)
    law, reach = Bridge(before, 1.0), reach_of(before)
    populations, levels, logs, highs = [swarm.population], [swarm.level], [swarm.logs], [high]
    for _ in range(settings.rounds):
        weights = np.concatenate(logs) + gain_of(np.concatenate(highs), np.concatenate(levels))
        if effective_size(weights) >= settings.widen_below * swarm.size:
            break
        places, even = swarm.select()
        state = State(swarm.population.take(places), swarm.level[places][None, :])
        begin_moves(state, law, reach, swarm.random)
        sweep_whole(state, law, before, reach, swarm)
        swarm.headway.still()
        populations.append(state.population)
        levels.append(state.levels[-1])
        logs.append(even)
        highs.append(here.at(state.population, here.known))
    swarm.population, swarm.level = together(populations), np.concatenate(levels)
    swarm.logs = np.concatenate(logs) - np.log(len(logs))
    return np.concatenate(highs)


def _select_and_move(
    swarm: Swarm, levels: Numbers, here: Ahead, done: float, settings: Settings
) -> Numbers:
    """Select particles and move them as far as the step is done; their levels."""
    swarm.fitted = fit(swarm.population.particles.scores, swarm.logs)
    places, swarm.logs = swarm.select()
    law = Bridge(here, done)
    freed = frozenset(
        stream for step in swarm.pending for stream in here.target.steps[step].frees if done == 1.0
    )
    reach = reach_of(here, freed)
    kept = levels[-1:, places] if done == 1.0 else levels[:, places]
    state = State(swarm.population.take(places), kept)
    begin_moves(state, law, reach, swarm.random)
    for _ in range(settings.sweeps):
        if done == 1.0:
            sweep_whole(state, law, here, reach, swarm)
        else:
            everything = reach_everything(here, freed)
            sweep(state, law, swarm.strides, swarm.fitted, everything, swarm.random)
        swarm.headway.still()
    swarm.population = state.population
    return state.levels


def _change_atoms(
    swarm: Swarm, high: Numbers, here: Ahead, settings: Settings, levels: Numbers
) -> Numbers:
    """Let particles change atoms; their levels after it. Earlier `levels` are seen anew."""
    state, law = State(swarm.population, high[None, :]), Bridge(here, 1.0)
    before = swarm.evidences()
    for _ in range(settings.sweeps):
        change_atoms(state, law, swarm.lean, swarm.random)
    moved = float(np.mean(state.population.atoms != swarm.population.atoms))
    swarm.population = state.population
    swarm.note_passed(before)
    swarm.hindsight.correct(levels, here.known, swarm.risen(before), moved)
    found: Numbers = state.levels[-1]
    return found
