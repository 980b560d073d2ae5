"""Draws from what a record leaves open, against what is known of a case of closed form."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.islands.standings import standings
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.posterior import Posterior, posterior_of
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

TOLD = "  - {id: told, state: strikes == 3, at: 2000-01-09, cites: [wave]}\n"
DRAWS, TIMES = 80, (0.5, 2.0, 9.0)


@pytest.fixture(scope="module")
def sampled() -> tuple[RecordTarget, Evidence]:
    case = case_of(HEAD + "evidence:\n" + THREE + TOLD + COMPLETE)
    target = target_of(case, lower(case), lower_record(case), start)
    return target, run_islands(target, Settings(DRAWS), islands=4)


@pytest.fixture(scope="module")
def found(sampled: tuple[RecordTarget, Evidence]) -> Posterior:
    return posterior_of(*sampled, TIMES, start, draws=DRAWS, seed=1)


def test_draws_are_as_likely_as_the_verdict_says(
    sampled: tuple[RecordTarget, Evidence], found: Posterior
) -> None:
    # Systematic resampling leaves each atom within one draw of its share, in every island.
    target, evidence = sampled
    assert found.atoms.shape == (4, DRAWS)
    for one in standings(target.model, evidence):
        share = float(np.isin(found.atoms, one.atoms).mean())
        assert share == pytest.approx(one.posterior, abs=1.0 / DRAWS)


def test_the_course_is_the_one_that_the_record_tells(found: Posterior) -> None:
    # Nothing before the first strike, one by the end of its day, three in all.
    strikes = found.states["strikes"]
    assert strikes.shape == (4, DRAWS, 3)
    assert np.all(strikes == np.array([0.0, 1.0, 3.0]))


def test_parts_and_prior_sum_to_the_log_density(
    sampled: tuple[RecordTarget, Evidence], found: Posterior
) -> None:
    target, evidence = sampled
    assert set(found.accounts) == {"one", "two", "three", "told", "silence of strike"}
    believes = found.trusted["radio"]
    assert 0.0 < believes.mean() <= 1.0
    assert np.all(found.logs[~believes][:, found.accounts.index("told")] == 0.0)
    for chain, place in ((0, 3), (2, 7)):
        clouds = evidence.courses[chain].clouds
        scores = np.concatenate([cloud.particles.scores for cloud in clouds])
        own = scores[found.particles[chain, place]]
        prior = np.log(target.atoms[found.atoms[chain, place]]) - 0.5 * np.sum(own**2)
        distrusted = next(
            float(course.neutral[list(evidence.steps).index("told")])
            for course in evidence.courses[chain : chain + 1]
        )
        total = found.logs[chain, place].sum() + prior
        total += 0.0 if believes[chain, place] else distrusted
        assert found.targets[chain, place] == pytest.approx(total)


def test_the_reference_engine_tells_the_same_course(
    sampled: tuple[RecordTarget, Evidence], found: Posterior
) -> None:
    slow = partial(start, engine="reference")
    again = posterior_of(*sampled, TIMES, slow, draws=DRAWS, seed=1)
    assert np.array_equal(again.states["strikes"], found.states["strikes"])
    assert np.array_equal(again.parameters["speed"], found.parameters["speed"])


def test_a_parameter_has_the_posterior_of_the_closed_form(found: Posterior) -> None:
    # Given calm, a gamma prior and three strikes in ten days: gamma again. Five standard errors.
    calm = found.parameters["speed"][found.atoms == 0]
    shape, rate = 2.0 + 3.0, 2.0 / 0.3 + 10.0
    error = np.sqrt(shape) / rate / np.sqrt(found.sizes.sum() * np.mean(found.atoms == 0))
    assert abs(calm.mean() - shape / rate) < 5.0 * error
    assert found.rhat["speed"].shape == (1,)
    assert 1.0 <= found.rhat["speed"][0] < 1.3
