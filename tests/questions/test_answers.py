"""Answers against formulas: values, errors, intervals, quantiles, mixtures."""

import json
from math import exp, log, sqrt
from typing import Any

import pytest

from foedus.engine.reference import Watch
from foedus.expr.prior import Fixed, Prior, Uniform
from foedus.jump.model import Atom, Explanation, JumpModel, Monitor, ParameterSpec
from foedus.questions.answers import Answer, Answers, as_record, simulate
from foedus.questions.estimates import Estimate
from tests.engine.models import (
    TIME,
    ask,
    component,
    count,
    flag,
    intervene,
    kind,
    model,
    parameter,
    put,
    rate,
    variable,
)

X, DONE = variable("x"), variable("done")
BY_ONE = ask("by one", "probability", DONE, at=1.0)
WHEN = ask("when", "time-until", DONE, end=2.0)
TOO_FAR = 4.5


def strike(
    prior: float | Prior, *monitors: Monitor, horizon: float = 2.0, **more: Any
) -> JumpModel:
    """Something that happens once, at an uncertain rate."""
    ring = kind("ring", rate(parameter("speed")), put("done", True), when=DONE.not_())
    return model(
        [flag("done")],
        [ring],
        monitors,
        horizon=horizon,
        parameters={"speed": prior},
        **more,
    )


def the(answers: Answers, place: int = 0) -> Answer:
    return answers.questions[place]


def known(estimate: Estimate) -> tuple[float, float, float, float]:
    """The four numbers, none of them missing."""
    found = (estimate.value, estimate.low, estimate.high, estimate.error)
    numbers = tuple(one for one in found if one is not None)
    assert len(numbers) == 4
    return numbers[0], numbers[1], numbers[2], numbers[3]


def test_probability_with_an_uncertain_rate() -> None:
    """The interval is that of P(by one | speed): the noise of ten inner runs is taken out.

    The value is 4.5 of its own errors from the formula at most (7e-6). The ends may be off by .04:
    chance moves them by about .01 (500 draws of the speed, noise variance known to 5 %).
    """
    low, high = 0.5, 1.5
    answers = simulate(strike(Uniform(low, high), BY_ONE), draws=10_000, inner=20, seed=3)
    assert (answers.draws, answers.outer, answers.inner) == (10_000, 500, 20)
    value, lower, upper, error = known(the(answers).estimate)
    exact = 1 - (exp(-low) - exp(-high)) / (high - low)
    assert abs(value - exact) < TOO_FAR * error
    spread = 0.012  # the variance of P(by one | speed)
    noise = exact * (1 - exact) - spread
    assert error == pytest.approx(sqrt(noise / 10_000 + spread / 500), rel=0.2)
    assert lower == pytest.approx(1 - exp(-(low + 0.025)), abs=0.04)
    assert upper == pytest.approx(1 - exp(-(high - 0.025)), abs=0.04)


def test_nothing_uncertain_gives_no_interval_but_an_error() -> None:
    value, low, high, error = known(the(simulate(strike(1.0, BY_ONE), draws=2000, seed=3)).estimate)
    assert low == high == pytest.approx(value, abs=1e-12)
    assert error == pytest.approx(sqrt(exp(-1) * (1 - exp(-1)) / 2000), rel=0.2)


def test_in_json_a_range_that_is_one_number_is_none() -> None:
    """Read as a 95 % interval it would be taken for certainty."""
    built = strike(1.0, BY_ONE)
    (certain,) = record_of(simulate(built, draws=200, seed=3))
    (few,) = record_of(simulate(strike(Uniform(0.5, 1.5), BY_ONE), draws=4, seed=3))
    (spread,) = record_of(simulate(strike(Uniform(0.5, 9.5), BY_ONE), draws=2000, seed=3))
    assert (certain["low"], certain["high"], certain["no_range"]) == (None, None, "no-spread")
    assert (few["low"], few["high"], few["no_range"]) == (None, None, "too-few-runs")
    assert spread["no_range"] is None
    assert spread["low"] < spread["high"]
    nothing = record_of(simulate(worlds(), draws=400, seed=9))[0]["by_explanation"]["nothing"]
    assert (nothing["value"], nothing["low"], nothing["no_range"]) == (0.0, None, "no-spread")


