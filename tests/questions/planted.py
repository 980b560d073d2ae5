"""Simulated worlds whose truth is known: what troops did, and what would have been without them.

Incidents and the fall of a leader come at rates that troops, once there, multiply by `shield`. When
incidents and troops came is on record to the day, and that he did not fall. What would have become
of him without troops follows from the clock of his fall, which nobody in the world sees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

import numpy as np

from foedus.engine.reference import Parameters, prepare, simulate_run
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.likelihood.transforms import values_at
from foedus.infer.sampler.sampler import Settings
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.record import Record, Sighting, Target, Window
from foedus.jump.stages import full_stage, stages
from foedus.questions.design import one_by_one
from foedus.questions.estimates import weighted_quantiles
from foedus.questions.other_worlds import other_worlds
from foedus.text.source import Source
from tests.loading import try_case

TEXT = """
foedus: 1
case: planted
title: Planted
clock: {start: 2000-01-01, end: 2000-01-31}
sources: {paper: {kind: news, title: The Paper}}
components: {agitators: {doc: somebody stirs}}
atoms:
  stirred: {components: [agitators], prior: 0.5, grade: assumed, because: a test}
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
explanations:
  stirring: {atoms: [stirred]}
  by-itself: {atoms: [calm]}
parameters:
  heat: {prior: 80% between 0.2 and 0.6, unit: per day, grade: assumed, because: a test}
  danger: {prior: 80% between 0.02 and 0.1, unit: per day, grade: assumed, because: a test}
  shield: {prior: 80% between 0.15 and 0.9, unit: factor, grade: assumed, because: a test}
  pace: {value: 0.1, unit: per day, grade: assumed, because: a test}
  stir: {value: 2, unit: factor, grade: assumed, because: a test}
state:
  troops: {type: flag, starts: false}
  fallen: {type: flag, starts: false}
events:
  incident:
    rate: "heat * (if troops then shield else 1) * (if agitators then stir else 1)"
  deploy: {when: not troops, rate: pace, then: {troops: true}}
  fall:
    when: not fallen
    rate: "danger * (if troops then shield else 1)"
    then: {fallen: true}
record:
  incident: {complete: 2000-01-01/2000-01-30}
  deploy: {complete: 2000-01-01/2000-01-30}
evidence:
  - {id: E1, happened: deploy, at: 2000-01-03, cites: [paper]}
  - {id: E2, happened: incident, at: 2000-01-04, cites: [paper]}
outcomes:
  - {id: O1, state: not fallen, at: 2000-01-30, cites: [paper]}
questions:
  stays: {probability: not fallen, at: 2000-01-30}
what-if:
  no-troops: {forbid: deploy}
"""
DAYS = 30.0
CASE, _ = try_case(Source("case.yaml", TEXT))  # that troops come once only is warned about
assert CASE is not None
MODEL, RECORD = lower(CASE), lower_record(CASE)
PREPARED = prepare(MODEL)
WITHOUT = CASE.what_ifs["no-troops"].interventions


@dataclass(frozen=True, slots=True)
class Planted:
    """A world, and what was found out about it from its record.

    `needed` is whether he would have fallen without troops, `necessity` the stated probability of
    it; `shield` is the planted effect, `low`..`high` its 90 % interval.
    """

    needed: bool
    necessity: float
    shield: float
    low: float
    high: float


def plant(random: np.random.Generator, particles: int = 60) -> Planted:
    """A world from the prior in which troops came and the leader stayed, and what can be told."""
    record, needed, shield = _world(random)
    known = (*stages(record, horizon=MODEL.horizon), full_stage(record, MODEL.horizon))
    system = coordinates_of(MODEL, record)
    target = RecordTarget(MODEL, record, system, known, start(MODEL, record))
    seed = int(random.integers(2**32))
    evidence = run_islands(target, Settings(particles, 2), islands=4, seed=seed)
    (found,) = other_worlds(
        target, evidence, {"no-troops": WITHOUT}, one_by_one, courses=200, seed=seed
    )
    low, high = _interval(target, evidence, record)
    return Planted(needed, found.necessity["stays"], shield, low, high)


def _world(random: np.random.Generator) -> tuple[Record, bool, float]:
    """The record of a world, whether the troops were needed, and their planted effect."""
    system = coordinates_of(MODEL, RECORD)
    while True:
        number = int(random.integers(2))
        laws = system.laws[number]
        theta: Parameters = {
            spec.name: float(values_at(laws[spec.name], random.standard_normal(1))[0])
            for spec in MODEL.parameters
        }
        seed, atom = int(random.integers(2**32)), MODEL.atoms[number]
        as_it_was = simulate_run(PREPARED, theta, atom, seed, 0, horizon=DAYS, record=True)
        came = [one for one in as_it_was.record if one.name in ("incident", "deploy")]
        fell = any(one.name == "fall" for one in as_it_was.record)
        if fell or all(one.name != "deploy" for one in came):
            continue
        without = simulate_run(
            PREPARED, theta, atom, seed, 0, horizon=DAYS, interventions=WITHOUT, record=True
        )
        needed = any(one.name == "fall" for one in without.record)
        record = _recorded([(one.time, one.name) for one in came])
        return record, needed, float(np.mean(theta["shield"]))


def _recorded(came: list[tuple[float, str]]) -> Record:
    """The record of what came, to the day, and the outcome."""
    outcomes = [one for one in RECORD.sightings if one.is_outcome]
    sightings = [
        Sighting(
            f"s{number}", "happened", (Window(float(floor(time)), floor(time) + 1.0),),
            floor(time) + 1.0, Target(kind, None, ()), is_established=True,
        )
        for number, (time, kind) in enumerate(came)
    ]  # fmt: skip
    return replace(RECORD, sightings=(*sightings, *outcomes))


def _interval(target: RecordTarget, evidence: Evidence, record: Record) -> tuple[float, float]:
    """The 90 % interval of the effect given the record, and that he did not fall.

    The particles know nothing of that: each counts as it would have let him stay. The middle of the
    day stands for the hour at which troops came.
    """
    found = pool(evidence)
    day = next(one.start for one in record.sightings if one.target and one.target.kind == "deploy")
    values, masses = [], []
    for atom, (cloud, share) in enumerate(zip(found.particles, found.shares(), strict=True)):
        system = target.coordinate_system
        numbers = system.values(atom, cloud.scores)
        shield, danger = (numbers[:, system.cells_of(name)[0]] for name in ("shield", "danger"))
        used = day + 0.5 + shield * (DAYS - day - 0.5)
        values.append(shield)
        masses.append(share * np.exp(-danger * used))
    low, high = weighted_quantiles(np.concatenate(values), np.concatenate(masses), (0.05, 0.95))
    assert low is not None
    assert high is not None
    return low, high
