"""A course that agrees with the record, in words: what is held, filled in, and still to come."""

from dataclasses import replace

import pytest

from foedus.case.case import Case
from foedus.engine.world import Happening
from foedus.infer.islands.standings import Standing
from foedus.infer.verdict.verdict import Kept
from foedus.questions.given_course import GivenCourse, Met
from foedus.questions.one_course import OneCourse, Outcome
from foedus.report.answers.given_course import given_course_record, show_given_course
from foedus.report.answers.one_course import one_course_record
from foedus.report.layout import display_width
from foedus.study import build
from tests.loading import case_of

ISLAND = """\
foedus: 1
case: island
title: The island
clock: {start: 2022-01-01, end: 2022-03-31}
sources:
  diary: {kind: document, title: The diary, language: en, published: 2022}
  press: {kind: news, title: The press, language: en, published: 2022}
actors: {king: {kind: person, label: {en: The king, fi: Kuningas}}}
groups: {town: [old-ford, new-ford, hill, cove]}
components: {storm: {label: {en: a storm, fi: myrsky}}}
atoms:
  stormy: {components: [storm], prior: 0.5, grade: assumed, because: a test}
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
explanations:
  rough: {atoms: [stormy], label: {en: rough sea, fi: kova meri}}
  smooth: {atoms: [calm], label: {en: smooth sea, fi: tyyni meri}}
parameters:
  pace: {value: 1, unit: per day, grade: assumed, because: a test}
  men: {value: 2, grade: assumed, because: a test}
  gusts: {value: 2, unit: factor, grade: assumed, because: a test}
state: {held: {type: flag, per: town, starts: false}, weary: {type: level, starts: 0}}
events:
  taken:
    per: town
    label: {en: a town is taken, fi: kaupunki vallataan}
    rate: pace * (if storm then gusts else 1)
    then: {"held[town]": true}
  leaves: {per: town, when: "held[town]", rate: pace, then: {"held[town]": false}}
  musters:
    by: king
    label: {en: the king calls his men, fi: kuningas kutsuu miehensä}
    rate: pace
    then: {weary: weary + men}
  falls:
    to: king
    label: {en: he falls, fi: hän kaatuu}
    when: weary > 50
    rate: pace
    then: {weary: 0}
  speaks:
    by: king
    rate: pace
    choose: {waits: {utility: 0}, shouts: {utility: 0, then: {weary: 0}}}
record:
  taken: {complete: 2022-01-01/2022-01-05, lag: 0 days, because: a test}
  musters: {complete: 2022-01-01/2022-01-05, lag: 0 days, because: a test}
evidence:
  - {id: E1, happened: "taken[hill]", at: 2022-01-02, cites: [diary, press], known: 2022-01-03}
  - {id: E2, state: "held[hill]", at: 2022-01-03, cites: [press], known: 2022-01-03,
     label: {en: Hill is held, fi: Hill on vallattu}}
  - {id: E3, absent: musters, between: 2022-01-01/2022-01-02, cites: [diary], known: 2022-01-03}
  - {id: E4, happened: "taken[cove]", at: 2022-01-04, cites: [diary], known: 2022-01-04}
outcomes:
  - {id: O1, state: "held[hill]", at: 2022-03-30, cites: [diary]}
questions:
  all-taken: {label: "Are all taken?", probability: "all(held[t] for t in town)", by: 2022-03-31}
"""


@pytest.fixture(scope="module")
def island() -> Case:
    return case_of(ISLAND)


def events() -> tuple[Happening, ...]:
    """Comings and goings of which the record has one."""
    found = [(0.5, "taken", "old-ford"), (1.25, "taken", "hill"), (1.5, "speaks.waits", None)]
    found += [(2.5 + 0.1 * number, "leaves", "hill") for number in range(3)]
    found += [(2.9, "musters", None)]
    found += [(8.5 + 12 * number, "leaves", "old-ford") for number in range(4)]
    return tuple(
        Happening(time, name, () if label is None else (label,), {}, False)
        for time, name, label in found
    )


@pytest.fixture
def given(island: Case) -> GivenCourse:
    """A course as of the end of 3 January."""
    atom = build(island).atoms[0]
    told = OneCourse(7, 1000, 1, "conditioned", atom, events(), (Outcome("all-taken", 0.0, True),))
    met = (Met("E1", 1.25, 1), Met("E2", 2.4), Met("E3", None))
    standing = Standing("rough", (0,), True, 0.5, -3.0, 0.1, 0.62, 0.58, 0.66, 0.1)
    return GivenCourse(told, 3.0, met, ("E4",), ("C1",), 150, (0.0,), standing=standing)


