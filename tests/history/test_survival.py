"""Survival against published numbers, closed forms and slow twins."""

import numpy as np
import pytest

from foedus.history.survival import (
    cumulative_incidence,
    exponential_rate,
    kaplan_meier,
    log_rank,
    piecewise_exponential,
)

# Freireich's remission times (Kalbfleisch and Prentice), the drug arm: weeks, and whether it ended
DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_a_curve_of_the_textbooks() -> None:
    curve = kaplan_meier(DRUG, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.survival == pytest.approx(expected, abs=5e-5)
    assert curve.error[:2] == pytest.approx([0.0764, 0.0869], abs=5e-5)
    assert curve.median == 23.0
    assert curve.at(5.9) == 1.0
    assert curve.at(6.0) == pytest.approx(0.8571, abs=5e-5)
    assert kaplan_meier([1.0, 2.0], [1, 0]).median == 1.0
    assert kaplan_meier([1.0, 2.0, 3.0], [1, 0, 0]).median is None


def test_the_log_rank_of_the_textbooks() -> None:
    lengths = [*DRUG, *PLACEBO]
    ended = [*ENDED, *[1] * 21]
    group = [*[True] * 21, *[False] * 21]
    assert log_rank(lengths, ended, group) == pytest.approx(16.793, abs=5e-4)
    other = [not each for each in group]
    assert log_rank(lengths, ended, other) == pytest.approx(log_rank(lengths, ended, group))


def test_groups_that_nothing_could_tell_apart() -> None:
    assert log_rank([1.0, 1.0, 1.0], [1, 1, 1], [True, False, False]) == 0.0
    # The one that was last seen at once was never at risk beside those that ended.
    assert log_rank([0.5, 1.0, 2.0], [0, 1, 1], [True, False, False]) == 0.0


def test_leader_survival_by_democracy() -> None:
    import lifelines
    from lifelines import datasets

    leaders = datasets.load_dd()
    democratic = (leaders.democracy == "Democracy").to_numpy()
    lengths, ended = leaders.duration.to_numpy(float), leaders.observed.to_numpy(float)
    statistic = log_rank(lengths, ended, democratic)
    assert statistic == pytest.approx(260.46953907796, abs=1e-8)
    for here, ends, years in ((democratic, 1027, 3995), (~democratic, 441, 5124)):
        assert (ended[here].sum(), lengths[here].sum()) == (ends, years)
        hazards = piecewise_exponential(lengths[here], ended[here])
        assert hazards.rate(0) == pytest.approx(ends / years, rel=1e-12)
    both = piecewise_exponential(lengths, ended, (), democratic[:, None].astype(float))
    assert both.effects[0] == pytest.approx(np.log(1027 / 3995) - np.log(441 / 5124), rel=1e-9)
    for there, ends, years in ((0.0, 441, 5124), (1.0, 1027, 3995)):
        assert both.rate(0, [there]) == pytest.approx(ends / years, rel=1e-9)
    curve = kaplan_meier(lengths, ended)
    theirs = lifelines.KaplanMeierFitter().fit(lengths, ended)
    expected = theirs.survival_function_at_times(curve.times).to_numpy()
    assert curve.survival == pytest.approx(expected, abs=1e-12)


def test_without_cuts_a_hazard_is_ends_over_time() -> None:
    hazards = piecewise_exponential(DRUG, ENDED)
    assert hazards.rate(0) == pytest.approx(9 / 359, rel=1e-12)
    assert hazards.log_rate_errors[0] == pytest.approx(1 / 3, rel=1e-12)
    rate, low, high = exponential_rate(9, 359)
    assert (low, high) == pytest.approx(
        (rate / np.exp(1.96 / 3), rate * np.exp(1.96 / 3)), rel=1e-4
    )
    with pytest.raises(ValueError, match="ends and time"):
        exponential_rate(0, 1)


def test_cut_hazards_are_ends_over_time_in_each_period() -> None:
    hazards = piecewise_exponential(DRUG, ENDED, (10.0, 20.0))
    lengths, ended = np.array(DRUG, float), np.array(ENDED)
    for period, (low, high) in enumerate(((0, 10), (10, 20), (20, np.inf))):
        time = np.clip(lengths - low, 0, high - low).sum()
        ends = ended[(lengths > low) & (lengths <= high)].sum()
        assert hazards.rate(period) == pytest.approx(ends / time, rel=1e-12)
    with pytest.raises(ValueError, match="leave out a cut"):
        piecewise_exponential(DRUG, ENDED, (24.0,))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_effects_are_found_again(seed: int) -> None:
    """Spells drawn from a known hazard; each of four numbers within four errors (a false
    alarm in one of 1,300 runs of the three seeds)."""
    chance = np.random.default_rng(seed)
    x = np.stack([chance.random(4000) < 0.5, chance.normal(size=4000)], axis=1).astype(float)
    factor = np.exp(x @ [0.7, -0.3])
    need = chance.exponential(size=4000) / factor
    lengths = np.where(need < 0.2 * 2.0, need / 0.2, 2.0 + (need - 0.4) / 0.05)
    ended = lengths < 15.0
    hazards = piecewise_exponential(np.minimum(lengths, 15.0), ended, (2.0,), x, ("a", "b"))
    found = np.concatenate([hazards.log_rates, hazards.effects])
    errors = np.concatenate([hazards.log_rate_errors, hazards.effect_errors])
    truth = np.array([np.log(0.2), np.log(0.05), 0.7, -0.3])
    assert (np.abs(found - truth) < 4.0 * errors).all()


def test_competing_ends_share_what_is_lost() -> None:
    causes = ["a", "b", "", "a", "b", "a", ""]
    lengths = [1.0, 2.0, 2.5, 3.0, 3.0, 4.0, 5.0]
    found = cumulative_incidence(lengths, causes)
    curve = kaplan_meier(lengths, [cause != "" for cause in causes])
    assert found.causes == ("a", "b")
    assert found.shares.sum(axis=0) == pytest.approx(1.0 - curve.survival)
    assert found.at("a", 0.5) == 0.0
    assert found.at("a", 1.0) == pytest.approx(1 / 7)
    assert found.at("b", 3.0) == pytest.approx(1 / 7 + (5 / 7) * (1 / 4))
    whole = cumulative_incidence([1.0, 2.0, 3.0, 4.0], ["a", "b", "a", "b"])
    assert [whole.at(cause, 4.0) for cause in "ab"] == [0.5, 0.5]


def test_spells_must_make_sense() -> None:
    with pytest.raises(ValueError, match="each spell"):
        kaplan_meier([1.0, -1e-9], [1, 1])
    with pytest.raises(ValueError, match="each spell"):
        log_rank([1.0], [1, 0], [True])
