"""Diagnostics as text: the layout, and carets under the right words whatever the line holds."""

import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.text.codes import Code
from foedus.text.diagnostic import MOST_FAULTS, Diagnostic, Diagnostics, TooManyFaultsError
from foedus.text.render import (
    WIDTH,
    as_github,
    as_json,
    as_text,
    count,
    readable,
    wants_colour,
)
from foedus.text.source import Source, Span

CASE = """foedus: 1
actors:
  prussia: {kind: state}
alliances:
  league:
    members: [prusia, italy]
"""


def span_of(source: Source, words: str) -> Span:
    start = source.text.index(words)
    return Span(source, start, start + len(words))


def one(source: Source, span: Span, label: str = "", cure: str | None = None) -> Diagnostic:
    found = Diagnostics()
    message = "no actor is called `prusia`"
    found.error(Code.UNKNOWN_ACTOR, span, message, label=label, help=cure)
    return found.found[0]


def test_layout() -> None:
    source = Source("cases/seven-weeks/case.yaml", CASE)
    found = Diagnostics()
    found.error(
        Code.UNKNOWN_ACTOR,
        span_of(source, "prusia"),
        "no actor is called `prusia`",
        label="not declared under `actors`",
        help="write `prussia`",
        other=[(span_of(source, "prussia"), "did you mean this one?")],
    )
    assert as_text(found.in_order()) == (
        "error[unknown-actor]: no actor is called `prusia`\n"
        " --> cases/seven-weeks/case.yaml:6:15\n"
        "  |\n"
        "6 |     members: [prusia, italy]\n"
        "  |               ^^^^^^ not declared under `actors`\n"
        "  |\n"
        " ::: cases/seven-weeks/case.yaml:3\n"
        "  |\n"
        "3 |   prussia: {kind: state}\n"
        "  |   ------- did you mean this one?\n"
        "help: write `prussia`\n"
        "note: run `foedus explain unknown-actor`\n"
        "\n"
        "1 error\n"
    )


def test_line_numbers_of_different_width_share_a_gutter() -> None:
    source = Source("case.yaml", "first: 1\n" + "\n" * 120 + "second: 2\n")
    found = Diagnostics()
    found.error(
        Code.DUPLICATE_KEY,
        span_of(source, "second"),
        "stands twice",
        other=[(span_of(source, "first"), "first here")],
    )
    text = as_text(found.in_order())
    assert "\n122 | second: 2\n    | ^^^^^^\n" in text
    assert "\n  1 | first: 1\n    | ----- first here\n" in text


def test_a_place_in_another_file_names_that_file() -> None:
    case = Source("case.yaml", "with: {x: 1}\n")
    mechanism = Source("mechanisms/aid.yaml", "needs:\n  threat: {}\n")
    found = Diagnostics()
    found.error(
        Code.MECHANISM_NEED,
        span_of(case, "x"),
        "no need is called `x`",
        other=[(span_of(mechanism, "threat"), "this one?")],
    )
    assert " ::: mechanisms/aid.yaml:2\n" in as_text(found.in_order())


def test_warnings_that_differ_in_a_name_are_shown_once() -> None:
    source = Source("case.yaml", CASE)
    found = Diagnostics()
    for name in ("prusia", "italy"):
        place, message = span_of(source, name), f"nobody trusts `{name}`"
        found.warning(Code.NOT_MEASURABLE, place, message, help="name a chance")
        found.error(Code.UNKNOWN_ACTOR, place, message)
    found.warning(Code.NOT_MEASURABLE, span_of(source, "prussia"), "another fault")
    shown = as_text(found.found)
    assert shown.count("nobody trusts `italy`") == 1  # the error: each of those is shown
    assert shown.startswith("warning[not-measurable]: nobody trusts `prusia`\n")
    assert (
        "note: run `foedus explain not-measurable`\n"
        "the same at 1 more place:\n"
        "  --> case.yaml:6:23: italy\n\n"
    ) in shown
    assert "warning[not-measurable]: another fault\n" in shown
    assert shown.endswith("2 errors, 3 warnings\n")


def test_a_file_without_text_has_no_snippet() -> None:
    place = Source("nowhere.yaml", "")
    diagnostic = one(place, Span(place, 0, 0))
    assert as_text([diagnostic]).splitlines()[1:] == [
        " --> nowhere.yaml",
        "note: run `foedus explain unknown-actor`",
        "",
        "1 error",
    ]


def underlined(text: str) -> tuple[str, int, int]:
    """The shown line, and the column and width of what is underlined, as a terminal has them."""
    lines = text.splitlines()
    shown, under = lines[3].partition(" | ")[2], lines[4].partition(" | ")[2]
    return shown, len(under) - len(under.lstrip()), under.count("^")


def columns(text: str) -> int:
    """Columns of a text in a terminal, counted by another rule than the renderer's."""
    total = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        total += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return total


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("  title: ", "prusia"),
        ("\t\tmembers: [", "prusia"),
        ("note: 中国と日本 and ", "prusia"),
        ("note: 中国 and ", "日本"),
        ("name: n\u0303andu\u0301 and ", "prusia"),
        ("name: Ö", "a\u0308iti"),
        ("", "prusia"),
        ("flags: \N{FIRE}\N{FIRE} ", "\N{FIRE}"),
    ],
)
def test_carets_stand_under_the_words(before: str, words: str) -> None:
    source = Source("case.yaml", f"{before}{words} after\n")
    span = Span(source, len(before), len(before) + len(words))
    shown, column, width = underlined(as_text([one(source, span)]))
    assert shown == source.text.rstrip("\n").replace("\t", "    ")
    assert column == columns(before.replace("\t", "    "))
    assert width == columns(words)


