"""What members of groups and values of state are called."""

import pytest

from foedus.report.phrases.names import expression_name, label_name
from foedus.text.codes import Code
from foedus.text.source import Source
from tests.loading import case_of, try_case

CASE = """\
foedus: 1
case: towns
title: Towns
clock: {start: 2022-01-01, end: 2022-01-31}
actors: {home: {kind: state, label: {en: Homeland, fi: Kotimaa}}}
groups: {town: [upper-ford, lower-ford]}
labels:
  upper-ford: {en: the ford of Alm, fi: Almin kahluupaikka}
  closed: {en: closed by soldiers, fi: sotilaiden sulkema}
parameters: {pace: {value: 2, unit: per day, grade: assumed, because: an example}}
state: {way: {type: {one of: [open, closed]}, per: town, starts: open, doc: the way}}
events: {close: {per: town, when: "way[town] == open", rate: pace, then: {"way[town]": closed}}}
questions: {closed: {probability: "way[upper-ford] == closed", at: 2022-01-31}}
"""


def test_labels_are_called_what_the_case_calls_them() -> None:
    case = case_of(CASE)
    assert label_name(case, "upper-ford") == "the ford of Alm"
    assert label_name(case, "upper-ford", "fi") == "Almin kahluupaikka"
    assert label_name(case, "lower-ford", "fi") == "Lower-Ford"
    shown = expression_name(case, case.questions["closed"].expression, "fi")
    assert shown == "the way (Almin kahluupaikka): sotilaiden sulkema"


def test_states_and_persons_have_proper_names() -> None:
    """The actor `chad` was called that in sentences, where a group's label was not."""
    kinds = "saudi-arabia: {kind: state}, otto: {kind: person}, farmers: {kind: movement}}"
    case = case_of(CASE.replace("fi: Kotimaa}}}", "fi: Kotimaa}}, " + kinds))
    assert [label_name(case, one) for one in ("saudi-arabia", "otto", "farmers", "home")] == [
        "Saudi Arabia", "Otto", "farmers", "Homeland",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["upper-frod", "home", "town", "way"])
def test_only_labels_of_groups_and_values_can_be_named(key: str) -> None:
    _, said = try_case(Source("case.yaml", CASE.replace("  upper-ford: {en", f"  {key}: {{en")))
    assert [one.code for one in said.found] == [Code.UNKNOWN_NAME]