def record_of(answers: Answers) -> list[dict[str, Any]]:
    """The questions of the JSON contract."""
    questions = as_record(answers)["questions"]
    assert isinstance(questions, list)
    return questions


def test_error_is_neither_too_small_nor_too_large() -> None:
    """Over 100 seeds the scores have variance 1: .55 to 1.6 by chance but once in 30,000."""
    built = strike(Uniform(0.2, 2.0), BY_ONE)
    exact = 1 - (exp(-0.2) - exp(-2.0)) / 1.8
    scores = []
    for seed in range(100):
        value, _, _, error = known(the(simulate(built, draws=200, inner=4, seed=seed)).estimate)
        scores.append((value - exact) / error)
    assert 0.55 < sum(score**2 for score in scores) / 100 < 1.6


def test_time_until_is_cut_off_at_the_end() -> None:
    answer = the(simulate(strike(0.6, WHEN), draws=4000, seed=5))
    value, _, _, error = known(answer.estimate)
    assert abs(value - (1 - exp(-1.2)) / 0.6) < TOO_FAR * error
    assert answer.never is not None
    never, _, _, never_error = known(answer.never)
    assert abs(never - exp(-1.2)) < TOO_FAR * never_error
    assert answer.quantiles is not None
    assert list(answer.quantiles) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
    # the share of runs below a true quantile errs by .007 at most
    assert answer.quantiles["0.05"] == pytest.approx(-log(0.95) / 0.6, rel=0.4)
    assert answer.quantiles["0.5"] == pytest.approx(log(2) / 0.6, rel=0.15)
    assert (answer.quantiles["0.75"], answer.quantiles["0.95"]) == (None, None)


def test_numbers_have_quantiles_and_probabilities_have_none() -> None:
    built = model(
        [count("x")],
        [kind("arrive", rate(4.0), put("x", X + 1))],
        [ask("x", "mean", X, at=1.0), ask("much", "probability", X > 6, at=1.0)],
        horizon=1.0,
    )
    number, chance = simulate(built, draws=4000, seed=5).questions
    assert number.quantiles == {"0.05": 1.0, "0.25": 3.0, "0.5": 4.0, "0.75": 5.0, "0.95": 8.0}
    assert chance.quantiles is None
    value, _, _, error = known(number.estimate)
    assert abs(value - 4.0) < TOO_FAR * error
    assert (number.never, chance.never) == (None, None)


def test_given_is_a_ratio() -> None:
    """P(two or more given one or more), with the error of a ratio; how many runs met it."""
    built = model(
        [count("x")],
        [kind("arrive", rate(0.8), put("x", X + 1))],
        [
            ask("two", "probability", X > 1, at=1.0, given=X > 0),
            ask("none", "mean", X, at=1.0, given=X > 1000),
        ],
        horizon=1.0,
    )
    answers = simulate(built, draws=4000, seed=5)
    two, none = answers.questions
    value, _, _, error = known(two.estimate)
    share = 1 - exp(-0.8)
    assert abs(value - (1 - 0.8 * exp(-0.8) / share)) < TOO_FAR * error
    assert error == pytest.approx(sqrt(value * (1 - value) / (4000 * share)), rel=0.25)
    assert two.counted is not None
    assert abs(two.counted - 4000 * share) < TOO_FAR * sqrt(4000 * share * (1 - share))
    assert none.estimate == Estimate(None, None, None, None)
    assert (none.counted, none.runs) == (0, 4000)
    assert none.quantiles == dict.fromkeys(["0.05", "0.25", "0.5", "0.75", "0.95"])


