"""Whatever is done to a case file, the checker answers: a case, or errors with their places."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.case.mechanisms import SHIPPED
from foedus.jump.lower import lower
from foedus.text.diagnostic import Diagnostic
from foedus.text.render import as_json, as_text
from foedus.text.source import Source
from tests.loading import try_case

FOLDER = Path(__file__).parent
RICH = (FOLDER / "rich.yaml").read_text(encoding="utf-8")
WORD = re.compile(r"[A-Za-z0-9_.+-]+")
SECONDS = 5.0
"""Processor time that one file of this size may take; mostly it takes a twentieth of a second."""

JUNK = (
    "", "~", "true", "yes", "0", "1", "-1", "1e999", "nan", ".inf", "1e308", "5e-324", "0.5", "007",
    "9" * 400, "[]", "{}", "[[]]", "{a: b}", "{a: {b: c}}", "[a, a]", "''", '""', '"', "'", "[",
    "{", "}", "]", ":", ": ", "- ", "&a", "*a", "!!x y", "|", ">", "#", "\t", "\r\n", "\n", "---",
    "...", "2022-01-05", "2022-13-01", "2022-01-05/2021-01-01", "-0431-03-01", "9999",
    "10000-01-01", "1 day", "0 days", "-3 days", "1e400 years",
    "city", "csto", "tokayev", "vacant", "spark",
    "unruly[city]", "unruly", "city[city]", "csto.member[russia]", "aid.ask", "aid", "time",
    "since(speaks)", "happened(speaks) and not happened(speaks)", "1 / 0", "log(0)", "exp(1e9)",
    "power(0, 0 - 1)", "((((((1))))))", "if if if", "sum(1 for c in city for d in city)",
    "holder(president) == vacant", "exponential(0)", "poisson(0 - 1)", "80% between 1 and 1",
    "beta(0, 0)", "flag(2)", "6 of 0", "normal(0, 1e308)", "uniform(1, 0)", "ä", "\N{FIRE}",
    "\u0000", "\u202e", "a" * 200, "wire#\u00e4", "per day", "years", "share", "collective-aid",
    "rich.yaml", "../rich.yaml", "/dev/zero", ".", "rate: spark", "when: true", "per: city",
)  # fmt: skip


def _place(text: str, draw: st.DrawFn) -> int:
    return draw(st.integers(0, len(text)))


def _word(text: str, draw: st.DrawFn) -> re.Match[str] | None:
    words = list(WORD.finditer(text))
    return draw(st.sampled_from(words)) if words else None


def _lines(change: Callable[[list[str], st.DrawFn], None]) -> Callable[[str, st.DrawFn], str]:
    def mutate(text: str, draw: st.DrawFn) -> str:
        lines = text.split("\n")
        change(lines, draw)
        return "\n".join(lines)

    return mutate


def _delete_lines(lines: list[str], draw: st.DrawFn) -> None:
    start = draw(st.integers(0, len(lines) - 1))
    del lines[start : start + draw(st.integers(1, 4))]


def _repeat_lines(lines: list[str], draw: st.DrawFn) -> None:
    start, to = draw(st.integers(0, len(lines))), draw(st.integers(0, len(lines)))
    lines[to:to] = lines[start : start + draw(st.integers(1, 4))]


def _swap_lines(lines: list[str], draw: st.DrawFn) -> None:
    if lines:
        one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[one], lines[other] = lines[other], lines[one]


def _indent_line(lines: list[str], draw: st.DrawFn) -> None:
    if lines:
        place, by = draw(st.integers(0, len(lines) - 1)), draw(st.integers(-4, 4))
        lines[place] = " " * by + lines[place] if by > 0 else lines[place][-by:]


def _replace_word(text: str, draw: st.DrawFn) -> str:
    word = _word(text, draw)
    if word is None:
        return text
    return text[: word.start()] + draw(st.sampled_from(JUNK)) + text[word.end() :]


def _copy_word(text: str, draw: st.DrawFn) -> str:
    word, other = _word(text, draw), _word(text, draw)
    if word is None or other is None:
        return text
    return text[: word.start()] + other[0] + text[word.end() :]


def _rename(text: str, draw: st.DrawFn) -> str:
    """One name, everywhere, as another that is there or as junk."""
    word, other = _word(text, draw), _word(text, draw)
    if word is None or other is None:
        return text
    new = draw(st.sampled_from([other[0], draw(st.sampled_from(JUNK))]))
    return re.sub(rf"(?<![\w-]){re.escape(word[0])}(?![\w-])", lambda _: new, text)


def _misspell(text: str, draw: st.DrawFn) -> str:
    word = _word(text, draw)
    if word is None:
        return text
    at = draw(st.integers(word.start(), word.end() - 1))
    return text[:at] + draw(st.sampled_from(["", "x", "-", text[at] * 2])) + text[at + 1 :]


def _insert(text: str, draw: st.DrawFn) -> str:
    place = _place(text, draw)
    return text[:place] + draw(st.sampled_from(JUNK) | st.text(max_size=6)) + text[place:]


def _cut(text: str, draw: st.DrawFn) -> str:
    place = _place(text, draw)
    return text[:place] + text[place + draw(st.integers(1, 60)) :]


MUTATIONS: tuple[Callable[[str, st.DrawFn], str], ...] = (
    _lines(_delete_lines), _lines(_repeat_lines), _lines(_swap_lines), _lines(_indent_line),
    _replace_word, _replace_word, _copy_word, _copy_word, _rename, _misspell, _insert, _cut,
)  # fmt: skip


@st.composite
def mutants(draw: st.DrawFn, text: str = RICH) -> str:
    """A text, or else the rich case, with a few things done to it."""
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3)):
        text = mutate(text, draw)
    return text


def verify(text: str, folder: Path = FOLDER) -> None:
    """The checker's promise about any text."""
    started = time.process_time()
    case, diagnostics = try_case(Source("case.yaml", text), folder)
    found = diagnostics.in_order()
    shown = as_text(found), as_json(found)
    assert time.process_time() - started < SECONDS
    assert bool(shown[0]) == bool(found)
    assert (case is None) == any(one.is_error for one in found)
    for one in found:
        verify_diagnostic(one)
    if case is not None:
        lower(case)


