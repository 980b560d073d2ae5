"""Words for people, places in sources, and what a number rests on."""

from __future__ import annotations

from dataclasses import field

from foedus.frozen import dataclass
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text a person reads, per language; English is always there unless the text is empty."""

    texts: tuple[tuple[str, str], ...] = ()

    def get(self, language: str = "en") -> str:
        """The text in a language, or in English."""
        found = dict(self.texts)
        return found.get(language, found.get("en", ""))

    def __bool__(self) -> bool:
        return bool(self.texts)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: a row of it, a position with its digest, a quotation, or in words.

    Positions count code points of the NFC text, from 0, `end` excluded.
    """

    source: str
    row: str = ""
    start: int | None = None
    end: int | None = None
    sha256: str = ""
    quote: tuple[str, str, str] | None = None
    place: LocalText = LocalText()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a number rests on: its grade, its reason, its citations."""

    grade: str = ""
    because: LocalText = LocalText()
    cites: tuple[Citation, ...] = ()


NO_TEXT = LocalText()
"""Where there are no words."""

NO_GROUNDS = Grounds()
"""Where nothing needs to rest on anything."""
