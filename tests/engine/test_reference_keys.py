"""A run is a function of (model, parameters, atom, seed, run), and noise belongs to names."""

from dataclasses import replace
from math import log
from typing import Any

import pytest

from foedus.engine.clocks import label_key, run_keys, uniform, unit_exponential
from foedus.engine.reference import Parameters, prepare, simulate_run
from foedus.expr.prior import Fixed
from foedus.expr.tree import Group
from foedus.jump.model import (
    Atom,
    Dated,
    DrawSpec,
    EventKind,
    Immediate,
    Intervention,
    JumpModel,
    ParameterSpec,
)
from tests.engine.models import (
    ALONE,
    TIME,
    Term,
    ask,
    at_label,
    component,
    count,
    draw,
    drawn,
    flag,
    index,
    intervene,
    kind,
    label,
    level,
    model,
    nodes,
    option,
    parameter,
    path,
    put,
    rate,
    runs,
    since,
    variable,
    waiting,
)

X = variable("x")
PAIR = Group("pair", 2, ("a", "b"))
SIZE = draw("size", "poisson", 2.0)


def busy(*more: EventKind) -> JumpModel:
    """A bit of everything: rates, waiting, choices, draws, indices, immediates."""
    here = variable("y", index("p", PAIR))
    kinds = [
        kind("arrive", rate(1.0), put("x", X + drawn("size")), draws=(SIZE,)),
        kind("leave", rate(X * 0.3), put("x", X - 1)),
        kind(
            "act",
            rate(0.5),
            options=(option("grow", X * 0.1, put("x", X + 1)), option("wait", 0.5)),
        ),
        kind(
            "flip",
            waiting("gamma", 2.0, 1.0),
            put("y", here.not_(), index("p", PAIR)),
            per=[("p", PAIR)],
        ),
        kind("react", Immediate(), put("x", 0.0), when=X > 12),
        kind(
            "fade",
            rate(TIME * 0.1, every=0.5),
            put("x", X - 1),
            when=(TIME > 2).and_(since("act", 0.0) < 4).and_(X > 0),
        ),
    ]
    return model(
        [count("x"), flag("y", False, PAIR)],
        [*kinds, *more],
        [ask("x", "mean", X, at=9.0), ask("much", "time-until", X > 9, end=10.0)],
    )


def paths(built: JumpModel, interventions: tuple[Intervention, ...] = ()) -> list[Any]:
    found = runs(built, 20, record=True, interventions=interventions)
    return [(run.record, repr(run.values)) for run in found]


def test_run_depends_on_nothing_but_its_arguments() -> None:
    """Not on the runs before it, nor on what else was prepared."""
    built = busy()
    forward, prepared = runs(built, 5, record=True), prepare(built)
    backward = [
        simulate_run(prepared, {}, ALONE, 1, run, record=True) for run in reversed(range(5))
    ]
    assert repr(forward) == repr(backward[::-1])
    assert len({repr(run.record) for run in forward}) == 5
    assert repr(simulate_run(prepared, {}, ALONE, 2, 0, record=True)) != repr(backward[-1])


def test_keys_are_as_written_down() -> None:
    """The first ring, draw and waiting time, worked out by hand from their labels."""
    built = model(
        [count("x")],
        [
            kind("ring", rate(0.5), put("x", 1.0), when=X < 1),
            kind("toss", Dated((0.0,)), draws=(draw("u", "uniform", 0.0, 1.0),)),
            kind("wait", waiting("exponential", 3.0), when=X < 1, per=[("p", PAIR)]),
        ],
        horizon=200.0,
    )
    (run,) = runs(built, 1, seed=7, record=True)
    keys, record = run_keys(7, 0), {(one.name, *one.labels): one for one in run.record[::-1]}
    first = unit_exponential(keys, label_key("ring", (), "clock"), 0) / 0.5
    assert record["ring",].time == first
    assert record["toss",].draws == {
        "u": [0.0 + 1.0 * uniform(keys, label_key("toss", (), "draw u"), 0)]
    }
    waited = 3.0 * unit_exponential(keys, label_key("wait", ("b",), "clock"), 0)
    assert ("wait", "b") not in record or record["wait", "b"].time == waited
    assert ("wait", "b") in record or waited > first


