"""Exact answers with uncertain parameters, mixtures over atoms, and what is refused."""

from __future__ import annotations

import json
from math import exp, log

import pytest

from foedus.exact.refusal import NotExactError
from foedus.expr import tree
from foedus.expr.prior import Fixed, Uniform
from foedus.jump.model import Atom, Explanation
from foedus.questions.answers import as_record, simulate
from tests.engine.models import (
    Term,
    ask,
    flag,
    kind,
    model,
    node,
    parameter,
    put,
    rate,
    variable,
)

DONE, ALSO = variable("done"), variable("also")
BY_ONE = ask("by one", "probability", DONE, at=1.0)
WHEN = ask("when", "time-until", DONE, end=2.0)


def test_an_uncertain_rate() -> None:
    """A rate uniform on 1..3: the mean of 1 - exp(-s), and the interval from s = 1.05 to 2.95."""
    ring = kind("ring", rate(parameter("speed")), put("done", True), when=DONE.not_())
    built = model(
        [flag("done")], [ring], [BY_ONE, WHEN], horizon=2.0,
        parameters={"speed": Uniform(1.0, 3.0)},
    )  # fmt: skip
    found = simulate(built, draws=1, seed=1, engine="exact")
    one = found.questions[0].estimate
    expected = 1.0 - (exp(-1.0) - exp(-3.0)) / 2.0
    assert one.value == pytest.approx(expected, rel=1e-6)
    assert one.error is not None
    assert one.value is not None
    assert abs(one.value - expected) <= one.error
    assert (one.low, one.high) == pytest.approx((1.0 - exp(-1.05), 1.0 - exp(-2.95)), abs=2e-3)
    when = found.questions[1]
    assert when.never is not None
    assert when.never.value == pytest.approx((exp(-2.0) - exp(-6.0)) / 4.0, rel=1e-6)
    assert when.quantiles is not None
    half = when.quantiles["0.5"]
    assert half is not None
    assert (exp(-half) - exp(-3.0 * half)) / (2.0 * half) == pytest.approx(0.5, abs=1e-5)
    assert found.draws == found.inner == 0
    json.dumps(as_record(found), allow_nan=False)


def test_quantiles_where_a_parameter_moves_all_but_the_mean() -> None:
    """Up or down with the same rate s, uniform on 0.05..0.6: the mean is 0 whatever s is, and down
    with probability (1 - E exp(-2 s)) / 2 = 0.226, though 0.349 at the greatest s."""
    up, down = variable("up"), variable("down")
    still = up.or_(down).not_()
    chosen = tree.Conditional(node(down), node(-1.0), node(0.0), tree.PLAIN)
    side = tree.Conditional(node(up), node(1.0), chosen, tree.PLAIN)
    built = model(
        [flag("up"), flag("down")],
        [
            kind("rise", rate(parameter("s")), put("up", True), when=still),
            kind("fall", rate(parameter("s")), put("down", True), when=still),
        ],
        [ask("side", "mean", Term(side), at=1.0)],
        horizon=1.0, parameters={"s": Uniform(0.05, 0.6)},
    )  # fmt: skip
    found = simulate(built, draws=1, seed=1, engine="exact").questions[0]
    assert found.estimate.value == pytest.approx(0.0, abs=1e-12)
    quantiles = {"0.05": -1.0, "0.25": 0.0, "0.5": 0.0, "0.75": 0.0, "0.95": 1.0}
    assert found.quantiles == quantiles


def test_a_mixture_of_atoms() -> None:
    ring = kind("ring", rate(parameter("speed")), put("done", True), when=DONE.not_())
    fast = Atom("fast", 0.25, frozenset(), (model([], [], [], parameters={"speed": Fixed(2.0)})
                                            .parameters[0],))  # fmt: skip
    built = model(
        [flag("done")], [ring], [BY_ONE], horizon=2.0, parameters={"speed": Fixed(1.0)},
        atoms=(Atom("slow", 0.75, frozenset()), fast),
        explanations=(Explanation("slow", ("slow",), True), Explanation("fast", ("fast",), True)),
    )  # fmt: skip
    found = simulate(built, draws=1, seed=1, engine="exact").questions[0]
    expected = 0.75 * (1.0 - exp(-1.0)) + 0.25 * (1.0 - exp(-2.0))
    assert found.estimate.value == pytest.approx(expected, abs=1e-12)
    assert found.by_explanation["fast"].weight == 0.25
    assert found.by_explanation["fast"].estimate.value == pytest.approx(1.0 - exp(-2.0), abs=1e-12)
    assert found.estimate.low == pytest.approx(1.0 - exp(-1.0), abs=1e-12)
    assert found.estimate.high == pytest.approx(1.0 - exp(-2.0), abs=1e-12)
    only = simulate(built, draws=1, seed=1, engine="exact", explanation="fast").questions[0]
    assert only.estimate.value == pytest.approx(1.0 - exp(-2.0), abs=1e-12)


def test_quantiles_of_a_time() -> None:
    ring = kind("ring", rate(1.0), put("done", True), when=DONE.not_())
    built = model([flag("done")], [ring], [ask("when", "time-until", DONE, end=1.0)], horizon=1.0)
    found = simulate(built, draws=1, seed=1, engine="exact").questions[0]
    assert found.quantiles is not None
    assert found.quantiles["0.5"] == pytest.approx(log(2.0), abs=1e-12)
    assert found.quantiles["0.95"] is None
    assert found.estimate.value == pytest.approx(1.0 - exp(-1.0), abs=1e-12)


def test_three_uncertain_parameters_are_too_many() -> None:
    speeds = {name: Uniform(1.0, 2.0) for name in ("one", "two", "three", "unused")}
    kinds = [kind(name, rate(parameter(name)), put("done", True)) for name in list(speeds)[:3]]
    built = model([flag("done")], kinds, [BY_ONE], horizon=2.0, parameters=speeds)
    with pytest.raises(
        NotExactError, match=r"3 parameters are uncertain \(`one`, `two`, `three`\)"
    ):
        simulate(built, draws=1, seed=1, engine="exact")
    found = simulate(built, draws=1, seed=1, engine="exact", set_values={"one": 0.5, "two": 0.5})
    expected = 1.0 - exp(-1.0) * (exp(-1.0) - exp(-2.0))
    assert found.questions[0].estimate.value == pytest.approx(expected, rel=1e-6)
