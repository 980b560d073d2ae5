"""The mean weight of conditioned runs is the probability of the record, by formula.

Each check fails by chance about 2e-5 times (three seeds at 4.5 standard errors).
"""

from __future__ import annotations

from math import exp, factorial, log, pi, sqrt

import pytest
from scipy.integrate import quad

from foedus.jump.stages import stage_as_of, without
from tests.engine.conditioned.small import assert_probability, parameters, run_of, small

RATE = 0.4
COUNTED = parameters(speed=RATE, seen="0.3 share")
COUNT = "state: {n: {type: count, starts: 0}}\n"
EVENT = "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
COMPLETE = "record: {blow: {complete: 2020-01-01/2020-01-08}}\n"
REPORTED = "record: {blow: {reported: seen, delay: 0 days}}\n"
DAYS, HORIZON = 8.0, 10.0
"""Length of the complete record, and of the clock."""


def evidence(*items: str) -> str:
    lines = [f"  - {{id: E{n}, {item}, cites: [paper]}}" for n, item in enumerate(items, 1)]
    return "\n".join(["evidence:", *lines]) + "\n"


# Poisson streams ---------------------------------------------------------------------------------


def test_dates_of_a_complete_record() -> None:
    items = evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-04/2020-01-05")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, items)
    assert_probability(case, RATE * 1.0 * RATE * 2.0 * exp(-RATE * DAYS))


def test_a_record_that_begins_later_says_nothing_of_before() -> None:
    later = COMPLETE.replace("2020-01-01", "2020-01-03")
    case = small(COUNTED, COUNT, EVENT, later, evidence("happened: blow, at: 2020-01-04"))
    assert_probability(case, RATE * exp(-RATE * (DAYS - 2.0)))


def test_an_item_of_an_event_that_cannot_happen_on_every_day_of_its_date() -> None:
    """Of five days two are shut in the middle: it is proposed on the others, as if they were one.

    With another item after it, which is only waited for once it has happened.
    """
    state = "state: {n: {type: count, starts: 0}, open: {type: flag, starts: true}}\n"
    events = (
        "events:\n  blow: {when: open, rate: speed, then: {n: n + 1}}\n"
        "  shuts: {at: 2020-01-03T00:00, then: {open: false}}\n"
        "  opens: {at: 2020-01-05T00:00, then: {open: true}}\n"
    )
    wide = "happened: blow, at: 2020-01-02/2020-01-06"
    case = small(COUNTED, state, events, COMPLETE, evidence(wide))
    silence = exp(-RATE * (DAYS - 2.0))
    assert_probability(case, 3.0 * RATE * silence)
    case = small(COUNTED, state, events, COMPLETE, evidence(wide, wide))
    assert_probability(case, (3.0 * RATE) ** 2 / 2.0 * silence, 1000)


def test_two_items_of_one_date_come_in_order() -> None:
    items = evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-02")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, items)
    assert_probability(case, RATE**2 / 2.0 * exp(-RATE * DAYS))


def test_items_of_a_reported_kind() -> None:
    items = evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-04/2020-01-05")
    case = small(COUNTED, COUNT, EVENT, REPORTED, items)
    seen = 0.3 * RATE
    assert_probability(case, seen * 1.0 * seen * 2.0 * exp(-seen * HORIZON))


def test_what_is_not_reported_goes_on_unseen() -> None:
    """Ten blows seen of a stream of which three in ten are reported: the rest is Poisson."""
    case = small(
        COUNTED, COUNT, EVENT, REPORTED,
        evidence("happened: blow, at: 2020-01-02", "value: n, is: 3, error: sd 1, at: 2020-01-09"),
    )  # fmt: skip
    unseen, seen = 0.7 * RATE, 0.3 * RATE

    def density(time: float) -> float:
        return sum(
            exp(-unseen * time) * (unseen * time) ** k / factorial(k)
            * exp(-0.5 * (3 - 1 - k) ** 2) / sqrt(2 * pi)
            for k in range(40)
        )  # fmt: skip

    average, _ = quad(density, 8.0, 9.0)  # looked at once in the course of the day
    assert_probability(case, seen * exp(-seen * HORIZON) * average, 1000)


