"""Counts, intervals and pooling against formulas and slow twins."""

import math
from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import betaln, gammaln

from foedus.history.class_error import ClassError
from foedus.history.conditions import parse_condition
from foedus.history.intervals import poisson_exact, wilson
from foedus.history.measures.registry import MEASURES
from foedus.history.measures.requests import REQUESTS
from foedus.history.pooling import KAPPAS, Node, pool
from foedus.history.rates import quantile, rate
from foedus.history.units import Measure, Tally, Unit
from foedus.report.outside_view.history import show_rate

COLUMNS = {"frame": "", "year": "", "open": ""}


@pytest.mark.parametrize(("k", "n"), [(0, 5), (1, 9), (8, 9), (3, 7), (7, 7), (73, 146)])
def test_wilson_inverts_the_score_test(k: int, n: int) -> None:
    low, high = wilson(k, n)
    assert ((low == 0.0), (high == 1.0)) == ((k == 0), (k == n))
    for bound in (low, high):
        if 0.0 < bound < 1.0:
            z = (k / n - bound) / math.sqrt(bound * (1.0 - bound) / n)
            assert abs(z) == pytest.approx(stats.norm.ppf(0.975), rel=1e-9)


@pytest.mark.parametrize("k", [0, 1, 8, 300])
def test_the_poisson_interval_has_its_tails(k: int) -> None:
    low, high = poisson_exact(k, 2.0)
    assert stats.poisson.cdf(k, 2.0 * high) == pytest.approx(0.025)
    assert (low == 0.0) is (k == 0)
    if k:
        assert stats.poisson.sf(k - 1, 2.0 * low) == pytest.approx(0.025)


def test_intervals_need_something_at_risk() -> None:
    with pytest.raises(ValueError, match="trials"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="time"):
        poisson_exact(0, 0.0)


def slow_child(
    parent: tuple[float, float], child: tuple[float, float], kind: str
) -> tuple[float, float]:
    """The child's posterior mean, and how much of it is its own data, by quadrature over the
    parent: given that, both are in closed form."""
    (k0, n0), (k1, n1) = parent, child

    def weight(theta: float, kappa: float) -> tuple[float, float]:
        """The joint density up to a constant, and the child's mean."""
        if kind == "share":
            a, b = kappa * theta, kappa * (1.0 - theta)
            log = (k0 - 0.5) * math.log(theta) + (n0 - k0 - 0.5) * math.log1p(-theta)
            log += betaln(a + k1, b + n1 - k1) - betaln(a, b)
            return math.exp(log + 60.0), (a + k1) / (kappa + n1)
        log = (k0 - 0.5) * math.log(theta) - n0 * theta
        log += gammaln(kappa + k1) - gammaln(kappa) + kappa * math.log(kappa / theta)
        log -= (kappa + k1) * math.log(kappa / theta + n1)
        return math.exp(log + 40.0), (kappa + k1) / (kappa / theta + n1)

    # By log odds or logarithms of theta, so that the ends are smooth.
    def moment(of: str, kappa: float) -> float:
        def inner(x: float) -> float:
            theta = 1.0 / (1.0 + math.exp(-x)) if kind == "share" else math.exp(x)
            jacobian = theta * (1.0 - theta) if kind == "share" else theta
            w, mean = weight(theta, kappa)
            return w * jacobian * {"one": 1.0, "child": mean, "parent": theta}[of]

        low, high = (-9.0, 9.0) if kind == "share" else (-9.0, 2.0)
        return float(integrate.quad(inner, low, high, limit=400)[0])

    kappas = [float(kappa) for kappa in KAPPAS]
    masses = [moment("one", kappa) for kappa in kappas]
    own = 0.0
    for kappa, mass in zip(kappas, masses, strict=True):
        # so many chances, or so much time, is what the parent says worth
        worth = kappa if kind == "share" else kappa / (moment("parent", kappa) / mass)
        own += mass * n1 / (n1 + worth)
    return sum(moment("child", kappa) for kappa in kappas) / sum(masses), own / sum(masses)


