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

    @property
    def of_each_run(self) -> tuple[int, int, int]:
        """All but how many runs there are: what ships may rest on more than are asked for."""
        return self.particles, self.sweeps, self.again


SHIPPED = Effort(islands=16)
"""For what ships with a case: what single pieces weigh is known half as well from four runs."""


def takes_minutes(case: Case) -> bool:
    """Whether to weigh the record of a case takes minutes, unless its runs were kept."""
    return len(case.evidence) + len(case.claims) > MANY
