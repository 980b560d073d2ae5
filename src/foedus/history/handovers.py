"""The table of leaders who left the top office and kept a lesser one: our own coding, shipped."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from foedus.frozen import dataclass
from foedus.history.requests import parse_day

TABLE = Path(__file__).parents[1] / "cases" / "russia-handover" / "handovers.csv"

NAME = "handovers"
CITE = """@misc{handovers,
  author = {{The Foedus developers}},
  title = {Leaders who left the top office and kept a lesser one, 1947--2023: 30 cases},
  year = {2026}
}
"""
"""How the table asks to be cited."""

SEEN_UNTIL = date(2026, 1, 1)
"""Until when the table follows those who are still in control."""

KIN = frozenset({"brother", "son"})
"""How a successor of the family is related; a son who came later (`later-son`) is none."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover: when the top office was left, and how long control lasted.

    `control_until` is known to a precision (`requests.PRECISIONS`), `left` to the day; it is None
    where control goes on. `outcome` says what happened then: `pushed-out` is the one in which he
    lost control; who `returned` to the top office went on in control; `continues` is for those who
    are followed until `SEEN_UNTIL`. `is_chosen` says whether the successor was the leader's
    choice, `is_kin` whether of the family.
    """

    handover_id: str
    country: str
    left: date
    is_kin: bool
    is_chosen: bool
    control_until: date | None
    control_precision: str
    outcome: str


@cache
def handovers() -> tuple[Handover, ...]:
    """Every handover of the table, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_handover(row) for row in csv.DictReader(file))


def _handover(row: dict[str, str]) -> Handover:
    left = parse_day(row["left"])
    assert left is not None, row["handover_id"]
    return Handover(
        row["handover_id"], row["country"], left, row["kin"] in KIN, row["chosen"] == "yes",
        parse_day(row["control_until"]), row["control_prec"] or "day", row["outcome"],
    )  # fmt: skip
