"""What a table of requests is asked: worked by hand on four invented ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from foedus.history.bodies import BODIES
from foedus.history.learned import learned_share
from foedus.history.measures.registry import MEASURES
from foedus.history.measures.requests import request_measures
from foedus.history.rates import rate
from foedus.history.requests import Request, requests
from foedus.history.units import Unit
from foedus.questions.fits.calls import calls_of

HELPED = replace(
    requests()[0], case_id="HELPED", asked=date(2001, 3, 4), asked_precision="day",
    decision="granted", decided=date(2001, 3, 6), decided_precision="day",
    deployed=date(2001, 3, 10), deployed_precision="week", withdrawn=date(2001, 5, 1),
    withdrawn_precision="month", fate="in_office",
)  # fmt: skip
PARTLY = replace(HELPED, case_id="PARTLY", decision="partial", decided=None, fate="irregular",
                 asked_precision="month", deployed=date(2001, 3, 1), deployed_precision="day",
                 withdrawn=None)  # fmt: skip
REFUSED = replace(HELPED, case_id="REFUSED", decision="refused")
OPEN = replace(HELPED, case_id="OPEN", fate="", deployed=None, withdrawn=None)
TABLE = (HELPED, PARTLY, REFUSED, OPEN)


@pytest.fixture(scope="module")
def units() -> dict[str, list[Unit]]:
    """The units of every question."""
    return {one.name: list(one.units()) for one in request_measures(lambda: TABLE)}


@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("request-granted", [1.0, 0.0, 0.0, 1.0]),
        ("request-helped", [1.0, 1.0, 0.0, 1.0]),
        ("asker-in-office", [1.0, 0.0, 1.0]),
        ("days-to-troops", [6.0, 0.0]),  # troops that were there before are there at once
        ("days-deployed", [52.0]),
    ],
)
def test_what_is_counted(units: dict[str, list[Unit]], name: str, happened: list[float]) -> None:
    assert [one.happened for one in units[name]] == happened
    assert all(one.at_risk == 1.0 for one in units[name])


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("request-granted", date(2001, 3, 6), date(2001, 3, 6)),
        ("asker-in-office", date(2002, 3, 4), date(2002, 3, 4)),
        ("days-to-troops", date(2001, 3, 6), date(2001, 3, 16)),  # not before the decision
        ("days-deployed", date(2001, 5, 1), date(2001, 5, 31)),
    ],
)
def test_when_it_was_known(
    units: dict[str, list[Unit]], name: str, first: date, last: date
) -> None:
    assert (units[name][0].known_at_first, units[name][0].known) == (first, last)


def known(request: Request) -> tuple[date, date, date, date]:
    return request.known_at_first, request.known, request.fate_known_at_first, request.fate_known


def test_a_vague_request_without_a_day_of_decision() -> None:
    """Its own first and last day stand for it; a year later the asker's fate is known."""
    assert known(PARTLY) == (
        date(2001, 3, 1), date(2001, 3, 31), date(2002, 3, 1), date(2002, 3, 31),
    )  # fmt: skip
    # A decision is not known before what it answers may have been asked.
    early = replace(HELPED, asked_precision="year")
    assert known(early)[:2] == (date(2001, 3, 6), date(2001, 12, 31))


@pytest.mark.parametrize("body", sorted(BODIES))
def test_a_rate_counts_the_calls_on_a_body_that_the_fit_counts(body: str) -> None:
    """`CSTO Art. 4` and `Russia + CSTO` had been other bodies than `CSTO` to `history rate`."""
    calls = [each for each in calls_of(requests()) if each.path[2] == body]
    if not calls:
        pytest.skip("the table has no call on it that was the government's own")
    found = rate(MEASURES["request-granted"], (f"body = {body}", "genuine = yes")).nested[-1].tally
    assert (found.happened, found.units) == (sum(each.granted for each in calls), len(calls))


def test_the_same_is_counted_before_a_day() -> None:
    wheres = ("body = csto", "genuine = yes")
    day = date(2022, 1, 1)
    found = rate(MEASURES["request-granted"], wheres, before=day).nested[-1].tally
    learned = learned_share("body = csto", day)
    assert (found.happened, found.units) == (learned.granted, learned.calls) == (0, 4)


def test_whom_the_table_alone_names_keeps_that_name() -> None:
    table = (replace(HELPED, body="League of Small States"),)
    (unit,) = request_measures(lambda: table)[0].units()
    assert unit.columns["body"] == "League of Small States"
