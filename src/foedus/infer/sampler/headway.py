"""How far a run of the sampler has come, told after every sweep of moves.

Whoever is told may raise, which ends the run there and then. So neither the reader of a progress
bar nor somebody who interrupts waits for longer than a sweep takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Told = Callable[[float], None]
"""Told how much of a run is done, from 0 to 1; never less than before."""

RECORD = 0.25
"""How much of a run is done when the whole record is known; so it is where the end takes long."""


def nobody(_: float) -> None:
    """What is told when nobody asks."""


@dataclass(slots=True)
class Headway:
    """How much of a run is `done`; the part under way goes from `first` to `last`."""

    tell: Told = nobody
    done: float = 0.0
    first: float = 0.0
    last: float = RECORD

    def begin(self, share: float) -> None:
        """The next part is so much of what is left."""
        self.first, self.last = self.done, self.done + share * (1.0 - self.done)

    def at(self, share: float) -> None:
        """So much of the part under way is done, from 0 to 1."""
        self.done = max(self.done, self.first + min(share, 1.0) * (self.last - self.first))
        self.tell(self.done)

    def still(self) -> None:
        """Something was done, though there is nothing to show for it yet."""
        self.tell(self.done)
