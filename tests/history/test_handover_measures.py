"""How long leaders stay in control once they have left the top office: invented ones, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from foedus.history.handovers import SEEN_UNTIL, Handover
from foedus.history.measures import handovers as measures
from foedus.history.units import Unit

FIVE_YEARS = timedelta(days=1826)


def one(
    left: date, until: date | None, outcome: str = "pushed-out", precision: str = "day"
) -> Handover:
    return Handover("X", "Ruritania", left, False, True, until, precision, outcome)


def units(monkeypatch: pytest.MonkeyPatch, name: str, *of: Handover) -> list[Unit]:
    monkeypatch.setattr(measures, "handovers", lambda: of)
    (measure,) = (each for each in measures.HANDOVERS if each.name == name)
    return list(measure.units())


LEFT = date(2000, 1, 1)


@pytest.mark.parametrize(
    ("handover", "kept", "first", "last"),
    [
        # Lost on the day before the five years are over, and on the day on which they are.
        (one(LEFT, date(2004, 12, 30)), 0.0, date(2004, 12, 30), date(2004, 12, 30)),
        (one(LEFT, date(2004, 12, 31)), 1.0, None, date(2004, 12, 31)),
        (one(LEFT, date(2003, 1, 1), precision="year"), 0.0, date(2003, 1, 1), date(2003, 12, 31)),
        (one(LEFT, date(2002, 1, 1), "returned"), 1.0, None, date(2004, 12, 31)),
        (one(LEFT, date(2002, 1, 1), "died"), 0.0, date(2002, 1, 1), date(2002, 1, 1)),
        (one(SEEN_UNTIL - FIVE_YEARS, None, "continues"), 1.0, None, SEEN_UNTIL),
    ],
)
def test_control_kept_for_five_years(
    monkeypatch: pytest.MonkeyPatch, handover: Handover, kept: float, first: date | None, last: date
) -> None:
    (found,) = units(monkeypatch, "handover-control-kept", handover)
    assert (found.happened, found.at_risk) == (kept, 1.0)
    assert (found.known_at_first, found.known) == (first, last)


def test_who_has_not_had_the_time_yet_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    late = one(SEEN_UNTIL - FIVE_YEARS + timedelta(days=1), None, "continues")
    assert units(monkeypatch, "handover-control-kept", late) == []


def test_control_lost_year_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The years before the last are known at their ends, however vague the last day is."""
    vague = one(date(2001, 7, 1), date(2003, 4, 1), precision="month")
    found = units(monkeypatch, "handover-control-lost", vague)
    assert [each.happened for each in found] == [0.0, 0.0, 1.0]
    assert [each.at_risk * 365.25 for each in found] == pytest.approx([184, 365, 90])
    assert [each.known for each in found] == [
        date(2002, 1, 1), date(2003, 1, 1), date(2003, 4, 30),
    ]  # fmt: skip
    assert [each.known_at_first for each in found] == [
        date(2002, 1, 1), date(2003, 1, 1), date(2003, 4, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("outcome", "lost"), [("pushed-out", 1.0), ("handed-over", 0.0)])
def test_control_lost_on_the_very_day(
    monkeypatch: pytest.MonkeyPatch, outcome: str, lost: float
) -> None:
    (found,) = units(monkeypatch, "handover-control-lost", one(LEFT, LEFT, outcome))
    assert (found.happened, found.at_risk) == (lost, 0.0)


def test_who_is_still_in_control_is_followed_until_the_table_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = units(monkeypatch, "handover-control-lost", one(date(2024, 5, 7), None, "continues"))
    assert [each.happened for each in found] == [0.0, 0.0]
    assert sum(each.at_risk for each in found) * 365.25 == (SEEN_UNTIL - date(2024, 5, 7)).days
