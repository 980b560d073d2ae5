"""Other worlds on the same chance: no change changes nothing, observed events keep their clocks."""

from __future__ import annotations

from functools import partial
from math import exp

import numpy as np
import pytest

from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.run import (
    ConditionedRun,
    condition_on,
    noise_of,
    run_conditioned,
)
from foedus.engine.reference import RunResult
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Intervention
from foedus.jump.stages import stage_as_of
from foedus.study import build, load
from tests.engine.conditioned import small as cases
from tests.engine.conditioned.made import COMPILED, INTERPRETED, cases_of
from tests.engine.conditioned.small import Small, parameters, small
from tests.engine.models import intervene, node

SEED = 11


def factual(case: Small, run: int) -> ConditionedRun:
    """A run that agrees with the full record, up to the horizon, with its history."""
    theta = draw_parameters(case.conditioned.prepared.model, case.atom, SEED, run)
    noise = noise_of(case.conditioned, SEED, run)
    return run_conditioned(
        case.conditioned, theta, case.atom, noise, case.stage, horizon=case.horizon, keep=True
    )


def other(case: Small, run: int, first: ConditionedRun, *changes: Intervention) -> RunResult:
    theta = draw_parameters(case.conditioned.prepared.model, case.atom, SEED, run)
    noise = noise_of(case.conditioned, SEED, run)
    assert first.history is not None
    return run_other_world(
        case.conditioned, first.history, theta, case.atom, noise, changes, record=True
    )


@pytest.mark.parametrize("epochs", [(), (1.25, 3.5)])
@pytest.mark.parametrize("name", [*COMPILED, *INTERPRETED])
def test_no_change_is_the_same_run(
    name: str, epochs: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "condition_on", partial(condition_on, epochs=epochs))
    found = cases_of(name, monkeypatch)
    alive = 0
    for run in range(60):
        first = factual(found[0], run)
        if first.history is not None:
            alive += 1
            assert other(found[0], run, first).record == first.history.happenings
    assert alive > 3


def test_no_change_is_the_same_run_of_the_flagship() -> None:
    """With the crowds, the choices and the silence of the record up to the night of the 4th."""
    case = load("kazakhstan-2022")
    model, record = build(case), lower_record(case)
    conditioned, atom = condition_on(model, record), model.atoms[3]
    stage = stage_as_of(record, 4.5, horizon=model.horizon)
    kept = [one.id not in ("K02", "D05", "K07") for one in record.sightings]
    alive = 0
    for run in range(12):
        theta, noise = draw_parameters(model, atom, 1, run), noise_of(conditioned, 1, run)
        first = run_conditioned(
            conditioned, theta, atom, noise, stage, horizon=12.0, switches=kept, keep=True
        )
        if first.history is None:
            continue
        alive += 1
        again = run_other_world(
            conditioned, first.history, theta, atom, noise, horizon=12.0, record=True
        )
        assert again.record == first.history.happenings
    assert alive > 1


def shares(
    case: Small, number: int, changes: tuple[Intervention, ...], runs: int = 1500
) -> tuple[np.ndarray, np.ndarray]:
    """Of runs that agree with the record: their weights, and answer `number` in the other world."""
    weights, answers = [], []
    for run in range(runs):
        first = factual(case, run)
        if first.history is not None:
            weights.append(exp(first.log_weight))
            answers.append(other(case, run, first, *changes).values[number])
    return np.array(weights), np.array(answers)


def assert_answer(
    case: Small, expected: float, changes: tuple[Intervention, ...], number: int = 0,
    runs: int = 1500,
) -> None:  # fmt: skip
    """The weighted mean answer is as expected, within 4.5 standard errors (7e-6)."""
    weights, answers = shares(case, number, changes, runs)
    mean = float(weights @ answers / weights.sum())
    error = float(np.sqrt(((weights * (answers - mean)) ** 2).sum())) / weights.sum()
    assert abs(mean - expected) < 4.5 * error + 1e-9, (mean, expected, error)


