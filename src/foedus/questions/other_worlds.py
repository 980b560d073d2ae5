"""One decision changed, given what the record says: the same history, the same chance.

The *counterfactual* answer, in three steps [Pearl2009]_ (theorem 7.1.7):

1. abduction: particles of the verdict are courses with their parameters and their noise, which
   agree with the record and with those outcomes that name a state (`courses`);
2. action: each is run again with the interventions, on the noise that the record implies
   (`both_worlds`, `engine.conditioned.counterfactual`), or with a mechanism replaced
   (`replaced_world`);
3. prediction: the answers of both worlds, course by course.

A *forecast with a policy* takes the same steps from what was known by a day: everything up to that
day is as it was, and the decision is made from then on (`policy`).

References
----------
.. [Pearl2009] J. Pearl (2009), Causality, 2nd ed., Cambridge University Press.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.case.case import Case, Parameter, WhatIf
from foedus.engine.failure import failing_with
from foedus.engine.reference import Watch
from foedus.frozen import dataclass
from foedus.infer.courses import courses_of
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.refusal import verify_known
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.ended import ended
from foedus.infer.verdict.verdict import Kept
from foedus.infer.weigh import target_of
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Intervention, JumpModel, Monitor
from foedus.jump.stages import without
from foedus.questions.both_worlds import Play, run_worlds
from foedus.questions.causation import Causation
from foedus.questions.channels import Channel, channels, channels_of, values_of
from foedus.questions.courses import Courses, draw_courses, verify_enough
from foedus.questions.decided import Decided, decided
from foedus.questions.design import Executor
from foedus.questions.estimates import Numbers, Truths
from foedus.questions.fans import Fan, fans_of
from foedus.questions.naturals import Natural, happens, natural_monitors, on_events, written
from foedus.questions.placed import Placed, parameters_set, placed
from foedus.questions.policy import decision_of
from foedus.questions.replaced_from_day import run_replaced_from_day
from foedus.questions.replaced_world import ReplacedWorld, run_replaced
from foedus.questions.replacement import Replacement, channels_between, why_not_from_a_day
from foedus.questions.runs import Progress, Runs
from foedus.questions.what_if import (
    Believed,
    Change,
    Factual,
    Parting,
    as_it_is,
    change,
    parting,
)
from foedus.questions.worlds import Comparison, Worlds, compare, share_of_runs
from foedus.text.diagnostic import InternalError, NoAnswerError
from foedus.text.suggest import list_names

Level = Literal["counterfactual", "forecast"]

NOTHING_REPLACED: Mapping[str, Replacement] = MappingProxyType({})

ANEW = 10
"""Runs of each course's parameters on fresh chance, for what holds without the coupling."""


@dataclass(frozen=True, slots=True)
class OtherWorld:
    """What a decision changes, given the record.

    `level` says whether the past is changed (`counterfactual`) or what is to come from the day
    `as_of` on (`forecast`, in days from the start of the clock).
    `courses` is how many courses of each kept atom were run, `distinct` how many particles differ.
    `kept` is the share of those that agree with the record in which the outcomes that name a state
    came out as they did; only these count, `counted` says how many particles they come from, and
    `effective` how many independent ones they count for, so far as that is known
    (`Courses.effective`).
    Where too few ended so, `first`, more were found from these (`posterior.ended`); None where not.
    `happened` says of each forced or forbidden event in what share of the courses it happens by
    itself, and `naturals` how often it does on fresh chance under the parameters that the record
    leaves (in a forecast: in the courses). `drawn` are the uncertain parameters that only a
    mechanism put in the place of another has: the record tells nothing of them; None where none is
    replaced. `given` has, by question, the probability of necessity
    or of sufficiency, where cause and outcome (or their absence) are both part of what is given;
    `experiment` the same and its bounds where no more than the two is given: the parameters are
    what the record leaves, the chance is fresh. `made` says when the courses that agree with the
    record were found, if they were read (`courses_file`). All else is as in `what_if.Change`.
    """

    case: str
    what_if: str
    level: Level
    as_of: float | None
    seed: int
    seconds: float
    courses: int
    inner: int
    distinct: int
    kept: float
    counted: int
    questions: tuple[Comparison, ...]
    vacuous: tuple[float, ...]
    happened: tuple[tuple[str, str, float], ...]
    naturals: tuple[Natural, ...]
    placed: tuple[Placed, ...]
    drawn: Mapping[str, Parameter] | None
    given: tuple[Decided, ...]
    experiment: tuple[Causation, ...]
    channels: tuple[Channel, ...]
    parting: Parting | None
    factual_fans: tuple[Fan, ...]
    changed_fans: tuple[Fan, ...]
    first: int | None = None
    made: Kept | None = None
    effective: float | None = None

    @property
    def necessity(self) -> dict[str, float]:
        """The probability of necessity by question, where it can be given."""
        return {one.question: one.value for one in self.given if one.kind == "necessity"}


