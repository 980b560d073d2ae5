"""Every sentence exists in both languages, with the same placeholders, and is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

import foedus.report
from foedus.case.grammar.leaves import GRADES
from foedus.case.grammar.world import SOURCE_KINDS
from foedus.history.classes import OWN
from foedus.report.language.catalogue import CATALOGUES, LANGUAGES, Text, say
from foedus.units import UNITS

SOURCE = Path(foedus.report.__file__).parent


def placeholders(text: Text) -> set[str]:
    """The names in braces."""
    parts = text if isinstance(text, tuple) else (text,)
    return {name for part in parts for _, name, _, _ in Formatter().parse(part) if name}


def said() -> tuple[set[str], set[str]]:
    """The ids that the source says in full, and the starts of those it puts together."""
    code = "\n".join(path.read_text() for path in sorted(SOURCE.rglob("*.py")))
    full = set(re.findall(r'"([a-z]+(?:[.-][a-z0-9-]+)*)"', code))
    starts = set(re.findall(r'f"([a-z]+\.(?:[a-z-]+\.|[a-z]+-)*)\{', code))
    return full, starts


def test_both_languages_have_the_same_ids() -> None:
    assert set(CATALOGUES) == set(LANGUAGES)
    assert CATALOGUES["en"].keys() == CATALOGUES["fi"].keys()


def test_both_languages_have_the_same_placeholders() -> None:
    loose = {"date.short", "date.short.yearless", "date.time"}  # Jan or 1., 06 or 6
    for name, text in CATALOGUES["en"].items():
        if name not in loose:
            assert placeholders(text) == placeholders(CATALOGUES["fi"][name]), name


def test_both_languages_have_one_and_many_at_the_same_ids() -> None:
    for name, text in CATALOGUES["en"].items():
        assert isinstance(text, tuple) == isinstance(CATALOGUES["fi"][name], tuple), name


def test_a_count_before_a_noun_can_be_one() -> None:
    for name, text in CATALOGUES["en"].items():
        if isinstance(text, str):
            assert not re.search(r"\{count\} (?!of\b|with\b|and\b)[a-z]", text), name


def test_every_sentence_is_used() -> None:
    full, starts = said()
    template = (SOURCE / "page" / "templates" / "page.html.j2").read_text()
    words = set(re.findall(r"words(?:\.|\[\")([a-z-]+)", template))
    unused = [
        name
        for name in CATALOGUES["en"]
        if name not in full
        and not any(name.startswith(start) for start in starts)
        and not (name.startswith("page.") and name.removeprefix("page.") in words)
    ]
    assert unused == []


def test_every_word_of_the_template_exists() -> None:
    template = (SOURCE / "page" / "templates" / "page.html.j2").read_text()
    words = set(re.findall(r"words(?:\.|\[\")([a-z-]+)", template))
    assert words
    assert {f"page.{word}" for word in words} <= CATALOGUES["en"].keys()


def test_closed_lists_of_the_language_have_words() -> None:
    known = CATALOGUES["en"].keys()
    assert {f"unit.{unit.name}" for unit in UNITS.values()} <= known
    assert {f"grade.{grade}" for grade in GRADES} <= known
    assert {f"grade.{grade}.heading" for grade in GRADES} <= known
    assert {f"document.{kind}" for kind in SOURCE_KINDS} <= known
    assert {f"class.{name}" for name in OWN} <= known
    assert {f"role.{role}" for role in ("drives", "result", "claim", "context")} <= known


def test_one_and_many() -> None:
    assert say("en", "run.claims", count=1) == "1 claim"
    assert say("en", "run.claims", count=1200) == "1,200 claims"
    assert say("fi", "run.claims", count=1) == "1 väite"
    assert say("en", "what-if.points", count="−1") == "−1 point"
    assert say("en", "what-if.points", count="1.5") == "1.5 points"
    with pytest.raises(KeyError):
        say("en", "run.record", record="1 item")