@pytest.mark.parametrize(
    ("parent", "child", "kind"),
    [
        ((29.0, 64.0), (7.0, 20.0), "share"),
        ((73.0, 146.0), (0.0, 3.0), "share"),
        ((2.0, 4.0), (9.0, 9.0), "share"),
        ((8.0, 359.0), (3.0, 12.0), "rate"),
        ((40.0, 1000.0), (0.0, 30.0), "rate"),
    ],
)
def test_a_class_within_a_class(
    parent: tuple[float, float], child: tuple[float, float], kind: str
) -> None:
    nodes = [Node(Tally(*parent, 1), None), Node(Tally(*child, 1), 0)]
    found = pool(nodes, kind)
    value, own_weight = slow_child(parent, child, kind)
    assert found[1].value == pytest.approx(value, rel=2e-3)
    assert found[1].own_weight == pytest.approx(own_weight, rel=5e-3)
    raw, wide = child[0] / child[1], parent[0] / parent[1]
    assert min(raw, wide) - 0.03 <= found[1].value <= max(raw, wide) + 0.03
    assert 0.0 < found[1].own_weight < 1.0
    assert found[0].own_weight == 1.0


def test_the_root_alone_is_jeffreys() -> None:
    (share,) = pool([Node(Tally(6.0, 16.0, 1), None)], "share")
    law = stats.beta(6.5, 10.5)
    assert share.value == pytest.approx(law.mean(), abs=1e-4)
    assert (share.low, share.high) == pytest.approx((law.ppf(0.025), law.ppf(0.975)), abs=2e-3)
    (hazard,) = pool([Node(Tally(8.0, 359.0, 1), None)], "rate")
    assert hazard.value == pytest.approx(8.5 / 359.0, rel=1e-3)
    assert share.own_weight == 1.0


def test_more_cases_of_its_own_weigh_more() -> None:
    weights = [
        pool([Node(Tally(50.0, 100.0, 1), None), Node(Tally(n / 5.0, n, 1), 0)], "share")[1]
        for n in (5.0, 50.0, 500.0)
    ]
    assert weights[0].own_weight < weights[1].own_weight < weights[2].own_weight
    assert weights[0].value > weights[1].value > weights[2].value


def test_siblings_learn_from_each_other() -> None:
    root = Node(Tally(0.0, 0.0, 0), None)
    groups = [Node(Tally(float(k), 20.0, 1), 0) for k in (9, 10, 11, 10, 9)]
    alone = pool([root, Node(Tally(0.0, 3.0, 1), 0)], "share")[-1]
    among = pool([root, *groups, Node(Tally(0.0, 3.0, 1), 0)], "share")[-1]
    assert among.value > 0.4 > alone.value
    assert np.isfinite([among.low, among.high]).all()


def unit(**columns: str | float | bool | None) -> Unit:
    return Unit(1.0, 1.0, date(2000, 1, 1), {"frame": None, "year": None, "open": None, **columns})


@pytest.mark.parametrize(
    ("text", "columns", "holds"),
    [
        ("frame = alliance", {"frame": "alliance"}, True),
        ("frame = alliance|regional", {"frame": "regional"}, True),
        ("frame != alliance", {"frame": "regional"}, True),
        ("frame != alliance", {"frame": None}, False),
        ("year = 1990..2015", {"year": 2015}, True),
        ("year = 1990..2015 and frame = x", {"year": 2015, "frame": "y"}, False),
        ("year < 1990", {"year": 1989}, True),
        ("year >= 1990", {"year": 1989}, False),
        ("year > 1990", {"year": None}, False),
        ("year < 1990", {"year": 1990}, False),
        ("year <= 1990", {"year": 1990}, True),
        ("year <= 1990", {"year": 1991}, False),
        ("year > 1990", {"year": 1990}, False),
        ("year > 1990", {"year": 1991}, True),
        ("year >= 1990", {"year": 1990}, True),
        ("year = 1990..2015", {"year": 1990}, True),
        ("year = 1990..2015", {"year": 1989}, False),
        ("year != 1990..2015", {"year": 2016}, True),
        ("year = -1.5...5", {"year": 0.5}, True),
        ("year = -1.5...5", {"year": -1.6}, False),
        ("open = yes", {"open": True}, True),
        ("open = no", {"open": True}, False),
        ("open=1", {"open": True}, False),
        ("frame = 1945-2003", {"frame": "1945-2003"}, True),
    ],
)
def test_conditions(text: str, columns: dict[str, str | float | bool | None], holds: bool) -> None:
    assert parse_condition(text, COLUMNS)(unit(**columns)) is holds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("freme = x", "write `frame`"),
        ("frame", "COLUMN = VALUE"),
        ("year < old", "no number"),
        ("", "COLUMN = VALUE"),
    ],
)
def test_what_is_no_condition(text: str, words: str) -> None:
    with pytest.raises(ClassError) as fault:
        parse_condition(text, COLUMNS)
    assert words in f"{fault.value.message}: {fault.value.help}"


