"""`--priors` with other prior odds of explanations: said first, and known from the own ones."""

from pathlib import Path

import pytest

from foedus.study import load
from tests.cli.program import call
from tests.infer.strikes import COMPLETE, HEAD, item

Capsys = pytest.CaptureFixture[str]

CASE = f"{HEAD}evidence:\n{item('one', '2000-01-02')}{COMPLETE}"
ANALYST = """\
atoms:
  calm: {prior: 0.2, grade: judged, because: a test}
  plotted: {prior: 0.8, grade: judged, because: a test}
"""
SAID = "The prior odds of the explanations are those of a file of priors"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case and files of priors in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(CASE)
    (tmp_path / "odds.yaml").write_text(ANALYST)
    (tmp_path / "same.yaml").write_text(ANALYST.replace("0.2", "0.5").replace("0.8", "0.5"))
    speed = 'speed: {prior: "gamma(2, 0.2)", unit: per day, grade: judged, because: a test}'
    (tmp_path / "speed.yaml").write_text(f"parameters: {{{speed}}}\n")
    return tmp_path


def written(file: str) -> list[float | None]:
    """The priors that the case's own atoms keep beside those of a file."""
    return [one.atom.written for one in load("case.yaml", priors=file).atoms]


@pytest.mark.usefixtures("files")
def test_atoms_know_the_priors_of_their_own_file_where_others_are_put_in() -> None:
    assert written("odds.yaml") == [0.5, 0.5]
    assert [one.atom.prior for one in load("case.yaml", priors="odds.yaml").atoms] == [0.2, 0.8]
    assert written("same.yaml") == written("speed.yaml") == [None, None]
    assert [one.atom.written for one in load("case.yaml").atoms] == [None, None]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("command", ["weigh", "simulate"])
def test_that_odds_are_an_analysts_is_said_first(capsys: Capsys, command: str) -> None:
    more = (
        ("--particles", "40", "--method", "particle") if command == "weigh" else ("--draws", "20")
    )
    own = call(capsys, command, "case.yaml", *more)
    speed = call(capsys, command, "case.yaml", "--priors", "speed.yaml", *more)
    odds = call(capsys, command, "case.yaml", "--priors", "odds.yaml", *more)
    assert SAID not in own.out + speed.out
    top = " ".join(odds.out.split("\n\n")[0].split()) if command == "weigh" else odds.out
    assert SAID in " ".join(top.split())
    assert ("judged anew" in " ".join(top.split())) is (command == "weigh")
    finnish = call(capsys, command, "case.yaml", "--priors", "odds.yaml", "--lang", "fi", *more)
    assert "eivät ole tapauksen omat" in " ".join(finnish.out.split())


@pytest.mark.usefixtures("files")
def test_a_verdict_says_whether_it_was_judged_anew(capsys: Capsys) -> None:
    how = ("--particles", "40", "--method", "particle", "--json")
    own = call(capsys, "weigh", "case.yaml", *how).json
    odds = call(capsys, "weigh", "case.yaml", "--priors", "odds.yaml", *how).json
    assert (own["judged_anew"], odds["judged_anew"]) == (False, True)
    exact = call(
        capsys, "weigh", "case.yaml", "--priors", "odds.yaml", "--method", "exact", "--json"
    )
    assert exact.json["judged_anew"] is False
