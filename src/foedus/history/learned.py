"""What past calls teach about how willing a body is, read without arrays: for any day, as a law.

The fit itself stands in `foedus.questions.fits`; its results ship in `learned.json`, for every body
and for every day on which something became known, made anew by `foedus reproduce`.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from foedus.frozen import dataclass
from foedus.history import requests as table
from foedus.history.class_error import ClassError
from foedus.text.suggest import closest, list_names

NAME = "learned-willing"
LAWS = Path(__file__).parent / "learned.json"
UNKNOWN = "unknown"
"""The entry for a body that was never called on."""

_WHERE = re.compile(r"^\s*body\s*=\s*(?P<body>[A-Za-z][\w-]*)\s*$")


@dataclass(frozen=True, slots=True)
class LearnedShare:
    """The chance that a call on a body is taken up, as known before a day.

    Its log odds are normal, with median `median` of the share and standard deviation `spread`.
    `granted` of `calls` were taken up by the body itself, `used` calls on all bodies were learned
    from.
    """

    where: str
    median: float
    spread: float
    granted: int
    calls: int
    used: int
    name: str = NAME
    cites: tuple[str, ...] = ("aid-requests",)

    @property
    def body(self) -> str:
        """The body that was asked about; one that is not known if the condition names none."""
        return _body(self.where)


def learned_share(where: str, before: date | None, case: str = "") -> LearnedShare:
    """What was learned of a body (`where` is `body = NAME`, or empty for one not known) by a day.

    Raises `ClassError` for a condition that is none, and where the case's own call was known before
    that day, so that it is in the fit.
    """
    shipped = _shipped()
    body = _body(where)
    if body not in shipped["bodies"]:
        known = tuple(name for name in shipped["bodies"] if name != UNKNOWN)
        near = closest(body, known)
        cure = f"write `body = {near}`" if near else f"there are {list_names(known, 40)}"
        raise ClassError(f"no call on `{body}` is in the table of requests", cure)
    if before is not None and case:
        for each in table.requests():
            if each.known < before and table.is_about(each.requester, each.asked.year, case):
                raise ClassError(
                    f"`{each.case_id}` is this case's own call, and was known before its clock",
                    "start the clock before the call, or use `foedus history fit`",
                )
    place = len(shipped["days"])
    if before is not None:
        place = sum(day < before.isoformat() for day in shipped["days"])
    median, spread, granted, calls = shipped["bodies"][body][place]
    return LearnedShare(where, median, spread, granted, calls, shipped["used"][place])


def _body(where: str) -> str:
    if not where:
        return UNKNOWN
    match = _WHERE.match(where)
    if match is None:
        raise ClassError(f"`{where}` is no condition on `{NAME}`", "write `body = csto`")
    return match["body"]


def table_digest() -> str:
    """The digest (SHA-256) of the table of requests."""
    return hashlib.sha256(table.TABLE.read_bytes()).hexdigest()


@cache
def _shipped() -> dict[str, Any]:
    return dict(json.loads(LAWS.read_text(encoding="utf-8")))