def test_a_record_is_known_up_to_its_last_known_item() -> None:
    """As of a day on which the lag leaves all of the silence open, an item closes it before it."""
    late = COMPLETE.replace("}}", ", lag: 6 days}}")
    case = small(COUNTED, COUNT, EVENT, late, evidence("happened: blow, at: 2020-01-04"))
    record = case.conditioned.record
    for day, silent in ((4.0, 4.0), (11.0, 5.0), (14.0, DAYS)):
        assert_probability(
            case, RATE * exp(-RATE * silent), 2, stage_as_of(record, day, horizon=HORIZON)
        )


def test_silence_within_a_date_belongs_to_what_happened() -> None:
    """Of a span without a report and a date that overlap, the silence of both is the date's."""
    items = evidence(
        "no-report: blow, between: 2020-01-03/2020-01-06",
        "happened: blow, at: 2020-01-02/2020-01-04",
    )
    case = small(COUNTED, COUNT, EVENT, REPORTED, items)
    seen = 0.3 * RATE
    assert_probability(case, 3 * seen * exp(-seen * HORIZON), 2)
    assert run_of(case, 1, 0).weights[0] == pytest.approx(-2 * seen, rel=1e-12)


def test_alternative_dates_are_mixed() -> None:
    dates = "at: [{at: 2020-01-02, weight: 0.7}, {at: 2020-01-04/2020-01-05, weight: 0.3}]"
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(f"happened: blow, {dates}"))
    mixed = 0.7 * RATE * 1.0 + 0.3 * RATE * 2.0
    assert_probability(case, mixed * exp(-RATE * DAYS))


def test_silence_and_absence_are_charged_where_they_belong() -> None:
    items = evidence("absent: blow, between: 2020-01-02/2020-01-03")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, items)
    run = run_of(case, 1, 0)
    assert_probability(case, exp(-RATE * DAYS), 2)
    assert abs(run.weights[0] + RATE * 2.0) < 1e-12
    assert abs(run.weights[1] + RATE * (DAYS - 2.0)) < 1e-12
    unknown = run_of(case, 1, 0, without(case.stage, ["E1"]))
    assert abs(unknown.log_weight + RATE * (DAYS - 2.0)) < 1e-12


def test_a_date_that_is_denied_is_no_date() -> None:
    """Of two dates one lies where nothing is said to have happened. The edges may overlap."""
    dates = "at: [{at: 2020-01-02, weight: 0.7}, {at: 2020-01-04/2020-01-05, weight: 0.3}]"
    items = evidence(f"happened: blow, {dates}", "absent: blow, between: 2020-01-01/2020-01-04")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, items)
    assert_probability(case, 0.3 * RATE * 2.0 * exp(-RATE * DAYS))
    both = evidence(
        "happened: blow, at: 2020-01-02", "absent: blow, between: 2020-01-01/2020-01-04"
    )
    assert run_of(small(COUNTED, COUNT, EVENT, COMPLETE, both), 1, 0).died_of == 0


def test_items_of_a_reported_kind_come_in_any_order_whatever_else_is_complete() -> None:
    case = small(
        parameters(speed=RATE, other=0.7, seen="0.3 share"), COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  raid: {rate: other, then: {n: n + 1}}\n",
        "record:\n  raid: {complete: 2020-01-01/2020-01-08}\n"
        "  blow: {reported: seen, delay: 0 days}\n",
        evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-02"),
    )  # fmt: skip
    seen = 0.3 * RATE
    assert_probability(case, seen**2 * exp(-seen * HORIZON - 0.7 * DAYS))


