"""How hard to work for a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Particles of each atom in each island, moves after each selection, independent islands.

    `again` is how many particles of each atom are run again for each thing that is left out of the
    record, or each prior that is made wider.
    """

    particles: int = 250
    sweeps: int = 3
    islands: int = 4
    again: int = 300
