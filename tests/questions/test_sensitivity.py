"""What drives an answer, on models whose shares follow from a formula.

Comparisons allow five standard errors from eight replicates: one false alarm in 600 for each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foedus.expr.prior import Prior, Uniform
from foedus.expr.tree import Group
from foedus.jump.model import Atom, JumpModel, Monitor, ParameterSpec
from foedus.questions.estimates import Numbers
from foedus.questions.sensitivity import (
    EXPLANATION,
    OTHERS,
    Drivers,
    Effect,
    NothingUncertain,
    sensitivity,
)
from tests.engine.models import (
    ask,
    component,
    flag,
    kind,
    label,
    model,
    parameter,
    put,
    rate,
    variable,
)
from tests.loading import case_of

A, B = variable("a"), variable("b")
EITHER = ask("either", "probability", A.or_(B), at=1.0)
ONE = ask("one", "probability", A, at=1.0)
UNDER = ask("under", "probability", A, at=1.0, given=B)
WHEN = ask("when", "time-until", A, end=2.0)


def two_clocks(*monitors: Monitor) -> JumpModel:
    """Two things that happen once, at uncertain rates; a third rate changes nothing."""
    priors: dict[str, Prior] = {"u": Uniform(0.1, 2.0), "v": Uniform(0.1, 0.5), "w": Uniform(0, 1)}
    return model(
        [flag("a"), flag("b"), flag("c")],
        [
            kind("first", rate(parameter("u")), put("a", True), when=A.not_()),
            kind("second", rate(parameter("v")), put("b", True), when=B.not_()),
            kind("third", rate(parameter("w")), put("c", True), when=variable("c").not_()),
        ],
        monitors,
        horizon=2.0,
        parameters=priors,
    )


def effect(drivers: Drivers, name: str) -> Effect:
    return next(one for one in drivers.effects if one.input == name)


def shares_by_grid(value: Numbers) -> tuple[Numbers, Numbers]:
    """First and total shares of a function of two inputs, from its values on a square grid."""
    whole = value.var()
    rows, columns = value.mean(axis=1).var(), value.mean(axis=0).var()
    return np.array([rows, columns]) / whole, np.array([whole - columns, whole - rows]) / whole


@pytest.mark.parametrize("seed", [1, 2])
def test_shares_of_an_expected_answer(seed: int) -> None:
    levels = (np.arange(400) + 0.5) / 400
    u, v = 0.1 + 1.9 * levels[:, None], 0.1 + 0.4 * levels[None, :]
    first, total = shares_by_grid(1.0 - np.exp(-(u + v)))
    found = sensitivity(two_clocks(EITHER), rows=256, runs=30, seed=seed).questions[0]
    for place, name in enumerate(("u", "v")):
        one = effect(found, name)
        assert abs(one.first - first[place]) <= 5 * one.first_error + 0.003
        assert abs(one.total - total[place]) <= 5 * one.total_error + 0.003
    assert effect(found, "w").total == 0.0
    assert effect(found, "w").slope == 0.0


def test_equal_to_an_independent_implementation() -> None:
    """SALib takes the expected answer itself apart, we what runs say of it."""
    from SALib.analyze import sobol
    from SALib.sample import sobol as sample

    bounds = [[0.1, 2.0], [0.1, 0.5], [0.0, 1.0]]
    names = ["u", "v", "w"]
    problem = {"num_vars": 3, "names": names, "bounds": bounds}
    points = sample.sample(problem, 4096, calc_second_order=False, seed=7)
    expected = 1.0 - np.exp(-(points[:, 0] + points[:, 1]))
    oracle = sobol.analyze(problem, expected, calc_second_order=False)
    found = sensitivity(two_clocks(EITHER), rows=256, runs=30, seed=3).questions[0]
    for place, name in enumerate(names):
        one = effect(found, name)
        assert abs(one.first - oracle["S1"][place]) <= 5 * one.first_error + 0.003
        assert abs(one.total - oracle["ST"][place]) <= 5 * one.total_error + 0.003


def test_slopes_have_the_sign_and_size_of_the_derivative() -> None:
    """By one normal score, on average; differences share their noise, so few runs are enough."""
    found = sensitivity(two_clocks(ONE), rows=256, runs=30, seed=3).questions[0]
    one = effect(found, "u")
    assert one.slope is not None
    assert one.slope_error is not None
    from scipy.special import ndtr

    z = np.random.default_rng(1).normal(size=200_000)
    change = [np.exp(-(0.1 + 1.9 * ndtr(z + side))).mean() for side in (-0.5, 0.5)]
    assert abs(one.slope - (change[0] - change[1])) <= 5 * one.slope_error + 0.002
    assert effect(found, "v").slope == 0.0, "what an answer does not depend on moves no run"


def test_inputs_not_taken_apart_count_together() -> None:
    found = sensitivity(two_clocks(EITHER), rows=128, runs=20, inputs=1, seed=4).questions[0]
    assert [one.input for one in found.effects] == ["u", OTHERS]
    assert effect(found, OTHERS).total > 0.01


def test_any_index_of_a_parameter_may_be_what_it_is_chosen_for() -> None:
    """The rate of the second of two is all that the answer hangs on."""
    pair = Group("side", 2, ("left", "right"))
    speed = parameter("speed", label("right", *pair.labels))
    plain = model(
        [flag("a"), flag("b")],
        [
            kind("first", rate(speed), put("a", True), when=A.not_()),
            kind("second", rate(parameter("v")), put("b", True), when=B.not_()),
        ],
        [ONE],
        labels=pair.labels,
        horizon=2.0,
        parameters={"v": Uniform(0.1, 2.0)},
    )
    speeds = ParameterSpec("speed", (pair,), Uniform(0.1, 2.0))
    found = sensitivity(
        replace(plain, parameters=(*plain.parameters, speeds)), rows=64, runs=20, inputs=1, seed=1
    )
    assert [one.input for one in found.questions[0].effects] == ["speed", OTHERS]


def test_a_probability_under_a_condition_is_taken_apart_with_it() -> None:
    found = sensitivity(two_clocks(UNDER, WHEN), rows=64, runs=20, seed=5).questions
    assert found[0].is_conditional
    assert found[0].mean is not None
    assert 0.05 < found[0].mean < 0.25, "both happen"
    assert effect(found[0], "v").total > 0.1
    assert not found[1].is_conditional
    assert found[1].mean is not None, "time until is counted as long as it was watched"


def test_which_explanation_holds_is_an_input() -> None:
    odd = component("odd")
    priors: dict[str, Prior] = {"u": Uniform(0.1, 0.2)}
    strong = model(
        [flag("a")],
        [kind("first", rate(parameter("u")), put("a", True), when=A.not_().and_(odd))],
        [ONE],
        horizon=1.0,
        parameters=priors,
        components=("odd",),
        atoms=(Atom("with", 0.5, frozenset({"odd"})), Atom("without", 0.5, frozenset())),
    )
    found = sensitivity(strong, rows=128, runs=30, seed=6).questions[0]
    assert found.effects[0].input == EXPLANATION
    assert found.effects[0].slope is None
    assert found.effects[0].total > 0.9


def test_the_same_arguments_give_the_same_answer_on_both_engines() -> None:
    one, other = (
        sensitivity(two_clocks(EITHER), rows=16, runs=2, engine=engine)
        for engine in ("reference", "native")
    )
    assert one.questions == other.questions


def test_nothing_uncertain_and_wrong_sizes() -> None:
    certain = case_of("""
foedus: 1
case: certain
title: Nothing is uncertain
clock: {start: 2000-01-01, end: 2000-12-31}
parameters: {often: {value: 1, unit: per year, grade: assumed, because: an example}}
state: {done: {type: flag, starts: false}}
events: {happens: {rate: often, then: {done: true}}}
questions: {done: {probability: done, by: 2000-12-31}}
""")
    from foedus.jump.lower import lower

    with pytest.raises(NothingUncertain):
        sensitivity(lower(certain), rows=16, runs=1)
    with pytest.raises(ValueError, match="power of two"):
        sensitivity(two_clocks(EITHER), rows=24)
