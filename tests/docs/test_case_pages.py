"""The pages of the cases show what is printed today.

Run with `--update` to put that onto them. The flagship's page has no such blocks: what it says of
its shipped verdict is held by `tests/cases/`.
"""

import pytest

from tests.architecture.project import ROOT
from tests.docs.executed import Reader, carried_out, compared

CASES = ROOT / "src" / "foedus" / "cases"
SHOWING = sorted(
    page.parent.name for page in CASES.glob("*/README.md") if "```sh" in page.read_text("utf-8")
)


@pytest.mark.parametrize("name", SHOWING)
def test_page(name: str, reader: Reader, pytestconfig: pytest.Config) -> None:
    path = CASES / name / "README.md"
    page = path.read_text(encoding="utf-8")
    compared(path, carried_out(page, reader), pytestconfig.getoption("--update"))


def test_every_case_with_a_record_shows_its_verdict() -> None:
    weighed = {
        case.parent.name
        for case in CASES.glob("*/case.yaml")
        if "\nevidence:" in case.read_text("utf-8")
    }
    assert weighed - {"kazakhstan-2022"} <= set(SHOWING)