# One event whose clock runs at another speed ---------------------------------------------------

RATE = 0.4
ONCE = (
    parameters(speed=RATE),
    "state: {over: {type: flag, starts: false}}\n",
    "events:\n  end: {when: not over, rate: speed, then: {over: true}}\n",
    "record: {end: {complete: 2020-01-01/2020-01-08}}\n",
    "questions:\n"
    "  early: {probability: over, at: 2020-01-02}\n"
    "  later: {probability: over, at: 2020-01-07}\n",
)
SEEN = "evidence:\n  - {id: E1, happened: end, at: 2020-01-03/2020-01-05, cites: [paper]}\n"


def faster(factor: float) -> tuple[Intervention, ...]:
    return (intervene("set-parameter", "speed", node(RATE * factor)),)


def within(low: float, high: float) -> float:
    return exp(-RATE * low) - exp(-RATE * high)


def test_an_observed_event_comes_earlier() -> None:
    """Seen from the 2nd to the 5th day; at twice the speed it comes at half the time."""
    case = small(*ONCE, SEEN)
    assert_answer(case, within(2.0, 4.0) / within(2.0, 5.0), faster(2.0), 0)
    assert_answer(case, 1.0, faster(2.0), 1, runs=100)


def test_an_observed_event_comes_later() -> None:
    case = small(*ONCE, SEEN)
    assert_answer(case, 0.0, faster(0.5), 0, runs=100)
    assert_answer(case, within(2.0, 3.5) / within(2.0, 5.0), faster(0.5), 1)


def test_an_observed_event_does_not_come_at_all() -> None:
    case = small(*ONCE, SEEN)
    assert_answer(case, 0.0, (intervene("forbid", "end"),), 1, runs=100)


def test_silence_says_how_long_a_clock_has_run() -> None:
    """Nothing for eight days: at thrice the speed it may ring from 8/3 days on."""
    case = small(*ONCE)
    assert_answer(case, 0.0, faster(3.0), 0, runs=100)
    assert_answer(case, 1.0 - exp(-RATE * (3 * 7.0 - 8.0)), faster(3.0), 1)


def test_an_unseen_cause_is_taken_away() -> None:
    """An unseen event triples the hazard; the seen one waits for the same inner time without it."""
    cause, low, high = 0.5, 2.0, 5.0
    case = small(
        parameters(speed=RATE, cause=cause, more="3 none"),
        "state: {over: {type: flag, starts: false}, stirred: {type: flag, starts: false}}\n",
        "events:\n"
        "  stir: {when: not stirred, rate: cause, then: {stirred: true}}\n"
        "  end: {when: not over, rate: 'speed * (if stirred then more else 1)',"
        " then: {over: true}}\n",
        "record: {end: {complete: 2020-01-01/2020-01-08}}\n",
        "questions: {later: {probability: over, at: 2020-01-07}}\n",
        SEEN,
    )
    grid = np.linspace(0.0, high, 4001)
    middle = (grid[1:] + grid[:-1]) / 2.0
    step = grid[1]
    total = hit = 0.0
    for x in np.append(middle, np.inf):  # when it was stirred, or not before the end
        mass = exp(-cause * high) if x == np.inf else cause * exp(-cause * x) * step
        times = middle[middle >= low]
        inner = RATE * (np.minimum(times, x) + 3.0 * np.maximum(times - x, 0.0))
        speed = np.where(times > x, 3.0 * RATE, RATE)
        density = mass * speed * np.exp(-inner) * step
        total += density.sum()
        hit += density[inner / RATE <= 7.0].sum()
    assert_answer(case, hit / total, (intervene("forbid", "stir"),), runs=3000)


def test_what_was_reported_and_what_was_not_are_one_stream() -> None:
    """Nothing reported in ten days: unseen blows keep their times, then all come at full rate."""
    case = small(
        parameters(speed=RATE, seen="0.3 share"),
        "state: {n: {type: count, starts: 0}}\n",
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n",
        "record: {blow: {reported: seen, delay: 0 days}}\n",
        "questions: {blows: {mean: n, at: 2020-01-10}}\n",
    )
    expected = 0.7 * RATE * 10.0 + RATE * 10.0
    assert_answer(case, expected, faster(2.0))