def test_tastes_are_as_written_down() -> None:
    """Every decision of every actor, worked out by hand: utility - log(-log uniform) is largest."""
    utilities = {"stay": 0.5, "go": 0.0, "wait": 0.2}
    options = tuple(option(name, utility) for name, utility in utilities.items())
    kinds = [kind("act", Dated((1.0, 2.0, 3.0)), per=[("p", PAIR)], options=options)]
    found = []
    for number, run in enumerate(runs(model([], kinds), 20, seed=7, record=True)):
        keys = run_keys(7, number)
        for turn in range(3):
            for actor in PAIR.labels:
                noisy = {
                    name: utility
                    - log(-log(uniform(keys, label_key("act", (actor,), f"option {name}"), turn)))
                    for name, utility in utilities.items()
                }
                found.append((turn + 1.0, f"act.{max(noisy, key=noisy.__getitem__)}", (actor,)))
        assert path(run) == found[-6:]
    assert len({name for _, name, _ in found}) == 3


def test_another_kind_moves_nothing() -> None:
    """Adding an event that touches nothing, in front or behind, changes no run."""
    idle = kind("idle", rate(2.0), draws=(SIZE,))
    plain = paths(busy())
    built = busy(idle)
    for kinds in (built.kinds, (idle, *built.kinds[:-1])):
        more = runs(replace(built, kinds=kinds), 20, record=True)
        without = [
            (tuple(one for one in run.record if one.name != "idle"), repr(run.values))
            for run in more
        ]
        assert without == plain


@pytest.mark.parametrize(
    "change",
    [
        intervene("forbid", "idle"),
        intervene("forbid", "idle", at=3.0),
        intervene("forbid", "act.grow", at=99.0),
        intervene("force", "never", at=2.0),
        intervene("force", "never", condition=X > 3),
        intervene("force", "react", condition=X > 1000),
        intervene("set-state", "spare", 7.0, at=4.0),
        intervene("set-state", "x", X, at=4.0),
        intervene("set-parameter", "unused", 3.0),
    ],
    ids=lambda change: f"{change.kind} {change.target}",
)
def test_intervention_that_touches_nothing_changes_nothing(change: Intervention) -> None:
    """Run by run, event by event, bit by bit."""
    idle = kind("idle", rate(0.0), put("x", 0.0))
    never = kind("never", rate(1.0), put("x", 99.0), when=X < 0)
    built = busy(idle, never)
    built = replace(
        built,
        variables=(*built.variables, level("spare")),
        parameters=model([], [], parameters={"unused": 1.0}).parameters,
    )
    theta: Parameters = {"unused": 1.0}
    plain = runs(built, 20, theta=theta, record=True)
    other = runs(built, 20, theta=theta, record=True, interventions=(change,))
    assert [(one.record, repr(one.values)) for one in plain] == [
        (one.record, repr(one.values)) for one in other
    ]
    is_vacuous = change.kind == "force" or change.at == 99.0
    assert {one.vacuous for one in other} == {(is_vacuous,)}


def test_forbidding_what_a_question_does_not_depend_on() -> None:
    """Forbidding one pair's flips changes their rings only; the answers stay, run by run."""
    built = busy()
    one = intervene("forbid", "flip", indices=[position("b")])
    before, after = runs(built, 30, record=True), runs(built, 30, record=True, interventions=(one,))
    assert [repr(run.values) for run in before] == [repr(run.values) for run in after]
    for free, bound in zip(before, after, strict=True):
        kept = [event for event in free.record if event.labels != ("b",)]
        assert kept == list(bound.record)


def position(name: str) -> Term:
    """The place of `a` or `b`."""
    return at_label(PAIR, label(name, *PAIR.labels))


