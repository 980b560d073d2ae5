"""A model and its record, ready for conditioned runs."""

from __future__ import annotations

from dataclasses import replace

from foedus.engine import clocks
from foedus.engine.conditioned.clocks import tracked_clock
from foedus.engine.conditioned.members import Members, members_of
from foedus.engine.conditioned.tracked import (
    Grouping,
    PreparedClaim,
    PreparedItem,
    Tracked,
    group,
    prepare_claims,
    prepare_items,
    prepare_wider,
    reporting_cells,
    weighing_kinds,
)
from foedus.engine.prepare import Prepared
from foedus.engine.world import Keys
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel
from foedus.jump.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class Conditioned:
    """A model and its record, ready for conditioned runs.

    `accounts` is the number of log weights: one for each sighting, then one for each coverage.
    `rows` is the number of pairs of words the noise is keyed by: one for each kind of the model in
    each epoch, then one for each sighting, then one for each of the `members` in each epoch.
    """

    prepared: Prepared
    record: Record
    grouping: Grouping
    items: tuple[PreparedItem, ...]
    claims: tuple[PreparedClaim, ...]
    reported: dict[int, int]
    accounts: int
    members: Members
    epochs: tuple[float, ...] = ()

    @property
    def first_item_row(self) -> int:
        """Where the words of the items begin: after those of the kinds, epoch by epoch."""
        return len(self.prepared.model.kinds) * (len(self.epochs) + 1)

    @property
    def first_member_row(self) -> int:
        """Where the words of members begin, epoch by epoch: after those of the items."""
        return self.first_item_row + len(self.record.sightings)

    @property
    def rows(self) -> int:
        """Pairs of words of a run."""
        return self.first_member_row + self.members.count * (len(self.epochs) + 1)


def condition_on(model: JumpModel, record: Record, epochs: tuple[float, ...] = ()) -> Conditioned:
    """Make a model and its record ready; do it once for many runs and all stages.

    At the times `epochs` (days, ascending, the same for all runs) the noise of the kinds passes to
    words of its own, and what is left on every clock with a rate is drawn anew: an exponential law
    has no memory, so the law of the runs is the same. What happens from then on can so be renewed
    without touching what went before.

    Raises `ClockCollision` if two labels would share their noise.
    """
    first = prepare_wider(model, frozenset())
    grouping = group(first, record)
    prepared = prepare_wider(model, weighing_kinds(grouping))
    grouping = group(prepared, record)
    items = prepare_items(prepared, record, grouping)
    clocks.verify_labels(prepared.names.layout.keys)
    refreshers = list(prepared.refreshers)
    for number, tracked in grouping.by_kind.items():
        deed = prepared.deeds[number]
        for instance in prepared.by_kind[model.kinds[number].name]:
            clock = tracked_clock(instance, deed, prepared.names, tracked, items)
            if clock is not None:
                refreshers[instance.number] = clock
    return Conditioned(
        prepared=replace(prepared, refreshers=tuple(refreshers)),
        record=record,
        grouping=grouping,
        items=items,
        claims=prepare_claims(prepared, record),
        reported=reporting_cells(record, prepared),
        accounts=len(record.sightings) + len(record.coverages),
        members=members_of(model.kinds),
        epochs=epochs,
    )


def noise_of(conditioned: Conditioned, seed: int, run: int) -> Keys:
    """The noise of a run: the keys that `simulate_run` would use; in later epochs those of others.

    The same words in two epochs would draw what is left on a clock as it was drawn before. Those of
    members are 0, which leaves all to the words of the kinds.
    """
    kinds = len(conditioned.prepared.model.kinds)
    words = [
        clocks.run_keys((seed + epoch * clocks.GOLDEN) & clocks.MASK, run)
        for epoch in range(len(conditioned.epochs) + 1)
    ]
    items = len(conditioned.record.sightings)
    members = conditioned.rows - conditioned.first_member_row
    return (
        *(one for one in words for _ in range(kinds)), *(words[:1] * items), *([(0, 0)] * members),
    )  # fmt: skip


def tracked_of(conditioned: Conditioned, item: PreparedItem) -> Tracked:
    """What an item is about."""
    assert item.tracked is not None
    return conditioned.grouping.tracked[item.tracked]
