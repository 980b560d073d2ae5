"""The likelihood of orders of events against products worked out by hand."""

from __future__ import annotations

from math import exp, inf, log
from pathlib import Path

import pytest

from foedus.exact.parameters import known_parameters
from foedus.exact.tables import Tables
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.loading import case_of

GROUND = "grade: assumed, because: a test"
CASE = f"""\
foedus: 1
case: order
title: Who calls next
clock: {{start: 2000-01-01, end: 2000-12-31}}
groups: {{town: [north, south, west]}}
parameters:
  speed: {{value: 0.3, unit: per day, {GROUND}}}
  pull: {{value: 0.5, {GROUND}}}
  far: {{value: 2, {GROUND}}}
state: {{last: {{type: flag, per: town, starts: false}}, any-yet: {{type: flag, starts: false}}}}
events:
  calls:
    per: town
    WHEN
    rate: HAZARD
    then: {{"last[t] for t in town": t == town, any-yet: true}}
tables:
  seen: {{csv: order.csv, event: calls, unit: run, index: [place], times: order}}
"""


def log_likelihood(folder: Path, hazard: str, rows: str, when: str = "") -> float:
    (folder / "order.csv").write_text("run,place\n" + rows)
    case = case_of(CASE.replace("HAZARD", f"'{hazard}'").replace("    WHEN\n", when), folder)
    model, record = lower(case), lower_record(case)
    theta = known_parameters(model, model.atoms[0], {}).with_values(())
    return Tables(model, record).log_likelihood(theta, model.atoms[0]).value


ROWS = "a,north\na,north\na,west\nb,south\nb,west\n"


def test_how_often_each_has_called(tmp_path: Path) -> None:
    """Who has called k times has the weight 1 + k; each run begins anew."""
    found = log_likelihood(tmp_path, "speed * (1 + firings(calls[town]))", ROWS)
    assert found == pytest.approx(log(1 / 3 * 2 / 4 * 1 / 5) + log(1 / 3 * 1 / 4), abs=1e-12)


def test_who_called_last(tmp_path: Path) -> None:
    """The last one by a factor sooner, and all of them once somebody has called."""
    hazard = "speed * exp(pull * last[town]) * (if any-yet and town == west then far else 1)"
    found = log_likelihood(tmp_path, hazard.replace("last[town]", "(if last[town] then 1 else 0)"),
                           ROWS)  # fmt: skip
    again = exp(0.5)
    first = 1 / 3 * again / (again + 1 + 2) * 2 / (again + 1 + 2)
    assert found == pytest.approx(log(first) + log(1 / 3 * 2 / (1 + again + 2)), abs=1e-12)


def test_an_order_that_cannot_be(tmp_path: Path) -> None:
    when = "    when: not last[town]\n"
    assert log_likelihood(tmp_path, "speed", ROWS, when) == -inf
    possible = ROWS.replace("a,north\na,north", "a,north")
    assert log_likelihood(tmp_path, "speed", possible, when) == pytest.approx(2 * log(1 / 3 / 2))
