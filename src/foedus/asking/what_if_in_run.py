"""One what-if as a part of the whole job: the first of the case, where its answer is soon had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from foedus.asking.from_the_start import what_if
from foedus.asking.given_the_record import counterfactual
from foedus.asking.opening import build
from foedus.asking.settings import parameters_in_days
from foedus.case.case import Case
from foedus.text.diagnostic import NoAnswerError

if TYPE_CHECKING:
    from foedus.engine.reference import Watch
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict import Verdict
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.what_if import Change

Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]


def what_if_in_run(
    case: Case,
    verdict: Verdict | NoVerdict | None,
    *,
    draws: int,
    effort: Effort | None = None,
    seed: int = 1,
    settings: Mapping[str, float] | None = None,
    watch: Watch | None = None,
    workers: int | None = 1,
    progress: Progress,
) -> Change | OtherWorld | None:
    """What the first what-if of the case changes that puts no mechanism in the place of another.

    Given the record where the case has one, as by `counterfactual`; before any evidence where it
    has none. None where the case asks nothing or changes nothing, where courses that agree with the
    record would take minutes to find, and where too few of them were found.
    """
    name = next((one.name for one in case.what_ifs.values() if not one.replaces), None)
    if name is None or not case.questions:
        return None
    if not (case.evidence or case.claims or case.unit_tables):
        with progress(name) as told:
            return what_if(
                case, name, draws=draws, seed=seed, settings=settings, watch=watch, workers=workers,
                progress=told,
            )  # fmt: skip
    if not _is_soon_had(case, verdict, effort, seed, settings):
        return None
    try:
        with progress(name) as told:
            (found,) = counterfactual(
                case, name, seed=seed, effort=effort, settings=settings, watch=watch,
                workers=workers, progress=told,
            )  # fmt: skip
    except NoAnswerError:  # `foedus whatif` says why, and what to raise
        return None
    return found


def _is_soon_had(
    case: Case, verdict: Verdict | NoVerdict | None, effort: Effort | None, seed: int,
    settings: Mapping[str, float] | None,
) -> bool:  # fmt: skip
    """Whether particles are at hand, or found in seconds: those of a long record came first.

    A verdict that was judged anew may rest on particles that ship without their noise.
    """
    from foedus.infer.islands.effort import Effort, takes_minutes
    from foedus.infer.verdict.no_verdict import NoVerdict

    if isinstance(verdict, NoVerdict):
        return False
    if not takes_minutes(case):
        return True
    if verdict is None or verdict.method != "particle":
        return False
    if not verdict.is_judged_anew:
        return True
    return _are_at_hand(case, effort or Effort(), seed, settings or {})


def _are_at_hand(case: Case, effort: Effort, seed: int, settings: Mapping[str, float]) -> bool:
    from foedus.infer.courses import shipped_at
    from foedus.infer.islands.agreed import are_kept
    from foedus.infer.likelihood.engine import start
    from foedus.infer.weigh import target_of
    from foedus.jump.lower_record import lower_record

    fixed = parameters_in_days(case, settings, given_the_record=True)
    target = target_of(case, build(case), lower_record(case), start, fixed=fixed)
    if not fixed and shipped_at(target, effort, seed) is not None:
        return True
    return are_kept(target, effort, seed=seed)
