"""The exact probability of a record against formulas and against sums over a chain by hand."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, factorial, log, pi, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.linalg import expm

from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.exact.evidence import AtomEvidence, log_evidence, record_states
from foedus.exact.filtering import Filter
from foedus.exact.refusal import Refusal
from foedus.exact.sightings import Sightings
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.model import JumpModel
from foedus.jump.record import Assertion, Record
from foedus.jump.stages import Stage, full_stage, stage_as_of, stages, without
from foedus.text.render import as_text
from foedus.text.source import Source
from tests.loading import try_case

HEAD = """\
foedus: 1
case: small
title: a small case with a record
clock: {start: 2020-01-01, end: 2020-01-10}
sources: {paper: {kind: news, title: a paper, language: en}}
"""
RATE, DAYS, HORIZON = 0.4, 8.0, 10.0
"""The rate of what happens, the length of a complete record and that of the clock, in days."""


@dataclass(frozen=True)
class Small:
    """A case with its record, as of its end."""

    model: JumpModel
    record: Record
    stage: Stage


def fixed(**values: str) -> str:
    """Fixed parameters; text is `VALUE UNIT`."""
    lines = ["parameters:"]
    for name, value in values.items():
        number, _, unit = value.partition(" ")
        ground = "grade: assumed, because: a test"
        lines.append(f"  {name}: {{value: {number}, unit: {unit}, {ground}}}")
    return "\n".join(lines) + "\n"


def evidence(*items: str) -> str:
    lines = [f"  - {{id: E{n}, {item}, cites: [paper]}}" for n, item in enumerate(items, 1)]
    return "\n".join(["evidence:", *lines]) + "\n"


def small(*parts: str) -> Small:
    case, diagnostics = try_case(Source("case.yaml", HEAD + "".join(parts)))
    assert case is not None, as_text(diagnostics.in_order())
    model, record = lower(case), lower_record(case)
    return Small(model, record, full_stage(record, model.horizon))


def evidence_of(case: Small, *of: Stage) -> list[AtomEvidence]:
    found = log_evidence(case.model, case.record, case.model.atoms, of or (case.stage,))
    assert not isinstance(found, Refusal), found
    return list(found)


def probability(case: Small, stage: Stage | None = None) -> float:
    found = evidence_of(case, stage or case.stage)[0].stages[0]
    assert found.error < 1e-8
    return exp(found.value)


COUNTED = fixed(speed=f"{RATE} per day", seen="0.3 share")
COUNT = "state: {n: {type: count, starts: 0}}\n"
EVENT = "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
COMPLETE = "record: {blow: {complete: 2020-01-01/2020-01-08}}\n"
REPORTED = "record: {blow: {reported: seen, delay: 0 days}}\n"
TWO = ("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-04/2020-01-05")


# Poisson streams ---------------------------------------------------------------------------------


def test_dates_of_a_complete_record() -> None:
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(*TWO))
    assert probability(case) == pytest.approx(RATE * RATE * 2.0 * exp(-RATE * DAYS), rel=1e-10)


def test_a_record_that_begins_later_says_nothing_of_before() -> None:
    later = COMPLETE.replace("2020-01-01", "2020-01-03")
    case = small(COUNTED, COUNT, EVENT, later, evidence("happened: blow, at: 2020-01-04"))
    assert probability(case) == pytest.approx(RATE * exp(-RATE * (DAYS - 2.0)), rel=1e-10)


def test_a_record_is_known_up_to_its_last_known_item() -> None:
    """As of a day on which the lag leaves all of the silence open, an item closes it before it."""
    late = COMPLETE.replace("}}", ", lag: 6 days}}")
    case = small(COUNTED, COUNT, EVENT, late, evidence("happened: blow, at: 2020-01-04"))
    for day, silent in ((4.0, 4.0), (11.0, 5.0), (14.0, DAYS)):
        stage = stage_as_of(case.record, day, horizon=HORIZON)
        assert probability(case, stage) == pytest.approx(RATE * exp(-RATE * silent), rel=1e-10)


def test_actors_know_when_it_happens_and_readers_when_it_is_known() -> None:
    """An answer that only a blow brings about, known before the blow is: whoever gave it knew."""
    rates = fixed(speed=f"{RATE} per day", other="0.7 per day")
    case = small(
        rates, "state: {hit: {type: flag, starts: false}, over: {type: flag, starts: false}}\n",
        "events:\n  blow: {when: not hit, rate: speed, then: {hit: true}}\n"
        "  answer: {when: hit and not over, rate: other, then: {over: true}}\n",
        "record:\n  blow: {complete: 2020-01-01/2020-01-08, lag: 6 days}\n"
        "  answer: {complete: 2020-01-01/2020-01-08}\n",
        evidence(
            "happened: blow, at: 2020-01-02, known: 2020-01-07",
            "happened: answer, at: 2020-01-04, known: 2020-01-04",
        ),
    )  # fmt: skip

    def given(first: float, last: float) -> float:
        """With the blow between two moments: the answer is on the fourth day."""

        def at(time: float) -> float:
            early, late = max(0.0, 3.0 - time), 4.0 - time
            return RATE * exp(-RATE * time) * (exp(-0.7 * early) - exp(-0.7 * late))

        parts = [quad(at, low, high)[0] for low, high in ((first, min(3.0, last)), (3.0, last))
                 if low < high]  # fmt: skip
        return float(sum(parts))

    before = stage_as_of(case.record, 5.0, horizon=HORIZON)
    assert before.items == {"E2"}
    assert probability(case, before) == pytest.approx(given(0.0, 4.0), rel=1e-9)
    assert probability(case) == pytest.approx(given(1.0, 2.0), rel=1e-9)


def test_two_items_of_one_date_come_in_order() -> None:
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(TWO[0], TWO[0]))
    assert probability(case) == pytest.approx(RATE**2 / 2.0 * exp(-RATE * DAYS), rel=1e-10)


def test_items_of_a_reported_kind() -> None:
    seen = 0.3 * RATE
    case = small(COUNTED, COUNT, EVENT, REPORTED, evidence(*TWO))
    assert probability(case) == pytest.approx(seen * seen * 2.0 * exp(-seen * HORIZON), rel=1e-10)
    both = small(COUNTED, COUNT, EVENT, REPORTED, evidence(TWO[0], TWO[0]))
    assert probability(both) == pytest.approx(seen**2 * exp(-seen * HORIZON), rel=1e-10)


def test_what_is_not_reported_goes_on_unseen() -> None:
    seen = "value: n, is: 3, error: sd 1, at: 2020-01-09"
    case = small(COUNTED, COUNT, EVENT, REPORTED, evidence(TWO[0], seen))
    unseen = 0.7 * RATE

    def density(time: float) -> float:
        return sum(
            exp(-unseen * time) * (unseen * time) ** k / factorial(k)
            * exp(-0.5 * (3 - 1 - k) ** 2) / sqrt(2 * pi)
            for k in range(60)
        )  # fmt: skip

    average, _ = quad(density, 8.0, 9.0, epsabs=1e-13)
    expected = 0.3 * RATE * exp(-0.3 * RATE * HORIZON) * average
    assert probability(case) == pytest.approx(expected, rel=1e-8)


def test_alternative_dates_are_mixed() -> None:
    dates = "at: [{at: 2020-01-02, weight: 0.7}, {at: 2020-01-04/2020-01-05, weight: 0.3}]"
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(f"happened: blow, {dates}"))
    mixed = 0.7 * RATE * 1.0 + 0.3 * RATE * 2.0
    assert probability(case) == pytest.approx(mixed * exp(-RATE * DAYS), rel=1e-10)


def test_absence_silence_and_what_is_left_out() -> None:
    absent = "absent: blow, between: 2020-01-02/2020-01-03"
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(absent))
    assert probability(case) == pytest.approx(exp(-RATE * DAYS), rel=1e-10)
    unknown = probability(case, without(case.stage, ["E1"]))
    assert unknown == pytest.approx(exp(-RATE * (DAYS - 2.0)), rel=1e-10)
    reported = small(COUNTED, COUNT, EVENT, REPORTED, evidence(absent))
    expected = exp(-RATE * 2.0 - 0.3 * RATE * (HORIZON - 2.0))
    assert probability(reported) == pytest.approx(expected, rel=1e-10)
    silent = evidence("no-report: blow, between: 2020-01-02/2020-01-03")
    quiet = small(COUNTED, COUNT, EVENT, REPORTED, silent)
    assert probability(quiet) == pytest.approx(exp(-0.3 * RATE * HORIZON), rel=1e-10)


def test_a_date_that_is_denied_is_no_date() -> None:
    dates = "at: [{at: 2020-01-02, weight: 0.7}, {at: 2020-01-04/2020-01-05, weight: 0.3}]"
    items = evidence(f"happened: blow, {dates}", "absent: blow, between: 2020-01-01/2020-01-04")
    found = probability(small(COUNTED, COUNT, EVENT, COMPLETE, items))
    assert found == pytest.approx(0.3 * RATE * 2.0 * exp(-RATE * DAYS), rel=1e-10)


def test_items_of_a_reported_kind_come_in_any_order_whatever_else_is_complete() -> None:
    case = small(
        fixed(speed=f"{RATE} per day", other="0.7 per day", seen="0.3 share"), COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  raid: {rate: other, then: {n: n + 1}}\n",
        "record:\n  raid: {complete: 2020-01-01/2020-01-08}\n"
        "  blow: {reported: seen, delay: 0 days}\n",
        evidence("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-02"),
    )  # fmt: skip
    seen = 0.3 * RATE
    assert probability(case) == pytest.approx(
        seen**2 * exp(-seen * HORIZON - 0.7 * DAYS), rel=1e-10
    )


def test_what_is_denied_of_one_event_is_not_denied_of_another() -> None:
    case = small(
        fixed(speed=f"{RATE} per day", other="0.7 per day"), COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  raid: {rate: other, then: {n: n + 1}}\n",
        "record:\n  blow: {complete: 2020-01-01/2020-01-08}\n"
        "  raid: {complete: 2020-01-01/2020-01-08}\n",
        evidence("happened: blow, at: 2020-01-02", "absent: raid, between: 2020-01-01/2020-01-04"),
    )  # fmt: skip
    assert probability(case) == pytest.approx(RATE * exp(-(RATE + 0.7) * DAYS), rel=1e-10)


def test_the_weights_of_stages_add_up() -> None:
    """Silence day by day, then items: the log evidence of each stage by formula."""
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(*TWO))
    known = stages(case.record, horizon=case.model.horizon)
    found = [one.value for one in evidence_of(case, *known)[0].stages]
    assert [one.arrival for one in known] == ["start", "silence", "item", "silence", "item"]
    # The day an item becomes known: nothing is known of its own dates before it is.
    after_first = log(RATE) - RATE * 2.0
    after_second = log(RATE) + log(RATE * 2.0) - RATE * 5.0
    assert found[0] == 0.0
    assert found[2] == pytest.approx(after_first, abs=1e-10)
    assert found[4] == pytest.approx(after_second, abs=1e-10)
    assert found[1] == pytest.approx(-RATE * 1.0, abs=1e-10)
    assert found[3] == pytest.approx(after_first - RATE * 1.0, abs=1e-10)


# Hazards that change -----------------------------------------------------------------------------


def test_a_death_process() -> None:
    case = small(
        fixed(speed=f"{RATE} per day"),
        "state: {n: {type: count, starts: 3, because: a test}}\n",
        "events:\n  death: {when: n > 0, rate: speed * n, then: {n: n - 1}}\n",
        "record: {death: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: death, at: 2020-01-02", "happened: death, at: 2020-01-02/2020-01-04"),
    )

    def first(time: float) -> float:
        def rest(t: float) -> float:
            return 2 * RATE * exp(-2 * RATE * (t - time)) * exp(-RATE * (DAYS - t))

        return float(3 * RATE * exp(-3 * RATE * time) * quad(rest, time, 4.0)[0])

    assert probability(case) == pytest.approx(quad(first, 1.0, 2.0)[0], rel=1e-8)


def test_items_that_follow_each_other_over_kinds() -> None:
    case = small(
        fixed(speed=f"{RATE} per day", other="0.7 per day"), COUNT,
        "events:\n  one: {rate: speed, then: {n: n + 1}}\n  two: {rate: other, then: {n: n + 1}}\n",
        "record:\n"
        "  one: {complete: 2020-01-01/2020-01-08}\n"
        "  two: {complete: 2020-01-01/2020-01-08}\n",
        evidence("happened: one, at: 2020-01-02", "happened: two, at: 2020-01-02, follows: E1"),
    )  # fmt: skip
    expected = RATE * 0.7 / 2.0 * exp(-(RATE + 0.7) * DAYS)
    assert probability(case) == pytest.approx(expected, rel=1e-10)


def test_an_item_that_may_be_at_any_instance() -> None:
    case = small(
        fixed(speed=f"{RATE} per day", faster="2 none"),
        "groups: {town: [north, south]}\n",
        "state: {hit: {type: flag, per: town, starts: false}}\n",
        "events:\n  strike:\n    per: town\n    when: not hit[town]\n"
        "    rate: 'if town == north then speed else speed * faster'\n"
        "    then: {'hit[town]': true}\n",
        "record: {strike: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: strike, at: 2020-01-02"),
    )

    def at(own: float, other: float) -> float:
        return float(quad(lambda t: own * exp(-own * t), 1.0, 2.0)[0] * exp(-other * DAYS))

    assert probability(case) == pytest.approx(at(RATE, 2 * RATE) + at(2 * RATE, RATE), rel=1e-9)


# Choices, draws, filters -------------------------------------------------------------------------


def test_options_of_a_choice() -> None:
    """Going is seen, staying is not: staying moves the odds, exp(n / 2) to 1."""
    case = small(
        fixed(speed="1 per day", lean="0.5 none"),
        "actors: {chief: {kind: person}}\n",
        COUNT,
        "events:\n  act:\n    by: chief\n    rate: speed\n    choose:\n"
        '      stay: {utility: "0", then: {n: n + 1}}\n      go: {utility: "lean * n"}\n',
        "record: {act.go: {complete: 2020-01-01/2020-01-03}}\n",
        evidence("happened: act.go, at: 2020-01-02"),
    )
    size = 40
    go = np.array([exp(0.5 * n) / (1 + exp(0.5 * n)) for n in range(size)])
    stay = np.diag(-np.ones(size)) + np.diag(1 - go[:-1], 1)
    both = np.block([[stay, np.diag(go)], [np.zeros((size, size)), stay]])
    before = np.eye(size)[0] @ expm(stay)
    during = np.concatenate([before, np.zeros(size)]) @ expm(both)
    expected = float((during[size:] @ expm(stay)).sum())
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_an_actor_to_whom_nothing_is_open_is_not_silent() -> None:
    """On the third day there is nothing to choose; of the other seven silence is known."""
    case = small(
        fixed(speed=f"{RATE} per day"),
        "actors: {chief: {kind: person}}\n",
        "state: {is-open: {type: flag, starts: true}}\n"
        "events:\n"
        "  shut: {at: 2020-01-03, then: {is-open: false}}\n"
        "  unlock: {at: 2020-01-04, then: {is-open: true}}\n"
        '  act: {by: chief, rate: speed, choose: {go: {when: is-open, utility: "0"}}}\n',
        "record: {act.go: {complete: 2020-01-01/2020-01-08}}\n",
        evidence("happened: act.go, at: 2020-01-05"),
    )
    assert probability(case) == pytest.approx(RATE * exp(-RATE * (DAYS - 1.0)), rel=1e-10)


def test_measured_draws() -> None:
    """A whole number between 0 and 9 and a coin, measured with and without error."""
    case = small(
        fixed(speed=f"{RATE} per day", p="0.3 share", most="9 none"),
        "state: {n: {type: count, starts: 0, max: 9}, turned: {type: flag, starts: false}}\n",
        "events:\n  blow:\n    rate: speed\n"
        "    draw: {dead: 'integer(0, 9)', turns: bernoulli(p)}\n"
        "    then: {n: dead, turned: turns}\n",
        COMPLETE,
        evidence("happened: blow, with: {dead: 6 sd 1.5, turns: 1}, at: 2020-01-02"),
    )
    density = sum(exp(-0.5 * ((6 - k) / 1.5) ** 2) / (1.5 * sqrt(2 * pi)) for k in range(10)) / 10
    assert probability(case) == pytest.approx(RATE * exp(-RATE * DAYS) * 0.3 * density, rel=1e-10)


def test_a_state_seen_in_the_course_of_days() -> None:
    case = small(COUNTED, COUNT, EVENT, evidence("state: n >= 1, at: 2020-01-02/2020-01-03"))
    expected, _ = quad(lambda t: (1 - exp(-RATE * t)) / 2.0, 1.0, 3.0)
    assert probability(case) == pytest.approx(expected, rel=1e-10)


def test_a_number_known_within_a_factor() -> None:
    """A factor's density is that of the number itself."""
    seen = "value: n + 1, is: 3, error: factor 1.5, at: 2020-01-02T12:00"
    case = small(COUNTED, COUNT, EVENT, evidence(seen))
    sigma = log(1.5)

    def density(time: float) -> float:
        return sum(
            exp(-RATE * time) * (RATE * time) ** k / factorial(k)
            * exp(-0.5 * (log(3 / (k + 1)) / sigma) ** 2) / (sigma * sqrt(2 * pi) * 3.0)
            for k in range(30)
        )  # fmt: skip

    minute = 1.0 / 1440.0
    expected = quad(density, 1.5, 1.5 + minute)[0] / minute
    assert probability(case) == pytest.approx(expected, rel=1e-8)


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

    assert probability(case) == pytest.approx(at_least_two(3.0) - at_least_two(1.0), rel=1e-9)


