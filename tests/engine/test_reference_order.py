"""The order of events: what happens first at one instant, and what each event sees."""

import pytest

from foedus.engine.reference import ModelError
from foedus.expr.tree import Group
from foedus.jump.model import Assignment, Dated, Each, EventKind, Immediate
from tests.engine.models import (
    TIME,
    ask,
    at_label,
    call,
    count,
    firings,
    flag,
    index,
    intervene,
    kind,
    label,
    level,
    line,
    model,
    one_of,
    option,
    path,
    put,
    rate,
    runs,
    since,
    variable,
    waiting,
)

X, Y = variable("x"), variable("y")


def note(digit: float) -> list[Assignment]:
    """An effect that writes down a digit after those before it."""
    return [put("x", X * 10 + digit)]


def test_order_at_one_instant() -> None:
    """Dated, forced, regular, ringing clocks, immediates: whatever their order in the file."""
    kinds = [
        kind("immediate", Immediate(), *note(5), when=TIME >= 1),
        kind("clock", waiting("fixed", 1.0), *note(4)),
        kind("regular", Each(1.0), *note(3)),
        kind("forced", rate(0.0), *note(2)),
        kind("dated", Dated((1.0,)), *note(1)),
    ]
    built = model([count("x")], kinds, [ask("x", "mean", X, at=1.0)], horizon=1.0)
    (run,) = runs(built, 1, interventions=(intervene("force", "forced", at=1.0),))
    assert run.values == (12345.0,)
    assert run.events == 5


def test_file_order_then_index_order_among_ringing_clocks() -> None:
    pair = Group("pair", 2, ("a", "b"))
    kinds = [
        kind("late", waiting("fixed", 1.0), per=[("i", pair)]),
        kind("early", waiting("fixed", 1.0), per=[("i", pair)]),
    ]
    (run,) = runs(model([], kinds, horizon=1.5), 1, record=True)
    assert path(run) == [
        (1.0, "late", ("a",)),
        (1.0, "late", ("b",)),
        (1.0, "early", ("a",)),
        (1.0, "early", ("b",)),
    ]


def test_effects_are_simultaneous() -> None:
    built = model(
        [count("x", 1.0), count("y", 2.0)],
        [kind("swap", Dated((1.0,)), put("x", Y), put("y", X))],
        [ask("x", "mean", X, at=1.0), ask("y", "mean", Y, at=1.0)],
    )
    assert runs(built, 1)[0].values == (2.0, 1.0)


def test_of_two_changes_of_one_thing_the_last_one_lands() -> None:
    built = model(
        [count("x")],
        [kind("both", Dated((1.0,)), put("x", X + 1), put("x", X + 2))],
        [ask("x", "mean", X, at=1.0)],
    )
    assert runs(built, 1)[0].values == (2.0,)


def test_immediate_fires_at_the_edge_only() -> None:
    """At the start, and again only after its guard has been false."""
    high = X >= 1
    kinds = [
        kind("fall", Dated((2.0,)), put("x", 0.0)),
        kind("rise", Dated((1.0, 3.0)), put("x", X + 1)),
        kind("react", Immediate(), put("y", Y + 1), when=high),
        kind("at start", Immediate()),
    ]
    built = model([count("x", 1.0), count("y")], kinds, horizon=5.0)
    (run,) = runs(built, 1, record=True)
    assert [(time, name) for time, name, _ in path(run)] == [
        (0.0, "react"),
        (0.0, "at start"),
        (1.0, "rise"),
        (2.0, "fall"),
        (3.0, "rise"),
        (3.0, "react"),
    ]


def test_immediate_that_is_no_longer_wanted_does_not_fire() -> None:
    """The first takes the second's reason away before it has had its turn."""
    kinds = [
        kind("raise", Dated((1.0,)), put("x", 1.0)),
        kind("first", Immediate(), put("x", 0.0), when=X > 0),
        kind("second", Immediate(), put("y", 1.0), when=X > 0),
    ]
    built = model([count("x"), count("y")], kinds, [ask("y", "mean", Y, at=2.0)])
    assert runs(built, 1)[0].values == (0.0,)


