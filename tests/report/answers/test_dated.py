"""Moments are given to programs in days and as dates, with the offset of the case's clock."""

from foedus import study
from foedus.questions.what_if import Parting
from foedus.report.answers.dated import answers_record, date_of, parting_record
from tests.loading import case_of

DATED = """\
foedus: 1
case: dated
title: A feast on a day, and one that never is
clock: {start: 2022-01-01, end: 2022-01-31, zone: "+06:00"}
state:
  feasts: {type: count, starts: 0}
  calls: {type: flag, starts: false}
events:
  call: {at: 2022-01-05, then: {calls: true}}
  feast: {at: 2022-01-10T12:30, then: {feasts: "feasts + 1"}}
questions:
  first: {time-until: "feasts > 0", by: 2022-01-31}
  after-call: {time-until: "feasts > 0", from: calls, by: 2022-01-31}
  third: {time-until: "feasts > 2", by: 2022-01-31}
  feasts: {mean: feasts, at: 2022-01-31}
"""


def test_a_time_since_the_start_has_dates_and_no_other_has() -> None:
    case = case_of(DATED)
    record = answers_record(case, study.simulate(case, draws=4))
    questions = record["questions"]
    assert isinstance(questions, list)
    asked = {one["name"]: one for one in questions}
    first = asked["first"]
    assert first["dates"] == dict.fromkeys(first["quantiles"], "2022-01-10T12:30:00+06:00")
    assert set(asked["third"]["dates"].values()) == {None}
    assert asked["after-call"]["quantiles"] is not None
    assert asked["after-call"]["dates"] is asked["feasts"]["dates"] is None
    # What the contract names is there as it was.
    assert first["value"] == 9 + 12.5 / 24


def test_a_course_over_time_has_a_date_for_each_time() -> None:
    case = case_of(DATED)
    found = parting_record(case, Parting((0.0, 1.5), (0.0, 0.25)))
    assert found == {
        "times": (0.0, 1.5),
        "shares": (0.0, 0.25),
        "dates": ["2022-01-01T00:00:00+06:00", "2022-01-02T12:00:00+06:00"],
    }
    assert parting_record(case, None) is None
    assert date_of(case, 30.0) == "2022-01-31T00:00:00+06:00"
