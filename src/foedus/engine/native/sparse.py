"""Thousands of clocks that read little: rings in a wheel, kept counts, hazards looked up.

The cost of an event does not depend on how many instances there are: see `wheel`, `kept`, `memo`.
"""

from __future__ import annotations

from foedus.engine.native.choice import Work
from foedus.engine.native.clockwork import instances_of
from foedus.engine.native.machine import compile_text
from foedus.engine.native.program import Program, scalar_call
from foedus.engine.native.scalar import ScalarKernel
from foedus.engine.native.sparse_driver import emit_sparse

LEAST = 512
"""So many instances make a wheel quicker than a look at all rings."""


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: there are many instances."""
    return sum(map(instances_of, work.model.kinds)) >= LEAST


def build(work: Work) -> ScalarKernel:
    """See `choice.Algorithm`."""
    watch = work.watch
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    text = emit_sparse(work.model, expressions, times, work.interventions)
    compiled = compile_text(text.ir)
    program = Program(work.model, text, watch, work.interventions, compiled, scalar_call(compiled))
    return ScalarKernel(program, "sparse")
