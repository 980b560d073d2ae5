"""What happens at an instant, in its order, and what is counted of it: worked by hand."""

from __future__ import annotations

from math import exp, factorial
from pathlib import Path

import pytest

from foedus.jump.lower import lower
from foedus.questions.answers import simulate
from tests.loading import case_of, warned_case

GROUND = "grade: assumed, because: a test"
HEAD = f"""\
foedus: 1
case: instants
title: What happens at once
clock: {{start: 2000-01-01, end: 2000-01-11}}
actors: {{chief: {{kind: person}}}}
parameters:
  speed: {{value: 0.3, unit: per day, {GROUND}}}
  luck: {{value: 0.3, unit: share, {GROUND}}}
  taste: {{value: 0.7, {GROUND}}}
  turn: {{value: 3, unit: days, {GROUND}}}
"""
ORDER = f"""\
{HEAD}state:
  x: {{type: count, starts: 0, max: 100}}
  begun: {{type: count, starts: 0, max: 9}}
  alarms: {{type: count, starts: 0, max: 9}}
  late: {{type: count, starts: 0, max: 9}}
  calm: {{type: flag, starts: false}}
events:
  doubles: {{each: 2 days, then: {{x: 2 * x}}}}
  adds: {{at: [2000-01-03, 2000-01-07], then: {{x: "if time > turn then x + 5 else x + 1"}}}}
  begins: {{when: x == 0, after: immediately, then: {{begun: begun + 1}}}}
  alarm: {{when: x >= 2, after: immediately, then: {{alarms: alarms + 1}}}}
  calms: {{when: x >= 2 and not calm, after: immediately, then: {{calm: true}}}}
  comes-late: {{when: x >= 2 and not calm, after: immediately, then: {{late: late + 1}}}}
questions:
  second: {{mean: x, at: 2000-01-02}}
  third: {{mean: x, at: 2000-01-03}}
  fourth: {{mean: x, at: 2000-01-04}}
  sixth: {{mean: x, at: 2000-01-06}}
  tenth: {{mean: x, at: 2000-01-10}}
  begun: {{mean: begun, at: 2000-01-10}}
  alarms: {{mean: alarms, at: 2000-01-10}}
  late: {{mean: late, at: 2000-01-10}}
"""


def answers(text: str) -> dict[str, float | None]:
    found = simulate(lower(case_of(text)), draws=1, seed=1, engine="exact").questions
    return {one.name: one.estimate.value for one in found}


def test_dates_come_before_ticks_and_what_is_immediate_comes_once() -> None:
    """At the second midnight 1 is added and then doubled, whatever stands first in the file. What
    is immediate fires when its condition comes to hold, and not if that is over before its turn."""
    assert answers(ORDER) == {
        "second": 2.0, "third": 2.0, "fourth": 4.0, "sixth": 18.0, "tenth": 72.0,
        "begun": 1.0, "alarms": 1.0, "late": 0.0,
    }  # fmt: skip


LATER = "if time > turn then"


@pytest.mark.parametrize(
    ("event", "at_first", "later"),
    [
        (f'draw: {{hit: "bernoulli({LATER} luck else 0)"}}, '
         'then: {n: "if hit then n + 1 else n"}', 0.0, 0.3),
        (f'by: chief, choose: {{go: {{utility: "{LATER} taste else 0", then: {{n: n + 1}}}}, '
         'stay: {utility: 0}}', 0.5, 1.0 / (1.0 + exp(-0.7))),
        ('by: chief, choose: {go: {when: time > turn, utility: 0, then: {n: n + 1}}, '
         'stay: {utility: 0}}', 0.0, 0.5),
        (f'by: chief, choose: {{go: {{utility: taste, then: {{n: "{LATER} n + 1 else n"}}}}}}',
         0.0, 1.0),
        ('when: time > turn, then: {n: n + 1}', 0.0, 1.0),
    ],
)  # fmt: skip
def test_what_is_dated_may_hang_on_its_date(event: str, at_first: float, later: float) -> None:
    """The mean after the first date, and what the second adds to it."""
    found = answers(
        f"{HEAD}state: {{n: {{type: count, starts: 0, max: 2}}}}\n"
        f"events: {{one: {{at: [2000-01-03, 2000-01-07], {event}}}}}\n"
        "questions: {first: {mean: n, at: 2000-01-05}, both: {mean: n, at: 2000-01-07}}\n"
    )
    expected = {"first": at_first, "both": at_first + later}
    assert found == pytest.approx(expected, abs=1e-14)


