"""Can immediate events keep setting each other off?"""

from __future__ import annotations

from foedus.case.bounds import Reach
from foedus.case.case import Case
from foedus.case.dynamics import EventKind, Immediate
from foedus.case.reads import names_in, writes
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span


def immediates_settle(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """A cycle of immediate kinds is possible, not certain, so it is a warning (semantics 3)."""
    kinds = [h.kind for h in case.events.values() if isinstance(h.kind.timing, Immediate)]
    follows = {
        kind.name: [other.name for other in kinds if _can_set_off(kind, other)] for kind in kinds
    }
    by_name = {kind.name: kind for kind in kinds}
    reported: set[str] = set()
    for start in follows:
        cycle = _cycle(start, follows)
        if cycle is None or reported & set(cycle):
            continue
        reported |= set(cycle)
        span = by_name[start].span
        if span is not None:
            chain = " sets off ".join(f"`{name}`" for name in (*cycle, cycle[0]))
            diagnostics.warning(
                Code.IMMEDIATE_CYCLE,
                span,
                f"immediate events may go round in a circle: {chain}",
                other=_places([by_name[name] for name in cycle[1:]]),
                help="make one of them take time (`after: fixed(delay)`), or make sure that its "
                "guard does not turn true again",
            )


def _places(kinds: list[EventKind]) -> list[tuple[Span, str]]:
    return [(kind.span, "set off by the one before") for kind in kinds if kind.span is not None]


def _can_set_off(kind: EventKind, other: EventKind) -> bool:
    read = names_in([other.guard])
    return bool(writes(kind) & read.variables) or kind.name in read.events


def _cycle(start: str, follows: dict[str, list[str]]) -> list[str] | None:
    """A way from a kind back to itself, shortest first."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in follows[way[-1]]:
            # A kind that writes what its own guard reads usually turns itself off: no cycle.
            if name == start and len(way) > 1:
                return way
            if name not in seen and name != start:
                seen.add(name)
                ways.append([*way, name])
    return None
