"""Every what-if of a shipped case with a record can be answered given that record.

A refusal for too few courses is a fault of the case, or of how hard it is tried by default.
"""

from __future__ import annotations

import pytest

from foedus.infer.islands.effort import Effort
from foedus.study import counterfactual, load

CASES = (
    "armenia-2021", "armenia-2022", "bahrain-2011", "belarus-2020", "czechoslovakia-1968",
    "gambia-2017", "hungary-1956", "kazakhstan-2022", "kyrgyzstan-2010", "lesotho-1998",
    "nato-2001", "niger-2023",
)  # fmt: skip


@pytest.mark.full
@pytest.mark.parametrize("name", CASES)
def test_every_what_if_is_answered(name: str) -> None:
    case = load(name)
    asked = list(case.what_ifs)
    found = counterfactual(name, *asked, effort=Effort())
    assert [one.what_if for one in found] == asked
    for one in found:
        assert one.counted >= 100
        for question in one.questions:
            assert question.factual.value is None or question.factual.error is not None
