"""What in a case can be doubted: numbers, sources, those behind them, and acts."""

from __future__ import annotations

import pytest

from foedus.infer.verdict.questionable import Questionable, questionable
from foedus.jump.lower import lower
from tests.infer.strikes import COMPLETE, HEAD, item
from tests.loading import case_of

GROUND = "grade: assumed, because: a test"
ITEMS = (
    item("one", "2000-01-02")
    + item("two", "2000-01-04", cites="daily, weekly")
    + item("three", "2000-01-06", cites="daily, wave")
)
CLAIM = "claims:\n  - {id: C1, by: boss, says: plot, at: 2000-01-09, cites: [wave]}\n"
BOSS = f"""\
speakers:
  boss:
    candour: {{value: 2, {GROUND}}}
    interest: {{plot: {{prior: "normal(1, 1)", {GROUND}}}}}
"""
UNION = f"""\
  union:
    candour: {{prior: "lognormal(2, 2)", {GROUND}}}
"""
INTEREST = f"    interest: {{plot: {{value: 1, {GROUND}}}}}\n"


def doubted(more: str = "", head: str = HEAD) -> Questionable:
    case = case_of(f"{head}evidence:\n{ITEMS}{COMPLETE}{CLAIM}{BOSS}{more}")
    return questionable(case, lower(case))


def test_what_rests_on_one_alone() -> None:
    """Two sources of one origin are one origin; what two origins tell rests on neither."""
    found = doubted()
    assert found.sources == {"daily": {"one"}, "wave": {"C1"}}
    assert found.origins == {"paper": {"one", "two"}, "radio": {"C1"}}


@pytest.mark.parametrize(
    ("more", "acts"), [("", set()), (UNION, set()), (UNION + INTEREST, {"one", "two", "three"})]
)
def test_acts_are_those_of_who_tells_a_story(more: str, acts: set[str]) -> None:
    assert doubted(more).acts == acts


def test_numbers_that_are_open_and_somebody_judged() -> None:
    """What is fixed is not in doubt, nor is what was measured, however uncertain."""
    found = doubted(UNION)
    assert found.specific == ("boost",)
    speakers = {"speaker.boss.interest.plot", "speaker.union.candour"}
    assert set(found.assumed) == {"speed", "boost", *speakers}
    fixed = doubted(head=HEAD.replace('boost: {prior: "lognormal(3, 1.5)"', "boost: {value: 3"))
    assert fixed.specific == ()
    measured = HEAD.replace(
        'boost: {prior: "lognormal(3, 1.5)", grade: assumed, because: a test}',
        'boost: {prior: "lognormal(3, 1.5)", grade: measured, cites: [daily]}',
    )
    assert measured != HEAD
    assert doubted(head=measured).specific == ()
    assert "boost" not in doubted(head=measured).assumed
    share = HEAD.replace('boost: {prior: "lognormal(3, 1.5)"', 'boost: {prior: "beta(3, 1)"')
    assert found.shares == set()
    share = share.replace('beta(3, 1)", grade: assumed', 'beta(3, 1)", unit: share, grade: assumed')
    assert doubted(head=share).shares == {"boost"}
