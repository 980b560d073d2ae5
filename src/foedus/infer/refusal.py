"""When noise would decide, there is no verdict."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.infer.standings import Standing
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.text.diagnostic import NoAnswerError

LARGEST_OPEN = 0.3
"""The widest interval that Monte Carlo error may leave a posterior probability."""

LARGEST_ERROR = 1.0
"""The largest standard error of the leader's log evidence, in nats.

Where independent runs find the record more improbable by more than that than others do, some have
not found the courses that matter, and that they agree on how explanations compare means nothing.
"""


def verify_accuracy(standings: Sequence[Standing], particles: int) -> None:
    """Raise `NoAnswerError`, with what to raise, where the sampler's own error would decide."""
    rivals = [one for one in standings if one.is_rival]
    if not any(one.log_evidence > float("-inf") for one in rivals):
        raise NoAnswerError(
            "no run agrees with the record under any explanation: what it says cannot happen in "
            "this model, or too rarely to be met with; `--particles` takes more"
        )
    leader = max(rivals, key=lambda one: one.posterior)
    if leader.error > LARGEST_ERROR:
        raise NoAnswerError(
            f"noise would decide: independent runs do not agree on how probable the record is (the "
            f"log evidence of `{leader.name}` has a standard error of {leader.error:.2f}, and "
            f"{LARGEST_ERROR:g} is the most that will do); raise `--particles` (now {particles})"
        )
    widest = max(rivals, key=lambda one: one.high - one.low)
    if widest.high - widest.low > LARGEST_OPEN:
        raise NoAnswerError(
            f"noise would decide: the posterior of `{widest.name}` may be anything from "
            f"{widest.low:.2f} to {widest.high:.2f} (its log evidence has a standard error of "
            f"{widest.error:.2f}); raise `--particles` (now {particles})"
        )


def verify_question(model: JumpModel, record: Record, as_of: float | None) -> None:
    """Raise `NoAnswerError` where there is nothing to decide, or nothing to decide it by."""
    rivals = sum(one.is_rival for one in model.explanations) or len(model.atoms)
    if rivals < 2:
        raise NoAnswerError("the case has no rival explanations: add `components:` and `atoms:`")
    verify_known(record, as_of)


def verify_known(record: Record, as_of: float | None) -> None:
    """Raise `NoAnswerError` where nothing was known by a day (by any, if None)."""
    known = [one.known for one in record.sightings if not one.is_outcome]
    known += [one.known for one in record.assertions]
    if not known and record.tables:
        return
    if not known:
        raise NoAnswerError("the case has no record to weigh: add `evidence:` or `claims:`")
    if as_of is not None and min(known) > as_of:
        raise NoAnswerError("nothing of the record was known by that date: give a later one")
