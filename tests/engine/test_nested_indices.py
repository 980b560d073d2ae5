"""What quantifiers come to, also within each other and under the name of an index outside."""

import pytest

from foedus import study
from tests.loading import case_of

CASE = """\
foedus: 1
case: nested
title: Nested
clock: {start: 2000-01-01, end: 2000-01-11}
groups: {town: [a, b, c]}
state:
  up: {type: count, per: town, starts: "if town == b then 1 else 3"}
  total: {type: count, starts: 0}
events:
  ring: {per: town, at: 2000-01-02, then: {total: "total + EXPRESSION"}}
questions:
  q: {mean: total, at: 2000-01-11}
"""


@pytest.mark.parametrize("engine", ["reference", "native"])
@pytest.mark.parametrize(
    ("expression", "total"),
    [
        # Each of the three rings adds as much, but where it says whose ring it is.
        ("sum(up[i] for i in town)", 21),
        ("(1 + sum(up[i] for i in town where up[i] > 5))", 3),
        ("sum(up[i] for i in town where i != town)", 14),
        ("count(up[i] > 2 for i in town)", 6),
        ("count(up[i] > 2 for i in town where i != a)", 3),
        ("min(up[i] for i in town)", 3),
        ("max(up[i] for i in town where i == b)", 3),
        ("(if any(up[i] > 5 for i in town) then 5 else 1)", 3),
        ("(if any(up[i] > 2 for i in town where i != b) then 1 else 0)", 3),
        ("(if all(up[i] > 5 for i in town where up[i] > 4) then 1 else 0)", 3),
        ("(if all(up[i] > 2 for i in town) then 1 else 0)", 0),
        # An index inside that has the name of one outside hides it, and no longer.
        ("sum(sum(up[i] for i in town) * up[i] for i in town)", 147),
        ("sum(up[i] * sum(up[i] for i in town where i != b) for i in town where i == b)", 18),
        ("sum(up[i] for i in town where any(up[i] > 2 for i in town) and up[i] < 2)", 3),
        ("(sum(up[town] for town in town) + up[town])", 28),
    ],
)
def test_a_quantifier_by_hand(expression: str, total: int, engine: str) -> None:
    case = case_of(CASE.replace("EXPRESSION", expression))
    found = study.simulate(case, draws=1, engine=engine).questions[0]
    assert found.estimate.value == total
