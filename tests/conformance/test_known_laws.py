"""The reference engine against laws that are known exactly."""

from math import exp, factorial

import pytest

from foedus.expr.tree import Group, RelatedDomain
from foedus.jump.model import Dated, Immediate, JumpModel, Relation
from tests.conformance.statistics import (
    SEEDS,
    TOO_FAR,
    assert_mean,
    assert_share,
    assert_variance,
    mean_score,
    sample,
)
from tests.engine.models import (
    TIME,
    ask,
    count,
    draw,
    drawn,
    flag,
    fold,
    index,
    kind,
    label,
    model,
    node,
    put,
    rate,
    runs,
    variable,
)

X = variable("x")
UP, DOWN = put("x", X + 1), put("x", X - 1)


def pure_death(start: float, each: float, at: float) -> JumpModel:
    return model(
        [count("x", start)],
        [kind("death", rate(X * each), DOWN)],
        [
            ask("left", "mean", X, at=at),
            ask("extinct", "time-until", X.is_(0), end=1000.0),
            ask("lived", "integral", X, end=1000.0),
        ],
        horizon=1000.0,
    )


def test_pure_death_is_binomial() -> None:
    built = pure_death(20, 0.5, 1.3)
    survival = exp(-0.5 * 1.3)
    left = sample(built, 800)
    assert_mean(left, 20 * survival)
    assert_variance(left, 20 * survival, 20 * survival * (1 - survival))
    assert_mean(sample(built, 800, 1), sum(1 / (0.5 * alive) for alive in range(1, 21)))
    assert_mean(sample(built, 800, 2), 20 / 0.5)


def test_every_tenth_of_the_runs_follows_the_law() -> None:
    """Not the first run only, and not only the early ones."""
    survival = exp(-0.5 * 1.3)
    for block in sample(pure_death(20, 0.5, 1.3), 1000):
        for first in range(10):
            part = block[first * 100 : first * 100 + 100]
            assert len(set(part)) > 5
            assert abs(mean_score(part, 20 * survival)) < TOO_FAR


def test_immigration_and_death_from_nothing_is_poisson() -> None:
    built = model(
        [count("x")],
        [kind("arrival", rate(4.0), UP), kind("death", rate(X * 0.5), DOWN)],
        [ask("x", "mean", X, at=3.0), ask("none", "probability", X.is_(0), at=1.0)],
        horizon=3.0,
    )
    mean = 4 / 0.5 * (1 - exp(-0.5 * 3))
    there = sample(built, 1500)
    assert_mean(there, mean)
    assert_variance(there, mean, mean)
    assert_share(sample(built, 1500, 1), exp(-8 * (1 - exp(-0.5))))


def test_switch_between_two_states() -> None:
    on = variable("on")
    built = model(
        [flag("on")],
        [
            kind("start", rate(0.7), put("on", True), when=on.not_()),
            kind("stop", rate(0.3), put("on", False), when=on),
        ],
        [
            ask("on", "probability", on, at=2.0),
            ask("ever", "probability", on, start=0.5, end=2.0),
            ask("share", "average", on, end=4.0),
        ],
    )

    def share(time: float) -> float:
        return 0.7 * (1 - exp(-time))

    assert_share(sample(built, 1500), share(2.0))
    assert_share(sample(built, 1500, 1), 1 - (1 - share(0.5)) * exp(-0.7 * 1.5))
    assert_mean(sample(built, 1500, 2), 0.7 * (1 - (1 - exp(-4)) / 4))


def test_competing_risks() -> None:
    free = X.is_(0)
    built = model(
        [count("x")],
        [
            kind("first", rate(0.5), put("x", 1.0), when=free),
            kind("second", rate(0.3), put("x", 2.0), when=free),
            kind("third", rate(0.2), put("x", 3.0), when=free),
        ],
        [
            ask("second", "probability", X.is_(2), at=100.0),
            ask("when", "time-until", X > 0, end=100.0),
            ask("third by 1", "probability", X.is_(3), at=1.0),
        ],
        horizon=100.0,
    )
    assert_share(sample(built, 2000), 0.3)
    times = sample(built, 2000, 1)
    assert_mean(times, 1.0)
    assert_variance(times, 1.0, 1.0)
    assert_share(sample(built, 2000, 2), 0.2 * (1 - exp(-1)))


