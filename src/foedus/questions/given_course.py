"""One course that agrees with a record, to be read: what the record holds of it, and all else.

Numbers are given to particles drawn by their weights (systematic resampling, in random order), so
that courses read one after the other come from all explanations, each as often as the record leaves
it. The particle's course is run again by the readable engine, which keeps what happens in it; it is
event for event the course that was weighed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from foedus.engine.conditioned.history import History
from foedus.engine.conditioned.looks import ITEM, plan_looks
from foedus.engine.conditioned.prepared import Conditioned, condition_on
from foedus.engine.conditioned.run import ConditionedRun, empty_conditioned, run_conditioned
from foedus.engine.conditioned.tracked import STREAMS
from foedus.engine.world import Keys
from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool, pool
from foedus.infer.islands.standings import Standing, standings
from foedus.infer.likelihood.engine import epochs_of
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles, distinct
from foedus.infer.particles.weights import Numbers, resample
from foedus.infer.posterior.ended import ending
from foedus.infer.shipped.courses_file import Shipped
from foedus.infer.verdict.verdict import Kept
from foedus.questions.courses import parameters_of_scores
from foedus.questions.one_course import OneCourse, Outcome
from foedus.text.diagnostic import InternalError, NoAnswerError

ENGINE = "conditioned"


@dataclass(frozen=True, slots=True)
class Met:
    """An item of the record in a course: at `time` (days) it is seen, or is the event at `event`.

    The time is None for what did not happen in all of its date. `event` is a place among the events
    of the course, None for an item that is no event.
    """

    item: str
    time: float | None
    event: int | None = None


@dataclass(frozen=True, slots=True)
class GivenCourse:
    """A course that agrees with what was known by `as_of` (days); with all of a record, if None.

    `told` has its events and what the questions come to. `met` are the items that it agrees with,
    in the order of the record, `disbelieved` those whose origin is wrong in it, `claims` the claims
    that weigh. `distinct` is how many courses there are that differ; they also end as so many
    `endings` say. `standing` is that of the explanation which holds in it; None where the case has
    none. `made` says when they were found, if they were read. `weights` are those of the run, by
    account (`ConditionedRun`), to the last bit those by which its particle was weighed.
    """

    told: OneCourse
    as_of: float | None
    met: tuple[Met, ...]
    disbelieved: tuple[str, ...]
    claims: tuple[str, ...]
    distinct: int
    weights: tuple[float, ...]
    endings: tuple[str, ...] = ()
    standing: Standing | None = None
    made: Kept | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The particle of a number: its atom, itself alone, and how many there are that differ."""

    atom: int
    particle: Particles
    distinct: int


def given_course(
    target: RecordTarget,
    evidence: Evidence,
    number: int,
    *,
    draws: int,
    seed: int,
    explanation: str | None = None,
    as_of: float | None = None,
    shipped: Shipped | None = None,
) -> GivenCourse:
    """The course of a number, from 0 to `draws` - 1, among those that agree with the record.

    With `explanation`, among those in which it is true. Without `as_of` the record is whole, and
    courses that end otherwise than its outcomes say are left out; `shipped` are those that ship.
    Raises `NoAnswerError` where no course that was found agrees with all of this.
    """
    endings = target.record.endings(target.model.horizon) if as_of is None else ()
    used, found = target, pool(evidence)
    if shipped is not None and shipped.ended is not None:
        used, found = shipped.ended.target, pool(shipped.ended.evidence)
    elif endings:
        used = ending(target)
        found = _ended_so(used, found)
    chosen = choose(used, found, number, draws=draws, seed=seed, explanation=explanation)
    return replace(
        course_of_particle(used, chosen, number, draws=draws, seed=seed), as_of=as_of,
        endings=tuple(one.id for one in endings), standing=_standing(target, evidence, chosen.atom),
        made=None if shipped is None else shipped.made,
    )  # fmt: skip


def _ended_so(ended: RecordTarget, found: Pool) -> Pool:
    """The particles that end as the outcomes say, `ended` being the record with these known."""
    stage = ended.stages[-1]

    def logs_of(atom: int) -> Numbers:
        logs, particles = found.logs[atom], found.particles[atom]
        if atom not in found.counting:
            return np.full_like(logs, -np.inf)
        return np.where(ended.weigh(atom, particles, stage) > -np.inf, logs, -np.inf)

    return replace(found, logs=tuple(map(logs_of, range(len(found.priors)))))


