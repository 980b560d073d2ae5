"""A table of requests that a user has imported, in place of the one that ships."""

import csv
from pathlib import Path

import pytest

from foedus.history.classes import count_class
from foedus.history.requests import TABLE, requests, requests_of_both
from foedus.history.requests_at_hand import (
    imported_table,
    requests_at_hand,
    requests_to_learn_from,
)
from tests.cli.program import call

Capsys = pytest.CaptureFixture[str]

NEW = (
    "case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader\n"
    "X,Ruritania,League,alliance,mutiny,yes,2025-03-01,day,Rudolf\n"
)


def longer(path: Path, **changes: str) -> Path:
    """The table that ships with twenty requests more, all granted, of 2024."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one = dict.fromkeys(rows[0], "") | {
        "requester": "Ruritania", "body": "League", "frame": "alliance", "threat": "mutiny",
        "genuine": "yes", "request_date": "2024-01-02", "request_prec": "day",
        "decision": "granted", "decision_date": "2024-01-03", "confidence": "B", **changes,
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(one))
        writer.writeheader()
        writer.writerows([*rows, *({**one, "case_id": f"OWN-{n}"} for n in range(20))])
    return path


def test_the_table_that_ships_is_the_same_imported(capsys: Capsys) -> None:
    assert imported_table() is None
    assert requests_at_hand() == requests()
    assert requests_to_learn_from() == requests_of_both()
    call(capsys, "history", "import", "aid-requests", str(TABLE))
    assert imported_table() is not None
    assert requests_at_hand() == requests_to_learn_from() == requests()


def test_own_requests_are_counted_and_learned_from(capsys: Capsys, tmp_path: Path) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(NEW)
    before = call(capsys, "history", "forecast", str(asked), "--json").json
    assert before["table"] is None
    own = longer(tmp_path / "own.csv")
    assert call(capsys, "history", "import", "aid-requests", str(own)).code == 0
    counted = call(capsys, "history", "rate", "request-granted", "--json").json
    assert (counted["classes"][0]["k"], counted["classes"][0]["n"]) == (56, 104)
    assert counted["table"]["file"] == "own.csv"
    after = call(capsys, "history", "forecast", str(asked), "--json").json
    assert after["forecasts"][0]["granted"] > before["forecasts"][0]["granted"] + 0.1
    assert (after["forecasts"][0]["learned_from"], after["table"]["rows"]) == (104, 107)
    for command in (("rate", "request-granted"), ("forecast", str(asked))):
        shown = " ".join(call(capsys, "history", *command).out.split())
        assert "Requests: from own.csv (107 rows), which was imported" in shown
    assert call(capsys, "history", "rate", "handover-control-kept", "--json").json["table"] is None


def test_a_fate_that_is_not_yet_known_is_no_lost_office(capsys: Capsys, tmp_path: Path) -> None:
    before = call(capsys, "history", "rate", "asker-in-office", "--json").json["classes"]
    call(capsys, "history", "import", "aid-requests", str(longer(tmp_path / "own.csv")))
    assert call(capsys, "history", "rate", "asker-in-office", "--json").json["classes"] == before
    own = longer(tmp_path / "fates.csv", fate_1y="irregular")
    call(capsys, "history", "import", "aid-requests", str(own))
    after = call(capsys, "history", "rate", "asker-in-office", "--json").json["classes"]
    assert after[0]["n"] == before[0]["n"] + 20


def test_no_case_hangs_on_what_a_user_has_imported(capsys: Capsys, tmp_path: Path) -> None:
    before = count_class("request-granted", "frame = alliance", None)
    call(capsys, "history", "import", "aid-requests", str(longer(tmp_path / "own.csv")))
    assert count_class("request-granted", "frame = alliance", None) == before
