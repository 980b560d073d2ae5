"""The verdict on a case from particles: sample, judge, turn every assumption in turn.

Case --condition--> RecordTarget --run_islands--> Evidence --pool--> weighted particles
Evidence --standings--> explanations;   particles --flips, marginals, clues--> what it hangs on
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import exp, inf, isfinite, isnan
from typing import Literal

import numpy as np

from foedus.case.case import Case
from foedus.infer.exact.exactly import ANY, QUICK, Exactly, WorkedOutAgain, exactly
from foedus.infer.islands.agreed import agreed_islands, disagreement
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool, pool, thinned
from foedus.infer.islands.refusal import verify_possible, verify_question
from foedus.infer.islands.standings import Standing, standings
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.record_target import Conditioned, RecordTarget
from foedus.infer.particles.weights import effective_size
from foedus.infer.posterior.marginals import beliefs, marginals
from foedus.infer.shipped.answers_file import judged_anew
from foedus.infer.shipped.asked_before import Answers, Asked
from foedus.infer.verdict.clues import gains
from foedus.infer.verdict.conditions import parameter_flips, reliability_flips
from foedus.infer.verdict.flips import (
    Again,
    Contest,
    Flip,
    acts_flip,
    contest,
    dropped_flips,
    spread_flips,
    spreads,
)
from foedus.infer.verdict.questionable import Questionable, questionable
from foedus.infer.verdict.reporting_bias import flip_factor
from foedus.infer.verdict.resting import basis_of, common_laws
from foedus.infer.verdict.ruled_out import ruled_out
from foedus.infer.verdict.verdict import Accuracy, Gain, Turning, Verdict, Weight
from foedus.jump.lower_record import target_of as target_of_event
from foedus.jump.model import JumpModel
from foedus.jump.record import Assertion, Record
from foedus.jump.stages import Stage, full_stage, stage_as_of, stages
from foedus.text.diagnostic import NoAnswerError

Progress = Callable[[int, int], None]
Start = Callable[[JumpModel, Record], Conditioned]
Method = Literal["exact", "particle"]

AFTER_RUNS = 20
"""One part in so many of the work comes after the runs: what would turn the verdict."""

LARGEST_LOG = 700.0
"""exp of more is not a number."""


def weigh(
    case: Case,
    model: JumpModel,
    record: Record,
    start: Start,
    *,
    as_of: float | None = None,
    fixed: Mapping[str, float] | None = None,
    effort: Effort | None = None,
    workers: int = 1,
    seed: int = 1,
    percentiles: Mapping[str, float] | None = None,
    progress: Progress | None = None,
    method: Method | None = "particle",
    inspect: Callable[[RecordTarget, Evidence], None] | None = None,
    may_ship: bool = False,
) -> Verdict:
    """The verdict on a case from what was known by the day `as_of` (all if None).

    The `method` is `particle`, `exact`, or (None) exact wherever that is quickly had. `start` makes
    an engine ready; `fixed` are parameters in days and per day. `inspect` is shown the particles
    that were sampled, once it is known that they will do. Where particles of the whole record ship
    and only prior odds are others, they `may_ship` here. Raises `NoAnswerError`
    where the sampler's error would decide, and where nothing was known yet. Asks no question.
    """
    begun = time.perf_counter()
    effort = effort or Effort()
    verify_question(model, record, as_of)
    target = target_of(case, replace(model, monitors=()), record, start, as_of=as_of, fixed=fixed)
    worked_out = _worked_out(target, method)
    if worked_out is not None:
        exact = _judged_exactly(worked_out, case, as_of, percentiles)
        return replace(exact, seed=seed, seconds=time.perf_counter() - begun)
    shipped = judged_anew(target, effort, seed) if may_ship and inspect is None else None
    if shipped is not None:
        evidence, again = shipped.evidence, shipped.again
    else:
        told = None if progress is None else partial(_of_all, progress)
        evidence = agreed_islands(
            target, effort, seed=seed, workers=workers, progress=told, is_mixed=False
        )
        if inspect is not None:
            inspect(target, evidence)
        again = None
    with_all = replace(target, engine=target.engine.on_threads(workers))
    found = judged(with_all, evidence, case, effort, seed, again, percentiles)
    return replace(found, as_of=as_of, seconds=time.perf_counter() - begun)


def _of_all(progress: Progress, done: int, total: int) -> None:
    """Tell how much of the whole work is done when so much of the runs is."""
    progress(done, total + total // AFTER_RUNS)


def judged(
    target: RecordTarget, evidence: Evidence, case: Case, effort: Effort, seed: int,
    again: Again | None = None, percentiles: Mapping[str, float] | None = None,
) -> Verdict:  # fmt: skip
    """The verdict from particles, without its date and how long it took.

    They are run `again` for what they cannot tell by other weights, unless the answers are known.
    """
    again = again or _again(target, evidence, effort, seed)
    found = standings(target.model, evidence)
    doubts = questionable(case, target.model)
    particles = pool(evidence)
    of = contest(found, evidence)
    changes = _flips(of, particles, again, doubts)
    weights = _weights(target, evidence, found)
    return Verdict(
        case=case.name,
        method="particle",
        as_of=None,
        seed=seed,
        seconds=0.0,
        basis=basis_of(of, particles, again, case, doubts, percentiles, seed),
        standings=found,
        weights=weights,
        turning=_turning(of, weights, changes),
        marginals=marginals(target.coordinate_system, particles, evidence, changes, of),
        clues=_clues(again, found, case),
        accuracy=_accuracy(evidence, found, effort, disagreement(evidence, target.steps)),
        origins=beliefs(target.coordinate_system, particles),
        is_judged_anew=any(course.is_judged_anew for course in evidence.courses),
    )


def _worked_out(target: RecordTarget, method: Method | None) -> Exactly | None:
    """The record worked out, where that is asked for or, if nothing is, quickly done."""
    if method == "particle" and not target.record.tables:
        return None
    is_quick = method is None and not target.record.tables
    found = exactly(target, QUICK if is_quick else ANY)
    if isinstance(found, Exactly):
        return found
    if method == "exact":
        raise NoAnswerError(f"no exact verdict: {found.reason}; {found.cure}")
    if target.record.tables:
        raise NoAnswerError(
            "tables of many units are weighed exactly only, and there is no exact verdict: "
            f"{found.reason}; {found.cure}, and leave `tables:` out"
        )
    return None


def _judged_exactly(
    exact: Exactly, case: Case, as_of: float | None, percentiles: Mapping[str, float] | None
) -> Verdict:
    """The verdict from particles that are the nodes of a grid, with exact weights."""
    target, evidence, model = exact.target, exact.evidence, exact.target.model
    found = tuple(replace(one, error=exact.error) for one in standings(model, evidence))
    verify_possible(evidence, model, target.record, is_exact=True)
    doubts = questionable(case, model)
    doubts = replace(
        doubts,
        specific=tuple(name for name in doubts.specific if name in exact.names),
        assumed=tuple(name for name in doubts.assumed if name in exact.names),
    )
    particles, of = exact.fine, contest(found, evidence)
    again = WorkedOutAgain(exact)
    changes = _flips(of, particles, again, doubts)
    weights = _weights(target, evidence, found)
    rows = marginals(target.coordinate_system, particles, evidence, changes)
    nodes = len(evidence.courses[0].clouds[0].logs)
    return Verdict(
        case=case.name,
        method="exact",
        as_of=as_of,
        seed=0,
        seconds=0.0,
        basis=basis_of(of, particles, again, case, doubts, percentiles, 0),
        standings=found,
        weights=weights,
        turning=_turning(of, weights, changes),
        marginals=tuple(row for row in rows if row.name in exact.names),
        clues=_clues(again, found, case),
        accuracy=Accuracy(nodes, 1, None, None, None, exact.error, exact.error),
        origins=beliefs(target.coordinate_system, particles),
    )


def target_of(
    case: Case,
    model: JumpModel,
    record: Record,
    start: Start,
    *,
    as_of: float | None = None,
    fixed: Mapping[str, float] | None = None,
) -> RecordTarget:
    """The record of a case, ready to be sampled."""
    asked = _with_clues(case, record)
    until = inf if as_of is None else as_of
    known = stages(record, until=until, horizon=model.horizon)
    if as_of is None:
        last = full_stage(record, model.horizon)
    else:
        last = stage_as_of(record, as_of, horizon=model.horizon)
    if last.silent_until != known[-1].silent_until:
        known = (*known, last)
    system = coordinates_of(model, record, fixed)
    return RecordTarget(model, asked, system, known, start(model, asked))


def _with_clues(case: Case, record: Record) -> Record:
    """The record with the case's clues as things that nobody has claimed yet."""
    horizon = case.clock.horizon
    asked = tuple(
        Assertion(
            id=_clue_id(clue.name), by="", kind="value" if clue.event is None else "event",
            asserts=clue.name, start=0.0, end=horizon if clue.by is None else clue.by,
            known=horizon, target=None if clue.event is None else target_of_event(clue.event, case),
            expression=clue.state,
        )
        for clue in case.clues
    )  # fmt: skip
    return replace(record, assertions=(*record.assertions, *asked))


