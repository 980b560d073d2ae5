"""Pages laid out in a browser: nothing overflows, overlaps, is cut off, faint, or fetched."""

from pathlib import Path

import pytest

from foedus import study
from foedus.case.case import Case
from foedus.case.find import shipped_cases
from foedus.engine.reference import Watch
from foedus.jump.lower import lower
from foedus.questions.answers import Answers, simulate
from foedus.report.figures import draw_figures, render_svg, watch_of
from foedus.report.figures.verdict import draw_verdict
from foedus.report.language.catalogue import LANGUAGES
from foedus.report.page.page import Drawing, show_page
from tests.report.browser import faults, lacks
from tests.report.league import answers, league, watched
from tests.report.verdict.test_verdict import CASE, VERDICT

WIDTHS = (360, 800, 1280)
"""Of a phone, a tablet and a screen, pixels."""

pytestmark = pytest.mark.skipif(lacks() is not None, reason=str(lacks()))


@pytest.fixture(scope="module")
def pages(bare: tuple[Case, Answers]) -> dict[str, str]:
    """Pages with all there can be, with a verdict, and with next to nothing, by name."""
    case, few = bare
    weighed = study.simulate(CASE, draws=20)
    texts = {"bare": show_page(case, few, drawings(case, few, "en"), version="1")}
    for language in LANGUAGES:
        drawn = drawings(league(), answers(), language, watched())
        texts[f"league, {language}"] = show_page(league(), answers(), drawn, language, version="1")
        drawn = drawings(CASE, weighed, language)
        drawn += [Drawing(one, render_svg(one, language))
                  for one in draw_verdict(CASE, VERDICT, language)]  # fmt: skip
        texts[f"verdict, {language}"] = show_page(
            CASE, weighed, drawn, language, version="1", verdict=VERDICT
        )
    return texts


def drawings(
    case: Case, found: Answers, language: str, watch: Watch | None = None
) -> list[Drawing]:
    """The figures of a page."""
    expressions = () if watch is None else watch.expressions
    figures = draw_figures(case, found, expressions, language)
    return [Drawing(one, render_svg(one, language)) for one in figures]


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_pages_are_laid_out_well(pages: dict[str, str], tmp_path: Path, *, is_dark: bool) -> None:
    found = faults(pages, WIDTHS, tmp_path, is_dark=is_dark)
    assert len(found) == 5 * len(WIDTHS) + 1
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_screen_needs_no_scrolling_sideways(tmp_path: Path) -> None:
    page = '<div style="width: 900px; overflow-x: auto"><p style="width: 990px">wide</p></div>'
    found = faults({"page": page}, (800, 1280), tmp_path)
    assert not any(one.startswith("scrolls") for one in found["page at 800"])
    assert found["page at 1280"] == ['scrolls sideways: div. "wide"']


def test_the_measurements_find_faults(tmp_path: Path) -> None:
    page = (
        '<html><body style="margin: 0"><h1>One</h1><h3>Three</h3><a href="#gone">link</a>'
        '<p style="color: #aaa">faint</p><div style="width: 500px">wide</div>'
        '<svg role="img" aria-label="a drawing of two words" width="300" height="100">'
        '<text x="0" y="50">first</text><text x="10" y="52">second</text>'
        '<text x="280" y="20">beyond the edge</text>'
        '<rect x="0" y="60" width="90" height="30" fill="#333"/><text x="5" y="80">on a box</text>'
        "</svg>"
        '<img src="http://example.org/a.png" alt=""></body></html>'
    )
    found = faults({"bad": page}, (360,), tmp_path)["bad at 360"]
    for wrong in (
        "the page is 500 wide",
        "out of the page: div",
        "contrast 2.3",
        'contrast 1.7: text. "on a box"',
        "after a heading of level 1",
        "leads nowhere",
        'text. "first" on text. "second"',
        "cut off",
        "fetched",
    ):
        assert any(one.startswith(wrong) for one in found), (wrong, found)


@pytest.mark.full
def test_pages_of_shipped_cases_are_laid_out_well(tmp_path: Path) -> None:
    texts = {}
    for name in shipped_cases():
        case = study.load(name)
        watch = watch_of(case)
        found = simulate(lower(case), draws=20, seed=1, watch=watch)
        for language in LANGUAGES:
            drawn = drawings(case, found, language, watch)
            texts[f"{name}, {language}"] = show_page(case, found, drawn, language, version="1")
    wrong = faults(texts, WIDTHS, tmp_path)
    assert {name: some for name, some in wrong.items() if some} == {}
