"""When noise would decide, there is no verdict."""

from __future__ import annotations

from collections.abc import Sequence

from scipy import special

from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.standings import LEAST_WEIGHT, Standing
from foedus.infer.islands.unmet import nothing_agrees
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import is_anything_known
from foedus.text.diagnostic import NoAnswerError, NoiseError

LARGEST_OPEN = 0.3
"""The widest interval that Monte Carlo error may leave a posterior probability."""

LARGEST_DISAGREEMENT = 1.2
"""The largest R-hat of the leader's log target over islands.

Where some runs have not found the courses that others have, that they agree on how explanations
compare means nothing.
"""


def verify_accuracy(
    standings: Sequence[Standing], particles: int, apart: float = float("nan"), *,
    is_mixed: bool = True,
) -> None:  # fmt: skip
    """Raise `NoAnswerError`, with what to raise, where the sampler's own error would decide.

    `apart` is how far islands lie apart (`agreed.disagreement`; nan if that is not known).
    `is_mixed` says whether answers are mixed with the posterior of the explanations, so that it has
    to be known well even where none of them stands out. For a verdict by itself it need not: that
    the record does not decide is then an answer that no noise could change.
    """
    rivals = [one for one in standings if one.is_rival]
    if apart > LARGEST_DISAGREEMENT:
        raise NoiseError(
            f"noise would decide: independent runs have not come to the same courses (R-hat of how "
            f"well they fit the record is {apart:.2f}, and {LARGEST_DISAGREEMENT:g} is the most "
            f"that will do, with twice as many runs as well); raise `--particles` (now "
            f"{particles})",
            "apart", rhat=apart, most=LARGEST_DISAGREEMENT, particles=particles,
        )  # fmt: skip
    widest = max(rivals, key=lambda one: one.high - one.low)
    stands_out = max(one.high for one in rivals) >= special.expit(LEAST_WEIGHT)
    if widest.high - widest.low > LARGEST_OPEN and (is_mixed or stands_out):
        raise NoiseError(
            f"noise would decide: the posterior of `{widest.name}` may be anything from "
            f"{widest.low:.2f} to {widest.high:.2f} (its log evidence has a standard error of "
            f"{widest.error:.2f}); raise `--particles` (now {particles})",
            "open", name=widest.name, low=widest.low, high=widest.high, error=widest.error,
            particles=particles,
        )  # fmt: skip


FEW_ISLANDS = 4
"""Of so many islands none may be lost; of many, every fourth may."""


def verify_living(evidence: Evidence, islands: int, particles: int) -> None:
    """Raise `NoiseError` where too few came to the end of the record of so many asked for.

    What a lost island makes uncertain is in the errors of those that many leave.
    """
    made, living = len(evidence.courses), len(evidence.living)
    if living < min(islands, max(FEW_ISLANDS, islands * 3 // 4)):
        raise NoiseError(
            f"noise would decide: {made - living} of {made} independent runs lost all their "
            f"particles on the way through the record; raise `--particles` (now {particles})",
            "lost", lost=made - living, made=made, particles=particles,
        )  # fmt: skip


def verify_possible(
    evidence: Evidence, model: JumpModel, record: Record, *, is_exact: bool = False
) -> None:
    """Raise `NoAnswerError`, naming the step, where nothing can have produced the record.

    With particles that is all that was found, however many more runs are made.
    """
    step = evidence.first_unmet
    if step is not None:
        later = evidence.steps[evidence.steps.index(step) + 1 :]
        raise nothing_agrees(step, later, model, record, is_exact=is_exact)


def verify_question(model: JumpModel, record: Record, as_of: float | None) -> None:
    """Raise `NoAnswerError` where there is nothing to decide, or nothing to decide it by."""
    rivals = sum(one.is_rival for one in model.explanations) or len(model.atoms)
    if rivals < 2 and model.explanations:
        raise NoAnswerError("the case has one explanation only: put a rival beside it")
    if rivals < 2:
        raise NoAnswerError("the case has no rival explanations: add `components:` and `atoms:`")
    verify_known(record, as_of)


def verify_known(record: Record, as_of: float | None) -> None:
    """Raise `NoAnswerError` where nothing was known by a day (by any, if None)."""
    if record.tables:  # they are known before all else
        return
    if not is_anything_known(record):
        raise NoAnswerError("the case has no record to weigh: add `evidence:` or `claims:`")
    if as_of is not None and not is_anything_known(record, as_of):
        raise NoAnswerError("nothing of the record was known by that date: give a later one")
