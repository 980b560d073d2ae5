"""The same particles judged anew by somebody who held the atoms otherwise likely beforehand.

How probable the record is in an atom does not depend on how likely the atom was, and the sampler
leaves priors out of its weights. One thing does depend on them: what a step is worth to those who
distrust its origin, which is averaged with the atoms' priors. It is worked out anew, step by step,
from what was noted on the way (`Trusting`): particles that withhold their trust weigh by so much
more or less from then on, and with them their atom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence, evidence_of
from foedus.infer.particles.target import Step, Target
from foedus.infer.particles.weights import Numbers, log_sum
from foedus.infer.sampler.sampler import Cloud, Course
from foedus.infer.sampler.trusting import Trusting, origins_of, withheld_from


def at_odds(evidence: Evidence, target: Target) -> Evidence | None:
    """What was found with other priors of the atoms, under those of the target.

    None where particles cannot tell: it was not kept how they stood on the way, or all who
    distrusted an origin were ruled out by priors of 0.
    """
    priors = np.array(target.atoms)
    courses = [_course(one, target.steps, priors) for one in evidence.courses]
    known = [one for one in courses if one is not None]
    return None if len(known) < len(courses) else evidence_of(target, known)


@dataclass(frozen=True, slots=True)
class _Anew:
    """What steps are worth to those who distrust their origins (step,), and by how much more than
    before so far: in each way of trusting (way, known), and by the origin (origin,).
    """

    neutral: Numbers
    more: Numbers
    by_origin: Numbers


def _course(course: Course, steps: Sequence[Step], priors: Numbers) -> Course | None:
    """One island's course under other priors of the atoms."""
    origins, trusting = origins_of(steps), course.trusting
    if not origins:
        return replace(course, is_judged_anew=True)
    anew = None if trusting is None else _anew(course, trusting, steps, priors)
    if trusting is None or anew is None:
        return None
    with np.errstate(divide="ignore"):
        raised = np.log(np.sum(trusting.shares * np.exp(anew.more.T)[None], axis=2))
    levels = course.levels + np.where(trusting.shares.any(axis=2), raised, 0.0)

    def reweighted(cloud: Cloud) -> Cloud:
        if not cloud.particles.size:
            return cloud
        withheld = withheld_from(origins, cloud.particles)
        more = np.where(withheld, anew.by_origin, 0.0).sum(axis=1)
        return replace(cloud, level=cloud.level + more, logs=cloud.logs + more)

    clouds = tuple(reweighted(cloud) for cloud in course.clouds)
    return replace(course, levels=levels, neutral=anew.neutral, clouds=clouds, is_judged_anew=True)


def _anew(
    course: Course, trusting: Trusting, steps: Sequence[Step], priors: Numbers
) -> _Anew | None:
    """What distrust is worth under other priors; None where it was worth nothing before, and is."""
    origins, neutral = origins_of(steps), course.neutral.copy()
    more, by_origin = np.zeros((len(trusting.ways), len(steps) + 1)), np.zeros(len(origins))
    for number, step in enumerate(steps):
        more[:, number + 1] = more[:, number]
        if step.trust is None:
            continue
        origin = origins.index(step.trust)
        withheld = trusting.ways[:, origin]
        with np.errstate(divide="ignore"):
            before = np.log(trusting.shares[:, number, ~withheld]) + more[~withheld, number]
        gains = trusting.gains[:, number, ~withheld]
        neutral[number] = _prediction(before, gains, priors)
        if neutral[number] == course.neutral[number]:
            continue
        change = float(neutral[number] - course.neutral[number])
        if change == np.inf:
            return None
        more[withheld, number + 1] += change
        by_origin[origin] += change
    return _Anew(neutral, more, by_origin)


def _prediction(before: Numbers, gains: Numbers, priors: Numbers) -> float:
    """log of how probable those who trust a step hold it, averaged with the atoms' priors.

    `before` is the log weight of each way in which it is trusted, and `gains` what the step weighs
    in it (atom, way). As in `sampler`.
    """
    terms = []
    for atom in np.flatnonzero(priors).tolist():
        weight = log_sum(before[atom])
        if weight > -np.inf:
            alive = before[atom] > -np.inf
            total = log_sum(before[atom][alive] + gains[atom][alive])
            terms.append(np.log(priors[atom]) + total - weight)
    return log_sum(np.array(terms))
