"""The mistakes of somebody's first hour end in a sentence that says what to do instead."""

import json
from pathlib import Path

import pytest

from foedus.case.find import shipped_cases
from tests.cli.program import SMALL, Result, call, run

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04\x14\x00", "a document of a word processor or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old document of a word processor or a spreadsheet"),
        (b"{\\rtf1 foedus: 1}", "a document of a word processor (RTF)"),
        (b"%PDF-1.7\n", "a PDF document"),
    ],
)
def test_a_document_that_is_no_text(
    capsys: Capsys, tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "case.docx"
    path.write_bytes(content)
    for asked in (["check", str(path)], ["new", str(tmp_path / "x"), "--from", str(path)]):
        result = call(capsys, *asked)
        assert result.code == 1
        assert f"the file is {kind}, not text" in result.out + result.err
        assert "save it as plain text in UTF-8, or a table as CSV" in result.out + result.err


def test_a_folder_without_a_case(capsys: Capsys, tmp_path: Path) -> None:
    result = call(capsys, "run", str(tmp_path))
    assert result.code == 5
    assert "holds no `case.yaml`" in result.err
    assert "`foedus new NAME`" in result.err


def test_what_cases_there_are(capsys: Capsys) -> None:
    lines = call(capsys, "show").out.splitlines()
    assert [line.split()[0] for line in lines] == list(shipped_cases())
    assert "Kazakhstan, January 2022" in lines[list(shipped_cases()).index("kazakhstan-2022")]
    finnish = call(capsys, "show", "--lang", "fi", "--json").json["cases"]
    assert {"case": "kazakhstan-2022", "title": "Kazakstan, tammikuu 2022"} in finnish
    assert "`foedus show` lists those" in call(capsys, "run", "nowhere").err


@pytest.mark.parametrize(
    ("name", "cure"),
    [("Päivä", "write `paiva`"), ("2024", "begin with a letter"), ("ⅳ ", "write `iv`")],
)
def test_names_that_cases_cannot_have(capsys: Capsys, name: str, cure: str) -> None:
    result = call(capsys, "new", name)
    assert (result.code, result.out) == (2, "")
    assert cure in result.err


@pytest.mark.parametrize("name", ["mali-2012", "poland-1981", "border-crisis"])
def test_a_new_case_checks_whatever_it_is_called(
    capsys: Capsys, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of what happened in its year a case is not to learn from itself, nor from what came later.
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "new", name).code == 0
    assert call(capsys, "check", name) == Result(0, "", "0 errors\n")
    year = name.rpartition("-")[2]
    text = (tmp_path / name / "case.yaml").read_text()
    assert f"start: {year}-01-01" in text or not year.isdigit()


@pytest.mark.parametrize(
    ("option", "cause"),
    [("--draws", "0 is less than 1"), ("--seed", "-1 is not between 0 and 9223372036854775807")],
)
def test_numbers_out_of_range(capsys: Capsys, option: str, cause: str) -> None:
    number = cause.split()[0]
    assert cause in call(capsys, "simulate", "crowd", option, number).err


@pytest.mark.parametrize("command", ["bench", "reproduce"])
def test_lists_are_json_where_that_is_asked_for(capsys: Capsys, command: str) -> None:
    (rows,) = call(capsys, command, "--list", "--json").json.values()
    assert all(row["name"] for row in rows)


def test_a_terminal_without_the_signs_gets_others(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SMALL.replace("A small case", '"Ääliö ≥ 2–3 中"'), encoding="utf-8")

    def shown(*more: str) -> str:
        return run(
            "show", str(path), *more, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0"
        ).out

    assert shown().splitlines()[0] == "Aalio >= 2-3 ?"
    assert json.loads(shown("--json"))["overview"]["title"] == "Ääliö ≥ 2–3 中"