def verify_diagnostic(one: Diagnostic) -> None:
    """Its places lie in their sources, and its words have the form that all have."""
    for label in (one.primary, *one.secondary):
        span = label.span
        assert 0 <= span.start <= span.end <= len(span.source.text), one
        assert span.line >= 1, one
        assert span.column >= 1, one
    assert one.message, one
    assert one.help, one
    assert "\n" not in one.message, one
    assert not one.message.endswith((".", "!")), one
    assert not one.message[0].isupper() or one.message.split()[0] in MONTHS, one


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@given(mutants())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_changed_case_is_answered(text: str) -> None:
    verify(text)


@pytest.mark.full
@given(mutants())
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_changed_case_is_answered_at_length(text: str) -> None:
    verify(text)


@given(mutants((SHIPPED / "collective-aid.yaml").read_text(encoding="utf-8")))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_changed_mechanism_is_answered(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "mine.yaml").write_text(text, encoding="utf-8", errors="replace", newline="")
    verify(RICH.replace("mechanism: collective-aid", "mechanism: mine.yaml"), folder)


@given(st.text(max_size=300) | st.lists(st.sampled_from(JUNK), max_size=40).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered(text: str) -> None:
    verify(text)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_place_of_any_value_is_answered(junk: str) -> None:
    """Each junk in some ten places, which differ from junk to junk."""
    words = list(WORD.finditer(RICH))
    for word in words[JUNK.index(junk) :: len(JUNK)]:
        verify(RICH[: word.start()] + junk + RICH[word.end() :])
