"""How an alliance decides on a request: vetoes drawn at the session, against the binomial law."""

from math import comb, sqrt

import pytest

from foedus.questions.answers import Answer
from foedus.study import simulate
from tests.loading import case_of

GROUND = "grade: assumed, because: a test"
VETO, CONTRIBUTE = 0.3, 0.4
CALL = f"""\
foedus: 1
case: session
title: A session
clock: {{start: 2000-01-01, end: 2001-01-01}}
actors:
  leader: {{kind: state}}
  asker: {{kind: state}}
  third: {{kind: state}}
  fourth: {{kind: state}}
  fifth: {{kind: state}}
  sixth: {{kind: state}}
  seventh: {{kind: state}}
  prince: {{kind: person, of: asker}}
offices:
  throne: {{of: asker, held: [{{by: prince, from: 1999-01-01}}]}}
alliances:
  league:
    members: [leader, asker, third, fourth, fifth, sixth, seventh]
    lead: leader
    obligations: [defense]
    decides: RULE
    since: 1990-01-01
uses:
  - mechanism: collective-aid
    as: aid
    with: {{alliance: league, asker: asker, asks: throne}}
    set:
      readiness-to-ask: {{value: 5, unit: per day, {GROUND}}}
      answer-time: {{value: 1, unit: days, {GROUND}}}
      veto: {{value: {VETO}, unit: share, {GROUND}}}
      contribute: {{value: {CONTRIBUTE}, unit: share, {GROUND}}}
      lead-approval: {{value: 0.5, unit: days, {GROUND}}}
      member-approval: {{value: 1, unit: days, {GROUND}}}
      lift-time: {{value: 5000, unit: days, {GROUND}}}
questions:
  granted: {{probability: "aid.answer == granted", at: 2000-12-31, given: "happened(aid.decide)"}}
  asker: {{probability: "aid.pledged[asker]", at: 2000-03-01, given: "aid.answer == granted"}}
  first: {{probability: "aid.pledged[leader]", at: 2000-03-01, given: SETTLED[leader]"}}
  third: {{probability: "aid.pledged[third]", at: 2000-03-01, given: SETTLED[third]"}}
""".replace(
    "SETTLED", '"not aid.ending and aid.operations == 0 and aid.answer == granted and aid.settled'
)


def asked(rule: str) -> dict[str, Answer]:
    found = simulate(case_of(CALL.replace("RULE", rule)), draws=4000, seed=2)
    return {one.name: one for one in found.questions}


@pytest.mark.parametrize(
    ("rule", "granted"),
    [
        # Five neither ask nor lead: none may block, or fewer than half of all but the asker.
        ("consensus", (1.0 - VETO) ** 5),
        ("majority", sum(comb(5, n) * VETO**n * (1.0 - VETO) ** (5 - n) for n in range(3))),
        ("lead", 1.0),
    ],
)
def test_a_session_agrees_by_the_rule_of_the_alliance(rule: str, granted: float) -> None:
    """Within 4.5 standard errors of a binomial share: a false alarm in 150,000."""
    found = asked(rule)["granted"]
    assert found.counted is not None
    assert found.counted > 300
    assert found.estimate.value is not None
    error = sqrt(granted * (1.0 - granted) / found.counted)
    assert abs(found.estimate.value - granted) <= 4.5 * error + 1e-12


def test_what_each_sends_is_decided_at_home() -> None:
    """The asker sends nothing, the leading member what it must, each other one by its own lot."""
    found = asked("majority")
    assert found["asker"].estimate.value == 0.0
    assert found["first"].estimate.value == 1.0
    third = found["third"]
    assert third.counted is not None
    assert third.counted > 200
    assert third.estimate.value is not None
    error = sqrt(CONTRIBUTE * (1.0 - CONTRIBUTE) / third.counted)
    assert abs(third.estimate.value - CONTRIBUTE) <= 4.5 * error


def test_home_and_the_way_there_are_stages_of_their_own() -> None:
    """Each takes its time from the one before on, however long that took: means within 4.5 standard
    errors, a false alarm in 50,000 for all three."""
    slow = f"      leave-to-end: {{value: 100000, unit: days, {GROUND}}}\nquestions:\n"
    stages = (
        ("settled[leader]", "aid.answer == granted", 0.5),
        ("settled[third]", "aid.answer == granted", 1.0),
        ("sent[leader]", "aid.pledged[leader]", 2.0),
    )
    asked_of = "".join(
        f'  stage-{n}: {{time-until: "aid.{end}", from: "{start}", by: 2000-12-31}}\n'
        for n, (end, start, _) in enumerate(stages)
    )
    text = CALL.replace("RULE", "lead").replace("questions:\n", slow + asked_of)
    model = case_of(text.replace("lift-time: {value: 5000", "lift-time: {value: 2"))
    found = {one.name: one for one in simulate(model, draws=2000, seed=3).questions}
    for n, (_, _, days) in enumerate(stages):
        answer = found[f"stage-{n}"]
        assert answer.counted is not None
        assert answer.counted > 200
        assert answer.estimate.value is not None
        assert answer.estimate.error is not None
        assert abs(answer.estimate.value - days) <= 4.5 * answer.estimate.error
        assert answer.estimate.error < 0.1 * days
