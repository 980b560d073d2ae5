"""Diagnostics as text: for people, for programs, and for the logs of a build.

Everything can be read without colour. What a user wrote is never sent to a terminal as it is: a
character that cannot be printed is shown as one that can.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TextIO

from foedus.text.diagnostic import MOST_FAULTS, Diagnostic, Label
from foedus.text.source import Span

WIDTH = 96
"""Columns of a source line that are shown at most."""
LEAD = 32
"""Columns kept before the fault in a line that is too long."""
LONGEST = 600
"""Characters of a message; the middle of a longer one is left out."""

_TAB = "    "
_COLOURS = {
    "error": "1;31", "warning": "1;33", "gutter": "34", "other": "34", "help": "1;32",
    "note": "2", "message": "1",
}  # fmt: skip
_USERS_WORDS = re.compile("`[^`]*`")
Paint = Callable[[str, str], str]


def wants_colour(stream: TextIO) -> bool:
    """Whether colours help whoever reads the stream: a terminal, and `NO_COLOR` is not set."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def as_text(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """The diagnostics for a person, each with the line it is about, and how many there are.

    Of warnings that differ only in the user's words the first is shown in full, and the places of
    the others. Empty if there are none.
    """
    if not diagnostics:
        return ""
    paint = _coloured if colour else _plain
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for place, one in enumerate(diagnostics):
        own = place if one.is_error else None
        clause = _USERS_WORDS.sub("", one.message)
        groups.setdefault((own, one.code, clause, one.help), []).append(one)
    parts = [_one(first, paint) + _places(others, paint) for first, *others in groups.values()]
    end = "; the rest was not looked at" if len(diagnostics) >= MOST_FAULTS else ""
    return "\n".join(parts) + f"\n{count(diagnostics)}{end}\n"


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """How many errors and warnings there are, such as `3 errors, 1 warning`."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    words = [counted(errors, "error")] if errors or not warnings else []
    return ", ".join(words + ([counted(warnings, "warning")] if warnings else []))


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics as the JSON contract has them, on one line for each."""
    records = (json.dumps(_record(diagnostic)) for diagnostic in diagnostics)
    return '{"diagnostics": [' + ",\n".join(records) + "]}\n"


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics as workflow commands, which GitHub shows beside the lines of a change."""
    lines = []
    for diagnostic in diagnostics:
        span = diagnostic.primary.span
        place = f"file={_property(span.source.name)},line={span.line},col={span.column}"
        words = readable(diagnostic.message)
        if diagnostic.help:
            words += f"\nhelp: {readable(diagnostic.help)}"
        kind = _severity(diagnostic)
        lines.append(f"::{kind} {place},title={diagnostic.code.value}::{_escaped(words)}\n")
    return "".join(lines)


