"""What a proposal may touch is learned from what was accepted."""

import numpy as np

from foedus.infer.particles.reluctance import BUDGET, Reluctance


def test_what_does_not_matter_is_touched_and_what_does_is_touched_rarely() -> None:
    # Accepted with probability exp(- the sum of these), as the model has it.
    truth = np.concatenate([np.full(20, 1e-3), np.full(20, 0.8)])
    random, learned = np.random.default_rng(1), Reluctance(40, 0.1)
    everything = np.ones(40, bool)
    for _ in range(300):
        touched = learned.choose(100, everything, random)
        learned.learn(touched, np.exp(-(touched @ truth)))
    assert learned.of[:20].max() < 0.1
    assert learned.of[20:].min() > 0.5
    assert learned.of[20:].max() < 1.2
    touched = learned.choose(4000, everything, random).mean(axis=0)
    assert touched[:20].min() > 3.0 * touched[20:].max()


def test_a_proposal_keeps_to_its_budget() -> None:
    learned, random = Reluctance(50, 0.4), np.random.default_rng(2)
    spent = [
        float((learned.choose(200, np.ones(50, bool), random) @ learned.of).mean())
        for _ in range(60)
    ]
    assert abs(np.mean(spent) - BUDGET) < 0.2  # over 5 standard errors


def test_where_all_can_be_touched_all_are() -> None:
    learned, some = Reluctance(5, 0.01), np.array([True, True, False, True, False])
    touched = learned.choose(3, some, np.random.default_rng(3))
    assert (touched == some).all()
