"""The whole job on one page: find a case, read it, build its model, ask it.

    name --find_case--> path --read_source--> Source --parse_case--> CaseFile --check_case--> Case
    Case --build--> JumpModel --simulate--> Answers
    Case --build, lower_record--> JumpModel, Record --weigh--> Verdict

`settings` are what a user sets by hand: parameters in the unit they are written in, and constants
of the case (the size of a group, a number bound to a mechanism's need). `priors` is a file of an
analyst's own priors, which take the place of those of the case before it is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.case.case import Case
from foedus.case.check import CaseFile, check_case, parse_case
from foedus.case.constants import constants, with_constants
from foedus.case.find import SHIPPED, find_case
from foedus.case.priors import with_priors
from foedus.case.reader import read_source
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.text.diagnostic import CaseError, Diagnostic, Diagnostics, SettingsError
from foedus.text.suggest import closest, list_names

if TYPE_CHECKING:
    from foedus.engine.reference import Watch
    from foedus.infer.effort import Effort
    from foedus.infer.verdict import Verdict
    from foedus.infer.weigh import Method
    from foedus.questions.answers import Answers
    from foedus.questions.design import Executor
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.sensitivity import Sensitivity
    from foedus.questions.what_if import Change


def read(
    name: str,
    settings: Mapping[str, float] | None = None,
    replaced: Mapping[str, str] | None = None,
    priors: str | Path | None = None,
) -> tuple[Case | None, tuple[Diagnostic, ...]]:
    """A case, or None, with all there is to say about it.

    Of `settings` only constants of the case are used here: see `parameters_in_days`. `replaced`
    puts other mechanisms in the place of those in use, by prefix.
    """
    diagnostics = Diagnostics()
    file = parse(name, diagnostics)
    if file is not None and priors is not None:
        file = with_priors(file, Path(priors), diagnostics)
    case = None
    if file is not None:
        case = check_case(with_constants(file, settings or {}), diagnostics, replaced)
    return case, diagnostics.in_order()


def parse(name: str, diagnostics: Diagnostics) -> CaseFile | None:
    """A case file by path or shipped name, of the right shape, nothing resolved."""
    path = find_case(name, diagnostics)
    if path is None:
        return None
    is_shipped = SHIPPED in path.parents
    shown = f"{path.parent.name}/{path.name}" if is_shipped else str(path)
    source = read_source(path, shown, diagnostics)
    return None if source is None else parse_case(source, path.parent, diagnostics)


def load(
    name: str | Path,
    settings: Mapping[str, float] | None = None,
    replaced: Mapping[str, str] | None = None,
    priors: str | Path | None = None,
) -> Case:
    """A case by its path or shipped name. Raises `CaseError` with all diagnostics.

    `settings` may change constants of the case, such as the size of a group declared by number;
    `priors` is a file of priors to use instead of the case's own.
    """
    case, diagnostics = read(str(name), settings, replaced, priors)
    if case is None:
        raise CaseError(diagnostics)
    return case


def build(case: Case) -> JumpModel:
    """The jump model of a case: its mathematics."""
    return lower(case)


def parameters_in_days(case: Case, settings: Mapping[str, float]) -> dict[str, float]:
    """The parameters among settings, from the units they are written in to days and per day.

    Raises `SettingsError` for a name that is neither a parameter nor a constant, and for a share
    that is none.
    """
    found = {}
    fixed = constants(case)
    for name, value in settings.items():
        if name in case.parameters:
            if case.parameters[name].unit == "share" and not 0 <= value <= 1:
                raise SettingsError(
                    f"`{name}` is a share, which cannot be {value:g}: write `0.3` for 30 per cent"
                )
            found[name] = value * case.parameters[name].factor
        elif name not in fixed:
            near = closest(name, (*case.parameters, *fixed))
            cure = f"write `{near}`" if near else "`foedus show CASE --assumptions` lists them"
            raise SettingsError(f"no parameter is called `{name}`: {cure}")
    return found


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
        _verify(explanation, "explanation", (*chosen.explanations, *chosen.sets))
    changed = None
    if what_if is not None:
        _verify(what_if, "what-if", tuple(chosen.what_ifs))
        changed = chosen.what_ifs[what_if]
    if changed is not None and changed.replaces:
        if isinstance(case, Case):
            raise SettingsError(
                "a mechanism is replaced as the case is read: give the case by name"
            )
        chosen = load(case, settings, dict(changed.replaces), priors)
    interventions = () if changed is None else changed.interventions
    name, executor = _engine(engine, workers)
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
    case: str | Path,
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

    The arguments are those of `simulate`; every run is made in both worlds, on the same chance.
    Raises `CaseError`, `SettingsError` and `ModelError` like it.
    """
    from foedus.questions.what_if import change

    chosen = load(case, settings, priors=priors)
    _verify(name, "what-if", tuple(chosen.what_ifs))
    what = chosen.what_ifs[name]
    replaced = None
    if what.replaces:
        replaced = build(load(case, settings, dict(what.replaces), priors))
    engine_name, executor = _engine(engine, workers)
    return change(
        build(chosen), name, what.interventions, replaced=replaced, draws=draws, seed=seed,
        set_values=parameters_in_days(chosen, settings or {}), watch=watch, engine=engine_name,
        executor=executor, progress=progress,
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
        _verify(name, "question", tuple(chosen.questions))
    model = build(chosen)
    if questions:
        model = replace(
            model, monitors=tuple(one for one in model.monitors if one.name in questions)
        )
    name, executor = _engine(engine, workers)
    try:
        return drivers.sensitivity(
            model, rows=rows, runs=runs, inputs=inputs, seed=seed,
            set_values=parameters_in_days(chosen, settings or {}),
            engine=name, executor=executor, progress=progress,
        )  # fmt: skip
    except drivers.NothingUncertain as fault:
        raise SettingsError(str(fault)) from None


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
) -> Verdict:
    """The verdict on a case: which of its explanations does the record support?

    By `particle`s, or `exact`ly, over all states of a small case; where that is quick, it is what
    is done if neither is named.

    Uses only what was known by the end of the date `as_of`, as it is written in cases. The same
    arguments give the same verdict. Raises `CaseError` and `SettingsError` as `simulate` does, and
    `NoAnswerError` where noise would decide or there is nothing to decide.
    """
    from foedus.ensemble.local import usable_processors
    from foedus.infer import weigh as weighing
    from foedus.infer.engine import start
    from foedus.jump.lower_record import lower_record

    chosen = case if isinstance(case, Case) else load(case, settings)
    return weighing.weigh(
        chosen,
        build(chosen),
        lower_record(chosen),
        start,
        as_of=None if as_of is None else day_of(chosen, as_of),
        fixed=parameters_in_days(chosen, settings or {}),
        effort=effort,
        workers=usable_processors() if workers is None else workers,
        seed=seed,
        progress=progress,
        method=method,
    )


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
    from foedus.infer.effort import Effort
    from foedus.infer.engine import start
    from foedus.infer.refusal import verify_known
    from foedus.infer.sampler import Settings
    from foedus.infer.weigh import target_of
    from foedus.jump.lower_record import lower_record
    from foedus.questions.forecast import forecast as forecast_from

    chosen = case if isinstance(case, Case) else load(case, settings)
    if explanation is not None:
        _verify(explanation, "explanation", (*chosen.explanations, *chosen.sets))
    record, day, hard = lower_record(chosen), day_of(chosen, as_of), effort or Effort()
    verify_known(record, day)
    return forecast_from(
        target_of(
            chosen, build(chosen), record, start,
            as_of=day, fixed=parameters_in_days(chosen, settings or {}),
        ),
        draws=draws,
        seed=seed,
        explanation=explanation,
        settings=Settings(hard.particles, hard.sweeps),
        islands=hard.islands,
        workers=usable_processors() if workers is None else workers,
        progress=progress,
    )  # fmt: skip


