"""The list of codes in the documentation is that of the program."""

import re
from pathlib import Path

import pytest

from foedus.text.codes import Code
from foedus.text.pages import page
from tests.architecture.project import ROOT
from tests.diagnostics.pages import base_case

INDEX = ROOT / "docs" / "diagnostics.md"
PAGES = "../src/foedus/diagnostics"


def summary(code: Code) -> str:
    """The first paragraph of a page."""
    return page(code).split("\n\n")[1]


def filled(text: str) -> str:
    """The index with what its marks stand for."""
    codes = "".join(f"- [`{c.value}`]({PAGES}/{c.value}.md): {summary(c)}\n" for c in Code)
    for mark, inside in (("codes", codes), ("base", f"```yaml\n{base_case()}```\n")):
        before, begin, rest = text.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        assert end, mark
        text = before + begin + inside + end + after
    return text


def test_index(pytestconfig: pytest.Config) -> None:
    text = INDEX.read_text(encoding="utf-8")
    if pytestconfig.getoption("--update"):
        INDEX.write_text(filled(text), encoding="utf-8")
    else:
        assert filled(text) == text


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_links_lead_to_pages(code: Code) -> None:
    assert (INDEX.parent / Path(PAGES) / f"{code.value}.md").is_file()
    assert re.fullmatch(r"[A-Z`].*[^.]\.", summary(code))