def poisson(number: int, mean: float = 0.3 * 9.0) -> float:
    return exp(-mean) * mean**number / factorial(number)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("firings(rings) == 2", poisson(2)),
        ("firings(rings) != 2", 1.0 - poisson(2)),
        ("firings(rings) >= 2", 1.0 - poisson(0) - poisson(1)),
        ("firings(rings) > 2", 1.0 - poisson(0) - poisson(1) - poisson(2)),
        ("2 > firings(rings)", poisson(0) + poisson(1)),
        ("2 >= firings(rings)", poisson(0) + poisson(1) + poisson(2)),
        ("firings(rings) > 1.5", 1.0 - poisson(0) - poisson(1)),
        ("firings(rings) == 1 or firings(rings) == 3", poisson(1) + poisson(3)),
    ],
)
def test_firings_are_counted_as_far_as_they_matter(asked: str, expected: float) -> None:
    found = answers(
        f"{HEAD}state: {{up: {{type: flag, starts: false}}}}\n"
        'events: {rings: {rate: speed, then: {up: "not up"}}}\n'
        f"questions: {{q: {{probability: {asked}, at: 2000-01-09}}}}\n"
    )
    assert found["q"] == pytest.approx(expected, abs=1e-12)


def test_of_two_questions_the_one_that_counts_further_counts() -> None:
    """In either order."""
    kinds = 'events: {rings: {rate: speed, then: {up: "not up"}}}\n'
    head = f"{HEAD}state: {{up: {{type: flag, starts: false}}}}\n{kinds}questions:\n"
    more = "  more: {probability: firings(rings) == 3, at: 2000-01-09}\n"
    less = "  less: {probability: firings(rings) >= 1, at: 2000-01-09}\n"
    expected = {"more": poisson(3), "less": 1.0 - poisson(0)}
    for questions in (more + less, less + more):
        assert answers(head + questions) == pytest.approx(expected, abs=1e-12)


NORTH, SOUTH = 1.0 - exp(-2.7), 1.0 - exp(-5.4)
"""How likely each town is to have rung after nine days."""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("firings(rings[north]) + n", NORTH + 4.0),
        ("sum(firings(rings[t]) for t in town where marked[t])", 0.7 * NORTH + 0.3 * SOUTH),
        ("firings(rings[chosen])", 0.7 * NORTH + 0.3 * SOUTH),
        ("sum(firings(rings[t]) for t in town)", NORTH + SOUTH),
    ],
)
def test_sums_of_firings_that_hang_on_the_state(asked: str, expected: float) -> None:
    """A town is drawn on the third day; what rang in it counts from the start."""
    found = answers(
        f"{HEAD}groups: {{town: [north, south]}}\n"
        f"data: {{pace: {{per: town, values: [1, 2], {GROUND}}}}}\n"
        "state:\n"
        "  n: {type: count, starts: 0, max: 4}\n"
        "  marked: {type: flag, per: town, starts: false}\n"
        "  chosen: {type: {one of: town}, starts: north}\n"
        "events:\n"
        '  rings: {per: town, once: true, rate: "speed * pace[town]"}\n'
        "  draws:\n"
        "    at: 2000-01-03\n"
        "    draw: {south-it-is: bernoulli(luck)}\n"
        "    then:\n"
        "      n: 4\n"
        "      chosen: if south-it-is then south else north\n"
        '      "marked[t] for t in town": (t == south) == south-it-is\n'
        f'questions: {{q: {{mean: "{asked}", at: 2000-01-09}}}}\n'
    )
    assert found["q"] == pytest.approx(expected, abs=1e-12)