def counterfactual(
    case: Case | str | Path,
    name: str,
    *,
    courses: int = 300,
    seed: int = 1,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> OtherWorld:
    """What a what-if of a case changes, given all that its record says: see `weigh`, `what_if`."""
    from foedus.ensemble.local import processes, usable_processors
    from foedus.questions.other_worlds import given_the_record

    chosen = case if isinstance(case, Case) else load(case, settings)
    _verify(name, "what-if", tuple(chosen.what_ifs))
    return given_the_record(
        chosen, build(chosen), chosen.what_ifs[name], processes(workers), courses=courses,
        seed=seed, effort=effort, fixed=parameters_in_days(chosen, settings or {}),
        workers=usable_processors() if workers is None else workers, progress=progress,
    )  # fmt: skip


def day_of(case: Case, written: str) -> float:
    """The end of a date, as it is written in cases, in days from the start of the clock."""
    from foedus.dates import DateError, parse_date

    try:
        return case.clock.days(parse_date(written, case.clock.zone).end)
    except DateError as fault:
        raise SettingsError(f"{fault.message}: {fault.help}") from None


def _engine(name: str | None, workers: int | None) -> tuple[str, Executor]:
    """The engine to use, and the executor that suits it."""
    from foedus.ensemble.local import processes, threads
    from foedus.questions.design import ENGINES, default_engine

    name = default_engine() if name is None else name
    if name not in ENGINES:
        raise SettingsError(f"no engine is called `{name}`: there are {list_names(ENGINES)}")
    return name, threads(workers) if name == "native" else processes(workers)


def _verify(name: str, what: str, known: tuple[str, ...]) -> None:
    if name not in known:
        near = closest(name, known)
        there = f"there are {list_names(known)}" if known else "the case has none"
        raise SettingsError(f"no {what} is called `{name}`: {f'write `{near}`' if near else there}")
