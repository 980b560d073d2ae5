"""From a file to nodes: YAML events with places, limits against hostile input, nothing resolved.

PyYAML's parser gives the events; its constructors are never used, because they lose places and
duplicate keys and read `NO` as false. Anchors and tags are refused, so nothing can be executed or
multiplied.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.case.yaml_faults import report_yaml
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span

LARGEST_FILE = 4_000_000
MOST_PARTS = 150_000
DEEPEST_NESTING = 40
_PARSER = getattr(yaml, "CLoader", yaml.Loader)
DOCUMENTS = {
    b"PK\x03\x04": "a document of a word processor or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old document of a word processor or a spreadsheet",
    b"{\\rtf": "a document of a word processor (RTF)",
    b"%PDF-": "a PDF document",
}
"""How files begin that people take for text."""

# Controls, line ends that only some programs see, marks that turn the direction of a line (and so
# can hide what it says), private characters and what is no character at all.
_UNFIT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)


def read_source(path: Path, name: str, diagnostics: Diagnostics) -> Source | None:
    """The text of a file, or None with the reason noted. Never reads more than the limit."""
    place = Span(Source(name, ""), 0, 0)
    try:
        data = read_bytes(path, LARGEST_FILE)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        message = f"`{name}` cannot be read: {reason.lower()}"
        cure = "give the path of a file that exists and that you may read"
        diagnostics.error(Code.FILE_UNREADABLE, place, message, help=cure)
        return None
    if len(data) > LARGEST_FILE:
        diagnostics.error(
            Code.FILE_TOO_LARGE,
            place,
            f"the file has more than the {LARGEST_FILE:,} bytes a case may have",
            help="keep tables in CSV files beside the case and name them with `csv:`",
        )
        return None
    return _decode(data, place, diagnostics)


def read_bytes(path: Path, limit: int) -> bytes:
    """What is in a file; of a file beyond the limit, one byte more than that.

    Raises `OSError` or `ValueError` for what is no file, or is none that can be read.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError(None, f"it is {'a folder' if stat.S_ISDIR(mode) else 'not a file'}")
    with path.open("rb") as file:
        return file.read(limit + 1)


def _decode(data: bytes, place: Span, diagnostics: Diagnostics) -> Source | None:
    for beginning, kind in DOCUMENTS.items():
        if data.startswith(beginning):
            cure = "save it as plain text in UTF-8, or a table as CSV in UTF-8"
            diagnostics.error(Code.BAD_ENCODING, place, f"the file is {kind}, not text", help=cure)
            return None
    try:
        return Source(place.source.name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        # With a mark of its order at the front, the codec counts from behind the mark.
        start = fault.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, start) + 1
        is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        found = "the file is UTF-16" if is_wide else f"byte {start + 1} (line {line}) is not UTF-8"
        help_text = "save the file as UTF-8 text"
        diagnostics.error(Code.BAD_ENCODING, place, found, help=help_text)
    return None


@dataclass(slots=True)
class _Open:
    """A list or keys not yet closed."""

    start: int
    is_mapping: bool
    is_flow: bool
    items: list[Node] = field(default_factory=list)


def parse_yaml(source: Source, diagnostics: Diagnostics) -> Node | None:
    """The document as nodes, or None with the fault noted."""
    unfit = _UNFIT.search(source.text)
    if unfit is not None:
        diagnostics.error(
            Code.BAD_ENCODING,
            Span(source, *unfit.span()),
            f"the character U+{ord(unfit[0]):04X} may not stand in a case",
            help="remove it; a case is plain text in UTF-8",
        )
        return None
    try:
        return _build(source, diagnostics)
    except yaml.YAMLError as fault:
        report_yaml(source, fault, diagnostics, _parse)
    return None


def _parse(text: str) -> None:
    for _ in yaml.parse(text, Loader=_PARSER):
        pass


