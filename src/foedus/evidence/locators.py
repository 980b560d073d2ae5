"""Does a document say at a place what is cited there? By position and digest, without its words.

Positions count code points of the NFC text, from 0, the end excluded. A digest is the first hex
digits of the SHA-256 of the passage in UTF-8. So a case can cite a text that it may not ship, and
whoever has the text can verify every citation.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Literal

from foedus.evidence.sentences import sentences
from foedus.frozen import dataclass

ENOUGH = 0.5
"""A sentence is covered if at least this share of its characters is cited."""


@dataclass(frozen=True, slots=True)
class Position:
    """A passage by its place and its digest; `covers` if what cites it carries what it says."""

    start: int
    end: int
    digest: str
    covers: bool = True


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage by its words, and by the words around it if those stand more than once."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    covers: bool = True


Locator = Position | Quotation
FaultKind = Literal[
    "outside", "no-digest", "wrong-digest", "many-sentences", "not-found", "ambiguous"
]


@dataclass(frozen=True, slots=True)
class LocatorFault:
    """Why a locator does not hold; `moved_to` is where its passage stands now, if it was found."""

    kind: FaultKind
    moved_to: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What comes of holding locators against a document.

    `faults` has an entry for each locator, None where it holds. `sentences` are the document's,
    `uncovered` those of them of which too little is cited by anything that covers.
    """

    is_unchanged: bool
    faults: tuple[LocatorFault | None, ...]
    sentences: tuple[tuple[int, int], ...]
    uncovered: tuple[tuple[int, int], ...]


def verify_document(data: bytes, sha256: str, locators: Sequence[Locator]) -> DocumentReport:
    """Every locator held against the bytes of a UTF-8 document.

    `sha256` is the digest the document should have, empty if none is known. Raises
    `UnicodeDecodeError` if the document is not UTF-8.
    """
    text = unicodedata.normalize("NFC", data.decode("utf-8"))
    whole = sentences(text)
    faults: list[LocatorFault | None] = []
    covered: list[tuple[int, int]] = []
    for locator in locators:
        found = _locate(locator, text)
        if isinstance(found, LocatorFault):
            faults.append(found)
            continue
        is_one = any(start <= found[0] and found[1] <= end for start, end in whole)
        faults.append(None if is_one else LocatorFault("many-sentences"))
        if locator.covers and is_one:
            covered.append(found)
    return DocumentReport(
        not sha256 or hashlib.sha256(data).hexdigest() == sha256,
        tuple(faults),
        tuple(whole),
        tuple(sentence for sentence in whole if not _is_covered(sentence, covered)),
    )


def digest_of(passage: str) -> str:
    """The digest of a passage, all 64 hex digits."""
    return hashlib.sha256(passage.encode()).hexdigest()


def _locate(locator: Locator, text: str) -> tuple[int, int] | LocatorFault:
    """Where a locator's passage stands, the space around it left out."""
    if isinstance(locator, Quotation):
        return _find(locator, text)
    start, end = locator.start, locator.end
    if not 0 <= start < end <= len(text):
        return LocatorFault("outside", _moved(locator, text))
    if not locator.digest:
        return LocatorFault("no-digest")
    passage = text[start:end]
    if not digest_of(passage).startswith(locator.digest.lower()):
        return LocatorFault("wrong-digest", _moved(locator, text))
    return start + len(passage) - len(passage.lstrip()), start + len(passage.rstrip())


def _moved(locator: Position, text: str) -> tuple[int, int] | None:
    """Where a passage as long has the digest, from the start of some word on."""
    length = locator.end - locator.start
    if not locator.digest or not 0 < length <= len(text):
        return None
    for start in range(len(text) - length + 1):
        begins = start == 0 or (text[start - 1].isspace() != text[start].isspace())
        if begins and digest_of(text[start : start + length]).startswith(locator.digest.lower()):
            return start, start + length
    return None


def _find(quotation: Quotation, text: str) -> tuple[int, int] | LocatorFault:
    exact, prefix, suffix = (
        unicodedata.normalize("NFC", part)
        for part in (quotation.exact, quotation.prefix, quotation.suffix)
    )
    sought = prefix + exact + suffix
    first = text.find(sought)
    if first < 0:
        return LocatorFault("not-found")
    if text.find(sought, first + 1) >= 0:
        return LocatorFault("ambiguous")
    return first + len(prefix), first + len(prefix) + len(exact)


def _is_covered(sentence: tuple[int, int], passages: Sequence[tuple[int, int]]) -> bool:
    start, end = sentence
    cited: set[int] = set()
    for first, last in passages:
        cited.update(range(max(first, start), min(last, end)))
    return len(cited) >= ENOUGH * (end - start)