def _clue_id(name: str) -> str:
    return f"clue:{name}"


def _accuracy(
    evidence: Evidence, found: tuple[Standing, ...], effort: Effort, apart: float
) -> Accuracy:
    clouds = [cloud for course in evidence.courses for cloud in course.clouds]
    islands, living = len(evidence.courses), len(evidence.living)
    alive = [cloud for cloud in clouds if not cloud.is_dead]
    leader = max((one for one in found if one.is_rival), key=lambda one: one.posterior)
    errors = [one.error for one in found if one.is_rival and isfinite(one.log_evidence)]
    return Accuracy(
        particles=effort.particles,
        islands=islands,
        ess=min((effective_size(cloud.logs) for cloud in alive), default=0.0) * living,
        smallest_size=min((cloud.smallest_size for cloud in alive), default=0.0),
        smallest_overlap=min((cloud.smallest_overlap for cloud in alive), default=0.0),
        largest_error=max(errors, default=0.0),
        odds_error=leader.odds_error,
        rhat=apart if isfinite(apart) else None,
        lost=islands - living,
    )


def answers_of(
    target: RecordTarget, evidence: Evidence, case: Case, effort: Effort, seed: int
) -> Answers:
    """What the particles answer to all that a verdict asks of them, whatever the prior odds."""
    doubts = questionable(case, target.model)
    of = contest(standings(target.model, evidence), evidence)
    thin = thinned(pool(evidence), effort.again, seed)
    gone = ruled_out(target, evidence, effort.again, seed)
    asked = Asked(thin, target, evidence.neutral, gone)
    judged(target, evidence, case, effort, seed, asked)
    for name, _, laws in spreads(target, doubts.specific, doubts.shares):
        asked.with_priors({name: laws})
    if common := common_laws(target, case, doubts):
        asked.with_priors(common)
        alive = {atom for atom, log in enumerate(of.evidences) if log > -inf}
        asked.by_steps(common, sorted(alive - asked.gained.keys()), seed)
    return asked.answers(evidence)


