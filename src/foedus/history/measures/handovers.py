"""Leaders who hand over the top office and keep a lesser one: how long they stay in control.

From our own table, coded from cited sources.
"""

from __future__ import annotations

from datetime import timedelta

from foedus.history.handovers import SEEN_UNTIL, Handover, handovers
from foedus.history.requests import possible_days
from foedus.history.units import Measure, Unit, Value

YEARS = 5
SPAN = timedelta(days=round(365.25 * YEARS))

COLUMNS = {
    "year": "year of the handover",
    "kin": "yes if the successor is of the family",
    "chosen": "yes if the successor was the leader's choice",
    "country": "the country",
}


def _columns(handover: Handover) -> dict[str, Value]:
    return {
        "year": handover.left.year,
        "kin": handover.is_kin,
        "chosen": handover.is_chosen,
        "country": handover.country,
    }


def _kept() -> list[Unit]:
    """Whether control lasted so many years; those who have not had the time yet are left out.

    Who came back to the top office within that time was in control at its end: all of them were.
    """
    found = []
    for each in handovers():
        due, lost = each.left + SPAN, None if each.has_returned else each.control_until
        if lost is not None and lost < due:
            first, last = possible_days(lost, each.control_precision)
            found.append(Unit(0.0, 1.0, last, _columns(each), first))
        elif due <= SEEN_UNTIL:
            found.append(Unit(1.0, 1.0, due, _columns(each)))
    return found


HANDOVERS = (
    Measure(
        "handover-control-kept",
        "a leader who hands over and keeps a lesser post is in control five years later",
        "share", "share", (), ("handovers",), COLUMNS, _kept,
    ),
)  # fmt: skip
