"""`foedus sensitivity`: the table, the record, the figure, and wrong calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.pair import GIVEN, PAIR
from tests.cli.program import call, small

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]
QUICK = ("--rows", "32", "--runs", "5")


@pytest.mark.parametrize("language", ["en", "fi"])
def test_table(capsys: Capsys, small: str, language: str) -> None:
    result = call(capsys, "sensitivity", small, *QUICK, "--lang", language)
    assert (result.code, result.err) == (0, "")
    assert "±" in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines())


def test_record(capsys: Capsys, small: str) -> None:
    one = call(capsys, "sensitivity", small, *QUICK, "--json").json
    assert one == call(capsys, "sensitivity", small, *QUICK, "--json", "--workers", "2").json
    assert one["rows"] == 32
    for question in one["questions"]:
        for effect in question["effects"]:
            assert set(effect) == {
                "input", "first", "first_error", "total", "total_error", "slope", "slope_error",
                "slope_at_most",
            }  # fmt: skip


def test_figure(capsys: Capsys, small: str, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    result = call(capsys, "sensitivity", small, "--rows", "128", "--out", str(out))
    assert result.code == 0
    assert sorted(path.name for path in out.iterdir()) == ["drivers.png", "drivers.svg"]
    assert "aria-label" in (out / "drivers.svg").read_text()


def test_given_the_record(capsys: Capsys, tmp_path: Path) -> None:
    asked = ("kyrgyzstan-2010", "--given-record", "--particles", "150", "--workers", "1")
    few = ("--rows", "64", "--runs", "4", "--question", "next-call-heard")
    result = call(capsys, "sensitivity", *asked, *few, "--out", str(tmp_path))
    assert (result.code, result.err) == (0, "")
    assert "Given the record, which ties parameters together" in result.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drivers.png", "drivers.svg"]
    found = call(capsys, "sensitivity", *asked, *few, "--json").json
    assert found["is_given_record"]
    (question,) = found["questions"]
    assert sum(effect["total"] for effect in question["effects"]) == pytest.approx(1.0)


def test_given_the_record_of_a_case_without_rivals(capsys: Capsys, tmp_path: Path) -> None:
    """All that is uncertain is one parameter, which has all of the answer; fixed, nothing is."""
    text = PAIR.replace("value: 0.2", "prior: 80% between 0.02 and 0.2") + GIVEN
    asked = ("--given-record", "--particles", "60", "--rows", "64", "--runs", "4")
    (tmp_path / "pair.yaml").write_text(text.replace("gone[bo]", "gone[ada]"), encoding="utf-8")
    found = call(capsys, "sensitivity", str(tmp_path / "pair.yaml"), *asked, "--json").json
    (effect,) = found["questions"][0]["effects"]
    assert (effect["input"], effect["total"]) == ("pace", pytest.approx(1.0))
    (tmp_path / "fixed.yaml").write_text(PAIR + GIVEN, encoding="utf-8")
    fixed = call(capsys, "sensitivity", str(tmp_path / "fixed.yaml"), *asked)
    assert fixed.code == 2
    assert "nothing in the case is uncertain" in fixed.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--rows", "100"], 2, "8 times a power of two"),
        (["--question", "nothing"], 2, "no question is called `nothing`"),
        (["--inputs", "1"], 2, "--inputs"),
        (["--set", "nothing=1"], 2, "no parameter is called `nothing`"),
    ],
)
def test_wrong_calls(
    capsys: Capsys, small: str, arguments: list[str], code: int, words: str
) -> None:
    result = call(capsys, "sensitivity", small, *QUICK, *arguments)
    assert result.code == code
    assert words in result.err
    assert "Traceback" not in result.err
