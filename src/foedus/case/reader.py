"""From a file to nodes: YAML events with places, limits against hostile input, nothing resolved.

PyYAML's parser gives the events; its constructors are never used, because they lose places and
duplicate keys and read `NO` as false. Anchors and tags are refused, so nothing can be executed or
multiplied.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span

LARGEST_FILE = 4_000_000
DEEPEST_NESTING = 40
_PARSER = getattr(yaml, "CLoader", yaml.Loader)


def read_source(path: Path, name: str, diagnostics: Diagnostics) -> Source | None:
    """The text of a file, or None with the reason noted. Never reads more than the limit."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise IsADirectoryError(f"{name} is a folder")
        data = b"" if size > LARGEST_FILE else path.read_bytes()
    except OSError as fault:
        place = Source(name, "")
        reason = fault.strerror or str(fault)
        diagnostics.error(
            Code.FILE_UNREADABLE, Span(place, 0, 0), f"`{name}` cannot be read: {reason.lower()}"
        )
        return None
    if size > LARGEST_FILE or len(data) > LARGEST_FILE:
        diagnostics.error(
            Code.FILE_TOO_LARGE,
            Span(Source(name, ""), 0, 0),
            f"the file has {size:,} bytes, more than the {LARGEST_FILE:,} a case may have",
            help="keep tables in CSV files beside the case and name them with `csv:`",
        )
        return None
    return _decode(data, name, diagnostics)


def _decode(data: bytes, name: str, diagnostics: Diagnostics) -> Source | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        diagnostics.error(
            Code.BAD_ENCODING,
            Span(Source(name, ""), 0, 0),
            f"byte {fault.start + 1} (line {line}) is not UTF-8",
            help="save the file as UTF-8 text",
        )
        return None
    return Source(name, text)


@dataclass(slots=True)
class _Open:
    """A list or keys not yet closed."""

    start: int
    is_mapping: bool
    items: list[Node] = field(default_factory=list)


def parse_yaml(source: Source, diagnostics: Diagnostics) -> Node | None:
    """The document as nodes, or None with the fault noted."""
    unreadable = _control_character(source)
    if unreadable is not None:
        diagnostics.error(
            Code.BAD_ENCODING,
            Span(source, unreadable, unreadable + 1),
            f"the character U+{ord(source.text[unreadable]):04X} may not stand in a case",
            help="remove it; a case is plain text",
        )
        return None
    try:
        return _build(source, diagnostics)
    except yaml.YAMLError as fault:
        _report_yaml(source, fault, diagnostics)
    return None


def _control_character(source: Source) -> int | None:
    if source.text.isprintable():
        return None
    for position, character in enumerate(source.text):
        if character in "\n\t\r":
            continue
        if unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co") or character == "\ufffe":
            return position
    return None


def _build(source: Source, diagnostics: Diagnostics) -> Node | None:
    stack: list[_Open] = []
    root: Node | None = None
    for event in yaml.parse(source.text, Loader=_PARSER):
        if not _is_allowed(event, source, diagnostics):
            return None
        node: Node | None = None
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar(_span(source, event), event.value, not event.style)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            stack.append(
                _Open(_span(source, event).start, isinstance(event, yaml.MappingStartEvent))
            )
            if len(stack) > DEEPEST_NESTING:
                diagnostics.error(
                    Code.NESTED_TOO_DEEPLY,
                    _span(source, event),
                    f"nested more than {DEEPEST_NESTING} deep",
                    help="a case needs at most ten levels; look for brackets that are not closed",
                )
                return None
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
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


def _is_allowed(event: Any, source: Source, diagnostics: Diagnostics) -> bool:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        diagnostics.error(
            Code.YAML_ANCHOR,
            _span(source, event),
            f"the YAML anchor or alias `{event.anchor}` is not part of the case language",
            help="write the value out where it is needed",
        )
        return False
    tag = getattr(event, "tag", None)
    if tag is not None:
        diagnostics.error(
            Code.YAML_TAG,
            _span(source, event),
            f"the YAML tag `{tag}` is not part of the case language",
            help="remove the tag; a case file holds plain values only",
        )
        return False
    return True


def _close(part: _Open, end: int, source: Source, diagnostics: Diagnostics) -> Node | None:
    end = _trim(source, part.start, end)
    span = Span(source, part.start, end)
    if not part.is_mapping:
        return Sequence(span, tuple(part.items))
    entries: list[Entry] = []
    for key, value in zip(part.items[::2], part.items[1::2], strict=True):
        if not isinstance(key, Scalar):
            diagnostics.error(Code.BAD_YAML, key.span, "a key must be a single word")
            return None
        entries.append(Entry(key, value))
    return Mapping(span, tuple(entries))


def _trim(source: Source, start: int, end: int) -> int:
    """A block ends where its text ends, not where the next one starts."""
    while end > start and source.text[end - 1].isspace():
        end -= 1
    return end


def _report_yaml(source: Source, fault: yaml.YAMLError, diagnostics: Diagnostics) -> None:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    index = min(mark.index, len(source.text)) if mark is not None else 0
    problem = getattr(fault, "problem", None) or "this is not YAML"
    hint = _yaml_help(source, index)
    other = []
    context = getattr(fault, "context_mark", None)
    if context is not None and context.index != index:
        other.append((Span(source, context.index, context.index + 1), "in what starts here"))
    diagnostics.error(
        Code.BAD_YAML,
        Span(source, index, min(index + 1, len(source.text))),
        f"the file is not well-formed YAML: {problem}",
        help=hint,
        other=other,
    )


def _yaml_help(source: Source, index: int) -> str:
    number = source.line_and_column(min(index, len(source.text)))[0]
    line = source.line(number)
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not tabs"
    if line.count(": ") > 1 and '"' not in line:
        return "put text that holds a colon or a bracket into double quotes"
    return "check the indentation, and that every quote and bracket is closed"
