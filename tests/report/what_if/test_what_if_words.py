"""What a decision changes, in words."""

from __future__ import annotations

import re
from pathlib import Path

from foedus.infer.islands.effort import Effort
from foedus.report.what_if.decision_table import show_table
from foedus.report.what_if.other_world import show_other_world
from foedus.report.what_if.what_if import show_change
from foedus.study import counterfactual, load, what_if

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


def shown(text: str, name: str, folder: Path, language: str = "en", draws: int = 400) -> str:
    """What is said of a what-if of a case, on one line."""
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return " ".join(show_change(load(path), what_if(path, name, draws=draws), language).split())


def test_a_channel_that_decides_the_answer_is_told_though_neither_side_varies(
    tmp_path: Path,
) -> None:
    """A light ram never breaks the gate, a heavy one always: no error, and all the difference.

    From ten draws on each side that would not be worth saying.
    """
    assert "where weight is" not in shown(GATE, "no-ram", tmp_path)
    text = shown(GATE, "no-ram", tmp_path, draws=1000)
    assert re.search(r"where `weight` is 0\.\d+: no change; where it is 0\.\d+: −100 points", text)
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


def test_a_condition_says_in_how_many_runs_it_is_met(tmp_path: Path) -> None:
    """All ask by the bell at the latest, and fewer without it."""
    text = shown(GARRISON, "no-bell", tmp_path)
    told = text[text.index("heard if asked") :]
    met = re.search(r"its condition is met in 800 of 800 runs as it is, in (\d+) changed", told)
    assert met is not None
    assert 0 < int(met[1]) < 800
    assert text.count("its condition is met in") == 1


def test_what_makes_one_doubt_it_comes_before_what_its_author_says_of_it(tmp_path: Path) -> None:
    """It had come after the author's words, which may be many."""
    wordy = GARRISON.replace("{forbid: bell}", "{forbid: bell, doc: Silence has its price}")
    text = shown(wordy, "no-bell", tmp_path)
    assert text.index("This is far from data") < text.index("Silence has its price.")


FRIENDS = """
foedus: 1
case: the-friends
title: The friends
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
parameters:
  pace: {prior: 80% between 0.1 and 0.3, unit: per day, grade: assumed, because: an example}
groups: {friend: [ada, bo]}
state:
  gone: {type: flag, per: friend, starts: false}
events:
  goes: {per: friend, when: "not gone[friend]", rate: pace, then: {"gone[friend]": true}}
record: {goes: {complete: 2000-01-01/2000-01-21}}
evidence:
  - {id: E1, happened: "goes[bo]", at: 2000-01-03, cites: [paper]}
  - {id: E2, happened: "goes[ada]", at: 2000-01-05, cites: [paper]}
questions:
  bo-is-gone: {probability: "gone[bo]", at: 2000-01-20}
  ada-is-gone: {probability: "gone[ada]", at: 2000-01-20}
what-if:
  bo-stays: {forbid: "goes[bo]", doc: a case of one friend without the other}
"""


def test_what_no_course_needed_is_said_in_short_with_its_bounds(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(FRIENDS, encoding="utf-8")
    (found,) = counterfactual(path, "bo-stays", courses=150, effort=Effort(150))
    text = show_other_world(load(path), found, "en", 60)
    lines, told = text.splitlines(), " ".join(text.split())
    assert lines[2].startswith("This is far from what the case expects"), "before the author"
    assert "A case of one friend without the other." in lines
    assert "without it the answer would have been no in 100 % of the courses" in told
    assert re.search(
        r"As it was in every course even without it \(probability of necessity 0\): "
        r"ada is gone \(on fresh chance [^)]*, whatever the coupling\)",
        told,
    )
    assert all(len(line) <= 60 for line in lines)
    assert "Ilman sitäkin" in show_other_world(load(path), found, "fi")


def test_decisions_too_many_for_a_table_are_told_question_by_question(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GARRISON, encoding="utf-8")
    changes = [what_if(path, name, draws=400) for name in ("no-bell", "nobody-leaves")]
    wide, narrow = (show_table(load(path), changes, "en", width) for width in (80, 30))
    assert re.search(r"left +100 % +−\d+ +−100\n", wide)
    assert re.search(r"left\n +as it is 100 %; A −\d+;\s+B −100\n", narrow)
    assert re.search(r"heard\n +as it is \d+ %; A −\d+\n", narrow), "what is not named is still"
