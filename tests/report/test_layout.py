"""Text keeps to its width, loses no word, and cannot do anything to a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from foedus.report.layout import (
    display_width,
    fits,
    heading,
    letters,
    pad,
    printable,
    table,
    wrap,
    wrap_to,
)  # fmt: skip

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


@given(TEXTS, st.integers(24, 120), st.sampled_from(["", "  ", "- "]))
def test_paragraphs_keep_to_their_width(text: str, width: int, indent: str) -> None:
    lines = wrap(text, width, indent, " " * len(indent))
    assert all(display_width(line) <= width for line in lines if "://" not in line)
    joined = "".join("".join(line[len(indent) :] for line in lines).split())
    assert joined == "".join(text.split())


@given(TEXTS, st.integers(12, 60))
def test_cells_keep_to_their_width(text: str, width: int) -> None:
    lines = wrap_to(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text())
def test_nothing_reaches_the_terminal_as_it_is(text: str) -> None:
    shown = printable(text)
    assert all(c.isprintable() or c in "\u00a0\u202f" for c in shown)
    assert "\x1b" not in "".join(wrap(text, 40))


def test_numbers_stay_with_their_signs() -> None:
    lines = wrap("x" * 34 + " 80 % and 12\N{NO-BREAK SPACE}000 more", 38)
    assert lines == ["x" * 34, "80 % and 12 000 more"]
    assert wrap("a" * 30 + " b – c", 33) == ["a" * 30, "b – c"]


def test_an_address_stays_whole() -> None:
    address = "https://example.org/" + "a" * 60
    assert address in wrap(f"see {address}", 40)


def test_a_table_lines_up() -> None:
    rows = [["", "all", "A"], ["a question that is long enough to wrap", "62 %", "100 %"]]
    lines = table(rows, 34, right=(1, 2))
    assert lines[0].endswith("all      A")
    assert lines[-1].endswith("62 %  100 %")
    assert all(len(line) <= 34 for line in lines)
    assert not fits(rows, 30)
    assert fits(rows, 60)


def test_wide_characters_count_twice() -> None:
    assert display_width("中") == 2
    assert display_width("e\u0301") == 1
    assert pad("中", 4) == "中  "


def test_headings() -> None:
    assert heading("What is known", 80) == ["", "What is known", "-------------"]


def test_the_longest_word_of_a_column_is_not_cut() -> None:
    lines = table([["", "share"], ["party-turnover", "95 %"], ["pace", "3 %"]], 60, right=(1,))
    assert [line.split()[0] for line in lines] == ["share", "party-turnover", "pace"]


def test_letters_go_on_after_the_last() -> None:
    assert letters(2) == ["A", "B"]
    named = letters(800)
    assert named[24:29] == ["Y", "Z", "AA", "AB", "AC"]
    assert named[701:703] == ["ZZ", "AAA"]
    assert len(set(named)) == 800