def worlds() -> JumpModel:
    """A third thing may happen at the rate 1 or 3, as one component or another is present."""
    speeds = component("fast")
    ring = kind("ring", rate(parameter("speed")), put("done", True), when=DONE.not_().and_(speeds))
    slow = kind("slow", rate(0.5), put("done", True), when=DONE.not_(), gate="slow")
    own = ParameterSpec("speed", (), Fixed(3.0))
    return model(
        [flag("done")],
        [ring, slow],
        [BY_ONE],
        horizon=1.0,
        parameters={"speed": 1.0},
        components=("fast", "slow"),
        atoms=(
            Atom("neither", 0.5, frozenset()),
            Atom("fast", 0.3, frozenset({"fast"}), (own,)),
            Atom("both", 0.2, frozenset({"fast", "slow"})),
        ),
        explanations=(
            Explanation("nothing", ("neither",), is_rival=True),
            Explanation("something", ("fast", "both"), is_rival=True),
            Explanation("fast at all", ("fast", "both"), is_rival=False),
            Explanation("fast alone", ("fast",), is_rival=False),
        ),
    )


def test_mixture_over_atoms() -> None:
    answer = the(simulate(worlds(), draws=2000, seed=9))
    fast, both = 1 - exp(-3.0), 1 - exp(-1.5)
    value, low, high, error = known(answer.estimate)
    assert abs(value - (0.3 * fast + 0.2 * both)) < TOO_FAR * error
    assert (answer.runs, list(answer.by_explanation)) == (6000, ["nothing", "something"])
    assert list(answer.sets) == ["fast at all", "fast alone"]
    assert low == 0.0
    assert high == pytest.approx(fast, abs=0.04)
    nothing, something = answer.by_explanation.values()
    assert (nothing.weight, nothing.estimate.value) == (0.5, 0.0)
    value, low, high, error = known(something.estimate)
    assert something.weight == 0.5
    assert abs(value - (0.6 * fast + 0.4 * both)) < TOO_FAR * error
    assert (low, high) == pytest.approx((both, fast), abs=0.06)
    assert something == answer.sets["fast at all"]


def test_only_one_explanation() -> None:
    whole, part = (
        simulate(worlds(), draws=400, seed=9, explanation=name) for name in (None, "something")
    )
    assert the(part).runs == 800
    assert known(the(part).estimate) == pytest.approx(
        known(the(whole).by_explanation["something"].estimate), rel=1e-12
    )
    with pytest.raises(ValueError, match="no explanation is called `nobody`"):
        simulate(worlds(), draws=10, seed=1, explanation="nobody")


def test_atoms_share_their_noise() -> None:
    """Two atoms that differ by nothing give the same answers, run by run."""
    built = strike(
        Uniform(0.5, 1.5),
        BY_ONE,
        WHEN,
        atoms=(Atom("a", 0.3, frozenset()), Atom("b", 0.7, frozenset())),
        explanations=(
            Explanation("a", ("a",), is_rival=True),
            Explanation("b", ("b",), is_rival=True),
        ),
    )
    for answer in simulate(built, draws=200, seed=2).questions:
        one, other = answer.by_explanation.values()
        assert one.estimate == other.estimate


def test_half_the_step() -> None:
    """The hazard 2 t held for a day or half a day: 0 or 1/4 cumulated by one."""
    strike_later = kind("ring", rate(TIME * 2, every=1.0), put("done", True), when=DONE.not_())
    built = model([flag("done")], [strike_later], [BY_ONE], horizon=1.0)
    answer = the(simulate(built, draws=8000, seed=5))
    assert answer.estimate.value == 0.0
    half = answer.half_step
    assert half is not None
    assert half.value == half.difference
    assert half.error is not None
    assert half.value is not None
    assert abs(half.value - (1 - exp(-0.5))) < TOO_FAR * half.error
    assert half.outer == 200
    assert the(simulate(strike(1.0, BY_ONE), draws=100, seed=5)).half_step is None


