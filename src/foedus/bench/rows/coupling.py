"""How much less two worlds differ by chance when they share their clocks.

Workload A, with and without a stronger ally: its troops send people home 2 times as fast in one
world, 2.2 times in the other. The variance of the difference between the two worlds at the end,
with clocks of their own over shared ones.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from foedus.bench.engine import answers, engine_of
from foedus.bench.row import Effort, Found, Row

PAIRS = 20_000
PARAMETER = "deterrence"
VALUES = (1.0, 1.2)


def _variances(question: str, effort: Effort) -> Found:
    engine, pairs = engine_of("crisis"), effort.scaled(PAIRS)
    one, other = (
        answers(engine.run(0, 2 * pairs, **{PARAMETER: value}), engine.model, question)
        for value in VALUES
    )
    together = _Variance((other - one)[:pairs])
    apart = _Variance(other[pairs:] - one[:pairs])
    value = apart.value / together.value
    error = value * 2.0 * sqrt(apart.error**2 + together.error**2)
    details = {
        "pairs": pairs,
        "variance with shared clocks": together.value,
        "variance with clocks of their own": apart.value,
    }
    return Found(value, value - error, value + error, details, ("two standard errors each way",))


class _Variance:
    """The variance of a sample, and the standard error of it as a share of it."""

    def __init__(self, sample: NDArray[np.float64]) -> None:
        squares = (sample - sample.mean()) ** 2
        self.value = float(squares.mean())
        self.error = float(squares.std()) / self.value / sqrt(len(sample))


def counts(effort: Effort) -> Found:
    """The variance of the difference in protesters."""
    return _variances("protesters", effort)


def offices(effort: Effort) -> Found:
    """The variance of the difference in who is in office."""
    return _variances("ousted", effort)


ROWS = (
    Row("coupling-counts", "A crisis", "variance of a difference, own over shared clocks: counts",
        counts, 40.0),
    Row("coupling-offices", "A crisis", "variance of a difference, own over shared clocks: offices",
        offices, 80.0),
)  # fmt: skip
