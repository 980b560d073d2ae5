"""Thousands of clocks that read little: rings in a wheel, kept counts, hazards looked up.

The cost of an event does not depend on how many instances there are: see `wheel`, `kept`, `memo`.
"""

from __future__ import annotations

import os

from foedus.engine.native.choice import Work
from foedus.engine.native.clockwork import instances_of
from foedus.engine.native.machine import compile_text
from foedus.engine.native.program import Program, scalar_call
from foedus.engine.native.scalar import ScalarKernel
from foedus.text.diagnostic import SettingsError

LEAST = 512
"""So many instances make a wheel quicker than a look at all rings."""


BYTES = 500
"""So much memory an instance takes, about: its clock, its keys, its state, who reads it."""


def suits(work: Work) -> bool:
    """See `choice.Algorithm`: there are many instances."""
    return sum(map(instances_of, work.model.kinds)) >= LEAST


def build(work: Work) -> ScalarKernel:
    """See `choice.Algorithm`. Raises `SettingsError` for more than this machine can hold."""
    from foedus.engine.native.sparse_driver import emit_sparse  # most models need none of it

    verify_room(sum(map(instances_of, work.model.kinds)), physical_memory())
    watch = work.watch
    expressions, times = ((), ()) if watch is None else (watch.expressions, watch.times)
    text = emit_sparse(work.model, expressions, times, work.interventions)
    compiled = compile_text(text.ir)
    program = Program(work.model, text, watch, work.interventions, compiled, scalar_call(compiled))
    return ScalarKernel(program, "sparse")


def verify_room(instances: int, memory: int) -> None:
    """Refuse what so much memory (bytes) cannot hold. Raises `SettingsError`."""
    if instances * BYTES > memory:
        needed, there = instances * BYTES / 2**30, memory / 2**30
        raise SettingsError(
            f"{instances:,} clocks need about {needed:,.0f} GiB of memory and this machine has "
            f"{there:,.0f}: make a group smaller with `--set GROUP=NUMBER`"
        )


def physical_memory() -> int:
    """The memory of this machine in bytes; without a way to ask, more than any machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 1 << 62