def test_what_is_denied_of_one_event_is_not_denied_of_another() -> None:
    case = small(
        parameters(speed=RATE, other=0.7), COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  raid: {rate: other, then: {n: n + 1}}\n",
        "record:\n  blow: {complete: 2020-01-01/2020-01-08}\n"
        "  raid: {complete: 2020-01-01/2020-01-08}\n",
        evidence("happened: blow, at: 2020-01-02", "absent: raid, between: 2020-01-01/2020-01-04"),
    )  # fmt: skip
    assert_probability(case, RATE * exp(-(RATE + 0.7) * DAYS))


def test_no_report_weighs_by_what_is_reported() -> None:
    items = evidence("no-report: blow, between: 2020-01-02/2020-01-03")
    case = small(COUNTED, COUNT, EVENT, REPORTED, items)
    run = run_of(case, 1, 0)
    assert abs(run.weights[0] + 0.3 * RATE * 2.0) < 1e-12
    assert abs(run.log_weight + 0.3 * RATE * HORIZON) < 1e-12


def test_absence_of_a_reported_kind_holds_all_of_it() -> None:
    items = evidence("absent: blow, between: 2020-01-02/2020-01-03")
    case = small(COUNTED, COUNT, EVENT, REPORTED, items)
    run = run_of(case, 1, 0)
    assert abs(run.weights[0] + RATE * 2.0) < 1e-12
    assert abs(run.weights[1] + 0.3 * RATE * (HORIZON - 2.0)) < 1e-12


# Hazards that change -----------------------------------------------------------------------------


def test_a_death_process() -> None:
    case = small(
        parameters(speed=RATE),
        "state: {n: {type: count, starts: 3, because: a test}}\n",
        "events:\n  death: {when: n > 0, rate: speed * n, then: {n: n - 1}}\n",
        "record: {death: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: death, at: 2020-01-02", "happened: death, at: 2020-01-02/2020-01-04"),
    )

    def first(time: float) -> float:
        rest, _ = quad(
            lambda t: 2 * RATE * exp(-2 * RATE * (t - time)) * exp(-RATE * (DAYS - t)),
            time, 4.0,
        )  # fmt: skip
        return float(3 * RATE * exp(-3 * RATE * time) * rest)

    # the second item begins on the 2nd as well: both orders of day are open to it
    probability, _ = quad(first, 1.0, 2.0)
    assert_probability(case, probability)


def test_competing_risks_one_of_them_unseen() -> None:
    case = small(
        parameters(speed=RATE, other=0.2),
        "state: {over: {type: flag, starts: false}}\n",
        "events:\n"
        "  seen-end: {when: not over, rate: speed, then: {over: true}}\n"
        "  unseen-end: {when: not over, rate: other, then: {over: true}}\n",
        "record: {seen-end: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: seen-end, at: 2020-01-03"),
    )
    probability, _ = quad(lambda t: RATE * exp(-(RATE + 0.2) * t), 2.0, 3.0)
    assert_probability(case, probability)


def test_items_that_follow_each_other_over_kinds() -> None:
    case = small(
        parameters(speed=RATE, other=0.7),
        COUNT,
        "events:\n  one: {rate: speed, then: {n: n + 1}}\n  two: {rate: other, then: {n: n + 1}}\n",
        "record:\n"
        "  one: {complete: 2020-01-01/2020-01-08}\n"
        "  two: {complete: 2020-01-01/2020-01-08}\n",
        evidence("happened: one, at: 2020-01-02", "happened: two, at: 2020-01-02, follows: E1"),
    )
    assert_probability(case, RATE * 0.7 / 2.0 * exp(-(RATE + 0.7) * DAYS))
    # Where the first is not known it is not waited for, and its day is left open.
    alone = 0.7 * exp(-0.7 * DAYS) * exp(-RATE * (DAYS - 1.0))
    assert_probability(case, alone, 600, without(case.stage, ["E1"]))


