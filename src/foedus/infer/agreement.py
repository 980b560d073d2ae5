"""Whether independent runs have come to the same courses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.infer.islands import Evidence
from foedus.infer.target import Step
from foedus.infer.weights import shares

IMMATERIAL = 0.5
"""Nats by which particles may differ in how well they fit the record without any import."""


def disagreement(evidence: Evidence, steps: Sequence[Step] = ()) -> float:
    """How far islands lie apart in how well their particles fit the record: R-hat of the leader.

    The square root of the variance of the particles' log target in all islands together over that
    within islands, in the atom with the highest posterior ([Gelman1992]_, without the correction
    for few draws): 1 where islands have come to the same courses, more where some have not found
    what others have. Half a nat is of no account, so that courses which all fit alike do not
    seem to disagree. What `steps` are worth to particles that do not trust them is each island's
    own estimate, and left out. nan where there are not two islands with particles of that atom.

    References
    ----------
    .. [Gelman1992] A. Gelman, D. B. Rubin (1992), Inference from iterative simulation using
       multiple sequences, Statistical Science 7, 457-472.
    """
    with np.errstate(divide="ignore"):
        posterior = np.log(evidence.priors) + evidence.levels[:, :, -1].mean(axis=0)
    leader = int(np.argmax(posterior))
    means, variances = [], []
    for course in evidence.courses:
        cloud = course.clouds[leader]
        weights = shares(cloud.logs)
        if cloud.logs.size > 1 and weights.any():
            level = cloud.level.copy()
            for number, step in enumerate(steps):
                if step.trust is not None:
                    withheld = step.trust.is_withheld(cloud.particles)
                    level -= np.where(withheld, course.neutral[number], 0.0)
            means.append(float(weights @ level))
            variances.append(float(weights @ (level - means[-1]) ** 2))
    if len(means) < 2:
        return float("nan")
    within, between = float(np.mean(variances)), float(np.var(means, ddof=1))
    return float(np.sqrt(1.0 + between / max(within, IMMATERIAL**2)))
