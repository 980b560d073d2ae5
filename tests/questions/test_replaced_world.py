"""A mechanism replaced, given the record: a copy changes nothing, another does as it must.

A comparison with enumeration allows five standard errors: one false alarm in two million.
"""

from __future__ import annotations

from functools import cache
from math import exp
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.engine.reference import Watch
from foedus.expr.prior import parse_prior
from foedus.infer.islands.effort import Effort
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.worlds import Comparison
from foedus.report.what_if.other_world import other_world_record, show_other_world
from foedus.study import counterfactual, load
from foedus.text.diagnostic import NoAnswerError, SettingsError
from tests.engine.models import variable

PACE, HASTE = "80% between 0.1 and 0.4", "80% between 1.5 and 3"
SIEGE = f"""
mechanism: NAME
title: How a town falls
offers: {{events: [falls], state: [fallen]}}
parameters:
  pace: {{prior: {PACE}, unit: per day, grade: assumed, because: an example}}
  MORE
state: {{fallen: {{type: flag, starts: false}}}}
events:
  falls: {{when: not fallen, rate: pace, then: {{fallen: true}}}}
"""
GROUND = "grade: assumed, because: an example"
MECHANISMS = {
    "siege": SIEGE.replace("MORE", ""),
    "again": SIEGE.replace("MORE", ""),
    "storm": SIEGE.replace("MORE", f"haste: {{prior: {HASTE}, unit: factor, {GROUND}}}").replace(
        "rate: pace", "rate: pace * haste"
    ),
    "moat": SIEGE.replace("pace: {prior", "speed: {prior")
    .replace("MORE", "")
    .replace("state: {", "state: {pace: {type: level, starts: 1}, ")
    .replace("rate: pace, then: {", "rate: speed * pace, then: {pace: 0, "),
    "wall": SIEGE.replace(PACE, "80% between 0.001 and 0.002").replace("MORE", ""),
}
TOWN = """
foedus: 1
case: the-town
title: The town
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
uses: [{mechanism: siege.yaml, as: army}]
parameters:
  alone: {value: 0.05, unit: per day, grade: assumed, because: an example}
state: {mended: {type: flag, starts: false}}
events:
  mend: {when: not mended, rate: alone, then: {mended: true}}
record: {army.falls: {complete: 2000-01-01/2000-01-15}}
evidence:
  - {id: E1, happened: army.falls, at: 2000-01-08, known: 2000-01-09, cites: [paper]}
questions:
  early: {probability: army.fallen, at: 2000-01-04}
  late: {probability: army.fallen, at: 2000-01-20}
  mended: {probability: mended, at: 2000-01-20}
what-if:
  again: {replace: {army: again.yaml}}
  storm: {replace: {army: storm.yaml}}
  wall: {replace: {army: wall.yaml}}
  moat: {replace: {army: moat.yaml}}
  storm-and-no-mending: {replace: {army: storm.yaml}, forbid: mend}
  no-mending: {forbid: mend}
  storm-and-no-fall: {replace: {army: storm.yaml}, forbid: army.falls}
  no-fall: {forbid: army.falls}
"""
NAMES = (
    "again", "no-mending", "storm", "wall", "storm-and-no-mending", "storm-and-no-fall", "no-fall",
)  # fmt: skip


def town(folder: Path) -> Path:
    for name, text in MECHANISMS.items():
        (folder / f"{name}.yaml").write_text(text.replace("NAME", name), encoding="utf-8")
    path = folder / "case.yaml"
    path.write_text(TOWN, encoding="utf-8")
    return path


@cache
def asked() -> tuple[Case, dict[str, OtherWorld]]:
    """All what-ifs of the town given its record."""
    with TemporaryDirectory() as folder:
        path = town(Path(folder))
        watch = Watch((variable("mended").node, variable("army.fallen").node), (5.0, 19.0))
        found = counterfactual(path, *NAMES, courses=300, effort=Effort(150), watch=watch)
        assert tuple(one.what_if for one in found) == NAMES
        return load(path), {one.what_if: one for one in found}


