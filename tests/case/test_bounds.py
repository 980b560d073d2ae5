"""What can be reached: the same for each atom, whether or not work is shared between them."""

from __future__ import annotations

import pytest

from foedus import study
from foedus.case.bounds import Ground, reach
from foedus.text.source import Source
from tests.diagnostics.pages import merged
from tests.loading import try_case


@pytest.mark.parametrize("name", ["kazakhstan-2022", "belarus-2020", "crisis"])
def test_shared_work_changes_nothing(name: str) -> None:
    case = study.load(name)
    ground = Ground(case)
    for present in (None, *(belief.atom.components for belief in case.atoms)):
        for assumed in (frozenset[str](), frozenset(list(case.events)[:2])):
            alone = reach(case, assumed, present)
            assert reach(case, assumed, present, ground) == alone


def test_work_is_shared() -> None:
    """The flagship's atoms differ in few events: each costs a fraction of the first."""
    case = study.load("kazakhstan-2022")
    ground = Ground(case)
    reach(case, present=frozenset(), ground=ground)
    first = len(ground.steps)
    found = [
        reach(case, present=belief.atom.components, ground=ground).possible for belief in case.atoms
    ]
    assert len(set(map(frozenset, found))) > 1
    assert len(ground.steps) < first * (1 + len(found) / 2)


GROUND = "grade: assumed, because: a guess"
REACHES = f"""\
parameters:
  spark: {{value: 0.1, unit: per day, {GROUND}}}
  off: {{value: 0, unit: per day, {GROUND}}}
  half: {{value: 0.5, unit: share, {GROUND}}}
components: {{plot: {{}}}}
atoms:
  plain: {{components: [], prior: 0.5, {GROUND}}}
  plotted:
    components: [plot]
    prior: 0.5
    grade: assumed
    because: a guess
    parameters: {{off: {{value: 0.2, unit: per day, {GROUND}}}}}
explanations: {{one: {{atoms: [plain]}}, other: {{atoms: [plotted]}}}}
groups: {{town: [north, south]}}
state:
  hit: {{type: flag, starts: false}}
  n: {{type: count, starts: 3, max: 20, because: a guess}}
  k: {{type: count, starts: 0, max: 20}}
  c: {{type: count, starts: 0, max: 20}}
  x: {{type: count, per: town, starts: 0, max: 20}}
  mood: {{type: {{one of: [calm, angry, gone]}}, starts: calm}}
  depth: {{type: level, starts: 0}}
  swings: {{type: level, starts: 0}}
events:
  rolls: {{rate: spark, draw: {{d: 'integer(5, 7)'}}, then: {{n: d}}}}
  counts: {{rate: spark, draw: {{d: 'binomial(4, half)'}}, then: {{k: d}}}}
  sinks: {{rate: spark, then: {{depth: depth - 1}}}}
  swings-about: {{rate: spark, draw: {{d: 'normal(0, 1)'}}, then: {{swings: d}}}}
  only-plotted: {{rate: off, then: {{c: 1}}}}
  some:
    rate: spark
    then:
      "x[t] for t in town where n > 8": 5
      "x[t] for t in town where x[t] <= 0": "x[t] + 1"
  angers: {{rate: spark, then: {{mood: angry}}}}
  probe: {{when: GUARD, rate: spark, then: {{hit: true}}}}
questions: {{q: {{probability: hit, at: 2022-02-01}}}}
"""


@pytest.mark.parametrize(
    ("guard", "can_be"),
    [
        ("n >= 7", True), ("n > 7", False), ("n <= 3", True), ("n < 3", False),
        ("k >= 4", True), ("k > 4", False), ("depth < -5", True), ("depth > 0", False),
        ("swings < -5", True), ("swings > 5", True), ("c > 0", True), ("c > 1", False),
        ("x[north] >= 1", True), ("x[north] > 1", False), ("mood == angry", True),
        ("mood == gone", False),
    ],
)  # fmt: skip
def test_what_can_be_and_no_more(guard: str, can_be: bool) -> None:
    text = REACHES.replace("GUARD", f'"{guard}"')
    _, diagnostics = try_case(Source("case.yaml", merged(text)))
    codes = [one.code.value for one in diagnostics.in_order()]
    assert codes == ([] if can_be else ["never-enabled"])


def test_what_if_a_label_is_set_it_can_be() -> None:
    text = REACHES.replace("GUARD", "mood == gone") + "what-if: {w: {set: {mood: gone}}}\n"
    _, diagnostics = try_case(Source("case.yaml", merged(text)))
    assert [one.code.value for one in diagnostics.in_order()] == []
