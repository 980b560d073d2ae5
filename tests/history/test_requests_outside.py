"""The requests that forecasts are tested on: chosen by a rule, frozen, never learned from."""

import csv
import hashlib
import re
from pathlib import Path

import pytest

from foedus.history.requests import OUTSIDE, TABLE, Request, requests, requests_outside
from foedus.questions.requests.covariates import state_of
from tests.architecture.project import ROOT
from tests.cli.program import call

RULE = ROOT / "docs" / "decisions" / "sdr-0006-requests-not-in-the-file.md"
NAME = r"\b[A-Z]{3}-\d{4}[a-z]?\b"
LATER_NAMES = {"Congo-Leopoldville": "DR Congo", "Congo-Kinshasa": "DR Congo", "Zaire": "DR Congo"}


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def state(request: Request) -> object:
    """The asker's state, whatever it was called then."""
    name = re.split(r" \(", request.requester)[0]
    return state_of(LATER_NAMES.get(name, name), request.asked) or name


def test_the_table_is_the_one_that_was_frozen() -> None:
    digest = hashlib.sha256(OUTSIDE.read_bytes()).hexdigest()
    assert f"`{digest}`" in RULE.read_text(encoding="utf-8")


def test_it_is_the_head_of_the_list_without_what_was_left_out() -> None:
    rule, listed = RULE.read_text(encoding="utf-8").split("## The list\n")
    listing = re.findall(rf"({NAME})[^;]*→", listed)
    left_out = re.findall(NAME, rule.split("## What was coded\n")[1])
    coded = [row["case_id"] for row in rows(OUTSIDE)]
    head = listing[: listing.index(coded[-1]) + 1]
    assert len(listing) == 131
    assert len(coded) == 60
    assert [name for name in head if name not in left_out] == coded
    assert sorted(left_out) == sorted(set(head) - set(coded))


def test_the_order_of_the_list_is_that_of_the_digests() -> None:
    entries = RULE.read_text(encoding="utf-8").split("## The list\n")[1].split("\n\n")[-1]
    names = [(re.findall(NAME, one)[0], "(B)" in one) for one in entries.split(";")]
    for searched in (False, True):
        kind = [name for name, is_searched in names if is_searched == searched]
        assert kind == sorted(kind, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    assert [searched for _, searched in names[:9]] == [False, False, True] * 3


def test_the_rows_are_well_formed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    call(capsys, "history", "import", "aid-requests", str(OUTSIDE))
    assert len(requests_outside()) == len(rows(OUTSIDE))


def test_every_row_cites_what_was_seen_and_says_what_was_not() -> None:
    for row in rows(OUTSIDE):
        assert row["source"], row["case_id"]
        if row["confidence"] == "C":
            assert "remembered" in row["source"], row["case_id"]
        else:
            assert row["verified"], row["case_id"]
            assert "http" in row["source"], row["case_id"]
        assert row["confidence"] == "A" or row["key_remembered"], row["case_id"]


def test_no_row_is_a_request_of_the_table_that_is_learned_from() -> None:
    assert not {row["case_id"] for row in rows(OUTSIDE)} & {row["case_id"] for row in rows(TABLE)}
    for new in requests_outside():
        same = [old for old in requests() if state(old) == state(new)]
        assert all(abs((old.asked - new.asked).days) > 60 for old in same), new.case_id


def test_names_of_one_state_are_one() -> None:
    """So that the test above can fail: the Congo of 1964 and Zaire are one, under any name."""
    by_name = {one.case_id: state(one) for one in (*requests(), *requests_outside())}
    assert by_name["COD-1964"] == by_name["COD-1964b"] == by_name["ZAR-1977"]
    assert by_name["TUR-1990"] == by_name["TUR-2020"] != by_name["TCD-2019"]


def test_nothing_but_the_scores_reads_it() -> None:
    readers = {
        path.relative_to(ROOT / "src" / "foedus").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if "requests_outside" in path.read_text(encoding="utf-8")
    }
    assert readers <= {
        "history/requests.py", "outside.py", "cli/history/scores.py", "reproduce/numbers.py",
    }  # fmt: skip
