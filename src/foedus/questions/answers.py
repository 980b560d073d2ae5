"""Answers to a model's questions: simulate, estimate, and say how sure.

`simulate` is unconditional: the runs know nothing of the record. Values are mixed over the atoms
with their prior weights.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import numpy as np

from foedus.engine.reference import Watch
from foedus.expr.prior import Fixed
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel, Monitor
from foedus.questions.design import (
    Design,
    Executor,
    default_engine,
    has_steps,
    one_by_one,
    share,
    with_half_steps,
)
from foedus.questions.estimates import (
    AtomRuns,
    Estimate,
    Numbers,
    estimate,
    estimate_of,
    estimate_record,
    ratio,
    standard_error,
    sum_up,
)
from foedus.questions.fans import Fan, fans_of, quantiles_of
from foedus.questions.runs import Counter, Progress, Runs, run_design
from foedus.questions.worlds import normalised
from foedus.text.suggest import closest

HALF_STEP_SHARE = 4
"""At half the step, one in so many outer draws is run: the first ones, at least 2."""


@dataclass(frozen=True, slots=True)
class HalfStep:
    """What halving the step of held rates changes, on the same noise."""

    value: float | None
    difference: float | None
    error: float | None
    outer: int


@dataclass(frozen=True, slots=True)
class Part:
    """The answer where one explanation holds; `weight` is the explanation's prior probability."""

    weight: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    `quantiles` are those of a run's number or time (None for a probability, and at levels that only
    runs reach in which it never happens); `never` is the probability that a `time-until` is not
    reached; its `estimate` is the mean time, cut off at the end. `counted` is how many of `runs`
    count: those that met the question's `given`; None for an exact answer, which has no runs (and
    no quantiles where only the mean is known exactly).
    """

    name: str
    kind: str
    estimate: Estimate
    quantiles: dict[str, float | None] | None
    never: Estimate | None
    counted: int | None
    runs: int
    by_explanation: dict[str, Part]
    sets: dict[str, Part]
    half_step: HalfStep | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to all questions, and how they were found.

    `draws` is the number of runs of each atom, `outer` draws of the parameters times `inner` runs.
    `vacuous` is, for each intervention, the share of runs (weighted) in which it had no effect.
    """

    case: str
    engine: str
    draws: int
    outer: int
    inner: int
    seed: int
    seconds: float
    events: int
    questions: tuple[Answer, ...]
    fans: tuple[Fan, ...] = ()
    vacuous: tuple[float, ...] = ()


def simulate(
    model: JumpModel,
    *,
    draws: int,
    seed: int,
    inner: int | None = None,
    explanation: str | None = None,
    set_values: Mapping[str, float | list[float]] | None = None,
    interventions: tuple[Intervention, ...] = (),
    watch: Watch | None = None,
    engine: str | None = None,
    executor: Executor = one_by_one,
    progress: Progress | None = None,
    is_checked: bool = False,
) -> Answers:
    """The answers to the model's questions from `draws` runs of each atom (rounded up to whole
    parameter draws).

    The same arguments give the same answers apart from `seconds`, whatever the executor and the
    engine (`default_engine` if none is named; `Answers.engine` says which it was); `exact` makes no
    runs and has no use for `draws` and `seed`. With
    `explanation`, only the atoms in which it is true are simulated. `set_values` replaces
    parameters by name, in days and per day. With `is_checked`, a run also fails
    where the result of an operation is not a number. Raises `ValueError` for a name that is not in
    the model, `ModelError` where a run fails.
    """
    engine = default_engine() if engine is None else engine
    if engine == "exact":
        return _solve(model, explanation, set_values or {}, interventions, watch, progress)
    design = design_of(model, draws, seed, inner, explanation, set_values, interventions, watch)
    design = replace(design, is_checked=is_checked)
    halved = _halved(design)
    total = len(design.atoms) * (design.draws + (halved.draws if halved else 0))
    report = Counter(total, progress)
    began = time.perf_counter()
    runs = run_design(design, engine, executor, report)
    half_runs = run_design(halved, engine, executor, report) if halved else None
    seconds = time.perf_counter() - began
    return from_runs(design, runs, half_runs, engine, seconds)


