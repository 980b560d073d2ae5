"""Another prior brought in step by step, against the closed form."""

from math import sqrt

import numpy as np
from scipy import stats

from foedus.expr.laws import Gamma
from foedus.infer.islands.islands import run_islands
from foedus.infer.islands.pool import pool, reweigh, thinned
from foedus.infer.sampler.sampler import Settings
from foedus.infer.verdict.flips import Again, other_priors
from foedus.infer.verdict.tilted import gains_by_steps
from tests.infer.strikes import THREE, log_evidence, target_from

FAR = 6.0
"""Strikes a day that the other prior expects; the record has three in ten days."""


def test_a_prior_far_from_the_particles_is_reached_step_by_step() -> None:
    # 4 standard errors of 8 runs: a false alarm in 2,000, by the t distribution. All at once, too
    # few of these particles count.
    target = target_from(THREE)
    truth = log_evidence(3, 2.0, 10.0, mean=FAR) - log_evidence(3, 2.0, 10.0)
    change = other_priors(target, {"speed": [Gamma(2.0, FAR)] * 2})
    gains, errors = [], []
    for seed in range(8):
        found = pool(run_islands(target, Settings(100, 2), islands=2, seed=seed))
        assert reweigh(found, change).logs[0] is None
        again = Again(thinned(found, 60, seed), target, {step.name: 0.0 for step in target.steps})
        (gain,) = gains_by_steps(again, change, [0], seed).values()
        gains.append(gain.log)
        errors.append(gain.error)
    assert abs(np.mean(gains) - truth) < 4.0 * np.std(gains, ddof=1) / sqrt(len(gains))
    assert np.std(gains, ddof=1) < 0.6
    # The errors are of five batches in each run: four degrees of freedom, 32 in all; one in 1,000.
    ratio = np.mean(np.square(errors)) / np.var(gains, ddof=1)
    low, high = stats.f.ppf([0.0005, 0.9995], 32, 7)
    assert low < ratio < high
