"""Is it said how complete the record is, and can the evidence be weighed as it stands?"""

from __future__ import annotations

from foedus.case.case import Case, Item
from foedus.case.dynamics import Dated, EventKind, Immediate, Waiting
from foedus.case.reads import names_in
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def record_is_stated(case: Case, diagnostics: Diagnostics) -> None:
    """Every kind named in evidence needs a `record` (semantics 13); filters are named (15)."""
    reported: set[str] = set()
    for item in case.evidence:
        if item.event is None or item.span is None:
            continue
        happening = case.events.get(item.event.name)
        if happening is None:
            happening = case.events.get(item.event.name.rpartition(".")[0])
        if item.event.name not in case.records and item.event.name not in reported:
            reported.add(item.event.name)
            diagnostics.error(
                Code.EVENT_WITHOUT_RECORD,
                item.span,
                f"how complete is the record of `{item.event.name}`?",
                label="named in evidence",
                help=_record_help(case, item),
            )
        if happening is not None:
            _verify_kind(item, happening.kind, diagnostics)


def _record_help(case: Case, item: Item) -> str:
    clock = case.clock
    start = str(clock.start)[:10]
    name = item.event.name if item.event else ""
    return (
        f"add under `record:` the line `{name}: {{complete: {start}/..., lag: 1 day}}` (every "
        "firing in that span is in the record) or `{reported: PARAMETER, delay: 1 day}`"
    )


def _verify_kind(item: Item, kind: EventKind, diagnostics: Diagnostics) -> None:
    if item.span is None:
        return
    is_fixed = isinstance(kind.timing, Waiting) and kind.timing.distribution == "fixed"
    if isinstance(kind.timing, Immediate | Dated) or is_fixed:
        diagnostics.warning(
            Code.EVIDENCE_IS_FILTER,
            item.span,
            f"`{kind.name}` has no hazard, so this item only lets a course pass or not",
            label="weighs 0 or 1",
            help="give the event a rate if the item should weigh by how likely it was",
        )
        return
    read = names_in([kind.guard])
    if read.variables and item.kind == "happened":
        diagnostics.warning(
            Code.GUARD_OF_RECORDED_EVENT,
            item.span,
            f"`{kind.name}` can happen only where its guard holds, and that is simulated",
            label="courses in which it could not happen weigh nothing",
            help="if too few courses remain, replace the guard by a small positive base rate",
        )
