"""Waiting times against their laws, and what becomes of their age when the guard turns false."""

from math import erf, exp, gamma, log, sqrt

import pytest

from foedus.jump.model import Dated, Waiting
from tests.conformance.statistics import assert_mean, assert_share, sample
from tests.engine.models import (
    ask,
    count,
    draw,
    drawn,
    flag,
    kind,
    model,
    path,
    put,
    rate,
    runs,
    variable,
    waiting,
)

X = variable("x")


def normal(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2


@pytest.mark.parametrize(
    ("timing", "mean", "by", "share"),
    [
        (waiting("exponential", 2.0), 2.0, 1.5, 1 - exp(-0.75)),
        (waiting("gamma", 3.0, 2.0), 2.0, 1.0, 1 - exp(-1.5) * (1 + 1.5 + 1.125)),
        (waiting("erlang", 2.0, 2.0), 2.0, 1.0, 1 - exp(-1.0) * 2),
        (waiting("weibull", 2.0, 3.0), 3 * gamma(1.5), 2.0, 1 - exp(-4 / 9)),
        (waiting("lognormal", 2.0, 1.5), 2 * exp(log(1.5) ** 2 / 2), 3.0, normal(1.0)),
    ],
    ids=["exponential", "gamma", "erlang", "weibull", "lognormal"],
)
def test_waiting_time_has_its_law(timing: Waiting, mean: float, by: float, share: float) -> None:
    built = model(
        [count("x")],
        [kind("ring", timing, put("x", 1.0), when=X < 1)],
        [ask("when", "time-until", X > 0, end=500.0), ask("by", "probability", X > 0, at=by)],
        horizon=500.0,
    )
    assert_mean(sample(built, 1500), mean)
    assert_share(sample(built, 1500, 1), share)


def test_waiting_again_and_again_is_a_renewal_process() -> None:
    """Erlang(2) with mean 1: E[N(t)] = t - 1/4 + exp(-4 t)/4."""
    built = model(
        [count("x")],
        [kind("ring", waiting("erlang", 2.0, 1.0), put("x", X + 1))],
        [ask("x", "mean", X, at=3.0)],
        horizon=3.0,
    )
    assert_mean(sample(built, 1500), 3 - 0.25 + exp(-12) / 4)


def test_stages_are_a_waiting_time() -> None:
    """Three exponential stages in a row have the law of one Erlang waiting time."""
    built = model(
        [count("x")],
        [kind("stage", rate(1.5), put("x", X + 1), when=X < 3)],
        [ask("when", "time-until", X.is_(3), end=500.0), ask("by", "probability", X > 2, at=1.0)],
        horizon=500.0,
    )
    assert_mean(sample(built, 1500), 2.0)
    assert_share(sample(built, 1500, 1), 1 - exp(-1.5) * (1 + 1.5 + 1.125))


def windows(timing: Waiting) -> list[float]:
    """When it rings while the guard holds in [0, 1), [2, 3), [4, 5) ..."""
    on = variable("on")
    built = model(
        [flag("on", True)],
        [
            kind("open", Dated((2.0, 4.0, 6.0, 8.0)), put("on", True)),
            kind("close", Dated((1.0, 3.0, 5.0, 7.0)), put("on", False)),
            kind("ring", timing, when=on),
        ],
        horizon=9.5,
    )
    (run,) = runs(built, 1, record=True)
    return [time for time, name, _ in path(run) if name == "ring"]


def test_age_is_lost_or_kept() -> None:
    assert windows(waiting("fixed", 1.25)) == [9.25]
    # due at 5, when the guard turns false first: nothing is left to wait for when it is true again
    assert windows(waiting("fixed", 1.5, resumes=True)) == [2.5, 6.0, 8.5]
    assert windows(waiting("fixed", 0.75)) == [0.75, 2.75, 4.75, 6.75, 8.75, 9.5]


def test_resuming_waits_for_so_much_time_under_the_guard() -> None:
    """Under a guard that is on and off, the cumulated time on has the waiting time's law."""
    on = variable("on")
    built = model(
        [flag("on", True), count("x")],
        [
            kind("flip", rate(3.0), put("on", on.not_())),
            kind(
                "ring",
                waiting("weibull", 2.0, 1.0, resumes=True),
                put("x", 1.0),
                when=on.and_(X < 1),
            ),
        ],
        [ask("on before", "integral", on.and_(X < 1), end=200.0)],
        horizon=200.0,
    )
    spent = sample(built, 400)
    assert_mean(spent, gamma(1.5))
    assert_share([[float(one < 0.5) for one in block] for block in spent], 1 - exp(-0.25))


def test_arguments_freeze_at_enabling() -> None:
    built = model(
        [count("x", 3.0), count("rang")],
        [
            kind("change", Dated((1.0,)), put("x", 100.0)),
            kind("ring", waiting("fixed", X), put("rang", variable("rang") + 1)),
        ],
        horizon=104.0,
    )
    (run,) = runs(built, 1, record=True)
    assert [time for time, name, _ in path(run) if name == "ring"] == [3.0, 103.0]


def test_draw_in_an_effect_has_its_law() -> None:
    built = model(
        [count("x")],
        [
            kind(
                "ring",
                Dated((1.0,)),
                put("x", drawn("size")),
                draws=(draw("size", "binomial", 10.0, 0.3),),
            )
        ],
        [ask("x", "mean", X, at=1.0), ask("is 3", "probability", X.is_(3), at=1.0)],
    )
    assert_mean(sample(built, 1500), 3.0)
    assert_share(sample(built, 1500, 1), 120 * 0.3**3 * 0.7**7)
