"""One decision changed, from the start of the clock and before any evidence.

The *interventional* answer: what the case's assumptions imply for a world in which the decision is
made otherwise, beside the world in which it is not, on the same chance. It knows nothing of the
record; what the decision would have changed given all that happened is another question, asked of
courses that agree with the record.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from foedus.engine.interventions import find_target
from foedus.engine.reference import Watch
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Expression,
    Firings,
    GroupDomain,
    IndexVariable,
    Number,
    NumberType,
    Quantifier,
    label_type,
)
from foedus.jump.model import Intervention, JumpModel, Monitor
from foedus.questions.answers import Fan, fans_of, is_spread
from foedus.questions.design import Design, Executor, default_engine, one_by_one, share
from foedus.questions.estimates import Numbers
from foedus.questions.runs import Counter, Progress, Runs, run_design
from foedus.questions.worlds import Comparison, Worlds, compare, normalised, share_of_runs


@dataclass(frozen=True, slots=True)
class Natural:
    """How often the target of an intervention happens by itself, by the end of the clock."""

    target: str
    kind: str
    share: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Parting:
    """In what share of the runs the two worlds have parted by a time (time,), as far as watched."""

    times: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes.

    `vacuous` is, for each intervention, the share of runs in which it had no effect. `naturals` say
    how often what is forced or forbidden happens by itself. The fans are those of the watched
    expressions in both worlds.
    """

    case: str
    what_if: str
    engine: str
    outer: int
    inner: int
    seed: int
    seconds: float
    events: int
    questions: tuple[Comparison, ...]
    vacuous: tuple[float, ...]
    naturals: tuple[Natural, ...]
    parting: Parting | None
    factual_fans: tuple[Fan, ...]
    changed_fans: tuple[Fan, ...]


def change(
    model: JumpModel,
    what_if: str,
    interventions: tuple[Intervention, ...],
    *,
    replaced: JumpModel | None = None,
    draws: int,
    seed: int,
    inner: int | None = None,
    set_values: Mapping[str, float | list[float]] | None = None,
    watch: Watch | None = None,
    engine: str | None = None,
    executor: Executor = one_by_one,
    progress: Progress | None = None,
) -> Change:
    """What a decision changes in the answers of a model, from `draws` runs of each atom.

    `replaced` is the model of the other world where the what-if puts another mechanism in the place
    of one; the two must ask the same questions. The other arguments are those of
    `questions.answers.simulate`.
    """
    engine = default_engine() if engine is None else engine
    outer, inside = share(draws, inner)
    atoms = tuple(atom for atom in model.atoms if atom.prior > 0.0)
    asked = replace(model, monitors=(*model.monitors, *natural_monitors(model, interventions)))
    settings = dict(set_values or {})
    factual = Design(asked, atoms, seed, outer, inside, settings, (), watch)
    other = Design(replaced or model, atoms, seed, outer, inside, settings, interventions, watch)
    report = Counter(2 * len(atoms) * factual.draws, progress)
    began = time.perf_counter()
    first = run_design(factual, engine, executor, report)
    second = run_design(other, engine, executor, report)
    weights = normalised(atoms)
    worlds = Worlds(atoms, weights, first, second, is_spread(factual) or is_spread(other))
    return Change(
        model.name,
        what_if,
        engine,
        outer,
        inside,
        seed,
        time.perf_counter() - began,
        first.events + second.events,
        compare(worlds, model.monitors, model.explanations),
        tuple(share_of_runs(missed, weights)[0] for missed in second.vacuous),
        _naturals(model, interventions, first, weights),
        _parting(watch, first, second, weights),
        fans_of(factual, first),
        fans_of(other, second),
    )


def natural_monitors(
    model: JumpModel, interventions: tuple[Intervention, ...]
) -> tuple[Monitor, ...]:
    """A question for each intervention on an event: does it happen by itself?"""
    found = []
    for place, one in enumerate(interventions):
        if one.kind in ("force", "forbid"):
            expression, end = _happens(model, one), model.horizon
            found.append(Monitor(f"natural {place}", "probability", expression, end, 0.0, end))
    return tuple(found)


def _happens(model: JumpModel, one: Intervention) -> Expression:
    """Whether the target (any of its instances, if none is named) has happened."""
    kind, _ = find_target(model, one.target)
    indices: tuple[Expression, ...] = one.indices or ()
    loop = []
    if one.indices is None:
        loop = [(f"index {place}", group) for place, group in enumerate(kind.groups)]
        indices = tuple(IndexVariable(name, group, label_type(group)) for name, group in loop)
    fired: Expression = Binary(
        ">", Firings(one.target, indices), Number(0.0, NumberType()), BOOLEAN
    )
    for name, group in reversed(loop):
        fired = Quantifier("any", name, GroupDomain(group), None, fired, BOOLEAN)
    return fired


def _naturals(
    model: JumpModel, interventions: tuple[Intervention, ...], runs: Runs, weights: Numbers
) -> tuple[Natural, ...]:
    asked = [one for one in interventions if one.kind in ("force", "forbid")]
    found = []
    for number, one in enumerate(asked, start=len(model.monitors)):
        found.append(
            Natural(one.target, one.kind, *share_of_runs(runs.values[number] == 1.0, weights))
        )
    return tuple(found)


def _parting(watch: Watch | None, first: Runs, second: Runs, weights: Numbers) -> Parting | None:
    if watch is None or first.samples is None or second.samples is None:
        return None
    apart = (first.samples != second.samples).any(axis=-1)  # (atom, outer, inner, time)
    parted = np.logical_or.accumulate(apart, axis=-1)
    shares = tuple(
        share_of_runs(parted[..., moment], weights)[0] for moment in range(len(watch.times))
    )
    return Parting(watch.times, shares)
