"""The page on verdicts taken apart: its table is what ships.

Run with `--update` to write the table anew.
"""

import json
import re

import pytest

from foedus import study
from foedus.infer.reference_file import FILE
from foedus.report.names import reading_name
from tests.architecture.project import ROOT
from tests.docs.executed import compared

PAGE = ROOT / "docs" / "weighing.md"
PLACE = re.compile(r"(<!-- references -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table_of_references() -> str:
    """Each case with its explanations, and which share of their own records are less probable."""
    lines = ["| case | explanation | less probable of its own records |", "| --- | --- | --- |"]
    for name, entry in json.loads(FILE.read_text(encoding="utf-8")).items():
        case = study.load(name)
        lines += [
            f"| `{name}` | {reading_name(case, reading, 'en')} | {one['share']:.0%} |"
            for reading, one in entry["explanations"].items()
        ]
    return "\n".join([*lines, ""])


def test_the_table_is_what_ships(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert PLACE.search(text)
    today = PLACE.sub(lambda match: match[1] + table_of_references(), text)
    compared(PAGE, today, pytestconfig.getoption("--update"))
