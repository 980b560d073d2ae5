"""A filter in time estimates the probability of a record without bias."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.conformance.statistics import assert_mean
from tests.engine.conditioned.small import Small, parameters, small

pytest.importorskip("llvmlite")

from foedus.engine.filter import Filtered, run_filter
from foedus.engine.native.standing.program import Standing, build_standing

SEEN = {2: 4.0, 3: 7.0, 4: 6.0, 5: 9.0, 6: 12.0, 7: 11.0, 8: 14.0}
ARRIVE, LEAVE, SD = 4.0, 0.2, 1.5


def exact() -> float:
    """Immigration and death, a noisy count each noon: the matrix exponential of the chain."""
    from scipy.linalg import expm

    size = 60
    generator = np.zeros((size, size))
    for n in range(size):
        if n + 1 < size:
            generator[n, n + 1] = ARRIVE
        if n:
            generator[n, n - 1] = LEAVE * n
    generator -= np.diag(generator.sum(axis=1))
    law, now = np.zeros(size), 0.0
    law[0] = 1.0
    for day, count in SEEN.items():
        law = law @ expm(generator * (day - 0.5 - now))
        now = day - 0.5
        law *= np.exp(-0.5 * ((count - np.arange(size)) / SD) ** 2) / (SD * np.sqrt(2 * np.pi))
    return float(law.sum())


def counted() -> tuple[Small, Standing]:
    """The case of that record, and its program."""
    items = [
        f"  - {{id: E{day}, value: n, is: {count:g}, error: sd {SD}, cites: [paper],"
        f" at: 2020-01-0{day}T12:00}}\n"
        for day, count in SEEN.items()
    ]
    case = small(
        parameters(arrive=ARRIVE, leave=LEAVE),
        "state: {n: {type: count, starts: 0}}\n",
        "events:\n  come: {rate: arrive, then: {n: n + 1}}\n"
        "  go: {when: n > 0, rate: leave * n, then: {n: n - 1}}\n",
        "evidence:\n",
        *items,
    )
    return case, build_standing(case.conditioned.prepared.model, case.conditioned.record)


def filtered(case: Small, program: Standing, checkpoints: list[float], **more: Any) -> Filtered:
    """A filter of 40 runs."""
    values = np.array([ARRIVE, LEAVE])
    return run_filter(program, values, case.atom, case.stage, checkpoints, count=40, **more)


def filters(seeds: range, threads: int) -> list[Filtered]:
    """Filters of that record, which look in the afternoon."""
    case, program = counted()
    checkpoints = [day - 0.25 for day in SEEN]
    return [filtered(case, program, checkpoints, seed=seed, threads=threads) for seed in seeds]


def test_the_estimate_is_unbiased() -> None:
    """Over 150 filters; a false alarm 7 times in a million."""
    found = filters(range(150), 1)
    assert min(one.effective.min() for one in found) < 20.0, "nothing was ever selected"
    truth = exact()
    assert_mean([[np.exp(one.log_likelihood) / truth for one in found]], 1.0)


def test_threads_change_nothing() -> None:
    alone, together = filters(range(3), 1), filters(range(3), 2)
    assert [one.log_likelihood for one in alone] == [one.log_likelihood for one in together]


def test_where_no_run_agrees_nothing_is_left() -> None:
    case, program = counted()

    def deny(time: float, states: Any) -> Any:
        return np.full(len(states), -np.inf)

    found = filtered(case, program, [7.75], seed=1, score=deny)
    assert found.log_likelihood == -np.inf
    assert not found.weights.any()


def test_checkpoints_reach_the_end_of_the_record_and_not_beyond_the_clock() -> None:
    case, program = counted()
    with pytest.raises(ValueError, match="goes on to day"):
        filtered(case, program, [5.0], seed=1)
    with pytest.raises(ValueError, match="ends on day"):
        filtered(case, program, [7.75, 12.0], seed=1)