ALARM = """\
state: {n: {type: count, starts: 0}, over: {type: flag, starts: false}}
events:
  blow: {rate: speed, then: {n: n + 1}}
  alarm: {when: n >= 2, after: immediately}
  answer: {when: not over, rate: other, then: {over: true}}
"""


def test_silence_about_immediate_kinds_is_a_filter() -> None:
    """Where all would be known, nothing has happened; where some would, less of it is likely."""
    rates = fixed(speed=f"{RATE} per day", other="0.7 per day", seen="0.3 share")
    items = evidence("absent: alarm, between: 2020-01-03/2020-01-04")

    def rung(time: float) -> float:
        return 1 - exp(-RATE * time) * (1 + RATE * time)

    whole = small(rates, ALARM, "record: {alarm: {complete: 2020-01-01/2020-01-08}}\n", items)
    assert probability(whole) == pytest.approx(1 - rung(DAYS), rel=1e-9)
    some = small(rates, ALARM, "record: {alarm: {reported: seen, delay: 0 days}}\n", items)
    elsewhere = rung(2.0) + rung(HORIZON) - rung(4.0)
    assert probability(some) == pytest.approx(1 - rung(HORIZON) + 0.7 * elsewhere, rel=1e-9)


def test_what_follows_an_immediate_event() -> None:
    case = small(
        fixed(speed=f"{RATE} per day", other="0.7 per day"), ALARM,
        "record:\n"
        "  alarm: {complete: 2020-01-01/2020-01-08}\n"
        "  answer: {complete: 2020-01-01/2020-01-08}\n",
        evidence(
            "happened: alarm, at: 2020-01-02/2020-01-04",
            "happened: answer, at: 2020-01-02/2020-01-04, follows: E1",
        ),
    )  # fmt: skip
    # the second blow, then the answer before the dates end
    expected, _ = quad(
        lambda t: RATE**2 * t * exp(-RATE * t) * (exp(-0.7 * t) - exp(-0.7 * 4.0)), 1.0, 4.0
    )
    assert probability(case) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("resumes", [False, True])
