"""Evidence models without time, against published numbers and against other computations."""

from __future__ import annotations

from math import inf, log

import pytest
from scipy.integrate import quad
from scipy.stats import beta, hypergeom, nchypergeom_fisher

from foedus.infer.static import (
    Bounds,
    Clue,
    Likelihood,
    Observed,
    binomial_bayes_factor,
    necessity_bounds,
    sufficiency_bounds,
    tolerated_bias,
    trace_process,
    urn_bayes_factor,
)


def typed(value: float, spread: float = 0.0) -> Likelihood:
    return Likelihood(value, max(0.0, value - spread), min(1.0, value + spread))


STRAW = Clue("straw", typed(0.8, 0.1), typed(0.2, 0.1))
GUN = Clue("gun", typed(0.3), typed(0.0))


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        ([(STRAW, True)], 0.8),
        ([(STRAW, False)], 0.2),
        ([(GUN, True)], 1.0),
        ([(GUN, False)], 0.4117647059),
        ([(STRAW, True), (GUN, False)], 0.7368421053),
        ([], 0.5),
    ],
)
def test_published_process_tracing(clues: list[tuple[Clue, bool]], expected: float) -> None:
    found = trace_process(0.5, clues)
    assert found.posterior == pytest.approx(expected, abs=1e-10)
    assert found.is_typed
    assert found.low <= found.posterior <= found.high
    assert [name for name, _ in found.log_odds] == [clue.name for clue, _ in clues]


def test_what_settles_the_matter() -> None:
    """A gun seen is exactly 1, an absent certainty exactly 0, and nothing is not a number."""
    assert trace_process(0.5, [(GUN, True)]).posterior == 1.0
    assert trace_process(0.01, [(STRAW, False), (GUN, True)]).log_odds[1] == ("gun", inf)
    hoop = Clue("hoop", typed(1.0), typed(0.5))
    found = trace_process(0.9, [(hoop, False)])
    assert (found.posterior, found.log_odds) == (0.0, (("hoop", -inf),))
    assert trace_process(0.0, [(GUN, False)]).posterior == 0.0
    with pytest.raises(ValueError, match="impossible whether the hypothesis is true or false"):
        trace_process(0.5, [(GUN, True), (hoop, False)])


def test_ranges_carry_through() -> None:
    found = trace_process(0.5, [(STRAW, True)])
    assert found.low == pytest.approx(0.7 / (0.7 + 0.3))
    assert found.high == pytest.approx(0.9 / (0.9 + 0.1))
    unseen = trace_process(0.5, [(STRAW, False)])
    assert unseen.low == pytest.approx(0.1 / (0.1 + 0.9))
    assert unseen.high == pytest.approx(0.3 / (0.3 + 0.7))
    assert found.log_odds[0][1] == pytest.approx(log(4.0))


def test_a_range_that_makes_all_impossible_is_open_to_its_end() -> None:
    """At the ends of its range a clue that was seen cannot be, true or false: all is left open."""
    seen = trace_process(0.5, [(Clue("", Likelihood(0.3, 0.0, 0.5), typed(0.0)), True)])
    assert (seen.low, seen.posterior, seen.high) == (0.0, 1.0, 1.0)
    unseen = trace_process(0.5, [(Clue("", typed(1.0), Likelihood(0.5, 0.0, 1.0)), False)])
    assert (unseen.low, unseen.posterior, unseen.high) == (0.0, 0.0, 1.0)


def test_a_clue_that_is_as_likely_either_way_moves_nothing() -> None:
    found = trace_process(0.3, [(Clue("", typed(0.4), typed(0.4)), True)])
    assert found.log_odds == (("", 0.0),)
    assert found.posterior == pytest.approx(0.3)
    with pytest.raises(ValueError, match="a prior lies within"):
        trace_process(1.01, [])


def test_names_of_tests() -> None:
    assert STRAW.test == "straw in the wind"
    assert GUN.test == "smoking gun"
    assert Clue("", typed(0.98), typed(0.5)).test == "hoop"
    assert Clue("", typed(1.0), typed(0.0)).test == "doubly decisive"
    assert Clue("", typed(0.95), typed(0.05)).test == "doubly decisive"  # just so


@pytest.mark.parametrize("wrong", [(0.5, 0.6, 0.7), (0.5, 0.4, 1.1), (-0.1, -0.1, 0.2)])
def test_a_likelihood_lies_within_its_range(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="within its range"):
        Likelihood(*wrong)


# Counts ------------------------------------------------------------------------------------------


def test_published_counts() -> None:
    assert binomial_bayes_factor(7, 3) == pytest.approx(7.827586, abs=5e-7)
    assert urn_bayes_factor(7, 3) == pytest.approx(39.0, rel=1e-12)


@pytest.mark.parametrize(("favourable", "against"), [(0, 0), (1, 0), (4, 9), (30, 12)])
def test_binomial_model(favourable: int, against: int) -> None:
    law = beta(favourable + 1, against + 1)
    assert binomial_bayes_factor(favourable, against) == pytest.approx(law.sf(0.5) / law.cdf(0.5))
    assert binomial_bayes_factor(favourable, against, 1.0 + 1e-12) == pytest.approx(
        law.sf(0.5) / law.cdf(0.5), rel=1e-9
    )


def test_binomial_model_with_bias() -> None:
    def likelihood(share: float) -> float:
        seen = 2.5 * share / (2.5 * share + 1 - share)
        return float(seen**7 * (1 - seen) ** 3)

    expected = quad(likelihood, 0.5, 1)[0] / quad(likelihood, 0, 0.5)[0]
    assert binomial_bayes_factor(7, 3, 2.5) == pytest.approx(expected, rel=1e-9)


