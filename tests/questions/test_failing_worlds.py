"""A world that fails only as a what-if makes it: the failure names the what-if, on every level."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.engine.failure import ModelError
from foedus.infer.islands.effort import Effort
from foedus.study import counterfactual, what_if

GROUND = "grade: assumed, because: an example"
HARBOUR = f"""
mechanism: NAME
title: How ships come in
offers: {{events: [comes], state: [ships]}}
parameters:
  pace: {{prior: 80% between 0.05 and 0.1, unit: per day, {GROUND}}}
  wind: {{prior: 80% between 0.05 and 0.1, unit: per day, {GROUND}}}
state: {{ships: {{type: count, starts: 0}}}}
events:
  comes: {{rate: RATE, then: {{ships: ships + 1}}}}
"""
CASE = """
foedus: 1
case: the-harbour
title: The harbour
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
uses: [{mechanism: calm.yaml, as: harbour}]
record: {harbour.comes: {complete: 2000-01-01/2000-01-15}}
evidence:
  - {id: E1, happened: harbour.comes, at: 2000-01-08, known: 2000-01-09, cites: [paper]}
questions:
  full: {probability: harbour.ships > 2, at: 2000-01-20}
what-if:
  calmer: {set: {harbour.wind: 0.06}}
  contrary: {set: {harbour.wind: -0.1}, at: 2000-01-12}
  storm: {replace: {harbour: storm.yaml}}
"""


def harbour(folder: Path) -> Path:
    for name, rate in (("calm", "pace + wind"), ("storm", "pace - wind")):
        text = HARBOUR.replace("NAME", name).replace("RATE", rate)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["contrary", "storm"])
def test_a_failure_names_the_what_if(name: str, tmp_path: Path) -> None:
    """The rate is negative for some parameters only, which nothing but a run can tell."""
    path = harbour(tmp_path)
    message = f"with the what-if `{name}`, event `harbour.comes`: the hazard is -"
    with pytest.raises(ModelError, match=message):
        what_if(path, name, draws=100)
    with pytest.raises(ModelError, match=message):
        counterfactual(path, "calmer", name, courses=120, effort=Effort(150))
    if name == "contrary":
        with pytest.raises(ModelError, match=message):
            counterfactual(path, name, courses=120, effort=Effort(150), as_of="2000-01-10")
