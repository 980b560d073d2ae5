"""Past requests to learn from, and what of each was known on a day.

A row of the table tells a forecast only what was certainly known before the first day on which the
new request may have been made: the decision once it was taken, the delay once troops were there,
and whether the asker was in office a year later once that year was over. A date of the table that
is known to the week or the month counts as its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.history.requests import Request
from foedus.questions.requests.features import Asked, as_asked, features

Mask = NDArray[np.bool_]
NEVER = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table to learn from: as it was asked, its features, and what became of it."""

    asked: Asked
    features: dict[str, float]
    request: Request

    @property
    def days(self) -> float | None:
        """Days from the request to the first troops; None where none came of it."""
        return self.request.days_to_troops


def rows_of(
    table: Sequence[Request], covariates: Callable[[Asked], Asked] | None = None
) -> list[Row]:
    """The rows of the table with the covariates of each, if there are data for them."""
    found = []
    for request in table:
        asked = as_asked(request)
        if covariates is not None:
            asked = covariates(asked)
        found.append(Row(asked, features(asked), request))
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """Rows whose decision, whose asker's fate, and whose first troops may be used."""

    decided: list[Row]
    lasted: list[Row]
    sent: list[Row]


class Precedents:
    """The rows of the table, asked many times what of them was known on a day."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)
        self._cases = np.array([row.asked.case_id for row in rows], np.object_)
        self._days = np.array([_days_known(row) for row in rows], np.int64).reshape(-1, 3).T

    def known(self, case_id: str, day: date | None) -> Mask:
        """Of which rows the decision, the fate, the delay (part, row) was known before a day.

        Without a day, all that ever was. A row of the same case is never known.
        """
        before = NEVER if day is None else day.toordinal()
        return np.asarray((self._days < before) & (self._cases != case_id))

    def rows_of(self, known: Mask) -> Known:
        """The rows of what `known` gives."""
        return Known(*([self.rows[n] for n in np.flatnonzero(part)] for part in known))


def _days_known(row: Row) -> tuple[int, int, int]:
    request = row.request
    sent = None if row.days is None else request.deployed_at_latest
    return (
        request.known.toordinal(),
        request.fate_known.toordinal() if request.fate else NEVER,
        NEVER if sent is None else max(sent, request.known).toordinal(),
    )
