"""Two worlds on the same chance, against formulas and against independent runs.

Comparisons with a formula allow five standard errors: one false alarm in two million for each.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from foedus.expr.prior import Fixed, Prior, Uniform
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.questions.answers import simulate
from foedus.questions.estimates import Numbers, Truths, estimate
from foedus.questions.runs import Runs
from foedus.questions.what_if import Change, change
from foedus.questions.worlds import Comparison, Worlds, compare
from tests.engine.models import (
    ask,
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

A, B, C = variable("a"), variable("b"), variable("c")
ASKED = [
    ask("c", "probability", C, at=2.0),
    ask("a", "probability", A, at=2.0),
    ask("when c", "time-until", C, end=2.0),
    ask("c if b", "probability", C, at=2.0, given=B),
]


def chain(speed: Prior | float = 0.7) -> JumpModel:
    """a leads to c; b happens by itself."""
    return model(
        [flag("a"), flag("b"), flag("c")],
        [
            kind("first", rate(parameter("speed")), put("a", True), when=A.not_()),
            kind("beside", rate(parameter("other")), put("b", True), when=B.not_()),
            kind("then", rate(parameter("other")), put("c", True), when=A.and_(C.not_())),
        ],
        ASKED,
        horizon=2.0,
        parameters={"speed": speed, "other": Fixed(1.0)},
    )


def changed(*interventions: Intervention, speed: Prior | float = 0.7, **more: int) -> Change:
    settings = {"draws": 4000, "seed": 1, **more}
    return change(
        chain(speed), "mine", interventions, draws=settings["draws"], seed=settings["seed"]
    )


def test_a_change_against_formulas() -> None:
    found = changed(intervene("forbid", "first"))
    c, a, when, given = found.questions
    fast, slow = 1.0, 0.7
    happens = 1.0 - (fast * exp(-2 * slow) - slow * exp(-2 * fast)) / (fast - slow)
    assert c.factual.value == pytest.approx(happens, abs=5 * (c.factual.error or 0.0))
    assert c.counterfactual.value == 0.0
    assert c.difference.value == pytest.approx(-happens, abs=5 * (c.difference.error or 0.0))
    assert a.difference.value == pytest.approx(-(1 - exp(-1.4)), abs=5 * (a.difference.error or 0))
    assert c.turned is not None
    assert c.turned.to_yes == 0.0
    assert c.turned.to_no == c.factual.value
    assert when.counterfactual.value == 2.0
    assert when.never is not None
    assert when.never[0] == pytest.approx(1.0 - (c.factual.value or 0.0), abs=1e-12)
    assert when.never[1] == 1.0
    assert c.never is None
    assert given.difference.value is not None
    assert given.turned is not None, "the same runs count in both worlds"
    assert given.turned.to_yes == 0.0
    assert found.naturals[0].share == a.factual.value


def test_what_changes_alike_in_every_run_leaves_no_error() -> None:
    """The answer is uncertain and its change is not: no more than rounding is left of the error."""
    counts = [
        kind("comes", rate(parameter("other")), put("n", variable("n") + 1)),
        kind("bonus", rate(0.0), put("n", variable("n") + 1)),
    ]
    what = model(
        [count("n")], counts, [ask("n", "mean", variable("n"), at=2.0)], horizon=2.0,
        parameters={"other": Uniform(0.5, 3.0)},
    )  # fmt: skip
    found = change(what, "mine", (intervene("force", "bonus", at=1.0),), draws=300, seed=1)
    (n,) = found.questions
    assert n.difference.value == pytest.approx(1.0)
    assert n.gain == float("inf")


def test_an_intervention_that_touches_nothing_changes_nothing() -> None:
    found = changed(intervene("force", "first", at=5.0))
    for one in found.questions:
        assert one.difference.value == 0.0
        assert one.difference.error == 0.0
        assert one.factual == one.counterfactual
        assert one.gain == float("inf")
    assert found.vacuous == (1.0,)


def test_what_does_not_depend_on_it_is_not_moved() -> None:
    a = changed(intervene("forbid", "then")).questions[1]
    assert (a.difference.value, a.difference.error) == (0.0, 0.0)


def test_two_changes_are_made_together() -> None:
    both = changed(intervene("forbid", "then"), intervene("forbid", "first"))
    alone = changed(intervene("forbid", "first"))
    assert both.questions[0].counterfactual == alone.questions[0].counterfactual
    assert both.questions[1].counterfactual == alone.questions[1].counterfactual


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_gain_is_that_over_independent_runs(seed: int) -> None:
    """The stated gain against the spread of differences from runs with other seeds.

    Forty independent differences estimate their variance within a factor of about 1.25 (one
    standard error); a factor of two and a half is five of them on the log scale.
    """
    slower = intervene("set-parameter", "speed", 0.6)
    stated = changed(slower, seed=seed).questions[0]
    assert stated.gain is not None
    assert stated.difference.error is not None
    apart = []
    for other in range(40):
        one = simulate(chain(), draws=1000, seed=1000 * seed + other).questions[0]
        two = simulate(
            chain(), draws=1000, seed=500_000 + 1000 * seed + other, interventions=(slower,)
        ).questions[0]
        apart.append((two.estimate.value or 0.0) - (one.estimate.value or 0.0))
    mean = sum(apart) / len(apart)
    variance = sum((one - mean) ** 2 for one in apart) / (len(apart) - 1) / 4  # 4000 runs, not 1000
    found = variance / stated.difference.error**2
    assert stated.gain / 2.5 < found < 2.5 * stated.gain


def test_the_range_is_that_of_the_difference_over_the_assumptions() -> None:
    """1 - exp(-2 speed) for speed uniform on 0.2..1: between its 2.5 % and 97.5 % quantiles."""
    model_of_it, forbidden = chain(Uniform(0.2, 1.0)), (intervene("forbid", "first"),)
    found = change(model_of_it, "mine", forbidden, draws=40_000, inner=100, seed=1)
    difference = found.questions[1].difference
    assert difference.low == pytest.approx(-(1 - exp(-2 * 0.98)), abs=0.04)
    assert difference.high == pytest.approx(-(1 - exp(-2 * 0.22)), abs=0.04)


def made_up(values: Numbers, counts: Truths) -> Runs:
    """Runs of one question with these answers; those that do not count have none."""
    answers = [np.where(counts, values, np.nan)]
    return Runs(answers, [counts], [np.full(values.shape, np.nan)], (), None, 0)


@pytest.mark.parametrize("seed", range(5))
def test_the_gain_and_the_range_from_the_runs_themselves(seed: int) -> None:
    """Draws move both worlds, the changed one twice as much; some runs count in one world only."""
    random = np.random.default_rng(seed)
    level = random.normal(size=(1, 80, 1))
    values = level + random.normal(size=(1, 80, 6)), 2.0 * level + random.normal(size=(1, 80, 6))
    everywhere = np.ones((1, 80, 6), np.bool_)
    few = random.random((1, 80, 6)) < 0.7, random.random((1, 80, 6)) < 0.5
    asked = ask("m", "mean", A, at=1.0)
    alone = (Atom("alone", 1.0, frozenset()),)

    def compared(*counts: Truths) -> Comparison:
        first, second = (made_up(*one) for one in zip(values, counts, strict=True))
        return compare(Worlds(alone, np.ones(1), first, second, True), [asked], ())[0]

    means = [one[0].mean(axis=1) for one in values]
    apart = np.var(means[0]) + np.var(means[1])
    assert compared(everywhere, everywhere).gain == pytest.approx(
        apart / np.var(means[1] - means[0])
    )
    both = few[0] & few[1]
    found = compared(*few)
    expected = estimate(values[1] - values[0], both, np.ones(1), is_spread=True)
    assert found.difference.low is not None
    assert (found.difference.low, found.difference.high) == (expected.low, expected.high)
    seen = [one[which].mean() for one, which in zip(values, few, strict=True)]
    assert found.difference.value == pytest.approx(seen[1] - seen[0])
    assert not found.is_alike
