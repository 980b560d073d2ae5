"""The page about calls on alliances: its commands are carried out, its figure is today's.

Run with `--update` to put what is printed today onto the page.
"""

import re
import shutil

import pytest

from tests.architecture.project import ROOT
from tests.docs.executed import Reader, carried_out, compared

PAGE = ROOT / "docs" / "library-scores.md"
FIGURE = ROOT / "docs" / "images" / "calibration-calls.svg"
TEXT = re.compile(r"<text[^>]*>([^<]*)")


def test_what_it_shows_is_so(reader: Reader, pytestconfig: pytest.Config) -> None:
    updates = pytestconfig.getoption("--update")
    compared(PAGE, carried_out(PAGE.read_text(encoding="utf-8"), reader), updates)
    drawn = reader.folder / "figures" / FIGURE.name
    if updates:
        for suffix in (".svg", ".png"):
            shutil.copy(drawn.with_suffix(suffix), FIGURE.with_suffix(suffix))
    assert TEXT.findall(FIGURE.read_text()) == TEXT.findall(drawn.read_text())
