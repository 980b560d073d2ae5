"""Every question of the library whose end is known: what came, and how it is scored."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from foedus.case.find import SHIPPED, shipped_cases
from foedus.questions.fits.ended import ALL, GIVEN, Ended, ended_contests, ended_in
from foedus.questions.frozen import Came
from foedus.questions.settling import read_came
from foedus.study import load, simulate

CAME = [name for name in shipped_cases() if (SHIPPED / name / "came.csv").is_file()]


def test_every_case_about_a_call_says_what_came() -> None:
    assert {name for name in shipped_cases() if "aid" in _prefixes(name)} <= set(CAME)


def _prefixes(name: str) -> set[str]:
    return {use.prefix for use in load(name).uses}


@pytest.mark.parametrize("name", [one for one in CAME if one != "kazakhstan-2022"])
def test_what_came_is_about_the_case_and_rests_on_its_sources(name: str) -> None:
    case = load(name)
    rows = read_came(SHIPPED / name / "came.csv")
    assert len({row.question for row in rows}) == len(rows)
    for row in rows:
        is_chance = case.questions[row.question].kind == "probability"
        assert (row.value in (0.0, 1.0)) == is_chance, row
        sources = [part.strip().partition("#")[0] for part in row.cites.split(";")]
        assert sources
        assert set(sources) <= set(case.sources), row


@pytest.mark.parametrize("name", [one for one in CAME if one != "kazakhstan-2022"])
def test_what_came_of_the_call_is_what_the_table_of_requests_says(name: str) -> None:
    """Taken up or not, for the question that stands beside what earlier calls let expect."""
    with (SHIPPED / "kazakhstan-2022" / "aid_requests.csv").open(encoding="utf-8") as file:
        decisions = {row["case_id"]: row["decision"] for row in csv.DictReader(file)}
    for row in read_came(SHIPPED / name / "came.csv"):
        of_table = [
            decisions[part.strip().partition("#")[2]]
            for part in row.cites.split(";")
            if part.strip().startswith("requests#")
        ]
        if of_table and row.question == "granted-if-asked":
            assert (row.value == 1.0) == (of_table[0] == "granted"), row


def test_only_chances_whose_end_is_known_are_scored() -> None:
    case = load("nato-2001")
    rows = read_came(SHIPPED / "nato-2001" / "came.csv")
    answers = simulate(case, draws=300).questions
    found = ended_in(case, answers, rows)
    assert "helpers" not in {one.question for one in found}
    assert {one.question for one in found} <= {row.question for row in rows}
    assert all(one.is_given for one in found)
    errors = {one.name: one.estimate.error for one in answers}
    assert all(one.error == errors[one.question] for one in found)
    assert any(one.error > 0.0 for one in found)


def test_scores_and_their_errors_by_hand() -> None:
    """Two cases: one says 0.8 of two that came, the other 0.3 of one that did not."""
    asked = [("a", "x", 0.8, 1.0, True), ("a", "y", 0.8, 1.0, False), ("b", "z", 0.3, 0.0, True)]
    found = [
        Ended(case, question, said, 0.0, given, Came(question, came, ""))
        for case, question, said, came, given in asked
    ]
    every, given = ended_contests(found)
    assert (every.way, given.way) == (ALL, GIVEN)
    assert given.ids == ("a/x", "b/z")
    models, elsewhere, coin = every.scored
    assert models.brier == pytest.approx((0.04 + 0.04 + 0.09) / 3)
    assert elsewhere.brier == pytest.approx(((1 - 0.25) ** 2 * 2 + (2.5 / 3) ** 2) / 3)
    away = np.log(2.0) + np.log([0.8, 0.8, 0.7])
    assert coin.behind == pytest.approx(away.mean())
    sums = np.array([(away - away.mean())[:2].sum(), (away - away.mean())[2]])
    assert coin.behind_error == pytest.approx(np.sqrt(2.0 * (sums**2).sum()) / 3)


def test_one_case_is_no_contest() -> None:
    found = [Ended("a", name, 0.5, 0.0, True, Came(name, 1.0, "")) for name in ("x", "y")]
    assert ended_contests(found) == ()
