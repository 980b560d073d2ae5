"""Stated probabilities of necessity are calibrated, and a planted effect is recovered.

In worlds from the prior, what was needed with probability p was needed in a share p of them, and an
effect lies in its 90 % interval in 90 % of them. Each test is at 4 standard errors: a false alarm
in 8,000 for the two together.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from tests.questions.planted import plant


@pytest.mark.parametrize("count", [12, pytest.param(400, marks=pytest.mark.full)])
def test_necessity_is_calibrated_and_a_planted_effect_is_recovered(count: int) -> None:
    random = np.random.default_rng(20)
    worlds = [plant(random) for _ in range(count)]
    stated = np.array([one.necessity for one in worlds])
    needed = np.array([one.needed for one in worlds])
    surprise = (needed - stated).sum() / sqrt((stated * (1.0 - stated)).sum())
    assert abs(surprise) < 4.0
    inside = sum(one.low <= one.shield <= one.high for one in worlds)
    assert abs(inside - 0.9 * count) < 4.0 * sqrt(0.09 * count)