def test_an_age_is_lost_with_the_guard_unless_it_resumes(resumes: bool) -> None:
    case = small(
        fixed(stages="2 none", mean="3 days"),
        "state: {on: {type: flag, starts: true}, seen: {type: flag, starts: false}}\n"
        "events:\n"
        "  stop: {at: 2020-01-03, then: {on: false}}\n"
        "  go-on: {at: 2020-01-04, then: {on: true}}\n"
        "  look: {at: [2020-01-02, 2020-01-04T12:00], then: {seen: true}}\n"
        "  blow: {when: on, after: 'erlang(stages, mean)', RESUME}\n"
        .replace("RESUME", f"resume: {str(resumes).lower()}"),
        COMPLETE, evidence("happened: blow, at: 2020-01-05"),
    )  # fmt: skip
    speed = 2 / 3

    def longer(t: float) -> float:
        return exp(-speed * t) * (1 + speed * t)

    def at(t: float) -> float:
        age = t - 1 if resumes else t - 3
        return speed**2 * age * exp(-speed * age) * longer(DAYS - t)

    once, _ = quad(at, 4.0, 5.0)
    expected = once if resumes else longer(2.0) * once
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_erlang_waiting_times_reported_by_chance() -> None:
    case = small(
        fixed(stages="2 none", mean="3 days", seen="0.3 share"), COUNT,
        "events:\n  blow: {after: 'erlang(stages, mean)', then: {n: n + 1}}\n",
        REPORTED, evidence("happened: blow, at: 2020-01-03/2020-01-05"),
    )  # fmt: skip
    speed, seen = 2.0 / 3.0, 0.3
    quiet = np.array([[-speed, speed], [(1 - seen) * speed, -speed]])
    both = np.block([[quiet, np.zeros((2, 2))], [np.zeros((2, 2)), quiet]])
    both[1, 2] = seen * speed
    before = np.array([1.0, 0.0]) @ expm(quiet * 2.0)
    during = np.concatenate([before, np.zeros(2)]) @ expm(both * 3.0)
    expected = float((during[2:] @ expm(quiet * (HORIZON - 5.0))).sum())
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_dated_events_within_the_record() -> None:
    """A dated reset between what is seen; nothing else is recorded."""
    case = small(
        COUNTED, COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  reset: {at: 2020-01-04, then: {n: 0}}\n",
        evidence("state: n == 0, at: 2020-01-05T00:00"),
    )  # fmt: skip
    minute = 1.0 / 1440.0
    expected = quad(lambda t: exp(-RATE * (t - 3.0)), 4.0, 4.0 + minute)[0] / minute
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_what_cannot_be_has_probability_zero() -> None:
    impossible = evidence(TWO[0], "state: n == 0, at: 2020-01-05")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, impossible)
    found = evidence_of(case)[0].stages[0]
    assert (found.value, found.error) == (-np.inf, 0.0)


