"""A course that agrees with a record, to be read: the one that was weighed, item by item."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.engine.conditioned.run import condition_on, noise_of, run_conditioned
from foedus.engine.world import Parameters
from foedus.infer.islands.agreed import some_islands
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.shipped.courses_file import Shipped, shipped_courses
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import full_stage
from foedus.paths import given_course as given_course_of
from foedus.questions.given_course import GivenCourse, choose, course_of_particle, given_course
from foedus.study import build, load
from foedus.text.diagnostic import NoAnswerError, SettingsError
from tests.infer.strikes import COMPLETE, HEAD, THREE, item
from tests.loading import warned_case

FEW = Effort(particles=60)
MORE_EVENTS = """\
  march: {rate: speed, then: {marches: marches + 1}, doc: a march}
  riot: {rate: riots, then: {marches: 0}, doc: a riot}
questions:
"""
MARCHES = (
    HEAD.replace("questions:\n", MORE_EVENTS)
    .replace(
        "  speed:",
        "  riots: {value: 0.05, unit: per day, grade: assumed, because: a test}\n  speed:",
    )
    .replace(
        "  strikes: {type", "  marches: {type: count, starts: 0, doc: marches}\n  strikes: {type"
    )
)
"""Strikes of which the record knows all, and marches of which it knows nothing."""

SEEN = """\
  - {id: none-yet, state: strikes < 2, at: 2000-01-03, cites: [daily], established: seen}
  - {id: quiet, absent: riot, between: 2000-01-01/2000-01-09, cites: [daily], established: seen}
"""
KNOWN = (
    COMPLETE
    + """\
  riot: {complete: 2000-01-01/2000-01-10, lag: 0 days, because: everybody sees them}
"""
)
ENDED = """\
outcomes:
  - {id: marched, state: marches > 3, at: 2000-01-10, cites: [daily]}
