"""Failures that other simulators had and nobody noticed, looked for from case files on.

A parameter that is read but not used; replications that are all the same; only the first run right;
observation times far apart, absorbing states and single moments; sums and keys that nobody checks;
an intervention that moves what it does not touch.
"""

from __future__ import annotations

from math import exp

import pytest

from foedus.engine.reference import RunResult, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import interventions_of, lower
from foedus.questions.answers import simulate
from tests.conformance.courses import CASES, answers, courses, model_of
from tests.conformance.statistics import SEEDS, TOO_FAR, assert_mean, assert_share, mean_score
from tests.loading import case_at, case_of, faults_of

EVERY = model_of("every-timing")


@pytest.mark.parametrize("name", [spec.name for spec in EVERY.parameters])
def test_every_parameter_counts(name: str) -> None:
    """Twice as much of it changes the answers of some of 20 runs; the same value changes none."""
    prepared, atom = prepare(EVERY), EVERY.atoms[0]
    theta = draw_parameters(EVERY, atom, 1, 0)
    value = theta[name]
    moved = [2 * one for one in value] if isinstance(value, list) else 2 * value

    def values(changed: dict[str, float | list[float]]) -> list[tuple[float, ...]]:
        return [
            simulate_run(prepared, theta | changed, atom, 1, run, record=True).values
            for run in range(20)
        ]

    assert values({name: value}) == values({})
    assert values({name: moved}) != values({})


def test_a_number_changed_in_the_file_changes_the_model() -> None:
    text = (CASES / "every-timing.yaml").read_text()
    for name in ("spread", "patience", "turnout", "taste", "decay"):
        before = f"  {name}: {{value: "
        assert before in text
        changed = lower(case_of(text.replace(before, f"{before}1")))
        assert changed != EVERY
        assert [spec.name for spec in changed.parameters if spec not in EVERY.parameters] == [name]


def test_runs_differ_and_a_seed_brings_them_back() -> None:
    first, again = (list(courses(EVERY, 100, SEEDS[0], record=True)) for _ in range(2))
    other = list(courses(EVERY, 100, SEEDS[1], record=True))
    assert first == again
    paths = {tuple((one.time, one.name) for one in run.record) for run in first + other}
    assert len(paths) == 200
    answered = [simulate(EVERY, draws=100, seed=seed).questions for seed in (5, 5, 6)]
    assert answered[0] == answered[1] != answered[2]


def test_every_run_is_right() -> None:
    """Each tenth of the runs follows the law of a pure death process, and ends at its absorbing
    state: false alarms in 3e-4 of the choices of seeds."""
    found = answers(model_of("dsmts-001-04"), 1000, SEEDS[:2], horizon=50.0)["x"]
    for block in found:
        for first in range(0, 1000, 100):
            part = block[first : first + 100]
            assert abs(mean_score(part, 10 * exp(-0.5))) < TOO_FAR
            assert len(set(part)) > 5


def test_dates_far_apart_absorbing_states_and_single_moments() -> None:
    model = model_of("century")
    found = answers(model, 1500, SEEDS)
    hazard = 0.02 / 365.25
    days = {"in-1950": 18_262, "in-the-end": 36_524}
    for name, length in days.items():
        assert_share(found[name], 1 - exp(-hazard * length))
    assert found["at-once"] == [[0.0] * 1500] * 3
    assert found["in-the-fifties"] != found["in-1950"]
    assert_share(found["in-the-fifties"], 1 - exp(-hazard * (days["in-1950"] + 3652)))
    assert found["tries"] == [[3.0] * 1500] * 3
    assert found["tries-before"] == [[2.0] * 1500] * 3
    assert_mean(found["years-standing"], (1 - exp(-hazard * 36_524)) / hazard)
    for first, last in zip(found["in-1950"], found["in-the-end"], strict=True):
        assert all(one <= other for one, other in zip(first, last, strict=True))


# What is touched and what is not ------------------------------------------------------------------


def runs_under(what_if: str | None) -> list[RunResult]:
    case = case_at(CASES / "two-parts.yaml")
    changed = () if what_if is None else interventions_of(case, what_if)
    return list(courses(lower(case), 60, SEEDS[1], record=True, interventions=changed))


def path(run: RunResult, *names: str) -> list[object]:
    """When these events happened and what was drawn."""
    return [(one.time, one.name, one.draws) for one in run.record if one.name in names]


def test_what_touches_nothing_changes_nothing() -> None:
    """Forbidding what never happens, or setting a parameter to what it is: the same runs."""
    free = runs_under(None)
    for what_if in ("nothing-spoils", "as-it-was"):
        for before, after in zip(free, runs_under(what_if), strict=True):
            assert before.values == after.values
            assert before.record == after.record


def test_what_is_not_touched_stays() -> None:
    """The harvest knows nothing of the war, and goes on as it did, firing by firing."""
    free = runs_under(None)
    for what_if in ("no-war", "peace-is-forced"):
        changed = runs_under(what_if)
        for before, after in zip(free, changed, strict=True):
            assert path(before, "harvest") == path(after, "harvest")
        assert any(
            path(before, "breaks-out") != path(after, "breaks-out")
            for before, after in zip(free, changed, strict=True)
        )


def test_a_forced_event_leaves_runs_alone_where_its_guard_does_not_hold() -> None:
    free, forced = runs_under(None), runs_under("peace-is-forced")
    idle = [place for place, run in enumerate(forced) if run.vacuous == (True,)]
    assert 10 < len(idle) < 55
    for place in idle:
        assert free[place].record == forced[place].record
    for place in set(range(60)) - set(idle):
        assert free[place].record != forced[place].record


# What must be an error ----------------------------------------------------------------------------

SMALL = """\
foedus: 1
case: small
title: Small
clock: {start: 2000-01-01, end: 2000-01-31}
components: {coup: {}}
atoms:
  with: {components: [coup], prior: 0.5, grade: assumed, because: an example}
  without: {components: [], prior: 0.5, grade: assumed, because: an example}
parameters:
  pace: {value: 1, unit: per day, grade: assumed, because: an example}
state:
  over: {type: flag, starts: false}
events:
  ends: {when: not over, rate: pace, then: {over: true}}
questions:
  over: {probability: over, by: 2000-01-31}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line", "part"),
    [
        ("prior: 0.5, grade: assumed, because: an example}\n  without", "prior: 0.4, grade: assumed"
         ", because: an example}\n  without", "priors-do-not-sum", 6, "0.9"),
        ("end: 2000-01-31}", "end: 2000-01-31, zoone: +01:00}", "unknown-key", 4, "zone"),
        ("rate: pace", "rate: pase", "unknown-name", 14, "pace"),
        ("by: 2000-01-31", "by: 2000-02-31", "bad-date", 16, "02"),
        ("starts: false", "starts: maybe", "unknown-name", 12, ""),
        ("rate: pace", "rate: 2 * pace", "number-in-rate", 14, "parameters"),
    ],
)  # fmt: skip
def test_slips_are_errors_with_a_place(
    right: str, wrong: str, code: str, line: int, part: str
) -> None:
    assert faults_of(SMALL) == []
    assert right in SMALL
    found = faults_of(SMALL.replace(right, wrong))
    assert [(one[0], one[1]) for one in found][:1] == [(code, line)], found
    assert part in found[0][2] + found[0][3]
