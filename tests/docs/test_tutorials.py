"""The tutorials, followed from top to bottom; what they say of numbers is counted again.

Run with `--update` to put what is printed today onto the pages.
"""

import csv

import pytest

from tests.architecture.project import ROOT, SOURCE
from tests.docs.executed import Reader, carried_out, compared

FOLDER = ROOT / "docs" / "tutorial"
PAGES = ("1-class-exercise", "2-new-case")
REQUESTS = SOURCE / "cases" / "kazakhstan-2022" / "aid_requests.csv"


@pytest.mark.parametrize("name", PAGES)
def test_tutorial(name: str, reader: Reader, pytestconfig: pytest.Config) -> None:
    path = FOLDER / f"{name}.md"
    page = path.read_text(encoding="utf-8")
    compared(path, carried_out(page, reader), pytestconfig.getoption("--update"))


def test_every_tutorial_is_followed() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PAGES)


def test_the_record_of_calls_is_as_the_tutorials_count_it() -> None:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        calls = [
            row
            for row in csv.DictReader(file)
            if (row["frame"], row["genuine"]) == ("alliance", "yes")
            and row["request_date"] < "2022"
        ]
    granted = [row["case_id"] for row in calls if row["decision"] == "granted"]
    assert (len(granted), len(calls)) == (6, 16)
    assert "BHR-2011" in granted
    page = (FOLDER / "2-new-case.md").read_text(encoding="utf-8")
    assert f"prior: {len(granted) - 1} of {len(calls) - 1}" in page
