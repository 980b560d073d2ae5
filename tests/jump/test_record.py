"""The record of a case as mathematics, and the order in which it became known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest

from foedus.jump.lower_record import lower_record
from foedus.jump.record import Measurement, Record, Target, Window
from foedus.jump.stages import (
    day_all_is_known,
    ended_stage,
    full_stage,
    is_anything_known,
    nothing_known,
    stage_as_of,
    stages,
    without,
)
from foedus.study import load
from tests.loading import case_of

CASE = """\
foedus: 1
case: small
title: a record
clock: {start: 2020-01-01, end: 2020-02-01}
sources:
  paper: {kind: news, title: a paper, language: en, origin: press}
  agency: {kind: news, title: an agency, language: en, origin: government}
origins:
  press: {reliability: {prior: "beta(9, 1)", grade: judged, because: no stake}}
  government: {label: the government}
actors: {chief: {kind: person}}
groups: {town: [north, south]}
parameters:
  speed: {value: 0.1, unit: per day, grade: assumed, because: a test}
  seen: {value: 0.5, unit: share, grade: assumed, because: a test}
state: {people: {type: count, starts: 0}}
components: {plot: {doc: there is a plot}}
atoms:
  plain: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
explanations:
  chance: {atoms: [plain]}
  design: {atoms: [plotted]}
events:
  riot:
    per: town
    rate: "if plot then speed else speed * seen"
    draw: {crowd: "poisson(seen)"}
    then: {people: "people + crowd"}
  speech: {rate: speed, then: {people: people + 1}}
evidence:
  - id: E1
    happened: riot[south]
    with: {crowd: "30 factor 1.5"}
    at: [{at: 2020-01-03, weight: 0.7}, {at: 2020-01-04, weight: 0.3}]
    known: 2020-01-05
    cites: [paper, agency]
  - id: E2
    value: people
    is: 20
    error: sd 5
    at: 2020-01-04T12:00
    known: 2020-01-05
    cites: [agency]
  - id: E3
    absent: speech
    between: 2020-01-01/2020-01-04
    known: 2020-01-04
    cites: [paper]
    established: seen
  - {id: E4, happened: speech, at: 2020-01-08, follows: E1, cites: [paper]}
record:
  riot: {reported: seen, delay: 2 days}
  speech: {complete: 2020-01-01/2020-01-20, lag: 1 day}
speakers:
  chief:
    candour: {prior: "80% between 0.2 and 2", grade: assumed, because: a test}
    interest: {plot: {prior: "normal(1, 1)", grade: assumed, because: a test}}
claims:
  - {id: C1, by: chief, says: plot, at: 2020-01-06, cites: [agency]}
  - {id: C2, by: chief, says: "riot[south]", at: 2020-01-06, cites: [agency]}
  - {id: C3, by: chief, value: people, is: 25, at: 2020-01-07, cites: [agency]}
  - {id: C4, by: chief, retracts: C1, at: 2020-01-07, cites: [agency]}
