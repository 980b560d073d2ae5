"""A parameter that nothing reads moves no answer, and is not shown as if it did."""

from pathlib import Path

import pytest

from foedus import study
from foedus.case.reads import unread_parameters
from foedus.report.answers.prior import show_prior
from foedus.report.phrases.basis import widest_assumed
from foedus.report.show import show_assumptions
from foedus.text.diagnostic import SettingsError
from tests.loading import case_of

MECHANISM = """\
mechanism: pull
title: A pull
needs:
  force: {kind: expression, type: number, default: usual}
parameters:
  usual: {prior: "log-uniform(0.001, 1000)", grade: assumed, because: where a case says nothing}
  pace: {prior: 80% between 1 and 2, unit: per day, grade: assumed, because: a test}
state: {pulls: {type: count, starts: 0}}
events: {pull: {rate: pace * force, then: {pulls: pulls + 1}}}
"""
CASE = """\
foedus: 1
case: tug
title: A tug
clock: {start: 2000-01-01, end: 2000-01-10}
sources: {book: {kind: document, title: The log}}
parameters:
  idle: {value: 2, grade: assumed, because: a test}
  seen: {value: 0.5, unit: share, grade: assumed, because: a test}
  reset: {value: 3, grade: assumed, because: a test}
state: {mood: {type: level, starts: 0}}
events: {sigh: {rate: u.pace, then: {mood: mood + 1}}}
uses: [{mechanism: pull.yaml, as: u, with: {BOUND}}]
evidence: [{id: one, happened: u.pull, at: 2000-01-02, cites: [book]}]
record: {u.pull: {reported: seen, delay: 1 day}}
questions: {pulls: {mean: u.pulls, at: 2000-01-10}, mood: {mean: mood, at: 2000-01-10}}
what-if: {calm: {set: {mood: reset}, at: 2000-01-05}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pull.yaml").write_text(MECHANISM)
    return tmp_path


@pytest.mark.parametrize(
    ("bound", "unread"), [("force: 1", {"u.usual", "idle"}), ("", {"idle"})]
)  # fmt: skip
def test_what_is_read_by_events_records_or_what_ifs(
    folder: Path, bound: str, unread: set[str]
) -> None:
    case = case_of(CASE.replace("BOUND", bound), folder)
    assert unread_parameters(case) == unread
    assert ("u.usual" in [one.spec.name for one in widest_assumed(case)]) == (not bound)
    for language, words in (("en", "nothing in the case"), ("fi", "mikään tapauksessa")):
        for show in (show_assumptions(case, language), show_prior(case, None, language)):
            assert " ".join(show.split()).count(words) == len(unread)


def test_what_nothing_reads_cannot_be_set(folder: Path) -> None:
    """It was taken, and the answers came out as if it did not matter."""
    path = folder / "case.yaml"
    path.write_text(CASE.replace("BOUND", "force: 1"))
    with pytest.raises(SettingsError, match=r"nothing in the case reads `u.usual`.* under `uses`"):
        study.simulate(path, draws=5, settings={"u.usual": 5.0})
    with pytest.raises(SettingsError, match="nothing in the case reads `idle`, so no answer"):
        study.simulate(path, draws=5, settings={"idle": 5.0})
    assert study.simulate(path, draws=5, settings={"u.pace": 1.0}).questions
