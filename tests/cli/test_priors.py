"""`--priors`: an analyst's own, and how two who disagree are shown."""

from pathlib import Path
from typing import Any

import pytest

from foedus import study
from foedus.case.case import Case
from foedus.infer.verdict.verdict import Verdict
from foedus.text.diagnostic import NoiseError
from tests.cli.program import call, small
from tests.infer.strikes import COMPLETE, HEAD, THREE

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two files of priors that disagree about the pace, in the working directory."""
    monkeypatch.chdir(tmp_path)
    paths = []
    for name, pace in (("hare", 6), ("tortoise", 1)):
        path = Path(f"{name}.yaml")
        belief = f"{{value: {pace}, unit: per week, grade: judged, because: {name}}}"
        path.write_text(f"parameters: {{pace: {belief}}}\n")
        paths.append(str(path))
    return paths[0], paths[1]


def value(record: dict[str, object]) -> object:
    questions = record["questions"]
    assert isinstance(questions, list)
    return questions[0]["value"]


def test_priors_do_what_writing_them_into_the_case_does(
    capsys: Capsys, small: str, files: tuple[str, str], tmp_path: Path
) -> None:
    options = ("--draws", "40", "--json")
    own = call(capsys, "simulate", small, "--priors", files[0], *options).json
    set_by_hand = call(capsys, "simulate", small, "--set", "pace=6", *options).json
    assert value(own) == value(set_by_hand)
    for command in ("prior", "run"):
        more = ("--out", str(tmp_path / "out")) if command == "run" else ()
        found = call(capsys, command, small, "--priors", files[0], *options, *more).json
        assert value(found) == value(own)
    shown = call(capsys, "show", small, "--assumptions", "--priors", files[0])
    assert "pace: 6 per week\n      hare" in shown.out


def test_those_who_disagree_stand_side_by_side(
    capsys: Capsys, small: str, files: tuple[str, str]
) -> None:
    both = ("--priors", files[0], "--priors", files[1], "--draws", "200")
    text = call(capsys, "simulate", small, *both)
    assert text.code == 0
    assert f"  A {files[0]}\n  B {files[1]}\n" in text.out
    assert "≠ levels" in text.out
    assert "never averaged" in text.out
    same = call(
        capsys, "simulate", small, "--priors", files[0], "--priors", files[0], "--draws", "50"
    )
    assert "≠ levels" not in same.out
    found = call(capsys, "simulate", small, *both, "--json").json
    assert [one["priors"] for one in found["by_priors"]] == list(files)
    for file, record in zip(files, found["by_priors"], strict=True):
        alone = call(capsys, "simulate", small, "--priors", file, "--draws", "200", "--json").json
        assert value(record) == value(alone)


def test_a_file_that_is_not_there(capsys: Capsys, small: str) -> None:
    result = call(capsys, "simulate", small, "--priors", "nowhere.yaml")
    assert (result.code, result.out) == (5, "")
    assert "`nowhere.yaml` cannot be read" in result.err


def test_what_an_analyst_is_unsure_of_drives_the_answers(capsys: Capsys, small: str) -> None:
    """The case knows the pace exactly; somebody else does not."""
    path = Path(small).with_name("unsure.yaml")
    belief = "{prior: 80% between 1 and 6, unit: per week, grade: judged, because: unsure}"
    path.write_text(f"parameters: {{pace: {belief}}}\n")
    few = ("--rows", "16", "--runs", "2", "--json")
    sure = call(capsys, "sensitivity", small, *few)
    unsure = call(capsys, "sensitivity", small, "--priors", str(path), *few)
    assert "pace" not in sure.out
    assert "pace" in unsure.out


def test_a_fault_of_the_file_is_not_buried_in_what_is_left_to_check(
    capsys: Capsys, small: str, tmp_path: Path
) -> None:
    filtered = Path(small)
    text = filtered.read_text().replace("events:\n", "events:\n  vote: {at: 2022-01-05}\n")
    text += "sources: {wire: {kind: news, title: A wire}}\nrecord:\n"
    text += "  vote: {complete: 2022-01-01/2022-01-31, lag: 1 day}\n"
    text += "evidence: [{id: voted, happened: vote, at: 2022-01-05, cites: wire}]\n"
    filtered.write_text(text)
    path = tmp_path / "own.yaml"
    path.write_text("atoms: {calm: {prior: 0, grade: judged, because: a test}}\n")
    found = call(capsys, "simulate", small, "--priors", str(path))
    assert found.code == 1
    assert found.err.startswith("error[priors-do-not-sum]")
    assert found.err.endswith("1 error\n")
    assert "evidence-is-filter" in call(capsys, "check", small).err


def test_a_prior_that_is_wrong_is_told_once(capsys: Capsys, tmp_path: Path) -> None:
    """Not once more of each fact of the background that the case says settles it."""
    path = tmp_path / "own.yaml"
    belief = "{prior: 80% between 0.1 and 0.5, grade: judged, because: a test}"
    path.write_text(f"parameters: {{aid.willing: {belief}}}\n")
    found = call(capsys, "prior", "kazakhstan-2022", "--priors", str(path))
    assert found.code == 1
    assert found.err.startswith("error[unit-mismatch]: the prior of `aid.willing` has no unit")
    assert found.err.endswith("1 error\n")


def test_one_who_has_no_verdict_does_not_silence_the_others(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their row says why, and what may help; where nobody has one, there is no answer."""
    monkeypatch.chdir(tmp_path)
    strikes = "strikes.yaml"
    Path(strikes).write_text(HEAD + "evidence:\n" + THREE + COMPLETE)
    files = []
    for name, odds in (("even", 0.5), ("torn", 0.25), ("sure", 0.75)):
        atoms = "".join(
            f"  {atom}: {{prior: {prior}, grade: judged, because: a test}}\n"
            for atom, prior in (("calm", odds), ("plotted", 1.0 - odds))
        )
        files.append(f"{name}.yaml")
        Path(files[-1]).write_text(f"atoms:\n{atoms}")
    weigh, torn = study.weigh, [0.25]

    def weighed(case: Case, **more: Any) -> Verdict:
        if case.atoms[0].atom.prior in torn:
            raise NoiseError("noise would decide", "apart", rhat=1.5, most=1.2, particles=40)
        return weigh(case, **more)

    monkeypatch.setattr(study, "weigh", weighed)
    asked = ["weigh", strikes, "--particles", "40", *(f"--priors={one}" for one in files)]
    found = call(capsys, *asked)
    assert found.code == 0
    text = " ".join(found.out.split())
    assert "Those who have a verdict agree on who leads" in text
    assert f"{files[1]}: no verdict" in text
    assert f"`foedus weigh {strikes} --priors {files[1]} --particles 160` may lead to one" in text
    assert text.count(" by plot: ") == 2
    assert "ei tulosta" in call(capsys, *asked, "--lang", "fi").out
    rows = call(capsys, *asked, "--json").json["by_priors"]
    assert [one["priors"] for one in rows] == files
    assert rows[1]["no_verdict"]["cause"] == "apart"
    assert rows[0]["explanations"]
    torn += [0.5, 0.75]
    assert call(capsys, *asked).code == 3


