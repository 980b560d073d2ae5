"""The reader of the pages notices what is wrong with them."""

import re
from pathlib import Path

import pytest

from foedus.questions.estimates import Estimate
from tests.cli.program import Result
from tests.docs.executed import (
    Reader,
    carried_out,
    change_lines,
    directions,
    part_of,
    put_sections,
    rows_of,
    type_in,
)

PRINTED = """\
Answers
-------
                answer  range
Is it so, and
  when?           10 %  1–20 %
    unlikely
Is it not?        90 %    90 %

Basis
-----
- Runs
"""


def answer(value: float) -> Estimate:
    return Estimate(value, None, None, 0.1)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (1.0, {"same", "still"}),
        (1.4, {"still"}),
        (0.6, {"still"}),
        (1.5, {"up"}),
        (0.5, {"down"}),
    ],
)
def test_a_move_is_more_than_three_errors(after: float, words: set[str]) -> None:
    assert directions(answer(1.0), answer(after)) == words


def test_sections_are_added_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    put_sections(path, "a: 1\n\nb:\n  c: 2\n")
    put_sections(path, "a: 3\nd: 4\n")
    assert path.read_text() == "a: 3\nb:\n  c: 2\nd: 4\n"


def test_changes_must_fit_in_one_place(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("- a: 1\n    b: 2\n- a: 2\n    c: 3\n")
    change_lines(path, "-- a: 1\n-    …\n")
    assert path.read_text() == "- a: 2\n    c: 3\n"
    change_lines(path, " - a: 2\n-    c: 3\n+    c: 4\n")
    assert path.read_text() == "- a: 2\n    c: 4\n"
    with pytest.raises(ValueError, match="unpack"):
        change_lines(path, "-- a: 1\n")


def test_parts_and_rows_of_what_is_printed() -> None:
    answers = part_of(PRINTED, "Answers")
    assert answers == PRINTED.partition("\nBasis")[0].rstrip("\n")
    assert part_of(PRINTED, "Basis").splitlines() == ["Basis", "-----", "- Runs"]
    shown = rows_of(answers, ["so, and when"])
    assert shown.splitlines() == [*answers.splitlines()[:-1], "…"]
    with pytest.raises(AssertionError, match="no such row"):
        rows_of(answers, ["Is it perhaps"])


@pytest.mark.parametrize("fence", ["sh fails", "sh"])
def test_a_command_must_end_as_the_page_says(tmp_path: Path, fence: str) -> None:
    reader = Reader(tmp_path, lambda _: Result(int(fence == "sh"), "", ""), [])
    with pytest.raises(AssertionError, match=re.escape("foedus check")):
        carried_out(f"```{fence}\nfoedus check x\n```\n", reader)


def test_no_command_is_passed_over(tmp_path: Path) -> None:
    reader = Reader(tmp_path, lambda _: Result(0, "", ""), [])
    with pytest.raises(AssertionError, match="no reader"):
        type_in("rm case.yaml", reader)
    with pytest.raises(AssertionError, match="no such block"):
        carried_out("```python\n```\n", reader)
