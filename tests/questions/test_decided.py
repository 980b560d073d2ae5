"""Necessity and sufficiency given the record: when they are told, of what, and how large."""

from __future__ import annotations

import pytest

from foedus.jump.model import Intervention
from foedus.questions.decided import Decided, decided
from foedus.questions.estimates import UNKNOWN, Estimate
from foedus.questions.policy import from_day
from foedus.questions.worlds import Comparison
from foedus.text.diagnostic import NoAnswerError
from tests.engine.models import intervene, variable

FORBID, FORCE = intervene("forbid", "act"), intervene("force", "act", at=1.0)


def asked(before: float, after: float, kind: str = "probability") -> Comparison:
    first, second = Estimate(before, None, None, 0.0), Estimate(after, None, None, 0.01)
    return Comparison("it", kind, first, second, UNKNOWN, None, None, {}, True, (100, 100))


@pytest.mark.parametrize(
    ("decision", "share", "before", "after", "kind", "is_yes", "value"),
    [
        (FORBID, 1.0, 1.0, 0.3, "necessity", True, 0.7),
        (FORBID, 1.0, 0.0, 0.3, "necessity", False, 0.3),
        (FORCE, 0.0, 0.0, 0.3, "sufficiency", True, 0.3),
        (FORCE, 0.0, 1.0, 0.3, "sufficiency", False, 0.7),
    ],
)
def test_of_what_is_certain_without_the_decision_it_is_told_how_often_it_turns(
    decision: Intervention, share: float, before: float, after: float, kind: str, is_yes: bool,
    value: float,
) -> None:  # fmt: skip
    (found,) = decided([asked(before, after)], [decision], [("act", decision.kind, share)])
    assert (found.question, found.kind, found.is_yes) == ("it", kind, is_yes)
    assert found.value == pytest.approx(value)
    assert found.error == 0.01


@pytest.mark.parametrize(
    ("decision", "share", "question"),
    [
        ((FORBID,), 0.99, asked(1.0, 0.3)),
        ((FORBID,), 0.0, asked(1.0, 0.3)),
        ((FORCE,), 0.01, asked(0.0, 0.3)),
        ((FORCE,), 1.0, asked(0.0, 0.3)),
        ((FORBID,), 1.0, asked(0.99, 0.3)),
        ((FORBID,), 1.0, asked(1.0, 0.3, "mean")),
        ((FORBID, FORCE), 1.0, asked(1.0, 0.3)),
        ((intervene("forbid", "act", condition=variable("a")),), 1.0, asked(1.0, 0.3)),
    ],
)
def test_of_what_is_not_certain_nothing_is_told(
    decision: tuple[Intervention, ...], share: float, question: Comparison
) -> None:
    found: tuple[Decided, ...] = decided(
        [question], decision, [("act", decision[0].kind, share)] * len(decision)
    )
    assert found == ()


def test_what_is_decided_on_the_very_day_can_be() -> None:
    assert from_day("mine", (FORCE,), 1.0) == (FORCE,)
    with pytest.raises(NoAnswerError, match="decided before that date"):
        from_day("mine", (FORCE,), 1.0 + 1e-9)
    (dated,) = from_day("mine", (FORBID,), 2.0)
    assert dated.at == 2.0
