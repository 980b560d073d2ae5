"""How long ago something happened, by hand: also where that was when the clock began, or is now."""

import pytest

from foedus import study
from tests.loading import case_of

CASE = """\
foedus: 1
case: late
title: Late
clock: {start: 2000-01-01, end: 2000-01-11}
parameters:
  never: {value: 9, unit: days, grade: assumed, because: a test}
  day: {value: 1, unit: days, grade: assumed, because: a test}
state:
  begun: {type: count, starts: 0}
  waited: {type: level, starts: 0}
events:
  begins: {at: BEGINS, then: {begun: begun + 1}}
  looks: {at: 2000-01-04T12:00, then: {waited: "since(begins, never) / day"}}
questions:
  q: {mean: "waited + 100 * begun", at: 2000-01-11}
"""


@pytest.mark.parametrize("engine", ["reference", "native"])
@pytest.mark.parametrize(
    ("begins", "waited"),
    [
        ("2000-01-01", 3.5), ("2000-01-02", 2.5), ("2000-01-04T12:00", 0.0), ("2000-01-05", 9.0),
        ("[2000-01-01, 2000-01-03]", 101.5),
    ],
)  # fmt: skip
def test_days_since_an_event(begins: str, waited: float, engine: str) -> None:
    case = case_of(CASE.replace("BEGINS", begins))
    (found,) = study.simulate(case, draws=1, engine=engine).questions
    assert found.estimate.value == pytest.approx(100.0 + waited, abs=1e-12)
