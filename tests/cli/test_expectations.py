"""`foedus test`: answers are held to what is expected of them."""

from pathlib import Path

import pytest

from foedus.case.expectations import expectations_beside
from foedus.case.find import SHIPPED, shipped_cases
from tests.cli.program import SMALL, call

LIBRARY = [
    one
    for one in shipped_cases()
    if one != "kazakhstan-2022" and expectations_beside(SHIPPED / one / "case.yaml").is_file()
]
Capsys = pytest.CaptureFixture[str]
QUICK = ("--draws", "100", "--workers", "1")
EXPECT = """\
expect:
  - {question: levels, at-least: 45, at-most: 58, because: the formula says 51}
  - {question: levels, set: {pace: 0}, at-most: 0, because: {en: nothing moves, fi: ei liikettä}}
  - {question: levels, what-if: no-rise, at-most: 18, because: nine days of thirty}
  - {question: levels, explanation: calm-sea, at-most: 28, because: without a storm 26}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of cases, with one in it."""
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "case.yaml").write_text(SMALL)
    return tmp_path


def expect(folder: Path, text: str) -> None:
    (folder / "small" / "case.expect.yaml").write_text(text)


def test_a_case_without_expectations_is_run(folder: Path, capsys: Capsys) -> None:
    result = call(capsys, "test", str(folder), *QUICK)
    assert (result.code, result.err) == (0, "")
    assert result.out == "small: runs; nothing is expected of it\n"


def test_what_is_met_and_what_is_not(folder: Path, capsys: Capsys) -> None:
    expect(folder, EXPECT)
    case = str(folder / "small")
    met = call(capsys, "test", case, *QUICK)
    assert (met.code, met.err) == (0, "")
    assert met.out.startswith("small: 4 of 4 expectations met\n  met: levels: 5")
    assert "levels: (`pace` at 0) 0 ± 0, expected at most 0" in met.out
    expect(folder, EXPECT.replace("at-most: 0,", "at-least: 1,"))
    failed = call(capsys, "test", case, *QUICK)
    assert failed.code == 1
    assert "FAILED: levels: (`pace` at 0) 0 ± 0, expected at least 1" in failed.out
    assert "because nothing moves" in failed.out
    finnish = call(capsys, "test", case, *QUICK, "--lang", "fi")
    assert "peruste: ei liikettä" in finnish.out
    record = call(capsys, "test", case, *QUICK, "--json").json
    (tested,) = record["cases"]
    assert [one["is_met"] for one in tested["expectations"]] == [True, False, True, True]
    assert tested["expectations"][1]["set"] == {"pace": 0.0}
    assert tested["is_met"] is False


def test_chance_alone_fails_nothing(folder: Path, capsys: Capsys) -> None:
    """A value beyond its bound by less than three of its errors is put down to chance."""
    expect(folder, "expect:\n  - {question: levels, at-least: 51.5, because: about the mean}\n")
    codes = [
        call(capsys, "test", str(folder / "small"), *QUICK, "--seed", str(seed)).code
        for seed in range(1, 9)
    ]
    assert codes == [0] * 8  # one of eight fails by chance in 1 of 90


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{question: levls, at-most: 1, because: x}", "no question is called `levls`"),
        ("{question: levels, explanation: calm, at-most: 1, because: x}", "no explanation"),
        ("{question: levels, what-if: no-rse, at-most: 1, because: x}", "no what-if is called"),
        ("{question: levels, set: {pcae: 1}, at-most: 1, because: x}", "no parameter is called"),
        ("{question: levels, because: x}", "an expectation needs a bound"),
        ("{question: levels, at-least: 2, at-most: 1, because: x}", "nothing is at least 2"),
        ("{question: levels, at-most: 1}", "the expectation has no `because`"),
        ("{question: levels, at-most: many, because: x}", "expected a number"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(
    text: str, words: str, folder: Path, capsys: Capsys
) -> None:
    expect(folder, f"expect:\n  - {text}\n")
    result = call(capsys, "test", str(folder / "small"), *QUICK)
    assert result.code == 1
    assert result.out == ""
    assert words in result.err
    assert "case.expect.yaml:2" in result.err


def test_calls_that_make_no_sense(tmp_path: Path, capsys: Capsys) -> None:
    assert call(capsys, "test").code == 2
    empty = call(capsys, "test", str(tmp_path))
    assert (empty.code, empty.out) == (2, "")
    assert "no folder in" in empty.err


@pytest.mark.parametrize(
    "name",
    ["kazakhstan-2022", *(pytest.param(one, marks=pytest.mark.full) for one in LIBRARY)],
)
def test_shipped_cases_come_out_as_expected(name: str, capsys: Capsys) -> None:
    result = call(capsys, "test", name, "--draws", "200", "--workers", "1")
    assert result.code == 0, result.out
