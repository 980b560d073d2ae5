"""Courses that agree with a record, from where they are soonest had: what ships, or runs.

Those that ship were found under the prior odds of the case. Under an analyst's they are judged anew
(`at_odds`), as long as every atom that then has a part in answers has its noise in the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from foedus.infer.islands.agreed import agreed_islands
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers, log_sum, shares
from foedus.infer.posterior.ended import Ended, ending, log_total
from foedus.infer.shipped.answers_file import evidence_at_odds, shipped_answers
from foedus.infer.shipped.courses_file import Shipped, shipped_courses


def courses_of(
    target: RecordTarget,
    effort: Effort,
    *,
    may_ship: bool,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Evidence, Shipped | None]:
    """What ships, also by itself; else what `agreed_islands` finds now, and None.

    `may_ship` says that the target is that of the whole record, with nothing fixed, and that it is
    not to be worked out anew.
    """
    shipped = shipped_at(target, effort, seed) if may_ship else None
    if shipped is not None:
        return shipped.evidence, shipped
    return agreed_islands(target, effort, seed=seed, workers=workers, progress=progress), None


def shipped_at(target: RecordTarget, effort: Effort, seed: int) -> Shipped | None:
    """What ships for this very record, judged under the prior odds of the target.

    None where none ships, and where that would not do.
    """
    written = target.as_written
    shipped = shipped_courses(target if written is None else written, effort, seed)
    if written is None or shipped is None:
        return shipped
    answers = shipped_answers(written, shipped.evidence, effort, seed)
    evidence = evidence_at_odds(target, shipped, answers, effort, is_mixed=True)
    if evidence is None or not set(pool(evidence).counting) <= _with_noise(shipped):
        return None
    few = None if shipped.ended is None else _ended_at(shipped.ended, shipped, evidence, target)
    return Shipped(evidence, few, shipped.made)


def _with_noise(shipped: Shipped) -> set[int]:
    """The atoms whose particles can be run."""
    used = shipped.evidence if shipped.ended is None else shipped.ended.evidence
    return {
        cloud.atom
        for course in used.courses for cloud in course.clouds
        if cloud.particles.keys.size
    }  # fmt: skip


def _ended_at(few: Ended, shipped: Shipped, judged: Evidence, target: RecordTarget) -> Ended:
    """The particles that end as the outcomes say, under other prior odds.

    Of an atom's weight they have the part that they had, times what they gain by the new worth of
    distrust over what all of its particles gain.
    """
    later, (course,) = ending(target), few.evidence.courses
    neutral = np.append(judged.neutrals, 0.0)
    change = neutral - course.neutral

    def more(particles: Particles) -> Numbers:
        total = np.zeros(particles.size)
        for step, one in zip(later.steps, change.tolist(), strict=True):
            if step.trust is not None:
                total = total + np.where(step.trust.is_withheld(particles), one, 0.0)
        return total

    before, after = pool(shipped.evidence), pool(judged)
    levels, clouds = np.full_like(few.evidence.levels[0], -np.inf), []
    for atom, cloud in enumerate(course.clouds):
        level = few.evidence.levels[0, atom, -1]
        if level == -np.inf:
            clouds.append(cloud)
            continue
        rise = more(cloud.particles)
        clouds.append(replace(cloud, level=cloud.level + rise, logs=cloud.logs + rise))
        own, all_of_them = _gain(cloud.logs, rise), more(before.particles[atom])
        part = level - before.log_evidence(atom) + own - _gain(before.logs[atom], all_of_them)
        levels[atom, -1] = after.log_evidence(atom) + part
    moved = replace(
        course, levels=levels, neutral=neutral, clouds=tuple(clouds),
        is_judged_anew=True,
    )  # fmt: skip
    found = Evidence(few.evidence.steps, after.priors, levels[None], (moved,))
    total = log_total(after.priors, [np.array([one]) for one in levels[:, -1]])
    share = float(np.exp(total - log_total(after.priors, after.logs)))
    return Ended(later, found, few.first, share)


def _gain(logs: Numbers, rise: Numbers) -> float:
    """By how much the logarithm of a weight rises that rises by so much in each particle."""
    return log_sum(np.log(shares(logs)[shares(logs) > 0.0]) + rise[shares(logs) > 0.0])
