"""Independent runs that agree; where the first ones do not, twice as many.

One run in a dozen may stay with courses that fit the record less well, or pass an explanation by.
Among four such a run leaves all open; among eight it is seen for what it is. So noise is held to
decide only where it does after as many runs again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from foedus.infer.islands.at_odds import at_odds
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, evidence_of
from foedus.infer.islands.refusal import verify_accuracy, verify_living, verify_possible
from foedus.infer.islands.remembered import kept_islands, remembered_islands
from foedus.infer.islands.standings import standings
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.target import Step
from foedus.infer.particles.weights import log_mean, shares
from foedus.infer.sampler.sampler import Settings
from foedus.text.diagnostic import NoAnswerError, NoiseError

Progress = Callable[[int, int], None]

IMMATERIAL = 0.5
"""Nats by which particles may differ in how well they fit the record without any import."""


def agreed_islands(
    target: RecordTarget,
    effort: Effort,
    *,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    is_mixed: bool = True,
) -> Evidence:
    """What `effort.islands` independent runs found, or twice as many if those do not agree.

    They are kept (`remembered`). `is_mixed` is that of `refusal.verify_accuracy`. Where twice as
    many are made, `progress` is told of twice the total from then on. Raises `NoiseError` where
    noise would still decide, and `NoAnswerError` at once where no run agrees with the record.
    """
    evidence = some_islands(target, effort, seed=seed, workers=workers, progress=progress)
    try:
        verify_agreement(target, evidence, effort, is_mixed)
    except NoiseError:
        more = some_islands(
            target, effort, first=effort.islands, seed=seed, workers=workers,
            progress=None if progress is None else _second(progress),
        )  # fmt: skip
        evidence = evidence_of(target, (*evidence.courses, *more.courses))
        verify_agreement(target, evidence, effort, is_mixed)
    return evidence


def some_islands(
    target: RecordTarget,
    effort: Effort,
    *,
    first: int = 0,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> Evidence:
    """What `effort.islands` independent runs found, numbered from `first`, agree or not.

    For what is asked of one explanation alone: how probable it is has no part in the answer. Where
    an analyst's file has other priors of atoms, those runs are judged anew that the case's own file
    leads to, so that they are made once for all analysts (`at_odds`).
    """

    def found(chosen: RecordTarget) -> Evidence:
        return remembered_islands(
            chosen, Settings(effort.particles, effort.sweeps), islands=effort.islands, first=first,
            seed=seed, workers=workers, progress=progress,
        )  # fmt: skip

    written = target.as_written
    judged = None if written is None else at_odds(found(written), target)
    return found(target) if judged is None else judged


def are_kept(target: RecordTarget, effort: Effort, *, seed: int = 1, is_mixed: bool = True) -> bool:
    """Whether `agreed_islands` finds all that it needs among what was kept, so that nothing runs.

    The arguments are those given to it. The second half is read only if the first does not agree.
    """
    settings, count = Settings(effort.particles, effort.sweeps), effort.islands
    written = target.as_written or target
    first = kept_islands(written, settings, islands=count, seed=seed)
    if first is not None and written is not target:
        first = at_odds(first, target)
    if first is None:
        return False
    try:
        verify_agreement(target, first, effort, is_mixed)
    except NoiseError:
        return kept_islands(written, settings, islands=count, first=count, seed=seed) is not None
    except NoAnswerError:
        pass  # soon said
    return True


def verify_agreement(
    target: RecordTarget, evidence: Evidence, effort: Effort, is_mixed: bool
) -> None:
    """Raise `NoiseError` where noise would decide, `NoAnswerError` where nothing was found."""
    verify_possible(evidence, target.model, target.record)
    verify_living(evidence, effort.islands, effort.particles)
    found, apart = standings(target.model, evidence), disagreement(evidence, target.steps)
    verify_accuracy(found, effort.particles, apart, is_mixed=is_mixed)


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
        levels = np.array([log_mean(logs) for logs in evidence.levels[:, :, -1].T])
        posterior = np.log(evidence.priors) + levels
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


def _second(progress: Progress) -> Progress:
    """How far it is to the end when the first half is done."""
    return lambda done, total: progress(total + done, 2 * total)