def test_cycle_of_immediates_is_named() -> None:
    on = variable("on")
    kinds = [
        kind("quiet", Dated((1.0,))),
        kind("begin", Dated((2.0,)), put("on", True)),
        kind("tick", Immediate(), put("on", False), when=on),
        kind("tock", Immediate(), put("on", True), when=on.not_().and_(TIME > 1)),
    ]
    with pytest.raises(ModelError, match=r"10,000 firings at one instant, by .*`tick`") as caught:
        runs(model([flag("on")], kinds), 1)
    assert "`tock`" in str(caught.value)
    assert (caught.value.run, caught.value.time) == (0, 2.0)


def test_long_cascade_is_no_cycle() -> None:
    """Ten thousand may follow one another at one instant, but no more."""
    half = call("floor", X * 0.5) * 2

    def cascade(length: float) -> int:
        kinds = [
            kind("odd", Immediate(), put("x", X - 1), when=half < X),
            kind("even", Immediate(), put("x", X - 1), when=half.is_(X).and_(X > 0)),
        ]
        return runs(model([count("x", length)], kinds, horizon=1.0), 1)[0].events

    assert cascade(10_000) == 10_000
    with pytest.raises(ModelError, match=r"`odd`, `even` in turn|`even`, `odd` in turn"):
        cascade(10_001)


def test_clock_without_waiting_time_stops_the_run() -> None:
    with pytest.raises(ModelError, match="event `stuck`: more than 10,000 firings") as caught:
        runs(model([], [kind("stuck", waiting("fixed", 0.0))]), 1)
    assert caught.value.span == line(4)


def test_guard_is_looked_at_when_the_day_has_come() -> None:
    """Of two dated events at one instant, the second sees what the first did."""
    kinds = [
        kind("first", Dated((1.0,)), put("x", X + 1)),
        kind("second", Dated((1.0,)), put("x", X + 10), when=X.is_(1)),
        kind("third", Dated((1.0,)), put("x", X + 100), when=X.is_(1)),
    ]
    built = model([count("x")], kinds, [ask("x", "mean", X, at=1.0)])
    assert runs(built, 1)[0].values == (11.0,)


def test_regular_events_come_at_multiples_of_the_step() -> None:
    built = model([], [kind("drift", Each(0.1))], horizon=1.0)
    (run,) = runs(built, 1, record=True)
    assert [time for time, _, _ in path(run)] == [number * 0.1 for number in range(1, 11)]


def test_rate_follows_the_state_and_keeps_its_inner_time() -> None:
    """Twice the hazard halves what is left to wait; a pause adds its length."""
    y = variable("y")

    def ring(*changes: EventKind) -> float:
        clock = kind("ring", rate(y * 0.1), when=variable("on"))
        built = model([level("y", 1.0), flag("on", True)], [*changes, clock], horizon=500.0)
        (run,) = runs(built, 1, seed=5, record=True)
        return next(time for time, name, _ in path(run) if name == "ring")

    plain = ring()
    assert plain > 4.0
    doubled = ring(kind("double", Dated((2.0,)), put("y", 2.0)))
    assert doubled == pytest.approx(2 + (plain - 2) / 2, rel=1e-12)
    paused = ring(
        kind("stop", Dated((1.0,)), put("on", False)), kind("go", Dated((3.0,)), put("on", True))
    )
    assert paused == pytest.approx(plain + 2, rel=1e-12)
    stopped = ring(
        kind("zero", Dated((1.0,)), put("y", 0.0)), kind("go", Dated((3.0,)), put("y", 1.0))
    )
    assert stopped == pytest.approx(plain + 2, rel=1e-12)


def test_hazard_that_does_not_change_leaves_the_ring_alone() -> None:
    """Not even its last bit moves, however often the hazard is worked out again."""
    kinds = [
        kind("touch", Each(0.01), put("y", Y + 1)),
        kind("ring", rate(Y * 0.0 + 0.3)),
    ]
    touched = runs(model([level("y")], kinds), 1, record=True)[0]
    plain = runs(model([level("y")], [kinds[1]]), 1, record=True)[0]
    assert [one for one in path(touched) if one[1] == "ring"] == path(plain)


