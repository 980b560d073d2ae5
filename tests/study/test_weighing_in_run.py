"""When the whole job holds a verdict, and what it says where it holds none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.infer.islands import agreed, effort, remembered
from foedus.infer.islands.agreed import are_kept
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.sampler.sampler import Settings
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import Verdict
from foedus.study import run
from foedus.text.diagnostic import NoAnswerError, NoiseError
from tests.infer.strikes import COMPLETE, HEAD, THREE, target_from
from tests.loading import case_of

LITTLE = Effort(particles=20, sweeps=1, islands=2, again=10)
CASE = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, in which everything is worth keeping; noise never decides."""
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(remembered, "WORTH_KEEPING", -1.0)
    agree(monkeypatch, True)
    return tmp_path / "kept" / "runs"


def agree(monkeypatch: pytest.MonkeyPatch, do: bool) -> None:
    """Let independent runs agree, or not."""

    def verify(_: RecordTarget, __: Evidence, ___: int, ____: bool) -> None:
        if not do:
            raise NoiseError("noise would decide.")

    monkeypatch.setattr(agreed, "verify_agreement", verify)


def had(
    folder: Path, is_weighed: bool | None = None, case: Case = CASE, seed: int = 1
) -> tuple[Verdict | NoVerdict | None, list[str], str]:
    """The verdict of a run, what was said to be done, and the page."""
    told: list[str] = []

    @contextmanager
    def progress(words: str) -> Iterator[Callable[[int, int], None] | None]:
        told.append(words)
        yield None

    found = run(
        case, folder, draws=10, seed=seed, is_weighed=is_weighed, effort=LITTLE, progress=progress
    )
    return found.verdict, told, found.files[0].read_text()


def test_a_short_record_is_weighed(tmp_path: Path) -> None:
    verdict, told, page = had(tmp_path)
    assert isinstance(verdict, Verdict)
    assert told == ["simulating", "weighing"]
    assert 'id="figure-posteriors"' in page
    assert (tmp_path / "posteriors.svg").is_file()


def test_a_long_record_is_weighed_where_its_runs_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "MANY", 2)
    absent, told, page = had(tmp_path)
    assert isinstance(absent, NoVerdict)
    assert absent.cause == "minutes"
    assert told == ["simulating"]
    assert "<code>foedus run case.yaml --weigh</code>" in page
    assert "figure-posteriors" not in page
    asked, _, _ = had(tmp_path, True)
    again, _, _ = had(tmp_path)
    assert isinstance(asked, Verdict)
    assert isinstance(again, Verdict)
    assert again.standings == asked.standings
    other, _, _ = had(tmp_path, seed=2)
    assert isinstance(other, NoVerdict)


def test_a_long_record_that_is_soon_worked_out_is_weighed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "MANY", 2)
    head = HEAD.replace('boost: {prior: "lognormal(3, 1.5)"', "boost: {value: 3")
    verdict, told, _ = had(tmp_path, case=case_of(head + "evidence:\n" + THREE + COMPLETE))
    assert isinstance(verdict, Verdict)
    assert (verdict.method, told) == ("exact", ["simulating", "weighing"])


def test_a_refusal_ends_only_what_asked_for_a_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(monkeypatch, False)
    absent, told, page = had(tmp_path)
    assert absent == NoVerdict("refused", "noise would decide")
    assert told == ["simulating", "weighing"]
    assert "cannot be said: noise would decide." in page
    with pytest.raises(NoAnswerError, match="noise would decide"):
        had(tmp_path, True)


def test_nothing_is_weighed_where_that_is_declined(tmp_path: Path) -> None:
    absent, told, page = had(tmp_path, False)
    assert isinstance(absent, NoVerdict)
    assert (absent.cause, told) == ("unasked", ["simulating"])
    assert "<code>foedus weigh case.yaml</code> says it." in page


@pytest.mark.parametrize("is_weighed", [None, False])
def test_nothing_is_said_where_there_is_nothing_to_weigh(
    tmp_path: Path, is_weighed: bool | None
) -> None:
    verdict, told, page = had(tmp_path, is_weighed, case_of(HEAD))
    assert (verdict, told) == (None, ["simulating"])
    assert 'id="verdict"' not in page
    with pytest.raises(NoAnswerError, match="no record to weigh"):
        had(tmp_path, True, case_of(HEAD))


def test_runs_are_kept_if_those_are_that_would_be_asked(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = target_from(THREE)
    assert not are_kept(target, LITTLE)
    remembered.remembered_islands(target, Settings(20, 1), islands=2)
    assert are_kept(target, LITTLE)
    assert not are_kept(target, LITTLE, seed=2)
    agree(monkeypatch, False)
    assert not are_kept(target, LITTLE)
    remembered.remembered_islands(target, Settings(20, 1), islands=2, first=2)
    assert are_kept(target, LITTLE)
    assert len(list(kept.glob("*.npz"))) == 2
