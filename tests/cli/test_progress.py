"""What is said before and while something takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foedus.cli import progress
from foedus.infer import courses
from foedus.infer.islands import effort, remembered
from foedus.questions import frozen
from foedus.study import load
from foedus.text.diagnostic import NoAnswerError
from tests.cli.program import call
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

ASKED = "--method", "particle", "--particles", "20"


def test_that_weighing_takes_long_is_said_before_it_begins_and_not_of_what_was_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(remembered, "WORTH_KEEPING", -1.0)
    case = tmp_path / "strikes.yaml"
    case.write_text(HEAD + "evidence:\n" + THREE + COMPLETE, encoding="utf-8")
    assert "takes minutes" not in call(capsys, "weigh", str(case), *ASKED, "--seed", "2").err
    monkeypatch.setattr(effort, "MANY", 2)
    first = call(capsys, "weigh", str(case), *ASKED)
    assert "note: weighing 3 items and 0 claims takes minutes; what comes out is kept" in first.err
    again = call(capsys, "weigh", str(case), *ASKED)
    assert (again.out, again.code) == (first.out, first.code)
    assert again.err == ""


def test_that_as_many_runs_again_are_made_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def shown(_: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda _done, _total: None

    monkeypatch.setattr(progress, "progress_bar", shown)
    case = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)
    with progress.weighing_bar("weighing", case) as told:
        for done, total in ((0, 40), (40, 40), (40, 80), (80, 80), (0, 10), (10, 10)):
            told(done, total)
    said = capsys.readouterr().err
    assert said.count("note: the runs do not agree yet, so as many again are made") == 1


def test_a_course_that_takes_minutes_names_the_date_from_which_courses_ship(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sampled(*_: object, progress: Callable[[int, int], None], **__: object) -> None:
        progress(0, 1)
        raise NoAnswerError("that is long enough")

    monkeypatch.setattr(courses, "agreed_islands", sampled)
    asked = "simulate", "kazakhstan-2022", "--course", "3", "--as-of"
    early = call(capsys, *asked, "2023-01-31")
    assert "(`--as-of 2025-01-27`)" in early.err
    assert "long enough" in early.err
    assert "long enough" in call(capsys, *asked, "2025-01-26").err
    assert call(capsys, *asked, "2025-01-27").code == 0
    other = call(capsys, *asked, "2023-01-31", "--set", "aid.willing=0.5")
    assert "takes minutes" in other.err
    assert "ship" not in other.err


def test_what_was_not_yet_known_takes_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    case = load("kazakhstan-2022")
    early = frozen.known_by(case, "2022-01-05")
    whole = len(case.evidence) + len(case.claims)
    assert 0 < len(early) < effort.MANY // 2 < whole
    for as_of, is_said in (
        (None, True),
        ("2022-01-05", False),
        ("2022-01-10", True),
        ("2022-03-31", True),
    ):
        with progress.weighing_bar("weighing", case, as_of=as_of) as told:
            told(0, 1)
        assert ("takes minutes" in capsys.readouterr().err) is is_said
    with progress.weighing_bar("weighing", case, as_of="2022-03-31") as told:
        told(0, 1)
    known = frozen.known_by(case, "2022-03-31")
    items = sum(one.id in known for one in case.evidence)
    assert f"weighing {items} items and {len(known) - items} claims" in capsys.readouterr().err
    assert items < len(case.evidence)
