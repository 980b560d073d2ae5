"""What a decision changes, in words."""

from __future__ import annotations

import re
from pathlib import Path

from foedus.report.what_if import show_change
from foedus.study import load, what_if

GATE = """
foedus: 1
case: the-gate
title: The gate
clock: {start: 2000-01-01, end: 2000-01-21}
parameters:
  weight: {prior: "uniform(0, 1)", grade: assumed, because: an example}
  colour: {prior: "uniform(0, 1)", grade: assumed, because: an example}
state: {broken: {type: flag, starts: false}}
events:
  ram: {at: 2000-01-05, then: {broken: weight + 0 * colour > 0.5}}
questions:
  broken: {probability: broken, at: 2000-01-20}
what-if:
  no-ram: {forbid: ram}
"""


GARRISON = """
foedus: 1
case: the-garrison
title: The garrison
clock: {start: 2000-01-01, end: 2000-01-21}
components: {hunger: {}}
atoms:
  fed: {components: [], prior: 0.5, grade: assumed, because: an example}
  hungry: {components: [hunger], prior: 0.5, grade: assumed, because: an example}
explanations:
  plenty: {atoms: [fed]}
  famine: {atoms: [hungry]}
parameters:
  pace: {prior: 80% between 0.05 and 0.2, unit: per day, grade: assumed, because: an example}
state:
  asked: {type: flag, starts: false}
  heard: {type: flag, starts: false}
  left: {type: flag, starts: false}
events:
  ask: {when: not asked, rate: pace, then: {asked: true}}
  hear: {when: asked and not heard, rate: pace, then: {heard: true}}
  bell: {at: 2000-01-05, then: {asked: true}}
  leave: {at: 2000-01-10, then: {left: "if hunger then true else asked"}}
questions:
  left: {probability: left, at: 2000-01-20}
  heard: {probability: heard, at: 2000-01-20}
  heard-if-asked: {probability: heard, given: asked, at: 2000-01-20}
what-if:
  no-bell: {forbid: bell}
  nobody-leaves: {forbid: leave}
"""


def shown(text: str, name: str, folder: Path, language: str = "en") -> str:
    """What is said of a what-if of a case, on one line."""
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return " ".join(show_change(load(path), what_if(path, name, draws=400), language).split())


def test_a_channel_that_decides_the_answer_is_told_though_neither_side_varies(
    tmp_path: Path,
) -> None:
    """A light ram never breaks the gate, a heavy one always: no error, and all the difference."""
    text = shown(GATE, "no-ram", tmp_path)
    assert re.search(r"where weight is 0\.\d+: no change; where it is 0\.\d+: −100 points", text)
    assert "where colour is" not in text
    assert "What is forbidden happens by itself in all runs." in text


def test_what_is_the_same_under_each_explanation_is_said_once(tmp_path: Path) -> None:
    text = shown(GARRISON, "nobody-leaves", tmp_path)
    assert "left 100 % → 0 %: −100 points" in text
    assert "the same under each explanation" in text
    assert "under each explanation: " not in text
    parted = shown(GARRISON, "no-bell", tmp_path)
    assert re.search(r"under each explanation: plenty −\d+ ± \d points; famine no change", parted)


def test_where_a_question_can_be_asked_in_other_runs_the_range_says_of_which_it_is(
    tmp_path: Path,
) -> None:
    """Without the bell fewer ask at all."""
    text = shown(GARRISON, "no-bell", tmp_path)
    told = text[text.index("heard if asked") :]
    assert re.match(r"heard if asked .*?\(range [^)]* where it can be asked in both worlds\)", told)
    assert text.count("where it can be asked in both worlds") == 1
    assert "molemmissa maailmoissa" in shown(GARRISON, "no-bell", tmp_path, "fi")