def test_an_item_that_may_be_at_any_instance() -> None:
    case = small(
        parameters(speed=RATE, faster="2 none"),
        "groups: {town: [north, south]}\n",
        "state: {hit: {type: flag, per: town, starts: false}}\n",
        "events:\n  strike:\n    per: town\n    when: not hit[town]\n"
        "    rate: 'if town == north then speed else speed * faster'\n"
        "    then: {'hit[town]': true}\n",
        "record: {strike: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: strike, at: 2020-01-02"),
    )

    def at(own: float, other: float) -> float:
        value, _ = quad(lambda t: own * exp(-own * t), 1.0, 2.0)
        return float(value * exp(-other * DAYS))

    assert_probability(case, at(RATE, 2 * RATE) + at(2 * RATE, RATE), 900)


# Choices -----------------------------------------------------------------------------------------

CHOICE = """\
events:
  act:
    by: chief
    rate: speed
    choose:
      stay: {utility: "0", then: {n: n + 1}}
      go: {utility: "lean * n"}
"""


def test_options_of_a_choice() -> None:
    """Going is seen, staying is not: staying moves the odds, exp(n / 2) to 1."""
    case = small(
        parameters(speed=1.0, lean="0.5 none"),
        "actors: {chief: {kind: person}}\n",
        COUNT, CHOICE,
        "record: {act.go: {complete: 2020-01-01/2020-01-03}}\n",
        evidence("happened: act.go, at: 2020-01-02"),
    )  # fmt: skip
    probability = _chain_with_one_go(0.5, 1.0, 1.0, 2.0, 3.0)
    assert_probability(case, probability, 900)


DOOR = """\
state: {is-open: {type: flag, starts: true}}
events:
  shut: {at: 2020-01-03, then: {is-open: false}}
  unlock: {at: 2020-01-04, then: {is-open: true}}
  act: {by: chief, rate: speed, choose: {go: {when: is-open, utility: "0"}}}
"""


def _chain_with_one_go(lean: float, speed: float, first: float, last: float, end: float) -> float:
    """By stepping the chain of (n, whether gone) through short times, exactly in the limit."""
    import numpy as np
    from scipy.linalg import expm

    size = 40
    go = np.array([exp(lean * n) / (1 + exp(lean * n)) for n in range(size)])
    stay = np.zeros((size, size))
    for n in range(size):
        stay[n, n] = -speed
        if n + 1 < size:
            stay[n, n + 1] = speed * (1 - go[n])
    both = np.zeros((2 * size, 2 * size))
    both[:size, :size], both[size:, size:] = stay, stay
    both[:size, size:] = np.diag(speed * go)
    start = np.zeros(size)
    start[0] = 1.0
    before = start @ expm(stay * first)
    during = np.concatenate([before, np.zeros(size)]) @ expm(both * (last - first))
    return float((during[size:] @ expm(stay * (end - last))).sum())


def test_an_actor_to_whom_nothing_is_open_is_not_silent() -> None:
    """On the third day there is nothing to choose; of the other seven silence is known."""
    case = small(
        parameters(speed=RATE), "actors: {chief: {kind: person}}\n", DOOR,
        "record: {act.go: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: act.go, at: 2020-01-05"),
    )  # fmt: skip
    assert_probability(case, RATE * exp(-RATE * (DAYS - 1.0)))


# Draws and measurements --------------------------------------------------------------------------


def test_measured_draws() -> None:
    case = small(
        parameters(speed=RATE, p="0.3 share", centre="100 none", spread="20 none"),
        "state: {mass: {type: level, starts: 0}, turned: {type: flag, starts: false}}\n",
        "events:\n"
        "  blow:\n    rate: speed\n"
        "    draw: {weight: 'normal(centre, spread)', turns: bernoulli(p)}\n"
        "    then: {mass: weight, turned: turns}\n",
        COMPLETE,
        evidence("happened: blow, with: {weight: 110 sd 10, turns: 1}, at: 2020-01-02"),
    )
    sd = sqrt(20.0**2 + 10.0**2)
    density = exp(-0.5 * (10.0 / sd) ** 2) / (sd * sqrt(2 * pi))
    assert_probability(case, RATE * exp(-RATE * DAYS) * 0.3 * density, 900)


