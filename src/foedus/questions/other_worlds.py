"""One decision changed, given all that the record says: the same history, the same chance.

The *counterfactual* answer, in three steps [Pearl2009]_ (theorem 7.1.7):

1. abduction: particles of the verdict are courses with their parameters and their noise, which
   agree with the record and with those outcomes that name a state;
2. action: each is run again with the interventions, on the noise that the record implies (see
   `engine.conditioned.counterfactual`);
3. prediction: the answers of both worlds, course by course.

A particle's parameters are kept and its course is drawn anew `inner` times (by moves that keep the
law given the record), so that what comes from the parameters and what from the course can be told
apart as in any nested design.

References
----------
.. [Pearl2009] J. Pearl (2009), Causality, 2nd ed., Cambridge University Press.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from foedus.case.case import Case, WhatIf
from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.prepared import Conditioned, condition_on
from foedus.engine.conditioned.run import run_conditioned
from foedus.engine.layout import places
from foedus.engine.world import Parameters
from foedus.infer.effort import Effort
from foedus.infer.engine import epochs_of, start
from foedus.infer.islands import Evidence, run_islands
from foedus.infer.particles import Particles
from foedus.infer.pool import pool, thinned
from foedus.infer.record_target import RecordTarget
from foedus.infer.refusal import verify_accuracy
from foedus.infer.renewal import renewed
from foedus.infer.sampler import Settings
from foedus.infer.standings import standings
from foedus.infer.weigh import target_of
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Intervention, JumpModel, Monitor
from foedus.jump.record import Record
from foedus.jump.stages import Stage, without
from foedus.questions.design import Executor
from foedus.questions.estimates import Numbers
from foedus.questions.runs import Counter, Progress, Runs
from foedus.questions.what_if import natural_monitors
from foedus.questions.worlds import Comparison, Worlds, compare, share_of_runs
from foedus.text.diagnostic import InternalError, NoAnswerError

FEWEST = 100
"""Distinct particles below which a what-if is not answered."""

NEGLIGIBLE = 0.005
"""Atoms with a smaller posterior probability are left out."""

IN_TASK = 8
"""Courses that one task runs."""


@dataclass(frozen=True, slots=True)
class Course:
    """A particle as an engine takes it: parameters, atom, noise, and which items it trusts."""

    theta: Parameters
    atom: int
    noise: tuple[tuple[int, int], ...]
    trusted: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The answers of one course in both worlds (question,), and what had no effect."""

    factual: tuple[tuple[float, ...], tuple[bool, ...], tuple[float, ...]]
    changed: tuple[tuple[float, ...], tuple[bool, ...], tuple[float, ...]]
    vacuous: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class OtherWorld:
    """What a decision changes, given the record.

    `courses` is how many courses of each kept atom were run, `distinct` how many particles differ,
    `kept` the share of them in which the outcomes that name a state came out as they did.
    `happened` says of each forced or forbidden event in what share of the courses it happens by
    itself. `questions` and `vacuous` are those of `what_if.Change`; `necessity` is, by question,
    the probability that the answer would not have been yes without what is forbidden, where both
    are part of what is given.
    """

    case: str
    what_if: str
    seed: int
    seconds: float
    courses: int
    inner: int
    distinct: int
    kept: float
    questions: tuple[Comparison, ...]
    vacuous: tuple[float, ...]
    happened: tuple[tuple[str, str, float], ...]
    necessity: dict[str, float]


