"""A conditioned run as it stands: the world, and what the record has done to it so far."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import inf
from typing import TYPE_CHECKING

from foedus.engine.conditioned.members import NO_MEMBER, combined
from foedus.engine.world import UNDRAWN, Keys, World

if TYPE_CHECKING:  # a history is made of what stands here
    from foedus.engine.conditioned.history import History

NOBODY = -1
"""The account of what is not weighed."""

OFF, WAITING, OPEN, FIRED = 0, 1, 2, 3
"""An item is not known; its time has not come; it may happen now; it has happened."""


class DeadError(Exception):
    """The run contradicts the record; `account` is the item or the coverage that it cannot meet."""

    def __init__(self, account: int) -> None:
        super().__init__(account)
        self.account = account


@dataclass(slots=True)
class Strands:
    """By strand: how much of its firings the record holds, and what it has been worth.

    `rate` is the hazard of the strand now (per day; of a waiting time, its share of the hazard),
    `taken` the part of it that the record holds, since `since`; `fraction` and `account` say how
    much that is and who is charged for its silence.
    """

    rate: list[float]
    taken: list[float]
    since: list[float]
    fraction: list[float]
    account: list[int]


@dataclass(slots=True)
class Items:
    """By item: where it stands. `total` and `left` are unit exponentials, `since` and `until` days.

    An open item that is `enabled` rings at until - (until - since) exp(-left).
    """

    status: list[int]
    date: list[int]
    is_begun: list[bool]
    is_enabled: list[bool]
    total: list[float]
    left: list[float]
    since: list[float]
    until: list[float]


@dataclass(slots=True)
class Gaps:
    """By instance: its clock in inner time, the whole hazard of it, whatever the record holds.

    `whole` is the hazard now, `used` the inner time since the last firing up to `moved`, `count`
    how often it has rung.
    """

    whole: list[float]
    used: list[float]
    moved: list[float]
    count: list[int]


@dataclass(slots=True)
class Ages:
    """By instance of a waiting kind of which the record tells.

    `law` are its frozen parameters, `begun` when its age was 0, `left` what is left of the unit
    exponential that its free part waits for, `seen` up to which cumulated hazard all is settled.
    """

    law: dict[int, list[float]] = field(default_factory=dict)
    begun: dict[int, float] = field(default_factory=dict)
    kept: dict[int, float] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)


def _strands() -> Strands:
    return Strands([], [], [], [], [])


def _items() -> Items:
    return Items([], [], [], [], [], [], [], [])


def _gaps() -> Gaps:
    return Gaps([], [], [], [])


@dataclass(slots=True)
class ConditionedWorld(World):
    """A world with a record.

    `weights` are logarithms: one for each item, then one for each coverage. `is_on` says which
    items are known; `silent_until` is the stage's. `noise` has the words of all epochs, `epoch` the
    number of the one that is under way, and `member_keys` its words of members (see `members`). A
    scripted world takes the gaps of its clocks from the `history`, any other keeps one if there is
    room. The ring times of items stand behind those of the instances.
    """

    weights: list[float] = field(default_factory=list)
    is_on: list[bool] = field(default_factory=list)
    silent_until: tuple[float, ...] = ()
    noise: Keys = ()
    epoch: int = 0
    item_keys: Keys = ()
    members: tuple[int, ...] = ()
    member_keys: Keys = ()
    strands: Strands = field(default_factory=_strands)
    items: Items = field(default_factory=_items)
    gaps: Gaps = field(default_factory=_gaps)
    ages: Ages = field(default_factory=Ages)
    breaks: list[tuple[float, int, int, int]] = field(default_factory=list)
    looks: list[tuple[float, int, int]] = field(default_factory=list)
    claims: list[float] = field(default_factory=list)
    history: History | None = None
    is_scripted: bool = False

    def words_of_clock(self, kind: int, instance: int) -> tuple[int, int]:
        """The words of the kind, and with them those of the member that the instance is of."""
        member = self.members[instance]
        if member == NO_MEMBER:
            return self.keys[kind]
        return combined(self.keys[kind], self.member_keys[member])


def with_record(world: World, strands: int, items: int, coverages: int) -> ConditionedWorld:
    """A world before its start, with room for a record."""
    wide = ConditionedWorld(**{one.name: getattr(world, one.name) for one in fields(World)})
    instances = len(world.ring)
    wide.ring.extend([inf] * items)
    wide.weights = [0.0] * (items + coverages)
    wide.strands = Strands(
        [0.0] * strands, [0.0] * strands, [0.0] * strands, [0.0] * strands, [NOBODY] * strands
    )
    wide.items = Items(
        [OFF] * items, [0] * items, [False] * items, [False] * items, [UNDRAWN] * items,
        [0.0] * items, [0.0] * items, [inf] * items,
    )  # fmt: skip
    nothing = [0.0] * instances
    wide.gaps = Gaps(nothing.copy(), nothing.copy(), nothing, [0] * instances)
    return wide
