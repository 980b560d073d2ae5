"""The table of a history carried over to another model: `conditioned/passage` for rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.passage import Passage
from foedus.engine.native.record.rows import CELLS, FRESH, rows_of
from foedus.engine.native.record.worlds_program import Kept

INSTANCE, NEXT = CELLS.index("instance"), CELLS.index("next")


def carried(passage: Passage, kept: Kept) -> Kept:
    """The rows of clocks that both models have, linked and numbered as the other model has them.

    A clock of its own draws anew what it needs.
    """
    before, after = rows_of(passage.first), rows_of(passage.other)
    numbers = passage.instances[kept.rows.view(np.int64)[:, INSTANCE]]
    stays = numbers >= 0
    old = kept.rows[stays]
    rows = np.full((len(old), after.width), np.nan)
    rows[:, : len(CELLS)] = old[:, : len(CELLS)]
    for first, start, end, room in (
        (after.utilities, before.utilities, before.measured, after.measured - after.utilities),
        (after.measured, before.measured, before.width, after.width - after.measured),
    ):  # what does not fit is of kinds that are gone
        count = min(end - start, room)
        rows[:, first : first + count] = old[:, start : start + count]
    whole, place = rows.view(np.int64), np.cumsum(stays) - 1
    whole[:, INSTANCE] = numbers[stays]
    whole[:, NEXT] = _linked(whole[:, NEXT], place)
    common = passage.instances >= 0
    first_row = np.full(len(passage.other.prepared.instances), int(FRESH), np.int64)
    first_row[passage.instances[common]] = _linked(kept.first_row[common], place)
    open_gap = np.zeros(len(first_row))
    open_gap[passage.instances[common]] = kept.open_gap[common]
    return Kept(rows, first_row, open_gap)


def _linked(rows: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where rows stand among those that stay; what is no row stays as it is."""
    if not len(place):
        return rows
    return np.where(rows >= 0, place[rows], rows)
