"""Tables of dated facts: tolerant of headers, strict below them, and always a case that checks."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.cli.facts import Fact, FactTable, read_facts
from foedus.cli.new import text_from
from foedus.cli.new_case import decisions
from foedus.text.diagnostic import CaseError, Diagnostics
from foedus.text.source import Source
from tests.architecture.project import SOURCE
from tests.cli.program import Result, call
from tests.loading import case_of, warned_case

Capsys = pytest.CaptureFixture[str]

TABLE = """\
id,date,date_end,precision,known,actors,event,value,claim_by,status,source,note
P1,1992-05-15,,day,,AA;BB,A treaty is signed,6 states,,verified,https://www.example.org/treaty ; https://example.com/a,
K1,2022-01-02,,day,2022-01-02,crowd,"A rally, the first",,,verified,https://example.org/rally,
K2,2022-01-05,,day,2022-01-06T03:50+06:00,AA,The leader asks,,,partly,a book,seen later
K3,2022-01-09,2022-01-11,day,,AA,Troops came,2500,Minister;Deputy,verified,https://example.org/rally,
A1,2023-03-01,,month,,BB,Talks,,,verified,,
"""


def table_of(text: str) -> FactTable:
    diagnostics = Diagnostics()
    found = read_facts(Source("facts.csv", text), diagnostics)
    assert diagnostics.found == []
    assert found is not None
    return found


def faults_of(text: str) -> list[tuple[int, str]]:
    """Line and message of each fault."""
    diagnostics = Diagnostics()
    assert read_facts(Source("facts.csv", text), diagnostics) is None
    return [(d.primary.span.line, d.message) for d in diagnostics.in_order()]


def fact_of(text: str) -> Fact:
    return table_of(text).facts[0]


def test_a_table() -> None:
    table = table_of(TABLE)
    assert [fact.id for fact in table.facts] == ["P1", "K1", "K2", "K3", "A1"]
    assert str(table.zone) == "+06:00"
    assert table.facts[0].actors == ("AA", "BB")
    assert table.facts[0].sources == ("https://www.example.org/treaty", "https://example.com/a")
    assert table.facts[3].at.text == "2022-01-09/2022-01-11"
    assert table.facts[4].at.text == "2023-03"
    assert table.unused == ()


@pytest.mark.parametrize(
    "header",
    ["date,event", "Date;Event", "WHEN\tWhat", " start_date , description ", "Event-Date,Summary,"],
)
def test_headers(header: str) -> None:
    mark = max(",;\t", key=header.count)
    fact = fact_of(f"{header}\n2022-01-02{mark}A rally\n")
    assert (fact.id, fact.event, fact.at.text) == ("F1", "A rally", "2022-01-02")


def test_columns_that_are_not_understood_are_named() -> None:
    assert table_of("date,event,weather,mood\n2022,x,rain,low\n").unused == ("weather", "mood")


@pytest.mark.parametrize(
    ("date", "precision", "text"),
    [
        ("2022-08-16", "month", "2022-08"),
        ("2022-08-16", "year", "2022"),
        ("2022-08-16", "week", "2022-W33"),
        ("2022-08", "day", "2022-08"),
        ("-0430-03-01", "year", "-0430"),
        ("2022-08-16", "", "2022-08-16"),
    ],
)
def test_precision(date: str, precision: str, text: str) -> None:
    assert fact_of(f"date,precision,event\n{date},{precision},x\n").at.text == text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id,event\n1,x\n", 1, "no column is called `date`"),
        ("", 1, "no column is called `date`, `event`"),
        ("date,event\n", 1, "the table has no rows"),
        ("date,event\n2022-01-01,x\n2022-13-05,y\n", 3, "line 3, column `date`: "),
        ("When,event\n,y\n", 2, "line 2, column `When`: the cell is empty"),
        ("date,event\n2022,\n", 2, "line 2, column `event`: the cell is empty"),
        ("id,date,event\na,2022,x\na,2022,y\n", 3, "the id `a` stands in line 2 already"),
        ("date,end,event\n2022-02-01,2022-01-01,x\n", 2, "column `end`: "),
        ("date,known,event\n2022-02-01,2022-01-01,x\n", 2, "known before it happened"),
        ("date,precision,event\n2022-02-01,hour,x\n", 2, "`hour` is none of"),
        ("date,event\n2022,x,y\n", 2, "has 3 cells where the header has 2"),
        ('date,event\n2022,"x\n', 1, "this is no CSV table"),
        ('date,note,event\n2022,"two\nlines",x\n2022-99,,y\n', 4, "line 4, column `date`"),
    ],
)
def test_faults(text: str, line: int, words: str) -> None:
    found = faults_of(text)
    assert found[0][0] == line
    assert words in found[0][1]


def test_all_faults_are_told() -> None:
    text = "id,date,event\n1,2022-01-32,x\n2,soon,y\n3,2022,\n"
    assert [line for line, _ in faults_of(text)] == [2, 3, 4]


def written(tmp_path: Path, table: str) -> str:
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    return text_from("mine", path)[0]


def test_nobody_between_separators_said_nothing(tmp_path: Path) -> None:
    table = "id,date,event,claim_by\nK1,2022-01-05,it was,| ;\nK2,2022-01-06,so,;minister|\n"
    case = case_of(written(tmp_path, table), tmp_path)
    assert [(claim.id, claim.by) for claim in case.claims] == [("K2", "minister")]


def test_a_case_from_a_table(tmp_path: Path) -> None:
    text = written(tmp_path, TABLE)
    case = case_of(text, tmp_path)
    assert str(case.clock.zone) == "+06:00"
    assert case.clock.show_days(0) == "2022-01-01T00:00"
    assert [fact.id for fact in case.background] == ["P1"]
    assert [(claim.id, claim.by) for claim in case.claims] == [("K3", "minister")]
    assert set(case.sources) >= {"facts", "example-org", "example-com", "example-org-2"}
    assert {"aa", "bb", "crowd", "minister"} <= set(case.actors)
    assert case.actors["aa"].kind == "state"
    wanted = [words for _, words in decisions(text)]
    for start in ("clock", "actors", "kinds", "pact", "presidency", "P1", "K1", "K2", "K3", "A1"):
        assert any(words.startswith(f"{start} - ") for words in wanted), start
    assert '"2500"' in text


def test_rows_that_name_an_event_become_evidence(tmp_path: Path) -> None:
    table = (
        "id,date,event,model_event\nK1,2022-01-02,A rally,\nK2,2022-01-05,The call,aid.ask\n"
        "K3,2022-01-06,A miracle,aid.miracle\n"
    )
    # Evidence about an event whose guard is simulated is worth a warning, but no error.
    case = warned_case(written(tmp_path, table), tmp_path)
    assert [item.id for item in case.evidence] == ["K2"]
    assert set(case.records) == {"aid.ask"}


def test_the_shipped_table_becomes_a_case_that_checks_and_runs(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = SOURCE / "cases" / "kazakhstan-2022" / "facts.csv"
    result = call(capsys, "new", "mine", "--from", str(table))
    assert (result.code, result.err) == (0, "")
    assert "columns that were not used: known_basis, time" in result.out
    assert result.out.count(": decide: ") > 100
    assert call(capsys, "check", "mine") == Result(0, "", "0 errors\n")
    assert (tmp_path / "mine" / "facts.csv").read_text() == table.read_text()
    assert call(capsys, "run", "mine", "--draws", "20").code == 0


def test_a_table_with_faults_writes_nothing(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("date,event\n2022-13-01,x\n")
    result = call(capsys, "new", "mine", "--from", "bad.csv")
    assert (result.code, result.out) == (1, "")
    assert "bad.csv:2:1" in result.err
    assert call(capsys, "new", "mine", "--from", "missing.csv").code == 5
    (tmp_path / "latin.csv").write_bytes("date,event\n2022,pää\n".encode("latin-1"))
    assert "not UTF-8" in call(capsys, "new", "mine", "--from", "latin.csv").err
    assert not (tmp_path / "mine").exists()


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
DATES = st.sampled_from(["2021-12-24", "2022-01-05", "2022-01", "2022", "2022-02-01T10:00"])
ROWS = st.tuples(
    DATES, st.just("day"), WORDS, WORDS.map("it was {}".format), WORDS, WORDS, WORDS, WORDS
)


@given(st.lists(ROWS, min_size=1, max_size=6))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_refused_or_becomes_a_case_that_checks(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    columns = ["date", "precision", "actors", "event", "value", "claim_by", "source", "note"]
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    try:
        case = written(tmp_path, text.getvalue())
    except CaseError:
        return
    case_of(case, tmp_path)
