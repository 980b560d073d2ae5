"""The requests that forecasts were, and are, tested on: chosen by a rule, frozen before."""

import csv
import hashlib
import re
from pathlib import Path

import pytest

from foedus.history.requests import (
    NEITHER,
    OUTSIDE,
    TABLE,
    Request,
    requests,
    requests_in_neither,
    requests_of_both,
    requests_outside,
)
from foedus.questions.requests.covariates import state_of
from tests.architecture.project import ROOT
from tests.cli.program import call

DECISIONS = ROOT / "docs" / "decisions"
RULE = DECISIONS / "sdr-0006-requests-not-in-the-file.md"
SECOND_RULE = DECISIONS / "sdr-0007-learning-from-both-tables.md"
NAME = r"\b[A-Z]{3}-\d{4}[a-z]?\b"
LATER_NAMES = {
    "Ceylon": "Sri Lanka",
    "Congo-Leopoldville": "DR Congo",
    "Congo-Kinshasa": "DR Congo",
    "Zaire": "DR Congo",
}
both = pytest.mark.parametrize("table", [OUTSIDE, NEITHER], ids=["outside", "in-neither"])


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def state(request: Request) -> object:
    """The asker's state, whatever it was called then."""
    name = re.split(r" \(|;", request.requester)[0]
    return state_of(LATER_NAMES.get(name, name), request.asked) or name


@pytest.mark.parametrize(("table", "rule"), [(OUTSIDE, RULE), (NEITHER, SECOND_RULE)])
def test_the_table_is_the_one_that_was_frozen(table: Path, rule: Path) -> None:
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert f"`{digest}`" in rule.read_text(encoding="utf-8")


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


def test_what_is_in_neither_is_the_rest_of_the_list_without_what_was_left_out() -> None:
    listed = RULE.read_text(encoding="utf-8").split("## The list\n")[1]
    listing = re.findall(rf"({NAME})[^;]*→", listed)
    coded = SECOND_RULE.read_text(encoding="utf-8").split("## What was coded\n")[1]
    left_out = set(re.findall(NAME, coded)) - {"HTI-2004a"}
    rest = listing[73:]
    assert len(rest) == 58
    assert [row["case_id"] for row in rows(NEITHER)] == [n for n in rest if n not in left_out]
    assert left_out <= set(rest)


def test_the_order_of_the_list_is_that_of_the_digests() -> None:
    entries = RULE.read_text(encoding="utf-8").split("## The list\n")[1].split("\n\n")[-1]
    names = [(re.findall(NAME, one)[0], "(B)" in one) for one in entries.split(";")]
    for searched in (False, True):
        kind = [name for name, is_searched in names if is_searched == searched]
        assert kind == sorted(kind, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    assert [searched for _, searched in names[:9]] == [False, False, True] * 3


@both
def test_the_rows_are_well_formed(
    table: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    call(capsys, "history", "import", "aid-requests", str(table))
    read = {OUTSIDE: requests_outside, NEITHER: requests_in_neither}[table]
    assert len(read()) == len(rows(table))


@both
def test_every_row_cites_what_was_seen_and_says_what_was_not(table: Path) -> None:
    for row in rows(table):
        assert row["source"], row["case_id"]
        if row["confidence"] == "C":
            assert "remembered" in row["source"], row["case_id"]
        else:
            assert row["verified"], row["case_id"]
            assert "http" in row["source"], row["case_id"]
        assert row["confidence"] == "A" or row["key_remembered"], row["case_id"]


def test_no_request_stands_in_two_tables() -> None:
    names = [row["case_id"] for table in (TABLE, OUTSIDE, NEITHER) for row in rows(table)]
    assert len(names) == len(set(names))
    earlier = list(requests())
    for table in (requests_outside(), requests_in_neither()):
        for new in table:
            same = [old for old in earlier if state(old) == state(new)]
            assert all(abs((old.asked - new.asked).days) > 60 for old in same), new.case_id
        earlier += table


def test_names_of_one_state_are_one() -> None:
    """So that the test above can fail: the Congo of 1964 and Zaire are one, under any name."""
    every = (*requests(), *requests_outside(), *requests_in_neither())
    by_name = {one.case_id: state(one) for one in every}
    assert by_name["LKA-1971"] == by_name["LKA-2000"]
    assert by_name["COD-1964"] == by_name["COD-1964b"] == by_name["ZAR-1977"]
    assert by_name["TUR-1990"] == by_name["TUR-2020"] != by_name["TCD-2019"]


def test_nothing_but_the_scores_reads_what_is_in_neither() -> None:
    readers = {
        path.relative_to(ROOT / "src" / "foedus").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if re.search(r"requests_in_neither|\bNEITHER\b", path.read_text(encoding="utf-8"))
    }
    assert readers <= {
        "history/requests.py", "outside.py", "cli/history/scores.py", "reproduce/numbers.py",
    }  # fmt: skip


def test_both_tables_together_are_their_rows_in_order_of_date() -> None:
    both = requests_of_both()
    assert sorted(one.case_id for one in both) == sorted(
        one.case_id for one in (*requests(), *requests_outside())
    )
    assert [one.asked for one in both] == sorted(one.asked for one in both)
