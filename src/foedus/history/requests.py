"""The table of requests for military help, 1956-2023: our own coding, which ships with Foedus."""

from __future__ import annotations

import calendar
import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from foedus.frozen import dataclass

TABLE = Path(__file__).parents[1] / "cases" / "kazakhstan-2022" / "aid_requests.csv"
OUTSIDE = Path(__file__).with_name("requests_outside.csv")
"""Requests that are not in that table, coded alike (SDR 6)."""
NEITHER = Path(__file__).with_name("requests_in_neither.csv")
"""Requests that are in neither table, coded alike, from which nothing learns (SDR 7)."""
DECISIONS = {"granted": "granted", "partial": "partial", "refused": "refused"}
DECISIONS |= {"threat_only": "refused"}
"""What a decision counts as: a mere threat is no help. What is `imposed` was no request."""
YEAR = timedelta(days=365)
PRECISIONS = {"day": 1, "week": 7, "month": 30, "year": 365}
"""To what a date may be known, and how many days that is, about."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for military help and what became of it.

    `asked`, `decided`, `deployed`, `withdrawn`: days, each with the precision (`PRECISIONS`) to
    which it is known; `decision`: granted, partial or refused; `fate`: of the asker a year later;
    `size`: how many came first, None where the table gives no plain number.
    """

    case_id: str
    requester: str
    body: str
    frame: str
    threat: str
    genuine: str
    asked: date
    asked_precision: str
    decision: str
    decided: date | None
    deployed: date | None
    withdrawn: date | None
    leader: str
    fate: str
    decided_precision: str = "day"
    deployed_precision: str = "day"
    withdrawn_precision: str = "day"
    size: float | None = None

    @property
    def known(self) -> date:
        """The last day on which the decision may have become known, its dates being imprecise.

        Where no day of the decision is given, that of the request stands for it.
        """
        return self._known(1)

    @property
    def known_at_first(self) -> date:
        """The first day on which the decision may have become known."""
        return self._known(0)

    def _known(self, end: int) -> date:
        asked = possible_days(self.asked, self.asked_precision)[end]
        if self.decided is None:
            return asked
        return max(asked, possible_days(self.decided, self.decided_precision)[end])

    @property
    def fate_known(self) -> date:
        """The last day on which the year after the request may have been over."""
        return possible_days(self.asked, self.asked_precision)[1] + YEAR

    @property
    def fate_known_at_first(self) -> date:
        """The first day on which the year after the request may have been over."""
        return possible_days(self.asked, self.asked_precision)[0] + YEAR

    @property
    def deployed_at_latest(self) -> date | None:
        """The last day on which the first troops may have come; None where none did."""
        if self.deployed is None:
            return None
        return possible_days(self.deployed, self.deployed_precision)[1]

    @property
    def days_to_troops(self) -> float | None:
        """Days from the request to the first troops; None where none came of it."""
        if self.decision == "refused" or self.deployed is None:
            return None
        return float(max((self.deployed - self.asked).days, 0))


@cache
def requests() -> tuple[Request, ...]:
    """Every request of the table that cases, fits and rates rest on, as `as_requests` gives."""
    return _read(TABLE)


@cache
def requests_outside() -> tuple[Request, ...]:
    """Requests that are not in that table, coded later and alike."""
    return _read(OUTSIDE)


@cache
def requests_of_both() -> tuple[Request, ...]:
    """The requests of both tables, in order of date: what forecasts learn from (SDR 7)."""
    both = (*requests(), *requests_outside())
    return tuple(sorted(both, key=lambda request: (request.asked, request.case_id)))


@cache
def requests_in_neither() -> tuple[Request, ...]:
    """Requests that are in neither table: to score forecasts on, never to learn from."""
    return _read(NEITHER)


def _read(table: Path) -> tuple[Request, ...]:
    with table.open(encoding="utf-8", newline="") as file:
        return as_requests(csv.DictReader(file))


def as_requests(rows: Iterable[Mapping[str, str]]) -> tuple[Request, ...]:
    """The rows of a table that are requests, in order of date; what was imposed is left out."""
    found = (_request(row) for row in rows if row["decision"] in DECISIONS and row["request_date"])
    return tuple(sorted(found, key=lambda request: (request.asked, request.case_id)))


def _request(row: Mapping[str, str]) -> Request:
    asked = parse_day(row["request_date"])
    assert asked is not None, row["case_id"]
    return Request(
        row["case_id"],
        row["requester"],
        row["body"],
        row["frame"],
        row["threat"],
        row["genuine"],
        asked,
        row["request_prec"] or "day",
        DECISIONS[row["decision"]],
        parse_day(row["decision_date"]),
        parse_day(row["deploy_date"]),
        parse_day(row["withdraw_end"]),
        row["leader"],
        row["fate_1y"],
        row["decision_prec"] or "day",
        row["deploy_prec"] or "day",
        row["withdraw_prec"] or "day",
        float(row["size_initial"]) if row["size_initial"].isdigit() else None,
    )


def is_about(requester: str, year: object, case: str) -> bool:
    """Whether a request is what a case is about: a case is called after who asked, and when."""
    asker = re.split(r"[ (]", plain(requester))[0]
    return bool(asker) and case == f"{asker}-{year}"


def plain(text: str) -> str:
    """A text in small letters without accents."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter)).lower()


def parse_day(text: str) -> date | None:
    """A date written to the day, month or year: its first day; None for an empty cell."""
    if not text:
        return None
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def possible_days(day: date, precision: str) -> tuple[date, date]:
    """The first and the last day that a date may mean, given to one of `PRECISIONS`.

    Months and years are those of the calendar. Weeks begin on different days, so that the week of a
    day reaches six days either way.
    """
    match precision:
        case "week":
            return _moved(day, -6), _moved(day, 6)
        case "month":
            _, length = calendar.monthrange(day.year, day.month)
            return day.replace(day=1), day.replace(day=length)
        case "year":
            return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


def _moved(day: date, days: int) -> date:
    """A day so many days on, or the calendar's own end."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
