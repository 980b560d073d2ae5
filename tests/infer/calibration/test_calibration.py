"""From the prior to a simulated record to the posterior: the truth is where it should be.

Simulation-based calibration [Talts2018]_: if parameters are drawn from their prior and a record is
made from them, the rank of the true value among draws from the posterior is uniform, and an
explanation with posterior probability p is the true one in a share p of the records.

References
----------
.. [Talts2018] S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman (2018), Validating
   Bayesian inference algorithms with simulation-based calibration, arXiv:1804.06788.
"""

from dataclasses import replace
from math import floor, sqrt

import numpy as np
import pytest
from scipy import stats

from foedus import study
from foedus.infer.calibration.calibration import calibrate, histogram, surprise
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.likelihood.transforms import values_at
from foedus.infer.particles.weights import log_sum, resample
from foedus.infer.sampler.sampler import Settings, sample
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.record import Record, Sighting, Target, Window
from foedus.jump.stages import full_stage, stages
from foedus.reproduce.calibration import MODELS
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

CASE = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)
MODEL, RECORD = lower(CASE), lower_record(CASE)
DAYS, DRAWS = 10.0, 19


def recorded(times: np.ndarray) -> Record:
    """The record of strikes at some times, each known to the day, on that day."""
    sightings = tuple(
        Sighting(
            f"s{number}", "happened", (Window(floor(time), floor(time) + 1.0),), floor(time) + 1.0,
            Target("strike", None, ()), is_established=True,
        )
        for number, time in enumerate(times)
    )  # fmt: skip
    return replace(RECORD, sightings=sightings)


def one_record(random: np.random.Generator) -> tuple[int, float, float]:
    """A rank among `DRAWS` draws, whether the plot is true, and its posterior probability.

    Each draw is of an atom and then of a number: were all of them of one atom, they would lie to
    one side of the truth wherever that atom is not the true one.
    """
    system = coordinates_of(MODEL, RECORD)
    plotted = int(random.random() < 0.5)
    laws = system.laws[plotted]
    speed, boost = (
        float(values_at(laws[name], random.standard_normal(1))[0]) for name in ("speed", "boost")
    )
    rate = speed * (boost if plotted else 1.0)
    times = np.sort(random.random(random.poisson(rate * DAYS)) * DAYS)
    record = recorded(times)
    known = (*stages(record, horizon=MODEL.horizon), full_stage(record, MODEL.horizon))
    target = RecordTarget(MODEL, record, system, known, start(MODEL, record))
    run = sample(target, Settings(particles=120, sweeps=2), int(random.integers(2**32)))
    logs = run.gains.sum(axis=1)
    share = float(np.exp(logs[1] - log_sum(logs)))
    place, rank = system.cells[system.cells_of("speed")[0]].coordinate, 0
    atoms = random.random(DRAWS) < share
    for atom, cloud in enumerate(run.clouds):
        drawn = cloud.particles.scores[resample(cloud.logs, random), place]
        scores = random.permutation(drawn)[: int(np.sum(atoms == atom))]
        rank += int(np.sum(values_at(system.laws[atom]["speed"], scores) < speed))
    return rank, float(plotted), share


@pytest.mark.parametrize("count", [24, pytest.param(600, marks=pytest.mark.full)])
def test_the_truth_is_where_it_should_be(count: int) -> None:
    # Two tests at 4 standard errors and one at 1 in 10,000: a false alarm in 4,500.
    random = np.random.default_rng(20)
    ranks, truths, shares = np.array([one_record(random) for _ in range(count)]).T
    bins = np.histogram(ranks, bins=5, range=(0, DRAWS + 1))[0]
    assert stats.chisquare(bins).pvalue > 1e-4
    middle = (ranks - DRAWS / 2.0) / sqrt((DRAWS**2 + 2 * DRAWS) / 12.0)
    assert abs(middle.mean()) * sqrt(count) < 4.0
    surprise = np.sum(truths - shares) / sqrt(np.sum(shares * (1.0 - shares)))
    assert abs(surprise) < 4.0


@pytest.mark.parametrize("count", [12, pytest.param(300, marks=pytest.mark.full)])
def test_the_truth_is_where_it_should_be_in_a_crowd_that_is_half_seen(count: int) -> None:
    # Contagion, agitation or both; arrivals reported by chance, departures unseen, a count with an
    # error, a look, a ban. Nine numbers at 1 in 50,000 and three explanations at 4 standard errors:
    # a false alarm in 2,700.
    case = study.load(MODELS / "contagion.yaml")
    found = calibrate(study.build(case), lower_record(case), count=count, seed=11)
    assert set(found[0].ranks) == {*case.parameters, "active", "banned"} - {"room"}
    for name in found[0].ranks:
        assert stats.chisquare(histogram(found, name, 5)).pvalue > 2e-5, name
    for name in found[0].shares:
        assert abs(surprise(found, name)) < 4.0, name
    assert all(sum(one.truths.values()) == 1 for one in found)
    assert all(abs(sum(one.shares.values()) - 1.0) < 1e-9 for one in found)
