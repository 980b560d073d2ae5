"""The page: whole, offline, escaped; its files are there as a whole or not at all."""

import errno
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.jump.lower import lower
from foedus.questions.answers import Answers, simulate
from foedus.report.files import write_files
from foedus.report.language.catalogue import LANGUAGES
from foedus.report.page.page import show_page, with_code, write_report
from foedus.report.page.page_tables import explanation_tables
from tests.report.league import FILE, answers, league, read, watched

VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"

SAID = (
    "the Chancellor",
    "a bread riot",
    "The Arden Gazette",
    "nobody counted",
    "Unrest from March to June",
    "a quay goes on strike",
    "it seems",
    "surely",
)


class Page(HTMLParser):
    """A page's elements, with every tag closed that was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report."""
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(league(), answers(), folder, watched().expressions, version="1.2.3")
    return folder


def test_all_files_are_there(written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    drawn = {"answers", "timeline", "course", "actors"}
    assert names == {"index.html", *(f"{d}.svg" for d in drawn), *(f"{d}.png" for d in drawn)}
    assert oct((written / "index.html").stat().st_mode)[-3:] != "600"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_in_its_language(language: str) -> None:
    page = Page(show_page(league(), answers(), (), language, version="1.2.3"))
    assert page.open == []
    assert dict(page.found)["html"]["lang"] == language
    text = " ".join(" ".join(page.text).split())
    assert league().title.get(language) in text
    assert "1.2.3" in text
    for question in league().questions.values():
        assert question.label.get(language) in text
    for statement in league().statements:
        assert statement.says.get(language) in text
    for item in league().evidence:
        assert item.id in text


def test_commands_are_set_as_commands() -> None:
    """Backticks are for terminals."""
    page = show_page(league(), answers(), (), "en", version="1.2.3")
    for command in ("foedus weigh league-1901", "foedus show league.yaml --assumptions"):
        assert f"<code>{command}</code>" in page
    assert "`" not in page.partition("<main>")[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a `b <c>` d & 90 %", "a <code>b &lt;c&gt;</code> d &amp; 90\N{NO-BREAK SPACE}%"),
        ("`foedus`", "<code>foedus</code>"),
        ("one ` alone", "one ` alone"),
    ],
)
def test_code_is_escaped_like_the_rest(text: str, shown: str) -> None:
    assert with_code(text) == shown


def test_the_page_works_offline(written: Path) -> None:
    page = Page((written / "index.html").read_text())
    tags = {tag for tag, _ in page.found}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "img"})
    assert "svg" in tags
    for tag, attributes in page.found:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "srcset", "data", "xlink:href"):
            assert name not in attributes or tag == "use"
        if str(attributes.get("href", "")).startswith("http"):
            assert tag == "a"
    style = re.search(r"<style>(.*)</style>", (written / "index.html").read_text(), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_every_figure_is_in_the_page_with_its_words(written: Path) -> None:
    text = (written / "index.html").read_text()
    assert text.count("<svg ") == 4
    assert len(re.findall(r'<svg [^>]*role="img" aria-label="[^"]{20,}"', text)) == 4
    # On a narrow page a drawing is cut off at the edge, its heading with it: it stands above, too.
    assert len(re.findall(r"<figcaption[^>]*>[^<]{10,}</figcaption>", text)) == 4
    # So the drawing's own is not shown there, nor its room (22 pixels, or 41 for two lines).
    rooms = re.findall(r'class="drawing" style="--width: \d+px; --title: (\d+)px"', text)
    assert len(rooms) == 4
    assert set(rooms) <= {"22", "41"}
    assert "figure svg { margin-top: calc(-1 * var(--title)); }" in text
    ids = [attributes["id"] for _, attributes in Page(text).found if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"] for t, a in Page(text).found if t == "a" and str(a["href"])[0] == "#"}
    assert {str(target)[1:] for target in targets} <= set(ids)


def test_links_lead_to_cited_addresses_only(written: Path) -> None:
    page = Page((written / "index.html").read_text())
    links = {attributes["href"] for tag, attributes in page.found if tag == "a"}
    outside = {link for link in links if not str(link).startswith("#")}
    assert outside == {"https://example.org/gazette?a=1&b=2", "https://doi.org/10.1000/annals"}


def test_everything_is_escaped(tmp_path: Path) -> None:
    text = FILE.read_text()
    quoted = HOSTILE.replace('"', '\\"')
    for words in SAID:
        assert words in text
        text = re.sub(rf'"?{words}"?(?=[,}}])', lambda _: f'"{quoted}"', text)
    assert text.count("<script>") >= 8
    case = read(text)
    hostile = simulate(lower(case), draws=40, seed=1)
    write_report(case, hostile, tmp_path / "out", version="1.2.3")
    page = (tmp_path / "out" / "index.html").read_text()
    found = Page(page).found
    assert {tag for tag, _ in found}.isdisjoint({"script", "img"})
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)
    assert "alert(1)" in page


def test_an_address_that_is_none_is_no_link() -> None:
    text = FILE.read_text().replace("https://example.org/gazette?a=1&b=2", "javascript:alert(1)")
    assert "javascript:" not in show_page(read(text), answers(), version="1.2.3")


def test_more_readings_than_fit_stand_in_tables_of_their_own() -> None:
    names = [f"reading-{number}" for number in range(4)]
    sets = "".join(f"  {name}: {{atoms: [plotted, both-ways]}}\n" for name in names)
    case = read(FILE.read_text().replace("\nsets:\n", f"\nsets:\n{sets}"))
    found = simulate(lower(case), draws=20, seed=1).questions
    first, second = explanation_tables(case, found, "en")
    assert [len(first["heads"]), len(second["heads"])] == [1 + 3, 1 + 5]
    assert [first["title"], second["title"]] == ["", "Overlapping readings"]
    for table in (first, second):
        assert [len(row["cells"]) for row in table["rows"]] == [len(table["heads"])] * len(found)
    (together,) = explanation_tables(league(), answers().questions, "en")
    assert len(together["heads"]) == 1 + 3 + 1


def test_a_bare_case_has_a_page(bare: tuple[Case, Answers]) -> None:
    page = Page(show_page(*bare, version="1.2.3"))
    assert page.open == []


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": b"one"})
    assert write_files(tmp_path, {"a": b"two", "b": b"three"}) == (tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"),
                                   KeyboardInterrupt()], ids=["full disk", "Ctrl-C"])  # fmt: skip
def test_nothing_half_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    calls = []

    def fail_at_the_second(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise fault

    monkeypatch.setattr(os, "fsync", fail_at_the_second)
    with pytest.raises(type(fault)) as caught:
        write_files(tmp_path, {"a": b"new", "b": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}
    if isinstance(caught.value, OSError):
        assert caught.value.filename == str(tmp_path / "b")
        assert caught.value.errno == errno.ENOSPC


def test_folders_that_were_made_for_nothing_go_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_files(tmp_path / "one" / "two", {"a": b"new"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OSError, match="out"):
        write_files(tmp_path / "out", {"a": b"new"})
