"""How hard to work for a verdict."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.frozen import dataclass

MANY = 60
"""Items and claims beyond which a record takes minutes to weigh."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Particles in each island, of all atoms; sweeps of moves per selection; independent islands.

    `again` is how many particles of each atom are run again for each thing that is left out of the
    record, or each prior that is made wider.
    """

    particles: int = 150
    sweeps: int = 2
    islands: int = 4
    again: int = 100


def takes_minutes(case: Case) -> bool:
    """Whether to weigh the record of a case takes minutes, unless its runs were kept."""
    return len(case.evidence) + len(case.claims) > MANY