def given_the_record(
    case: Case,
    model: JumpModel,
    what_ifs: Sequence[WhatIf],
    executor: Executor,
    *,
    replacements: Mapping[str, Replacement] = NOTHING_REPLACED,
    courses: int,
    seed: int = 1,
    as_of: float | None = None,
    effort: Effort | None = None,
    fixed: Mapping[str, float] | None = None,
    watch: Watch | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    anew: bool = False,
) -> tuple[OtherWorld, ...]:
    """What each what-if changes given the record: particles of the verdict, then `other_worlds`.

    With `as_of`, given what was known by that day (in days from the start of the clock), and with
    the decisions made from that day on. `replacements` has, by what-if, the worlds in which a
    mechanism is replaced. Particles that ship with the case are not found `anew` unless asked for.
    Raises `NoAnswerError` where it cannot be told.
    """
    lacking = [one.name for one in what_ifs if one.replaces and one.name not in replacements]
    if lacking:
        raise InternalError(f"no world is given for {list_names(lacking)}")
    if not what_ifs:
        raise NoAnswerError("no what-if of the case can be answered given the record")
    record, decisions = lower_record(case), {one.name: decision_of(one, as_of) for one in what_ifs}
    if as_of is not None:
        verify_known(record, as_of)
        _verify_replaceable(model, replacements)
    target = target_of(case, model, record, start, as_of=as_of, fixed=fixed)
    evidence, shipped = courses_of(
        target, effort or Effort(), may_ship=as_of is None and not fixed and not anew, seed=seed,
        workers=workers, progress=progress,
    )  # fmt: skip
    few, share = None, 1.0
    if as_of is None:
        few = shipped.ended if shipped else ended(target, evidence, seed=seed, progress=progress)
    if few is not None:
        target, evidence, share = few.target, few.evidence, few.share
    target = replace(target, engine=target.engine.on_threads(workers))
    found = other_worlds(
        target, evidence, decisions, executor, replacements=replacements, courses=courses,
        seed=seed, as_of=as_of, watch=watch, progress=progress,
    )  # fmt: skip
    for one in found:
        verify_enough(one.counted, "agree with the record and end as the outcomes say")
    first, made = few.first if few else None, shipped.made if shipped else None
    return tuple(
        replace(
            one, kept=share * one.kept, first=first, made=made,
            effective=_stemming(one.effective, first),
        )
        for one in found
    )  # fmt: skip


def _stemming(effective: float | None, first: int | None) -> float | None:
    """Courses made from a few count for no more than those few: nobody knows how far they came."""
    return effective if effective is None or first is None else min(effective, float(first))


def _verify_replaceable(model: JumpModel, replacements: Mapping[str, Replacement]) -> None:
    for name, one in replacements.items():
        if (reason := why_not_from_a_day(name, model, one.model)) is not None:
            raise NoAnswerError(reason)


