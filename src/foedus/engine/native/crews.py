"""Crews: kinds whose instances at the same place read the same cells, so that they are looked at
together after a change."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block, Layout
from foedus.engine.native.bits import BIT_BLOCK
from foedus.engine.native.clockwork import instances_of
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel

Entry = tuple[int, int]
"""An instance: the number of its kind, and its order."""


@dataclass(frozen=True, slots=True)
class Crews:
    """Some kinds together, by number; the words of bits in which each crew has its places."""

    kinds: tuple[tuple[int, ...], ...]
    first_words: tuple[int, ...]

    def words(self, crew: int) -> range:
        """Its words."""
        return range(self.first_words[crew], self.first_words[crew + 1])


@dataclass(frozen=True, slots=True)
class Places:
    """Where instances have their places."""

    kind_of: Sequence[int]
    first_of: Sequence[int]

    def single_readers(self, readers: Readers, block: Block) -> list[list[Entry]]:
        """The instances that read one cell of a block and not all of it, cell by cell."""
        if block.count < 2:  # who reads its one cell reads it everywhere
            return []
        everywhere = {self.kind_of[i] for i in readers.everywhere[block.first]}
        entries = [
            [(self.kind_of[i], i - self.first_of[self.kind_of[i]]) for i in found]
            for found in (readers.single.get(cell, ()) for cell in block.cells)
        ]
        return [[one for one in found if one[0] not in everywhere] for found in entries]


def kinds_at_home(singles: Sequence[Sequence[Entry]]) -> tuple[int, ...]:
    """The kinds whose instance at a cell's own place reads it, for every cell of a block."""
    if not singles:
        return ()
    homes = [{kind for kind, order in one if order == at} for at, one in enumerate(singles)]
    return tuple(sorted(set.intersection(*homes)))


def find_crews(
    model: JumpModel, layout: Layout, places: Places, state: Readers, counters: Readers
) -> Crews:
    """The crews of a model: those at home in some block, and single kinds."""
    found: dict[tuple[int, ...], None] = {}
    for readers, blocks in ((state, layout.variables), (counters, layout.counters)):
        for block in blocks.values():
            singles = places.single_readers(readers, block)
            home = kinds_at_home(singles)
            if home:
                found[home] = None
            for at, one in enumerate(singles):
                found.update({(k,): None for k, order in one if k not in home or order != at})
    counts = [max(instances_of(model.kinds[kind]) for kind in crew) for crew in found]
    words = [-(-count // BIT_BLOCK) for count in counts]
    return Crews(tuple(found), tuple(sum(words[:place]) for place in range(len(words) + 1)))
