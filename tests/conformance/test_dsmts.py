"""The discrete stochastic model test suite as case files, on both engines.

The suite's rule: of n runs, the mean at a time lies sqrt(n) (mean - mu) / sigma within 3, and the
variance sqrt(n / 2) (s^2 / sigma^2 - 1) within 5, at nearly all times. Every run counts.

Rate of false alarms, for another choice of seeds: 50 days are not independent, so an excursion
beyond 3 lasts some days. In simulations of Gaussian processes with the correlations of the models,
more than 5 of 50 days lie beyond 3 in .001 to .007 of the cases; so one of the nine series of means
fails with at most .05. Blocks and the small tier stop at 4.5 and 7.5: below 1e-4 for all of them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import sqrt

import pytest

from foedus.engine.reference import Watch
from foedus.jump.model import JumpModel
from foedus.questions.design import Design, blocks, starter
from tests.conformance.courses import TARGETS, courses, model_of
from tests.conformance.dsmts import MODELS
from tests.conformance.statistics import SEEDS

Runs = list[tuple[tuple[float, ...], ...]]
"""Of each run, at each time, the number of each species."""


def watched(model: JumpModel, times: Sequence[int]) -> Watch:
    """The species at some days."""
    species = tuple(monitor.expression for monitor in model.monitors)
    return Watch(species, tuple(float(time) for time in times))


def runs_of(name: str, number: int, seed: int, times: Sequence[int]) -> Runs:
    """The species at some days in so many runs, which end with the last day."""
    model = model_of(name)
    watch, end = watched(model, times), float(times[-1])
    return [run.samples for run in courses(model, number, seed, watch=watch, horizon=end)]


def whole_runs_of(engine: str, name: str, number: int, seed: int, times: Sequence[int]) -> Runs:
    """The species at some days in so many runs of an engine."""
    model = model_of(name)
    watch = watched(model, times)
    design = Design(model, model.atoms, seed, number // 10, 10, {}, (), watch)
    run_block = starter(engine)(design)
    flat = [value for block in blocks(design) for value in run_block(block).samples]
    width = len(watch.expressions)
    rows = [tuple(flat[at : at + width]) for at in range(0, len(flat), width)]
    return [tuple(rows[at : at + len(times)]) for at in range(0, len(rows), len(times))]


def scores(name: str, runs: Runs, times: Sequence[int]) -> list[tuple[int, str, float, float]]:
    """Time, species, standardised mean and standardised variance."""
    found = []
    size = len(runs)
    for place, time in enumerate(times):
        for number, (species, (mean, variance)) in enumerate(MODELS[name](float(time)).items()):
            values = [run[place][number] for run in runs]
            if variance < 1e-9:
                assert set(values) == {mean}, (time, species)
                continue
            own = sum(values) / size
            square = sum((value - own) ** 2 for value in values) / (size - 1)
            z = sqrt(size) * (own - mean) / sqrt(variance)
            found.append((time, species, z, sqrt(size / 2) * (square / variance - 1)))
    return found


def assert_near(name: str, runs: Runs, times: Sequence[int]) -> None:
    """Every mean is within 4.5 and every variance within 7.5 of its standard errors."""
    for score in scores(name, runs, times):
        assert abs(score[2]) < 4.5, score
        assert abs(score[3]) < 7.5, score


@pytest.mark.parametrize("name", MODELS)
def test_two_blocks_of_five_hundred(name: str) -> None:
    times = (0, 2, 5, 10, 15, 20, 24, 25, 30)
    one, other = (runs_of(name, 500, seed, times) for seed in SEEDS[:2])
    assert one != other
    for block in (one, other, one + other):
        assert_near(name, block, times)


@pytest.mark.parametrize("engine", [pytest.param("reference", marks=pytest.mark.full), "native"])
@pytest.mark.parametrize("name", MODELS)
def test_the_rule_of_the_suite(name: str, engine: str) -> None:
    times = range(51)
    found = [whole_runs_of(engine, name, 4000, seed, times) for seed in SEEDS]
    for block in found:
        assert len(block) == 4000
        assert_near(name, block, times)
        for first in range(0, 4000, 500):  # not the first runs only
            assert_near(name, block[first : first + 500], times)
    everything = [run for block in found for run in block]
    assert_near(name, everything, times)
    standardised = scores(name, everything, times)
    for species in MODELS[name](1.0):
        own = [score for score in standardised if score[1] == species]
        assert sum(abs(score[2]) > 3 for score in own) <= 5, own
        assert sum(abs(score[3]) > 5 for score in own) <= 5, own


@pytest.mark.parametrize("name", MODELS)
def test_formulas_are_those_of_the_suite(name: str) -> None:
    folder = TARGETS / "dsmts"
    if not folder.is_dir():
        pytest.skip("the published numbers of the suite are not beside the project")
    means, spreads = (
        list(csv.reader((folder / f"{name}-{what}.csv").read_text().splitlines()))
        for what in ("mean", "sd")
    )
    assert len(means) == len(spreads) == 52
    for mean_row, spread_row in zip(means[1:], spreads[1:], strict=True):
        moments = MODELS[name](float(mean_row[0]))
        for place, species in enumerate(means[0][1:], 1):
            mean, variance = moments[species]
            assert float(mean_row[place]) == pytest.approx(mean, rel=5e-6, abs=6e-6)
            assert float(spread_row[place]) == pytest.approx(sqrt(variance), rel=5e-6, abs=6e-6)
