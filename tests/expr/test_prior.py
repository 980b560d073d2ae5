"""Priors say what their words say, and their errors point at the fault."""

import subprocess
import sys
from math import e, inf, isclose, log, nan, sqrt

import pytest
import scipy.integrate
import scipy.special
import scipy.stats

from foedus.expr import prior
from foedus.expr.prior import (
    Beta,
    Exponential,
    Fixed,
    Flag,
    Gamma,
    LawError,
    LogitNormal,
    LogNormal,
    LogUniform,
    Normal,
    Prior,
    PriorError,
    Uniform,
    between,
    jeffreys_rate,
    jeffreys_share,
    parse_prior,
)
from foedus.expr.scales import logistic, logit

CONTINUOUS: dict[Prior, scipy.stats.distributions.rv_frozen] = {
    Uniform(-2.0, 3.0): scipy.stats.uniform(-2.0, 5.0),
    LogUniform(0.1, 20.0): scipy.stats.loguniform(0.1, 20.0),
    Normal(-1.0, 2.5): scipy.stats.norm(-1.0, 2.5),
    LogNormal(2.0, 3.0): scipy.stats.lognorm(log(3.0), scale=2.0),
    Beta(0.5, 3.5): scipy.stats.beta(0.5, 3.5),
    Gamma(2.5, 0.25): scipy.stats.gamma(2.5, scale=0.1),
    Exponential(7.0): scipy.stats.expon(scale=7.0),
}
LAWS = [*CONTINUOUS, LogitNormal(0.3, 0.8), LogitNormal(0.9, 6.0), Flag(0.3), Fixed(4.5)]
every_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.show())


def close(left: float, right: float, relative: float = 1e-12) -> bool:
    return isclose(left, right, rel_tol=relative, abs_tol=1e-300)


@pytest.mark.parametrize(("law", "same"), CONTINUOUS.items(), ids=lambda law: str(law)[:20])
def test_quantiles_and_mean_are_those_of_the_law(
    law: Prior, same: scipy.stats.distributions.rv_frozen
) -> None:
    for p in (1e-9, 0.01, 0.1, 0.37, 0.5, 0.9, 0.999):
        assert close(law.quantile(p), same.ppf(p), 1e-9)
    assert close(law.mean, same.mean())
    assert close(law.median, same.median(), 1e-9)
    assert law.support == pytest.approx(same.support())


@pytest.mark.parametrize(("median", "sd"), [(0.3, 0.8), (0.02, 0.1), (0.9, 6.0), (0.5, 20.0)])
def test_logit_normal(median: float, sd: float) -> None:
    law = LogitNormal(median, sd)
    assert close(law.median, median)
    for p in (0.01, 0.3, 0.98):
        odds = logit(median) + sd * scipy.stats.norm.ppf(p)
        assert close(law.quantile(p), scipy.special.expit(odds), 1e-9)
    exact, _ = scipy.integrate.quad(
        lambda z: logistic(logit(median) + sd * z) * scipy.stats.norm.pdf(z),
        -10.0,
        10.0,
        points=[-logit(median) / sd],
        epsabs=1e-13,
        limit=200,
    )
    assert close(law.mean, exact, 1e-9)
    assert law.support == (0.0, 1.0)


def test_flag_and_fixed() -> None:
    flag = Flag(0.25)
    values = [flag.quantile((i + 0.5) / 1000) for i in range(1000)]
    assert sum(values) == 250
    assert flag.mean == 0.25
    assert Flag(0.0).quantile(1.0) == 0.0
    assert Flag(1.0).quantile(1e-9) == 1.0
    assert Fixed(4.5).interval() == (4.5, 4.5)
    assert Fixed(4.5).mean == Fixed(4.5).median == 4.5


@every_law
def test_quantiles_ascend_and_keep_within_the_support(law: Prior) -> None:
    values = [law.quantile(i / 64) for i in range(65)]
    assert values == sorted(values)
    least, most = law.support
    assert (values[0], values[-1]) == (least, most)
    assert law.interval(0.5) == (law.quantile(0.25), law.quantile(0.75))
    for p in (-0.1, 1.1, nan):
        with pytest.raises(ValueError, match="probability"):
            law.quantile(p)


@every_law
def test_shown_text_reads_back(law: Prior) -> None:
    if isinstance(law, Fixed):
        assert law.show() == "4.5"
    else:
        assert parse_prior(law.show(), is_share=False) == (law, None)


