"""The table of handovers, and the numbers that the cases take from it."""

from __future__ import annotations

import csv
from datetime import date
from math import log
from pathlib import Path

import pytest
from scipy.optimize import minimize

import foedus
from foedus.history.classes import count_class
from foedus.history.handovers import handovers
from foedus.history.measures.handovers import HANDOVERS
from foedus.study import load
from tests.loading import case_at

PACKAGE = Path(foedus.__file__).parent
TABLE = PACKAGE / "cases" / "russia-handover" / "handovers.csv"
ARCHIGOS = Path(__file__).parents[2].parent / "shared" / "data" / "archigos_4.1.csv"
FORMATS = {"day": 3, "month": 2, "year": 1}
OUTCOMES = {"pushed-out", "handed-over", "returned", "died", "continues"}

Row = dict[str, str]


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    """A date; a month or a year stands for its middle."""
    parts = [int(part) for part in text.split("-")]
    middle = {1: (7, 1), 2: (15,), 3: ()}[len(parts)]
    return date(*parts, *middle)


def spells(before: str, without: str = "") -> list[tuple[float, bool]]:
    """Years of ruling from a lesser post, and whether control was lost, as seen at a date."""
    end, found = day(before), []
    for row in rows():
        if row["chosen"] != "yes" or row["handover_id"] == without or day(row["left"]) >= end:
            continue
        until = min(end, day(row["control_until"]) if row["control_until"] else end)
        lost = row["outcome"] == "pushed-out" and until < end
        found.append(((until - day(row["left"])).days / 365.25, lost))
    return found


def fitted(found: list[tuple[float, bool]]) -> tuple[float, float]:
    """Shape and mean of the gamma spread of leaders' rates that makes the spells likeliest.

    A spell under a gamma rate survives t with probability (b / (b + t))^a (Lomax's law).
    """

    def loss(point: list[float]) -> float:
        a, b = point
        if a <= 0.0 or b <= 0.0:
            return float("inf")
        return -sum(
            a * log(b / (b + years)) + (log(a / (b + years)) if lost else 0.0)
            for years, lost in found
        )

    shape, rate = minimize(loss, [1.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-8}).x
    return float(shape), float(shape / rate)


def test_the_table_is_well_formed() -> None:
    table = rows()
    assert len({row["leader"] for row in table}) >= 15
    assert len({row["handover_id"] for row in table}) == len(table)
    assert [row["left"] for row in table] == sorted(row["left"] for row in table)
    for row in table:
        assert row["outcome"] in OUTCOMES
        assert row["confidence"] in {"A", "B", "C"}
        assert row["chosen"] in {"yes", "no"}
        assert row["source"], row["handover_id"]
        assert len(row["left"].split("-")) == FORMATS[row["left_prec"]]
        if row["outcome"] == "continues":
            assert not row["control_until"]
        else:
            assert len(row["control_until"].split("-")) == FORMATS[row["control_prec"]]
            assert day(row["left"]) <= day(row["control_until"])
        if row["confidence"] != "A":
            assert row["note"], f"{row['handover_id']} says what is not from a page"


def test_dates_agree_with_the_data_set_on_leaders() -> None:
    if not ARCHIGOS.exists():
        pytest.skip("the data set on leaders is not here")
    with ARCHIGOS.open(encoding="utf-8", newline="") as file:
        ends = {(one["gwcode"], one["enddate"]) for one in csv.DictReader(file)}
    agreed = 0
    for row in rows():
        for source in row["source"].split(" ; "):
            name, _, place = source.partition(":")
            if name != "archigos" or " to " not in place:
                continue
            code, end = place.split()[0], place.rpartition(" to ")[2]
            if (code, end) not in ends:  # a spelling of the name tells spells of a leader apart
                assert end == "2015-12-31" or row["outcome"] == "died", (row["handover_id"], place)
            agreed += end == row["left"]
    assert agreed >= 12, "most days of leaving are in the data set"


