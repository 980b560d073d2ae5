"""Immigration and death in two worlds that differ by the death rate, on compiled code: what the
clocks that they share do to the variance of the difference.

With x as one count it is 9.5 (`test_published`). A hundred days after an empty start the laws are
stationary to 5 parts in 100,000.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from foedus.case.case import Case
from foedus.engine.monitors import Watch
from foedus.engine.native.choice import Work, build_kernel, choose
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import interventions_of, lower
from tests.conformance.courses import CASES
from tests.loading import case_at

DAYS = 100.0


def ended(case: Case, changed: bool, seed: int, first: int, count: int) -> NDArray[np.float64]:
    """x after a hundred days, for some runs of one world."""
    model = lower(case)
    changes = interventions_of(case, "deadlier") if changed else ()
    kernel = build_kernel(Work(model, Watch((model.monitors[0].expression,), (DAYS,)), changes))
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, seed, 0)
    return kernel.run([theta], atom, seed, first, count, horizon=DAYS).samples[:count]


def individuals(folder: Path) -> Case:
    """The case in which everybody has a clock, with the order in which they come."""
    shutil.copy(CASES / "individuals.yaml", folder)
    lines = [f"{number},{number}" for number in range(1, 1201)]
    (folder / "numbers.csv").write_text("\n".join(["person,number", *lines]) + "\n")
    return case_at(folder / "individuals.yaml")


def test_worlds_of_their_own_vary_by_both() -> None:
    """100 + 90.909 on clocks of their own. Of 5,000 pairs the variance is known within 3.8; beyond
    4.5 times that: once in 150,000."""
    case = case_at(CASES / "coupling.yaml")
    pairs = 5000
    difference = ended(case, False, 11, 0, pairs) - ended(case, True, 11, pairs, pairs)
    assert difference.mean() == pytest.approx(100.0 - 90.909, abs=4.5 * 0.2)
    assert difference.var() == pytest.approx(190.909, abs=4.5 * 3.8)


@pytest.mark.parametrize(
    "pairs", [600, pytest.param(12_000, marks=pytest.mark.full)], ids=["few", "many"]
)
def test_clocks_for_each_individual(pairs: int, tmp_path: Path) -> None:
    """9.0909 with a clock for each individual, which takes more than a thousand of them.

    Whoever is dead in the first world is dead in the other, and the number of those between is
    Poisson with that mean. Both its mean and its variance are held to 4.5 standard errors: beyond
    them once in 70,000.
    """
    case = individuals(tmp_path)
    assert choose(Work(lower(case))) == "sparse"
    difference = ended(case, False, 12, 0, pairs) - ended(case, True, 12, 0, pairs)
    mean = 10.0 / 0.1 - 10.0 / 0.11
    assert difference.min() >= 0.0
    assert difference.mean() == pytest.approx(mean, abs=4.5 * (mean / pairs) ** 0.5)
    spread = ((mean + 2.0 * mean**2) / pairs) ** 0.5
    assert difference.var() == pytest.approx(mean, abs=4.5 * spread)