def test_draws_measured_within_a_factor() -> None:
    case = small(
        parameters(speed=RATE, centre="100 none", spread="2 none"),
        "state: {mass: {type: level, starts: 0}}\n",
        "events:\n"
        "  blow:\n    rate: speed\n    draw: {weight: 'lognormal(centre, spread)'}\n"
        "    then: {mass: weight}\n",
        COMPLETE,
        evidence("happened: blow, with: {weight: 150 factor 1.5}, at: 2020-01-02"),
    )
    sd = sqrt(log(2.0) ** 2 + log(1.5) ** 2)
    density = exp(-0.5 * (log(1.5) / sd) ** 2) / (sd * sqrt(2 * pi)) / 150.0
    assert_probability(case, RATE * exp(-RATE * DAYS) * density, 900)


def test_a_measured_count_is_weighed_by_its_error() -> None:
    case = small(
        parameters(speed=RATE, mean="4 none"),
        COUNT,
        "events:\n  blow: {rate: speed, draw: {dead: poisson(mean)}, then: {n: n + dead}}\n",
        COMPLETE,
        evidence("happened: blow, with: {dead: 6 sd 1.5}, at: 2020-01-02"),
    )
    density = sum(
        exp(-4) * 4**k / factorial(k) * exp(-0.5 * ((6 - k) / 1.5) ** 2) / (1.5 * sqrt(2 * pi))
        for k in range(40)
    )
    assert_probability(case, RATE * exp(-RATE * DAYS) * density, 900)


def test_a_state_seen_in_the_course_of_a_day() -> None:
    case = small(COUNTED, COUNT, EVENT, evidence("state: n >= 1, at: 2020-01-02/2020-01-03"))
    probability, _ = quad(lambda t: (1 - exp(-RATE * t)) / 2.0, 1.0, 3.0)
    assert_probability(case, probability, 900)


# Kinds without a hazard, and with an age ---------------------------------------------------------


def test_immediate_kinds_are_filters() -> None:
    case = small(
        COUNTED, COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  alarm: {when: n >= 2, after: immediately, then: {n: n + 10}}\n",
        "record: {alarm: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: alarm, at: 2020-01-02/2020-01-03"),
    )  # fmt: skip

    def at_least_two(time: float) -> float:
        return 1 - exp(-RATE * time) * (1 + RATE * time)

    assert_probability(case, at_least_two(3.0) - at_least_two(1.0), 900)


ALARM = """\
state: {n: {type: count, starts: 0}, over: {type: flag, starts: false}}
events:
  blow: {rate: speed, then: {n: n + 1}}
  alarm: {when: n >= 2, after: immediately}
  answer: {when: not over, rate: other, then: {over: true}}
"""


def test_silence_about_immediate_kinds_is_a_filter() -> None:
    """Where all would be known, nothing has happened; where some would, less of it is likely."""
    rates = parameters(speed=RATE, other=0.7, seen="0.3 share")
    items = evidence("absent: alarm, between: 2020-01-03/2020-01-04")

    def rung(time: float) -> float:
        return 1 - exp(-RATE * time) * (1 + RATE * time)

    some = small(rates, ALARM, "record: {alarm: {reported: seen, delay: 0 days}}\n", items)
    elsewhere = rung(2.0) + rung(HORIZON) - rung(4.0)
    assert_probability(some, 1 - rung(HORIZON) + 0.7 * elsewhere, 400)
    whole = small(rates, ALARM, "record: {alarm: {complete: 2020-01-01/2020-01-08}}\n", items)
    assert_probability(whole, 1 - rung(DAYS), 400)


