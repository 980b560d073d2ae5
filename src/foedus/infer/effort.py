"""How hard to work for a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Particles of each atom in each island, moves after each selection, independent islands."""

    particles: int = 250
    sweeps: int = 3
    islands: int = 4