"""


def case_from(text: str) -> Case:
    return warned_case(text)  # what may be impossible is warned about


@cache
def marches() -> Case:
    return case_from(MARCHES + "evidence:\n" + THREE + SEEN + KNOWN + ENDED)


@cache
def weighed(name: str, as_of: float | None) -> tuple[RecordTarget, Evidence, Shipped | None]:
    """What was known by a day, and particles that agree with it."""
    case = marches() if name == "marches" else load(name)
    model, record = build(case), lower_record(case)
    target = target_of(case, model, record, start, as_of=as_of)
    if name == "kazakhstan-2022":
        shipped = shipped_courses(target, Effort(), 1)
        assert shipped is not None
        return target, shipped.evidence, shipped
    return target, some_islands(target, FEW), None


def assert_in_windows(target: RecordTarget, given: GivenCourse) -> None:
    """All that is known is in the course, within its dates, as the event that it is."""
    met = {one.item: one for one in given.met}
    known = [one for one in target.record.sightings if one.id in target.stages[-1].items]
    assert set(met) == {one.id for one in known} - set(given.disbelieved)
    for one in known:
        if one.id not in met:
            continue
        time, event = met[one.id].time, met[one.id].event
        assert (time is None) == (one.kind in ("absent", "no-report")), one.id
        assert (event is not None) == (one.kind == "happened"), one.id
        assert time is None or any(part.start <= time <= part.end for part in one.windows), one.id
        if event is not None:
            assert one.target is not None
            happening = given.told.events[event]
            assert happening.time == time
            assert happening.name in (one.target.name, one.target.kind) or (
                one.target.option is None and happening.name.startswith(f"{one.target.kind}.")
            )
            assert one.target.labels in (None, happening.labels)
    events = [one.event for one in given.met if one.event is not None]
    assert len(set(events)) == len(events)


@pytest.mark.parametrize(
    ("name", "as_of"),
    [("marches", None), ("marches", 5.0), ("kyrgyzstan-2010", 45.0), ("kazakhstan-2022", None)],
)
def test_a_course_is_the_one_that_was_weighed(name: str, as_of: float | None) -> None:
    """Events, answers and weights are, to the last bit, those of the engine that weighs."""
    target, evidence, shipped = weighed(name, as_of)
    found = pool(evidence)
    if shipped is not None and shipped.ended is not None:
        target, found = shipped.ended.target, pool(shipped.ended.evidence)
    for number in (0, 1, 7, 23):
        chosen = choose(target, found, number, draws=40, seed=2)
        given = course_of_particle(target, chosen, number, draws=40, seed=2)
        horizon = target.model.horizon
        runs = target.runs(chosen.atom, chosen.particle, target.stages[-1], horizon)
        assert len(given.told.events) == runs.events[0] > 0
        assert given.weights == tuple(runs.logs[0].tolist())
        outcomes = given.told.outcomes
        assert [one.is_given for one in outcomes] == runs.counts[0].tolist()
        values = [np.nan if one.value is None else one.value for one in outcomes]
        np.testing.assert_array_equal(values, np.where(runs.counts[0], runs.values[0], np.nan))
        assert_in_windows(target, given)


def test_what_the_record_holds_is_marked_and_nothing_else() -> None:
    """Every strike before the end of the record is an item, and no march is."""
    target, evidence, _ = weighed("marches", None)
    filled = 0
    for number in range(12):
        given = given_course(target, evidence, number, draws=40, seed=1, as_of=9.0)
        held = [given.told.events[one.event].name for one in given.met if one.event is not None]
        assert held == ["strike", "strike", "strike"]
        known = [one for one in given.told.events if one.time < 9.0]
        assert sum(one.name == "strike" for one in known) == 3
        filled += sum(one.name == "march" for one in known)
    assert filled > 0


def test_events_that_happen_by_themselves_are_marked_too() -> None:
    """At once after the second strike they rest; the record knows of it, and of no strike."""
    rest = "  rest: {when: strikes > 1, once: true, after: immediately, then: {strikes: 0}}\n"
    text = HEAD.replace("questions:\n", rest + "questions:\n") + "evidence:\n"
    text += "  - {id: rested, happened: rest, at: 2000-01-02/2000-01-05, cites: [daily]}\n"
    text += COMPLETE.replace("strike:", "rest:")
    model, record = lower(case_from(text)), lower_record(case_from(text))
    conditioned, stage = condition_on(model, record), full_stage(record, model.horizon)
    theta: Parameters = {"speed": 0.5, "boost": 3.0}
    met = 0
    for number in range(40):
        noise = noise_of(conditioned, 1, number)
        run = run_conditioned(conditioned, theta, model.atoms[0], noise, stage, keep=True)
        if run.history is None:
            continue
        (one,) = run.history.met
        event = run.history.happenings[one[1]]
        assert (one[0], event.name, 1.0 <= event.time < 5.0) == (0, "rest", True)
        assert run.history.happenings[one[1] - 1].name == "strike"
        met += 1
    assert met > 5


def test_each_course_has_as_many_numbers_as_it_is_probable() -> None:
    """Systematic resampling: within one of what its share of all numbers would be."""
    target, evidence, _ = weighed("marches", 5.0)
    found = pool(evidence)
    numbers = [choose(target, found, number, draws=50, seed=3) for number in range(50)]
    counts = Counter(one.atom for one in numbers)
    for atom, shares in enumerate(found.shares()):
        assert abs(counts[atom] - 50 * shares.sum()) < 1.0 + 1e-9
    assert len({one.particle.keys.tobytes() for one in numbers}) > 25
    assert {one.atom for one in numbers[:10]} == {0, 1}


def test_an_explanation_leaves_only_its_own_courses() -> None:
    target, evidence, _ = weighed("marches", 5.0)
    for number in range(8):
        given = given_course(
            target, evidence, number, draws=20, seed=1, explanation="by-itself", as_of=5.0
        )
        assert given.told.atom.name == "calm"
        assert given.standing is not None
        assert given.standing.name == "by-itself"


def test_courses_of_a_whole_record_end_as_its_outcomes_say() -> None:
    target, evidence, _ = weighed("marches", None)
    free = [given_course(target, evidence, n, draws=30, seed=1, as_of=9.0) for n in range(30)]
    assert 0 < sum(marched(one) > 3 for one in free) < 30
    ended = [given_course(target, evidence, number, draws=30, seed=1) for number in range(5)]
    assert all(marched(one) > 3 for one in ended)
    assert {one.endings for one in ended} == {("marched",)}
    assert ended[0].distinct < free[0].distinct


def marched(given: GivenCourse) -> int:
    """Marches since the last riot, at the end of 10 January."""
    marches = 0
    for one in given.told.events:
        if one.time <= 10.0:
            marches = 0 if one.name == "riot" else marches + (one.name == "march")
    return marches


def test_what_an_unreliable_origin_tells_is_not_believed() -> None:
    """Where it is disbelieved it is no part of the course, and said to be so."""
    case = case_from(
        HEAD + "evidence:\n" + item("one", "2000-01-02", "known: 2000-01-02", "wave") + COMPLETE
    )
    target = target_of(case, lower(case), lower_record(case), start)
    evidence = some_islands(target, FEW)
    found = [given_course(target, evidence, n, draws=40, seed=1, as_of=9.0) for n in range(40)]
    assert {one.disbelieved for one in found} == {(), ("one",)}
    assert all((one.disbelieved == ()) == bool(one.met) for one in found)


def test_by_name_all_that_was_known_is_taken_where_it_was_all_known() -> None:
    """The outcome is known on 10 January: before, courses may end otherwise."""
    early = given_course_of(marches(), 3, "2000-01-09", effort=FEW)
    assert (early.as_of, early.endings) == (9.0, ())
    late = given_course_of(marches(), 3, "2001", effort=FEW)
    assert (late.as_of, late.endings) == (None, ("marched",))
    assert late == given_course_of(marches(), 3, "2002", effort=FEW)


@pytest.mark.parametrize(
    ("number", "date", "explanation", "words"),
    [
        (1000, "2000-01-09", None, "no course has the number 1000: they go from 0 to 999"),
        (1, "soon", None, "soon"),
        (1, "2000-01-09", "by-plott", "write `by-plot`"),
    ],
)
def test_what_cannot_be_told(number: int, date: str, explanation: str | None, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        given_course_of(marches(), number, date, explanation=explanation, effort=FEW)


def test_nothing_known_by_then() -> None:
    with pytest.raises(NoAnswerError, match="nothing of the record was known by that date"):
        given_course_of(marches(), 1, "1999-12-01", effort=FEW)