def other_worlds(
    target: RecordTarget,
    evidence: Evidence,
    decisions: Mapping[str, tuple[Intervention, ...]],
    executor: Executor,
    *,
    replacements: Mapping[str, Replacement] = NOTHING_REPLACED,
    courses: int,
    seed: int = 1,
    as_of: float | None = None,
    watch: Watch | None = None,
    progress: Progress | None = None,
) -> tuple[OtherWorld, ...]:
    """What each decision changes in the answers, given the record of `target`.

    `courses` are run, each drawn anew some times, once as it was and once for each decision; those
    that are named in `replacements` in a world where a mechanism is replaced as well. Raises
    `NoAnswerError` where too few particles differ, or no course ends as the outcomes say. With
    `as_of` outcomes are still to come, and mechanisms are replaced from that day on.
    """
    began = time.perf_counter()
    drawn = draw_courses(target, evidence, courses=courses, seed=seed)
    model = target.model
    outcomes = () if as_of is not None else _outcome_monitors(target)
    everything = tuple(one for decision in decisions.values() for one in decision)
    monitors = (*model.monitors, *outcomes, *natural_monitors(model, everything))
    play = Play(
        replace(model, monitors=monitors), target.record,
        without(target.stages[-1], target.dropped),
        tuple(one for name, one in decisions.items() if name not in replacements), watch, as_of,
    )  # fmt: skip
    with failing_with([name for name in decisions if name not in replacements]):
        factual, *plain = run_worlds(play, drawn, executor, progress)
    later = partial(run_replaced_from_day, factual=factual)
    run = partial(
        run_replaced if as_of is None else later, seed=seed, executor=executor, progress=progress
    )
    replaced: dict[str, ReplacedWorld] = {}
    for name, one in replacements.items():
        with failing_with([name]):
            replaced[name] = run(play, one, decisions[name], drawn)
    left = iter(plain)
    seconds = (time.perf_counter() - began) / max(1, len(decisions))
    first = len(model.monitors)
    ended = _ends_as_told(factual, range(first, first + len(outcomes)), drawn)
    fresh: dict[str, Factual] = {}
    if as_of is None:
        believed = Believed(drawn.atoms, drawn.thetas)
        fresh = as_it_is(model, decisions, believed, inner=ANEW, seed=seed, executor=executor)
    seen = _Seen(model, drawn, factual, ended, fresh, seed, as_of, watch, seconds, executor)
    found: list[OtherWorld] = []
    place = first + len(outcomes)
    for name, decision in decisions.items():
        counts = factual.values[place : place + len(natural_monitors(model, decision))]
        world = replaced.get(name)
        changed = next(left) if world is None else world.runs
        happening = happens(model, decision, counts)
        found.append(seen.other_world(name, decision, changed, happening, world))
        place += len(counts)
    return tuple(found)


def _outcome_monitors(target: RecordTarget) -> tuple[Monitor, ...]:
    """A question for each outcome that names a state within the clock: is it so?"""
    return tuple(
        Monitor(f"outcome {one.id}", "probability", one.expression, one.end, 0.0, one.end)
        for one in target.record.endings(target.model.horizon)
        if one.expression is not None
    )


def _ends_as_told(factual: Runs, outcomes: range, drawn: Courses) -> NDArray[np.bool_]:
    """Which runs end as the outcomes say, whose questions have these numbers."""
    ended = np.ones(drawn.shape, np.bool_)
    for number in outcomes:
        ended &= factual.values[number] == 1.0
    if not ended.any():
        raise NoAnswerError("no course that agrees with the record ends as the outcomes say")
    return ended


