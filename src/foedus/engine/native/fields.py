"""Sums kept from event to event: the algorithm for groups in which all depends on all.

Used where rates hold sums of table entries times state over a whole group (`exact_sums`): an event
moves each sum by the difference of one term (`field_updates`), and the clocks of all members are
brought up to date side by side (`many_clocks`), so that an event among N members costs N and not N
squared. The rest is the scalar algorithm. For log-linear rates this is the update of local fields
that is usual for spin models [BortzKalosLebowitz1975]_.

References
----------
.. [BortzKalosLebowitz1975] A. B. Bortz, M. H. Kalos, J. L. Lebowitz (1975), A new algorithm for
   Monte Carlo simulation of Ising spin systems, J. Comput. Phys. 17, 10-18.
"""

from __future__ import annotations

from foedus.engine.layout import lay_out
from foedus.engine.native.choice import Work
from foedus.engine.native.field import find_fields
from foedus.engine.native.program import build_program
from foedus.engine.native.scalar import ScalarKernel


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: some sum can be kept."""
    return bool(find_fields(work.model, lay_out(work.model)))


def build(work: Work) -> ScalarKernel:
    """See `choice.Algorithm`."""
    program = build_program(work.model, work.watch, work.interventions, has_fields=True)
    return ScalarKernel(program, "fields")
