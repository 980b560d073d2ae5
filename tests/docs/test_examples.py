"""The page of examples on data that do not ship; carried out where the data are.

Run with `--update` to put what is printed today onto the page.
"""

import shutil

import pytest

from tests.architecture.project import ROOT
from tests.docs.executed import Reader, carried_out, compared
from tests.history.places import REAL, real_file

PAGE = ROOT / "docs" / "leaders-and-allies.md"


def test_what_it_shows_is_so(reader: Reader, pytestconfig: pytest.Config) -> None:
    for name in ("archigos", "reign-regimes", "vdem", "ucdp-acd", "berkemeier-fuhrmann"):
        shutil.copy(real_file(name), reader.folder / REAL[name])
    page = PAGE.read_text(encoding="utf-8")
    compared(PAGE, carried_out(page, reader), pytestconfig.getoption("--update"))
