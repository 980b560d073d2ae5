"""Leaders who hand over the top office and keep a lesser one: how long they stay in control.

From our own table, coded from cited sources.
"""

from __future__ import annotations

from datetime import date, timedelta

from foedus.history.handovers import SEEN_UNTIL, Handover, handovers
from foedus.history.requests import possible_days
from foedus.history.units import Measure, Unit, Value

YEARS = 5
YEAR = 365.25
SPAN = timedelta(days=round(YEAR * YEARS))

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
        due, lost = each.left + SPAN, each.control_until
        if each.outcome == "returned":
            lost = None
        if lost is not None and lost < due:
            first, last = possible_days(lost, each.control_precision)
            found.append(Unit(0.0, 1.0, last, _columns(each), first))
        elif due <= SEEN_UNTIL:
            found.append(Unit(1.0, 1.0, due, _columns(each)))
    return found


def _lost() -> list[Unit]:
    """Whether control was lost, year by year of the calendar from the handover on.

    Who returned, died in control or gave up the last post himself is followed until that day.
    """
    found = []
    for each in handovers():
        start, end = each.left, each.control_until or SEEN_UNTIL
        while start < end:
            stop = min(end, date(start.year + 1, 1, 1))
            is_last = stop == end
            first, last = possible_days(stop, each.control_precision if is_last else "day")
            happened = float(is_last and each.outcome == "pushed-out")
            years = (stop - start).days / YEAR
            found.append(Unit(happened, years, last, _columns(each), first))
            start = stop
        if each.left == end:  # on the very day
            found.append(Unit(float(each.outcome == "pushed-out"), 0.0, end, _columns(each)))
    return found


HANDOVERS = (
    Measure(
        "handover-control-kept",
        "share", "share", (), ("handovers",), COLUMNS, _kept,
    ),
    Measure(
        "handover-control-lost",
        "rate", "per year of control", (), ("handovers",), COLUMNS, _lost,
    ),
)  # fmt: skip
