"""Comparing samples with formulas. Every check states its rate of false alarms.

Samples come in blocks, one for each seed. A block's mean fails where it is 4.5 standard errors or
more from the formula: by chance 7 times in a million for a normal mean, a few times more where the
mean of some hundred skewed numbers is only nearly normal. Seeds are fixed: a test that passes once
passes always, and the rate is that of the choice of seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import Any

from foedus.engine.reference import RunResult
from foedus.jump.model import JumpModel
from tests.engine.models import runs

SEEDS = (1, 20220105, 2**63 + 11)
TOO_FAR = 4.5


def sample(
    built: JumpModel, number: int, pick: Callable[[RunResult], float] | int = 0, **more: Any
) -> list[list[float]]:
    """A number from each run, in a block for each seed; `pick` may be the number of a question."""
    chosen = (lambda run: run.values[pick]) if isinstance(pick, int) else pick
    return [[chosen(run) for run in runs(built, number, seed, **more)] for seed in SEEDS]


def mean_score(block: Sequence[float], mean: float) -> float:
    """How many standard errors the mean of a block is from `mean`."""
    size = len(block)
    own = sum(block) / size
    variance = sum((one - own) ** 2 for one in block) / (size - 1)
    return (own - mean) / sqrt(variance / size)


def assert_mean(blocks: Iterable[Sequence[float]], mean: float) -> None:
    """The mean of each block is `mean` within 4.5 standard errors (7e-6 a block)."""
    scores = [mean_score(block, mean) for block in blocks]
    assert max(map(abs, scores)) < TOO_FAR, scores


def assert_variance(blocks: Iterable[Sequence[float]], mean: float, variance: float) -> None:
    """The mean square distance from the known `mean` is `variance`, within 4.5 standard errors."""
    assert_mean([[(one - mean) ** 2 for one in block] for block in blocks], variance)


def assert_share(blocks: Iterable[Sequence[float]], share: float) -> None:
    """The share of ones in each block is `share`, within 4.5 standard errors of its own."""
    for block in blocks:
        error = sqrt(share * (1.0 - share) / len(block))
        assert abs(sum(block) / len(block) - share) < TOO_FAR * error