def given_the_record(
    case: Case,
    model: JumpModel,
    what_if: WhatIf,
    executor: Executor,
    *,
    courses: int,
    seed: int = 1,
    effort: Effort | None = None,
    fixed: Mapping[str, float] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> OtherWorld:
    """What a what-if changes given the record: the particles of the verdict, then `other_world`.

    Raises `NoAnswerError` where it cannot be told, and for a what-if that replaces a mechanism: the
    noise of another model is not that of the record.
    """
    if what_if.replaces:
        raise NoAnswerError(
            f"`{what_if.name}` puts another mechanism in the place of one, whose noise the record "
            "does not tell; ask it `--from-start`"
        )
    hard = effort or Effort()
    target = target_of(case, model, lower_record(case), start, fixed=fixed)
    evidence = run_islands(
        target, Settings(hard.particles, hard.sweeps), islands=hard.islands, seed=seed,
        workers=workers, progress=progress,
    )  # fmt: skip
    verify_accuracy(standings(model, evidence), hard.particles)
    return other_world(
        target, evidence, what_if.name, what_if.interventions, executor, courses=courses,
        seed=seed, progress=progress,
    )  # fmt: skip


def other_world(
    target: RecordTarget,
    evidence: Evidence,
    what_if: str,
    interventions: tuple[Intervention, ...],
    executor: Executor,
    *,
    courses: int,
    inner: int = 2,
    seed: int = 1,
    progress: Progress | None = None,
) -> OtherWorld:
    """What the interventions change in the answers, given the record of `target`.

    `courses` are run in all, each `inner` times and in both worlds, on the reference engine.
    Raises `NoAnswerError` where too few particles differ, or no course ends as the outcomes say.
    """
    began = time.perf_counter()
    found = pool(evidence)
    shares = np.array([float(share.sum()) for share in found.shares()])
    atoms = [atom for atom in range(len(shares)) if shares[atom] > NEGLIGIBLE]
    each = max(2, courses // max(1, len(atoms)))
    few = thinned(found, each, seed)
    clouds = [
        few.particles[atom].take(np.arange(each) % few.particles[atom].size) for atom in atoms
    ]
    distinct = sum(len(np.unique(cloud.scores, axis=0)) for cloud in clouds)
    if distinct < FEWEST:
        raise NoAnswerError(
            f"only {distinct} particles that differ agree with the record: a what-if needs "
            f"{FEWEST}; raise `--particles` or `--courses`, or ask `--from-start`"
        )
    asked = _asked(target, interventions)
    rows = [
        course
        for atom, cloud in zip(atoms, clouds, strict=True)
        for copies in zip(*_copies(target, evidence, atom, cloud, inner, seed), strict=True)
        for course in copies
    ]
    pairs = _run(asked, target, rows, interventions, executor, progress)
    shape = (len(atoms), each, inner)
    weights = shares[atoms] / shares[atoms].sum()
    return _gathered(
        target, asked, what_if, interventions, pairs, shape, weights, atoms, distinct, seed, began
    )


# Courses ------------------------------------------------------------------------------------------


def _first(cloud: Particles, count: int) -> Particles:
    """So many particles, from the first again where there are fewer."""
    return cloud.take(np.arange(count) % cloud.size)


def _copies(
    target: RecordTarget, evidence: Evidence, atom: int, cloud: Particles, inner: int, seed: int
) -> list[list[Course]]:
    """`inner` lists of courses with the same parameters."""
    copies = [_courses(target, atom, cloud)]
    for number in range(1, inner):
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, atom, number))))
        cloud = renewed(target, evidence, atom, cloud, random)
        copies.append(_courses(target, atom, cloud))
    return copies


def _courses(target: RecordTarget, atom: int, cloud: Particles) -> list[Course]:
    system = target.coordinate_system
    numbers = system.values(atom, cloud.scores)[:, : system.of_model]
    trusted = target.trusted(cloud)
    return [
        Course(
            _by_name(target.model, numbers[place]),
            atom,
            tuple((int(one), int(other)) for one, other in cloud.keys[place]),
            tuple(trusted[place].tolist()),
        )
        for place in range(cloud.size)
    ]


def _by_name(model: JumpModel, row: Numbers) -> Parameters:
    """Parameter values by name, from one row of numbers, cell by cell."""
    theta: Parameters = {}
    values = iter(row.tolist())
    for spec in model.parameters:
        own = [next(values) for _ in places(spec.groups)]
        theta[spec.name] = own if spec.groups else own[0]
    return theta


# Running ------------------------------------------------------------------------------------------


def _asked(target: RecordTarget, interventions: tuple[Intervention, ...]) -> JumpModel:
    """The model with two more kinds of questions: do outcomes hold, do targets happen?"""
    model = target.model
    monitors = (*model.monitors, *outcome_monitors(target.record, model.horizon))
    return replace(model, monitors=(*monitors, *natural_monitors(model, interventions)))


def outcome_monitors(record: Record, horizon: float) -> tuple[Monitor, ...]:
    """A question for each outcome that names a state within the clock: is it so?"""
    return tuple(
        Monitor(f"outcome {one.id}", "probability", one.expression, one.end, 0.0, one.end)
        for one in record.sightings
        if one.is_outcome and one.kind == "state" and one.expression and one.end <= horizon
    )


def _run(
    asked: JumpModel,
    target: RecordTarget,
    rows: Sequence[Course],
    interventions: tuple[Intervention, ...],
    executor: Executor,
    progress: Progress | None,
) -> list[Pair]:
    tasks = [tuple(rows[at : at + IN_TASK]) for at in range(0, len(rows), IN_TASK)]
    report = Counter(len(rows), progress)
    stage = without(target.stages[-1], target.dropped)
    start = partial(_start, asked, target.record, stage, interventions)
    pairs: list[Pair] = []
    for task, found in zip(tasks, executor(start, tasks), strict=True):
        pairs.extend(found)
        report.add(len(task))
    return pairs


