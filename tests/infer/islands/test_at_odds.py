"""Particles judged anew under other prior odds, against the record worked out under these.

Items hang on two origins, so that what distrust is worth depends on the prior odds as well: with
that left as it was, likelihoods would be some 10 % off at the most lopsided of these odds.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from foedus.infer.exact.exactly import Exactly, exactly
from foedus.infer.islands import agreed, remembered
from foedus.infer.islands.agreed import agreed_islands
from foedus.infer.islands.at_odds import at_odds
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, evidence_of, run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.islands.remembered import packed, unpacked
from foedus.infer.islands.standings import standings
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.weights import log_sum
from foedus.infer.posterior.marginals import beliefs
from foedus.infer.sampler.sampler import Settings
from foedus.infer.sampler.trusting import Trusting, origins_of, withheld_from
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.infer.strikes import COMPLETE, HEAD, item, target_from
from tests.loading import case_of

ISLANDS = 16
ODDS = ((0.9, 0.1), (0.02, 0.98), (0.0, 1.0), (1.0, 0.0))
ONCE_IN = 100_000


def hanging(name: str, at: str, source: str) -> str:
    """A strike that is only as sure as whoever tells of it."""
    return f"  - {{id: {name}, happened: strike, at: {at}, cites: [{source}]}}\n"


RECORD = (
    hanging("one", "2000-01-02", "daily")
    + hanging("two", "2000-01-04/2000-01-05", "wave")
    + hanging("three", "2000-01-08", "weekly")
    + item("four", "2000-01-09")
)


def as_written() -> RecordTarget:
    """The record under the odds of the case, one number uncertain: soon worked out."""
    case = case_of(f"{HEAD}evidence:\n{RECORD}{COMPLETE}")
    return target_of(case, lower(case), lower_record(case), start, fixed={"boost": 4.0})


def under(odds: tuple[float, float]) -> RecordTarget:
    """The record under an analyst's prior odds; those of the case are even."""
    target = as_written()
    atoms = tuple(
        replace(atom, prior=prior, written=atom.prior)
        for atom, prior in zip(target.model.atoms, odds, strict=True)
    )
    return replace(target, model=replace(target.model, atoms=atoms))


def worked_out(target: RecordTarget) -> Evidence:
    """The record worked out under the priors that the target has."""
    found = exactly(target)
    assert isinstance(found, Exactly)
    return found.evidence


def noted(found: Exactly) -> Evidence:
    """The record worked out, with how the nodes of the grid stood to origins on the way."""
    target, evidence = found.target, found.evidence
    (course,) = evidence.courses
    particles, origins = course.clouds[0].particles, origins_of(target.steps)
    rows, which = np.unique(withheld_from(origins, particles), axis=0, return_inverse=True)
    masses = found.lattice.prior_masses(target, particles)
    known = range(len(target.steps) + 1)
    told = np.zeros((len(known), particles.size))
    for number, step in enumerate(target.steps):
        told[number + 1] = told[number]
        if step.trust is not None:
            told[number + 1, step.trust.is_withheld(particles)] += course.neutral[number]
    shares = np.zeros((len(target.atoms), len(known), len(rows)))
    gains = np.zeros((len(target.atoms), len(target.steps), len(rows)))
    for atom in range(len(target.atoms)):
        plain = masses + np.stack([target.log_weights(atom, particles, one) for one in known])
        for way in range(len(rows)):
            own = which.reshape(-1) == way
            inside = [log_sum(plain[one, own] + told[one, own]) for one in known]
            shares[atom, :, way] = np.exp(inside - course.levels[atom])
            gains[atom, :, way] = [
                log_sum(plain[one + 1, own] + told[one, own]) - inside[one] for one in known[:-1]
            ]
    trusting = Trusting(rows, shares, gains)
    return replace(evidence, courses=(replace(course, trusting=trusting),))


@pytest.mark.parametrize("odds", ODDS)
def test_from_a_record_worked_out_other_odds_follow_to_the_last_digit(
    odds: tuple[float, float],
) -> None:
    # Two origins whose items come by turns: what one is worth depends on who trusts the other.
    found = exactly(as_written())
    assert isinstance(found, Exactly)
    target = under(odds)
    judged, exact = at_odds(noted(found), target), worked_out(target)
    assert judged is not None
    np.testing.assert_allclose(judged.courses[0].neutral, exact.courses[0].neutral, atol=1e-9)
    np.testing.assert_allclose(judged.courses[0].levels, exact.levels[0], atol=1e-9)
    mine, theirs = pool(judged), pool(exact)
    for atom in range(2):
        np.testing.assert_allclose(mine.logs[atom], theirs.logs[atom], atol=1e-9)


@pytest.fixture(scope="module")
def sampled() -> Evidence:
    """Particles of many islands, sampled under the even odds of the case."""
    return run_islands(as_written(), Settings(120, 2), islands=ISLANDS, seed=11)


