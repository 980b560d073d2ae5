"""Frozen forecasts: no change goes unseen, and scores are those of the formulas."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foedus import outside
from foedus.case.find import SHIPPED, shipped_cases
from foedus.questions import settling
from foedus.questions.frozen import (
    Came,
    FrozenError,
    Reading,
    coin,
    digest_of,
    known_by,
    read_frozen,
    settle,
)
from foedus.questions.scores import crps_sample
from foedus.study import load
from foedus.text.diagnostic import SettingsError
from tests.cli.program import call, small
from tests.loading import case_of

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]
QUANTILES = {"0.05": 1.0, "0.25": 2.0, "0.5": 3.0, "0.75": 5.0, "0.95": 9.0}


KNOWN_IN_A_MONTH = """
foedus: 1
case: spark
title: A spark
clock: {start: 2000-01-01, end: 2000-03-01}
sources: {paper: {kind: news, title: The Paper}}
parameters: {pace: {value: 0.1, unit: per day, grade: assumed, because: an example}}
state: {lit: {type: flag, starts: false}}
events: {spark: {when: not lit, rate: pace, then: {lit: true}}}
record: {spark: {complete: 2000-01-01/2000-03-01, lag: 1 month}}
evidence: [{id: E1, happened: spark, at: 2000-01-03, known: 2000-01, cites: [paper]}]
questions: {lit: {probability: lit, at: 2000-02-01}}
"""


def frozen(**questions: dict[str, Any]) -> dict[str, Any]:
    asked = [{"name": name, "quantiles": None, **rest} for name, rest in questions.items()]
    record = {"case": "x", "as_of": None, "made": "2026-01-01T00:00:00Z", "questions": asked}
    return {**record, "digest": digest_of(record)}


def test_what_became_known_in_a_month_is_known_at_its_end() -> None:
    case = case_of(KNOWN_IN_A_MONTH)
    assert known_by(case, "2000-01-20") == []
    assert known_by(case, "2000-01-31") == ["E1"]


def test_a_changed_forecast_is_refused() -> None:
    record = frozen(stays={"kind": "probability", "value": 0.7})
    assert read_frozen(json.dumps(record)) == record
    record["questions"][0]["value"] = 0.9
    with pytest.raises(FrozenError, match="changed after it was frozen"):
        read_frozen(json.dumps(record))
    for other in ("stays: 0.7", b"\xff\xfe", json.dumps(record)[:40]):
        with pytest.raises(FrozenError, match="no JSON"):
            read_frozen(other)
    with pytest.raises(FrozenError, match="foedus score freeze"):
        read_frozen('{"case": "x"}')


def test_scores_of_chances_and_of_sources() -> None:
    record = frozen(
        stays={"kind": "probability", "value": 0.8},
        comes={"kind": "probability", "value": 0.0},
        open={"kind": "probability", "value": 0.5},
    )
    came = [Came("stays", 1.0, "A1"), Came("comes", 0.0, "A2"), Came("other", 1.0, "")]
    said = [Reading("press", "stays", 0.3, "2022-01", "he will fall")]
    stays, comes = settle(record, came, said)
    assert stays.brier == pytest.approx(0.04)
    assert stays.log == pytest.approx(-np.log(0.8))
    ((reading, brier, penalty),) = stays.sources
    assert reading.source == "press"
    assert brier == pytest.approx(0.49)
    assert penalty == pytest.approx(-np.log(0.3))
    assert comes.brier == pytest.approx(0.0, abs=1e-9)
    assert comes.sources == ()
    assert coin([stays])[1] == pytest.approx(np.log(2.0))


def test_scores_of_numbers() -> None:
    record = frozen(days={"kind": "mean", "value": 3.5, "quantiles": QUANTILES})
    (days,) = settle(record, [Came("days", 5.0, "")])
    levels = (np.arange(200) + 0.5) / 200.0
    draws = np.interp(levels, [0.05, 0.25, 0.5, 0.75, 0.95], [1.0, 2.0, 3.0, 5.0, 9.0])
    assert days.crps == pytest.approx(crps_sample(draws, 5.0))
    assert days.rank == pytest.approx(0.75, abs=0.01)
    (never,) = settle(record, [Came("days", None, "")])
    assert never.crps is None


def test_a_time_that_may_never_come_has_no_score_of_when_it_came() -> None:
    """Cut off at the last quantile that has a place, all that was forecast would lie below 5 days,
    though at least half of it was said to come later or never."""
    quantiles = {"0.05": 1.0, "0.25": 2.0, "0.5": 3.0, "0.75": None, "0.95": None}
    record = frozen(days={"kind": "time-until", "value": 9.0, "quantiles": quantiles})
    (days,) = settle(record, [Came("days", 5.0, "")])
    assert (days.crps, days.rank) == (None, None)


def test_an_end_without_a_score_is_told_all_the_same(capsys: Capsys, tmp_path: Path) -> None:
    quantiles = {"0.05": 1.0, "0.5": 3.0, "0.95": None}
    days = {"kind": "time-until", "value": 9.0, "quantiles": quantiles}
    path, ends = kept(tmp_path / "1.json", late=days, gone=days), tmp_path / "came.csv"
    ends.write_text("question,came\nlate,5\ngone,never\n")
    shown = " ".join(call(capsys, "score", "settle", path, "--came", str(ends)).out.split())
    assert "late 9 5 gone 9 never" in shown


def test_freezing_and_settling(capsys: Capsys, small: str, tmp_path: Path) -> None:
    path = tmp_path / "frozen.json"
    made = call(capsys, "score", "freeze", small, "--to", str(path), "--draws", "50")
    assert made.code == 0
    assert "digest" in made.out
    again = call(capsys, "score", "freeze", small, "--to", str(path), "--draws", "50")
    assert again.code == 5
    came = tmp_path / "came.csv"
    came.write_text("question,came,cites\nany-high,yes,R1\nlevels,20,R2\n")
    said = tmp_path / "said.csv"
    said.write_text("source,question,probability,known,words\npress,any-high,0.9,2022,surely\n")
    arguments = ["score", "settle", str(path), "--came", str(came), "--said", str(said)]
    shown = call(capsys, *arguments)
    assert shown.code == 0
    assert "press" in shown.out
    assert "digest verified" in " ".join(shown.out.split())
    record = call(capsys, *arguments, "--json").json
    assert [one["question"] for one in record["questions"]] == ["levels", "any-high"]
    assert record["brier"] == record["questions"][1]["brier"]
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))
    changed = call(capsys, *arguments)
    assert (changed.code, changed.out) == (1, "")
    assert "changed after it was frozen" in changed.err


def kept(path: Path, **questions: dict[str, Any]) -> str:
    path.write_text(json.dumps(frozen(**questions)))
    return str(path)


def test_what_was_certain_is_told_apart(capsys: Capsys, tmp_path: Path) -> None:
    answers = {"settled": 1.0, "stays": 0.6, "goes": 0.2}
    asked = {name: {"kind": "probability", "value": value} for name, value in answers.items()}
    path, ends = kept(tmp_path / "1.json", **asked), tmp_path / "came.csv"
    ends.write_text("question,came\nsettled,yes\nstays,yes\ngoes,no\n")
    arguments = ["score", "settle", path, "--came", str(ends)]
    shown = " ".join(call(capsys, *arguments).out.split())
    assert "Of the 2 that were not held for certain: Brier 0.100," in shown
    record = call(capsys, *arguments, "--json").json
    assert record["brier"] == pytest.approx(0.2 / 3)
    assert record["uncertain"]["questions"] == 2
    assert record["uncertain"]["brier"] == pytest.approx(0.1)
    ends.write_text("question,came\nstays,yes\ngoes,no\n")
    assert "held for certain" not in " ".join(call(capsys, *arguments).out.split())


def test_several_forecasts_stand_side_by_side(capsys: Capsys, tmp_path: Path) -> None:
    def chance(value: float) -> dict[str, Any]:
        return {"kind": "probability", "value": value}

    days = {"kind": "mean", "value": 4.0, "quantiles": {"0.05": 1.0, "0.5": 4.0, "0.95": 9.0}}
    first = kept(tmp_path / "1.json", stays=chance(0.6), days=days)
    second = kept(tmp_path / "2.json", stays=chance(0.9), days=days)
    ends = tmp_path / "came.csv"
    ends.write_text("question,came\nstays,yes\ndays,5\n")
    arguments = ["score", "settle", first, second, "--came", str(ends)]
    shown = " ".join(call(capsys, *arguments).out.split())
    assert "2 forecasts, digests verified" in shown
    assert "stays 1: 60 %; 2: 90 % yes 0.085" in shown
    assert "days 1: 4; 2: 4 5 " in shown
    assert "Mean of 2 answers to 1 question of yes or no: Brier 0.085" in shown
    finnish = " ".join(call(capsys, *arguments, "--lang", "fi").out.split())
    assert "2 ennustetta, tiivisteet tarkistettu" in finnish
    assert "stays 1: 60 %; 2: 90 % kyllä 0,085" in finnish
    record = call(capsys, *arguments, "--json").json
    alone = call(capsys, "score", "settle", second, "--came", str(ends), "--json").json
    assert record["forecasts"][1] == {"file": "2.json", **alone}
    assert record["brier"] == pytest.approx(0.085)
    assert (record["answers"], record["calibration"]) == (2, None)
    each = outside.settle_several([first, second], came=ends)
    assert [one.path.name for one in each] == ["1.json", "2.json"]
    assert each[1].questions == outside.settle(second, came=ends)
    many = [kept(tmp_path / f"f{n}.json", stays=chance(0.5 + n / 100)) for n in range(30)]
    many.append(first)  # it alone asks of days
    record = call(capsys, "score", "settle", *many, "--came", str(ends), "--json").json
    assert record["calibration"]["score"] == pytest.approx(record["brier"])
    assert len(record["calibration"]["bins"]) == 5
    shown = " ".join(call(capsys, "score", "settle", *many, "--came", str(ends)).out.split())
    assert "The probabilities: Brier" in shown
    (tmp_path / "f0.json").write_text("{}")
    assert call(capsys, "score", "settle", *many, "--came", str(ends)).code == 1


@pytest.mark.parametrize(
    ("came", "words"),
    [
        ("question,cites\n", "has no column `came`"),
        ("question,came\nstays,perhaps\n", "`perhaps` in line 2"),
        ("question,came\nstays,inf\n", "`inf` in line 2"),
        ("question,came\nstays\n", "`` in line 2"),
        ("question,came\nstays,never\n", "`never` in line 2"),
        ("question,came\nstays,0.5\n", "`stays` either came or did not: write `yes` or `no`"),
        ("question,came\nstays,yes\ndays,yes\n", "`yes` in line 3"),
        ("question,came\ndays,no\n", "`days` asks for a number: write the number, or `never`"),
        ("question,came\nmen,yes\n", "`men` asks for a number: write the number"),
        ("question,came\nmen,never\n", "`never` in line 2"),
        ("question,came\nstay,yes\n", "write `stays`"),
        ("question,came\nstays,yes\nstays,no\n", "stands twice"),
        ("\udcff", "save it as UTF-8"),
    ],
)
def test_files_that_cannot_be_used(capsys: Capsys, tmp_path: Path, came: str, words: str) -> None:
    path, ends = tmp_path / "frozen.json", tmp_path / "came.csv"
    asked = {"stays": "probability", "days": "time-until", "men": "mean"}
    kept(path, **{name: {"kind": kind, "value": 0.7} for name, kind in asked.items()})
    ends.write_bytes(came.encode("utf-8", "surrogateescape"))
    result = call(capsys, "score", "settle", str(path), "--came", str(ends))
    assert result.code == 2
    assert words in result.err
    unknown = call(capsys, "score", "settle", str(path))
    assert unknown.code == 2
    assert "give --came" in unknown.err
    assert call(capsys, "score", "settle", str(tmp_path / "gone.json")).code == 5


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "name", [n for n in shipped_cases() if (SHIPPED / n / "came.csv").exists()]
)
def test_what_is_known_of_shipped_cases_is_about_their_questions(name: str) -> None:
    case, table = load(name), SHIPPED / name / "facts.csv"
    facts = {row["id"] for row in rows(table)} if table.exists() else set()
    for row in rows(SHIPPED / name / "came.csv"):
        question = case.questions[row["question"]]
        assert (row["came"] in ("yes", "no")) is (question.kind == "probability"), row
        for cited in row["cites"].split("; "):
            source = cited.partition("#")[0]
            assert source in case.sources or cited.partition("-")[0] in facts, row
    said = SHIPPED / name / "said.csv"
    for row in rows(said) if said.exists() else []:
        assert case.questions[row["question"]].kind == "probability"
        assert 0.0 < float(row["probability"]) < 1.0
        cited, _, fact = row["source"].rpartition("(")[2].rstrip(")").partition("#")
        assert cited in {*facts, *case.sources, *(one.id for one in case.statements)}, row
        assert not fact or fact in {one["id"] for one in rows(FACTS)}, row


FACTS = SHIPPED / "kazakhstan-2022" / "facts.csv"
SIDES = "nobody has coded whose side was taken"
COUNTED = "nobody has counted them"
DISPUTED = "sources disagree"
NOT_ON_RECORD = {
    "armenia-2021": {"days-of-incursion": "when the first was over is not known"},
    "bahrain-2011": {"days-of-occupation": "which places are the middle of the capital"},
    "czechoslovakia-1968": {"granted-if-asked": "nobody in office asked"},
    "hungary-1956": {"days-of-uprising": "whether it goes on against the second march"},
    "kazakhstan-2022": {
        "days-to-deployment": "the hour of the first landing is not known",
        "foreign-troops": DISPUTED, "the-dead": DISPUTED, "service-stands-by": DISPUTED,
        "cities-lost": DISPUTED, "days-of-disorder": DISPUTED,
        "circle-loses-posts": COUNTED, "crowds-hardened": COUNTED, "rallies-in-2022": COUNTED,
        "nazarbayev-appearances": COUNTED, "days-out-of-view": COUNTED,
        "days-nazarbayev-rules": "no act shows when he lost control",
        "putin-in-control": "asked for a what-if; without it there is nothing to forecast",
    },
    "kyrgyzstan-2010": {"next-call-heard": "no other member called in time"},
    "landscape-2016": {"energy": "a quantity of the theory", "turnarounds": COUNTED},
}  # fmt: skip
NOT_ON_RECORD["armenia-2021"]["sides-with-russia"] = SIDES
NOT_ON_RECORD |= {name: {"sides-with-russia": SIDES} for name in ("armenia-2022", "belarus-2020")}


@pytest.mark.parametrize(
    "name", [n for n in shipped_cases() if (SHIPPED / n / "came.csv").exists()]
)
def test_no_question_is_left_out_of_the_scores_without_a_reason(name: str) -> None:
    told = {row["question"] for row in rows(SHIPPED / name / "came.csv")}
    assert set(load(name).questions) - told == set(NOT_ON_RECORD.get(name, {}))


def test_a_forecast_that_ships_is_found_by_the_name_of_its_case(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without = call(capsys, "score", "settle", "crisis")
    assert without.code == 2
    assert "`foedus score freeze crisis --to FILE.json` makes one" in without.err
    monkeypatch.setattr(settling, "SHIPPED", tmp_path)
    (tmp_path / "crisis").mkdir()
    (tmp_path / "crisis" / "frozen.json").write_text("{}")
    assert settling.find_frozen("crisis") == tmp_path / "crisis" / "frozen.json"
    assert settling.find_frozen(tmp_path / "mine.json") == tmp_path / "mine.json"
    with pytest.raises(SettingsError, match="is a folder: give the file"):
        settling.find_frozen(tmp_path)


def test_requests_are_settled_however_their_ids_are_spelt() -> None:
    record = {"questions": [{"name": f"{one}: granted"} for one in ("bhr_2011", "a 1", "A-1")]}
    ends = [Came(f"{one}: granted", 1.0, "") for one in ("BHR-2011", "A-1", "a_1", "NER-2023")]
    found = [one.question for one in settling.as_asked(record, ends)]
    assert found == ["bhr_2011: granted", "A-1: granted", "a_1: granted", "NER-2023: granted"]
