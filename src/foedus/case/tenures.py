"""Reading who held an office, and when."""

from __future__ import annotations

from itertools import pairwise

from foedus.case.case import Actor, Tenure
from foedus.case.documents import verify_actor
from foedus.case.draft import Draft, read_date, verify_order
from foedus.case.node import Mapping, Scalar
from foedus.case.values import read_cites
from foedus.text.codes import Code

VACANT = "vacant"


def read_tenures(node: Mapping, draft: Draft, actors: dict[str, Actor]) -> tuple[Tenure, ...]:
    """The tenures of an office, in file order."""
    found: list[tuple[Tenure, Mapping]] = []
    for item in node.items("held"):
        if not isinstance(item, Mapping):
            continue
        by = verify_actor(item.scalar("by"), actors, draft)
        start, end = read_date(item.get("from"), draft), read_date(item.get("to"), draft)
        place = item.scalar("from")
        what = f"the tenure of `{item.text('by')}`"
        verify_order(what, (start, place), (end, item.scalar("to")), draft)
        if by is None or start is None or place is None:
            continue
        if draft.clock is not None and start.start > draft.clock.start:
            _report_late(place, what, draft)
            continue
        found.append((Tenure(by, start, end, read_cites(item.get("cites"), draft)), item))
    _verify_overlap(found, draft)
    return tuple(tenure for tenure, _ in found)


def _report_late(place: Scalar, what: str, draft: Draft) -> None:
    clock = draft.root.get("clock")
    start = clock.scalar("start") if isinstance(clock, Mapping) else None
    draft.diagnostics.error(
        Code.OUTSIDE_CLOCK,
        place.span,
        f"{what} begins within the clock",
        other=[(start.span, "the clock starts here")] if start else [],
        help="who comes to office within the clock is for the model to say: write the change under "
        "`changes:` or `evidence:`",
    )


def _verify_overlap(found: list[tuple[Tenure, Mapping]], draft: Draft) -> None:
    ordered = sorted(found, key=lambda pair: (pair[0].start.start, pair[0].start.end))
    for (before, earlier), (after, later) in pairwise(ordered):
        place, begin = earlier.scalar("to") or earlier.scalar("from"), later.scalar("from")
        # Tenures that meet within the precision of their dates do not overlap.
        is_apart = before.end is not None and before.end.start < after.start.end
        if not is_apart and place is not None and begin is not None:
            draft.diagnostics.error(
                Code.TENURE_OVERLAP,
                begin.span,
                f"`{after.by}` takes office while `{before.by}` still holds it",
                label="begins here",
                other=[(place.span, "ends only here" if before.end else "this one never ends")],
                help=f"end the tenure of `{before.by}` with `to: {after.start.text}`",
            )


def holder_at_start(tenures: tuple[Tenure, ...], draft: Draft) -> str:
    """Who holds the office when the clock starts, or `vacant`."""
    if draft.clock is None:
        return VACANT
    begin = draft.clock.start
    for tenure in tenures:
        if tenure.start.start <= begin and (tenure.end is None or tenure.end.start > begin):
            return tenure.by
    return VACANT
