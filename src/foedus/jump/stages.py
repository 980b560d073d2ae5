"""The record in the order in which it became known, step by step.

As of a day the target of inference is the law of paths and parameters given what was known by then.
On each day on which something becomes known, first the silence of the kinds with a record grows,
then the day's items come in, one by one in file order, then its claims. The log evidence of one
stage less that of the stage before is the weight of what came in; they sum to the log evidence of
the whole. A stage is data: it is never compiled into a program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import Literal

from foedus.frozen import dataclass
from foedus.jump.record import Assertion, Coverage, Record, Sighting

Arrival = Literal["start", "silence", "item", "claim"]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is known at one step: `subject` (an item's or claim's id) is what came in with it.

    `as_of` is the end of the day, and `items` and `claims` are the ids of what is known.
    `silent_until` has, for each coverage of the record, the time up to which every firing would be
    known. `end` is how far a run must go for all of this to be seen.
    """

    arrival: Arrival
    subject: str | None
    as_of: float
    end: float
    items: frozenset[str]
    claims: frozenset[str]
    silent_until: tuple[float, ...]


def stages(record: Record, *, until: float = inf, horizon: float = inf) -> tuple[Stage, ...]:
    """All stages of the evidence and the claims known by the day `until`; the first knows nothing.

    No run goes beyond `horizon`, the length of the clock; things may well become known after it.
    """
    found = [nothing_known(record)]
    evidence = [one for one in record.sightings if not one.is_outcome]
    arrivals: list[Sighting | Assertion] = [*evidence, *record.assertions]
    for day in sorted({one.known for one in arrivals if one.known <= until}):
        found.append(_with_silence(found[-1], record, min(day, horizon)))
        for one in arrivals:
            if one.known == day:
                found.append(_with(found[-1], one, horizon))
    return tuple(found)


def stage_as_of(record: Record, day: float, *, horizon: float = inf) -> Stage:
    """All that was known by a day: its items, its claims, and silence up to then."""
    known = stages(record, until=day, horizon=horizon)[-1]
    return _with_silence(known, record, day)


def full_stage(record: Record, horizon: float, *, with_outcomes: bool = False) -> Stage:
    """The whole record; `with_outcomes` adds those outcomes that lie within the clock."""
    known = stages(record, horizon=horizon)[-1]
    last = max([known.as_of, *(one.end + one.lag for one in record.coverages)])
    known = _with_silence(known, record, last)
    if with_outcomes:
        for one in record.sightings:
            if one.is_outcome and one.end <= horizon:
                known = _with(known, one, horizon)
    return known


def ended_stage(stage: Stage, outcomes: Iterable[Sighting]) -> Stage:
    """The stage with some outcomes known as well, all at once."""
    known = tuple(outcomes)
    return replace(
        stage, arrival="item", subject="outcomes", items=stage.items | {one.id for one in known},
        end=max([stage.end, *(one.end for one in known)]),
    )  # fmt: skip


def day_all_is_known(record: Record, horizon: float) -> float:
    """The first day by which all that a record says is known, how it ended included."""
    told = [one.known for one in record.sightings if not one.is_outcome]
    told += [one.known for one in record.assertions]
    told += [one.known for one in record.endings(horizon)]
    return max([0.0, *told, *(one.end + one.lag for one in record.coverages)])


def is_anything_known(record: Record, day: float = inf) -> bool:
    """Whether by a day anything is known: an item, a claim, or the silence of what has a record."""
    evidence = (one.known for one in record.sightings if not one.is_outcome)
    claims = (one.known for one in record.assertions)
    silent = (_silent_until(one, day) for one in record.coverages)
    return any(known <= day for known in (*evidence, *claims)) or any(u > -inf for u in silent)


def without(stage: Stage, dropped: Iterable[str]) -> Stage:
    """The same stage with some items and claims not known, for instance to ask what they weigh."""
    gone = frozenset(dropped)
    return replace(stage, items=stage.items - gone, claims=stage.claims - gone)


def nothing_known(record: Record) -> Stage:
    """The stage before anything is known: a run under it is a run of the model."""
    never = tuple(-inf for _ in record.coverages)
    return Stage("start", None, 0.0, 0.0, frozenset(), frozenset(), never)


def _with_silence(stage: Stage, record: Record, day: float) -> Stage:
    silent = tuple(_silent_until(one, day) for one in record.coverages)
    return replace(
        stage, arrival="silence", subject=None, as_of=max(stage.as_of, day),
        end=max([stage.end, *silent]), silent_until=silent,
    )  # fmt: skip


def _silent_until(coverage: Coverage, day: float) -> float:
    until = min(coverage.end, day - coverage.lag)
    return until if until > coverage.start else -inf


def _with(stage: Stage, one: Sighting | Assertion, horizon: float) -> Stage:
    end = max(stage.end, min(one.end, horizon))
    if isinstance(one, Assertion):
        claims = stage.claims | {one.id}
        return replace(stage, arrival="claim", subject=one.id, claims=claims, end=end)
    items = stage.items | {one.id}
    return replace(stage, arrival="item", subject=one.id, items=items, end=end)