def _build(source: Source, diagnostics: Diagnostics) -> Node | None:
    stack: list[_Open] = []
    root: Node | None = None
    for number, event in enumerate(yaml.parse(source.text, Loader=_PARSER)):
        if not _is_allowed(event, number, len(stack), source, diagnostics):
            return None
        node: Node | None = None
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar(_span(source, event), event.value, not event.style)
        elif isinstance(event, yaml.CollectionStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(_Open(_span(source, event).start, is_mapping, bool(event.flow_style)))
        elif isinstance(event, yaml.CollectionEndEvent):
            node = _close(stack.pop(), _span(source, event).end, source, diagnostics)
            if node is None:
                return None
        elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
            diagnostics.error(
                Code.BAD_YAML,
                _span(source, event),
                "a second document starts here",
                help="a case file is one document: remove the line `---`",
            )
            return None
        if node is not None:
            if stack:
                stack[-1].items.append(node)
            else:
                root = node
    return root


def _span(source: Source, event: Any) -> Span:
    return Span(source, event.start_mark.index, event.end_mark.index)


def _is_allowed(
    event: Any, number: int, level: int, source: Source, diagnostics: Diagnostics
) -> bool:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor is not None:
        code = Code.YAML_ANCHOR
        word = f"alias `*{anchor}`" if isinstance(event, yaml.AliasEvent) else f"anchor `&{anchor}`"
        message = f"the YAML {word} is not part of the case language"
        help_text = "write the value out where it is needed; text that begins so needs quotes"
    elif tag is not None:
        code = Code.YAML_TAG
        message = f"the YAML tag `{_tag(source, event)}` is not part of the case language"
        help_text = "remove the tag; a case file holds plain values only"
    elif level >= DEEPEST_NESTING and isinstance(event, yaml.CollectionStartEvent):
        code, message = Code.NESTED_TOO_DEEPLY, f"nested more than {DEEPEST_NESTING} deep"
        help_text = "a case needs at most ten levels; look for brackets that are not closed"
    elif number >= MOST_PARTS:
        code, message = Code.FILE_TOO_LARGE, "the file has too many keys and values"
        help_text = "keep tables in CSV files beside the case and name them with `csv:`"
    else:
        return True
    diagnostics.error(code, _marked(source, event), message, help=help_text)
    return False


def _tag(source: Source, event: Any) -> str:
    """The tag as written, not as YAML spells it out."""
    written = _marked(source, event).text.split()
    return next((word for word in written if word.startswith("!")), str(event.tag))


def _marked(source: Source, event: Any) -> Span:
    """The first word of an event: its anchor or tag."""
    start = event.start_mark.index
    word = re.compile(r"\S*").match(source.text, start)
    return Span(source, start, max(start, word.end() if word else start))


def _close(part: _Open, end: int, source: Source, diagnostics: Diagnostics) -> Node | None:
    if part.items and not part.is_flow:
        # YAML ends a block where the next one starts; it is shown to the end of its last part.
        end = part.items[-1].span.end
    span = Span(source, part.start, end)
    if not part.is_mapping:
        return Sequence(span, tuple(part.items))
    entries: list[Entry] = []
    for key, value in zip(part.items[::2], part.items[1::2], strict=True):
        if not isinstance(key, Scalar):
            message = "a list or keys and values cannot be a key"
            help_text = "a key is a single word; put text that holds brackets into double quotes"
            diagnostics.error(Code.BAD_YAML, key.span, message, help=help_text)
            return None
        if part.is_flow and _is_cut(entries, key, value):
            entries.append(_joined(entries.pop(), key))
            if _is_closed(entries[-1].value):
                _report_cut(entries[-1].value, diagnostics)
            continue
        entries.append(Entry(key, value))
    return Mapping(span, tuple(entries))


def _is_cut(entries: list[Entry], key: Scalar, value: Node) -> bool:
    """Whether a comma inside brackets has cut a text in two, as in `{prior: uniform(0, 1)}`."""
    is_bare = isinstance(value, Scalar) and value.is_plain and not value.text and key.is_plain
    return is_bare and bool(entries) and not _is_closed(entries[-1].value)


def _is_closed(node: Node) -> bool:
    if not isinstance(node, Scalar) or not node.is_plain:
        return True
    return node.text.count("(") <= node.text.count(")")


def _joined(entry: Entry, rest: Scalar) -> Entry:
    span = Span(rest.span.source, entry.value.span.start, rest.span.end)
    return Entry(entry.key, Scalar(span, " ".join(span.text.split()), True))


def _report_cut(node: Node, diagnostics: Diagnostics) -> None:
    comma = node.span.text.find(",")
    diagnostics.error(
        Code.NEEDS_QUOTES,
        node.span.part(comma, comma + 1),
        "a `,` stands in text without quotes",
        label="YAML ends the value here",
        help=f'write `"{" ".join(node.span.text.split())}"`',
    )
