"""What is asked of a case given its record: the verdict, forecasts, and one decision changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.asking.opening import build, load
from foedus.asking.replacing import replacement
from foedus.asking.settings import (
    day_of,
    day_of_decision,
    parameters_in_days,
    verify_explanation,
    verify_named,
)
from foedus.case.case import Case
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from foedus.engine.reference import Watch
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.verdict import Verdict
    from foedus.infer.weigh import Method
    from foedus.questions.answers import Answers
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.sensitivity import Sensitivity


def weigh(
    case: Case | str | Path,
    *,
    as_of: str | None = None,
    effort: Effort | None = None,
    seed: int = 1,
    settings: Mapping[str, float] | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
    method: Method | None = None,
    posterior: Path | None = None,
    at: Sequence[str] = (),
    anew: bool = False,
) -> Verdict:
    """The verdict on a case: which of its explanations does the record support?

    By `particle`s, or `exact`ly, over all states of a small case; where that is quick, it is what
    is done if neither is named. With a path for the `posterior`, particles are taken, and written
    to that file for ArviZ, each with its state `at` the ends of some dates (the end of the record
    if none is named). A verdict that ships with the case, for the same arguments, is read and says
    so (`Verdict.kept`), unless it is to be worked out `anew`.

    Uses only what was known by the end of the date `as_of`, as it is written in cases. The same
    arguments give the same verdict. Raises `CaseError` and `SettingsError` as `simulate` does, and
    `NoAnswerError` where noise would decide or there is nothing to decide.
    """
    from foedus.ensemble.local import usable_processors
    from foedus.infer import weigh as weighing
    from foedus.infer.islands.effort import Effort
    from foedus.infer.likelihood.engine import start
    from foedus.infer.shipped.reference_file import shipped_percentiles
    from foedus.infer.shipped.verdict_file import shipped_verdict
    from foedus.jump.lower_record import lower_record

    chosen = case if isinstance(case, Case) else load(case, settings)
    inspect = None
    if posterior is not None:
        from foedus.asking.posterior import writer_of

        inspect = writer_of(chosen, posterior, at, as_of=as_of, effort=effort, seed=seed)
        if method == "exact":
            raise SettingsError("an exact verdict has no particles to write to a file")
        method = "particle"
    model, record = build(chosen), lower_record(chosen)
    is_whole, hard = as_of is None and not settings, effort or Effort()
    may_ship = is_whole and not anew and method != "exact" and posterior is None
    if may_ship:
        shipped = shipped_verdict(chosen, model, record, hard, seed)
        if shipped is not None:
            return shipped
    return weighing.weigh(
        chosen, model, record, start, as_of=None if as_of is None else day_of(chosen, as_of),
        fixed=parameters_in_days(chosen, settings or {}, given_the_record=True), effort=hard,
        workers=usable_processors() if workers is None else workers, seed=seed,
        percentiles=shipped_percentiles(model, record) if is_whole else None,
        progress=progress, method=method, inspect=inspect, may_ship=may_ship,
    )  # fmt: skip


def forecast(
    case: Case | str | Path,
    as_of: str,
    *,
    draws: int = 1000,
    seed: int = 1,
    explanation: str | None = None,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Answers:
    """The answers to a case's questions given what was known by the end of the date `as_of`.

    Mixed over explanations with the probabilities that the record of that day leaves them. The
    arguments are those of `simulate` and `weigh`, and so are the faults.
    """
    from foedus.ensemble.local import usable_processors
    from foedus.infer.islands.effort import Effort
    from foedus.infer.islands.refusal import verify_known
    from foedus.infer.likelihood.engine import start
    from foedus.infer.weigh import target_of
    from foedus.jump.lower_record import lower_record
    from foedus.questions.forecast import forecast as forecast_from

    chosen = case if isinstance(case, Case) else load(case, settings)
    if explanation is not None:
        verify_explanation(chosen, explanation)
    record, day, hard = lower_record(chosen), day_of(chosen, as_of), effort or Effort()
    verify_known(record, day)
    return forecast_from(
        target_of(
            chosen, build(chosen), record, start,
            as_of=day, fixed=parameters_in_days(chosen, settings or {}, given_the_record=True),
        ),
        draws=draws,
        seed=seed,
        explanation=explanation,
        effort=hard,
        workers=usable_processors() if workers is None else workers,
        progress=progress,
    )  # fmt: skip


def counterfactual(
    case: Case | str | Path,
    *names: str,
    courses: int = 300,
    as_of: str | None = None,
    seed: int = 1,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    priors: str | Path | None = None,
    watch: Watch | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
    anew: bool = False,
) -> tuple[OtherWorld, ...]:
    """What each what-if changes, given all that the record says: see `weigh`, `what_if`.

    All are answered from the same courses. With the date `as_of`, a forecast with a policy: given
    what was known by its end, and with the decision made, or the mechanism replaced, from then on.
    `watch` is sampled in both
    worlds. A mechanism is replaced as a case is read, and `priors` are put in then: for these, give
    the case by name. Courses that ship with the case are read (`OtherWorld.made` says so), unless
    they are to be found `anew`.
    """
    from foedus.ensemble.local import processes, threads, usable_processors
    from foedus.jump.lower_record import lower_record
    from foedus.questions.both_worlds import runs_compiled
    from foedus.questions.other_worlds import given_the_record

    chosen = case if isinstance(case, Case) else load(case, settings, priors=priors)
    for name in names:
        verify_named(name, "what-if", tuple(chosen.what_ifs))
    what_ifs, model = [chosen.what_ifs[name] for name in names], build(chosen)
    fixed = parameters_in_days(chosen, settings or {}, given_the_record=True)
    replacements = {
        one.name: replacement(case, dict(one.replaces), fixed, settings, priors)
        for one in what_ifs
        if one.replaces
    }
    records = [(model, lower_record(chosen))]
    records += [(one.model, one.record) for one in replacements.values()]
    spread = threads if all(runs_compiled(*one) for one in records) else processes
    return given_the_record(
        chosen, model, what_ifs, spread(workers), replacements=replacements, courses=courses,
        as_of=None if as_of is None else day_of_decision(chosen, as_of), seed=seed, effort=effort,
        fixed=fixed, watch=watch, workers=usable_processors() if workers is None else workers,
        progress=progress, anew=anew,
    )  # fmt: skip


def posterior_sensitivity(
    case: Case | str | Path,
    *,
    questions: tuple[str, ...] = (),
    rows: int = 1024,
    runs: int = 10,
    seed: int = 1,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    engine: str | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
    anew: bool = False,
) -> Sensitivity:
    """Which assumptions drive the answers to a case's questions, of those the record leaves open.

    All questions, if none is named. See `foedus.questions.posterior_sensitivity`; the other
    arguments are those of `counterfactual` and `simulate`, and so are the faults.
    """
    from dataclasses import replace

    from foedus.asking.settings import engine_and_executor
    from foedus.ensemble.local import usable_processors
    from foedus.infer.courses import courses_of
    from foedus.infer.islands.effort import Effort
    from foedus.infer.islands.refusal import verify_known
    from foedus.infer.likelihood.engine import start
    from foedus.infer.weigh import target_of
    from foedus.jump.lower_record import lower_record
    from foedus.questions import posterior_sensitivity as drivers

    chosen = case if isinstance(case, Case) else load(case, settings)
    for name in questions:
        verify_named(name, "question", tuple(chosen.questions))
    model, record, hard = build(chosen), lower_record(chosen), effort or Effort()
    verify_known(record, None)
    fixed = parameters_in_days(chosen, settings or {}, given_the_record=True)
    target = target_of(chosen, model, record, start, fixed=fixed)
    if not target.coordinates and len(model.atoms) == 1:
        raise SettingsError("nothing in the case is uncertain, so nothing drives its answers")
    evidence, shipped = courses_of(
        target, hard, may_ship=not fixed and not anew, seed=seed,
        workers=usable_processors() if workers is None else workers, progress=progress,
    )  # fmt: skip
    if questions:
        kept = tuple(one for one in model.monitors if one.name in questions)
        model = replace(model, monitors=kept)
    name, executor = engine_and_executor(engine, workers)
    found = drivers.posterior_sensitivity(
        target, evidence, model, rows=rows, runs=runs, seed=seed, engine=name, executor=executor,
        progress=progress,
    )  # fmt: skip
    return replace(found, made=shipped.made if shipped else None)
