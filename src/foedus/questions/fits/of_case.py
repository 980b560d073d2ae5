"""Which body a case is about, as of which day, and which call of the table is its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from foedus.case.case import Case
from foedus.dates.civil import civil_date
from foedus.dates.instant import DAY, MINUTE
from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.history.bodies import body_of
from foedus.history.requests import Request, plain
from foedus.questions.fits.fit import MECHANISM


@dataclass(frozen=True, slots=True)
class Asked:
    """A case of a request: the body, the first day of its clock, and its own call, if it is in the
    table.

    `lifts`, `sinks`: what the case itself believes of how much an answer changes the next one
    (`success-lifts` and `refusal-sinks`, in log odds).
    """

    case: str
    body: str
    before: date
    own: Request | None
    lifts: Prior | None = None
    sinks: Prior | None = None


def asked_in(case: Case, table: Sequence[Request]) -> Asked | None:
    """What a case asks of past calls; None for one that does not use the mechanism."""
    for use in case.uses:
        if use.mechanism == MECHANISM:
            bound = dict(use.bindings)
            start = first_day(case)
            asker = case.actors[bound["asker"]].label.get("en") or bound["asker"]
            body = bound["alliance"]
            own = _own(case, body, asker, start, table)
            lifts, sinks = (
                case.parameters[f"{use.prefix}.{name}"].spec.prior
                for name in ("success-lifts", "refusal-sinks")
            )
            return Asked(case.name, body, start, own, lifts, sinks)
    return None


def first_day(case: Case) -> date:
    """The day on which the clock starts; the first day there is for a clock before our era."""
    return _day_of(case.clock.start.microseconds, case)


def _last_day(case: Case) -> date:
    """The day of the last moment within the clock."""
    return _day_of(case.clock.end.microseconds - 1, case)


def _day_of(microseconds: int, case: Case) -> date:
    year, month, day = civil_date((microseconds + case.clock.zone.minutes * MINUTE) // DAY)
    return date.min if year < 1 else date(year, month, day)


def _is_same(requester: str, asker: str) -> bool:
    """Whether the table's name of a state and a case's mean the same one."""
    return re.split(r"[ (]", plain(requester))[0] in plain(asker).split()


def _own(
    case: Case, body: str, asker: str, start: date, table: Sequence[Request]
) -> Request | None:
    """The first call of the asker on the body within the clock."""
    end = _last_day(case)
    for each in table:
        is_inside = start <= each.asked <= end and body_of(each.body) == body
        if is_inside and _is_same(each.requester, asker):
            return each
    return None
