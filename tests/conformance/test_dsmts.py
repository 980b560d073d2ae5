"""The discrete stochastic model test suite as case files, on both engines.

Of the native engine there are 100,000 runs, in a block for each of five seeds, of the reference
engine 12,000.

The suite's rule: of n runs, the mean at a time lies sqrt(n) (mean - mu) / sigma within 3, and the
variance sqrt(n / 2) (s^2 / sigma^2 - 1) within 5, at nearly all times. Every run counts.

Rate of false alarms, for another choice of seeds: 50 days are not independent, so an excursion
beyond 3 lasts some days. In simulations of Gaussian processes with the correlations of the models,
more than 5 of 50 days lie beyond 3 in .001 to .007 of the cases; so one of the nine series of means
fails with at most .05. Means of blocks stop at 4.5: below 1e-4 for each. Variances of blocks of
20,000 and of parts of 4,000 stop at 4.5 of their own errors, some 1e-4 for each, a few times more
where tails are long; small blocks stop at 7.5 of a normal law's, 1e-3 or less for each but for the
longest tail (`dsmts-003-04` about day 11, where it is three of its own).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from foedus.engine.native.choice import Work, build_kernel
from foedus.engine.reference import Watch
from foedus.engine.sampling import draw_parameters
from foedus.jump.model import JumpModel
from tests.conformance.courses import TARGETS, courses, model_of
from tests.conformance.dsmts import MODELS
from tests.conformance.statistics import SEEDS

Sampled = NDArray[np.float64]
"""The number of each species at each time in each run (run, time, species)."""

Score = tuple[int, str, float, float]

BLOCKS = (*SEEDS, 7, 20220111)


def watched(model: JumpModel, times: Sequence[int]) -> Watch:
    """The species at some days."""
    species = tuple(monitor.expression for monitor in model.monitors)
    return Watch(species, tuple(float(time) for time in times))


def runs_of(name: str, number: int, seed: int, times: Sequence[int]) -> Sampled:
    """The species at some days in so many runs of the reference engine."""
    model = model_of(name)
    watch, end = watched(model, times), float(times[-1])
    made = courses(model, number, seed, watch=watch, horizon=end)
    return np.array([run.samples for run in made])


def native_runs_of(name: str, number: int, seed: int, times: Sequence[int]) -> Sampled:
    """The species at some days in so many runs of the native engine."""
    model = model_of(name)
    watch, atom = watched(model, times), model.atoms[0]
    kernel = build_kernel(Work(model, watch))
    theta = draw_parameters(model, atom, seed, 0)
    found = kernel.run([theta], atom, seed, 0, number, horizon=float(times[-1])).samples
    width = len(watch.expressions)
    return found[: number * len(times) * width].reshape(number, len(times), width)


def scores(name: str, runs: Sampled, times: Sequence[int]) -> list[Score]:
    """Time, species, standardised mean and standardised variance."""
    found = []
    size = len(runs)
    for place, time in enumerate(times):
        for number, (species, (mean, variance)) in enumerate(MODELS[name](float(time)).items()):
            values = runs[:, place, number]
            if variance < 1e-9:
                assert np.all(values == mean), (time, species)
                continue
            z = sqrt(size) * (float(values.mean()) - mean) / sqrt(variance)
            square = float(values.var(ddof=1))
            found.append((time, species, z, sqrt(size / 2) * (square / variance - 1)))
    return found


def assert_near(
    name: str, runs: Sampled, times: Sequence[int], furthest: Mapping[tuple[int, str], float]
) -> None:
    """Every mean is within 4.5 of its standard errors, every variance as near as it has to be."""
    for time, species, mean, variance in scores(name, runs, times):
        assert abs(mean) < 4.5, (time, species, mean)
        assert abs(variance) < furthest.get((time, species), 7.5), (time, species, variance)


def own_errors(name: str, runs: Sampled, times: Sequence[int]) -> dict[tuple[int, str], float]:
    """4.5 standard errors of each variance, in units of the suite's rule, from fourth moments.

    The rule's unit is the error for a normal law; that of a law with long tails is up to three.
    """
    centred = runs - runs.mean(axis=0)
    square, fourth = (centred**2).mean(axis=0), (centred**4).mean(axis=0)
    return {
        (time, species): 4.5 * sqrt((fourth[place, number] / square[place, number] ** 2 - 1) / 2)
        for place, time in enumerate(times)
        for number, species in enumerate(MODELS[name](1.0))
        if square[place, number] > 0.0
    }


@pytest.mark.parametrize("name", MODELS)
def test_two_blocks_of_five_hundred(name: str) -> None:
    times = (0, 2, 5, 10, 15, 20, 24, 25, 30)
    one, other = (runs_of(name, 500, seed, times) for seed in SEEDS[:2])
    assert np.any(one != other)
    for block in (one, other, np.concatenate([one, other])):
        assert_near(name, block, times, {})


def assert_rule(name: str, runs: Sampled) -> None:
    """The rule of the suite."""
    standardised = scores(name, runs, range(51))
    for species in MODELS[name](1.0):
        own = [score for score in standardised if score[1] == species]
        assert sum(abs(score[2]) > 3 for score in own) <= 5, own
        assert sum(abs(score[3]) > 5 for score in own) <= 5, own


@pytest.mark.full
@pytest.mark.parametrize("name", MODELS)
def test_runs_of_the_reference_engine(name: str) -> None:
    found = [runs_of(name, 4000, seed, range(51)) for seed in SEEDS]
    everything = np.concatenate(found)
    for some in (*found, *parts(found, 500), everything):
        assert_near(name, some, range(51), {})
    assert_rule(name, everything)


@pytest.mark.parametrize("name", MODELS)
def test_a_hundred_thousand_runs(name: str) -> None:
    found = [native_runs_of(name, 20_000, seed, range(51)) for seed in BLOCKS]
    everything = np.concatenate(found)
    furthest = own_errors(name, everything, range(51))
    for some in (*found, *parts(found, 4000)):
        assert_near(name, some, range(51), furthest)
    assert_rule(name, everything)


def parts(blocks: Sequence[Sampled], size: int) -> list[Sampled]:
    """Parts of every block, so that not the first runs alone are looked at."""
    return [block[at : at + size] for block in blocks for at in range(0, len(block), size)]


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