def test_nested_classes_of_requests() -> None:
    answer = rate(MEASURES["request-granted"], ["frame = alliance", "genuine = yes"])
    counts = [(each.tally.happened, each.tally.at_risk) for each in answer.nested]
    assert counts == [(36.0, 84.0), (7.0, 20.0), (7.0, 18.0)]
    assert answer.spread == (0.35, 36 / 84)
    before = rate(
        MEASURES["request-granted"], ["frame = alliance and genuine = yes"], before=date(2022, 1, 1)
    )
    assert before.nested[-1].tally == Tally(6.0, 16.0, 16)
    groups = rate(MEASURES["request-granted"], by="frame").groups
    assert [each.words for each in groups] == [
        "frame = alliance", "frame = bilateral", "frame = regional",
    ]  # fmt: skip
    assert sum(each.tally.happened for each in groups) == 36.0
    with pytest.raises(ClassError, match="nothing was counted"):
        rate(MEASURES["request-granted"], ["year < 1900"])
    with pytest.raises(ClassError, match="no column"):
        rate(MEASURES["request-granted"], by="freme")


def test_a_quantile_lies_between_what_was_seen() -> None:
    seen = [1.0, 2.0, 4.0, 8.0, 30.0, 31.0]
    for q in (0.0, 0.1, 0.25, 0.5, 0.77, 1.0):
        assert quantile(seen, q) == pytest.approx(float(np.quantile(seen, q)))
    assert quantile([3.0], 0.9) == 3.0


def test_each_class_is_pooled_with_those_that_hold_it_and_no_others() -> None:
    """A class's own data are those of its units that lie in none of the classes within it."""
    answer = rate(MEASURES["request-granted"], ["frame = alliance", "genuine = yes"])
    tallies = [each.tally for each in answer.nested]
    chain = [Node(tallies[0], None)]
    assert answer.nested[0].pooled == pool(chain, "share")[0]
    for place in (1, 2):
        outer, inner = tallies[place - 1], tallies[place]
        rest = Tally(
            outer.happened - inner.happened, outer.at_risk - inner.at_risk,
            outer.units - inner.units,
        )  # fmt: skip
        chain = [*chain[:-1], Node(rest, chain[-1].parent), Node(inner, place - 1)]
        assert answer.nested[place].pooled == pool(chain, "share")[-1]


def test_groups_are_pooled_side_by_side() -> None:
    answer = rate(MEASURES["request-granted"], by="frame")
    (every,) = answer.nested
    own = [each.tally for each in answer.groups]
    # Every request has a frame, so that nothing is left outside the groups.
    nodes = [Node(Tally(0.0, 0.0, 0), None), *(Node(each, 0) for each in own)]
    assert sum(each.at_risk for each in own) == every.tally.at_risk
    assert [each.pooled for each in answer.groups] == list(pool(nodes, "share")[1:])


def rated(happened: float, years: float, where: str) -> Unit:
    return Unit(happened, years, date(2000, 1, 1), {"frame": where})


def test_a_rate_has_the_interval_of_a_rate() -> None:
    units = [rated(1.0, 12.0, "a"), rated(2.0, 3.0, "b"), rated(0.0, 7.0, "b")]
    measure = Measure("m", "rate", "per year", (), (), {"frame": ""}, lambda: units)
    answer = rate(measure, ["frame = b"])
    assert [(each.low, each.high) for each in answer.nested] == [
        poisson_exact(3.0, 22.0), poisson_exact(2.0, 10.0),
    ]  # fmt: skip
    share = rate(MEASURES["request-granted"]).nested[0]
    assert (share.low, share.high) == wilson(share.tally.happened, share.tally.at_risk)


def test_lengths_have_quantiles() -> None:
    answer = rate(MEASURES["days-to-troops"], by="frame")
    quantiles = answer.nested[0].quantiles
    assert quantiles is not None
    assert list(quantiles) == sorted(quantiles)
    assert answer.nested[0].pooled is None


def test_requests_are_known_when_they_are_decided() -> None:
    (granted, *_) = REQUESTS
    for each in granted.units():
        assert each.known.year >= int(each.columns["year"] or 0)


def test_how_many_were_left_out_for_vague_dates() -> None:
    """The last troops left Liberia some day in January 1998."""
    within = rate(MEASURES["days-deployed"], before=date(1998, 1, 25))
    assert (within.nested[0].tally.units, within.undated) == (19, 1)
    assert "1 more of all may have been known by then, and was left out" in show_rate(within, 100)
    after = rate(MEASURES["days-deployed"], before=date(1998, 2, 1))
    assert (after.nested[0].tally.units, after.undated) == (20, 0)
    assert "left out" not in show_rate(after, 100)