# Parameters, atoms, claims -----------------------------------------------------------------------

UNCERTAIN = """\
parameters:
  speed: {prior: "gamma(3, 0.4)", unit: per day, grade: assumed, because: a test}
  seen: {value: 0.3, unit: share, grade: assumed, because: a test}
"""


def test_an_uncertain_rate_is_integrated_out() -> None:
    """With a gamma prior the evidence is a gamma integral: 2 firings in 8 days."""
    case = small(UNCERTAIN, COUNT, EVENT, COMPLETE, evidence(*TWO))
    found = evidence_of(case)[0].stages[0]
    beta = 3.0 / 0.4
    expected = log(2.0 * beta**3 / 2.0 * factorial(4) / (beta + DAYS) ** 5)
    assert found.value == pytest.approx(expected, abs=max(found.error, 1e-9))
    assert found.error < 1e-5


def test_three_uncertain_parameters_are_refused_as_a_value() -> None:
    many = UNCERTAIN + "".join(
        f'  r{n}: {{prior: "gamma(3, 0.4)", unit: per day, grade: assumed, because: a test}}\n'
        for n in range(2)
    )
    event = "events:\n  blow: {rate: speed + r0 + r1, then: {n: n + 1}}\n"
    case = small(many, COUNT, event, COMPLETE, evidence(*TWO))
    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage])
    assert isinstance(found, Refusal)
    assert "3 parameters are uncertain (`speed`, `r0`, `r1`)" in found.reason