@pytest.mark.parametrize("odds", ODDS)
def test_particles_judged_anew_are_exact_on_average(
    odds: tuple[float, float], sampled: Evidence
) -> None:
    # 10 likelihoods by atom, 3 worths of distrust and 2 beliefs at each of 4 odds, each by
    # Student's t over islands and 0.015 more (as many particles are biased by): a false alarm in
    # 100,000 for each of 92 numbers, so one in 1,000 for all.
    target = under(odds)
    exact, judged = worked_out(target), at_odds(sampled, target)
    assert judged is not None
    allowed = float(stats.t.ppf(1.0 - 0.5 / ONCE_IN, ISLANDS - 1)) / np.sqrt(ISLANDS)

    def is_near(found: np.ndarray, truth: np.ndarray) -> bool:
        near = np.abs(found.mean(axis=0) - truth) < allowed * found.std(axis=0, ddof=1) + 0.015
        return bool(near.all())

    own = np.stack([course.levels for course in judged.courses])
    ratios = np.exp(own - exact.levels)
    assert is_near(ratios, np.ones(ratios.shape[1:]))
    neutral = np.stack([course.neutral for course in judged.courses])
    assert is_near(neutral, exact.courses[0].neutral)
    truths = [one.posterior for one in beliefs(target.coordinate_system, pool(exact))]
    single = [evidence_of(target, [course]) for course in judged.courses]
    found = [
        [one.posterior for one in beliefs(target.coordinate_system, pool(one))] for one in single
    ]
    assert is_near(np.array(found), np.array(truths))


def test_what_distrust_is_worth_moves_with_the_odds(sampled: Evidence) -> None:
    # Or else the test before would show nothing.
    even, uneven = worked_out(under((0.5, 0.5))), worked_out(under((0.02, 0.98)))
    assert np.abs(even.levels - uneven.levels).max() > 0.08
    judged = at_odds(sampled, under((0.02, 0.98)))
    assert judged is not None
    assert np.abs(judged.levels - sampled.levels).max() > 0.05


def test_under_the_odds_they_were_sampled_at_nothing_changes(sampled: Evidence) -> None:
    judged = at_odds(sampled, under((0.5, 0.5)))
    assert judged is not None
    np.testing.assert_allclose(judged.levels, sampled.levels, atol=1e-12)
    for new, old in zip(judged.courses, sampled.courses, strict=True):
        np.testing.assert_allclose(new.neutral, old.neutral, atol=1e-12)
        for one, other in zip(new.clouds, old.clouds, strict=True):
            np.testing.assert_allclose(one.logs, other.logs, atol=1e-12)
            np.testing.assert_allclose(one.level, other.level, atol=1e-12)


def test_judged_anew_is_as_sampled_anew(sampled: Evidence) -> None:
    # Log evidences of two independent sets of islands: 4.5 standard errors, one in 100,000 each.
    target = under((0.9, 0.1))
    judged, anew = at_odds(sampled, target), run_islands(target, Settings(120, 2), islands=ISLANDS)
    assert judged is not None
    for atom in range(2):
        one, other = judged.of([atom]), anew.of([atom])
        assert abs(one.log - other.log) < 4.5 * np.hypot(one.error, other.error) + 0.01


@pytest.mark.parametrize(("odds", "certain"), [((0.0, 1.0), "by-plot"), ((1.0, 0.0), "by-itself")])
def test_odds_of_nothing_and_of_everything_stay_so(
    odds: tuple[float, float], certain: str, sampled: Evidence
) -> None:
    target = under(odds)
    judged = at_odds(sampled, target)
    assert judged is not None
    assert np.isfinite(judged.levels).all()
    for one in standings(target.model, judged):
        assert one.posterior == float(one.name == certain)
        assert np.isfinite([one.log_evidence, one.low, one.high]).all()


def test_where_nothing_hangs_on_an_origin_odds_move_by_the_prior_odds_alone() -> None:
    sure = item("one", "2000-01-02") + item("two", "2000-01-04")
    target = target_from(sure)
    found = run_islands(target, Settings(60, 1), islands=1)
    atoms = tuple(
        replace(atom, prior=prior, written=0.5)
        for atom, prior in zip(target.model.atoms, (0.8, 0.2), strict=True)
    )
    other = replace(target, model=replace(target.model, atoms=atoms))
    judged = at_odds(found, other)
    assert judged is not None
    before, after = standings(target.model, found), standings(other.model, judged)
    moved = special.logit(after[0].posterior) - special.logit(before[0].posterior)
    assert moved == pytest.approx(np.log(4.0), abs=1e-9)


def test_what_was_kept_can_be_judged_anew(sampled: Evidence) -> None:
    target = under((0.9, 0.1))
    one, other = at_odds(sampled, target), at_odds(unpacked(packed(sampled)), target)
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.levels, other.levels)


def test_without_how_particles_stood_on_the_way_it_cannot_be_told(sampled: Evidence) -> None:
    bare = replace(
        sampled, courses=tuple(replace(course, trusting=None) for course in sampled.courses)
    )
    assert at_odds(bare, under((0.9, 0.1))) is None


def test_runs_are_made_once_for_all_analysts(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[RecordTarget] = []

    def counted(target: RecordTarget, *args: object, **more: object) -> Evidence:
        ran.append(target)
        return run_islands(target, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(remembered, "run_islands", counted)
    monkeypatch.setattr(agreed, "verify_agreement", lambda *_: None)
    few = Effort(particles=30, sweeps=1, islands=2)
    first, second = (agreed_islands(under(odds), few, seed=3) for odds in ODDS[:2])
    assert [target.atoms for target in ran] == [[0.5, 0.5], [0.5, 0.5]]  # too quick to be kept
    assert all(course.is_judged_anew for one in (first, second) for course in one.courses)
    for one, other in zip(first.courses, second.courses, strict=True):
        np.testing.assert_array_equal(
            one.clouds[0].particles.scores, other.clouds[0].particles.scores
        )