def test_linear_birth_and_death() -> None:
    birth, death, at = 0.3, 0.4, 2.0
    built = model(
        [count("x", 10.0)],
        [kind("birth", rate(X * birth), UP), kind("death", rate(X * death), DOWN)],
        [ask("x", "mean", X, at=at), ask("extinct", "probability", X.is_(0), at=at)],
        horizon=at,
    )
    growth = exp((birth - death) * at)
    mean = 10 * growth
    there = sample(built, 1500)
    assert_mean(there, mean)
    assert_variance(there, mean, 10 * (birth + death) / (birth - death) * growth * (growth - 1))
    one_line = death * (1 - growth) / (death - birth * growth)
    assert_share(sample(built, 1500, 1), one_line**10)


def test_dated_reset() -> None:
    built = model(
        [count("x")],
        [
            kind("arrival", rate(1.0), UP),
            kind("death", rate(X * 0.1), DOWN),
            kind("reset", Dated((25.0,)), put("x", 50.0)),
        ],
        [
            ask("before", "mean", X, at=24.999),
            ask("just after", "mean", X, at=25.0),
            ask("later", "mean", X, at=30.0),
        ],
        horizon=30.0,
    )
    before = 10 * (1 - exp(-2.4999))
    left = exp(-0.5)
    assert_mean(sample(built, 600), before)
    assert sample(built, 20, 1) == [[50.0] * 20] * 3
    later = sample(built, 600, 2)
    assert_mean(later, 50 * left + 10 * (1 - left))
    assert_variance(later, 50 * left + 10 * (1 - left), 50 * left * (1 - left) + 10 * (1 - left))


def test_reset_when_the_state_says_so() -> None:
    """Arrivals are counted modulo 5: an immediate event takes five away at once."""
    built = model(
        [count("x", high=5.0)],
        [kind("arrival", rate(2.0), UP), kind("reset", Immediate(), put("x", 0.0), when=X >= 5)],
        [ask(f"{left}", "probability", X.is_(left), at=4.0) for left in range(6)],
        horizon=4.0,
    )
    for left in range(5):
        share = sum(exp(-8) * 8.0**n / factorial(n) for n in range(left, 80, 5))
        assert_share(sample(built, 1500, left), share)
    assert sample(built, 100, 5) == [[0.0] * 100] * 3


def test_batches() -> None:
    built = model(
        [count("x")],
        [kind("arrival", rate(1.0), put("x", X + 5)), kind("death", rate(X * 0.2), DOWN)],
        [ask("x", "mean", X, at=6.0)],
        horizon=6.0,
    )
    there, gone = exp(-0.2 * 6), exp(-0.4 * 6)
    mean = 5 / 0.2 * (1 - there)
    variance = 5 / 0.2 * (1 - there) + 20 / 0.4 * (1 - gone)
    left = sample(built, 1000)
    assert_mean(left, mean)
    assert_variance(left, mean, variance)


def test_random_batches() -> None:
    built = model(
        [count("x")],
        [
            kind(
                "arrival",
                rate(1.5),
                put("x", X + drawn("size")),
                draws=(draw("size", "poisson", 3.0),),
            )
        ],
        [ask("x", "mean", X, at=4.0)],
        horizon=4.0,
    )
    there = sample(built, 2000)
    assert_mean(there, 18.0)
    assert_variance(there, 18.0, 6 * (3 + 9))


def test_gamblers_ruin() -> None:
    """P(win) .04191296854803968: up with probability .4, from 3, between 0 and 10."""
    playing = (X > 0).and_(X < 10)
    built = model(
        [count("x", 3.0, high=10.0)],
        [kind("up", rate(0.4), UP, when=playing), kind("down", rate(0.6), DOWN, when=playing)],
        [ask("won", "probability", X.is_(10), at=2000.0)],
        horizon=2000.0,
    )
    assert_share(sample(built, 4000), 0.04191296854803968)


