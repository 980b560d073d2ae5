"""Is it said how complete the record is, and can the evidence be weighed as it stands?"""

from __future__ import annotations

from foedus.case.bounds import Ground, Reach, possible_before
from foedus.case.case import Case, Item
from foedus.case.dynamics import Dated, Each, EventKind, Immediate, Waiting
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
        kind = _kind(case, item)
        if item.event is None or kind is None:
            continue
        name = item.event.name
        if name not in case.records:
            if name not in seen:
                _report(case, item, name, diagnostics)
        elif item.draws and _is_filter(kind):
            _refuse_measured(item, kind, diagnostics)
        elif kind.name not in told and _is_filter(kind):
            _warn_of_filter(item, kind, diagnostics)
            told.add(kind.name)
        seen.add(name)


def record_leaves_a_way(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Warn of an event recorded on a day by which its condition cannot have come true.

    A kind that is complete in the record does not fire by itself (semantics 14). So before the
    first item about it nothing changes what it alone changes, in any course.
    """
    told: set[str] = set()
    ground: Ground | None = None
    for item in case.evidence:
        kind = _kind(case, item)
        if item.kind != "happened" or item.event is None or kind is None or kind.name in told:
            continue
        if item.event.name not in found.possible or kind.guard is None or _is_filter(kind):
            continue
        silent = _silent_until(case, _end(case, item))
        ground = ground or Ground(case)
        if item.event.name in possible_before(ground, found, kind, silent):
            continue
        if item.span is not None:
            told.add(kind.name)
            place = kind.guard.span
            diagnostics.warning(
                Code.GUARD_OF_RECORDED_EVENT,
                item.span,
                f"by the record `{item.event.name}` cannot happen when `{item.id}` says it did",
                label="nothing recorded by then lets it happen",
                other=[(place, "this cannot have come true by then")] if place else [],
                help="check the dates, add the item that comes before it, "
                "or let the event happen without",
            )


def _kind(case: Case, item: Item) -> EventKind | None:
    """The event kind that an item is about, or that of the choice its option belongs to."""
    name = "" if item.event is None else item.event.name
    happening = case.events.get(name) or case.events.get(name.rpartition(".")[0])
    return None if happening is None else happening.kind


def _end(case: Case, item: Item) -> float:
    """The last day on which an item may have happened."""
    return max(case.clock.days(period.end) for period, weight in item.when if weight > 0)


def _silent_until(case: Case, end: float) -> frozenset[str]:
    """The kinds that certainly do not happen before a day, by their dates or by the record."""
    begun = {
        item.event.name
        for item in case.evidence
        if item.kind == "happened" and item.event is not None
        and any(case.clock.days(period.start) < end for period, _ in item.when)
    }  # fmt: skip
    silent = set[str]()
    for happening in case.events.values():
        kind = happening.kind
        names = [f"{kind.name}.{option.name}" for option in kind.options]
        is_later = isinstance(kind.timing, Dated) and min(kind.timing.times, default=end) >= end
        by_record = _is_complete(case, kind.name, end) and not begun.intersection(
            [kind.name, *names]
        )
        by_option = all(_is_complete(case, n, end) and n not in begun for n in names)
        if is_later or by_record or (names and by_option):
            silent.add(kind.name)
    return frozenset(silent)


def _is_complete(case: Case, name: str, end: float) -> bool:
    """Whether every firing from the start until a day is in the record."""
    record = case.records.get(name)
    if record is None or record.complete is None:
        return False
    days = case.clock.days
    return days(record.complete.start) <= 0 and end <= days(record.complete.end)


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


def _is_filter(kind: EventKind) -> bool:
    """Whether an item about a kind weighs nothing or all: it has no rate."""
    is_fixed = isinstance(kind.timing, Waiting) and kind.timing.distribution == "fixed"
    return is_fixed or isinstance(kind.timing, Immediate | Dated | Each)


def _refuse_measured(item: Item, kind: EventKind, diagnostics: Diagnostics) -> None:
    """What a draw came out as is weighed where the item's event is made to happen: never here."""
    if item.span is not None:
        diagnostics.error(
            Code.EVIDENCE_IS_FILTER,
            item.span,
            f"what `{kind.name}` draws cannot be weighed, as it has no rate",
            label="with: " + ", ".join(name for name, _ in item.draws),
            other=[(kind.span, "this event")] if kind.span else [],
            help="leave out `with:`, and say what is known of what comes of it, with a `state:` or "
            "a `value:`",
        )


def _warn_of_filter(item: Item, kind: EventKind, diagnostics: Diagnostics) -> None:
    if item.span is not None:
        diagnostics.warning(
            Code.EVIDENCE_IS_FILTER,
            item.span,
            f"items about `{kind.name}` weigh 0 or 1, as it has no rate",
            label="a course either passes or is thrown away",
            other=[(kind.span, "this event")] if kind.span else [],
            help="give the event a rate if such an item should weigh by how likely it was",
        )