def excerpt(label: Label, *others: Label, colour: bool = False) -> str:
    """A place with its line, and others beside it, for a message that is no diagnostic."""
    paint = _coloured if colour else _plain
    gutter = max(len(str(one.span.line)) for one in (label, *others))
    lines = _snippet(label, gutter, True, "error", paint)
    for one in others:
        lines += _snippet(one, gutter, False, "other", paint)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def readable(text: str) -> str:
    """A text that may hold a user's words, short, and with printable characters only.

    Line ends are kept.
    """
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = f"{text[:half]} ... {text[-half:]}"
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _one(diagnostic: Diagnostic, paint: Paint) -> str:
    severity = _severity(diagnostic)
    message = readable(diagnostic.message).replace("\n", " ")
    labels = [diagnostic.primary, *diagnostic.secondary]
    gutter = max(len(str(label.span.line)) for label in labels)
    lines = [
        paint(severity, f"{severity}[{diagnostic.code.value}]") + paint("message", f": {message}"),
        *_snippet(diagnostic.primary, gutter, True, severity, paint),
    ]
    for label in diagnostic.secondary:
        lines += _snippet(label, gutter, False, "other", paint)
    if diagnostic.help:
        first, *rest = readable(diagnostic.help).splitlines() or [""]
        lines.append(paint("help", "help") + f": {first}")
        lines += [f"      {line}" for line in rest]
    lines.append(paint("note", f"note: run `foedus explain {diagnostic.code.value}`"))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _places(others: Sequence[Diagnostic], paint: Paint) -> str:
    """A line for each place at which the same is to be said, with the words that stand there."""
    if not others:
        return ""
    lines = [paint("note", f"the same at {counted(len(others), 'more place')}:")]
    for other in others:
        span = other.primary.span
        name = readable(span.source.name).replace("\n", " ")
        words = readable(span.text[:WIDTH].partition("\n")[0])
        lines.append(f"  {paint('gutter', '-->')} {name}:{span.line}:{span.column}: {words}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _snippet(label: Label, gutter: int, is_primary: bool, kind: str, paint: Paint) -> list[str]:
    """Where a label stands, the line there, and the underline with what is to be seen."""
    span = label.span
    arrow, mark = ("-->", "^") if is_primary else (":::", "-")
    name = readable(span.source.name).replace("\n", " ")
    margin = " " * gutter
    if not span.source.text:
        return [f"{margin}{paint('gutter', arrow)} {name}"]
    place = f"{span.line}:{span.column}" if is_primary else f"{span.line}"
    shown, column, width = _window(span)
    bar = paint("gutter", f"{margin} |")
    number = paint("gutter", f"{span.line:>{gutter}} |")
    words = readable(label.text).replace("\n", " ")
    return [
        *([] if is_primary else [bar]),
        f"{margin}{paint('gutter', arrow)} {name}:{place}",
        bar,
        f"{number} {shown}",
        f"{bar} {' ' * column}{paint(kind, f'{mark * width} {words}'.rstrip())}",
    ]


def _window(span: Span) -> tuple[str, int, int]:
    """What to show of the first line; where the underline begins, and its width."""
    source = span.source
    begin = span.start - span.column + 1
    stop = source.text.find("\n", begin)
    stop = len(source.text) if stop < 0 else stop
    # Only so much of a line is looked at as could be shown, for lines of a million characters.
    low, high = max(begin, span.start - WIDTH), min(stop, span.start + WIDTH)
    cells = [_cell(character) for character in source.text[low:high].rstrip("\r\n")]
    lead = min(span.start - low, len(cells))
    first, last = 0, len(cells)
    if low > begin or high < stop or _width(cells) > WIDTH:
        first = _fitting_before(cells, lead)
        last = _fitting_after(cells, first)
    under = cells[lead : max(lead, min(span.end - low, last))]
    front = "..." if low + first > begin else ""
    back = "..." if low + last < stop and source.text[low + last : stop].strip("\r") else ""
    text = front + "".join(shown for shown, _ in cells[first:last]) + back
    return text, len(front) + _width(cells[first:lead]), max(_width(under), 1)


def _fitting_before(cells: Sequence[tuple[str, int]], lead: int) -> int:
    room, first = LEAD, lead
    while first > 0 and room >= cells[first - 1][1]:
        first -= 1
        room -= cells[first][1]
    return first


def _fitting_after(cells: Sequence[tuple[str, int]], first: int) -> int:
    room, last = WIDTH, first
    while last < len(cells) and room >= cells[last][1]:
        room -= cells[last][1]
        last += 1
    return last


def _width(cells: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _cell(character: str) -> tuple[str, int]:
    """What a character is shown as, and how many columns of a terminal that takes."""
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        return _TAB, len(_TAB)
    # The vowels and final consonants of decomposed Korean join the letter before them.
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return character, 0
    if not character.isprintable():
        return "\N{REPLACEMENT CHARACTER}", 1
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _severity(diagnostic: Diagnostic) -> str:
    return "error" if diagnostic.is_error else "warning"


def counted(number: int, word: str) -> str:
    """A number before its noun: `1 row`, `1,200 rows`. Not for nouns of another plural."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _record(diagnostic: Diagnostic) -> dict[str, object]:
    record = diagnostic.as_record()
    record["message"] = readable(diagnostic.message)
    record["help"] = None if diagnostic.help is None else readable(diagnostic.help)
    return record


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _plain(_: str, text: str) -> str:
    return text


def _coloured(kind: str, text: str) -> str:
    return f"\033[{_COLOURS[kind]}m{text}\033[0m"