def test_epidemic_of_twenty() -> None:
    """19 susceptible, 1 infected, infection 2SI/20, recovery I: at least 10 further cases."""
    s, i = variable("s"), variable("i")
    built = model(
        [count("s", 19.0), count("i", 1.0)],
        [
            kind("infection", rate(s * i * 0.1), put("s", s - 1), put("i", i + 1)),
            kind("recovery", rate(i), put("i", i - 1)),
        ],
        [ask("large", "probability", s < 10, at=200.0)],
        horizon=200.0,
    )
    assert_share(sample(built, 2000), 0.402970474946)


def test_one_kind_for_each_of_a_group() -> None:
    """Twenty cities rise at the rate 0.1 + 0.5 times the share that is up: a pure birth chain."""
    city = Group("city", 20)
    here = index("c", city)
    up = fold("count", "o", city, variable("unruly", index("o", city)))
    built = model(
        [flag("unruly", False, city)],
        [
            kind(
                "rise",
                rate(up * 0.5 / 20.0 + 0.1),
                put("unruly", True, here),
                when=variable("unruly", here).not_(),
                per=[("c", city)],
            )
        ],
        [ask("all", "time-until", up.is_(20), end=500.0)],
        horizon=500.0,
    )
    hazards = [(20 - up) * (0.1 + 0.5 * up / 20) for up in range(20)]
    times = sample(built, 300)
    assert_mean(times, sum(1 / hazard for hazard in hazards))
    assert_variance(
        times, sum(1 / hazard for hazard in hazards), sum(1 / hazard**2 for hazard in hazards)
    )


def test_neighbours_of_a_relation() -> None:
    """On the ring of four, two neighbours infect each other only: a chain of known rates."""
    ring = Group("place", 4)
    relation = Relation("beside", (ring, ring), ((1, 3), (0, 2), (1, 3), (0, 2)), "")
    here = index("p", ring)
    active = fold(
        "count",
        "q",
        RelatedDomain("beside", node(here), ring),
        variable("active", index("q", ring)),
    )

    built = model(
        [flag("active", index("i0", ring).is_(label("1", "1", "2", "3", "4")), ring)],
        [
            kind(
                "spread",
                rate(active),
                put("active", True, here),
                when=variable("active", here).not_(),
                per=[("p", ring)],
            )
        ],
        [
            ask(
                "all",
                "time-until",
                fold("all", "q", ring, variable("active", index("q", ring))),
                end=500.0,
            )
        ],
        horizon=500.0,
        labels=("1", "2", "3", "4"),
        relations=(relation,),
    )
    # one is active: two neighbours, rate 1 each; then two (adjacent): rate 2; then the last: rate 2
    times = sample(built, 1500)
    assert_mean(times, 0.5 + 0.5 + 0.5)
    assert_variance(times, 1.5, 0.75)


@pytest.mark.parametrize("step", [1.0, 0.25])
def test_rate_held_between_ticks(step: float) -> None:
    """The hazard 0.4 t, held from tick to tick, is a staircase; its survival is known exactly."""
    built = model(
        [count("x")],
        [kind("strike", rate(TIME * 0.4, every=step), put("x", 1.0), when=X.is_(0))],
        [ask("struck", "probability", X > 0, at=2.6)],
        horizon=5.0,
    )
    cumulated, tick = 0.0, 0.0
    while tick < 2.6:
        cumulated += 0.4 * tick * (min(tick + step, 2.6) - tick)
        tick += step
    assert_share(sample(built, 2000), 1 - exp(-cumulated))


def test_runs_of_one_seed_differ_and_seeds_differ() -> None:
    """One seed and N runs give N different runs; the same seed gives the same, another others."""
    built = pure_death(20, 0.5, 1.3)
    first, again = runs(built, 200, seed=SEEDS[0]), runs(built, 200, seed=SEEDS[0])
    other = runs(built, 200, seed=SEEDS[1])
    assert first == again
    assert len({run.values[1] for run in first + other}) == 400