def test_force_uses_up_no_clock() -> None:
    """A forced firing has draws of its own and shifts neither ring nor draw of the others."""
    built = model(
        [level("z")],
        [kind("ring", rate(1.0), put("z", drawn("u")), draws=(draw("u", "uniform", 0.0, 1.0),))],
    )
    (plain,) = runs(built, 1, record=True)
    forced = (intervene("force", "ring", at=2.0), intervene("force", "ring", at=4.0))
    (other,) = runs(built, 1, record=True, interventions=forced)
    assert tuple(one for one in other.record if not one.is_forced) == plain.record
    made = [one for one in other.record if one.is_forced]
    assert [one.time for one in made] == [2.0, 4.0]
    drawn_values = [one.draws["u"][0] for one in other.record]
    assert len(set(drawn_values)) == len(drawn_values)


def test_force_of_an_option_and_of_an_instance() -> None:
    built = busy()
    changes = (
        intervene("force", "act.grow", at=0.5),
        intervene("force", "flip", at=0.25, indices=[position("b")]),
    )
    for run in runs(built, 5, record=True, interventions=changes):
        forced = [(one.time, one.name, one.labels) for one in run.record if one.is_forced]
        assert forced == [(0.25, "flip", ("b",)), (0.5, "act.grow", ())]


def test_force_without_an_index_is_of_all() -> None:
    built = model([flag("y", False, PAIR)], [kind("flip", rate(0.0), per=[("p", PAIR)])])
    (run,) = runs(built, 1, record=True, interventions=(intervene("force", "flip", at=1.0),))
    assert path(run) == [(1.0, "flip", ("a",)), (1.0, "flip", ("b",))]
    assert run.vacuous == (False,)


@pytest.mark.parametrize("shut", PAIR.labels)
def test_force_of_all_takes_effect_where_one_can_happen(shut: str) -> None:
    is_shut = variable("y", index("p", PAIR))
    built = model(
        [flag("y", False, PAIR)], [kind("flip", rate(0.0), when=is_shut.not_(), per=[("p", PAIR)])],
    )  # fmt: skip
    changes = (
        intervene("set-state", "y", True, at=0.5, indices=[position(shut)]),
        intervene("force", "flip", at=1.0),
    )
    (run,) = runs(built, 1, record=True, interventions=changes)
    assert path(run) == [(1.0, "flip", (one,)) for one in PAIR.labels if one != shut]
    assert run.vacuous == (False, False)


def test_force_of_an_option_only_where_it_is_open() -> None:
    options = (option("shut", 9.0, when=X > 0), option("open", 0.0))
    built = model([count("x")], [kind("act", rate(0.0), options=options)])
    changes = tuple(intervene("force", f"act.{name}", at=1.0) for name in ("shut", "open"))
    (run,) = runs(built, 1, record=True, interventions=changes)
    assert [name for _, name, _ in path(run)] == ["act.open"]
    assert run.vacuous == (True, False)


def test_force_only_where_the_guard_holds() -> None:
    built = model(
        [count("x")],
        [kind("rise", rate(0.5), put("x", 1.0), when=X < 1)],
        [ask("x", "mean", X, at=5.0)],
    )
    change = (intervene("force", "rise", at=1.0),)
    found = runs(built, 200, record=True, interventions=change)
    for run in found:
        assert run.vacuous == (run.record[0].time < 1.0,)
        assert run.values == (1.0,)
    assert {run.vacuous for run in found} == {(True,), (False,)}


def test_force_when_a_condition_first_holds() -> None:
    built = model(
        [count("x"), count("y")],
        [
            kind("rise", Dated((1.0, 2.0, 3.0)), put("x", X + 1)),
            kind("answer", rate(0.0), put("y", variable("y") + X)),
        ],
        [ask("y", "mean", variable("y"), at=2.0)],
    )
    change = (intervene("force", "answer", condition=X >= 2),)
    (run,) = runs(built, 1, record=True, interventions=change)
    assert [(one.time, one.name) for one in run.record if one.is_forced] == [(2.0, "answer")]
    assert run.values == (2.0,)


