"""Acts of those who tell a story: the verdict if they would have acted so in any case."""

import pytest

from foedus.infer.verdict.questionable import questionable
from foedus.infer.verdict.verdict import Verdict
from foedus.jump.lower import lower
from tests.infer.strikes import COMPLETE, HEAD, THREE, log_evidence, mixed, verdict_of
from tests.loading import case_of

KEEN = """\
speakers:
  union:
    candour: {value: 2, grade: assumed, because: a test}
    interest:
      plot: {value: 1, grade: assumed, because: a test}
"""
CALM = KEEN[: KEEN.index("    interest")]


def as_if_alike(verdict: Verdict) -> list[float | None]:
    return [one.log_odds for one in verdict.turning.changes if one.kind == "acts"]


def test_acts_that_would_have_come_anyway_weigh_nothing() -> None:
    """What is left of the record of three strikes is that there were no others.

    The log odds of 4 times 240 particles, reweighted, lie within 0.25 of the closed form; they were
    within 0.1 in each of 20 runs.
    """
    verdict = verdict_of(THREE, KEEN, particles=240)
    assert verdict.turning.leader == "by-itself"
    (found,) = as_if_alike(verdict)
    assert found is not None
    silent = log_evidence(0, 1.0, 10.0) - mixed(0, 1.0, 10.0)
    told = log_evidence(3, 2.0, 10.0) - mixed(3, 2.0, 10.0)
    assert abs(silent - told) > 0.75
    assert found == pytest.approx(silent, abs=0.25)


def test_acts_of_those_who_gain_nothing_are_not_doubted() -> None:
    assert as_if_alike(verdict_of(THREE, CALM)) == []


def test_acts_are_what_the_interested_did() -> None:
    """Options of theirs too; not what others did, what did not happen, or what was so."""
    head = HEAD.replace(
        "questions:",
        """  answer:
    by: union
    rate: "speed"
    choose:
      more: {doc: they do more, utility: "boost"}
      less: {doc: they do less, utility: "0"}
    doc: what they do next
  ride:
    by: boss
    rate: "speed"
    doc: the boss rides out
questions:""",
    )
    more = """\
  - {id: chose, happened: answer.more, at: 2000-01-06, cites: [wave], established: so}
  - {id: rode, happened: ride, at: 2000-01-06, cites: [wave], established: so}
  - {id: none, absent: strike, between: 2000-01-09/2000-01-10, cites: [wave], established: so}
  - {id: calm, state: strikes < 9, at: 2000-01-06, cites: [wave], established: so}
"""
    record = COMPLETE + "".join(
        f"  {name}: {{complete: 2000-01-01/2000-01-10, because: all see it}}\n"
        for name in ("answer.more", "ride")
    )
    case = case_of(head + "evidence:\n" + THREE + more + record + KEEN)
    assert questionable(case, lower(case)).acts == {"one", "two", "three", "chose"}
