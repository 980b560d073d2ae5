"""Structural faults: each once, in its place, with the other place and the cure."""

import pytest

from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostic
from foedus.text.source import Source
from tests.loading import try_case

HEAD = "foedus: 1\ncase: x\ntitle: X\nclock: {start: 2022-01-01, end: 2022-02-01}\n"


def faults(body: str) -> list[Diagnostic]:
    """What is wrong with a case that has this body below its head."""
    _, diagnostics = try_case(Source("case.yaml", HEAD + body))
    return list(diagnostics.in_order())


def only(body: str) -> Diagnostic:
    found = faults(body)
    assert len(found) == 1, [diagnostic.message for diagnostic in found]
    return found[0]


@pytest.mark.parametrize(
    ("body", "code", "place", "words"),
    [
        ("actors: {a: {knid: state, kind: state}}", Code.UNKNOWN_KEY, (5, 14), ["`knid`"]),
        ("actors: {a: {kind: state, clock: 1}}", Code.MISPLACED_KEY, (5, 27), ["`clock`"]),
        ("actors: {a: {of: b}}", Code.MISSING_KEY, (5, 10), ["`kind`"]),
        ("actors: {a: {kind: state, kind: person}}", Code.DUPLICATE_KEY, (5, 27), ["`kind`"]),
        ("actors: {a: {kind: sate}}", Code.UNKNOWN_WORD, (5, 20), ["`sate`"]),
        ("actors: {a: {kind: [state]}}", Code.WRONG_TYPE, (5, 20), ["list"]),
        ("actors: {a: {kind: }}", Code.WRONG_TYPE, (5, 20), ["nothing"]),
        ("actors: [a, b]", Code.WRONG_TYPE, (5, 9), ["list"]),
        ("actors: {two words: {kind: state}}", Code.BAD_NAME, (5, 10), ["`two words`"]),
        ("actors: {size: {kind: state}}", Code.BAD_NAME, (5, 10), ["`size`"]),
        ("groups: {g: []}", Code.WRONG_TYPE, (5, 13), ["empty"]),
        ("groups: {g: 0}", Code.BAD_NUMBER, (5, 13), ["`0`"]),
        ("groups: {g: 1.5}", Code.WRONG_TYPE, (5, 13), ["whole number"]),
        ("sources: {s: {kind: web, title: {fi: x}}}", Code.MISSING_KEY, (5, 33), ["English"]),
        (
            "parameters: {p: {value: 1, prior: flag(0.5), grade: assumed, because: t}}",
            Code.CONFLICTING_KEYS,
            (5, 28),
            ["`value`", "`prior`"],
        ),
        (
            "parameters: {p: {grade: assumed, because: t}}",
            Code.MISSING_KEY,
            (5, 14),
            ["`value`", "`prior`"],
        ),
    ],
)
def test_structural_faults(body: str, code: Code, place: tuple[int, int], words: list[str]) -> None:
    found = only(body + "\n")
    assert found.code is code
    assert (found.primary.span.line, found.primary.span.column) == place
    for word in words:
        assert word in found.message
    assert found.help


def test_a_fault_names_its_other_half() -> None:
    twice = only("actors: {a: {kind: state}, b: {kind: state}, a: {kind: person}}\n")
    assert [(label.span.line, label.span.column) for label in twice.secondary] == [(5, 10)]
    both = only("parameters: {p: {value: 1, prior: flag(0.5), grade: assumed, because: t}}\n")
    assert [label.span.text for label in both.secondary] == ["value"]


def test_spelling_is_suggested_only_where_it_is_close() -> None:
    assert only("actrs: {}\n").help == "write `actors`"
    assert "write" not in (only("zzzzzz: {}\n").help or "")
    assert only("actors: {a: {kind: sate}}\n").help == "write `state`"


def test_one_fault_has_no_followers() -> None:
    body = (
        "actors: {a: {kynd: state}, b: {kind: person, of: a}}\n"
        "offices: {o: {of: a, held: [{by: b, from: 2020}]}}\n"
        "questions: {q: {probability: holder(o) == b, at: 2022-01-31}}\n"
    )
    assert {found.code for found in faults(body)} <= {Code.UNKNOWN_KEY, Code.MISSING_KEY}


def test_all_faults_are_found_at_once_and_in_order() -> None:
    body = (
        "actors:\n  a: {kind: sate}\n  b: {kind: state, kidn: x}\n  two words: {kind: state}\n"
        "groups: {g: -1}\nevents: [1]\n"
    )
    found = faults(body)
    assert [diagnostic.code for diagnostic in found] == [
        Code.UNKNOWN_WORD,
        Code.UNKNOWN_KEY,
        Code.BAD_NAME,
        Code.BAD_NUMBER,
        Code.WRONG_TYPE,
    ]
    places = [diagnostic.primary.span.start for diagnostic in found]
    assert places == sorted(places)


@pytest.mark.parametrize("word", ["~", "null", "Null", "NULL", ""])
def test_nothing_is_no_value(word: str) -> None:
    found = only(f"actors:\n  a:\n    kind: state\n    iso: {word}\n")
    assert found.code is Code.WRONG_TYPE
    assert "nothing" in found.message


@pytest.mark.parametrize("word", ["true", "True", "FALSE", "null"])
def test_words_of_yaml_are_no_names(word: str) -> None:
    assert only(f"actors: {{{word}: {{kind: state}}}}\n").code is Code.BAD_NAME


def test_norway_is_a_name() -> None:
    assert faults("actors: {NO: {kind: state, iso: NO}}\n") == []


def test_a_key_of_another_place_is_no_misspelling() -> None:
    text = "events:\n  fall: {by: home, rate: 0.1, grade: assumed}\n"
    (found,) = [one for one in faults(text) if one.code is Code.MISPLACED_KEY]
    assert found.message == "`grade` does not belong in the event"
