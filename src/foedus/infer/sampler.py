"""Sequential Monte Carlo over what becomes known, all atoms side by side.

Notation of [DelMoral2006]_ and [Chopin2002]_: target n is pi_n(z, u) = p(z) p(u) w_n(z, u) / Z_n,
with z the scores, u the noise and w_n the weight of all that is known by step n. One step is

    reweight:  W <- W w_{n+1} / w_n           Z_{n+1} / Z_n = sum W w_{n+1} / w_n
    resample   where the effective size has fallen below a share of the particles
    move       by kernels that leave the target as it is (`moves`)

Where a step would leave too few particles, more of them are made first, by moving the ones there
are under pi_n and keeping both (`_widened`); where that is not enough (conditional effective size,
[Zhou2016]_), the step is taken in parts, w_n^(1-a) w_{n+1}^a with a rising to 1.

What becomes known may let live what was ruled out before: a run that did not come to the storming
by itself does so once it is known to have happened. Reweighting cannot reach such particles, since
w_n is 0; moves can, and the share P of the moved particles that w_n allows says how much was
missed: sum W w_{n+1} / w_n estimates P Z_{n+1} / Z_n (bridge sampling, [Meng1996]_, with a bridge
that is 1 where both weights are positive). So each ratio is divided by its P.

A step that hangs on an origin tells a particle that does not trust it nothing about the course. It
multiplies such a particle's weight by the probability that trusting particles of all atoms predict
for it, averaged with the atoms' priors, so that distrust takes no side; this is why atoms advance
together.

References
----------
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

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from foedus.infer.bridge import Ahead, Bridge, gain_of, part_of
from foedus.infer.moves import Reach, Strides, move
from foedus.infer.particles import Particles, draw_particles, joined
from foedus.infer.target import Target
from foedus.infer.weights import Numbers, effective_size, log_mean, log_sum, resample


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard to work: particles of each atom in each island, moves after each selection."""

    particles: int = 500
    sweeps: int = 3
    resample_below: float = 0.5
    """Select and move where the effective size falls below this share."""
    widen_below: float = 0.3
    """Make more particles before a step that would leave a smaller effective share."""
    rounds: int = 8
    """How often at most."""
    keep_at_least: float = 0.1
    """Split a step that would leave a smaller conditional effective share."""


@dataclass(slots=True)
class Cloud:
    """The particles of one atom, as they advance.

    `level` is their log target (particle,), `logs` their importance weights. `pending` are the
    steps since the last selection.
    """

    atom: int
    particles: Particles
    level: Numbers
    logs: Numbers
    random: np.random.Generator
    strides: Strides = field(default_factory=Strides)
    pending: list[int] = field(default_factory=list)
    selections: int = 0
    smallest_size: float = np.inf
    smallest_overlap: float = 1.0

    @property
    def is_dead(self) -> bool:
        """Whether the record has ruled every particle out."""
        return bool(np.all(self.logs == -np.inf))


@dataclass(frozen=True, slots=True)
class Course:
    """One run of the sampler.

    `gains` is log p(step | steps before, atom) (atom, step), `neutral` what each step is worth to
    those who do not trust it (step,), `clouds` the particles at the end.
    """

    gains: Numbers
    neutral: Numbers
    clouds: tuple[Cloud, ...]


Progress = Callable[[], None]
"""Told after every step."""


def sample(
    target: Target,
    settings: Settings,
    seed: int,
    island: int = 0,
    progress: Progress | None = None,
) -> Course:
    """One run of the sampler through the whole record. The same arguments give the same result."""
    clouds = [_start(target, settings, seed, island, atom) for atom in range(len(target.atoms))]
    gains = np.zeros((len(clouds), len(target.steps)))
    neutral = np.zeros(len(target.steps))
    for step in range(len(target.steps)):
        here = Ahead(target, step + 1, neutral)
        highs = [_high(cloud, here) for cloud in clouds]
        neutral[step] = _prediction(target, clouds, highs, step)
        for cloud, high in zip(clouds, highs, strict=True):
            high += here.neutral_of(cloud.particles, step)
            _advance(cloud, high, here, settings, gains[cloud.atom])
        if progress is not None:
            progress()
    return Course(gains, neutral, tuple(clouds))


def _start(target: Target, settings: Settings, seed: int, island: int, atom: int) -> Cloud:
    sequence = np.random.SeedSequence((seed, island, atom))
    random = np.random.Generator(np.random.Philox(sequence))
    particles = draw_particles(settings.particles, target.coordinates, target.noise.count, random)
    nothing = np.zeros(settings.particles)
    return Cloud(atom, particles, nothing, nothing.copy(), random)


def _high(cloud: Cloud, here: Ahead) -> Numbers:
    """The log target of a cloud after the step, distrust of the step not yet counted."""
    if cloud.is_dead:
        return np.full(cloud.particles.size, -np.inf)
    return here.at(cloud.atom, cloud.particles, here.known, newest=False)


