"""The order in which instructions of a straight piece of code are written.

A processor carries out what is ready among the next hundred instructions or so. Where a long chain
of them, each waiting for the one before, is written out whole, the next chain lies out of its sight
and its units stand idle. Written by depth (how long the operands of an instruction take), chains
that are independent go side by side: list scheduling with the earliest time first [Landskov1980]_.

For vector code without branches, with a few long chains; more of them than fit the registers cost
more than they gain. The code must be compiled by `machine.compile_text` with `keeps_order`, since
LLVM would put chains one after the other again, to save registers.

References
----------
.. [Landskov1980] D. Landskov, S. Davidson, B. Shriver, P. W. Mallett (1980), Local microcode
   compaction techniques, ACM Computing Surveys 12, 261-294 [section 3].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from foedus.engine.native.ir import Function

CYCLES = {"fadd": 3, "fsub": 3, "fmul": 3, "fdiv": 13}
"""What an operation takes, about the same on all processors; others take one."""

MOVABLE = re.compile(r"  (%\w+) = (?!call )(\w+) |  (%\w+) = (call) [^@]*@llvm\.")
"""Instructions that change nothing but their result."""

NAME = re.compile(r"%\w+")


@contextmanager
def by_depth(code: Function) -> Iterator[None]:
    """Let instructions emitted inside stand by depth, between those that must stay in place.

    Nothing that is read inside may be written inside, but for slots.
    """
    first = len(code.body)
    yield
    code.body[first:] = ordered(code.body[first:])


def ordered(lines: Sequence[str]) -> list[str]:
    """The lines by depth; labels, jumps, stores and calls stay where they are."""
    done, piece = list[str](), list[str]()
    for line in lines:
        if MOVABLE.match(line):
            piece.append(line)
        else:
            done += [*_sorted(piece), line]
            piece = []
    return done + _sorted(piece)


def _sorted(piece: Sequence[str]) -> list[str]:
    ends: dict[str, int] = {}
    depths = []
    for line in piece:
        name, *operands = NAME.findall(line)
        found = MOVABLE.match(line)
        assert found is not None
        depth = max((ends.get(one, 0) for one in operands), default=0)
        ends[name] = depth + CYCLES.get(found[2] or "call", 1)
        depths.append(depth)
    return [piece[at] for at in sorted(range(len(piece)), key=depths.__getitem__)]
