"""What is known when: for each strand and moment, which part of its firings the record holds.

A complete record holds all firings, a reported one the share that is reported. While an item is
known, its dates are held and charged to it; an `absent` item holds everything. While it is not
known, nothing is known of what it is about, there and then. Otherwise the record holds a strand
from the start of its coverage until the stage's silence ends, or until the last known item of the
strand, if that is later.
"""

from __future__ import annotations

from math import inf

from foedus.engine.conditioned.state import NOBODY, ConditionedWorld
from foedus.engine.conditioned.tracked import Grouping, Tracked
from foedus.engine.failure import EvaluationError
from foedus.jump.record import Record, Sighting
from foedus.jump.stages import Stage

ENDS, COVERS, BEGINS, NOTHING = 0, 1, 2, 3
"""What may change at a break: an item's date ends, coverage changes, a date begins, or nothing."""

Break = tuple[float, int, int, int]
"""A time, what changes, and whom: (item, date), or (tracked, order) with -1 for all instances."""


def breaks_of(record: Record, grouping: Grouping, stage: Stage) -> list[Break]:
    """The moments at which what is known changes, in order; the same whatever is switched off."""
    found: set[Break] = set()
    for tracked in grouping.tracked:
        for number in tracked.items:
            one = record.sightings[number]
            if one.is_outcome and one.id not in stage.items:
                continue
            found.update((time, COVERS, tracked.number, -1) for time in (one.start, one.end))
            if one.kind == "happened" and one.id in stage.items:
                for place, window in enumerate(one.windows):
                    found.add((window.start, BEGINS, number, place))
                    found.add((window.end, ENDS, number, place))
        if tracked.coverage is not None:
            until = stage.silent_until[tracked.coverage]
            if until > -inf:
                start = record.coverages[tracked.coverage].start
                found.update((time, COVERS, tracked.number, -1) for time in (start, until))
    if stage.arrival == "start":
        return []
    return sorted(found)


def cover(
    record: Record,
    grouping: Grouping,
    reported: dict[int, int],
    world: ConditionedWorld,
    tracked: Tracked,
    order: int,
) -> tuple[float, int]:
    """The part of a strand that the record holds now, and the account of its silence."""
    time, whole = world.time, _share(record, reported, world, tracked)
    known = NOBODY
    is_unknown = False
    until = -inf
    for number in grouping.strand_items[tracked.first + order]:
        one = record.sightings[number]
        is_now = one.start <= time < one.end
        if not world.is_on[number]:
            is_unknown |= is_now and not one.is_outcome
            continue
        if one.kind == "happened":
            until = max(until, one.end)
        if is_now and one.kind == "absent":
            return 1.0, number
        if is_now and (known == NOBODY or _is_firmer(one, record.sightings[known])):
            known = number
    if known != NOBODY:
        return whole, known
    if is_unknown or tracked.coverage is None:
        return 0.0, NOBODY
    until = max(until, world.silent_until[tracked.coverage])
    if record.coverages[tracked.coverage].start <= time < until:
        return whole, len(record.sightings) + tracked.coverage
    return 0.0, NOBODY


def _is_firmer(one: Sighting, other: Sighting) -> bool:
    return one.kind == "happened" and other.kind == "no-report"


def _share(
    record: Record, reported: dict[int, int], world: ConditionedWorld, tracked: Tracked
) -> float:
    """How much of its firings the record of a kind holds, where it holds any."""
    if tracked.coverage is None or tracked.coverage not in reported:
        return 1.0
    share = world.parameters[reported[tracked.coverage]]
    if 0.0 <= share <= 1.0:
        return share
    name = record.coverages[tracked.coverage].reported
    raise EvaluationError(f"`{name}` is {share:g}, which is no probability", None)