@pytest.mark.parametrize(
    ("case", "parameter", "before", "without"),
    [
        ("kazakhstan-2022", "patrons-lose-control", "2022-01-01", "KAZ-2019"),
        ("russia-handover", "losing-control", "2024-05-07", ""),
    ],
)
def test_priors_follow_from_the_table(case: str, parameter: str, before: str, without: str) -> None:
    """Nothing of the case itself, and nothing later than its start, goes into its prior."""
    found = spells(before, without)
    shape, mean = fitted(found)
    belief = load(case).parameters[parameter]
    assert belief.written == f"gamma({shape:.2f}, {mean / 2:.2f})"
    told = " ".join(belief.grounds.because.get("en").split())
    assert f"of {len(found)} " in told
    assert f"{sum(lost for _, lost in found)} lost control, in " in told
    assert f"in {sum(years for years, _ in found):.1f} years" in told


def test_the_post_is_taken_as_often_as_the_table_says() -> None:
    belief = load("russia-handover").parameters["ousting"]
    cited = {citation.row for citation in belief.grounds.cites}
    chosen = [row for row in rows() if row["handover_id"] in cited]
    assert len(chosen) == 5
    years = sum((day(row["control_until"]) - day(row["left"])).days / 365.25 for row in chosen)
    taken = sum(row["outcome"] == "pushed-out" for row in chosen)
    assert belief.written == f"{taken} in {years:.0f} years"


def test_the_case_checks_without_a_warning() -> None:
    case_at(PACKAGE / "cases" / "russia-handover" / "case.yaml")


def test_control_kept_for_five_years_as_a_class_of_the_history() -> None:
    """Counted anew from the table; who was still in control after less time is left out.

    Who came back to the top office within the five years was in control at their end.
    """
    counted = count_class("handover-control-kept", "", None)
    lasted = [
        row["handover_id"] for row in rows()
        if row["outcome"] == "returned"
        or (
            row["control_until"]
            and (day(row["control_until"]) - day(row["left"])).days > 5 * 365.25 + 200
        )
    ]  # fmt: skip
    assert counted.tally.happened == len(lasted)
    assert counted.tally.units == len(rows()) - 2, "two of 2022 and later go on"
    before = count_class(
        "handover-control-kept", "chosen = yes", date(2022, 1, 1), "kazakhstan-2022"
    )
    assert before.tally.units < counted.tally.units


def test_a_successor_of_the_family_is_none_whose_son_came_later() -> None:
    kin = {each.handover_id for each in handovers() if each.is_kin}
    assert kin == {"DOM-1952", "CUB-2008", "TKM-2022", "KHM-2023"}


def test_the_page_says_what_giving_up_the_post_would_mean_as_a_loss() -> None:
    text = " ".join((PACKAGE / "cases" / "russia-handover" / "README.md").read_text().split())
    found = spells("2024-05-07")
    given_up = sum(
        row["outcome"] == "handed-over" and row["chosen"] == "yes" and row["left"] < "2024-05-07"
        for row in rows()
    )
    lost = sum(is_lost for _, is_lost in found)
    assert given_up == 6
    assert "six gave up the last post themselves" in text
    assert f"it would be {lost + given_up} of {len(found)}" in text
    assert (lost + given_up) / lost == pytest.approx(1.5, abs=0.06), "half as high again"


def test_how_soon_control_is_lost_as_a_rate_of_the_history() -> None:
    """The years that priors come from, piece by piece: what is dated to the year weighs little."""
    units = [unit for unit in HANDOVERS[1].units() if unit.columns["chosen"]]
    found = spells("2026-01-01")
    assert sum(unit.happened for unit in units) == sum(lost for _, lost in found) == 11
    years = sum(unit.at_risk for unit in units)
    assert years == pytest.approx(sum(years for years, _ in found), abs=1.0)
    assert all(unit.at_risk <= 366 / 365.25 for unit in units)
    everybody = HANDOVERS[1].units()
    assert sum(unit.happened for unit in everybody) == sum(
        row["outcome"] == "pushed-out" for row in rows()
    ), "two of them on the very day"
