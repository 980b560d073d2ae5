"""A model and its record, ready for conditioned runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foedus.engine import clocks
from foedus.engine.conditioned.clocks import tracked_clock
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
from foedus.jump.model import JumpModel
from foedus.jump.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class Conditioned:
    """A model and its record, ready for conditioned runs.

    `accounts` is the number of log weights: one for each sighting, then one for each coverage.
    `rows` is the number of pairs of words the noise is keyed by: one for each kind of the model,
    then one for each sighting.
    """

    prepared: Prepared
    record: Record
    grouping: Grouping
    items: tuple[PreparedItem, ...]
    claims: tuple[PreparedClaim, ...]
    reported: dict[int, int]
    accounts: int
    rows: int


def condition_on(model: JumpModel, record: Record) -> Conditioned:
    """Make a model and its record ready; do it once for many runs and all stages.

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
        rows=len(model.kinds) + len(record.sightings),
    )


def noise_of(conditioned: Conditioned, seed: int, run: int) -> Keys:
    """The noise of a run: the keys that `simulate_run` would use, in every row."""
    return (clocks.run_keys(seed, run),) * conditioned.rows


def tracked_of(conditioned: Conditioned, item: PreparedItem) -> Tracked:
    """What an item is about."""
    assert item.tracked is not None
    return conditioned.grouping.tracked[item.tracked]
