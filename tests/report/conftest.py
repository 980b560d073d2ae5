"""A case with as little in it as the language allows."""

import pytest

from foedus.case.case import Case
from foedus.jump.lower import lower
from foedus.questions.answers import Answers, simulate
from tests.report.league import read

BARE = """
foedus: 1
case: bare
title: A bare case
clock: {start: 2001-01-01, end: 2001-01-11}
parameters:
  speed: {value: 1, unit: per day, grade: assumed, because: it is enough}
state:
  done: {type: flag, starts: false}
events:
  do: {when: not done, rate: speed, then: {done: true}}
questions:
  is-it-done: {probability: done, at: 2001-01-05}
"""


@pytest.fixture(scope="session")
def bare() -> tuple[Case, Answers]:
    """The case and some answers."""
    case = read(BARE)
    return case, simulate(lower(case), draws=40, seed=1)
