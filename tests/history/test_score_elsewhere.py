"""Forecasts beside what others have coded: the table of SDR 9, and how its errors are made."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from foedus.history.importing import import_file
from foedus.history.requests import requests_in_neither, requests_of_both
from foedus.questions.requests.covariates import covariates
from foedus.questions.requests.features import Asked
from foedus.questions.requests.model import forecasts
from foedus.questions.requests.precedents import rows_of
from foedus.questions.requests.scoring import contests
from tests.architecture.project import ROOT
from tests.history.places import real_file
from tools import score_elsewhere
from tools.score_elsewhere import _between, in_tables

RULE = ROOT / "docs" / "decisions" / "sdr-0009-what-others-have-coded.md"
NEEDS = ("archigos", "atop-members", "berkemeier-fuhrmann", "cow-wars-inter", "ucdp-acd")


def test_what_is_said_of_the_table_stands_in_it() -> None:
    page = RULE.read_text(encoding="utf-8")
    row = re.compile(r"^\| ([^|-][^|]*) \| \d+ \| (\d+)% \| (\d+)% \|", re.MULTILINE)
    pacts, joined, others = [(int(came), int(said)) for _, came, said in row.findall(page)]
    assert f"{pacts[1]} % where {pacts[0]} % came" in page
    view = (ROOT / "docs" / "outside-view.md").read_text(encoding="utf-8")
    assert f"{pacts[1]} % where {pacts[0]} % came" in view
    lead = re.search(r"invoked by a war \| 32 \|.*?\| \+(\d\.\d\d ± \d\.\d\d) \|", page)
    assert lead is not None
    assert f"32 pacts that a war invoked; the log score is lower by {lead[1]}" in view
    assert f"({joined[1]} % said, {joined[0]} % came)" in page
    assert f"({others[0]} %, said {others[1]} %)" in page


@pytest.fixture
def imported() -> None:
    for name in NEEDS:
        assert import_file(name, real_file(name)).provenance is not None


def test_the_published_table_comes_out_again(imported: None, pytestconfig: pytest.Config) -> None:
    page = RULE.read_text(encoding="utf-8")
    start, end = "<!-- scores -->\n", "<!-- end -->"
    head, _, rest = page.partition(start)
    today = f"{head}{start}{score_elsewhere.table()}\n{end}{rest.partition(end)[2]}"
    if pytestconfig.getoption("--update"):
        RULE.write_text(today, encoding="utf-8")
    assert page == today


def test_who_asks_was_attacked_and_is_not_among_the_asked(imported: None) -> None:
    seen = score_elsewhere.invocations()
    kuwait = next(one for one in seen if one.asked.requester == "Kuwait")
    assert (kuwait.of, kuwait.came, in_tables(kuwait)) == ("211", False, True)
    assert {"Iraq", "Saudi Arabia"} <= set(kuwait.asked.body.split(", "))
    assert all(one.asked.requester not in one.asked.body.split(", ") for one in seen)
    # Iraq began the war of 1990 and is in the same pact: it is not who asks
    assert not any(one.of == "211" and one.asked.requester == "Iraq" for one in seen)


def test_only_what_was_decided_before_the_day_is_known(imported: None) -> None:
    seen = score_elsewhere.beside_troops(with_troops=True)
    made = list(forecasts([one.asked for one in seen], rows_of(requests_of_both()), unseen=()))
    days = [one.asked.asked for one in seen]
    assert [one.learned_from for one in made] == [
        sum(request.known < day for request in requests_of_both()) for day in days if day
    ]
    assert (made[0].learned_from, made[-1].learned_from) == (1, 120)


def test_errors_are_those_of_unrelated_rows_and_no_smaller_for_rows_said_twice() -> None:
    values = np.random.default_rng(7).normal(size=40)
    alone = np.array([str(n) for n in range(40)])
    mean, error = _between(values, alone)
    assert mean == pytest.approx(values.mean())
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(40))
    assert _between(np.tile(values, 3), np.tile(alone, 3)) == pytest.approx((mean, error))


def leads(find: Callable[[Asked], Asked] | None = None) -> list[str]:
    """The model's lead over the base rate, left out one at a time and in neither table."""
    found = contests(
        rows_of(requests_of_both(), find), outside=rows_of(requests_in_neither(), find)
    )
    rates = [each.scored[1] for each in (found[0], found[2])]
    assert all(one.name == "base rate" for one in rates)
    return [f"{one.behind:.3f} ± {one.behind_error:.3f}" for one in rates]


def test_the_leads_are_todays_and_say_how_many_requests_would_decide_it() -> None:
    page = " ".join(RULE.read_text(encoding="utf-8").split())
    inside, outside = leads()
    assert f"{inside} in the tables, {outside} in neither" in page
    lead, error = float(inside.split()[0]), float(outside.split()[2])
    needed = 52 * (2 * error / lead) ** 2
    assert f"some {round(needed, -1):.0f} new requests" in page


def test_the_leads_with_data_of_others_are_todays() -> None:
    for name in ("archigos", "atop-dyad-years", "vdem"):
        assert import_file(name, real_file(name)).provenance is not None
    page = " ".join(RULE.read_text(encoding="utf-8").split())
    find = covariates()
    both = [*rows_of(requests_of_both(), find), *rows_of(requests_in_neither(), find)]
    known = [sum(name in row.features for row in both) for name in ("pact", "tenure", "polyarchy")]
    assert "{}, {} and {} of the 196".format(*known) in page
    inside, outside = (_rounded(one) for one in leads(find))
    plain, _ = (_rounded(one) for one in leads())
    assert f"in neither table is {outside}, and in the tables {inside} in place of {plain}" in page


def _rounded(lead: str) -> str:
    return " ± ".join(f"{float(one):.2f}" for one in lead.split(" ± "))