def test_what_follows_an_immediate_event() -> None:
    case = small(
        parameters(speed=RATE, other=0.7), ALARM,
        "record:\n"
        "  alarm: {complete: 2020-01-01/2020-01-08}\n"
        "  answer: {complete: 2020-01-01/2020-01-08}\n",
        evidence(
            "happened: alarm, at: 2020-01-02/2020-01-04",
            "happened: answer, at: 2020-01-02/2020-01-04, follows: E1",
        ),
    )  # fmt: skip
    # the second blow, then the answer before the dates end
    probability, _ = quad(
        lambda t: RATE**2 * t * exp(-RATE * t) * (exp(-0.7 * t) - exp(-0.7 * 4.0)), 1.0, 4.0
    )
    assert_probability(case, probability, 900)


WAITING = "events:\n  blow: {{after: '{law}', then: {{n: n + 1}}}}\n"


def test_weibull_waiting_times_begin_again() -> None:
    case = small(
        parameters(shape="2 none", scale="4 days"),
        COUNT, WAITING.format(law="weibull(shape, scale)"), COMPLETE,
        evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-04/2020-01-05"),
    )  # fmt: skip

    def density(t: float) -> float:
        return 2 / 4 * (t / 4) * exp(-((t / 4) ** 2))

    def longer(t: float) -> float:
        return exp(-((t / 4) ** 2))

    def second(first: float) -> float:
        value, _ = quad(lambda t: density(t - first) * longer(DAYS - t), 3.0, 5.0)
        return float(density(first) * value)

    probability, _ = quad(second, 1.0, 2.0)
    assert_probability(case, probability, 900)


STOPPED = """\
state: {n: {type: count, starts: 0}, on: {type: flag, starts: true}}
events:
  stop: {at: 2020-01-03, then: {on: false}}
  go-on: {at: 2020-01-04, then: {on: true}}
  blow: {when: on, after: "weibull(shape, scale)", RESUME, then: {n: n + 1}}
"""


def stopped(resumes: bool) -> None:
    """A clock that stands still on the third day has rung on the fifth, and once only."""
    case = small(
        parameters(shape="2 none", scale="4 days"),
        STOPPED.replace("RESUME", f"resume: {str(resumes).lower()}"), COMPLETE,
        evidence("happened: blow, at: 2020-01-05"),
    )  # fmt: skip

    def longer(t: float) -> float:
        return exp(-((t / 4) ** 2))

    def at(t: float) -> float:
        age = t - 1 if resumes else t - 3
        return 2 / 4 * (age / 4) * longer(age) * longer(DAYS - t)

    once, _ = quad(at, 4.0, 5.0)
    assert_probability(case, once if resumes else longer(2.0) * once, 400)


def test_an_age_is_lost_with_the_guard() -> None:
    stopped(False)


def test_an_age_is_kept_where_it_resumes() -> None:
    stopped(True)


def test_erlang_waiting_times_reported_by_chance() -> None:
    """Of blows an Erlang time apart, three in ten are reported: one was, on one of three days."""
    case = small(
        parameters(stages="2 none", mean="3 days", seen="0.3 share"),
        COUNT, WAITING.format(law="erlang(stages, mean)"), REPORTED,
        evidence("happened: blow, at: 2020-01-03/2020-01-05"),
    )  # fmt: skip
    assert_probability(case, _reported_once(2.0, 5.0), 900)


def _reported_once(first: float, last: float) -> float:
    """Stages as states: at the end of the second a blow, which is reported or not."""
    import numpy as np
    from scipy.linalg import expm

    speed, seen = 2.0 / 3.0, 0.3
    quiet = np.array([[-speed, speed], [(1 - seen) * speed, -speed]])
    both = np.zeros((4, 4))
    both[:2, :2], both[2:, 2:] = quiet, quiet
    both[1, 2] = seen * speed
    before = np.array([1.0, 0.0]) @ expm(quiet * first)
    during = np.concatenate([before, np.zeros(2)]) @ expm(both * (last - first))
    return float((during[2:] @ expm(quiet * (HORIZON - last))).sum())
