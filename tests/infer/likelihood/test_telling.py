"""Claims weighed side by side weigh what each does by itself."""

from dataclasses import replace
from typing import Any

import numpy as np

from foedus.infer.likelihood.claims import is_truth, log_weight, speakings
from foedus.infer.likelihood.telling import telling
from foedus.infer.particles.weights import Numbers
from foedus.jump.lower_record import lower_record
from foedus.jump.record import Assertion, AssertionKind, Record, SpeakerModel
from foedus.study import load


def compare(record: Record, numbers: Numbers, spoken: Numbers, made: frozenset[str]) -> None:
    """Each claim of a record by itself and all side by side; `numbers` go by `cells_of`."""
    claims, speaking = record.assertions, speakings(record)
    cells = {one: place for place, one in enumerate(cells_of(record))}
    truths = {one.id: spoken[:, place] for place, one in enumerate(claims)}
    parameters = {one: numbers[:, place] for one, place in cells.items()}
    by_id = {one.id: one for one in claims}
    told = telling(claims, speaking, made, cells).weigh(spoken, numbers, cells)
    assert np.any(told)
    for place, one in enumerate(claims):
        alone = log_weight(speaking[one.id], truths, parameters, by_id)
        expected = alone if one.id in made else np.zeros(len(spoken))
        np.testing.assert_allclose(told[:, place], expected, rtol=1e-14, atol=0.0)


def cells_of(record: Record) -> list[str]:
    """The names of the speakers' numbers."""
    speaking = speakings(record).values()
    return sorted({one for s in speaking for one in (s.candour, s.interest) if one})


def claim(name: str, asserts: str, kind: AssertionKind = "reading", **more: Any) -> Assertion:
    return Assertion(name, "boss", kind, asserts, 0.0, 1.0, 1.0, **more)


def test_claims_side_by_side_weigh_as_one_by_one() -> None:
    record, random = lower_record(load("kazakhstan-2022")), np.random.default_rng(5)
    claims, size = record.assertions, 40
    numbers = random.gamma(2.0, 1.0, (size, len(cells_of(record))))
    spoken = random.integers(0, 2, (size, len(claims))).astype(float)
    for place, one in enumerate(claims):
        if one.number is not None:
            near = random.choice([0.1, 1.0, 1.5], size) * one.number
            spoken[:, place] = near if not is_truth(one.expression) else spoken[:, place]
    made = frozenset(one.id for place, one in enumerate(claims) if place % 5)
    compare(record, numbers, spoken, made)


def test_figures_are_weighed_side_by_side_too() -> None:
    """One that is corrected, repeated and taken back, by one who has no interest in it."""
    claims = (
        claim("told", "plot"),
        claim("old", "x", "value", number=164.0),
        claim("new", "x", "value", number=225.0, supersedes="old"),
        claim("again", "x", "value", number=225.0, repeats="new"),
        claim("back", "old", "retraction", retracts="old"),
        claim("untold", "told", "retraction", retracts="told"),
        replace(claim("stranger", "plot"), by="nobody"),
    )
    boss = SpeakerModel("boss", "candour", (("plot", "interest"),))
    record = Record((), (), claims, (boss,), (), (), ())
    random, size = np.random.default_rng(6), 30
    spoken = random.choice([0.0, 1.0, 100.0, 300.0, 900.0], (size, len(claims)))
    spoken[:, [0, 5, 6]] = random.integers(0, 2, (size, 3))
    everything = frozenset(one.id for one in claims)
    compare(record, random.gamma(2.0, 1.0, (size, 2)), spoken, everything)