def _again(target: RecordTarget, evidence: Evidence, effort: Effort, seed: int) -> Again:
    thin = thinned(pool(evidence), effort.again, seed)
    gone = ruled_out(target, evidence, effort.again, seed)
    return Again(thin, target, evidence.neutral, gone)


def _weights(
    target: RecordTarget, evidence: Evidence, found: tuple[Standing, ...]
) -> tuple[Weight, ...]:
    leader = max((one for one in found if one.is_rival), key=lambda one: one.posterior)
    gains = {one.name: evidence.gains(one.atoms, leader.atoms) for one in found}
    lost = partial(np.nan_to_num, nan=-inf, posinf=-inf, neginf=-inf)
    runs = {one.name: lost(evidence.gains_of_islands(one.atoms)) for one in found if one.is_rival}
    is_sampled = len(evidence.courses) > 1

    def weight(number: int, name: str, stage: Stage) -> Weight:
        kind = stage.arrival if stage.arrival != "start" else "silence"
        means = {reading: float(own[number]) for reading, own in gains.items()}
        each = {reading: tuple(own[:, number].tolist()) for reading, own in runs.items()}
        return Weight(name, kind, stage.as_of, means, each if is_sampled else None)

    known = zip(target.steps, target.stages[1:], strict=True)
    return tuple(weight(place, step.name, stage) for place, (step, stage) in enumerate(known))


def _flips(of: Contest, particles: Pool, again: Again, doubts: Questionable) -> list[Flip]:
    target = again.target
    known = target.stages[-1].items | target.stages[-1].claims
    origins, sources = (
        {name: ids & known for name, ids in groups.items() if ids & known}
        for groups in (doubts.origins, doubts.sources)
    )
    items = {one: frozenset((one,)) for one in (step.name for step in target.steps) if one in known}
    acts = doubts.acts & known
    return [
        *reliability_flips(of, particles, target.coordinate_system.trusts),
        *([acts_flip(of, particles, again, acts)] if acts else []),
        *spread_flips(of, particles, again, doubts.specific, doubts.shares),
        *dropped_flips(of, "origin", origins, again),
        *dropped_flips(of, "source", sources, again),
        *dropped_flips(of, "item", items, again),
        *parameter_flips(of, particles, target.coordinate_system, doubts.assumed),
    ]


def _ratio(first: float, second: float) -> float:
    """A log likelihood ratio; infinite where only the second is ruled out, 0 once one is."""
    if isnan(first) or isnan(second) or first == second:
        return 0.0
    return inf if second == -inf else first - second


def _turning(of: Contest, weights: tuple[Weight, ...], changes: list[Flip]) -> Turning:
    ratios = [
        _ratio(one.log_weight[of.leader.name], one.log_weight[of.rival.name])
        for one in weights
    ]  # fmt: skip
    record = of.leader.log_evidence - of.rival.log_evidence
    return Turning(
        leader=of.leader.name,
        rival=of.rival.name,
        prior_odds=exp(-record) if record < LARGEST_LOG else 0.0,
        reporting_bias=flip_factor(ratios, record + of.prior_log_odds),
        changes=tuple(changes),
    )


def _clues(again: Again, found: tuple[Standing, ...], case: Case) -> tuple[Gain, ...]:
    if not case.clues:
        return ()
    ids = {clue.name: _clue_id(clue.name) for clue in case.clues}
    stage = replace(
        again.full,
        claims=again.full.claims | frozenset(ids.values()),
        end=max(again.full.end, *(clue.by or 0.0 for clue in case.clues)),
    )
    spoken = again.truths(stage)
    truths = {
        name: [np.nan_to_num(by_claim[claim]) for by_claim in spoken]
        for name, claim in ids.items()
    }  # fmt: skip
    return gains(again.thin, found, truths)
