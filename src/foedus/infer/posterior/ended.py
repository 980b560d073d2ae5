"""Courses that end as it is known to have ended, where few of those that agree with the record do.

What would have happened is asked of courses in which the outcomes that name a state came out as
they did. Where enough particles of a verdict are such, the others are left out. Where they are few,
an answer would rest on those few, however often each is run. Then the outcomes are one step more of
the record, taken as the sampler takes its own: the few are selected, each as often as it needs to
be, and moved by moves that keep the law given the record and the outcomes (`moves`, `apart`).

Copies of one particle differ at once, and are nearly independent only after many sweeps: on the
largest shipped case copies have, in the median over uncertain numbers, a correlation of 0.66 after
20 sweeps, 0.18 after 60, and 0.05 after 140. What stays alike makes errors of answers too small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool, pool
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.apart import move_apart
from foedus.infer.particles.bridge import Ahead, Bridge
from foedus.infer.particles.fitted import fit
from foedus.infer.particles.moves import State, begin_moves, no_strides, sweep
from foedus.infer.particles.particles import Particles, distinct
from foedus.infer.particles.population import of_one_atom
from foedus.infer.particles.weights import Numbers, log_sum, resample
from foedus.infer.sampler.sampler import Cloud, Course
from foedus.infer.sampler.sweeps import reach_of
from foedus.jump.record import Window
from foedus.jump.stages import ended_stage

FEWEST = 100
"""Particles that differ below which courses are not enough for a what-if."""

LEAST_OF_AN_ATOM = 20
"""Of an atom that has a part in answers there are so many, however small its part."""

SWEEPS = 150

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """Particles that agree with a record and with its outcomes: `evidence`, under `target`.

    Of those that agree with the record alone, `first` that differ ended so, and their `share` is
    how probable that was. There is one island, with the levels at the end only.
    """

    target: RecordTarget
    evidence: Evidence
    first: int
    share: float


def ending(target: RecordTarget) -> RecordTarget:
    """The same record with the outcomes that name a state known, whoever told of them.

    They are looked at when their date ends, as questions are.
    """
    outcomes = target.record.endings(target.model.horizon)
    names = {one.id for one in outcomes}
    settled = tuple(
        replace(one, is_established=True, windows=(Window(one.end, one.end),))
        if one.id in names
        else one
        for one in target.record.sightings
    )
    record = replace(target.record, sightings=settled)
    stages = (*target.stages, ended_stage(target.stages[-1], outcomes))
    return replace(
        target, record=record, stages=stages, engine=start(target.model, record), _blocks={},
        _used={}, _made={}, _tellings={},
    )  # fmt: skip


def ended(
    target: RecordTarget, evidence: Evidence, *, seed: int = 1, most: int | None = None,
    progress: Progress | None = None,
) -> Ended | None:  # fmt: skip
    """Particles that end as the outcomes say, from those that agree with the record.

    None where there are enough of them (`FEWEST`) as it is, or none at all. With `most` there are
    about so many, and they are moved even where there were enough: for what is to be kept. The same
    arguments give the same particles. Takes some hundred sweeps of moves: as long as a good part of
    the verdict.
    """
    if not target.record.endings(target.model.horizon):
        return None
    later, found = ending(target), pool(evidence)
    law = _law(later, evidence)
    logs = [_logs_of(found, law, atom) for atom in range(len(found.priors))]
    first = sum(
        distinct(particles.take(np.flatnonzero(own > -np.inf)))
        for particles, own in zip(found.particles, logs, strict=True)
    )
    if first == 0 or (first >= FEWEST and most is None):
        return None
    levels, total = np.array([[log_sum(own)] for own in logs]), log_total(found.priors, logs)
    clouds = []
    for atom, own in enumerate(logs):
        count = own.size
        if most is not None:
            part = found.priors[atom] * np.exp(levels[atom, 0] - total)
            count = min(count, max(round(most * part), LEAST_OF_AN_ATOM))
        is_there = bool(np.any(own > -np.inf))
        cloud = _moved(found, law, atom, own, count, seed, progress) if is_there else _nothing(atom)
        clouds.append(cloud)
    names = tuple(step.name for step in later.steps)
    course = Course(levels, law.ahead.neutral, tuple(clouds))
    few = Evidence(names, found.priors, levels[None], (course,))
    share = np.exp(total - log_total(found.priors, found.logs))
    return Ended(later, few, first, float(share))


def _law(later: RecordTarget, evidence: Evidence) -> Bridge:
    """The law given the record and its outcomes."""
    neutral = np.append(evidence.neutrals, 0.0)
    return Bridge(Ahead(later, len(later.stages) - 1, neutral), 1.0)


def _logs_of(found: Pool, law: Bridge, atom: int) -> Numbers:
    """The weights of an atom's particles, -inf for those that end otherwise (particle,)."""
    logs = found.logs[atom]
    if atom not in found.counting:
        return np.full_like(logs, -np.inf)
    levels = law.levels(of_one_atom(found.particles[atom], atom))[-1]
    return np.where(levels > -np.inf, logs, -np.inf)


def _moved(
    found: Pool, law: Bridge, atom: int, logs: Numbers, count: int, seed: int,
    progress: Progress | None,
) -> Cloud:  # fmt: skip
    """So many particles of an atom, from those that end as they should."""
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, atom))))
    here, all_of_them = law.ahead, found.particles[atom]
    target = here.target
    fitted = fit(all_of_them.scores, found.logs[atom])
    population = of_one_atom(all_of_them.take(resample(logs, random, count)), atom)
    state, reach = State(population, law.levels(population)), reach_of(here)
    strides = no_strides(target.coordinates, target.noise.count)
    begin_moves(state, law, reach, random)
    for number in range(SWEEPS):
        sweep(state, law, strides, fitted, reach, random)
        move_apart(state, here, target.blocks(here.known), fitted, random)
        if progress is not None:
            progress(number + 1, SWEEPS)
    particles = state.population.particles
    return Cloud(atom, particles, state.levels[-1], np.zeros(particles.size))


def _nothing(atom: int) -> Cloud:
    """The cloud of an atom that has no part in answers, or never ends so."""
    none = Particles(np.zeros((0, 0)), np.zeros((0, 0, 2), np.uint64), np.zeros(0, np.int64))
    return Cloud(atom, none, np.zeros(0), np.zeros(0))


def log_total(priors: Numbers, logs: list[Numbers] | tuple[Numbers, ...]) -> float:
    """The logarithm of the weight of all atoms together."""
    with np.errstate(divide="ignore"):
        return log_sum(np.log(priors) + np.array([log_sum(own) for own in logs]))
