"""Is it said how complete the record is, and can the evidence be weighed as it stands?"""

from __future__ import annotations

from foedus.case.bounds import Reach
from foedus.case.case import Case, Item
from foedus.case.dynamics import Dated, EventKind, Immediate, Waiting
from foedus.case.reads import names_in
from foedus.dates import format_instant
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics

LAST_MOMENT = 1e-6
"""Days before the end of the clock that still belong to its last day."""


def record_is_stated(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Every kind named in evidence needs a `record` (semantics 13); filters are named (15)."""
    seen: set[str] = set()
    told: set[str] = set()
    for item in case.evidence:
        name = "" if item.event is None else item.event.name
        happening = case.events.get(name) or case.events.get(name.rpartition(".")[0])
        if happening is None:
            continue
        if name not in case.records:
            if name not in seen:
                _report(case, item, name, diagnostics)
        elif happening.kind.name not in told and _warn(item, happening.kind, diagnostics):
            told.add(happening.kind.name)
        seen.add(name)


def _report(case: Case, item: Item, name: str, diagnostics: Diagnostics) -> None:
    clock = case.clock
    start = format_instant(clock.start, clock.zone, "day")
    end = format_instant(clock.instant(clock.horizon - LAST_MOMENT), clock.zone, "day")
    if item.span is not None:
        diagnostics.error(
            Code.EVENT_WITHOUT_RECORD,
            item.span,
            f"nothing says how complete the record of `{name}` is",
            label="named in evidence",
            help="add one of these under `record:`\n"
            f"`{name}: {{complete: {start}/{end}, lag: 1 day}}` if every one of them is known\n"
            f"`{name}: {{reported: PARAMETER, delay: 1 day}}` if only some are",
        )


def _warn(item: Item, kind: EventKind, diagnostics: Diagnostics) -> bool:
    """Warn of an item about a kind if it weighs nothing or all, or may do so; whether it does."""
    is_fixed = isinstance(kind.timing, Waiting) and kind.timing.distribution == "fixed"
    place = kind.guard.span if kind.guard is not None else None
    if item.span is None:
        return False
    if isinstance(kind.timing, Immediate | Dated) or is_fixed:
        diagnostics.warning(
            Code.EVIDENCE_IS_FILTER,
            item.span,
            f"items about `{kind.name}` weigh 0 or 1, as it has no rate",
            label="a course either passes or is thrown away",
            other=[(kind.span, "this event")] if kind.span else [],
            help="give the event a rate if such an item should weigh by how likely it was",
        )
        return True
    if item.kind == "happened" and kind.guard and names_in([kind.guard]).variables:
        diagnostics.warning(
            Code.GUARD_OF_RECORDED_EVENT,
            item.span,
            f"items about `{kind.name}` weigh 0 in courses in which it cannot happen",
            label="named in evidence",
            other=[(place, "this reads simulated state")] if place else [],
            help="if too few courses remain, give the event a small rate where the condition fails",
        )
        return True
    return False
