"""Small cases with a record, and the weights of conditioned runs of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from foedus.engine.conditioned.run import (
    Conditioned,
    ConditionedRun,
    condition_on,
    noise_of,
    run_conditioned,
)
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Atom
from foedus.jump.stages import Stage, full_stage
from tests.conformance.statistics import SEEDS, assert_mean
from tests.loading import warned_case

HEAD = """\
foedus: 1
case: small
title: a small case with a record
clock: {start: 2020-01-01, end: 2020-01-10}
sources: {paper: {kind: news, title: a paper, language: en}}
"""


def parameters(**values: float | str) -> str:
    """Fixed parameters; text is `VALUE UNIT`."""
    lines = ["parameters:"]
    for name, value in values.items():
        number, _, unit = str(value).partition(" ")
        shown = unit or "per day"
        ground = "grade: assumed, because: a test"
        lines.append(f"  {name}: {{value: {number}, unit: {shown}, {ground}}}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Small:
    """A case ready to be run."""

    conditioned: Conditioned
    atom: Atom
    stage: Stage
    horizon: float


def small(*parts: str) -> Small:
    """The case made of some sections, with all of its record known; warnings are fine."""
    case = warned_case(HEAD + "".join(parts))
    model, record = lower(case), lower_record(case)
    stage = full_stage(record, model.horizon)
    return Small(condition_on(model, record), model.atoms[0], stage, model.horizon)


def run_of(case: Small, seed: int, run: int, stage: Stage | None = None) -> ConditionedRun:
    """One run of a case under its full stage, or another."""
    theta = draw_parameters(case.conditioned.prepared.model, case.atom, seed, run)
    noise = noise_of(case.conditioned, seed, run)
    return run_conditioned(case.conditioned, theta, case.atom, noise, stage or case.stage)


def weights(case: Small, number: int, stage: Stage | None = None) -> list[list[float]]:
    """The weights (not their logarithms) of so many runs, in a block for each seed."""
    return [
        [exp(run_of(case, seed, run, stage).log_weight) for run in range(number)] for seed in SEEDS
    ]


def assert_probability(
    case: Small, probability: float, number: int = 600, stage: Stage | None = None
) -> None:
    """The mean weight is the probability, within 4.5 standard errors (7e-6 a seed) or exactly."""
    blocks = weights(case, number, stage)
    if all(abs(one - probability) <= 1e-9 * probability for block in blocks for one in block):
        return
    assert_mean(blocks, probability)