def choose(
    target: RecordTarget, found: Pool, number: int, *, draws: int, seed: int,
    explanation: str | None = None,
) -> Chosen:  # fmt: skip
    """The particle of a number, of all that have weight."""
    wanted = _wanted(target, explanation)
    alive = [
        (atom, np.flatnonzero(found.logs[atom] > -np.inf))
        for atom in range(len(found.priors))
        if atom in wanted and found.priors[atom] > 0.0
    ]
    if not any(places.size for _, places in alive):
        raise NoAnswerError("no course that was found agrees with that: `--particles` takes more")
    atoms = np.concatenate([np.full(places.size, atom) for atom, places in alive])
    own = np.concatenate([places for _, places in alive])
    logs = np.concatenate(
        [np.log(found.priors[atom]) + found.logs[atom][places] for atom, places in alive]
    )
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, draws, 2))))
    place = random.permutation(resample(logs, random, draws))[number]
    atom = int(atoms[place])
    differ = sum(distinct(found.particles[one].take(places)) for one, places in alive)
    return Chosen(atom, found.particles[atom].take(own[place : place + 1]), differ)


def _wanted(target: RecordTarget, explanation: str | None) -> list[int]:
    """The atoms in which an explanation is true; all, if None."""
    readings = {one.name: one.atoms for one in target.model.explanations}
    names = None if explanation is None else readings[explanation]
    atoms = enumerate(target.model.atoms)
    return [number for number, one in atoms if names is None or one.name in names]


def _standing(target: RecordTarget, evidence: Evidence, atom: int) -> Standing | None:
    """Where the explanation stands that holds in an atom."""
    if not target.model.explanations:
        return None
    return next((one for one in standings(target.model, evidence) if atom in one.atoms), None)


def course_of_particle(
    target: RecordTarget, chosen: Chosen, number: int, *, draws: int, seed: int
) -> GivenCourse:
    """The course of a particle under all that the target knows, to the end of the clock."""
    model, stage = target.model, target.stages[-1]
    conditioned = condition_on(model, target.record, epochs_of(target.record, model.horizon))
    atom, few = model.atoms[chosen.atom], chosen.particle
    theta = parameters_of_scores(target, chosen.atom, few.scores[0])
    noise: Keys = tuple((int(one), int(two)) for one, two in few.keys[0])
    trusted = target.trusted(few)[0].tolist()
    run = run_conditioned(
        conditioned, theta, atom, noise, stage, horizon=model.horizon, switches=trusted, keep=True
    )
    if run.history is None:
        raise InternalError(f"a particle that was weighed contradicts the record: {run.died_of}")
    world = empty_conditioned(conditioned, theta, atom, noise, stage, trusted)
    plan_looks(world, conditioned.items, conditioned.claims, stage, model.horizon)
    seen = {place: time for time, order, place in world.looks if order == ITEM}
    judged = zip(target.record.sightings, trusted, strict=True)
    gone = tuple(one.id for one, is_on in judged if one.id in stage.items and not is_on)
    told = OneCourse(
        number, draws, seed, ENGINE, atom, run.history.happenings, tuple(_outcomes(target, run))
    )
    return GivenCourse(
        told, None, tuple(_met(conditioned, run.history, seen, world.is_on)),
        gone, tuple(sorted(stage.claims)),
        chosen.distinct, run.weights,
    )  # fmt: skip


def _outcomes(target: RecordTarget, run: ConditionedRun) -> Iterator[Outcome]:
    """What each question comes to."""
    questions = zip(target.model.monitors, run.values, run.is_given, strict=True)
    for monitor, value, given in questions:
        yield Outcome(monitor.name, value if given and not np.isnan(value) else None, given)


def _met(
    conditioned: Conditioned, history: History, seen: dict[int, float], is_on: list[bool]
) -> Iterator[Met]:
    """Every item that the course agrees with, in the order of the record."""
    events = dict(history.met)
    for item in conditioned.items:
        one, number = item.sighting, item.number
        if not is_on[number]:
            continue
        if number in events:
            event = events[number]
            yield Met(one.id, history.happenings[event].time, event)
        elif one.kind not in STREAMS:
            yield Met(one.id, seen[number])
        elif one.kind != "happened":
            yield Met(one.id, None)
