"""One decision changed, from the start of the clock and before any evidence.

The *interventional* answer: what the case's assumptions imply for a world in which the decision is
made otherwise, beside the world in which it is not, on the same chance. It knows nothing of the
record; what the decision would have changed given all that happened is another question, asked of
courses that agree with the record.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from foedus.case.case import Parameter
from foedus.engine.failure import failing_by, failing_with
from foedus.engine.layout import places
from foedus.engine.reference import Watch
from foedus.engine.sampling import ParameterTable
from foedus.engine.world import Parameters
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.questions.answers import is_spread
from foedus.questions.causation import Causation, causation
from foedus.questions.channels import Channel, channels, values_of
from foedus.questions.design import (
    Design,
    Executor,
    default_engine,
    one_by_one,
    share,
)
from foedus.questions.estimates import Numbers, Truths, ratio
from foedus.questions.fans import Fan, fans_of
from foedus.questions.naturals import Natural, happens, natural_monitors, naturals
from foedus.questions.placed import Placed, parameters_set, placed
from foedus.questions.replacement import Replacement, channels_between
from foedus.questions.runs import Counter, Progress, Runs, chosen, run_design
from foedus.questions.worlds import Comparison, Worlds, compare, normalised, share_of_runs


@dataclass(frozen=True, slots=True)
class Parting:
    """In what share of the runs the two worlds have parted by a time (time,), as far as watched."""

    times: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes.

    `vacuous` is, for each intervention, the share of runs in which it had no effect. `naturals` say
    how often what is forced or forbidden happens by itself, `placed` how far out parameters are
    set. `drawn` are the uncertain parameters
    that only a mechanism put in the place of another has; None where none is replaced. The fans are
    those of the watched expressions in both worlds.
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
    placed: tuple[Placed, ...]
    causation: tuple[Causation, ...]
    channels: tuple[Channel, ...]
    drawn: Mapping[str, Parameter] | None
    parting: Parting | None
    factual_fans: tuple[Fan, ...]
    changed_fans: tuple[Fan, ...]

    @property
    def level(self) -> str:
        """On which level the answer stands: see `other_worlds` for the two others."""
        return "interventional"


@dataclass(frozen=True, slots=True)
class Believed:
    """What to believe in place of the priors: atoms, their priors what is believed of them now, and
    parameters, (atom, outer); those of the other world where a mechanism is `replaced` in it."""

    atoms: tuple[Atom, ...]
    thetas: tuple[tuple[Parameters, ...], ...]
    replaced: tuple[tuple[Parameters, ...], ...] = ()

    def design(self, model: JumpModel, inner: int, seed: int) -> Design:
        """Runs of a model under them."""
        outer = len(self.thetas[0])
        return Design(model, self.atoms, seed, outer, inner, {}, thetas=self.thetas)


@dataclass(frozen=True, slots=True)
class Factual:
    """Runs as it is for one decision; `happened`: in which its events happen by themselves."""

    runs: Runs
    happened: Sequence[Truths]


def as_it_is(
    model: JumpModel,
    decisions: Mapping[str, tuple[Intervention, ...]],
    believed: Believed,
    *,
    inner: int,
    seed: int,
    executor: Executor,
) -> dict[str, Factual]:
    """The factual runs of `change` for several decisions, made once and named as they are."""
    design = believed.design(model, inner, seed)
    report = Counter(len(design.atoms) * design.draws, None)
    found = _run_factual(design, tuple(decisions.values()), default_engine(), executor, report)
    return dict(zip(decisions, found, strict=True))


def change(
    model: JumpModel,
    what_if: str,
    interventions: tuple[Intervention, ...],
    *,
    replaced: Replacement | None = None,
    draws: int,
    seed: int,
    inner: int | None = None,
    set_values: Mapping[str, float | list[float]] | None = None,
    believed: Believed | None = None,
    factual: Factual | None = None,
    watch: Watch | None = None,
    engine: str | None = None,
    executor: Executor = one_by_one,
    progress: Progress | None = None,
) -> Change:
    """What a decision changes in the answers of a model, from `draws` runs of each atom.

    `replaced` has the model of the other world where the what-if puts another mechanism in the
    place of one; the two must ask the same questions. `believed` takes the place of the
    priors; what is `factual` under it is run here, if it is not at hand (`as_it_is`, with the same
    arguments). The other arguments are those of `questions.answers.simulate`.
    """
    engine = default_engine() if engine is None else engine
    outer, inside = share(draws, inner)
    atoms = tuple(atom for atom in model.atoms if atom.prior > 0.0)
    design = Design(model, atoms, seed, outer, inside, dict(set_values or {}), watch=watch)
    if believed is not None:
        design = replace(believed.design(model, inside, seed), watch=watch)
    other_model = model if replaced is None else replaced.model
    others = believed.replaced if believed and believed.replaced else design.thetas
    other = replace(design, model=other_model, interventions=interventions, thetas=others)
    began = time.perf_counter()
    report = Counter((1 if factual else 2) * len(design.atoms) * design.draws, progress)
    if factual is None:
        (factual,) = _run_factual(design, (interventions,), engine, executor, report)
    with failing_with([what_if]), failing_by(0):
        second = run_design(other, engine, executor, report)
    first, happened = factual.runs, factual.happened
    weights = normalised(design.atoms)
    worlds = Worlds(design.atoms, weights, first, second, is_spread(design) or is_spread(other))
    return Change(
        model.name, what_if, engine, design.outer, inside, seed, time.perf_counter() - began,
        first.events + second.events,
        compare(worlds, model.monitors, model.explanations),
        tuple(share_of_runs(missed, weights)[0] for missed in second.vacuous),
        naturals(interventions, happened, weights),
        placed(interventions, _values(design, parameters_set(interventions)), weights),
        causation(worlds, model.monitors, () if replaced else interventions, happened),
        channels(worlds, model.monitors, _channels(design, other)),
        None if replaced is None else replaced.drawn(model),
        parting(watch, first.samples, second.samples, weights),
        fans_of(watch, first.samples, weights),
        fans_of(watch, second.samples, weights),
    )  # fmt: skip


def _run_factual(
    design: Design, decisions: Sequence[tuple[Intervention, ...]], engine: str,
    executor: Executor, report: Counter,
) -> Iterator[Factual]:  # fmt: skip
    """The runs of a design for each decision, asked at once for what all of them are on."""
    model = design.model
    told = [natural_monitors(model, one) for one in decisions]
    monitors = (*model.monitors, *(one for each in told for one in each))
    asked = replace(design, model=replace(model, monitors=monitors))
    runs = run_design(asked, engine, executor, report)
    questions, place = range(len(model.monitors)), len(model.monitors)
    for decision, own in zip(decisions, told, strict=True):
        places = range(place, place + len(own))
        happened = happens(model, decision, [runs.values[number] for number in places])
        yield Factual(chosen(runs, (*questions, *places)), happened)
        place += len(own)


def _channels(factual: Design, other: Design) -> dict[str, Numbers]:
    """The channels of a decision, (atom, outer)."""
    names, new = channels_between(factual.model, other.model, other.interventions)
    return _values(factual, names) | _values(other, new)


def _values(design: Design, names: Sequence[str]) -> dict[str, Numbers]:
    """The values of parameters in a design by name, (atom, outer); the mean over indices."""
    if design.thetas:
        return values_of(names, design.thetas)
    drawn = ParameterTable(design.model, design.seed, design.set_values)
    draws = range(design.outer)
    rows = np.array([[drawn.row(atom, draw) for atom in design.atoms] for draw in draws])
    sizes = {spec.name: len(list(places(spec.groups))) for spec in design.model.parameters}
    return {
        name: rows[:, :, drawn.first_of[name] : drawn.first_of[name] + sizes[name]].mean(axis=2).T
        for name in names
    }


def parting(
    watch: Watch | None,
    first: Numbers | None,
    second: Numbers | None,
    weights: Numbers,
    counts: Truths | None = None,
) -> Parting | None:
    """When the samples (atom, outer, inner, time, expression) of two worlds part.

    Only in runs that count (atom, outer, inner); in all if None. None where nothing is watched.
    """
    if watch is None or not watch.expressions or first is None or second is None:
        return None
    apart = (first != second).any(axis=-1)  # (atom, outer, inner, time)
    parted = np.logical_or.accumulate(apart, axis=-1)
    counted = np.ones(parted.shape[:3], np.bool_) if counts is None else counts
    shares = tuple(
        ratio(parted[..., moment].astype(np.float64), counted, weights).value or 0.0
        for moment in range(len(watch.times))
    )
    return Parting(watch.times, shares)
