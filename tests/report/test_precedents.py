"""The classes of precedents that shipped cases name are told in words, in both languages."""

from __future__ import annotations

import re

import pytest

from foedus.case.find import SHIPPED, shipped_cases
from foedus.report.precedents import show_class

NAMED = re.compile(r"precedents: \{from: [a-z-]+, where: (.*?)\}")


@pytest.mark.parametrize("language", ["en", "fi"])
def test_no_shipped_class_is_shown_as_a_raw_condition(language: str) -> None:
    texts = [(SHIPPED / name / "case.yaml").read_text("utf-8") for name in shipped_cases()]
    named = {where for text in texts for where in NAMED.findall(text)}
    assert len(named) > 1
    assert [where for where in named if "=" in show_class(where, language)] == []


def test_parts_are_told_one_by_one_and_values_in_any_order() -> None:
    assert show_class("decision = partial | granted", "en") == show_class(
        "decision=granted|partial", "en"
    )
    told = show_class("chosen = yes and year >= 1990 and kin != yes", "en")
    assert told == "the successor was the leader's choice; year >= 1990; kin != yes"