def test_in_english(island: Case, given: GivenCourse) -> None:
    assert (
        show_given_course(island, given)
        == """\
The island: course 7, given what was known by 3 January 2022
============================================================
One of many courses that agree with what was known by 3 January 2022: it shows
what may have gone on unseen between the dates, and proves nothing.
What holds in it: a storm. Given what was known by 3 January 2022, this
explanation (“rough sea”) has a probability of 62 %: likely (58–66 % by the
error of the computation).
150 courses that differ are there to choose from; other numbers, from 0 to 999,
are others of them, each as often as it is probable (seed 1).
■ in the record, with its item and sources; the hour within its date is filled
in. · filled in by the model. In brackets also: who acts, or else the person to
whom it happens; what chance drew, unless that is none.

1 Jan 2022  12:00  · a town is taken: Old-Ford
2 Jan 2022  06:00  ■ a town is taken: Hill (E1: diary and 1 more)
3 Jan 2022  09:36  ■ seen: Hill is held (E2: press)
            12:00  · leaves: Hill (3 times)
            21:36  · the king calls his men (The king)

After 3 January 2022: a forecast, one of many
---------------------------------------------
9 Jan 2022  12:00  · up to 21 Jan 2022: leaves (2 times)
2 Feb 2022  12:00  · up to 14 Feb 2022: leaves (2 times)

The record also says: did not happen: the king calls his men (E3).

In the record, but not believed in this course, because what its origin tells is
wrong in it: a town is taken: Cove (E4).

Of what is filled in, kinds of events that come more than 4 times are summed up.
Not told: regular updates (0), choices that change nothing (1), and claims,
which weigh but are no events (1). All 11 events: `--json`.

What the questions come to in this course
-----------------------------------------
Are all taken? no
"""
    )


def test_whoever_is_he_is_named(island: Case, given: GivenCourse) -> None:
    """Also where events that come often are summed up, and where nobody acts."""
    often = [Happening(2.0 + day / 10, "musters", (), {}, False) for day in range(6)]
    fallen = Happening(2.9, "falls", (), {}, False)
    course = replace(given, told=replace(given.told, events=(*often, fallen)), met=())
    for language, lines in {
        "en": ("the king calls his men (The king; 6 times)", "he falls (The king)"),
        "fi": ("kuningas kutsuu miehensä (Kuningas; 6 kertaa)", "hän kaatuu (Kuningas)"),
    }.items():
        shown = show_given_course(island, course, language)
        assert all(line in shown for line in lines)


def test_in_finnish(island: Case, given: GivenCourse) -> None:
    shown = show_given_course(island, given, "fi")
    assert "■ kaupunki vallataan: Hill (E1: diary ja 1 muu)\n" in shown
    assert "· kaupunki vallataan: Old-Ford\n" in shown
    assert "■ nähty: Hill on vallattu (E2: press)\n" in shown
    assert "3. tammikuuta 2022 jälkeen: ennuste, yksi monista\n-----" in shown


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_too_wide(island: Case, given: GivenCourse, language: str, width: int) -> None:
    shown = show_given_course(island, given, language, width)
    assert max(display_width(line) for line in shown.splitlines()) <= width
    assert ("1 Jan 2022\n" in shown) == (language == "en" and width < 60)


def test_with_the_whole_record_nothing_is_a_forecast(island: Case, given: GivenCourse) -> None:
    whole = replace(given, as_of=None, endings=("O1",), made=Kept("2026-11-27", "0.1.0"))
    shown = show_given_course(island, whole)
    assert "The island: course 7, given all that the record says\n" in shown
    assert "All of them also end as the outcomes say (O1)." in shown
    assert "They were found on 27 November 2026 (Foedus 0.1.0)." in shown
    assert "forecast" not in shown


def test_for_machines_each_event_says_where_it_comes_from(island: Case, given: GivenCourse) -> None:
    record = given_course_record(island, given)
    plain = one_course_record(island, given.told)
    assert plain.keys() < record.keys()
    assert [one["from"] for one in record["events"]] == (
        ["model", "record"] + ["model"] * 5 + ["forecast"] * 4
    )
    assert [one["item"] for one in record["events"]][:3] == [None, "E1", None]
    assert record["events"][1]["cites"] == ["diary", "press"]
    assert [one["item"] for one in record["seen"]] == ["E2", "E3"]
    assert record["seen"][0]["date"] == "2022-01-03T09:36:00Z"
    assert (record["as_of"], record["courses"]) == ("2022-01-04T00:00:00Z", 150)
    assert (record["explanation"], record["probability"]) == ("rough", 0.62)
    assert (record["disbelieved"], record["claims"]) == (["E4"], ["C1"])
