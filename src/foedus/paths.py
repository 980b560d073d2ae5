"""The events of the runs of a case: of every run as a file, of one run to be read.

Or of one run that agrees with the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from foedus import study
from foedus.asking.settings import verify_explanation
from foedus.case.case import Case
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from foedus.infer.islands.effort import Effort
    from foedus.infer.likelihood.record_target import RecordTarget
    from foedus.questions.design import Design
    from foedus.questions.given_course import GivenCourse
    from foedus.questions.one_course import OneCourse


def record_paths(
    case: Case | str | Path,
    path: str | Path,
    *,
    draws: int = 1000,
    seed: int = 1,
    explanation: str | None = None,
    settings: Mapping[str, float] | None = None,
    engine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write every event of the runs that `study.simulate` makes to an Arrow file; gives their
    number.

    See `foedus.questions.path_file` for the columns. Memory holds some runs at a time, and the file
    takes its place when it is whole. The arguments and the faults are those of `study.simulate`,
    and `OSError`.
    """
    from foedus.questions.path_file import write_paths
    from foedus.questions.paths import paths
    from foedus.questions.runs import Counter

    name, design = _design(case, draws, seed, explanation, settings, engine)
    counter = Counter(len(design.atoms) * design.draws, progress)
    told = paths(design, name)
    return write_paths(Path(path), design.model, told, lambda: counter.add(1))


def one_course(
    case: Case | str | Path,
    number: int,
    *,
    draws: int = 1000,
    seed: int = 1,
    explanation: str | None = None,
    settings: Mapping[str, float] | None = None,
    engine: str | None = None,
) -> OneCourse:
    """One of the runs that `record_paths` writes, and what each question comes to in it.

    To be read: one course shows what the model can do, not what it expects. `number` is that of the
    run, from 0 to `draws` - 1; which atom holds is drawn by the priors (see
    `foedus.questions.one_course`). The other arguments and the faults are those of
    `study.simulate`.
    """
    from foedus.questions.one_course import one_course as one

    name, design = _design(case, draws, seed, explanation, settings, engine)
    return one(design, name, number)


def given_course(
    case: Case | str | Path,
    number: int,
    as_of: str,
    *,
    draws: int = 1000,
    seed: int = 1,
    explanation: str | None = None,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> GivenCourse:
    """One of the courses that agree with what was known by the end of the date `as_of`, to be read.

    Before the date it is as the record has it, and filled in between; after it, it is one of many
    futures. Where all that the record tells, how it ended included, was known by then, it agrees
    with that, too, and is read where it ships with the case. `number` goes from 0 to `draws` - 1
    (see `foedus.questions.given_course`). The other arguments and the faults are those of
    `study.forecast`.
    """
    from foedus.ensemble.local import usable_processors
    from foedus.infer.courses import courses_of
    from foedus.infer.islands.effort import Effort
    from foedus.infer.islands.refusal import verify_known
    from foedus.jump.lower_record import lower_record
    from foedus.questions.given_course import given_course as one
    from foedus.questions.one_course import verify_number

    chosen = case if isinstance(case, Case) else study.load(case, settings)
    verify_number(number, draws)
    if explanation is not None:
        verify_explanation(chosen, explanation)
    day, fixed = study.day_of(chosen, as_of), settings or {}
    verify_known(lower_record(chosen), day)
    target, is_whole = _known_by(chosen, day, fixed)
    evidence, shipped = courses_of(
        target, effort or Effort(), seed=seed, progress=progress,
        may_ship=is_whole and not fixed and explanation is None,
        workers=usable_processors() if workers is None else workers,
    )  # fmt: skip
    return one(
        target, evidence, number, draws=draws, seed=seed, explanation=explanation,
        as_of=None if is_whole else day, shipped=shipped,
    )  # fmt: skip


def _known_by(case: Case, day: float, settings: Mapping[str, float]) -> tuple[RecordTarget, bool]:
    """What was known by a day, and whether that is all, how it ended included."""
    from foedus.infer.likelihood.engine import start
    from foedus.infer.weigh import target_of
    from foedus.jump.lower_record import lower_record
    from foedus.jump.stages import day_all_is_known

    model, record = study.build(case), lower_record(case)
    fixed = study.parameters_in_days(case, settings, given_the_record=True)
    is_whole = day >= day_all_is_known(record, model.horizon)
    as_of = None if is_whole else day
    return target_of(case, model, record, start, as_of=as_of, fixed=fixed), is_whole


def day_courses_ship(case: Case, *, effort: Effort | None, seed: int) -> float | None:
    """The end of the first date from which on `given_course` reads courses that ship with a case,
    in days from the start of its clock; None where none ship for these arguments."""
    from foedus.infer.courses import shipped_at
    from foedus.infer.islands.effort import Effort
    from foedus.jump.lower_record import lower_record
    from foedus.jump.stages import day_all_is_known

    target, _ = _known_by(case, inf, {})
    if shipped_at(target, effort or Effort(), seed) is None:
        return None
    return day_all_is_known(lower_record(case), target.model.horizon)


def _design(
    case: Case | str | Path, draws: int, seed: int, explanation: str | None,
    settings: Mapping[str, float] | None, engine: str | None,
) -> tuple[str, Design]:  # fmt: skip
    """The engine that tells what happens in runs, and which runs there are."""
    from foedus.questions.answers import design_of
    from foedus.questions.design import default_engine
    from foedus.questions.paths import ENGINES

    chosen = case if isinstance(case, Case) else study.load(case, settings)
    name = default_engine() if engine is None else engine
    if name not in ENGINES:
        raise SettingsError(f"paths are made by the engines {' and '.join(ENGINES)}, not `{name}`")
    fixed = study.parameters_in_days(chosen, settings or {})
    if explanation is not None:
        verify_explanation(chosen, explanation)
    return name, design_of(study.build(chosen), draws, seed, None, explanation, fixed)
