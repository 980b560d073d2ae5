"""What an event costs in courses that agree with a record and in their other worlds.

The first run of a course keeps its history and the other world reads it, so both cost more than
runs that only agree with the record, of which two independent ones would be needed. The record is
that of the flagship up to 3 January, with which nearly every course drawn from the priors agrees.
"""

from __future__ import annotations

import time
from functools import partial
from statistics import median

import numpy as np

from foedus import study
from foedus.bench.engine import SEED, engine_of_model, parameters_of
from foedus.bench.measure import in_turns, ratio
from foedus.bench.row import Effort, Found, Row
from foedus.engine.particles import draw_noise, runner
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.engine.worlds import world_runner
from foedus.jump.lower import interventions_of
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import stage_as_of

CASE, WHAT_IF, DAY, RUNS = "kazakhstan-2022", "no-deployment", 2.5, 1000


def cost(effort: Effort) -> Found:
    """Processor seconds of an event in pairs of worlds, over those in runs without a history."""
    case, runs = study.load(CASE), effort.scaled(RUNS)
    model, record = study.build(case), lower_record(case)
    plain = engine_of_model(model, parameters_of(case))
    particles, atom = runner(model, record, "native"), model.atoms[0]
    stage = stage_as_of(record, DAY, horizon=model.horizon)
    drawn = [draw_parameters(model, atom, SEED, run) for run in range(runs)]
    numbers = np.array([flat_parameters(model, theta) for theta in drawn])
    noise = draw_noise(particles, SEED, 0, runs)
    run = partial(particles.run, atom=atom, stage=stage, horizon=model.horizon)
    agree = run(numbers, noise=noise).died_of < 0
    numbers, noise = numbers[agree], noise[agree]
    trusted = np.ones((len(numbers), len(record.sightings)), np.bool_)
    worlds = world_runner(particles.conditioned, [interventions_of(case, WHAT_IF)], None, "native")

    def rate_of_particles(turn: int) -> float:
        start = time.process_time()
        events = int(run(numbers, noise=noise).events.sum())
        return events / (time.process_time() - start)

    def rate_of_worlds(turn: int) -> float:
        start = time.process_time()
        found = worlds.run(
            numbers, atom, noise, stage, switches=trusted, horizon=model.horizon
        )  # fmt: skip
        return int(found.events.sum()) / (time.process_time() - start)

    rates = in_turns(
        effort.rounds,
        plain=lambda turn: plain.rate(turn * runs, runs),
        particles=rate_of_particles,
        worlds=rate_of_worlds,
    )
    return ratio(
        rates["particles"],
        rates["worlds"],
        {
            "ns an event, pairs": 1e9 / median(rates["worlds"]),
            "ns an event, agreeing runs": 1e9 / median(rates["particles"]),
            "ns an event, without a record": 1e9 / median(rates["plain"]),
        },
    )


ROWS = (
    Row("what-if-record", "flagship", "cost of an event in pairs, over runs that agree",
        cost, 1.5, None, True),
)  # fmt: skip
