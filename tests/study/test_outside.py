"""Each command of the outside view is one line of Python, and gives what the command prints."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import foedus
from foedus import outside
from foedus.cli.history import HISTORY
from foedus.cli.score import SCORE
from foedus.history.store import MissingDataError
from foedus.questions.frozen import FrozenError
from foedus.text.diagnostic import CaseError, SettingsError
from tests.cli.program import call, small
from tests.history.places import sample

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]
ROWS = """\
case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader
NEW,Ruritania,League,alliance,mutiny,yes,2025-03-01,day,Rudolf
"""


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "data"))


def test_every_command_has_its_line() -> None:
    """Each docstring names its command."""
    text = Path(outside.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:foedus )?((?:history|score) [a-z]+)`", text))
    assert named == {*(f"history {one}" for one in HISTORY), *(f"score {one}" for one in SCORE)}


def test_data_are_taken_in_and_counted() -> None:
    with pytest.raises(MissingDataError):
        outside.hazard()
    assert outside.take_in("archigos", sample("archigos")).is_new
    assert [one.format for one in outside.datasets()] == ["archigos"]
    counted = outside.rate("request-granted", "frame = alliance", before=date(2022, 1, 1))
    assert len(counted.nested) == 2
    assert counted.nested[-1].tally.happened == 6.0


def test_requests_are_forecast(tmp_path: Path, capsys: Capsys) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(ROWS)
    (made,) = outside.forecast(path)
    printed = call(capsys, "history", "forecast", str(path), "--json").json
    assert made.granted.value == printed["forecasts"][0]["granted"]
    path.write_text(ROWS.replace("2025-03-01", "last week"))
    with pytest.raises(CaseError):
        outside.forecast(path)


def test_a_fit_and_a_record(capsys: Capsys) -> None:
    fit = outside.fit("armenia-2022")
    assert fit.learned == outside.fit(foedus.load("armenia-2022")).learned
    printed = call(capsys, "history", "fit", "armenia-2022", "--json").json
    assert fit.next_call.mean == printed["next_call"]["mean"]
    assert outside.fit(body="csto", before=date(2022, 8, 1)).used == fit.used
    record = outside.calls("armenia-2022")
    assert record.before.mean == pytest.approx(fit.next_call.mean)


def test_a_forecast_is_frozen_and_settled(small: str, tmp_path: Path, capsys: Capsys) -> None:
    path = tmp_path / "frozen.json"
    record = outside.freeze(small, path, draws=20)
    assert record["digest"] in path.read_text()
    with pytest.raises(FileExistsError):
        outside.freeze(small, path, draws=20)
    name = next(one["name"] for one in record["questions"] if one["kind"] == "probability")
    came = tmp_path / "came.csv"
    came.write_text(f"question,came,cites,note\n{name},yes,,\n")
    (settled,) = outside.settle(path, came=came)
    printed = call(capsys, "score", "settle", str(path), "--came", str(came), "--json").json
    assert settled.brier is not None
    assert settled.brier == printed["brier"]
    with pytest.raises(SettingsError, match="nothing is known of what came"):
        outside.settle(path)
    path.write_text(path.read_text().replace(record["case"], "other"))
    with pytest.raises(FrozenError):
        outside.settle(path, came=came)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: outside.rate("request-grantd"), "write `request-granted`"),
        (lambda: outside.rate("request-granted", "freme = x"), "write `frame`"),
        (lambda: outside.take_in("archgos", "x"), "write `archigos`"),
        (lambda: outside.fit(), "give a case or a body"),
        (lambda: outside.calls("crowd"), "does not use the mechanism"),
    ],
)
def test_wrong_calls(wrong: object, words: str) -> None:
    assert callable(wrong)
    with pytest.raises(SettingsError, match=re.escape(words)):
        wrong()


def test_the_main_commands_are_at_the_top() -> None:
    assert foedus.score is outside.settle
    for name in foedus.__all__:
        assert getattr(foedus, name) is not None
    with pytest.raises(AttributeError):
        getattr(foedus, "wheigh")  # noqa: B009