def test_urn_model_with_bias() -> None:
    theory = nchypergeom_fisher(11, 8, 10, 1.7).pmf(7)
    rival = nchypergeom_fisher(15, 7, 10, 1.7).pmf(7)
    assert urn_bayes_factor(7, 3, 1.7) == pytest.approx(theory / rival, rel=1e-9)
    with pytest.raises(ValueError, match="at most one adverse piece more"):
        urn_bayes_factor(2, 4)


@pytest.mark.parametrize(("favourable", "against"), [(4, 0), (1, 1), (2, 3)])
def test_urn_model(favourable: int, against: int) -> None:
    """Also without an adverse piece, of which the theory's urn then holds one all the same."""
    drawn, adverse = favourable + against, max(1, against)
    theory = hypergeom(favourable + 1 + adverse, favourable + 1, drawn).pmf(favourable)
    rival = hypergeom(2 * favourable + 1, favourable, drawn).pmf(favourable)
    assert urn_bayes_factor(favourable, against) == pytest.approx(theory / rival, rel=1e-12)


@pytest.mark.parametrize("arguments", [(-1, 0), (0, -1), (1, 1, 0.0), (1, 1, inf)])
def test_counts_and_bias_that_cannot_be(arguments: tuple[int, int]) -> None:
    for factor in (binomial_bayes_factor, urn_bayes_factor):
        with pytest.raises(ValueError, match=r"at least 0|a positive factor"):
            factor(*arguments)


@pytest.mark.parametrize("model", ["binomial", "urn"])
def test_how_much_bias_is_tolerated(model: str) -> None:
    factor = binomial_bayes_factor if model == "binomial" else urn_bayes_factor
    bias = tolerated_bias(model, 7, 3)  # type: ignore[arg-type]
    assert bias > 1.0
    assert factor(7, 3, bias) == pytest.approx(1.0, abs=1e-6)
    assert tolerated_bias(model, 7, 3, least=1000.0) == 1.0  # type: ignore[arg-type]
    much = tolerated_bias(model, 20, 2)  # type: ignore[arg-type]
    assert much > 4.0
    assert factor(20, 2, much) == pytest.approx(1.0, abs=1e-6)
    assert tolerated_bias(model, 3, 0) == inf  # type: ignore[arg-type]


def test_where_nothing_was_seen_no_bias_is_needed() -> None:
    assert tolerated_bias("binomial", 0, 0) == 1.0


# Causation ---------------------------------------------------------------------------------------


def test_pearls_legal_example() -> None:
    observed = Observed.of_counts(both=2, cause_only=998, outcome_only=28, neither=972)
    found = necessity_bounds(0.016, 0.014, observed)
    assert (found.low, found.high) == pytest.approx((1.0, 1.0), abs=1e-12)
    enough = sufficiency_bounds(0.016, 0.014, observed)
    assert enough.low == pytest.approx((0.016 - 0.015) / 0.486)
    assert enough.high == pytest.approx((0.016 - 0.001) / 0.486)


def test_bounds_hold_for_every_way_in_which_worlds_may_share_chance() -> None:
    """Types of cases (doomed, caused, prevented, immune) of which the cause is chosen freely."""
    import numpy as np

    chance = np.random.default_rng(7)
    for _ in range(200):
        types = chance.dirichlet(np.ones(4))
        exposed = chance.random(4)
        doomed, caused, prevented, immune = types
        both = float(doomed * exposed[0] + caused * exposed[1])
        cause_only = float(prevented * exposed[2] + immune * exposed[3])
        outcome_only = float(doomed * (1 - exposed[0]) + prevented * (1 - exposed[2]))
        observed = Observed(both, cause_only, outcome_only, 1 - both - cause_only - outcome_only)
        found = necessity_bounds(float(doomed + caused), float(doomed + prevented), observed)
        truth = float(caused * exposed[1]) / both
        assert found.low - 1e-9 <= truth <= found.high + 1e-9


def test_bounds_beyond_what_a_probability_can_be_say_nothing() -> None:
    observed = Observed(both=0.1, cause_only=0.2, outcome_only=0.3, neither=0.4)
    assert necessity_bounds(0.5, 0.45, observed) == Bounds(0.0, 1.0)
    found = sufficiency_bounds(0.35, 0.45, observed)
    assert (found.low, found.high) == pytest.approx((0.0, 0.25 / 0.4))
    # Between the worlds in which all that is not seen goes one way and the other.
    ends = ((0.1, "brought about"), (0.8, "brought about"), (0.3, "prevented"), (0.6, "prevented"))
    for end, words in ends:
        outside = end + (0.01 if end > 0.5 else -0.01)
        if words == "prevented":
            necessity_bounds(0.5, end, observed)
            with pytest.raises(ValueError, match=words):
                necessity_bounds(0.5, outside, observed)
        else:
            necessity_bounds(end, 0.5, observed)
            with pytest.raises(ValueError, match=words):
                necessity_bounds(outside, 0.5, observed)


def test_contradictions_are_told() -> None:
    observed = Observed(0.25, 0.25, 0.25, 0.25)
    with pytest.raises(ValueError, match="contradict each other: where the cause is prevented"):
        necessity_bounds(0.5, 0.1, observed)
    with pytest.raises(ValueError, match="sum to 1"):
        Observed(0.5, 0.5, 0.5, 0.0)
    with pytest.raises(ValueError, match="never observed together"):
        necessity_bounds(0.1, 0.5, Observed(0.0, 0.5, 0.25, 0.25))
    with pytest.raises(ValueError, match="never observed to be absent together"):
        sufficiency_bounds(0.5, 0.5, Observed(0.25, 0.25, 0.5, 0.0))