def test_forbidden_clock_keeps_its_inner_time_to_itself() -> None:
    """Forbidden from a day on: as if it had stopped there, and all the rest goes on."""
    built = busy()
    change = (intervene("forbid", "leave", at=5.0),)
    for free, bound in zip(
        runs(built, 20, record=True),
        runs(built, 20, record=True, interventions=change),
        strict=True,
    ):
        assert [one for one in free.record if one.time < 5.0] == [
            one for one in bound.record if one.time < 5.0
        ]
        assert not [one for one in bound.record if one.name == "leave" and one.time >= 5.0]
        arrivals = [
            [one.time for one in run.record if one.name == "arrive"] for run in (free, bound)
        ]
        assert arrivals[0] == arrivals[1]


def test_an_option_is_forbidden_to_one_actor() -> None:
    """The others decide as they did."""
    options = (option("stay", 0.0), option("go", 0.0))
    kinds = [kind("act", Dated((1.0,)), per=[("p", PAIR)], options=options)]
    built = model([], kinds, labels=PAIR.labels)
    change = (intervene("forbid", "act.go", indices=[position("b")]),)
    free, bound = runs(built, 20, record=True), runs(built, 20, record=True, interventions=change)
    assert [path(run)[0] for run in free] == [path(run)[0] for run in bound]
    assert {path(run)[1] for run in bound} == {(1.0, "act.stay", ("b",))}
    assert {name for run in free for _, name, _ in path(run)} == {"act.stay", "act.go"}


def test_set_parameter_and_set_state() -> None:
    built = model(
        [level("x", parameter("a")), level("y", 1.0), count("z", 0.0, PAIR)],
        [],
        [
            ask("x", "mean", X, at=1.0),
            ask("y before", "mean", variable("y"), at=1.0),
            ask("y after", "mean", variable("y"), at=2.0),
            ask("z[b]", "mean", variable("z", position("b")), at=3.0),
        ],
        parameters={"a": 2.0},
        labels=PAIR.labels,
    )
    changes = (
        intervene("set-parameter", "a", parameter("a") * 10),
        intervene("set-state", "y", variable("y") + X, at=2.0),
        intervene("set-state", "z", 4.0),
    )
    (run,) = runs(built, 1, theta={"a": 2.0}, interventions=changes)
    assert run.values == (20.0, 1.0, 21.0, 4.0)
    assert run.vacuous == (False, False, False)


def test_a_parameter_is_set_at_one_index_or_at_all() -> None:
    built = model(
        [],
        [],
        [ask(one, "mean", parameter("a", position(one)), at=1.0) for one in PAIR.labels],
        labels=PAIR.labels,
    )
    built = replace(built, parameters=(ParameterSpec("a", (PAIR,), Fixed(1.0)),))
    theta: Parameters = {"a": [1.0, 2.0]}
    for indices, expected in (([position("b")], (1.0, 5.0)), (None, (5.0, 5.0))):
        change = (intervene("set-parameter", "a", 5.0, indices=indices or ()),)
        (run,) = runs(built, 1, theta=theta, interventions=change)
        assert run.values == expected