@every_law
@pytest.mark.parametrize("factor", [7.0, 1 / 365.25])
def test_scaled_is_the_same_belief_in_another_unit(law: Prior, factor: float) -> None:
    assert law.scaled(1.0) == law
    if isinstance(law, Beta | LogitNormal | Flag):
        with pytest.raises(ValueError, match="no unit"):
            law.scaled(factor)
        return
    scaled = law.scaled(factor)
    for p in (0.05, 0.5, 0.8):
        assert close(scaled.quantile(p), law.quantile(p) * factor, 1e-12)
    assert close(scaled.mean, law.mean * factor)
    for wrong in (0.0, -1.0, inf, nan):
        with pytest.raises(ValueError, match="factor"):
            law.scaled(wrong)


def width(law: Prior, scale: str) -> float:
    """The distance between the quartiles on a scale."""
    low, high = law.interval(0.5)
    if scale == "log":
        return log(high) - log(low)
    return logit(high) - logit(low) if scale == "logit" else high - low


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize(
    ("law", "scale", "is_share"),
    [
        (Uniform(-2.0, 3.0), "linear", False),
        (Normal(-1.0, 2.5), "linear", False),
        (LogUniform(0.1, 20.0), "log", False),
        (LogNormal(2.0, 3.0), "log", False),
        (LogitNormal(0.3, 0.8), "logit", True),
    ],
)
def test_spread_on_the_natural_scale(law: Prior, scale: str, is_share: bool, factor: float) -> None:
    spread = law.spread(factor, is_share)
    assert close(spread.median, law.median)
    assert close(width(spread, scale), width(law, scale) * factor, 1e-9)
    assert law.spread(1.0) == law


def test_spread_of_counts_changes_the_number_of_observations() -> None:
    assert Beta(4.0, 12.0).spread(2.0) == Beta(1.0, 3.0)
    assert Gamma(2.0, 5.0).spread(0.5) == Gamma(8.0, 5.0)
    assert Exponential(5.0).spread(2.0) == Gamma(0.25, 5.0)
    assert Flag(0.3).spread(2.0) == Flag(0.3)
    assert Fixed(0.3).spread(2.0) == Fixed(0.3)


@pytest.mark.parametrize("factor", [0.5, 2.0, 10.0])
def test_spread_never_leaves_what_the_number_can_be(factor: float) -> None:
    for bounds in ((0.2, 0.9), (0.0, 0.3), (0.7, 1.0), (0.0, 1.0)):
        low, high = Uniform(*bounds).spread(factor, is_share=True).support
        assert 0.0 <= low < high <= 1.0
        assert (low == 0.0) == (bounds[0] == 0.0)
        assert (high == 1.0) == (bounds[1] == 1.0)
        assert (low < bounds[0]) == (factor > 1.0 and bounds[0] > 0.0)
    # Where one bound stays, the odds of the other move by the factor.
    _, high = Uniform(0.0, 0.3).spread(factor, is_share=True).support
    assert close(high / (1.0 - high), 0.3 / 0.7 * factor)
    low, _ = Uniform(0.7, 1.0).spread(factor, is_share=True).support
    assert close(low / (1.0 - low), 0.7 / 0.3 / factor)
    low, high = LogUniform(0.01, 0.9).spread(factor, is_share=True).support
    assert 0.0 < low < high < 1.0
    assert Uniform(1.0, 100.0).spread(factor).support[0] > 0.0
    assert Uniform(0.0, 10.0).spread(factor) == Uniform(0.0, 10.0 * factor)
    for wrong in (0.0, -1.0, inf, nan):
        with pytest.raises(ValueError, match="factor"):
            Uniform(0.0, 1.0).spread(wrong)


@pytest.mark.parametrize("level", [0.01, 0.5, 0.8, 0.99])
@pytest.mark.parametrize(
    ("low", "high", "is_share", "kind"),
    [
        (1.0, 10.0, False, LogNormal),
        (0.2, 0.4, False, LogNormal),
        (0.2, 0.4, True, LogitNormal),
        (1e-6, 0.999, True, LogitNormal),
        (-1.0, 3.0, False, Normal),
        (0.0, 3.0, False, Normal),
    ],
)
def test_between_is_the_central_interval(
    low: float, high: float, is_share: bool, kind: type, level: float
) -> None:
    law = between(low, high, level, is_share)
    assert type(law) is kind
    assert law.interval(level) == pytest.approx((low, high), rel=1e-9, abs=1e-12)