ATOMS = """\
components: {plot: {}}
atoms:
  plain: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
explanations: {chance: {atoms: [plain], doc: a}, design: {atoms: [plotted], doc: b}}
actors: {chief: {kind: person}}
"""


def test_atoms_and_claims() -> None:
    """A claim about the story is a constant in each atom, one about an event depends on it."""
    case = small(
        COUNTED, ATOMS, COUNT,
        "events:\n  blow: {rate: 'if plot then speed + speed else speed', then: {n: n + 1}}\n",
        COMPLETE, evidence(TWO[0]),
        "claims:\n"
        "  - {id: C1, by: chief, says: plot, at: 2020-01-09, cites: [paper]}\n"
        "  - {id: C2, by: chief, says: blow, at: 2020-01-09, cites: [paper]}\n",
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        assert claim.id in ("C1", "C2")
        return np.log(np.where(truth != 0.0, 0.8, 0.2))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    values = {one.atom: one.stages[0].value for one in found}
    assert values["plain"] == pytest.approx(log(RATE) - RATE * DAYS + log(0.2 * 0.8), abs=1e-9)
    double = 2 * RATE
    assert values["plotted"] == pytest.approx(log(double) - double * DAYS + log(0.64), abs=1e-9)


def test_what_claims_are_about() -> None:
    """Any instance of an event or one of them; a number as it stands when the day has ended."""
    said = ("says: blow", "says: 'blow[north]'", "says: 'blow[south]'", "value: x, is: 5")
    claims = "".join(
        f"  - {{id: C{n}, by: chief, {what}, at: 2020-01-03, cites: [paper]}}\n"
        for n, what in enumerate(said, 1)
    )
    case = small(
        COUNTED, "actors: {chief: {kind: person}}\n", "groups: {town: [north, south]}\n",
        "state: {x: {type: count, starts: 1, max: 9, because: a test}}\n",
        "events:\n  blow: {per: town, rate: speed}\n  rises: {at: 2020-01-04, then: {x: 5}}\n",
        COMPLETE.replace("01-08", "01-03"),
        evidence("happened: 'blow[south]', at: 2020-01-02"), "claims:\n" + claims,
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        chance = {"C1": 0.9, "C2": 0.7, "C3": 0.6, "C4": 0.8}[claim.id]
        is_true = truth == (5.0 if claim.kind == "value" else 1.0)
        return np.log(np.where(is_true, chance, 1 - chance))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    expected = log(RATE) - 2 * RATE * 3.0 + log(0.9 * 0.3 * 0.6 * 0.8)
    assert found[0].stages[0].value == pytest.approx(expected, abs=1e-9)


def test_a_claim_counts_no_further_than_a_rate_does() -> None:
    """Each blow makes the next sooner: a claim that there was one must not end the count at one."""
    case = small(
        COUNTED, "actors: {chief: {kind: person}}\n", COUNT,
        "events:\n  blow: {rate: speed * (1 + firings(blow)), then: {n: n + 1}}\n",
        evidence("state: n == 3, at: 2020-01-04T00:00"),
        "claims:\n  - {id: C1, by: chief, says: blow, at: 2020-01-04, cites: [paper]}\n",
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log(np.where(truth == 1.0, 0.8, 0.2))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    minute = 1.0 / 1440.0
    yule = quad(lambda t: exp(-RATE * t) * (1 - exp(-RATE * t)) ** 3, 3.0, 3.0 + minute)[0] / minute
    assert found[0].stages[0].value == pytest.approx(log(0.8 * yule), abs=1e-7)


def test_a_count_without_end_leaves_room_for_what_dated_events_draw() -> None:
    """Two tosses came out well, whatever else was counted in the meantime."""
    case = small(
        fixed(often="30 per day", odds="0.3 share"),
        "state: {n: {type: count, starts: 0}, lucky: {type: count, starts: 0}}\n",
        "events:\n  rises: {rate: often, then: {n: n + 1}}\n"
        "  tosses:\n    at: [2020-01-02, 2020-01-04]\n    draw: {toss: bernoulli(odds)}\n"
        "    then: {lucky: if toss then lucky + 1 else lucky}\n",
        evidence("state: lucky == 2, at: 2020-01-05"),
    )
    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], limit=3000)
    assert not isinstance(found, Refusal), found
    ((told,),) = (one.stages for one in found)
    assert told.value == pytest.approx(2.0 * log(0.3), abs=1e-7)


# Smoothing ---------------------------------------------------------------------------------------


def test_the_state_between_is_that_after_the_instant() -> None:
    case = small(
        fixed(speed=f"{RATE} per day"),
        "state: {up: {type: flag, starts: false}}\n",
        "events:\n  rises: {at: 2020-01-04, then: {up: true}}\n",
        evidence("state: up, at: 2020-01-06"),
    )
    states = record_states(prepare(case.model), case.record, case.model.atoms[0], 10.0)
    space, _ = states.in_enough(case.record, case.stage, {"speed": RATE})
    sightings = Sightings(prepare(case.model), case.record, case.stage, {}, {})
    found = Filter(space, sightings, 10.0).smoothed([3.0])
    assert found[3.0] @ space.values(lambda moves: float(moves.world.values[0])) == 1.0


def test_the_state_between_what_was_seen() -> None:
    """A flag that turns and turns back, seen on the 6th: its law before and after, by hand."""
    case = small(
        fixed(on="0.5 per day", off="0.3 per day"),
        "state: {up: {type: flag, starts: false}}\n",
        "events:\n  rises: {when: not up, rate: on, then: {up: true}}\n"
        "  falls: {when: up, rate: off, then: {up: false}}\n",
        evidence("state: up, at: 2020-01-06T00:00"),
    )
    prepared = prepare(case.model)
    theta = draw_parameters(case.model, case.model.atoms[0], 1, 0)
    states = record_states(prepared, case.record, case.model.atoms[0], 10.0)
    space, _ = states.in_enough(case.record, case.stage, theta)
    looks = [(time, np.zeros(space.size)) for time in (3.0, 8.0)]  # looks that say nothing
    sightings = Sightings(prepared, case.record, case.stage, {}, {})
    found = Filter(space, sightings, 10.0, looks).smoothed([3.0, 8.0])
    up = space.values(lambda moves: float(moves.world.values[0]))
    rates = np.array([[-0.5, 0.5], [0.3, -0.3]])
    at_three, seen = np.array([1.0, 0.0]) @ expm(3 * rates), expm((2.0 + 0.5 / 1440) * rates)[:, 1]
    expected = at_three[1] * seen[1] / (at_three @ seen)
    assert found[3.0] @ up == pytest.approx(expected, rel=1e-6)
    assert found[8.0] @ up == pytest.approx(expm((3.0 - 0.5 / 1440) * rates)[1, 1], rel=1e-6)
