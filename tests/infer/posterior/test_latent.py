"""The state at some times in courses that agree with a record: each number in its own place."""

from __future__ import annotations

from typing import Any

import numpy as np

from foedus.expr.tree import Group
from foedus.infer.islands.islands import run_islands
from foedus.infer.likelihood.engine import start
from foedus.infer.posterior.latent import looked_at
from foedus.infer.posterior.posterior import posterior_of
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.engine.models import flag, model
from tests.infer.strikes import COMPLETE, HEAD, item
from tests.loading import case_of

DATED = (
    HEAD.replace(
        "state:\n",
        "groups: {town: [north, south, west], side: [left, right]}\n"
        "state:\n"
        "  tone: {type: {one of: [calm, torn, angry]}, starts: calm}\n"
        "  mood: {type: {one of: [angry, calm]}, per: town, starts: calm}\n"
        "  held: {type: flag, per: [town, side], starts: false}\n"
        "  weight: {type: count, per: [town, side], starts: 0}\n",
    )
    .replace(
        "events:\n",
        "events:\n"
        '  first: {at: 2000-01-03, then: {tone: angry, "mood[west]": angry, "held[south, right]": '
        'true, "weight[north, right]": 5}}\n'
        '  second: {at: 2000-01-06, then: {tone: torn, "mood[north]": angry, "mood[west]": calm, '
        '"held[west, left]": true, "weight[west, left]": 7}}\n',
    )
    .replace(
        "questions:\n",
        "questions:\n"
        "  tone: {probability: tone == torn, at: 2000-01-11}\n"
        '  mood: {probability: "mood[west] == angry", at: 2000-01-11}\n'
        '  held: {probability: "held[west, left]", at: 2000-01-11}\n'
        '  weight: {mean: "weight[west, left]", at: 2000-01-11}\n',
    )
)


def test_each_number_at_each_time_has_its_place() -> None:
    """What is dated is the same in all courses, so that every number is known."""
    case = case_of(f"{DATED}evidence:\n{item('one', '2000-01-05')}{COMPLETE}")
    target = target_of(case, lower(case), lower_record(case), start)
    evidence = run_islands(target, Settings(20), islands=2)
    found = posterior_of(target, evidence, (1.5, 2.0, 6.5), start, draws=10, seed=1).states
    expected: dict[str, list[Any]] = {
        "tone": [0, 2, 1],  # by their places among its own words
        "mood": [[1, 1, 1], [1, 1, 0], [0, 1, 1]],
        "held": [
            [[0, 0], [0, 0], [0, 0]],
            [[0, 0], [0, 1], [0, 0]],
            [[0, 0], [0, 1], [1, 0]],
        ],
        "weight": [
            [[0, 0], [0, 0], [0, 0]],
            [[0, 5], [0, 0], [0, 0]],
            [[0, 5], [0, 0], [7, 0]],
        ],
        "strikes": [0, 0, 1],
    }
    assert set(found) == set(expected)
    for name, numbers in expected.items():
        array = np.array(numbers, dtype=np.float64)
        assert found[name].shape == (2, 10, *array.shape), name
        assert (found[name] == array).all(), name
    assert posterior_of(target, evidence, (), start, draws=10, seed=1).states == {}


def test_a_crowd_is_not_looked_at() -> None:
    few, most, many, two = (Group(f"g{size}", size) for size in (100, 200, 201, 2))
    built = model(
        [flag("a"), flag("b", False, most), flag("c", False, many), flag("d", False, few, two),
         flag("e", False, most, two)],
        [], [],
    )  # fmt: skip
    assert [spec.name for spec in looked_at(built)] == ["a", "b", "d"]