def the(what_if: str, question: str) -> Comparison:
    found = asked()[1][what_if]
    return next(one for one in found.questions if one.name == question)


def test_a_copy_changes_nothing() -> None:
    found = asked()[1]["again"]
    for one in found.questions:
        assert one.factual == one.counterfactual
        assert (one.difference.value, one.difference.error) == (0.0, 0.0)
    assert found.factual_fans == found.changed_fans
    assert found.parting is not None
    assert set(found.parting.shares) == {0.0}
    assert found.drawn == {}


def fallen_by(day: float) -> float:
    """P(fallen by a day) in the storm: all paces, times in the day seen, and hastes enumerated."""
    middles = (np.arange(400) + 0.5) / 400
    times = 7.0 + middles
    paces, hastes = (
        [parse_prior(text, False)[0].quantile(float(u)) for u in middles] for text in (PACE, HASTE)
    )
    total = hit = 0.0
    for pace in paces:
        masses = pace * np.exp(-pace * times)
        total += masses.sum()
        hit += float(masses @ (1.0 - np.searchsorted(hastes, times / day) / len(hastes)))
    return hit / total


def test_an_observed_event_keeps_its_inner_time() -> None:
    """Seen in the 8th day, its clock runs as much faster as the storm is hastier."""
    early = the("storm", "early").counterfactual
    assert the("storm", "early").factual.value == 0.0
    assert early.value == pytest.approx(fallen_by(4.0), abs=5 * (early.error or 0.0))
    assert 0.2 < fallen_by(4.0) < 0.8


def test_a_parameter_of_which_something_else_is_believed_is_another() -> None:
    """Behind the wall the same clock hardly runs: what the record says of the pace is gone."""
    late = the("wall", "late").counterfactual
    assert late.value is not None
    assert late.value < 1.0 - exp(-0.004 * 20.0)
    drawn = asked()[1]["wall"].drawn
    assert drawn is not None
    assert {name: one.unit for name, one in drawn.items()} == {"army.pace": "per day"}


def test_what_does_not_hang_on_the_mechanism_does_not_change() -> None:
    for what_if in ("storm", "wall"):
        one = the(what_if, "mended")
        assert one.factual == one.counterfactual
        assert one.difference.value == 0.0


def test_a_decision_may_be_made_in_the_other_world_as_well() -> None:
    both = "storm-and-no-mending"
    for question, alone in (("mended", "no-mending"), ("early", "storm")):
        assert the(both, question).counterfactual == the(alone, question).counterfactual
    found = asked()[1]
    assert found["no-mending"].drawn is None
    # That the town fell is known, and it falls in no other way: but for the storm, that is all.
    assert found["no-fall"].necessity == {"early": 0.0, "late": 1.0}
    assert found["storm-and-no-fall"].given == (), "it is about more than one event"


def test_it_says_what_it_rests_on() -> None:
    case, found = asked()
    storm = found["storm"]
    assert storm.drawn is not None
    assert [one.written for one in storm.drawn.values()] == [HASTE]
    assert "army.haste" in {one.parameter for one in storm.channels}
    shown = show_other_world(case, storm)
    lines = shown.splitlines()
    assert lines[2].startswith("This is far from the data: another mechanism")
    assert "that only the new mechanism has (army.haste) the record says nothing" in " ".join(
        shown.split()
    )
    assert show_other_world(case, storm, "fi").splitlines()[2].startswith("Tämä on kaukana")
    assert other_world_record(case, storm)["drawn"] == ["army.haste"]
    assert other_world_record(case, found["no-mending"])["drawn"] is None


# From a day on ------------------------------------------------------------------------------------

DAY, END = 8.0, 20.0
"""Nothing was seen by the end of the 8th day; it is asked what holds on the 20th."""


