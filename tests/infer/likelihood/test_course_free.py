"""Numbers that are said to change no course change none, and only their own parts of the weight."""

import numpy as np

from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.apart import move_apart
from foedus.infer.particles.bridge import Ahead
from foedus.infer.particles.fitted import prior_law
from foedus.infer.particles.moves import State
from foedus.infer.particles.population import draw_population
from foedus.infer.weigh import target_of
from foedus.jump.lower_record import lower_record
from foedus.study import build, load


def target() -> RecordTarget:
    """The record of Kyrgyzstan, on the engine that suits it."""
    case = load("kyrgyzstan-2010")
    return target_of(case, build(case), lower_record(case), start)


def test_blocks_share_neither_scores_nor_accounts() -> None:
    record = target()
    blocks = record.blocks(len(record.stages) - 1)
    assert len(blocks) > 1
    for part in ("coordinates", "accounts"):
        found = np.concatenate([getattr(block, part) for block in blocks])
        assert len(np.unique(found)) == len(found)


def test_a_block_bears_on_its_own_accounts_only() -> None:
    record, random = target(), np.random.default_rng(3)
    known = len(record.stages) - 1
    size = 300
    atoms = np.arange(size, dtype=np.int64) % len(record.atoms)
    old = draw_population(atoms, record.coordinates, record.noise.count, random)
    before = old.each(lambda atom, few: record.log_parts(atom, few, known))
    marks = old.each(lambda atom, few: record.marks(atom, few, known))
    alive = np.isfinite(before).all(axis=1)
    assert alive.sum() > 20
    for block in record.blocks(known):
        scores = old.particles.scores.copy()
        scores[:, block.coordinates] = random.standard_normal((size, block.coordinates.size))
        new = old.with_scores(scores)
        after = new.each(lambda atom, few: record.log_parts(atom, few, known))
        same = new.each(lambda atom, few: record.marks(atom, few, known))
        others = np.setdiff1d(np.arange(before.shape[1]), block.accounts)
        kept = alive & ((marks == same) | (np.isnan(marks) & np.isnan(same))).all(axis=1)
        assert kept.sum() > 0.5 * alive.sum()
        assert np.array_equal(before[np.ix_(kept, others)], after[np.ix_(kept, others)])


def test_what_is_remembered_after_blocks_moved_is_what_a_run_finds() -> None:
    record, random = target(), np.random.default_rng(4)
    known, size = len(record.stages) - 1, 200
    atoms = np.arange(size, dtype=np.int64) % len(record.atoms)
    drawn = draw_population(atoms, record.coordinates, record.noise.count, random)
    here = Ahead(record, known, np.zeros(known))
    alive = np.flatnonzero(here.at(drawn, known) > -np.inf)
    population = drawn.take(alive)
    state = State(population, here.at(population, known)[None, :])
    for _ in range(3):
        move_apart(state, here, record.blocks(known), prior_law(record.coordinates), random)
    assert (state.population.particles.scores != population.particles.scores).any()
    fresh = state.population.take(np.arange(alive.size))
    for what in (record.log_parts, record.marks):
        remembered, found = (
            one.each(lambda atom, few, what=what: what(atom, few, known))  # type: ignore[misc]
            for one in (state.population, fresh)
        )
        np.testing.assert_array_equal(remembered, found)
    np.testing.assert_allclose(state.levels[0], here.at(fresh, known), rtol=0.0, atol=1e-9)