def _prediction(target: Target, clouds: list[Cloud], highs: list[Numbers], step: int) -> float:
    """log of how probable those who trust a step held it, averaged with the atoms' priors."""
    trust = target.steps[step].trust
    if trust is None:
        return 0.0
    terms = np.full(len(clouds), -np.inf)
    for cloud, high, prior in zip(clouds, highs, target.atoms, strict=True):
        logs = np.where(trust.is_withheld(cloud.particles), -np.inf, cloud.logs)
        if prior > 0.0 and np.any(logs > -np.inf):
            gain = gain_of(high, cloud.level)
            terms[cloud.atom] = np.log(prior) + log_sum(logs + gain) - log_sum(logs)
    return log_sum(terms)


def _advance(cloud: Cloud, high: Numbers, here: Ahead, settings: Settings, gains: Numbers) -> None:
    """Take one step with a cloud, in parts where it is a long one; `gains` are the atom's."""
    step = here.known - 1
    if cloud.is_dead:
        gains[step] = -np.inf
        return
    high = _widened(cloud, high, here, settings)
    cloud.pending.append(step)
    done, low, is_last = 0.0, cloud.level, here.known == len(here.target.steps)
    while done < 1.0:
        gain = gain_of(high, low)
        part = part_of(cloud.logs, gain, done, settings.keep_at_least)
        was_split = done > 0.0
        reweighted = cloud.logs + (part - done) * gain
        gains[step] += log_sum(reweighted) - log_sum(cloud.logs)
        cloud.logs, done = reweighted, part
        size = effective_size(cloud.logs)
        cloud.smallest_size = min(cloud.smallest_size, size)
        if size == 0.0:
            gains[step] = -np.inf
            break
        is_wide = cloud.particles.size > settings.particles
        must = was_split or done < 1.0 or is_last or is_wide
        if must or size < settings.resample_below * settings.particles:
            levels = _select_and_move(cloud, np.stack([low, high]), here, done, settings)
            low, high = levels[0], levels[-1]
            if done == 1.0:
                _count_the_missed(cloud, high, here, gains)
    cloud.level = high


def _widened(cloud: Cloud, high: Numbers, here: Ahead, settings: Settings) -> Numbers:
    """More particles of the law before the step, if it is a hard one; their levels after it.

    Each round moves a selection of the particles for a while and adds what comes out. All rounds
    count alike.
    """
    before = Ahead(here.target, here.known - 1, here.neutral)
    law = Bridge(before, cloud.atom, 1.0)
    reach = Reach(here.target.noise, here.target.used(before.known), frozenset())
    mean = log_mean(cloud.logs)
    particles, level = cloud.particles, cloud.level
    wide, levels, logs, highs = [particles], [level], [cloud.logs], [high]
    for _ in range(settings.rounds):
        weights = np.concatenate(logs) + gain_of(np.concatenate(highs), np.concatenate(levels))
        if effective_size(weights) >= settings.widen_below * settings.particles:
            break
        places = resample(cloud.logs, cloud.random, settings.particles)
        particles, moved = move(
            cloud.particles.take(places), cloud.level[places][None, :], law, cloud.strides, 1,
            reach, cloud.random,
        )  # fmt: skip
        wide.append(particles)
        levels.append(moved[-1])
        logs.append(np.full(particles.size, mean))
        highs.append(here.at(cloud.atom, particles, here.known))
    cloud.particles, cloud.level = joined(wide), np.concatenate(levels)
    cloud.logs = np.concatenate(logs)
    return np.concatenate(highs)


def _select_and_move(
    cloud: Cloud, levels: Numbers, here: Ahead, done: float, settings: Settings
) -> Numbers:
    """Select the particles of a cloud and move them as far as the step is done; their levels."""
    places = resample(cloud.logs, cloud.random, settings.particles)
    law = Bridge(here, cloud.atom, done)
    kept = levels[-1:, places] if done == 1.0 else levels[:, places]
    freed = frozenset(
        stream for step in cloud.pending for stream in here.target.steps[step].frees if done == 1.0
    )
    reach = Reach(here.target.noise, here.target.used(here.known), freed)
    cloud.logs, cloud.selections = np.zeros(places.size), cloud.selections + 1
    cloud.particles, moved = move(
        cloud.particles.take(places), kept, law, cloud.strides, settings.sweeps, reach, cloud.random
    )
    return moved


def _count_the_missed(cloud: Cloud, high: Numbers, here: Ahead, gains: Numbers) -> None:
    """Divide the gains since the last selection by the share of particles that they could reach."""
    reached = high > -np.inf
    for step in reversed(cloud.pending):
        before = float(np.sum(reached))
        if step > 0 and here.target.steps[step].revives:
            level = here.at(cloud.atom, cloud.particles, step)
            reached = reached & (level > -np.inf)
        after = float(np.sum(reached))
        overlap = max(after, 0.5) / max(before, 0.5)
        cloud.smallest_overlap = min(cloud.smallest_overlap, overlap)
        gains[step] -= np.log(overlap)
    cloud.pending.clear()