@pytest.mark.parametrize("day", [1.0, 2.0, 3.0])
def test_held_rate_changes_at_ticks_and_when_enabled(day: float) -> None:
    """The hazard is worked out at ticks and when the guard turns true; the guard acts at once."""
    kinds = [
        kind("on", Dated((day + 0.5,)), put("on", True)),
        kind("grow", Dated((day + 0.75,)), put("y", 1000.0)),
        kind("ring", rate(Y, every=1.0), put("on", False), when=variable("on")),
    ]
    built = model([flag("on"), level("y")], kinds, horizon=6.0)
    (run,) = runs(built, 1, record=True)
    ringing = [time for time, name, _ in path(run) if name == "ring"]
    assert len(ringing) == 1
    assert day + 1 < ringing[0] < day + 1.05  # not before, when the hazard was still held at 0


@pytest.mark.parametrize(("resumes", "again"), [(False, 6.0), (True, 4.0)])
def test_an_age_is_lost_with_the_guard_unless_it_resumes(resumes: bool, again: float) -> None:
    kinds = [
        kind("off", Dated((2.0,)), put("on", False)),
        kind("on", Dated((3.0,)), put("on", True)),
        kind("ring", waiting("fixed", 3.0, resumes=resumes), when=variable("on")),
    ]
    (run,) = runs(model([flag("on", True)], kinds, horizon=6.5), 1, record=True)
    assert [time for time, name, _ in path(run) if name == "ring"] == [again]


def test_counters_and_times_since() -> None:
    built = model(
        [count("x")],
        [
            kind("a", Dated((1.0, 2.5))),
            kind("b", Dated((2.0, 3.0)), put("x", firings("a") * 10 + since("a", 9.0))),
            kind("early", Dated((0.5,)), put("x", since("a", 9.0))),
        ],
        [ask(f"{at}", "mean", X, at=at) for at in (0.5, 2.0, 3.0)],
    )
    with pytest.raises(ModelError, match=r"`x` would become 20\.5, not a whole number"):
        runs(built, 1)
    whole = model([level("x")], built.kinds, built.monitors)
    assert runs(whole, 1)[0].values == (9.0, 11.0, 20.5)


def test_choice_counts_for_the_kind_and_for_the_option() -> None:
    built = model(
        [],
        [
            kind(
                "act",
                Dated((1.0, 2.0)),
                options=(option("a", 1.0, when=firings("act") < 1), option("b", -50.0)),
            )
        ],
        [
            ask("acts", "mean", firings("act"), at=3.0),
            ask("a", "mean", firings("act.a"), at=3.0),
            ask("b", "mean", firings("act.b"), at=3.0),
        ],
    )
    (run,) = runs(built, 1, record=True)
    assert run.values == (2.0, 1.0, 1.0)
    assert [name for _, name, _ in path(run)] == ["act.a", "act.b"]


def test_choice_without_any_option_does_nothing() -> None:
    built = model(
        [],
        [kind("act", Dated((1.0,)), options=(option("a", 1.0, when=False),))],
        [ask("acts", "mean", firings("act"), at=3.0)],
    )
    (run,) = runs(built, 1)
    assert (run.values, run.events) == ((0.0,), 0)


def test_labels_compare_across_groups() -> None:
    """A label is the same wherever it comes from; a position is not."""
    everyone, few = Group("all", 3, ("a", "b", "c")), Group("few", 2, ("c", "b"))
    holder = variable("holder")
    kinds = [
        kind("pass on", Dated((1.0,)), put("holder", label("b", "b"))),
        kind(
            "mark",
            Dated((2.0,)),
            put("x", X + 1, index("i", few)),
            when=index("i", few).is_(holder),
            per=[("i", few)],
        ),
    ]
    built = model(
        [one_of("holder", ("a", "b", "c"), "a"), count("x", 0.0, few)],
        [kinds[0], _indexed(kinds[1], few)],
        [
            ask("b", "mean", variable("x", at_label(few, label("b", "b"))), at=3.0),
            ask("c", "mean", variable("x", at_label(few, label("c", "c"))), at=3.0),
            ask("held by b", "probability", holder.is_(label("b", *everyone.labels)), at=3.0),
        ],
        labels=("a", "b", "c"),
    )
    assert runs(built, 1)[0].values == (1.0, 0.0, 1.0)


def _indexed(made: EventKind, group: Group) -> EventKind:
    from dataclasses import replace

    here = index("i", group)
    return replace(made, effects=(put("x", variable("x", here) + 1, here),))