def test_a_parameter_set_on_a_day_changes_what_comes_after() -> None:
    """Rates at once, held ones from their next tick, waiting times from the next one on."""
    speed, wait, changed = parameter("speed"), parameter("wait"), 2.5
    built = model(
        [count("x"), count("y"), flag("fast")],
        [
            kind("ring", rate(speed), put("x", X + 1)),
            kind("held", rate(speed * 1e6, every=1.0), put("y", 1.0), when=variable("y") < 1),
            kind("bell", waiting("fixed", wait)),
            kind("quicken", Immediate(), put("fast", True), when=speed > 0.5),
        ],
        [
            ask("speed so far", "integral", speed, start=0.0, end=4.0),
            ask("quick before", "probability", variable("fast"), at=2.4),
            ask("quick", "probability", variable("fast"), at=2.6),
        ],
        parameters={"speed": 0.0, "wait": 2.0},
    )
    theta: Parameters = {"speed": 0.0, "wait": 2.0}
    later = tuple(intervene("set-parameter", name, 1.0, at=changed) for name in ("speed", "wait"))
    at_once = (intervene("set-parameter", "speed", 1.0),)
    for late, early in zip(
        runs(built, 20, theta=theta, record=True, interventions=later),
        runs(built, 20, theta=theta, record=True, interventions=at_once),
        strict=True,
    ):
        assert late.values == (1.5, 0.0, 1.0)
        rings = [[one.time for one in run.record if one.name == "ring"] for run in (late, early)]
        shifted = [time + changed for time in rings[1] if time + changed <= 10.0]
        assert rings[0] == pytest.approx(shifted, rel=1e-12)
        bells = [one.time for one in late.record if one.name == "bell"]
        assert bells == [2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
        (held,) = [one.time for one in late.record if one.name == "held"]
        assert 3.0 < held < 3.001


def test_a_parameter_set_when_a_condition_first_holds() -> None:
    built = model(
        [count("x")],
        [kind("ring", rate(parameter("speed")), put("x", X + 1))],
        parameters={"speed": 1.0},
    )
    change = (intervene("set-parameter", "speed", 0.0, condition=X >= 2),)
    for run in runs(built, 20, theta={"speed": 1.0}, record=True, interventions=change):
        assert len(run.record) <= 2
        assert run.vacuous == (len(run.record) < 2,)


def test_perturbed_parameter_changes_what_runs() -> None:
    built = model(
        [count("x")],
        [kind("ring", rate(parameter("speed")), put("x", X + 1))],
        [ask("when", "time-until", X > 0, end=50.0)],
        horizon=50.0,
        parameters={"speed": 1.0},
    )
    slow, fast = (runs(built, 50, theta={"speed": speed}) for speed in (1.0, 2.0))
    for one, other in zip(slow, fast, strict=True):
        assert one.values[0] == pytest.approx(2 * other.values[0], rel=1e-12)


def test_components_gate_kinds() -> None:
    """A kind whose component is absent is not part of the run, and cannot be forced either."""
    plot = kind("plot", Dated((1.0,)), put("x", X + 1), gate="elite")
    plain = kind("plain", Dated((2.0,)), put("x", X + 10), when=component("elite"))
    built = model([count("x")], [plot, plain], [ask("x", "mean", X, at=5.0)], components=("elite",))
    prepared = prepare(built)
    force = (intervene("force", "plot", at=3.0),)
    answers = [
        simulate_run(prepared, {}, Atom("a", 1.0, frozenset(there)), 1, 0, interventions=force)
        for there in ((), ("elite",))
    ]
    assert [one.values for one in answers] == [(0.0,), (12.0,)]
    assert [one.vacuous for one in answers] == [(True,), (False,)]


def test_draws_of_an_index_are_apart() -> None:
    each = DrawSpec("u", (PAIR,), ("q",), "uniform", nodes([0.0, 1.0]))
    pick = DrawSpec(
        "who", (), (), "categorical", nodes([variable("w", index("o", PAIR))]), PAIR, "o"
    )
    built = model(
        [
            level("s"),
            count("w", index("i0", PAIR).is_(label("b", "b")), PAIR),
            count("x", 0.0, PAIR),
        ],
        [
            kind(
                "toss",
                Dated((1.0,)),
                put("s", drawn("u", position("a")) - drawn("u", position("b"))),
                put("x", 1.0, drawn("who")),
                draws=(each, pick),
            )
        ],
        [
            ask("b", "mean", variable("x", position("b")), at=2.0),
            ask("s", "mean", variable("s"), at=2.0),
        ],
        labels=PAIR.labels,
    )
    (run,) = runs(built, 1, record=True)
    assert run.values[0] == 1.0
    assert run.values[1] == run.record[0].draws["u"][0] - run.record[0].draws["u"][1] != 0.0
    assert path(run) == [(1.0, "toss", ())]
