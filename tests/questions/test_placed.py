"""How far out a value lies that a decision gives to a parameter: formulas, and what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foedus.expr.tree import Number, NumberType
from foedus.infer.islands.effort import Effort
from foedus.jump.model import Intervention
from foedus.questions.placed import parameters_set, placed
from foedus.report.what_if.other_world import other_world_record, show_other_world
from foedus.report.what_if.what_if import change_record, show_change
from foedus.study import counterfactual, load, what_if

BRIDGE = """
foedus: 1
case: the-bridge
title: The bridge
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
parameters:
  pace: {prior: "uniform(0.1, 0.2)", unit: per day, grade: assumed, because: an example}
  odds: {prior: "uniform(0, 1)", unit: share, grade: assumed, because: an example}
  alone: {value: 0.05, unit: per day, grade: assumed, because: an example}
state: {fallen: {type: flag, starts: false}}
events:
  fall: {when: not fallen, rate: pace + odds * alone, then: {fallen: true}}
record: {fall: {complete: 2000-01-01/2000-01-21}}
evidence: [{id: E1, happened: fall, at: 2000-01-03, cites: [paper]}]
questions: {fallen: {probability: fallen, at: 2000-01-10}}
what-if:
  haste: {set: {pace: 0.3}}
  calm: {set: {pace: 0.15}, at: 2000-01-02}
  known: {set: {alone: 0.06}}
"""


def set_to(name: str, value: float) -> Intervention:
    return Intervention("set-parameter", name, value=Number(value, NumberType()))


def test_the_share_below_a_value_over_all_atoms() -> None:
    """Atoms by their weights, draws of one alike, half of what is equal."""
    values = {"p": np.array([[1.0, 2.0, 3.0, 4.0], [3.0, 3.0, 9.0, 9.0]]), "q": np.ones((2, 4))}
    decision = set_to("p", 3.0), set_to("q", 5.0), Intervention("forbid", "p")
    assert parameters_set(decision) == ("p", "q")
    (found,) = placed(decision, values, np.array([0.25, 0.75]))
    assert (found.parameter, found.value) == ("p", 3.0)
    assert found.share == pytest.approx(0.25 * 2.5 / 4 + 0.75 * 1.0 / 4)


def test_a_value_far_out_is_said_first(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(BRIDGE, encoding="utf-8")
    case = load(path)
    haste = what_if(path, "haste", draws=400)
    (one,) = haste.placed
    assert one.share == 1.0
    lines = show_change(case, haste).splitlines()
    assert lines[2].startswith("This is far from what the case expects: pace is set to 0.3 per day")
    calm = what_if(path, "calm", draws=4000)
    share = calm.placed[0].share
    assert share == pytest.approx(0.5, abs=5 * 0.5 / calm.outer**0.5)
    assert change_record(case, calm)["warnings"] == []
    assert what_if(path, "known", draws=40).placed == ()


def test_given_the_record_it_is_placed_among_what_that_leaves(tmp_path: Path) -> None:
    """It fell on the third day: the record speaks for a higher pace, if for little."""
    path = tmp_path / "case.yaml"
    path.write_text(BRIDGE, encoding="utf-8")
    case = load(path)
    found = {
        one.what_if: one
        for one in counterfactual(path, "haste", "calm", courses=300, effort=Effort(150))
    }
    assert found["haste"].placed[0].share == 1.0
    assert "pace is set to 0.3 per day, above all values that were drawn" in " ".join(
        show_other_world(case, found["haste"]).split()
    )
    placed_at = other_world_record(case, found["calm"])["placed"]
    assert placed_at == [
        {"parameter": "pace", "value": 0.15, "share": found["calm"].placed[0].share}
    ]
    assert 0.2 < found["calm"].placed[0].share < 0.6


FRIENDS = """
foedus: 1
case: the-friends
title: The friends
clock: {start: 2000-01-01, end: 2000-01-21}
parameters:
  pace: {value: 0.2, unit: per day, grade: assumed, because: an example}
groups: {friend: [ada, bo]}
sources: {paper: {kind: news, title: The Paper}}
actors: {club: {kind: state}, cy: {kind: person, of: club}, di: {kind: person, of: club}}
offices: {chair: {of: club, held: [{by: cy, from: 1999-01-01, cites: [paper]}]}}
state: {gone: {type: flag, per: friend, starts: false}}
events:
  goes: {per: friend, when: "not gone[friend]", rate: pace, then: {"gone[friend]": true}}
  hands-over: {when: holder(chair) == cy, rate: pace, then: {holder(chair): di}}
questions: {gone: {probability: "gone[bo] and holder(chair) == di", at: 2000-01-20}}
what-if:
  both: {set: {gone: true}, at: 2000-01-10}
  one: {set: {"gone[bo]": true}, at: 2000-01-10}
  chair: {set: {holder(chair): di}, at: 2000-01-10}
  toggled: {set: {"gone[bo]": "not gone[bo]"}, at: 2000-01-10}
  from-the-start: {set: {gone: true}}
"""


@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize(
    ("name", "share"), [("both", 0.835**2), ("one", 0.835), ("chair", 0.835), ("toggled", None),
                        ("from-the-start", None)],
)  # fmt: skip
def test_how_often_what_is_set_is_so_by_itself(
    name: str, share: float | None, engine: str, tmp_path: Path
) -> None:
    """Each friend is gone within nine days with probability 1 - exp(-9 / 5); five errors."""
    path = tmp_path / "case.yaml"
    path.write_text(FRIENDS, encoding="utf-8")
    draws = 4000 if engine == "native" else 400
    found = what_if(path, name, draws=draws, engine=engine)
    if share is None:
        assert found.naturals == ()
        return
    (one,) = found.naturals
    assert one.kind == "set-state"
    assert one.share == pytest.approx(share, abs=2.5 / draws**0.5)
    text = " ".join(show_change(load(path), found).split())
    assert "What is set is so by itself by then in" in text
