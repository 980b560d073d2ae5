"""Every fault of a run names the event, the line, the run and the time."""

import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from foedus.engine.reference import ModelError, simulate_run
from foedus.engine.reference import prepare as prepare_model
from foedus.expr.tree import Group
from foedus.jump.model import Dated, EventKind, VariableSpec
from tests.engine.models import (
    ALONE,
    Term,
    ask,
    at_label,
    call,
    count,
    draw,
    drawn,
    flag,
    fold,
    index,
    intervene,
    kind,
    label,
    level,
    model,
    one_of,
    option,
    put,
    rate,
    runs,
    variable,
    waiting,
)

X = variable("x")
AT_TWO = Dated((2.0,))
PAIR = Group("pair", 2, ("a", "b"))
NONE = Group("nobody", 0)


def failure(
    kinds: Sequence[EventKind], variables: Sequence[VariableSpec] = (), **more: Any
) -> ModelError:
    """The error of the third run."""
    prepared = prepare_model(model(variables or [count("x")], kinds, labels=("a", "b", "c")))
    with pytest.raises(ModelError) as caught:
        simulate_run(prepared, {}, ALONE, 1, 3, **more)
    return caught.value


def with_rate(hazard: Any) -> list[EventKind]:
    """An event with that hazard once `x` is 1, which it becomes at 2."""
    guard = X.is_(1)
    return [kind("begin", AT_TWO, put("x", 1.0)), kind("ring", rate(hazard), when=guard)]


@pytest.mark.parametrize("place", [2, -1])
def test_a_place_that_a_group_does_not_have(place: int) -> None:
    kinds = with_rate(variable("load", X * place))
    error = failure(kinds, (count("x"), count("load", 1.0, PAIR)))
    assert error.message == f"event `ring`: position {place + 1} is outside a group of 2"


@pytest.mark.parametrize(
    ("hazard", "message", "number"),
    [
        (X * -0.5, "the hazard is -0.5 per day", 7),
        (X / 0.0, "1 is divided by zero", 7),
        (call("exp", X * 1000), "the hazard is inf per day", 8),
        (call("log", X - 1), "0 has no logarithm", 8),
        (call("sqrt", X - 3), "-2 has no square root", 8),
        (call("power", X - 3, 0.5), "-2 has no power 0.5", 8),
        (fold("max", "i", NONE, 1.0), "`max` over no index", 10),
    ],
)
def test_hazard_that_means_nothing(hazard: Term, message: str, number: int) -> None:
    error = failure(with_rate(hazard))
    assert error.message == f"event `ring`: {message}"
    assert error.span is not None
    assert error.span.line == number
    assert (error.run, error.time) == (3, 2.0)
    assert str(error) == f"model.yaml:{number}:1: event `ring`: {message} (run 3, day 2)"


@pytest.mark.parametrize(
    ("spec", "value", "message"),
    [
        (count("x"), X - 1, "`x` would become -1, outside 0..inf"),
        (count("x", 1.0, high=1.0), X + 1, "`x` would become 2, outside 0..1"),
        (count("x"), X + 0.5, "`x` would become 0.5, not a whole number"),
        (level("x"), call("exp", X + 1000), "`x` would become inf, not a number"),
        (
            one_of("x", ("a", "b"), "a"),
            label("c", "c"),
            "`x` would become `c`, which it cannot be",
        ),
    ],
)
def test_value_that_may_not_land(spec: VariableSpec, value: Term, message: str) -> None:
    error = failure([kind("spoil", AT_TWO, put("x", value))], [spec])
    assert error.message == f"event `spoil`: {message}"
    assert error.span is not None
    assert (error.span.line, error.time) == (5, 2.0)


def test_start_outside_bounds() -> None:
    error = failure([], [count("y", -1.0, PAIR)])
    assert error.message == "start of `y[a]`: `y` would become -1, outside 0..inf"
    assert error.time == 0.0


def test_instance_is_named_by_its_labels() -> None:
    here = index("p", PAIR)
    spoil = kind(
        "spoil", AT_TWO, put("y", -1.0, here), per=[("p", PAIR)], when=here.is_(label("b", "b"))
    )
    error = failure([spoil], [count("y", 0.0, PAIR)])
    assert error.message.startswith("event `spoil[b]`: ")


def test_label_that_is_not_in_the_group() -> None:
    holder = variable("holder")
    spoil = kind("spoil", AT_TWO, put("y", 1.0, at_label(PAIR, holder)))
    error = failure([spoil], [one_of("holder", ("b", "c"), "c"), count("y", 0.0, PAIR)])
    assert error.message == "event `spoil`: `c` is not in the group `pair`"
    assert error.span is not None
    assert error.span.line == 9


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            kind("spoil", AT_TWO, put("x", drawn("d")), draws=(draw("d", "poisson", X - 1),)),
            "event `spoil`: draw `d`: `poisson` needs a mean from 0 to 1e9, not -1",
        ),
        (
            kind("spoil", waiting("weibull", X, 1.0)),
            "event `spoil`: `weibull` needs a positive shape and a positive scale, not 0, 1",
        ),
        (
            kind("spoil", waiting("erlang", 2.0, X)),
            "event `spoil`: `erlang` needs a positive mean, not 0",
        ),
        (
            kind("spoil", AT_TWO, options=(option("a", call("exp", X + 1000)),)),
            "event `spoil`: the utility of `spoil.a` is inf",
        ),
        (kind("spoil", AT_TWO, when=X / 0.0 > 1), "event `spoil`: 0 is divided by zero"),
    ],
)
def test_draws_waiting_times_utilities_and_guards(made: EventKind, message: str) -> None:
    assert failure([made]).message == message


def test_questions_and_interventions() -> None:
    built = model([count("x")], [], [ask("odds", "mean", X / 0.0, at=4.0)])
    with pytest.raises(ModelError, match="question `odds`: 0 is divided by zero") as caught:
        runs(built, 1)
    assert caught.value.time == 4.0
    change = intervene("set-state", "x", -1.0, at=3.0)
    assert "setting `x`: " in failure([], interventions=(change,)).message
    doubt = intervene("set-state", "x", 1.0, condition=X / 0.0 > 1)
    assert "setting `x`: " in failure([], interventions=(doubt,)).message


def test_runaway_is_stopped() -> None:
    grow = kind("grow", rate(X + 1), put("x", X + 1))
    error = failure([grow], limit=1000)
    assert error.message == (
        "the model runs away: more than 1,000 events in one run, `grow` most often"
    )


def test_error_survives_being_sent() -> None:
    """Workers send their errors to the caller."""
    error = failure([kind("spoil", AT_TWO, put("x", -1.0))])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.run, again.time) == (str(error), 3, 2.0)


def test_parameters_must_fit() -> None:
    built = model([count("x")], [], parameters={"speed": 1.0})
    prepared = prepare_model(built)
    with pytest.raises(ValueError, match="no value for the parameter `speed`"):
        simulate_run(prepared, {}, ALONE, 1, 0)
    with pytest.raises(ValueError, match="`speed` needs 1 values, not 2"):
        simulate_run(prepared, {"speed": [1.0, 2.0]}, ALONE, 1, 0)


def test_flag_may_take_any_truth() -> None:
    built = model(
        [flag("on"), count("x")],
        [kind("set", AT_TWO, put("on", X.is_(0)))],
        [ask("on", "probability", variable("on"), at=3.0)],
    )
    assert runs(built, 1)[0].values == (1.0,)
