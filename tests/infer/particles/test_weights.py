"""The error of a change of weights, against the spread over many sets of particles."""

import numpy as np
import pytest

from foedus.infer.particles.weights import error_of_change, log_sum

SETS, ISLANDS, EACH = 600, 5, 20


@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_it_is_the_spread_over_sets_of_particles(shared: float) -> None:
    """With and without what all particles of an island share.

    600 sets know the spread to 3 %, four degrees of freedom each the error to 3 %; batches know it
    a little too small: 4 standard errors and the bias of a logarithm, a false alarm in 10,000.
    """
    random = np.random.default_rng(1)
    gains, errors = [], []
    for _ in range(SETS):
        logs = 0.5 * random.standard_normal(ISLANDS * EACH)
        alike = np.repeat(random.standard_normal(ISLANDS), EACH)
        change = 0.5 * random.standard_normal(logs.size) + shared * alike
        gains.append(log_sum(logs + change) - log_sum(logs))
        errors.append(error_of_change(logs, logs + change, ISLANDS))
    ratio = np.sqrt(np.mean(np.square(errors))) / np.std(gains, ddof=1)
    assert ratio == pytest.approx(1.0, abs=0.17)


def test_where_nothing_is_left_nothing_is_known() -> None:
    logs = np.zeros(4)
    assert error_of_change(logs, np.full(4, -np.inf), 2) == np.inf
    assert error_of_change(logs[:1], logs[:1], 5) == np.inf
    assert error_of_change(logs, logs, 2) == 0.0