def design_of(
    model: JumpModel,
    draws: int,
    seed: int,
    inner: int | None = None,
    explanation: str | None = None,
    set_values: Mapping[str, float | list[float]] | None = None,
    interventions: tuple[Intervention, ...] = (),
    watch: Watch | None = None,
) -> Design:
    """Which runs `simulate` makes of these arguments. Raises `ValueError` like it."""
    outer, inside = share(draws, inner)
    settings = dict(set_values or {})
    _verify_names(model, settings)
    atoms = _atoms(model, explanation)
    return Design(model, atoms, seed, outer, inside, settings, interventions, watch)


def from_runs(
    design: Design, runs: Runs, half_runs: Runs | None, engine: str, seconds: float
) -> Answers:
    """The answers that runs of a design come to."""
    questions = tuple(
        _answer(design, runs, half_runs, number) for number in range(len(design.model.monitors))
    )
    return Answers(
        design.model.name,
        engine,
        design.draws,
        design.outer,
        design.inner,
        design.seed,
        seconds,
        runs.events + (half_runs.events if half_runs else 0),
        questions,
        fans_of(design.watch, runs.samples, normalised(design.atoms)),
        _vacuous(design, runs),
    )


def as_record(answers: Answers) -> dict[str, object]:
    """The answers as the JSON contract has them; see `estimate_record` for ranges that are none."""
    return {
        "case": answers.case,
        "engine": answers.engine,
        "draws": answers.draws,
        "outer": answers.outer,
        "inner": answers.inner,
        "seed": answers.seed,
        "seconds": answers.seconds,
        "events": answers.events,
        "questions": [_question_record(answer) for answer in answers.questions],
        "fans": [asdict(fan) for fan in answers.fans],
        "vacuous": list(answers.vacuous),
    }


def _question_record(answer: Answer) -> dict[str, object]:
    never = None if answer.never is None else estimate_record(answer.never)
    found = estimate_record(answer.estimate)
    no_range = found.pop("no_range")
    return {
        "name": answer.name,
        "kind": answer.kind,
        **found,
        "quantiles": answer.quantiles,
        "never": None if never is None else never["value"],
        "never_low": None if never is None else never["low"],
        "never_high": None if never is None else never["high"],
        "never_error": None if never is None else never["error"],
        "no_range": no_range,
        "counted": answer.counted,
        "runs": answer.runs,
        "by_explanation": _part_records(answer.by_explanation),
        "sets": _part_records(answer.sets),
        "half_step": None if answer.half_step is None else asdict(answer.half_step),
    }


def _part_records(parts: dict[str, Part]) -> dict[str, object]:
    return {
        name: {"weight": part.weight, **estimate_record(part.estimate)}
        for name, part in parts.items()
    }


def _solve(
    model: JumpModel,
    explanation: str | None,
    settings: Mapping[str, float | list[float]],
    interventions: tuple[Intervention, ...],
    watch: Watch | None,
    progress: Progress | None,
) -> Answers:
    """The exact answers. Raises `NotExactError` where there are none."""
    from foedus.exact.refusal import NotExactError
    from foedus.questions.exact import solve_exactly

    if interventions or watch is not None:
        what = "a what-if" if interventions else "a course over time"
        raise NotExactError(f"{what} has no exact answer", "leave `--engine exact` out")
    _verify_names(model, settings)
    return solve_exactly(model, _atoms(model, explanation), settings, progress=progress)


# Answering ---------------------------------------------------------------------------------------


def _atoms(model: JumpModel, explanation: str | None) -> tuple[Atom, ...]:
    wanted = None
    if explanation is not None:
        found = [one for one in model.explanations if one.name == explanation]
        if not found:
            raise _unknown("explanation", explanation, [one.name for one in model.explanations])
        wanted = found[0].atoms
    atoms = [atom for atom in model.atoms if wanted is None or atom.name in wanted]
    return tuple(atom for atom in atoms if atom.prior > 0.0)


