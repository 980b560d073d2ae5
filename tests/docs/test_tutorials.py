"""The tutorials, followed from top to bottom; what they say of numbers is counted again.

Run with `--update` to put what is printed today onto the pages.
"""

from datetime import date

import pytest

from foedus.history.learned import learned_share
from tests.architecture.project import ROOT
from tests.docs.executed import Reader, carried_out, compared

FOLDER = ROOT / "docs" / "tutorial"
PAGES = ("1-class-exercise", "2-new-case")


@pytest.mark.parametrize("name", PAGES)
def test_tutorial(name: str, reader: Reader, pytestconfig: pytest.Config) -> None:
    path = FOLDER / f"{name}.md"
    page = path.read_text(encoding="utf-8")
    compared(path, carried_out(page, reader), pytestconfig.getoption("--update"))


def test_every_tutorial_is_followed() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PAGES)


def test_the_record_of_calls_is_as_the_tutorials_count_it() -> None:
    gcc = learned_share("body = gcc", date(2011, 2, 14), "bahrain-2011")
    assert (gcc.granted, gcc.calls) == (0, 1)
    csto = learned_share("body = csto", date(2022, 1, 1), "kazakhstan-2022")
    page = (FOLDER / "1-class-exercise.md").read_text(encoding="utf-8")
    assert f"prior: {csto.granted} of {csto.calls}" in page
