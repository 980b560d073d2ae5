"""What is asked of a case before any evidence: answers, what-ifs, and which assumptions matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.asking.opening import build, load
from foedus.asking.replacing import replacement
from foedus.asking.settings import (
    engine_and_executor,
    parameters_in_days,
    verify_explanation,
    verify_named,
)
from foedus.case.case import Case
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from foedus.engine.reference import Watch
    from foedus.questions.answers import Answers
    from foedus.questions.sensitivity import Sensitivity
    from foedus.questions.what_if import Change


def simulate(
    case: Case | str | Path,
    *,
    draws: int = 1000,
    seed: int = 1,
    explanation: str | None = None,
    what_if: str | None = None,
    settings: Mapping[str, float] | None = None,
    priors: str | Path | None = None,
    engine: str | None = None,
    workers: int | None = 1,
    watch: Watch | None = None,
    progress: Callable[[int, int], None] | None = None,
    is_checked: bool = False,
) -> Answers:
    """The answers to a case's questions, from `draws` runs of each atom.

    The same arguments give the same answers, whatever the engine (`native` where it can be used, if
    none is named) and the number of `workers` (None for all processors; a script that asks for more
    than one of the reference engine needs a main guard). `settings` fix parameters (in the units
    they are written in) and, for a case given by name, constants; so may a file of `priors` be
    given. `what_if` names a what-if of the case. With `is_checked`, a run also fails where the
    result of an operation is not a number. Raises `CaseError` for a case with errors,
    `SettingsError` for a wrong call, `ModelError` where a run fails.
    """
    from foedus.questions import answers

    if isinstance(case, Case) and priors is not None:
        raise SettingsError("priors are put in as the case is read: give the case by name")
    chosen = case if isinstance(case, Case) else load(case, settings, priors=priors)
    if explanation is not None:
        verify_explanation(chosen, explanation)
    changed = None
    if what_if is not None:
        verify_named(what_if, "what-if", tuple(chosen.what_ifs))
        changed = chosen.what_ifs[what_if]
    if changed is not None and changed.replaces:
        if isinstance(case, Case):
            raise SettingsError(
                "a mechanism is replaced as the case is read: give the case by name"
            )
        chosen = load(case, settings, dict(changed.replaces), priors)
    interventions = () if changed is None else changed.interventions
    name, executor = engine_and_executor(engine, workers, makes_runs=False)
    return answers.simulate(
        build(chosen),
        draws=draws,
        seed=seed,
        explanation=explanation,
        set_values=parameters_in_days(chosen, settings or {}),
        interventions=interventions,
        watch=watch,
        engine=name,
        executor=executor,
        progress=progress,
        is_checked=is_checked,
    )


def what_if(
    case: Case | str | Path,
    name: str,
    *,
    draws: int = 1000,
    seed: int = 1,
    settings: Mapping[str, float] | None = None,
    priors: str | Path | None = None,
    engine: str | None = None,
    workers: int | None = 1,
    watch: Watch | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Change:
    """What a what-if of a case changes in the answers, from the start and before any evidence.

    The arguments are those of `simulate`; every run is made in both worlds, on the same chance. A
    mechanism is replaced as a case is read: for that, give the case by name, and `priors` with it.
    Raises `CaseError`, `SettingsError` and `ModelError` like it.
    """
    from foedus.questions.what_if import change

    chosen = case if isinstance(case, Case) else load(case, settings, priors=priors)
    verify_named(name, "what-if", tuple(chosen.what_ifs))
    what = chosen.what_ifs[name]
    fixed = parameters_in_days(chosen, settings or {})
    replaced = None
    if what.replaces:
        replaced = replacement(case, dict(what.replaces), fixed, settings, priors)
    engine_name, executor = engine_and_executor(engine, workers)
    return change(
        build(chosen), name, what.interventions, replaced=replaced, draws=draws, seed=seed,
        set_values=fixed, watch=watch, engine=engine_name, executor=executor, progress=progress,
    )  # fmt: skip


def sensitivity(
    case: Case | str | Path,
    *,
    questions: tuple[str, ...] = (),
    rows: int = 256,
    runs: int = 10,
    inputs: int = 12,
    seed: int = 1,
    settings: Mapping[str, float] | None = None,
    engine: str | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Which assumptions drive the answers to a case's questions (all of them, if none is named).

    See `foedus.questions.sensitivity` for what is computed and what it costs; the other arguments
    are those of `simulate`. Raises `CaseError`, `SettingsError` and `ModelError` like it.
    """
    from dataclasses import replace

    from foedus.questions import sensitivity as drivers

    chosen = case if isinstance(case, Case) else load(case, settings)
    for name in questions:
        verify_named(name, "question", tuple(chosen.questions))
    model = build(chosen)
    if questions:
        model = replace(
            model, monitors=tuple(one for one in model.monitors if one.name in questions)
        )
    name, executor = engine_and_executor(engine, workers)
    try:
        return drivers.sensitivity(
            model, rows=rows, runs=runs, inputs=inputs, seed=seed,
            set_values=parameters_in_days(chosen, settings or {}),
            engine=name, executor=executor, progress=progress,
        )  # fmt: skip
    except drivers.NothingUncertain as fault:
        raise SettingsError(str(fault)) from None
