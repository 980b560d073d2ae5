"""Moves of numbers that change no course: many at once, each accepted or not by itself.

How soon an act of state follows, where every such act is known, bears on the probability of the
record but not on what happens in a run, for what happens is given. Such numbers fall into blocks
with accounts of their own (`course_free`). Given the course, blocks are independent of each other.
So one run serves a proposal for every block, each accepted or not by its own accounts.

Where the newest days of the record are not complete, a kind may still happen by itself there. If
a proposal changed the course, which the marks and the other accounts of the runs show, nothing of
it is accepted. Clocks are independent, so that a course which all proposals leave as it is would be
left by any of them, and the way back is open: the law is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.infer.particles.bridge import Ahead
from foedus.infer.particles.fitted import Fitted
from foedus.infer.particles.moves import LONGEST, SHORTEST, State
from foedus.infer.particles.population import Population, Truths
from foedus.infer.particles.target import Block
from foedus.infer.particles.weights import Numbers, Places


def move_apart(
    state: State, here: Ahead, blocks: Sequence[Block], fitted: Fitted, random: np.random.Generator
) -> None:
    """One proposal for each block of each particle; the law is that after the step."""
    if not blocks:
        return
    old = state.population.particles.scores
    touched = np.zeros(old.shape, np.bool_)
    for block in blocks:
        touched[:, block.coordinates] = True
    step = random.uniform(SHORTEST, LONGEST)
    scores, more = fitted.propose(old, touched, step, random)
    proposed = state.population.with_scores(scores)
    target, known = here.target, here.known
    for population in (state.population, proposed):
        target.look_at(population, known)
    before, after = (
        population.each(lambda atom, few: target.log_parts(atom, few, known))
        for population in (state.population, proposed)
    )
    alive = np.isfinite(after).all(axis=1) & np.isfinite(before).all(axis=1)
    alive &= _same_course(state, proposed, before, after, here, blocks)
    drawn = np.log(random.random((len(blocks), len(old))))
    with np.errstate(invalid="ignore"):
        change = after - before
    gains = [change[:, block.accounts].sum(axis=1) for block in blocks]
    accepted = np.zeros((len(old), len(blocks) + 1), np.bool_)
    for number, block in enumerate(blocks):
        odds = gains[number] + more[:, block.coordinates].sum(axis=1)
        accepted[:, number] = alive & (drawn[number] < odds)
    kept = np.where(
        accepted[:, _owners([b.coordinates for b in blocks], old.shape[1])], scores, old
    )
    taken = accepted[:, _owners([block.accounts for block in blocks], before.shape[1])]
    gained = np.zeros(len(old))
    for number, gain in enumerate(gains):
        gained += np.where(accepted[:, number], gain, 0.0)
    moved = state.population.with_scores(kept)
    target.merge(moved, (state.population, proposed), taken, known)
    state.population = moved
    state.levels = state.levels + gained


def _same_course(
    state: State, proposed: Population, before: Numbers, after: Numbers, here: Ahead,
    blocks: Sequence[Block],
) -> Truths:  # fmt: skip
    """Whether a particle's course is what it was (particle,)."""
    target, known = here.target, here.known
    old, new = (
        population.each(lambda atom, few: target.marks(atom, few, known))
        for population in (state.population, proposed)
    )
    own = np.concatenate([block.accounts for block in blocks])
    others = np.setdiff1d(np.arange(before.shape[1]), own)
    same = ((old == new) | (np.isnan(old) & np.isnan(new))).all(axis=1)
    found: Truths = same & (before[:, others] == after[:, others]).all(axis=1)
    return found


def _owners(places: Sequence[Places], count: int) -> Places:
    """Which block each of so many places is of; -1, which is the last column, where of none."""
    owners = np.full(count, -1, np.int64)
    for number, own in enumerate(places):
        owners[own] = number
    return owners
