"""Can immediate events keep setting each other off?"""

from __future__ import annotations

from collections import deque
from graphlib import CycleError, TopologicalSorter

from foedus.case.bounds import Reach
from foedus.case.case import Case
from foedus.case.dynamics import EventKind, Immediate
from foedus.case.reads import names_in, writes
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics

MOST = 10
"""Circles that are told; a case with more has one cause for them."""

SHOWN = 5
"""Events of a circle whose places are shown."""


def immediates_settle(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """A cycle of immediate kinds is possible, not certain, so it is a warning (semantics 3)."""
    kinds = {
        name: happening.kind
        for name, happening in case.events.items()
        if isinstance(happening.kind.timing, Immediate)
    }
    follows = _follows(kinds)
    for _ in range(MOST):
        cycle = _first_cycle(follows)
        if cycle is None:
            return
        _report(cycle, kinds, diagnostics)
        follows = {
            name: [other for other in others if other not in cycle]
            for name, others in follows.items()
            if name not in cycle
        }


def _report(cycle: list[str], kinds: dict[str, EventKind], diagnostics: Diagnostics) -> None:
    span = kinds[cycle[0]].span
    if span is None:
        return
    names = [f"`{name}`" for name in cycle]
    if len(names) > SHOWN:
        names[SHOWN:] = [f"{len(names) - SHOWN} more"]
    places = (kinds[name].span for name in cycle[1:SHOWN])
    diagnostics.warning(
        Code.IMMEDIATE_CYCLE,
        span,
        f"immediate events may go round in a circle: {' sets off '.join([*names, names[0]])}",
        other=[(place, "set off by the one before") for place in places if place is not None],
        help="make one of them take time (`after: fixed(delay)`), or make sure that its "
        "guard does not turn true again",
    )


def _follows(kinds: dict[str, EventKind]) -> dict[str, list[str]]:
    """Which immediate kinds each can set off, in file order, itself left out.

    A kind that writes what its own guard reads usually turns itself off: no cycle.
    """
    readers: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        read = names_in([kind.guard])
        for source in (*read.variables, *(f"event {event}" for event in read.events)):
            readers.setdefault(source, []).append(name)
    order = {name: number for number, name in enumerate(kinds)}
    follows: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        sources = (*writes(kind), f"event {name}")
        others = {other for source in sources for other in readers.get(source, ())} - {name}
        follows[name] = sorted(others, key=order.__getitem__)
    return follows


def _first_cycle(follows: dict[str, list[str]]) -> list[str] | None:
    """A cycle, begun by the first of its kinds in the file and as short as it can be there."""
    try:
        TopologicalSorter(follows).prepare()
    except CycleError as fault:
        on_cycle = set(fault.args[1])
        return _shortest(next(name for name in follows if name in on_cycle), follows)
    return None


def _shortest(start: str, follows: dict[str, list[str]]) -> list[str]:
    """The shortest way from a kind that lies on a cycle back to itself."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while start not in before:
        name = waiting.popleft()
        for other in follows[name]:
            if other not in before:
                before[other] = name
                waiting.append(other)
    way = [before[start]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]
