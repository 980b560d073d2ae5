"""Where sentences begin and end, in Finnish, English and languages written like them."""

from __future__ import annotations

import re

# A stop with the quotes and brackets that close after it; Chinese writes no space behind it.
_STOP = re.compile(
    r"(?P<stop>[.!?\u2026]+)[\"'\u201d\u2019\u00bb)\]]*(?=\s|\Z)"
    r"|[\u3002\uff01\uff1f][\u300d\u300f\uff09]*"
)
_WORD = re.compile(r"[^\W_]")
_PARAGRAPH = re.compile(r"(?:[ \t]*\r?\n){2,}")
_LAST_WORD = re.compile(r"[^\s\"'\u201d\u201c(\[]*\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")

_SHORT_WORDS = """
ao. art. capt. cf. col. dr. e.g. ed. eds. em. esim. ev. fig. gen. i.e. jr. kenr. ks. lt. maist. maj.
mm. mr. mrs. ms. nk. nro. ns. par. pj. prof. puh. rep. rev. sen. sr. st. toim. tri. ts. va. vol. vp.
vrt. vs.
"""
ABBREVIATIONS = frozenset(_SHORT_WORDS.split())
"""Words whose stop ends no sentence even before a capital."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end (excluded) of each sentence, in order, without the space around it.

    A blank line ends a sentence; so does a stop before white space and a capital, a digit or a
    quote, unless it belongs to an abbreviation or to initials.
    """
    found: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        begin = start
        for match in _STOP.finditer(text, start, end):
            if match["stop"] and _goes_on(text, begin, match):
                continue
            _add(text, begin, match.end(), found)
            begin = match.end()
        _add(text, begin, end, found)
    return found


def _paragraphs(text: str) -> list[tuple[int, int]]:
    breaks = [match.span() for match in _PARAGRAPH.finditer(text)]
    starts = [0, *(end for _, end in breaks)]
    return list(zip(starts, [*(start for start, _ in breaks), len(text)], strict=True))


def _goes_on(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether the sentence goes on behind a stop."""
    following = _WORD.search(text, stop.end())
    # Dates and ordinals ("6. tammikuuta") and quoted questions go on in lower case.
    if following is not None and following[0].islower():
        return True
    word = _LAST_WORD.search(text[max(begin, stop.start() - 40) : stop.start()])
    last = "" if word is None else word[0]
    is_short = f"{last.lower()}." in ABBREVIATIONS or bool(_INITIALS.fullmatch(last))
    return stop["stop"] == "." and is_short and following is not None


def _add(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    if first < last:
        found.append((first, last))
