"""The library of cases: each checks, runs, and says what its README tells the reader to expect."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import foedus
from foedus.case.expectations import expectations_beside
from foedus.case.find import shipped_cases
from foedus.case.reader import read_source
from foedus.infer.islands.effort import Effort
from foedus.study import counterfactual, load, weigh, what_if
from foedus.text.diagnostic import Diagnostics
from foedus.text.render import as_text
from tests.architecture.project import ROOT
from tests.loading import try_case

CASES = Path(foedus.__file__).parent / "cases"
CALLS = (
    "hungary-1956",
    "czechoslovakia-1968",
    "lesotho-1998",
    "nato-2001",
    "kyrgyzstan-2010",
    "bahrain-2011",
    "gambia-2017",
    "belarus-2020",
    "armenia-2021",
    "armenia-2022",
    "niger-2023",
)
LANDSCAPE = "landscape-2016"
LEADS = {
    "hungary-1956": {"held-by-force"},
    "niger-2023": {"others-in-the-way"},
    "lesotho-1998": {"the-troops"},
    "nato-2001": {"ordinary-answer", "aloof-asker"},
    "gambia-2017": {"the-troops", "his-army"},
    "bahrain-2011": {"able-alliance"},
    "belarus-2020": {"empty-words", "bluff-that-worked"},
    "armenia-2021": {"unwilling-leader", "mediating-leader"},
    LANDSCAPE: {"acts-divide", "creed-divides", "acts-and-creed-divide"},
}
"""Whom READMEs say that the record favours; several where they say that it does not decide."""


@pytest.mark.parametrize("name", [*CALLS, LANDSCAPE])
def test_a_case_of_the_library_is_whole(name: str) -> None:
    """Dated, cited evidence, rivals, questions, what-ifs, a README; no fault, no warning."""
    path = CASES / name / "case.yaml"
    source = read_source(path, path.name, Diagnostics())
    assert source is not None
    case, diagnostics = try_case(source, path.parent)
    assert not diagnostics.found, as_text(tuple(diagnostics.found))
    assert case is not None
    assert len(case.explanations) >= 3
    assert all(item.cites for item in case.evidence)
    assert len(case.questions) >= 3
    assert len(case.what_ifs) >= 2
    assert {use.mechanism for use in case.uses} == ({"collective-aid"} if name in CALLS else set())
    text = (CASES / name / "README.md").read_text(encoding="utf-8")
    for heading in ("## What is asked", "## What comes out", "## What it cannot say"):
        assert heading in text
    assert expectations_beside(path).is_file()
    for line in text.splitlines():
        if "`foedus whatif" in line:
            named = line.split("`foedus whatif")[1].split("`")[0].split()
            assert named[0] == name
            assert named[1] in case.what_ifs


def test_the_list_of_cases_is_complete() -> None:
    page = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    for name in shipped_cases():
        assert f"`{name}`" in page, name
        story = CASES / name / "README.md"
        assert not story.exists() or f"(../src/foedus/cases/{name}/README.md)" in page, name


@pytest.mark.full
@pytest.mark.parametrize("name", LEADS)
def test_the_record_says_what_the_readme_says(name: str) -> None:
    """There is a verdict without more particles than by default, and its leader is the one told."""
    found = {one.name: one.posterior for one in weigh(name).standings if one.is_rival}
    together = sum(found[one] for one in LEADS[name])
    assert max(found, key=lambda one: found[one]) in LEADS[name]
    assert together > 0.5
    if len(LEADS[name]) > 1:
        assert max(found[one] for one in LEADS[name]) < 0.75


@pytest.mark.parametrize("name", [*CALLS, LANDSCAPE])
def test_no_case_of_the_library_is_refused(name: str) -> None:
    """Even with half of the particles that are taken by default."""
    found = weigh(name, effort=Effort(particles=75, again=20))
    assert sum(one.posterior for one in found.standings if one.is_rival) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "what_if", "question"),
    [
        ("bahrain-2011", "no-troops", "granted-if-asked"),
        ("niger-2023", "never-asked", "ordered-if-asked"),
    ],
)
def test_what_the_record_holds_as_granted_was_granted(
    name: str, what_if: str, question: str
) -> None:
    """However long ago, and whatever came of it: by the end of the clock all may be over."""
    (found,) = counterfactual(name, what_if, effort=Effort(particles=75, again=20))
    granted = next(one for one in found.questions if one.name == question)
    assert granted.factual.value == 1.0


def test_what_archives_held_turned_the_verdict_on_hungary() -> None:
    """Before 1996 the break looked like the cause of the march; it came a day after the resolve."""
    few = Effort(particles=200, islands=2)
    then = weigh("hungary-1956", as_of="1957-06-30", effort=few)
    found = {one.name: one.posterior for one in then.standings if one.is_rival}
    assert found["provoked-by-the-break"] > found["held-by-force"]


def test_a_dismissal_turned_what_could_be_said_of_the_reserve() -> None:
    """Standing by for weeks looked meant; being dismissed with the streets full did not.

    The odds of its having been meant are 64 to 36 before and 39 to 61 after, each with an error of
    two or three points, so a false alarm needs four standard errors (less than 1 in 10,000).
    """
    few = Effort(particles=125, islands=1)
    meant = [
        {one.name: one.posterior for one in found.standings}["it-was-meant"]
        for found in (
            weigh("belarus-2020", as_of="2020-09-13", effort=few), weigh("belarus-2020", effort=few)
        )
    ]  # fmt: skip
    assert meant[0] > 0.5 > meant[1]


def test_a_reserve_comes_where_its_condition_does_if_it_is_meant() -> None:
    """Before any evidence: what it stands by for brings it, but hardly if it is for show."""
    found = what_if("belarus-2020", "buildings-are-seized", draws=1000)
    comes = {one.name: one for one in found.questions}["comes-if-asked"].by_explanation
    changes = {reading: estimate.value or 0.0 for reading, estimate in comes.items()}
    assert min(changes["condition-never-came"], changes["meant-and-feared"]) > 0.05
    assert max(changes["empty-words"], changes["bluff-that-worked"]) < 0.03


def test_troops_that_were_not_sent_would_not_have_shortened_the_pogroms() -> None:
    found = what_if("kyrgyzstan-2010", "granted-as-in-2022", draws=200)
    by_name = {one.name: one for one in found.questions}
    assert by_name["days-of-pogroms"].difference.value == 0.0
    assert (by_name["troops"].difference.value or 0.0) > 0.0


def test_troops_are_not_assumed_to_bring_order_back() -> None:
    found = what_if("bahrain-2011", "no-troops", draws=2000)
    days = {one.name: one for one in found.questions}["days-of-occupation"].difference
    assert days.low is not None
    assert days.high is not None
    assert days.low <= 0.0 <= days.high


def test_every_pair_of_the_landscape_has_a_reason() -> None:
    """What two did to each other, and whether they are of one creed, is the same both ways."""
    with (CASES / LANDSCAPE / "pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = {(row["actor"], row["other"]): row for row in csv.DictReader(file)}
    group = load(LANDSCAPE).groups["player"].labels
    assert set(pairs) == {(one, other) for one in group for other in group}
    for (one, other), row in pairs.items():
        assert {row["acts"], row["creed"]} <= ({"-1", "0", "1"} if one != other else {"0"})
        back = pairs[other, one]
        assert (row["acts"], row["creed"]) == (back["acts"], back["creed"])
        assert row["because"] == back["because"] != ""


def test_who_is_invaded_need_not_have_asked() -> None:
    case = load("czechoslovakia-1968")
    assert case.events["invasion"].mechanism is None
    assert case.events["aid.ask"].mechanism == "aid"