def _verify_names(model: JumpModel, settings: Mapping[str, object]) -> None:
    known = [spec.name for spec in model.parameters]
    for name in settings:
        if name not in known:
            raise _unknown("parameter", name, known)


def _unknown(what: str, name: str, known: list[str]) -> ValueError:
    near = closest(name, known)
    hint = f"; did you mean `{near}`?" if near else ""
    return ValueError(f"no {what} is called `{name}`{hint}")


def _halved(design: Design) -> Design | None:
    if not has_steps(design.model):
        return None
    outer = max(2, design.outer // HALF_STEP_SHARE)
    return replace(design, model=with_half_steps(design.model), outer=outer, watch=None)


def _answer(design: Design, runs: Runs, half_runs: Runs | None, number: int) -> Answer:
    monitor = design.model.monitors[number]
    counts = runs.counts[number]
    weights = normalised(design.atoms)
    spread = is_spread(design)
    atoms = sum_up(_numbers(monitor, runs, number), counts)
    parts = _parts(design, atoms)
    rivals = {one.name for one in design.model.explanations if one.is_rival}
    quantiles = never = None
    if monitor.kind == "time-until":
        never = estimate(np.isnan(runs.values[number]), counts, weights, is_spread=spread)
    if monitor.kind != "probability":
        quantiles = quantiles_of(runs.values[number], counts, weights)
    return Answer(
        monitor.name,
        monitor.kind,
        estimate_of(atoms, weights, is_spread=spread),
        quantiles,
        never,
        int(np.count_nonzero(counts)),
        counts.size,
        {name: part for name, part in parts.items() if name in rivals},
        {name: part for name, part in parts.items() if name not in rivals},
        None if half_runs is None else _half_step(design, runs, half_runs, number),
    )


def _numbers(monitor: Monitor, runs: Runs, number: int) -> Numbers:
    return runs.waited[number] if monitor.kind == "time-until" else runs.values[number]


def is_spread(design: Design) -> bool:
    """Whether any parameter is uncertain in any atom."""
    specs = [*design.model.parameters, *(one for atom in design.atoms for one in atom.parameters)]
    return any(
        spec.name not in design.set_values and not isinstance(spec.prior, Fixed) for spec in specs
    )


def _parts(design: Design, runs: Sequence[AtomRuns]) -> dict[str, Part]:
    parts, spread = {}, is_spread(design)
    for explanation in design.model.explanations:
        chosen = [
            place for place, atom in enumerate(design.atoms) if atom.name in explanation.atoms
        ]
        if not chosen:
            continue
        atoms = tuple(design.atoms[place] for place in chosen)
        estimated = estimate_of(
            [runs[place] for place in chosen], normalised(atoms), is_spread=spread
        )
        weight = 0.0
        for place in chosen:
            weight += float(normalised(design.atoms)[place])
        parts[explanation.name] = Part(weight, estimated)
    return parts


def _half_step(design: Design, runs: Runs, half_runs: Runs, number: int) -> HalfStep:
    """The difference on the outer draws that both have; their noise is the same."""
    monitor, weights = design.model.monitors[number], normalised(design.atoms)
    outer = half_runs.counts[number].shape[1]
    whole = _numbers(monitor, runs, number)[:, :outer]
    before = ratio(whole, runs.counts[number][:, :outer], weights)
    after = ratio(_numbers(monitor, half_runs, number), half_runs.counts[number], weights)
    if before.value is None or after.value is None:
        return HalfStep(after.value, None, None, outer)
    error = standard_error(after.influence - before.influence)
    return HalfStep(after.value, after.value - before.value, error, outer)


def _vacuous(design: Design, runs: Runs) -> tuple[float, ...]:
    weights = normalised(design.atoms)
    everywhere = np.ones((len(design.atoms), design.outer, design.inner), dtype=np.bool_)
    missed = [ratio(one, everywhere, weights).value for one in runs.vacuous]
    return tuple(value or 0.0 for value in missed)