def test_jeffreys() -> None:
    assert jeffreys_share(3, 5) == Beta(3.5, 2.5)
    assert jeffreys_share(0, 4) == Beta(0.5, 4.5)
    assert jeffreys_rate(2, 10.0) == Gamma(2.5, 0.25)
    # the density of the rate is Gamma(k + 1/2, rate T)
    assert close(jeffreys_rate(2, 10.0).quantile(0.3), scipy.stats.gamma(2.5, scale=0.1).ppf(0.3))


def test_factor_holds_two_thirds() -> None:
    law = LogNormal(2.0, e)
    inside = scipy.stats.lognorm(1.0, scale=2.0).cdf([2.0 * e, 2.0 / e])
    assert law.quantile(float(inside[0])) == pytest.approx(2.0 * e)
    assert inside[0] - inside[1] == pytest.approx(0.683, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "is_share", "law", "unit"),
    [
        ("80% between 1 and 10", False, between(1.0, 10.0, 0.8, False), None),
        ("97.5 % between 0.2 and 4e-1", True, between(0.2, 0.4, 0.975, True), None),
        ("80% between -1 and 1_000", False, between(-1.0, 1000.0, 0.8, False), None),
        ("uniform(0, 1)", True, Uniform(0.0, 1.0), None),
        (" log-uniform ( 1e-3 , 0.5 ) ", True, LogUniform(0.001, 0.5), None),
        ("normal(-3, 2)", False, Normal(-3.0, 2.0), None),
        ("lognormal(14, 2)", False, LogNormal(14.0, 2.0), None),
        ("logit-normal(0.3, 1)", True, LogitNormal(0.3, 1.0), None),
        ("beta(2, 3)", True, Beta(2.0, 3.0), None),
        ("gamma(2, 0.1)", False, Gamma(2.0, 0.1), None),
        ("exponential(0.1)", False, Exponential(0.1), None),
        ("flag(0.4)", False, Flag(0.4), None),
        ("3 of 5", True, Beta(3.5, 2.5), None),
        ("2 in 10", False, Gamma(2.5, 0.25), None),
        ("2 in 10 years", False, Gamma(2.5, 0.25), "years"),
        ("0 in 1 week", False, Gamma(0.5, 0.5), "weeks"),
    ],
)
def test_every_form(text: str, is_share: bool, law: Prior, unit: str | None) -> None:
    assert parse_prior(text, is_share) == (law, unit)


SHARE = "a share lies within 0..1, but this prior does not"


