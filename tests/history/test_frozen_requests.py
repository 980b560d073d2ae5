"""Forecasts of requests, frozen and settled by the table of requests."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from foedus import outside
from foedus.history.requests import requests_of_both
from foedus.questions.frozen import read_frozen
from foedus.questions.requests.freezing import BASE_RATE
from foedus.questions.scores import crps_sample
from tests.cli.program import call
from tests.history.test_own_requests import longer

Capsys = pytest.CaptureFixture[str]

ASKED = (
    "case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader\n"
    "KAZ-2022,Kazakhstan,CSTO Art. 4,alliance,protest,yes,2022-01-05,day,Tokayev\n"
    "OWN-3,Ruritania,League,alliance,mutiny,yes,2024-01-02,day,Rudolf\n"
)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.csv"
    path.write_text(ASKED)
    return path


def test_frozen_requests_are_settled_by_the_table(capsys: Capsys, asked: Path) -> None:
    to = asked.parent / "frozen.json"
    made = call(capsys, "history", "forecast", str(asked), "--freeze", str(to), "--json").json
    kazakhstan = made["forecasts"][0]
    settled = call(capsys, "score", "settle", str(to), "--json").json
    assert settled["digest"] == made["frozen"]
    found = {one["question"]: one for one in settled["questions"]}
    ends = {"refused": 0.0, "partial": 0.0, "granted": 1.0, "in office": 1.0}
    forecast = {**kazakhstan, "in office": kazakhstan["in_office_1y"]}
    assert set(found) == {f"KAZ-2022: {what}" for what in (*ends, "days")}  # OWN-3 is not known
    for what, came in ends.items():
        one = found[f"KAZ-2022: {what}"]
        assert one["came"]["value"] == came
        assert one["forecast"] == forecast[what]
        assert one["brier"] == pytest.approx((forecast[what] - came) ** 2)
    days = found["KAZ-2022: days"]
    assert days["came"]["value"] == 1.0
    # The median comes alone in one place and among other quantiles in the other, and numpy's
    # exponential of one number may differ from that of several in the last bit.
    assert days["forecast"] == pytest.approx(kazakhstan["days_median"], rel=1e-12)
    delay = outside.forecast(asked)[0].delay
    question = next(
        one for one in read_frozen(to.read_bytes())["questions"] if one["kind"] == "days"
    )
    levels, at = np.arange(1, 20) / 20, np.array(list(question["quantiles"].values()))
    assert list(question["quantiles"]) == [f"{level:.2f}" for level in levels]
    below = delay.cdf(np.log1p(at))
    assert below[at > 0.0] == pytest.approx(levels[at > 0.0], abs=1e-9)
    assert (at > 0.0).sum() > 10
    assert (below >= levels - 1e-9).all(), "no help comes before it is asked for"
    whole = delay.quantiles((np.arange(2000) + 0.5) / 2000)
    assert days["crps"] == pytest.approx(crps_sample(whole, 1.0), rel=0.1)


def test_the_base_rate_is_frozen_beside_the_forecast(capsys: Capsys, asked: Path) -> None:
    """It is the share among earlier requests, with Jeffreys's prior for each of three ends."""
    to = asked.parent / "frozen.json"
    outside.forecast(asked, to)
    before = [one.decision for one in requests_of_both() if one.known < date(2022, 1, 5)]
    settled = call(capsys, "score", "settle", str(to), "--json").json
    (granted,) = (one for one in settled["questions"] if one["question"] == "KAZ-2022: granted")
    (base,) = granted["sources"]
    assert base["source"] == BASE_RATE
    assert base["probability"] == pytest.approx(
        (before.count("granted") + 0.5) / (len(before) + 1.5)
    )
    shown = " ".join(call(capsys, "score", "settle", str(to)).out.split())
    assert "forecast from requests decided before each" in shown
    assert "the base rate of earlier requests gets" in shown


def test_an_imported_table_settles_what_ours_does_not_know(capsys: Capsys, asked: Path) -> None:
    to = asked.parent / "frozen.json"
    outside.forecast(asked, to)
    call(capsys, "history", "import", "aid-requests", str(longer(asked.parent / "own.csv")))
    found = {one.question: one.came.value for one in outside.settle(to)}
    assert found["OWN-3: granted"] == 1.0
    assert "OWN-3: in office" not in found  # its fate is not in the table
    assert "each request" in call(capsys, "score", "settle", str(to), str(to)).out


def test_what_is_frozen_stays_as_it_is(capsys: Capsys, asked: Path) -> None:
    to = asked.parent / "frozen.json"
    outside.forecast(asked, to)
    first = to.read_bytes()
    record = read_frozen(first)
    assert [known.startswith("aid-requests ") for known in record["known"]] == [True, True]
    assert call(capsys, "history", "forecast", str(asked), "--freeze", str(to)).code == 5
    with pytest.raises(FileExistsError):
        outside.forecast(asked, to)
    assert to.read_bytes() == first
    record["said"][0]["probability"] = 0.01
    to.write_text(json.dumps(record))
    assert call(capsys, "score", "settle", str(to)).code == 1


def test_two_requests_of_one_name_cannot_be_frozen(capsys: Capsys, asked: Path) -> None:
    asked.write_text(ASKED + ASKED.splitlines()[1] + "\n")
    to = asked.parent / "frozen.json"
    done = call(capsys, "history", "forecast", str(asked), "--freeze", str(to))
    assert done.code == 2
    assert "two requests are called `KAZ-2022`: give each a name of its own" in done.err
    assert not to.exists()


def test_a_file_of_requests_is_no_case_to_freeze(capsys: Capsys, asked: Path) -> None:
    to = asked.parent / "frozen.json"
    done = call(capsys, "score", "freeze", str(asked), "--to", str(to))
    assert done.code == 2
    assert f"`foedus history forecast {asked} --freeze {to}`" in done.err


def test_nothing_that_came_is_said_with_what_to_do(capsys: Capsys, asked: Path) -> None:
    asked.write_text("".join(line + "\n" for line in ASKED.splitlines() if "KAZ" not in line))
    to = asked.parent / "frozen.json"
    outside.forecast(asked, to)
    shown = " ".join(call(capsys, "score", "settle", str(to)).out.split())
    assert "`foedus history import aid-requests FILE` takes in a table that says so" in shown
