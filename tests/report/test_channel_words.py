"""On which parameters a what-if hangs, in words."""

from __future__ import annotations

import re
from pathlib import Path

from foedus.report.what_if import show_change
from foedus.study import load, what_if

CASE = """
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


def test_a_channel_that_decides_the_answer_is_told_though_neither_side_varies(
    tmp_path: Path,
) -> None:
    """A light ram never breaks the gate, a heavy one always: no error, and all the difference."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    shown = " ".join(show_change(load(path), what_if(path, "no-ram", draws=400)).split())
    assert re.search(r"where weight is 0\.\d+: no change; where it is 0\.\d+: −100 points", shown)
    assert "where colour is" not in shown
