"""The events of the runs of a case: of every run as a file, of one run to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foedus import study
from foedus.case.case import Case
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from foedus.questions.design import Design
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
    model = study.build(chosen)
    if explanation is not None and explanation not in (one.name for one in model.explanations):
        raise SettingsError(f"no explanation is called `{explanation}`")
    return name, design_of(model, draws, seed, None, explanation, fixed)