@pytest.mark.parametrize(
    ("text", "is_share", "message", "cure", "place"),
    [
        ("", False, "the prior is empty", "`3 of 5`", ""),
        ("  ", False, "the prior is empty", "`3 of 5`", "  "),
        ("0.3", True, "a number alone is no prior", "`value: 0.3`", "0.3"),
        ("80% between 3 and 1", False, "the bounds are reversed", "`between 1 and 3`", "3 and 1"),
        ("80% between 2 and 2", False, "the bounds are equal", "`value: 2`", "2 and 2"),
        ("80% between 0 and 1", True, "a share lies strictly between 0 and 1", "uniform", "0"),
        ("80% between 0.2 and 1.5", True, "a share lies strictly between 0 and 1", "", "1.5"),
        ("80% between 1 and 1e999", False, "the number is not finite", "", "1e999"),
        ("80% between nan and 2", False, "the number is not finite", "", "nan"),
        ("100% between 1 and 2", False, "the level is outside 1% to 99%", "80%", "100"),
        ("0.5% between 1 and 2", False, "the level is outside 1% to 99%", "80%", "0.5"),
        ("80 between 1 and 2", False, "the level lacks its `%`", "`80% between", "80"),
        ("80% betwen 1 and 2", False, "`between` is missing", "between", "betwen"),
        ("80% between 1 to 2", False, "`and` is missing", "and", "to"),
        ("80% between 1 and", False, "the upper bound must be a number", "", ""),
        ("80% between one and 2", False, "the lower bound must be a number, not `one`", "", "one"),
        ("lognormall(1, 2)", False, "no law is called `lognormall`", "`lognormal(", "lognormall"),
        ("Log-Normal(1, 2)", False, "no law is called `Log-Normal`", "`lognormal(", "Log-Normal"),
        ("zipf(2)", False, "no law is called `zipf`", "`gamma`", "zipf"),
        ("beta(2)", True, "`,` is missing", "`beta(a, b)`", ")"),
        ("beta(2, 3, 4)", True, "`)` is missing", "`beta(a, b)`", ","),
        ("beta 2, 3", True, "`(` is missing", "`beta(a, b)`", "2"),
        ("uniform(1, 0)", True, "the bounds are reversed", "`uniform(0, 1)`", "1, 0"),
        ("uniform(0, inf)", False, "the number is not finite", "", "inf"),
        ("log-uniform(0, 1)", False, "the bound is not positive", "", "0"),
        ("normal(1, 0)", False, "the standard deviation is not positive", "", "0"),
        ("lognormal(-1, 2)", False, "the median is not positive", "", "-1"),
        ("lognormal(1, 0.5)", False, "the factor is not above 1", "twice", "0.5"),
        ("logit-normal(1.2, 1)", True, "the median is not a share", "", "1.2"),
        ("logit-normal(0.2, -1)", True, "the spread is not positive", "", "-1"),
        ("beta(2, -3)", True, "the number is not positive", "", "-3"),
        ("gamma(0, 1)", False, "the shape is not positive", "", "0"),
        ("gamma(1, 0)", False, "the mean is not positive", "", "0"),
        ("exponential(-1)", False, "the mean is not positive", "", "-1"),
        ("flag(1.2)", False, "the probability is outside 0..1", "", "1.2"),
        ("6 of 5", True, "more were counted than there are", "", "6 of 5"),
        ("0 of 0", True, "nothing was counted", "", "0"),
        ("2.5 of 5", True, "the number is not a count", "whole", "2.5"),
        ("-1 in 5", False, "the number is not a count", "whole", "-1"),
        ("2 in 0 years", False, "the time is not positive", "", "0"),
        ("2 in 10 yeers", False, "no unit of time is called `yeers`", "`years`", "yeers"),
        ("2 in 10 parsecs", False, "no unit of time is called `parsecs`", "`days`", "parsecs"),
        ("beta(2, 3) or so", True, "nothing can follow here", "`or so`", "or"),
        ("3 + 4", False, "the prior cannot be understood from here", "write", "+"),
        ("normal(0.5, 0.1)", True, SHARE, "`beta(2, 3)`", "normal(0.5, 0.1)"),
        ("uniform(0, 1.5)", True, SHARE, "", "uniform(0, 1.5)"),
        ("2 in 10 years", True, SHARE, "`3 of 5`", "2 in 10 years"),
    ],
)
def test_what_is_wrong_and_where(
    text: str, is_share: bool, message: str, cure: str, place: str
) -> None:
    with pytest.raises(PriorError) as caught:
        parse_prior(text, is_share)
    assert caught.value.message == message
    assert cure in caught.value.help
    found = text[caught.value.start : caught.value.end]
    assert found == place
    assert str(caught.value) == message


def test_the_wrong_number_is_pointed_at_where_it_stands_twice() -> None:
    with pytest.raises(PriorError) as caught:
        parse_prior("normal(0, 0)", is_share=False)
    assert (caught.value.start, caught.value.end) == (10, 11)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fixed(inf),
        lambda: Normal(0.0, nan),
        lambda: between(1.0, 2.0, 1.0, False),
        lambda: between(1.0, nan, 0.8, False),
        lambda: between(1e-300, 1e300, 0.01, False),
        lambda: LogNormal(1.0, 1e200).spread(2.0),
    ],
)
def test_wrong_numbers_make_no_law(make: object) -> None:
    assert callable(make)
    with pytest.raises(LawError):
        make()


def test_huge_numbers_overflow_nothing() -> None:
    assert Uniform(-1.7e308, 1.7e308).quantile(0.5) == 0.0
    assert between(-1.7e308, 1.7e308, 0.8, False).median == 0.0
    assert close(LogUniform(1e-300, 1e300).median, 1.0, 1e-12)
    assert close(between(1e-300, 1e300, 0.8, False).median, 1.0)
    assert LogNormal(1.0, 1e30).mean == inf
    assert sqrt(LogUniform(1e-300, 1e300).mean) > 1e140


def test_reading_priors_imports_no_array_library() -> None:
    texts = ["80% between 0.1 and 0.2", "beta(2, 3)", "3 of 5", "uniform(0, 1)", "flag(0.5)"]
    program = (
        f"import sys; from {prior.__name__} import parse_prior\n"
        f"for text in {texts}: parse_prior(text, True)\n"
        "parse_prior('2 in 3 years', False)\n"
        "sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
