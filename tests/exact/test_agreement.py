"""Exact answers and simulated ones agree in law, on a case that has everything.

Each question is compared in two blocks of 20,000 runs; a block fails where an answer is 4.5
standard errors away. 14 questions in 2 blocks: by chance once in 5,000 choices of seeds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.jump.model import JumpModel
from foedus.questions.answers import Answer, simulate
from tests.loading import model_at

SEEDS = (1, 20220105)
TOO_FAR = 4.5


@pytest.fixture(scope="module")
def model() -> JumpModel:
    return model_at(Path(__file__).parent / "everything.yaml")


@pytest.fixture(scope="module")
def exact(model: JumpModel) -> tuple[Answer, ...]:
    return simulate(model, draws=1, seed=1, engine="exact").questions


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_of_question(model: JumpModel, exact: tuple[Answer, ...], seed: int) -> None:
    simulated = simulate(model, draws=20_000, inner=100, seed=seed).questions
    for one, other in zip(exact, simulated, strict=True):
        pairs = [(one.estimate, other.estimate)]
        pairs += [(part.estimate, other.by_explanation[name].estimate)
                  for name, part in one.by_explanation.items()]  # fmt: skip
        if one.never is not None and other.never is not None:
            pairs.append((one.never, other.never))
        for found, sampled in pairs:
            assert found.value is not None
            assert found.error is not None
            assert found.error < 1e-9
            assert sampled.value is not None
            assert sampled.error is not None
            assert abs(found.value - sampled.value) < TOO_FAR * sampled.error, one.name


def test_quantiles(model: JumpModel, exact: tuple[Answer, ...]) -> None:
    """Of numbers and times; of an average the mean alone is known."""
    simulated = simulate(model, draws=20_000, inner=100, seed=3).questions
    quantiles = {one.name: one.quantiles for one in exact}
    assert quantiles["trust"] is None
    assert quantiles["crowd-days"] is None
    assert quantiles["from-asking"] is None
    for other in simulated:
        found = quantiles[other.name]
        if found is None:
            continue
        assert other.quantiles is not None
        for level, value in other.quantiles.items():
            own = found[level]
            assert (own is None) == (value is None), (other.name, level)
            if own is not None and value is not None:
                slack = 1.0 if other.kind == "time-until" else 1e-9
                assert abs(own - value) <= slack, (other.name, level)


def test_what_is_exact_has_no_runs(exact: tuple[Answer, ...]) -> None:
    assert all(one.counted is None and one.runs == 0 for one in exact)