@pytest.mark.parametrize("length", [10, 90, 200, 3_000_000])
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_a_long_line_is_shown_around_the_fault(length: int, place: float) -> None:
    before, after = int(length * place), length - int(length * place)
    source = Source("case.yaml", "a" * before + "PRUSIA" + "b" * after + "\nnext\n")
    shown, column, width = underlined(as_text([one(source, span_of(source, "PRUSIA"))]))
    assert shown[column : column + width] == "PRUSIA"
    assert len(shown) <= WIDTH + 6
    assert shown.startswith("...") == (not shown.startswith("a" * before + "P"))


def test_a_fault_of_many_lines_is_underlined_to_the_end_of_its_first() -> None:
    source = Source("case.yaml", "key:\n  - one\n  - two\n")
    _, column, width = underlined(as_text([one(source, Span(source, 0, 20))]))
    assert (column, width) == (0, 4)


def test_a_fault_past_the_end_has_a_caret_there() -> None:
    source = Source("case.yaml", "key: [1, 2")
    _, column, width = underlined(as_text([one(source, Span(source, 10, 10))]))
    assert (column, width) == (10, 1)


def test_windows_line_ends_are_not_shown() -> None:
    source = Source("case.yaml", "one: 1\r\ntwo: 2\r\n")
    assert underlined(as_text([one(source, span_of(source, "two"))]))[0] == "two: 2"


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 30), st.booleans())
def test_any_text_is_shown_safely(text: str, start: int, length: int, colour: bool) -> None:
    source = Source("case.yaml", text)
    low = min(start, len(text))
    span = Span(source, low, min(low + length, len(text)))
    found = Diagnostics()
    found.error(
        Code.BAD_NAME, span, f"`{span.text}` is not a name", label=text, help=text,
        other=[(span, text)],
    )  # fmt: skip
    shown = as_text(found.in_order(), colour=colour)
    if colour:
        shown = shown.replace("\033[", "")
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert json.loads(as_json(found.in_order()))["diagnostics"][0]["code"] == "bad-name"
    assert as_github(found.in_order()).count("\n") == 1


def test_colours_surround_the_same_words() -> None:
    source = Source("case.yaml", CASE)
    diagnostics = [one(source, span_of(source, "prusia"), label="here", cure="write `prussia`")]
    coloured = as_text(diagnostics, colour=True)
    assert "\033[1;31merror[unknown-actor]\033[0m" in coloured
    plain = coloured
    for code in ("1;31", "1;33", "34", "1;32", "2", "1", "0"):
        plain = plain.replace(f"\033[{code}m", "")
    assert plain == as_text(diagnostics)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())


def test_count() -> None:
    source = Source("case.yaml", CASE)
    error = one(source, span_of(source, "prusia"))
    found = Diagnostics()
    found.warning(Code.CHANGES_NOTHING, span_of(source, "actors"), "changes nothing")
    warning = found.found[0]
    assert count([error, error, warning]) == "2 errors, 1 warning"
    assert count([warning, warning]) == "2 warnings"
    assert count([error] * 1234) == "1,234 errors"
    assert count([]) == "0 errors"
    assert as_text([]) == ""
    assert as_text([warning]).startswith("warning[changes-nothing]: changes nothing\n")


def test_endless_faults_end_the_search() -> None:
    source = Source("case.yaml", CASE)
    found = Diagnostics()
    span = span_of(source, "prusia")

    def find(faults: int) -> None:
        for number in range(faults):
            found.error(Code.UNKNOWN_ACTOR, span, f"no actor is called `x{number}`")

    with pytest.raises(TooManyFaultsError):
        find(1000)
    text = as_text(found.in_order())
    assert text.count("error[") == MOST_FAULTS
    assert text.endswith(f"\n{MOST_FAULTS} errors; the rest was not looked at\n")


def test_json_is_the_contract() -> None:
    source = Source("cases/a.yaml", CASE)
    diagnostic = one(source, span_of(source, "prusia"), cure="write `prussia`")
    assert json.loads(as_json([diagnostic])) == {
        "diagnostics": [
            {
                "code": "unknown-actor",
                "severity": "error",
                "message": "no actor is called `prusia`",
                "file": "cases/a.yaml",
                "line": 6,
                "column": 15,
                "help": "write `prussia`",
            }
        ]
    }
    assert json.loads(as_json([])) == {"diagnostics": []}


def test_github() -> None:
    source = Source("a,b.yaml", CASE)
    diagnostic = one(source, span_of(source, "prusia"), cure="write 100% `prussia`")
    assert as_github([diagnostic]) == (
        "::error file=a%2Cb.yaml,line=6,col=15,title=unknown-actor::"
        "no actor is called `prusia`%0Ahelp: write 100%25 `prussia`\n"
    )


def test_endless_words_are_cut() -> None:
    assert len(readable("x" * 10_000_000)) < 700
    assert readable("a\x1b[31mb\u202ec") == "a\ufffd[31mb\ufffdc"
