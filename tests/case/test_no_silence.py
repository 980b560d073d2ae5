"""What a case says and nothing would read is an error, never dropped."""

import pytest

from tests.loading import faults_of

TEXT = """\
foedus: 1
case: small
title: Small
clock: {start: 2000-01-01, end: 2000-01-31}
actors: {a: {kind: state}, x: {kind: person, of: a}, y: {kind: person, of: a}}
offices:
  chair: {of: a, changes: {vote: {to: x, each: 1 week}}}
components: {coup: {}}
atoms:
  with:
    components: [coup]
    prior: 0.5
    grade: assumed
    because: an example
    parameters: {pace: {value: 3, unit: per week, grade: assumed, because: an example}}
  without: {components: [], prior: 0.5, grade: assumed, because: an example}
parameters:
  pace: {value: 1, unit: per year, grade: assumed, because: an example}
state:
  number: {type: count, starts: {prior: flag(0.5), grade: assumed, because: an example}}
  open: {type: flag, starts: {prior: flag(0.5), grade: assumed, because: an example}}
  mood: {type: {one of: [calm, tense]}, starts: calm}
events:
  grows: {rate: pace, every: 1 day, draw: {more: poisson(3)}, then: {number: number + more}}
questions:
  number: {mean: number, at: 2000-01-31, given: open and mood == calm and holder(chair) == x}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        ("every: 1 day", "every: 0 days", "bad-duration", 24),
        ("then: {number: number + more}", "choose: {a: {utility: 0}}", "conflicting-keys", 24),
        ("each: 1 week", "each: 1 week, rate: pace", "conflicting-keys", 7),
        ("value: 3, unit: per week", "value: 3", "unit-mismatch", 15),
        ("value: 3, unit: per week", "value: 3, unit: days", "unit-mismatch", 15),
        ("starts: {prior: flag(0.5)", 'starts: {prior: "uniform(0, 9)"', "type-mismatch", 20),
        ("open: {type: flag, starts: {prior: flag(0.5)",
         "open: {type: flag, starts: {prior: 1 of 2",
         "type-mismatch", 21),
        ("starts: calm", "starts: {prior: flag(0.5), grade: assumed, because: an example}",
         "type-mismatch", 22),
    ],
)  # fmt: skip
def test_what_nothing_would_read_is_an_error(right: str, wrong: str, code: str, line: int) -> None:
    assert faults_of(TEXT) == []
    assert right in TEXT
    found = faults_of(TEXT.replace(right, wrong, 1))
    assert [(one[0], one[1]) for one in found] == [(code, line)], found
