"""Courses that ship with their cases: the answers are those of all particles, or none is used."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.infer.courses import courses_of
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.ended import Ended, ended
from foedus.infer.shipped import courses_file
from foedus.infer.shipped.courses_file import Shipped, as_file, file_of, shipped_courses
from foedus.infer.verdict.verdict import Kept
from foedus.infer.weigh import target_of
from foedus.jump.lower_record import lower_record
from foedus.questions.other_worlds import OtherWorld
from foedus.study import build, counterfactual, load, posterior_sensitivity
from tests.loading import warned_case

TEXT = """
foedus: 1
case: the-mill
title: The mill
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
components: {haste: {}}
atoms:
  hasty: {components: [haste], prior: 0.999, grade: assumed, because: an example}
  slow: {components: [], prior: 0.001, grade: assumed, because: an example}
explanations:
  haste: {atoms: [hasty]}
  calm: {atoms: [slow]}
parameters:
  pace: {prior: 80% between 0.1 and 0.4, unit: per day, grade: assumed, because: an example}
  more: {value: 2, unit: factor, grade: assumed, because: an example}
state:
  burnt: {type: flag, starts: false}
  lost: {type: flag, starts: false}
events:
  fire: {when: not burnt, rate: "pace * (if haste then more else 1)", then: {burnt: true}}
  loss: {when: burnt and not lost, rate: pace, then: {lost: true}}
  return: {when: lost, rate: pace, then: {lost: false}}
record:
  fire: {complete: 2000-01-01/2000-01-21}
evidence:
  - {id: E1, happened: fire, at: 2000-01-03/2000-01-04, known: 2000-01-04, cites: [paper]}
questions:
  lost: {probability: lost, at: 2000-01-20}
what-if:
  no-fire: {forbid: fire}
"""

EFFORT = Effort(particles=100)
KEPT = Kept("2026-11-27", "0.1.0")


RARE = TEXT.replace(
    "questions:",
    """outcomes:
  - {id: O1, state: not lost, at: 2000-01-07, cites: [paper]}
  - {id: O2, state: lost, at: 2000-01-11, cites: [paper]}
  - {id: O3, state: not lost, at: 2000-01-12, cites: [paper]}
  - {id: O4, state: lost, at: 2000-01-14, cites: [paper]}
  - {id: O5, state: not lost, at: 2000-01-16, cites: [paper]}
questions:""",
)
"""The same case, as it seldom ends."""


def target(case: Case) -> RecordTarget:
    return target_of(case, build(case), lower_record(case), start)


def ask(case: Case, **named: object) -> OtherWorld:
    (found,) = counterfactual(case, "no-fire", courses=200, effort=EFFORT, **named)  # type: ignore[arg-type]
    return replace(found, seconds=0.0)


@cache
def found_anew(text: str) -> Evidence:
    """What is found for a case."""
    found, shipped = courses_of(target(warned_case(text)), EFFORT, may_ship=False)
    assert shipped is None
    return found


@cache
def ended_of(text: str) -> Ended | None:
    return ended(target(warned_case(text)), found_anew(text))


@pytest.fixture
def evidence(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Evidence:
    """The same, kept as a file that ships."""
    text = getattr(request, "param", TEXT)
    monkeypatch.setattr(courses_file, "SHIPPED", tmp_path)
    file_of("the-mill").parent.mkdir()
    kept = Shipped(found_anew(text), ended_of(text), KEPT)
    file_of("the-mill").write_bytes(as_file(target(warned_case(text)), kept, EFFORT, 1))
    return found_anew(text)


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize(
    ("evidence", "is_rare"),
    [pytest.param(TEXT, False, id="any-end"), pytest.param(RARE, True, id="a-rare-end")],
    indirect=["evidence"],
)
def test_answers_are_those_of_all_particles_and_say_when_these_were_found(is_rare: bool) -> None:
    case = warned_case(RARE if is_rare else TEXT)
    read, found = ask(case), ask(case, anew=True)
    assert (read.first is not None) == is_rare
    assert (read.made, found.made) == (KEPT, None)
    assert replace(read, made=None) == found
    drivers, others = (
        posterior_sensitivity(case, rows=200, runs=2, effort=EFFORT, anew=anew)
        for anew in (False, True)
    )
    assert (drivers.made, others.made) == (KEPT, None)
    assert replace(drivers, made=None) == others


def test_noise_of_what_the_record_leaves_nothing_is_left_out(evidence: Evidence) -> None:
    assert pool(evidence).counting == (0,)
    shipped = shipped_courses(target(warned_case(TEXT)), EFFORT, 1)
    assert shipped is not None
    for course, kept in zip(evidence.courses, shipped.evidence.courses, strict=True):
        assert np.array_equal(course.clouds[0].particles.keys, kept.clouds[0].particles.keys)
        assert kept.clouds[1].particles.keys.size == 0
        assert kept.clouds[1].particles.size == course.clouds[1].particles.size


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize("evidence", [RARE], indirect=True)
def test_where_few_end_so_it_is_the_noise_of_those_found_for_them_that_is_kept() -> None:
    shipped = shipped_courses(target(warned_case(RARE)), EFFORT, 1)
    assert shipped is not None
    assert shipped.ended is not None
    assert all(
        cloud.particles.keys.size == 0
        for course in shipped.evidence.courses
        for cloud in course.clouds
    )
    assert pool(shipped.ended.evidence).particles[0].keys.size > 0


@pytest.mark.usefixtures("evidence")
def test_they_are_for_one_seed_one_effort_and_nothing_fixed() -> None:
    case = warned_case(TEXT)
    assert ask(case, seed=2).made is None
    assert ask(case, settings={"pace": 0.2}).made is None
    assert shipped_courses(target(case), replace(EFFORT, particles=101), 1) is None


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize(
    ("old", "new", "is_read"),
    [
        pytest.param("2000-01-04, known", "2000-01-05, known", False, id="record"),
        pytest.param("between 0.1 and 0.4", "between 0.1 and 0.5", False, id="prior"),
        pytest.param("at: 2000-01-20}", "at: 2000-01-19}", True, id="question"),
        pytest.param("title: The mill", "title: The old mill", True, id="words"),
    ],
)
def test_a_case_with_another_model_or_record_has_none(old: str, new: str, is_read: bool) -> None:
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    shipped = shipped_courses(target(warned_case(changed)), EFFORT, 1)
    assert (shipped is not None) == is_read


def test_particles_that_fit_otherwise_are_not_used(evidence: Evidence) -> None:
    first = evidence.courses[0]
    cloud = replace(first.clouds[0], level=first.clouds[0].level + 1e-3)
    courses = (replace(first, clouds=(cloud, *first.clouds[1:])), *evidence.courses[1:])
    here, other = target(warned_case(TEXT)), replace(evidence, courses=courses)
    file_of("the-mill").write_bytes(as_file(here, Shipped(other, None, KEPT), EFFORT, 1))
    assert shipped_courses(here, EFFORT, 1) is None


@pytest.mark.usefixtures("evidence")
def test_a_damaged_file_is_not_used() -> None:
    path = file_of("the-mill")
    path.write_bytes(path.read_bytes()[:-1])
    assert shipped_courses(target(warned_case(TEXT)), EFFORT, 1) is None


def test_what_ships_with_the_flagship_is_for_the_flagship_as_it_is() -> None:
    shipped = shipped_courses(target(load("kazakhstan-2022")), Effort(), 1)
    assert shipped is not None, "the case has changed: run `python tools/keep_verdicts.py`"
