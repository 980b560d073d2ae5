"""Words of the noise that belong to single members of a large group.

Twenty cities share the words of each event kind. To renew those changes what all of them do
at once, and a course that agrees with a record hardly ever still does then. So each member of a
large group has words of its own in each epoch, which the waiting times of its clocks are keyed by
as well (exclusive or): what one city does can be drawn anew while the others keep what they have.
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.engine.layout import places
from foedus.expr.tree import Group
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Rate

LARGE = 16
"""Members from which on a group is large; all kinds of a small one are soon tried together."""

MOST = 32
"""Words of a group in an epoch; members of a larger group share some."""

NO_MEMBER = -1


@dataclass(frozen=True, slots=True)
class Members:
    """Which words of members there are in each epoch, by `names`: (group, number) each.

    `of` has the place of its member's among them for each event instance, or `NO_MEMBER`; instances
    are numbered kind by kind. A clock without a rate has none, nor has one outside large groups.
    """

    names: tuple[tuple[str, int], ...]
    of: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many pairs of words in each epoch."""
        return len(self.names)


def members_of(kinds: Sequence[EventKind]) -> Members:
    """The words of members for the instances of some kinds, by the first index of each."""
    first_of: dict[str, int] = {}
    names: list[tuple[str, int]] = []
    found: list[int] = []
    for kind in kinds:
        own = _group_of(kind)
        if own is not None and own.name not in first_of:
            first_of[own.name] = len(names)
            names += [(own.name, number) for number in range(min(own.size, MOST))]
        for place in places(kind.groups):
            found.append(NO_MEMBER if own is None else first_of[own.name] + place[0] % MOST)
    return Members(tuple(names), tuple(found))


def combined(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """The words that noise is keyed by which two pairs of words have a part in."""
    return one[0] ^ other[0], one[1] ^ other[1]


def _group_of(kind: EventKind) -> Group | None:
    """The large group of a kind with a rate; None if it has none."""
    is_one = isinstance(kind.timing, Rate) and kind.groups and kind.groups[0].size >= LARGE
    return kind.groups[0] if is_one else None