def _start(
    model: JumpModel, record: Record, stage: Stage, interventions: tuple[Intervention, ...]
) -> partial[list[Pair]]:
    conditioned = condition_on(model, record, epochs_of(record, model.horizon))
    return partial(_run_task, conditioned, stage, interventions)


def _run_task(
    conditioned: Conditioned,
    stage: Stage,
    interventions: tuple[Intervention, ...],
    task: Sequence[Course],
) -> list[Pair]:
    model = conditioned.prepared.model
    found = []
    for one in task:
        atom = model.atoms[one.atom]
        first = run_conditioned(
            conditioned, one.theta, atom, one.noise, stage, horizon=model.horizon,
            switches=one.trusted, keep=True,
        )  # fmt: skip
        if first.history is None:
            raise InternalError("a course of the verdict does not agree with the record any more")
        second = run_other_world(
            conditioned, first.history, one.theta, atom, one.noise, interventions,
            horizon=model.horizon,
        )  # fmt: skip
        found.append(
            Pair(
                (first.values, first.is_given, first.waited),
                (second.values, second.is_given, second.waited),
                second.vacuous,
            )
        )
    return found


# Gathering ----------------------------------------------------------------------------------------


def _gathered(
    target: RecordTarget,
    asked: JumpModel,
    what_if: str,
    interventions: tuple[Intervention, ...],
    pairs: list[Pair],
    shape: tuple[int, int, int],
    weights: Numbers,
    atoms: list[int],
    distinct: int,
    seed: int,
    began: float,
) -> OtherWorld:
    model = target.model
    factual, changed = _runs(pairs, shape, 0), _runs(pairs, shape, 1)
    first, outcomes = len(model.monitors), len(outcome_monitors(target.record, model.horizon))
    ended = np.ones(shape, np.bool_)
    for number in range(first, first + outcomes):
        ended &= factual.values[number] == 1.0
    if not ended.any():
        raise NoAnswerError("no course that agrees with the record ends as the outcomes say")
    kept = tuple(model.atoms[atom] for atom in atoms)
    worlds = Worlds(kept, weights, _only(factual, ended), _only(changed, ended), is_spread=True)
    comparisons = compare(worlds, model.monitors, model.explanations)
    counted = weights[:, None, None] * ended
    happened = []
    targets = [one for one in interventions if one.kind in ("force", "forbid")]
    for number, one in enumerate(targets, start=first + outcomes):
        share = float((counted * (factual.values[number] == 1.0)).sum() / counted.sum())
        happened.append((one.target, one.kind, share))
    vacuous = np.array([pair.vacuous for pair in pairs], np.bool_).reshape(*shape, -1)
    return OtherWorld(
        model.name,
        what_if,
        seed,
        time.perf_counter() - began,
        shape[0] * shape[1],
        shape[2],
        distinct,
        share_of_runs(ended, weights)[0],
        comparisons,
        tuple(
            float((counted * vacuous[..., place]).sum() / counted.sum())
            for place in range(len(interventions))
        ),
        tuple(happened),
        _necessity(comparisons, happened),
    )


def _runs(pairs: list[Pair], shape: tuple[int, int, int], which: int) -> Runs:
    worlds = [pair.factual if which == 0 else pair.changed for pair in pairs]

    def table(place: int, kind: type) -> list[NDArray[np.generic]]:
        rows: NDArray[np.generic] = np.array([world[place] for world in worlds], kind)
        return [rows[:, number].reshape(shape) for number in range(rows.shape[1])]

    values, counts, waited = table(0, float), table(1, bool), table(2, float)
    return Runs(tuple(values), tuple(counts), tuple(waited), (), None, 0)  # type: ignore[arg-type]


def _only(runs: Runs, ended: NDArray[np.bool_]) -> Runs:
    """The runs with only those counted that end as the outcomes say."""
    return replace(runs, counts=tuple(counts & ended for counts in runs.counts))


def _necessity(
    comparisons: Sequence[Comparison], happened: Sequence[tuple[str, str, float]]
) -> dict[str, float]:
    """For questions whose answer is yes in all courses, where what is forbidden happens in all."""
    if len(happened) != 1 or happened[0][1] != "forbid" or happened[0][2] < 1.0:
        return {}
    return {
        one.name: 1.0 - one.counterfactual.value
        for one in comparisons
        if one.kind == "probability"
        and one.factual.value == 1.0
        and one.counterfactual.value is not None
    }
