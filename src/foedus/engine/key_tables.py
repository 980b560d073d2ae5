"""The keys of many labels of the noise at once: those of a site at every place of some groups.

The keys are those of `clocks.label_key`; tables keep them without the names, which are made again
only where two streams would meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from foedus.engine.clocks import MASK, SHORTEST_GAP, ClockCollision, label_name
from foedus.engine.layout import labels_at, places
from foedus.expr.tree import Group
from foedus.frozen import dataclass

MANY, SHORTEST_GAP_OF_MANY = 2**17, 2**10
"""With more labels than that, draws of one label before it would repeat those of another."""

Words = NDArray[np.uint64]
Site = tuple[str, tuple[Group, ...], str]
"""An event kind's qualified name, index groups, and what is drawn."""


@dataclass(frozen=True, slots=True)
class KeyTables:
    """Tables of keys made so far, by site."""

    tables: dict[Site, Words] = field(default_factory=dict)

    def at(self, kind: str, groups: tuple[Group, ...], site: str) -> Words:
        """The keys of a site, row by row over its groups: uint64 (place,)."""
        where = kind, groups, site
        if where not in self.tables:
            digests = b"".join(sha256(name).digest()[:8] for name in _names(where))
            self.tables[where] = np.frombuffer(digests, "<u8")
        return self.tables[where]

    def verify(self) -> None:
        """Raise `ClockCollision` if two streams would meet too soon (`clocks.verify_labels`).

        Among millions of labels chance brings some nearer than `SHORTEST_GAP`; but then none of
        them can draw often, since the events of a run are limited.
        """
        if not self.tables:
            return
        keys = np.concatenate(list(self.tables.values()))
        keys.sort()
        least = SHORTEST_GAP if len(keys) <= MANY else SHORTEST_GAP_OF_MANY
        gaps = np.diff(keys)
        around = int(keys[0]) - int(keys[-1]) & MASK if len(keys) > 1 else MASK
        if around >= least and not np.any(gaps < least):
            return
        place = int(np.argmin(gaps))
        below, above = int(keys[place]), int(keys[place + 1])
        if around < above - below:
            below, above = int(keys[-1]), int(keys[0])
        first, *others = self._named(below)
        second = others[0] if below == above else self._named(above)[0]
        raise ClockCollision(first, second, above - below & MASK)

    def _named(self, key: int) -> list[str]:
        """The names of the labels with a key."""
        return [
            label_name(kind, labels_at(groups, list(places(groups))[number]), site)
            for (kind, groups, site), keys in self.tables.items()
            for number in np.flatnonzero(keys == np.uint64(key))
        ]


def _names(where: Site) -> Iterator[bytes]:
    """The names of all labels of a site, encoded."""
    kind, groups, site = where
    if len(groups) == 1 and not groups[0].labels:
        before, after = f"{kind}[".encode(), f"]#{site}".encode()
        return (b"%b%d%b" % (before, k, after) for k in range(1, groups[0].size + 1))
    return (label_name(kind, labels_at(groups, at), site).encode() for at in places(groups))