def test_set_values_replace_priors() -> None:
    built = strike(Uniform(0.5, 1.5), BY_ONE)
    sure = the(simulate(built, draws=400, seed=5, set_values={"speed": 1e9}))
    assert sure.estimate.value == 1.0
    same = simulate(strike(0.7, BY_ONE), draws=400, seed=5)
    assert the(simulate(built, draws=400, seed=5, set_values={"speed": 0.7})) == the(same)
    with pytest.raises(ValueError, match=r"no parameter is called `sped`; did you mean `speed`\?"):
        simulate(built, draws=400, seed=5, set_values={"sped": 1.0})


def test_interventions_and_how_often_they_were_vacuous() -> None:
    """Forced at 1, where it has not happened before: vacuous in 1 - exp(-1) of the runs."""
    force = (intervene("force", "ring", at=1.0),)
    answers = simulate(strike(1.0, BY_ONE), draws=2000, seed=5, interventions=force)
    assert the(answers).estimate.value == 1.0
    (share,) = answers.vacuous
    assert abs(share - (1 - exp(-1))) < TOO_FAR * sqrt(exp(-1) * (1 - exp(-1)) / 2000)


def test_fans_over_time() -> None:
    watch = Watch(((X * 1.0).node,), (0.0, 0.5, 1.0))
    built = model([count("x")], [kind("arrive", rate(4.0), put("x", X + 1))], [], horizon=1.0)
    (fan,) = simulate(built, draws=4000, seed=5, watch=watch).fans
    assert fan.times == (0.0, 0.5, 1.0)
    # four standard errors of the mean of 4,000 Poisson numbers are .13
    assert fan.mean == pytest.approx((0.0, 2.0, 4.0), abs=0.13)
    assert fan.quantiles["0.5"] == (0.0, 2.0, 4.0)
    assert fan.quantiles["0.95"] == (0.0, 5.0, 8.0)


def test_record_is_json_and_depends_on_the_seed_alone() -> None:
    def text(seed: int) -> str:
        built = strike(Uniform(0.5, 1.5), BY_ONE, WHEN)
        record = as_record(simulate(built, draws=300, seed=seed))
        assert list(record)[:4] == ["case", "engine", "draws", "outer"]
        assert isinstance(record.pop("seconds"), float)
        return json.dumps(record, allow_nan=False)

    assert text(1) == text(1)
    assert text(1) != text(2)
    question = json.loads(text(1))["questions"][1]
    contract = ["name", "kind", "value", "low", "high", "error", "quantiles", "never"]
    assert list(question)[:8] == contract
    assert "by_explanation" in question


def test_progress_reaches_the_end() -> None:
    seen: list[tuple[int, int]] = []
    simulate(
        strike(1.0, BY_ONE), draws=1000, seed=5, progress=lambda done, of: seen.append((done, of))
    )
    assert seen == [(200 * step, 1000) for step in range(1, 6)]


@pytest.mark.parametrize(
    ("draws", "inner", "outer_and_inner"),
    [(1, None, (2, 2)), (100, None, (50, 2)), (999, None, (100, 10)), (7, 3, (3, 3))],
)
def test_draws_are_rounded_up_and_said(
    draws: int, inner: int | None, outer_and_inner: tuple[int, int]
) -> None:
    answers = simulate(strike(1.0), draws=draws, seed=1, inner=inner)
    assert (answers.outer, answers.inner) == outer_and_inner
    assert answers.draws == answers.outer * answers.inner


def test_too_few_draws_and_unknown_engines_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 draw, and 2 inner runs"):
        simulate(strike(1.0), draws=10, seed=1, inner=1)
    with pytest.raises(ValueError, match="no engine is called `fast`"):
        simulate(strike(1.0), draws=10, seed=1, engine="fast")