# Races and choices -------------------------------------------------------------------------------

BEFORE, AFTER = (0.5, 0.3, 0.2), (0.3, 0.3, 0.4)
WINNERS = (0.6, 0.1, 0.3)
"""Of three exponential clocks the first was seen to win; under the other weights, who does?"""


def test_a_race_is_run_again_on_the_same_clocks() -> None:
    names, pace = ("one", "two", "three"), 3.0
    case = small(
        parameters(**{f"w-{n}": w * pace for n, w in zip(names, BEFORE, strict=True)}),
        "state: {won: {type: {one of: [nobody, one, two, three]}, starts: nobody}}\n",
        "events:\n",
        *(f"  {n}: {{when: won == nobody, rate: w-{n}, then: {{won: {n}}}}}\n" for n in names),
        "record:\n",
        *(f"  {n}: {{complete: 2020-01-01/2020-01-10}}\n" for n in names),
        "evidence: [{id: E1, happened: one, at: 2020-01-01/2020-01-10, cites: [paper]}]\n",
        "questions:\n",
        *(f"  {n}-won: {{probability: won == {n}, at: 2020-01-10}}\n" for n in names),
    )
    changes = tuple(
        intervene("set-parameter", f"w-{n}", node(w * pace))
        for n, w in zip(names, AFTER, strict=True)
    )
    for number, share in enumerate(WINNERS):
        assert_answer(case, share, changes, number, runs=500)


def test_a_choice_is_made_again_with_the_noise_it_implies() -> None:
    names = ("one", "two", "three")
    case = small(
        parameters(pace=3.0, **{f"w-{n}": f"{w} none" for n, w in zip(names, BEFORE, strict=True)}),
        "actors: {chief: {kind: person}}\n",
        "state: {won: {type: {one of: [nobody, one, two, three]}, starts: nobody}}\n",
        "events:\n  act:\n    by: chief\n    when: won == nobody\n    rate: pace\n    choose:\n",
        *(f"      {n}: {{utility: log(w-{n}), then: {{won: {n}}}}}\n" for n in names),
        "record:\n",
        *(f"  act.{n}: {{complete: 2020-01-01/2020-01-10}}\n" for n in names),
        "evidence: [{id: E1, happened: act.one, at: 2020-01-01/2020-01-10, cites: [paper]}]\n",
        "questions:\n",
        *(f"  {n}-won: {{probability: won == {n}, at: 2020-01-10}}\n" for n in names),
    )
    changes = tuple(
        intervene("set-parameter", f"w-{n}", node(w)) for n, w in zip(names, AFTER, strict=True)
    )
    for number, share in enumerate(WINNERS):
        assert_answer(case, share, changes, number, runs=500)


def test_what_was_measured_stays_as_measured() -> None:
    case = small(
        parameters(speed=RATE, centre="100 none", spread="2 none"),
        "state: {mass: {type: level, starts: 0}}\n",
        "events:\n"
        "  blow:\n    rate: speed\n    draw: {weight: 'lognormal(centre, spread)'}\n"
        "    then: {mass: weight}\n",
        "record: {blow: {complete: 2020-01-01/2020-01-10}}\n",
        "evidence:\n"
        "  - {id: E1, happened: blow, with: {weight: 150 factor 1.5}, at: 2020-01-02,"
        " cites: [paper]}\n",
        "questions: {mass-then: {mean: mass, at: 2020-01-10}}\n",
    )
    first = factual(case, 3)
    slower = other(case, 3, first, *faster(0.7))
    assert slower.values == first.values
    assert slower.record[0].time > first.history.happenings[0].time  # type: ignore[union-attr]


