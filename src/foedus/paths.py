"""Every event of every run of a case, as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from foedus import study
from foedus.case.case import Case
from foedus.text.diagnostic import SettingsError


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
    from foedus.questions.answers import design_of
    from foedus.questions.design import default_engine
    from foedus.questions.path_file import write_paths
    from foedus.questions.paths import ENGINES, paths
    from foedus.questions.runs import Counter

    chosen = case if isinstance(case, Case) else study.load(case, settings)
    name = default_engine() if engine is None else engine
    if name not in ENGINES:
        raise SettingsError(f"paths are made by the engines {' and '.join(ENGINES)}, not `{name}`")
    fixed = study.parameters_in_days(chosen, settings or {})
    model = study.build(chosen)
    if explanation is not None and explanation not in (one.name for one in model.explanations):
        raise SettingsError(f"no explanation is called `{explanation}`")
    design = design_of(model, draws, seed, None, explanation, fixed)
    counter = Counter(len(design.atoms) * design.draws, progress)
    return write_paths(Path(path), model, paths(design, name), lambda: counter.add(1))