@dataclass(frozen=True, slots=True)
class _Seen:
    """The courses as they were, which of them end as the outcomes say, and, by what-if, runs on
    `fresh` chance under their parameters."""

    model: JumpModel
    drawn: Courses
    factual: Runs
    ended: NDArray[np.bool_]
    fresh: Mapping[str, Factual]
    seed: int
    as_of: float | None
    watch: Watch | None
    seconds: float
    executor: Executor

    def other_world(
        self,
        what_if: str,
        decision: tuple[Intervention, ...],
        changed: Runs,
        happening: Sequence[Truths],
        replaced: ReplacedWorld | None,
    ) -> OtherWorld:
        """The result of one decision; `happening`: in which courses its events happen anyway."""
        model, drawn, weights = self.model, self.drawn, self.drawn.weights
        worlds = Worlds(
            drawn.atoms, weights, _only(self.factual, self.ended), _only(changed, self.ended),
            is_spread=drawn.is_spread, apart=drawn.apart,
        )  # fmt: skip
        comparisons = compare(worlds, model.monitors, model.explanations)
        happened = tuple(
            (written(one), one.kind, self._share(each))
            for one, each in zip(on_events(decision), happening, strict=True)
        )
        samples = self.factual.samples, changed.samples
        anew = self._anew(what_if, decision, replaced)
        return OtherWorld(
            case=model.name,
            what_if=what_if,
            level="counterfactual" if self.as_of is None else "forecast",
            as_of=self.as_of,
            seed=self.seed,
            seconds=self.seconds,
            courses=len(drawn.atoms) * drawn.outer,
            inner=drawn.inner,
            distinct=drawn.distinct,
            kept=share_of_runs(self.ended, weights)[0],
            counted=drawn.differing(np.any(self.ended, axis=2)),
            questions=comparisons,
            vacuous=tuple(self._share(missed) for missed in changed.vacuous),
            happened=happened,
            naturals=tuple(Natural(*one, None) for one in happened)
            if anew is None
            else anew.naturals,
            placed=placed(decision, values_of(parameters_set(decision), drawn.thetas), weights),
            drawn=None if replaced is None else replaced.replacement.drawn(model),
            given=()
            if self.as_of is not None or replaced is not None
            else decided(comparisons, decision, happened),
            experiment=() if anew is None else anew.causation,
            channels=channels(worlds, model.monitors, self._channels(decision, replaced)),
            parting=parting(self.watch, *samples, weights, self.ended),
            effective=drawn.effective(self.ended),
            factual_fans=fans_of(self.watch, samples[0], weights, self.ended),
            changed_fans=fans_of(self.watch, samples[1], weights, self.ended),
        )

    def _share(self, truths: NDArray[np.bool_]) -> float:
        """The share of the courses that count in which something holds."""
        counted = self.drawn.weights[:, None, None] * self.ended
        return float((counted * truths).sum() / counted.sum())

    def _channels(
        self, decision: tuple[Intervention, ...], replaced: ReplacedWorld | None
    ) -> dict[str, Numbers]:
        """The channels of a decision, (atom, outer)."""
        model, thetas = self.model, self.drawn.thetas
        if replaced is None:
            return values_of(channels_of(model, decision), thetas)
        names, new = channels_between(model, replaced.replacement.model, decision)
        return values_of(names, thetas) | values_of(new, replaced.thetas)

    def _anew(
        self, what_if: str, decision: tuple[Intervention, ...], replaced: ReplacedWorld | None
    ) -> Change | None:
        """What the decision changes on fresh chance, under the parameters that the record leaves.

        None in a forecast.
        """
        if self.as_of is not None:
            return None
        drawn = self.drawn
        return change(
            self.model, what_if, decision,
            replaced=None if replaced is None else replaced.replacement,
            draws=drawn.outer * ANEW, inner=ANEW, seed=self.seed, executor=self.executor,
            believed=Believed(drawn.atoms, drawn.thetas, replaced.thetas if replaced else ()),
            factual=self.fresh[what_if],
        )  # fmt: skip


def _only(runs: Runs, ended: NDArray[np.bool_]) -> Runs:
    """The runs with only those counted that end as the outcomes say."""
    return replace(runs, counts=tuple(counts & ended for counts in runs.counts))
