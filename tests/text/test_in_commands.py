"""A command names a case by where it was found, since a copy keeps the name that stands in it."""

import pytest

from foedus import study
from foedus.text.source import Source


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ("class/case.yaml", "class"),
        ("/cases/class/case.yaml", "/cases/class"),
        ("case.yaml", "case.yaml"),
        ("/case.yaml", "/case.yaml"),
        ("cases/mali.yaml", "cases/mali.yaml"),
        ("my class/case.yaml", '"my class"'),
    ],
)
def test_by_folder_or_by_file(found: str, named: str) -> None:
    assert Source(found, "").in_commands == named


def test_shipped_cases_by_name() -> None:
    assert study.load("crowd").source.in_commands == "crowd"
