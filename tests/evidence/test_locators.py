"""Locators held to documents: what stands there, what moved, what nothing covers."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.evidence.locators import (
    Locator,
    LocatorFault,
    Position,
    Quotation,
    digest_of,
    verify_document,
)

TEXT = "Ensimmäinen lause. Toinen, pitempi lause tässä! Kolmas?\n\nUusi kappale alkaa."
FIRST, SECOND, THIRD, LAST = (0, 18), (19, 47), (48, 55), (57, 76)


def at(start: int, end: int, text: str = TEXT, covers: bool = True) -> Position:
    return Position(start, end, digest_of(text[start:end])[:16], covers)


def faults(*locators: Locator, text: str = TEXT) -> list[LocatorFault | None]:
    return list(verify_document(text.encode(), "", locators).faults)


def test_what_holds() -> None:
    whole = digest_of(TEXT[19:47])
    assert faults(at(*SECOND), Position(19, 47, whole), Position(19, 47, whole.upper()[:20])) == [
        None,
        None,
        None,
    ]
    assert faults(at(25, 40), at(18, 47), at(56, 76)) == [None, None, None]


def test_what_does_not_hold() -> None:
    assert faults(at(10, 30)) == [LocatorFault("many-sentences")]
    assert faults(at(48, 70)) == [LocatorFault("many-sentences")]
    assert faults(Position(0, 18, "")) == [LocatorFault("no-digest")]
    assert faults(Position(0, 18, "0" * 16)) == [LocatorFault("wrong-digest")]
    assert faults(Position(0, 999, "0" * 16)) == [LocatorFault("outside")]
    assert faults(Position(5, 5, "0" * 16), Position(-1, 3, "0" * 16)) == [
        LocatorFault("outside"),
        LocatorFault("outside"),
    ]


def test_a_passage_that_moved_is_found() -> None:
    longer = f"Uusi alku tuli väliin. {TEXT}"
    assert faults(at(*SECOND), text=longer) == [LocatorFault("wrong-digest", (42, 70))]
    assert faults(at(*LAST), text=TEXT[48:]) == [LocatorFault("outside", (9, 28))]


def test_positions_count_the_characters_of_the_composed_text() -> None:
    decomposed = unicodedata.normalize("NFD", TEXT)
    assert len(decomposed) > len(TEXT)
    assert faults(at(*SECOND), at(*LAST), text=decomposed) == [None, None]


def test_quotations() -> None:
    assert faults(Quotation("pitempi lause")) == [None]
    assert faults(Quotation(unicodedata.normalize("NFD", "tässä!"))) == [None]
    assert faults(Quotation("lause")) == [LocatorFault("ambiguous")]
    assert faults(Quotation("lause", prefix="Ensimmäinen ", suffix=".")) == [None]
    assert faults(Quotation("lyhyempi")) == [LocatorFault("not-found")]
    assert faults(Quotation("lause. Toinen")) == [LocatorFault("many-sentences")]


def uncovered(*locators: Locator) -> list[tuple[int, int]]:
    return list(verify_document(TEXT.encode(), "", locators).uncovered)


def test_sentences_that_nothing_covers() -> None:
    assert uncovered() == [FIRST, SECOND, THIRD, LAST]
    assert uncovered(at(*FIRST), at(*LAST)) == [SECOND, THIRD]
    assert uncovered(at(*FIRST, covers=False)) == [FIRST, SECOND, THIRD, LAST]
    # Half of a sentence is enough, less is not; two passages count together.
    assert SECOND in uncovered(at(19, 30))
    assert SECOND not in uncovered(at(19, 30), at(38, 47))
    # What does not hold covers nothing.
    assert FIRST in uncovered(Position(0, 18, "0" * 16))
    assert {FIRST, SECOND} <= set(uncovered(at(0, 47)))


def test_the_document_itself() -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert verify_document(TEXT.encode(), digest, ()).is_unchanged
    assert verify_document(TEXT.encode(), "", ()).is_unchanged
    assert not verify_document((TEXT + " ").encode(), digest, ()).is_unchanged
    with pytest.raises(UnicodeDecodeError):
        verify_document(TEXT.encode("latin-1"), "", ())


@given(st.text(max_size=60), st.integers(-5, 70), st.integers(-5, 70), st.text("0f", max_size=20))
def test_any_locator_gets_an_answer(text: str, start: int, end: int, digest: str) -> None:
    report = verify_document(text.encode(), "", [Position(start, end, digest)])
    assert len(report.faults) == 1
    assert set(report.uncovered) <= set(report.sentences)