@cache
def decided() -> tuple[Case, dict[str, OtherWorld]]:
    """The same what-ifs of a town that falls later, as forecasts with a policy."""
    with TemporaryDirectory() as folder:
        path = town(Path(folder))
        later = path.read_text(encoding="utf-8").replace(
            "at: 2000-01-08, known: 2000-01-09", "at: 2000-01-12, known: 2000-01-13"
        )
        path.write_text(later, encoding="utf-8")
        watch = Watch((variable("army.fallen").node,), (DAY - 0.01, END))
        found = counterfactual(
            path, *NAMES, courses=600, effort=Effort(150), watch=watch, as_of="2000-01-08"
        )
        return load(path), {one.what_if: one for one in found}


def late(what_if: str) -> Comparison:
    return next(one for one in decided()[1][what_if].questions if one.name == "late")


def survived(prior: str, other: str | None) -> float:
    """P(fallen by the end | not by the day): paces, and hastes if there is an `other`, enumerated.

    With the haste, the clock runs so much faster from the day on.
    """
    middles = (np.arange(400) + 0.5) / 400
    paces, hastes = (
        np.array([parse_prior(text, False)[0].quantile(float(u)) for u in middles])
        for text in (prior, other or "80% between 0.99 and 1.01")
    )
    weights = np.exp(-DAY * paces)
    lasting = np.exp(-(END - DAY) * np.outer(paces, hastes if other else np.ones(1)))
    return 1.0 - float(weights @ lasting.mean(axis=1) / weights.sum())


def test_from_a_day_on_a_copy_changes_nothing() -> None:
    found = decided()[1]["again"]
    assert (found.level, found.drawn) == ("forecast", {})
    for one in found.questions:
        assert one.factual == one.counterfactual
        assert (one.difference.value, one.difference.error) == (0.0, 0.0)


def test_from_a_day_on_the_hazard_is_that_of_the_other_mechanism() -> None:
    for what_if, haste in (("again", None), ("storm", HASTE)):
        answer, expected = late(what_if).counterfactual, survived(PACE, haste)
        assert answer.value == pytest.approx(expected, abs=5 * (answer.error or 0.0)), what_if
    storm = late("storm")
    assert storm.turned is not None
    assert storm.turned.to_yes > 0.05
    wall = late("wall").counterfactual
    assert wall.value is not None
    assert wall.value < 1.0 - exp(-0.004 * (END - DAY)), "the pace is that of the wall"


def test_before_the_day_nothing_is_changed() -> None:
    for what_if in ("storm", "wall"):
        found = decided()[1][what_if]
        assert found.changed_fans[0].mean[0] == found.factual_fans[0].mean[0] == 0.0
        assert found.changed_fans[0].mean[1] != found.factual_fans[0].mean[1]


def test_from_a_day_on_a_decision_may_be_made_as_well() -> None:
    both, found = "storm-and-no-mending", decided()[1]
    assert late(both).counterfactual == late("storm").counterfactual
    mended = [
        next(one for one in found[name].questions if one.name == "mended")
        for name in (both, "no-mending")
    ]
    assert mended[0] == mended[1]
    assert found[both].vacuous == found["no-mending"].vacuous == (0.0,)


def test_from_a_day_on_it_says_what_it_rests_on() -> None:
    case, found = decided()
    storm = found["storm"]
    assert "army.haste" in {one.parameter for one in storm.channels}
    record = other_world_record(case, storm)
    assert (record["level"], record["drawn"]) == ("forecast", ["army.haste"])
    english, finnish = (show_other_world(case, storm, language) for language in ("en", "fi"))
    assert english.splitlines()[2].startswith("This is far from the data: from the day of")
    assert finnish.splitlines()[2].startswith("Tämä on kaukana aineistosta: päätöksen päivästä")
    assert "on chance of its own" in " ".join(english.split())
    assert "a waiting time under way keeps its law" in " ".join(english.split())
    assert "kesken oleva odotusaika" in " ".join(finnish.split())
    assert "weigh the case with either" not in english, "the record is from before"


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    path = town(tmp_path)
    with pytest.raises(NoAnswerError, match=r"something else by `army\.pace`"):
        counterfactual(path, "moat", as_of="2000-01-05", effort=Effort(150))
    for day in (None, "2000-01-05"):
        with pytest.raises(SettingsError, match="give the case by name"):
            counterfactual(load(path), "storm", effort=Effort(150), as_of=day)
