"""What scores are worth, worked out whole or only where they moved."""

from dataclasses import replace

import numpy as np

from foedus.expr.laws import Normal
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.transforms import values_at
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.study import load

CASE = load("bahrain-2011")
SYSTEM = coordinates_of(lower(CASE), lower_record(CASE))
RANDOM = np.random.default_rng(3)


def test_each_number_is_the_value_of_its_prior() -> None:
    scores = RANDOM.standard_normal((30, SYSTEM.count))
    found = SYSTEM.values(0, scores)
    for number, cell in enumerate(SYSTEM.cells):
        own = np.zeros(30) if cell.coordinate is None else scores[:, cell.coordinate]
        assert found[:, number].tolist() == values_at(SYSTEM.laws[0][cell.name], own).tolist()


def test_numbers_of_moved_scores_are_those_worked_out_whole() -> None:
    before = RANDOM.standard_normal((30, SYSTEM.count))
    fresh = RANDOM.standard_normal(before.shape)
    after = np.where(RANDOM.random(before.shape) < 0.2, fresh, before)
    moved = SYSTEM.moved(after, before, SYSTEM.values(0, before))
    assert moved.tolist() == SYSTEM.values(0, after).tolist()


def test_other_priors_give_other_numbers() -> None:
    scores = RANDOM.standard_normal((5, SYSTEM.count))
    before = SYSTEM.values(0, scores)
    place = next(n for n, cell in enumerate(SYSTEM.cells) if cell.coordinate is not None)
    name, coordinate = SYSTEM.cells[place].name, SYSTEM.cells[place].coordinate
    laws = tuple({**law, name: Normal(7.0, 2.0)} for law in SYSTEM.laws)
    after = replace(SYSTEM, laws=laws).values(0, scores)
    assert after[:, place].tolist() == (7.0 + 2.0 * scores[:, coordinate]).tolist()
    assert np.delete(after, place, axis=1).tolist() == np.delete(before, place, axis=1).tolist()