def test_a_prior_of_what_nothing_reads_is_refused(
    capsys: Capsys, small: str, tmp_path: Path
) -> None:
    """As `--set` refuses it. In the case itself such a number may stand."""
    case = Path(small)
    unread = "  idle: {value: 2, unit: per week, grade: assumed, because: a test}\n"
    case.write_text(case.read_text().replace("parameters:\n", f"parameters:\n{unread}"))
    assert call(capsys, "check", small).code == 0
    path = tmp_path / "own.yaml"
    path.write_text("parameters:\n" + unread.replace("2", "3"))
    found = call(capsys, "prior", small, "--priors", str(path))
    assert found.code == 1
    assert "nothing in the case reads `idle`" in found.err
    assert "own.yaml:2:3" in found.err
    path.write_text(path.read_text().replace("idle", "pace"))
    assert call(capsys, "prior", small, "--priors", str(path), "--draws", "10").code == 0


@pytest.mark.parametrize(
    "more", [[], ["--course", "1"], ["--course", "1", "--as-of", "2010-06-13"]]
)
def test_what_is_held_for_impossible_is_not_simulated(
    capsys: Capsys, tmp_path: Path, more: list[str]
) -> None:
    path = tmp_path / "sure.yaml"
    atoms = (("able", 1), ("paper-tiger", 0), ("blocked", 0))
    priors = ", ".join(
        f"{name}: {{prior: {prior}, grade: judged, because: a test}}" for name, prior in atoms
    )
    path.write_text(f"atoms: {{{priors}}}\n")
    asked = "simulate", "kyrgyzstan-2010", "--priors", str(path), "--explanation"
    refused = call(capsys, *asked, "unwilling-leader", *more)
    assert refused.code == 2
    assert "`unwilling-leader` has a prior of 0" in refused.err
    assert call(capsys, *asked, "able-alliance", *more[:2], "--draws", "20").code == 0