def test_what_was_measured_of_one_option_is_not_drawn_for_another() -> None:
    """Seven came of the blow; of the kick in its place so many come as their own law says."""
    option = "utility: {0}, draw: {{hurt: poisson({1})}}, then: {{hit: true, toll: hurt}}"
    case = small(
        parameters(speed=RATE, liking="0 none", many="3 none"),
        "state: {hit: {type: flag, starts: false}, toll: {type: count, starts: 0}}\n",
        "events:\n  act:\n    when: not hit\n    rate: speed\n    choose:\n",
        f"      blow: {{{option.format('liking', 'many')}}}\n",
        f"      kick: {{{option.format(0, 1)}}}\n",
        "record: {act.blow: {complete: 2020-01-01/2020-01-08}}\n",
        "evidence:\n  - {id: E1, happened: act.blow, with: {hurt: 7}, at: 2020-01-03,"
        " cites: [paper]}\n",
        "questions: {toll: {mean: toll, at: 2020-01-08}}\n",
    )
    assert_answer(case, 7.0, (), runs=100)
    assert_answer(case, 1.0, (intervene("forbid", "act.blow"),), runs=800)


# Waiting times: the cumulated hazard at which each enabling rings is kept -----------------------


def weibull(more: str = "", seen: bool = True) -> Small:
    """Something comes some days after a way to it has opened, which is shut for a day on the 2nd;
    it is seen from the 3rd to the 5th day."""
    return small(
        parameters(scale="4.0 days", bend="2.0 none"),
        "state: {over: {type: flag, starts: false}, open: {type: flag, starts: true}}\n",
        'events:\n  end: {when: not over and open, after: "weibull(bend, scale)"',
        f"{more}, then: {{over: true}}}}\n",
        "  shut: {at: 2020-01-02, then: {open: false}}\n",
        "  reopen: {at: 2020-01-03, then: {open: true}}\n",
        "record: {end: {complete: 2020-01-01/2020-01-08}}\n",
        "questions:\n"
        "  early: {probability: over, at: 2020-01-02}\n"
        "  later: {probability: over, at: 2020-01-04T12:00}\n",
        "evidence:\n  - {id: E1, happened: end, at: 2020-01-04/2020-01-05, cites: [paper]}\n"
        if seen
        else "",
    )


def longer(days: float) -> float:
    """How likely it is that so many days do not suffice."""
    return exp(-((days / 4.0) ** 2))


def sooner(scale: float) -> Intervention:
    return intervene("set-parameter", "scale", node(scale))


NEVER_SHUT = intervene("forbid", "shut")


@pytest.mark.parametrize("changes", [(sooner(2.0),), (NEVER_SHUT,)])
def test_a_wait_that_was_given_up_is_known_to_be_longer(changes: tuple[Intervention, ...]) -> None:
    """The first lasted more than a day: at half the scale it ends within that day if it was
    shorter than two, and if it is not given up it ends within two days in the same courses."""
    expected = 1.0 - longer(2.0) / longer(1.0)
    assert_answer(weibull(), expected, changes, 0)


def test_a_wait_that_goes_on_keeps_its_age() -> None:
    """It took two to four days of an open way, the third of which is the first half of the 4th."""
    case, within_four = weibull(", resume: true"), longer(2.0) - longer(4.0)
    assert_answer(case, 0.0, (sooner(2.0),), 0, runs=100)
    assert_answer(case, 1.0, (sooner(2.0), NEVER_SHUT), 0, runs=100)
    expected = (longer(2.0) - longer(8.0 / 3.0)) / within_four
    assert_answer(case, expected, (sooner(3.0), NEVER_SHUT), 0)
    assert_answer(case, (longer(2.0) - longer(2.5 / 0.75)) / within_four, (sooner(3.0),), 1)


def test_silence_says_how_long_a_wait_has_lasted() -> None:
    """Six days after the 2nd it had not come: at half the scale it has not within three."""
    assert_answer(weibull(seen=False), 1.0 - longer(2.0) / longer(1.0), (sooner(2.0),), 0)
    case = weibull(", resume: true", seen=False)
    assert_answer(case, 0.0, (sooner(2.0),), 1, runs=100)
