"""Claims weighed side by side weigh what each does by itself."""

import numpy as np

from foedus.infer.claims import is_truth, log_weight, speakings
from foedus.infer.telling import telling
from foedus.jump.lower_record import lower_record
from foedus.study import load


def test_claims_side_by_side_weigh_as_one_by_one() -> None:
    record, random = lower_record(load("kazakhstan-2022")), np.random.default_rng(5)
    claims, speaking = record.assertions, speakings(record)
    names = sorted({one for s in speaking.values() for one in (s.candour, s.interest) if one})
    cells, size = {one: place for place, one in enumerate(names)}, 40
    numbers = random.gamma(2.0, 1.0, (size, len(names)))
    spoken = random.integers(0, 2, (size, len(claims))).astype(float)
    for place, one in enumerate(claims):
        if one.number is not None:
            near = random.choice([0.1, 1.0, 1.5], size) * one.number
            spoken[:, place] = near if not is_truth(one.expression) else spoken[:, place]
    truths = {one.id: spoken[:, place] for place, one in enumerate(claims)}
    parameters = {one: numbers[:, place] for one, place in cells.items()}
    by_id = {one.id: one for one in claims}
    made = frozenset(one.id for place, one in enumerate(claims) if place % 5)
    told = telling(claims, speaking, made, cells).weigh(spoken, numbers, cells)
    assert np.any(told)
    for place, one in enumerate(claims):
        alone = log_weight(speaking[one.id], truths, parameters, by_id)
        expected = alone if one.id in made else np.zeros(size)
        np.testing.assert_allclose(told[:, place], expected, rtol=1e-14, atol=0.0)
