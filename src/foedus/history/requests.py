"""The table of requests for military help, 1956-2023: our own coding, which ships with Foedus."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parents[1] / "cases" / "kazakhstan-2022" / "aid_requests.csv"
DECISIONS = {"granted": "granted", "partial": "partial", "refused": "refused"}
DECISIONS |= {"threat_only": "refused"}
"""What a decision counts as: a mere threat is no help. What is `imposed` was no request."""
YEAR = timedelta(days=365)
PRECISIONS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Request:
    """A request for military help and what became of it.

    `asked`: the day, its first if only the week or month is known; `decided`, `deployed`: days;
    `decision`: granted, partial or refused; `fate`: of the asker a year later; `slack`: days by
    which the date of the request may be wrong, and the same of the decision and of the first
    troops; `size`: how many came first, None where the table gives no plain number.
    """

    case_id: str
    requester: str
    body: str
    frame: str
    threat: str
    genuine: str
    asked: date
    slack: int
    decision: str
    decided: date | None
    deployed: date | None
    withdrawn: date | None
    leader: str
    fate: str
    fate_date: date | None
    decided_slack: int = 0
    deployed_slack: int = 0
    size: float | None = None

    @property
    def known(self) -> date:
        """The day by which the decision was known (the request, where no day is given)."""
        return self.asked if self.decided is None else max(self.asked, self.decided)

    @property
    def fate_known(self) -> date:
        """The day by which it was known whether the asker was in office a year later."""
        return self.asked + YEAR


@cache
def requests() -> tuple[Request, ...]:
    """Every request that was one, in order of date; what was imposed is left out."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["decision"] in DECISIONS]
    found = (_request(row) for row in rows if row["request_date"])
    return tuple(sorted(found, key=lambda request: (request.asked, request.case_id)))


def _request(row: dict[str, str]) -> Request:
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
        PRECISIONS[row["request_prec"]] - 1,
        DECISIONS[row["decision"]],
        parse_day(row["decision_date"]),
        parse_day(row["deploy_date"]),
        parse_day(row["withdraw_end"]),
        row["leader"],
        row["fate_1y"],
        parse_day(row["fate_date"]),
        PRECISIONS.get(row["decision_prec"], 1) - 1,
        PRECISIONS.get(row["deploy_prec"], 1) - 1,
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