def test_what_happens_as_a_question_begins_to_look_happens_once() -> None:
    found = answers(
        f"{HEAD}state: {{up: {{type: flag, starts: false}}}}\n"
        'events: {flips: {at: [2000-01-03, 2000-01-05], then: {up: "not up"}}}\n'
        "questions:\n"
        "  never: {probability: not up, between: 2000-01-03/2000-01-04T12:00}\n"
        "  later: {probability: not up, between: 2000-01-03/2000-01-05}\n"
    )
    assert found == {"never": 0.0, "later": 1.0}


TOSSES = (
    "  tosses:\n    at: 2000-01-03\n    draw: {side: 'integer(0, 2)'}\n"
    "    then: {x: if side == 1 then FIRST else side}\n"
)


@pytest.mark.parametrize(
    "then",
    [
        # one comes to one at once, two by what is immediate
        TOSSES.replace("FIRST", "1")
        + "  mends: {when: x == 2, after: immediately, then: {x: 1}}\n",
        # either by something immediate of its own
        TOSSES.replace("FIRST", "3") + "  mends: {when: x == 2, after: immediately, then: {x: 1}}\n"
        "  lowers: {when: x == 3, after: immediately, then: {x: 1}}\n",
        # two by the next of that date
        TOSSES.replace("FIRST", "1") + "  mends: {at: 2000-01-03, when: x == 2, then: {x: 1}}\n",
    ],
)
def test_ways_that_meet_are_added(then: str) -> None:
    """That what is immediate might set itself off is warned of, and not so here."""
    text = f"{HEAD}state: {{x: {{type: count, starts: 0, max: 3}}}}\nevents:\n{then}"
    text += "questions: {p: {probability: x == 1, at: 2000-01-03}, x: {mean: x, at: 2000-01-03}}\n"
    case = warned_case(text)
    found = simulate(lower(case), draws=1, seed=1, engine="exact").questions
    assert [one.estimate.value for one in found] == pytest.approx([2 / 3, 2 / 3], abs=1e-14)


def test_where_nothing_is_open_nothing_is_chosen() -> None:
    found = answers(
        f"{HEAD}state: {{x: {{type: count, starts: 0, max: 3}}}}\n"
        "events:\n"
        "  tosses: {at: 2000-01-03, draw: {heads: bernoulli(luck)}, "
        "then: {x: if heads then 1 else 0}}\n"
        "  acts: {by: chief, at: 2000-01-03, choose: {go: {when: x == 1, utility: 0, "
        "then: {x: 2}}}}\n"
        "questions: {none: {probability: x == 0, at: 2000-01-03}, "
        "acts: {mean: firings(acts), at: 2000-01-03}}\n"
    )
    assert found == pytest.approx({"none": 0.7, "acts": 0.3}, abs=1e-14)


def test_what_an_explanation_lacks_does_not_happen_in_it(tmp_path: Path) -> None:
    (tmp_path / "storm.yaml").write_text(
        "mechanism: storm\ntitle: A storm\noffers: {state: [over]}\n"
        "state: {over: {type: flag, starts: false}}\n"
        "events: {breaks: {at: 2000-01-03, then: {over: true}}}\n"
    )
    case = case_of(
        f"{HEAD}uses: [{{mechanism: storm.yaml, as: it, if: storm}}]\n"
        "components: {storm: {}}\n"
        f"atoms:\n  still: {{components: [], prior: 0.25, {GROUND}}}\n"
        f"  wild: {{components: [storm], prior: 0.75, {GROUND}}}\n"
        "explanations: {still: {atoms: [still]}, wild: {atoms: [wild]}}\n"
        "questions: {over: {probability: it.over, at: 2000-01-09}}\n",
        tmp_path,
    )
    (found,) = simulate(lower(case), draws=1, seed=1, engine="exact").questions
    assert {name: one.estimate.value for name, one in found.by_explanation.items()} == {
        "still": 0.0, "wild": 1.0,
    }  # fmt: skip
    assert found.estimate.value == pytest.approx(0.75)
