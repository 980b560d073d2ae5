"""Links lead somewhere, lists are complete, and the table of words is that of the program.

Run with `--update` to write the lists and the table anew.
"""

import math
import re
from pathlib import Path

import pytest

from foedus.report.language.catalogue import say
from foedus.report.language.words import TERMS
from tests.architecture.project import ROOT, project_texts
from tests.docs.executed import compared

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"")
MADE = re.compile(r"(<!-- (words|decisions) -->\n).*?(?=<!-- end -->)", re.DOTALL)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
PAGES = sorted(name for name in project_texts() if name.endswith(".md"))


def anchors(path: Path) -> set[str]:
    """The names by which the headings of a page can be linked to."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    for link in (first or second for first, second in LINK.findall(text)):
        if not link.startswith(("https://", "http://")):
            target, _, anchor = link.partition("#")
            other = (page.parent / target).resolve() if target else page
            assert other.exists(), link
            assert not anchor or anchor in anchors(other), link


def table_of_words() -> str:
    """The estimative words with their numbers."""
    rows = [f"| {say('en', f'word.{one.name}')} | {one.low}–{one.high} % |" for one in TERMS]
    return "\n".join(["| words | probability |", "| --- | --- |", *rows, ""])


def list_of_decisions() -> str:
    """The decisions on record, by their titles."""
    pages = sorted((DOCS / "decisions").glob("*.md"))
    lines = [f"- [{_title(page)}](decisions/{page.name})" for page in pages]
    return "\n".join([*lines, ""])


def _title(page: Path) -> str:
    return page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


@pytest.mark.parametrize("name", ["README", "concepts"])
def test_what_is_made_is_todays(name: str, pytestconfig: pytest.Config) -> None:
    made = {"words": table_of_words, "decisions": list_of_decisions}
    path = DOCS / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    assert MADE.search(text)
    today = MADE.sub(lambda match: match[1] + made[match[2]](), text)
    compared(path, today, pytestconfig.getoption("--update"))


def test_every_page_can_be_found_from_the_index() -> None:
    waiting, found = [DOCS / "README.md"], set[Path]()
    while waiting:
        page = waiting.pop()
        found.add(page)
        links = (one.partition("#")[0] for one, _ in LINK.findall(page.read_text(encoding="utf-8")))
        pages = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        waiting += pages - found - set(waiting)
    assert set(DOCS.rglob("*.md")) <= found


def test_the_example_of_a_hazard_is_right() -> None:
    text = (DOCS / "concepts.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"A hazard of two a week .* at least once in a week with (\d+) %", text)
    assert int(shown) == round(100 * (1 - math.exp(-2)))
