"""The verdict as a part of the whole job: had where it is soon had, else left out with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from foedus.asking.given_the_record import weigh
from foedus.asking.opening import build
from foedus.asking.settings import parameters_in_days
from foedus.case.case import Case
from foedus.text.diagnostic import NoAnswerError

if TYPE_CHECKING:
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict import Verdict
    from foedus.jump.model import JumpModel
    from foedus.jump.record import Record

Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]


def weigh_in_run(
    case: Case,
    is_asked: bool | None,
    *,
    effort: Effort | None = None,
    seed: int = 1,
    settings: Mapping[str, float] | None = None,
    workers: int | None = 1,
    progress: Progress,
) -> Verdict | NoVerdict | None:
    """The verdict of `weigh`, or why there is none; None where there is nothing to weigh.

    Where it `is_asked` for, it is had at any cost, and a refusal is raised. Where it is neither
    asked for nor declined (None), it is had if it takes seconds, if it ships with the case, or if
    its runs were kept.
    """
    from foedus.infer.islands.refusal import verify_question
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.jump.lower_record import lower_record

    if not is_asked:
        model, record = build(case), lower_record(case)
        try:
            verify_question(model, record, None)
        except NoAnswerError:
            return None
        if is_asked is False:
            return NoVerdict("unasked", "it was not asked for")
        if not _is_soon_had(case, model, record, effort, seed, settings):
            return NoVerdict("minutes", "to weigh so long a record takes minutes")
    try:
        with progress("weighing") as told:
            return weigh(
                case, effort=effort, seed=seed, settings=settings, workers=workers, progress=told
            )
    except NoAnswerError as fault:
        if is_asked:
            raise
        return NoVerdict("refused", str(fault).rstrip("."), fault.cause, fault.values)


def _is_soon_had(
    case: Case, model: JumpModel, record: Record, effort: Effort | None, seed: int,
    settings: Mapping[str, float] | None,
) -> bool:  # fmt: skip
    from foedus.infer.exact.exactly import QUICK, is_within
    from foedus.infer.islands.agreed import are_kept
    from foedus.infer.islands.effort import Effort, takes_minutes
    from foedus.infer.likelihood.engine import start
    from foedus.infer.shipped.answers_file import judged_anew
    from foedus.infer.shipped.verdict_file import shipped_verdict
    from foedus.infer.weigh import target_of

    if not takes_minutes(case):
        return True
    if not settings and shipped_verdict(case, model, record, effort or Effort(), seed) is not None:
        return True
    fixed = parameters_in_days(case, settings or {}, given_the_record=True)
    target, hard = target_of(case, model, record, start, fixed=fixed), effort or Effort()
    if not settings and judged_anew(target, hard, seed) is not None:
        return True
    return is_within(target, QUICK) or are_kept(target, hard, seed=seed, is_mixed=False)
