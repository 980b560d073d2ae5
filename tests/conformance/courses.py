"""Runs of the conformance cases: from the case file to what each run answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foedus.engine.reference import RunResult, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.model import JumpModel
from tests.loading import model_at

CASES = Path(__file__).parent / "cases"
TARGETS = Path(__file__).parents[3] / "shared" / "targets"
"""Published data that are not ours to ship, beside the project where they are present."""


def model_of(name: str) -> JumpModel:
    """The jump model of a conformance case."""
    return model_at(CASES / f"{name}.yaml")


def courses(model: JumpModel, number: int, seed: int, **more: Any) -> Iterator[RunResult]:
    """Runs 0 to `number`, each with its own draw of the parameters."""
    prepared, atom = prepare(model), model.atoms[0]
    for run in range(number):
        theta = draw_parameters(model, atom, seed, run)
        yield simulate_run(prepared, theta, atom, seed, run, **more)


def answers(
    model: JumpModel, number: int, seeds: tuple[int, ...], **more: Any
) -> dict[str, list[list[float]]]:
    """By question, the answers of the runs in a block for each seed."""
    blocks = [[run.values for run in courses(model, number, seed, **more)] for seed in seeds]
    return {
        monitor.name: [[values[place] for values in block] for block in blocks]
        for place, monitor in enumerate(model.monitors)
    }
