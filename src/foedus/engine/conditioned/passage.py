"""A course of one model carried over to another, in which a mechanism stands in another's place.

An event kind that both models have, of the same name, indices, sort of timing and options, keeps
its clocks, its noise, and what the record implied of them: an observed event comes when its own
clock has run as far as it had when it was observed, however fast it runs now. Clocks, choices and
draws of kinds that only the other model has are keyed by words of their own; what only the first
has is gone. With nothing replaced, the course is the same bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from foedus.engine import clocks
from foedus.engine.conditioned.history import History
from foedus.engine.conditioned.prepared import Conditioned
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, JumpModel

OWN = int.from_bytes(b"replaced", "little")
"""What keeps the words of kinds that only the other model has apart from those of all runs."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """What two models with one record have in common, by name.

    `kinds` has, for each kind of the `other` model, its number in the `first`, or -1 if it is the
    other's own; `instances`, for each instance of the first, its number in the other, or -1 if it
    is gone.
    """

    first: Conditioned
    other: Conditioned
    kinds: NDArray[np.int64]
    instances: NDArray[np.int64]

    def noise(self, words: NDArray[np.uint64], own: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The noise of courses in the other model: uint64 (course, row, 2).

        `words` are those of the first model, `own` those of each epoch for all kinds that it lacks:
        uint64 (course, epoch, 2), of `own_words`.
        """
        epochs, known = own.shape[1], self.kinds >= 0
        ends = len(self.first.prepared.model.kinds) * epochs
        by_epoch = words[:, :ends].reshape(len(words), epochs, -1, 2)
        rows = np.where(known[:, None], by_epoch[:, :, self.kinds], own[:, :, None])
        whole = [
            rows.reshape(len(words), -1, 2),
            words[:, self.first.first_item_row : self.first.first_member_row],
            self._of_members(words),
        ]
        return np.ascontiguousarray(np.concatenate(whole, axis=1))

    def _of_members(self, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The words of members in the other model; 0 for those that only it has."""
        names, epochs = self.first.members.names, len(self.first.epochs) + 1
        known = words[:, self.first.first_member_row :].reshape(len(words), epochs, -1, 2)
        nobody = np.zeros((len(words), epochs, 1, 2), np.uint64)
        place = {name: number for number, name in enumerate(names)}
        chosen = [place.get(name, len(names)) for name in self.other.members.names]
        found = np.concatenate([known, nobody], axis=2)[:, :, chosen]
        return found.reshape(len(words), -1, 2)

    def history(self, history: History) -> History:
        """The history of a course as far as it is one of the other model's clocks."""
        return History(
            self._renumbered(history.rings),
            self._renumbered(history.open_gap),
            self._renumbered(history.waits),
            history.instants,
        )

    def _renumbered(self, kept: dict[int, Kept]) -> dict[int, Kept]:
        numbers = self.instances
        return {int(numbers[old]): one for old, one in kept.items() if numbers[old] >= 0}


def passage(first: Conditioned, other: Conditioned) -> Passage:
    """How courses of one model become courses of another with the same record."""
    if first.epochs != other.epochs or _items(first) != _items(other):
        raise ValueError("the two models must have the same record and the same epochs")
    kinds = _kinds(first.prepared.model, other.prepared.model)
    return Passage(first, other, kinds, _instances(first, other, kinds))


def own_words(seed: int, runs: Sequence[int], epochs: int) -> NDArray[np.uint64]:
    """The words of kinds that only the other model has: uint64 (course, epoch, 2).

    The same in every run with the seed; `runs` are the numbers of the courses.
    """
    seeds = [(seed ^ OWN) + epoch * clocks.GOLDEN & clocks.MASK for epoch in range(epochs)]
    return np.array([[clocks.run_keys(one, run) for one in seeds] for run in runs], np.uint64)


def _items(conditioned: Conditioned) -> list[str]:
    return [one.id for one in conditioned.record.sightings]


def _kinds(first: JumpModel, other: JumpModel) -> NDArray[np.int64]:
    numbers = {kind.name: number for number, kind in enumerate(first.kinds)}
    found = []
    for kind in other.kinds:
        number = numbers.get(kind.name, -1)
        found.append(number if number >= 0 and _is_same(first.kinds[number], kind) else -1)
    return np.array(found, np.int64)


def _is_same(one: EventKind, other: EventKind) -> bool:
    """Whether two kinds of a name have the same clocks, however fast, and the same choice."""
    return (
        one.groups == other.groups
        and type(one.timing) is type(other.timing)
        and [option.name for option in one.options] == [option.name for option in other.options]
    )


def _instances(
    first: Conditioned, other: Conditioned, kinds: NDArray[np.int64]
) -> NDArray[np.int64]:
    found = np.full(len(first.prepared.instances), -1, np.int64)
    for one in other.prepared.instances:
        if kinds[one.kind_number] >= 0:
            found[first.prepared.by_kind[one.kind.name][one.order].number] = one.number
    return found