questions: {crowd: {mean: people, at: 2020-01-31}}
"""


@pytest.fixture(scope="module")
def record() -> Record:
    return lower_record(case_of(CASE))


def test_items_keep_what_they_say(record: Record) -> None:
    riot, people, speech, later = record.sightings
    assert riot.target == Target("riot", None, ("south",))
    assert riot.windows == (Window(2.0, 3.0, 0.7), Window(3.0, 4.0, 0.3))
    assert riot.draws == (("crowd", Measurement(30.0, "factor", 1.5)),)
    assert riot.origins == ("press", "government")
    assert (riot.start, riot.end, riot.known) == (2.0, 4.0, 5.0)
    assert people.measured == Measurement(20.0, "sd", 5.0)
    assert people.target is None
    assert speech.target == Target("speech", None, ())
    assert speech.is_established
    assert later.follows == "E1"


def test_completeness_keeps_its_spans(record: Record) -> None:
    riot, speech = record.coverages
    assert (riot.target, riot.reported, riot.lag) == (Target("riot"), "seen", 2.0)
    assert (riot.start, riot.end) == (0.0, 32.0)
    assert (speech.start, speech.end, speech.reported) == (0.0, 20.0, None)


def test_reports_count_where_they_were_looked_for() -> None:
    searched = CASE.replace("delay: 2 days}", "delay: 2 days, during: 2020-01-03/2020-01-10}")
    riot = lower_record(case_of(searched)).coverages[0]
    assert (riot.start, riot.end, riot.lag, riot.reported) == (2.0, 10.0, 2.0, "seen")


def test_claims_say_when_they_are_true(record: Record) -> None:
    plot, riot, people, back = record.assertions
    assert plot.atoms == {"plotted"}
    assert riot.target == Target("riot", None, ("south",))
    assert (people.number, people.end) == (25.0, 7.0)
    assert (back.kind, back.retracts) == ("retraction", "C1")


def test_parameters_of_the_record_alone(record: Record) -> None:
    names = [spec.name for spec in record.parameters]
    assert names == ["reliability.press", "speaker.chief.candour", "speaker.chief.interest.plot"]
    assert record.reliabilities == (("press", "reliability.press"),)
    assert record.speakers[0].interests == (("plot", "speaker.chief.interest.plot"),)


def test_the_record_in_the_order_known(record: Record) -> None:
    found = stages(record, horizon=32.0)
    assert [(stage.arrival, stage.subject, stage.as_of) for stage in found] == [
        ("start", None, 0.0),
        ("silence", None, 4.0), ("item", "E3", 4.0),
        ("silence", None, 5.0), ("item", "E1", 5.0), ("item", "E2", 5.0),
        ("silence", None, 6.0), ("claim", "C1", 6.0), ("claim", "C2", 6.0),
        ("silence", None, 7.0), ("claim", "C3", 7.0), ("claim", "C4", 7.0),
        ("silence", None, 8.0), ("item", "E4", 8.0),
    ]  # fmt: skip
    assert found[0] == nothing_known(record)
    assert found[1].silent_until == (2.0, 3.0)
    assert found[2].items == {"E3"}
    assert found[-1].silent_until == (6.0, 7.0)
    assert found[-1].claims == {"C1", "C2", "C3", "C4"}
    assert found[-1].end == 8.0


def test_as_of_a_day(record: Record) -> None:
    stage = stage_as_of(record, 5.5)
    assert stage.items == {"E1", "E2", "E3"}
    assert stage.claims == frozenset()
    assert stage.silent_until == (3.5, 4.5)
    assert stage_as_of(record, 0.5).silent_until == (-inf, -inf)
    # At the end of the lag no time has passed of which silence is known.
    assert stage_as_of(record, 1.0).silent_until == (-inf, -inf)
    assert stage_as_of(record, 1.25).silent_until == (-inf, 0.25)
    # A run goes on as long as silence is known of, after the last item too.
    late = stage_as_of(record, 16.0)
    assert (late.silent_until, late.end) == ((14.0, 15.0), 15.0)
    assert without(stage, ["E2"]).items == {"E1", "E3"}


def test_when_anything_at_all_is_known(record: Record) -> None:
    """From the day on which an item or a claim is known, or the first moment of silence."""
    items = replace(record, coverages=(), assertions=())
    claims = replace(record, coverages=(), sightings=())
    silence = replace(record, sightings=(), assertions=())
    for one, first in ((items, 4.0), (claims, 6.0)):
        assert is_anything_known(one, first)
        assert not is_anything_known(one, first - 1e-9)
    assert is_anything_known(silence, 1.0 + 1e-9)
    assert not is_anything_known(silence, 1.0)
    ends = replace(items, sightings=tuple(replace(one, is_outcome=True) for one in items.sightings))
    assert not is_anything_known(ends)


def test_a_stage_with_how_it_ended_reaches_to_the_end(record: Record) -> None:
    stage = stage_as_of(record, 5.5)
    later = next(one for one in record.sightings if one.id == "E4")
    ended = ended_stage(stage, [later])
    assert (ended.items, ended.end) == (stage.items | {"E4"}, 8.0)
    assert ended_stage(ended, record.sightings[:1]).end == 8.0  # and never back


def test_outcomes_are_known_where_they_are_asked_for_and_lie_within_the_clock() -> None:
    outcomes = """\
outcomes:
  - {id: O1, state: people > 0, at: 2020-01-30, known: 2020-01-30, cites: [paper]}
  - {id: O2, state: people > 1, at: 2020-02-01, cites: [paper]}
  - {id: O3, state: people > 2, at: 2020-02-02, cites: [paper]}
"""
    kept = lower_record(case_of(CASE + outcomes))
    evidence = {"E1", "E2", "E3", "E4"}
    assert stages(kept, horizon=32.0)[-1].items == stage_as_of(kept, inf).items == evidence
    assert full_stage(kept, 32.0).items == evidence
    stage = full_stage(kept, 32.0, with_outcomes=True)
    assert stage.items == evidence | {"O1", "O2"}
    assert stage.end == 32.0


def test_the_whole_record_of_the_flagship() -> None:
    case = load("kazakhstan-2022")
    record, horizon = lower_record(case), case.clock.horizon
    stage = full_stage(record, horizon)
    assert stage.items == {item.id for item in case.evidence}
    assert stage.claims == {claim.id for claim in case.claims}
    assert stage.silent_until == tuple(coverage.end for coverage in record.coverages)
    assert stage.end <= horizon
    with_outcomes = full_stage(record, horizon, with_outcomes=True)
    assert with_outcomes.items >= stage.items | {"tokayev-in-office"}
    arrived = stages(record, horizon=horizon)
    subjects = [one.subject for one in arrived if one.subject is not None]
    assert sorted(subjects) == sorted(stage.items | stage.claims)
    for before, after in pairwise(arrived):
        assert before.items <= after.items
        assert all(a <= b for a, b in zip(before.silent_until, after.silent_until, strict=True))


@pytest.mark.parametrize("name", ["kazakhstan-2022", "niger-2023", "kyrgyzstan-2010"])
def test_all_is_known_on_the_first_day_that_adds_nothing_later(name: str) -> None:
    case = load(name)
    record, horizon = lower_record(case), case.clock.horizon
    day = day_all_is_known(record, horizon)

    def known(by: float) -> tuple[object, ...]:
        one = stage_as_of(record, by, horizon=horizon)
        ends = {each.id for each in record.endings(horizon) if each.known <= by}
        return one.items, one.claims, one.silent_until, ends

    whole = full_stage(record, horizon)
    ends = {each.id for each in record.endings(horizon)}
    assert known(day) == (whole.items, whole.claims, whole.silent_until, ends)
    assert known(day - 1e-6) != known(day)
