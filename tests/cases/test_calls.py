"""A request to an alliance takes about 25 lines, and runs on the mechanism's defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.engine.reference import prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import lower
from tests.loading import case_at

CALLS = Path(__file__).parent / "calls"
RUNS = 60


@pytest.mark.parametrize("name", ["hungary", "nato"])
def test_a_call_on_an_alliance_is_short_and_runs(name: str) -> None:
    path = CALLS / f"{name}.yaml"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 30
    model = lower(case_at(path))
    prepared, atom = prepare(model), model.atoms[0]
    place = [monitor.name for monitor in model.monitors].index("heard")
    answers = []
    for run in range(RUNS):
        result = simulate_run(prepared, draw_parameters(model, atom, 1, run), atom, 1, run)
        if result.is_given[place]:
            answers.append(result.values[place])
    # Six of sixteen calls were heard; a mean outside these bounds has odds below 1 in 10,000.
    assert 0.1 < sum(answers) / len(answers) < 0.7
