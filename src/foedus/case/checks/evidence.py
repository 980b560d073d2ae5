"""Can what the record says have happened?"""

from __future__ import annotations

from foedus.case.bounds import Reach
from foedus.case.case import Case, Item
from foedus.case.dynamics import Dated, EventKind
from foedus.expr.enclosure import INFINITE, Interval
from foedus.expr.interval import truth
from foedus.expr.tree import Expression, Firings, walk
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span


def evidence_is_possible(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Items proved to have probability zero, by the guards and dates of what they name."""
    first: dict[str, Item] = {}
    for item in case.evidence:
        reason, other = _reason(case, item, found)
        denied = _denied(case, item)
        if reason is None and denied is not None:
            reason = f"the item `{denied.id}`, which is established as well, says that it happened"
            other = [(denied.span, "it happened then")] if denied.span else []
        if reason is None and item.kind == "happened" and item.event is not None:
            earlier = first.setdefault(item.event.written, item)
            if earlier is not item and _only_once(case, item.event.name, found):
                reason = f"`{item.event.written}` happens at most once"
                other = [(earlier.span, "it happened here already")] if earlier.span else []
        if reason is not None and item.span is not None:
            diagnostics.error(
                Code.IMPOSSIBLE_EVIDENCE,
                item.span,
                f"the item `{item.id}` has probability zero: {reason}",
                label="cannot be",
                other=other,
                help="change what the case says can happen, or the item",
            )


def _reason(case: Case, item: Item, found: Reach) -> tuple[str | None, list[tuple[Span, str]]]:
    """Why an item cannot be, by itself, and where that is said."""
    if item.kind == "state" and item.expression is not None:
        is_reached = truth(item.expression, found.context) is not False
        return (None if is_reached else "no course of the case makes this true"), []
    if item.event is None:
        return None, []
    kind = _kind(case, item.event.name)
    if kind is None or item.event.name in found.assumed or kind.name in found.assumed:
        return None, []
    place = [(kind.span, "this event")] if kind.span else []
    if item.kind == "happened":
        if item.event.name not in found.possible:
            return f"`{item.event.written}` can never happen", place
        if isinstance(kind.timing, Dated) and not _meets(case, item, kind.timing):
            return f"`{item.event.written}` has a date of its own", place
    elif item.kind == "absent" and isinstance(kind.timing, Dated):
        is_sure = kind.guard is None and kind.gate is None and not kind.options
        if is_sure and _meets(case, item, kind.timing):
            return f"`{item.event.written}` happens then in every course", place
    return None, []


def _denied(case: Case, item: Item) -> Item | None:
    """An item that says that just what this one denies has happened, if both are established.

    Where they hang on origins of their own, at most one of the two is believed, which is no fault.
    """
    if item.kind != "absent" or item.event is None or not item.established:
        return None
    (span, _), *_ = item.when
    first, last = case.clock.days(span.start), case.clock.days(span.end)
    for one in case.evidence:
        if one.kind != "happened" or one.event != item.event or not one.established:
            continue
        days = [(case.clock.days(p.start), case.clock.days(p.end)) for p, w in one.when if w > 0]
        if all(first <= start and end <= last for start, end in days):
            return one
    return None


def _kind(case: Case, name: str) -> EventKind | None:
    """The event kind, or that of the choice an option belongs to."""
    happening = case.events.get(name) or case.events.get(name.rpartition(".")[0])
    return None if happening is None else happening.kind


def _meets(case: Case, item: Item, timing: Dated) -> bool:
    """Whether a fixed date lies in one of the item's."""
    days = [(case.clock.days(p.start), case.clock.days(p.end)) for p, w in item.when if w > 0]
    return any(start <= time < end for time in timing.times for start, end in days)


def _only_once(case: Case, name: str, found: Reach) -> bool:
    """Whether a kind that has fired cannot fire again."""
    happening = case.events.get(name)
    if happening is None or happening.kind.guard is None:
        return False
    guard = happening.kind.guard
    own = [n for n in walk(guard) if isinstance(n, Firings) and n.kind == name]
    known: dict[Expression, Interval] = dict(found.context.known)
    known.update({node: Interval(1.0, INFINITE) for node in own})
    return bool(own) and truth(guard, found.context.knowing(known)) is False
