"""What is wrong with a text that is no YAML, in the words of someone who writes a case.

YAML's own messages speak of tokens and flow mappings; here each stands for the mistake behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import yaml

from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span

_KEY_AND_TEXT = re.compile(r"(?P<key>[\s\-{,]*[\w.-]+): +(?P<text>[^\"'\[{|>&*!%#@`\s].*)")


MOST_UNQUOTED = 50
"""Texts without quotes that are told of one file."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where YAML stopped, and where what it was reading began."""

    source: Source
    index: int
    begin: int | None
    problem: str
    context: str

    def span(self, index: int | None = None) -> Span:
        index = self.index if index is None else index
        return Span(self.source, index, min(index + 1, len(self.source.text)))

    @property
    def character(self) -> str:
        return self.source.text[self.index : self.index + 1]

    @property
    def line(self) -> str:
        return self.source.line(self.source.line_and_column(self.index)[0])

    @property
    def before(self) -> str:
        """The line up to where YAML stopped."""
        return self.line[: self.source.line_and_column(self.index)[1] - 1]


@dataclass(frozen=True, slots=True)
class _Finding:
    message: str
    help: str
    code: Code = Code.BAD_YAML
    label: str = ""
    at: int | None = None
    other: str = ""


def report_yaml(
    source: Source, fault: yaml.YAMLError, diagnostics: Diagnostics, parse: Callable[[str], None]
) -> None:
    """Note why the text is no YAML.

    Where quotes are all that lacks, the reading goes on as if they stood there, so that every such
    text is told at once; `parse` reads a text and raises what is wrong with it.
    """
    text, behind, added = source.text, 0, 0
    for _ in range(MOST_UNQUOTED):
        place = _place(Source(source.name, text), fault)
        found = _finding(place)
        if added and (found.code is not Code.NEEDS_QUOTES or place.index < behind):
            return
        bare = _bare_text(text, place.index) if found.code is Code.NEEDS_QUOTES else None
        if bare is None:
            _report(source, place, found, added, diagnostics)
            return
        begin, end = bare
        quoted = f'"{text[begin:end]}"'
        _report(source, place, replace(found, help=f"write `{quoted}`"), added, diagnostics)
        text = text[:begin] + quoted + text[end:]
        behind, added = begin + len(quoted), added + len(quoted) - (end - begin)
        try:
            parse(text)
        except yaml.YAMLError as next_fault:
            fault = next_fault
        else:
            return


def _place(source: Source, fault: yaml.YAMLError) -> _Place:
    mark, context = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    mark = mark or context
    return _Place(
        source,
        0 if mark is None else min(mark.index, len(source.text)),
        None if context is None else min(context.index, len(source.text)),
        getattr(fault, "problem", None) or "this is not YAML",
        getattr(fault, "context", None) or "",
    )


def _report(
    source: Source, place: _Place, found: _Finding, added: int, diagnostics: Diagnostics
) -> None:
    """Note a fault where it stands in the file, before anything was added to it."""
    index = (place.index if found.at is None else found.at) - added
    other = []
    if found.other and place.begin is not None and place.begin != place.index:
        other.append((place.span(place.begin), found.other))
    diagnostics.error(
        found.code, Span(source, index, min(index + 1, len(source.text))), found.message,
        label=found.label, help=found.help, other=other,
    )  # fmt: skip


def _bare_text(text: str, index: int) -> tuple[int, int] | None:
    """Where the text without quotes around a bracket begins and ends; None if it is not plain."""
    line = text.rfind("\n", 0, index) + 1
    begin = max(text.rfind(sign, line, index) + len(sign) for sign in (": ", ", ", "{", "["))
    begin += len(text[begin:index]) - len(text[begin:index].lstrip())
    depth, end = 0, begin
    while end < len(text) and text[end] != "\n" and (depth or text[end] not in ",:]}"):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        end += 1
    before, inside = text[line:begin], text[begin:end]
    is_whole = depth == 0 and before.count("(") == before.count(")")
    is_plain = begin < index < end and not set(inside) & set("\"'\\")
    return (begin, end) if is_whole and is_plain else None


def _finding(place: _Place) -> _Finding:
    indent = place.line[: len(place.line) - len(place.line.lstrip())]
    problem = place.problem
    if place.character == "\t" or "\t" in indent:
        return _Finding("a tab indents this line", "indent with spaces, not tabs")
    if "cannot start any token" in problem:
        return _quoted(place, f"`{place.character}` cannot begin a value")
    if "mapping values are not allowed" in problem:
        return _second_colon(place)
    if "quoted scalar" in place.context:
        return _quotes(place)
    if "expected ',' or" in problem:
        return _brackets(place)
    if "could not find expected ':'" in problem:
        return _Finding(
            "a line among keys has no `:`",
            "write `KEY: VALUE`; text that goes on from the line above is indented further",
            at=place.begin,
        )
    if "node content" in problem:
        shown = f"before `{place.character}`" if place.character.strip() else "here"
        return _Finding(f"a value is missing {shown}", "write the value, or leave out the key")
    if "sequence entries are not allowed" in problem:
        return _Finding("a list cannot begin here", "begin it in the next line: `- ...`")
    if "expected key" in problem or "<block end>" in problem or "'-' indicator" in problem:
        return _misplaced_line(place)
    return _Finding(
        f"the file is not well-formed YAML: {problem}",
        "check the indentation, and that every quote and bracket is closed",
        other="in what begins here",
    )


def _second_colon(place: _Place) -> _Finding:
    found = _KEY_AND_TEXT.match(place.line)
    if found and ": " in f"{found['text']} " and len(place.before) > found.start("text"):
        return _quoted(place, "a `:` stands in text without quotes")
    if place.before.strip() and place.line[: len(place.before)].startswith((" ", "\t")):
        return _Finding(
            f"the key `{place.before.strip()}` is indented deeper than the one above it",
            "keys of one thing stand below each other",
            at=place.index - len(place.before.strip()),
        )
    return _Finding(
        "a `:` cannot stand here", "put text that holds a `:` into double quotes",
    )  # fmt: skip


def _quotes(place: _Place) -> _Finding:
    if "end of stream" in place.problem or "document separator" in place.problem:
        mark = place.source.text[place.begin or 0]
        return _Finding(f"the quote `{mark}` is never closed", f"add a `{mark}`", at=place.begin)
    if "escape" in place.problem:
        return _Finding(
            "a `\\` begins nothing known in double quotes",
            "write `\\\\` for a backslash, or use single quotes",
        )
    return _Finding(f"the quotes hold something else: {place.problem}", "write plain text")


def _brackets(place: _Place) -> _Finding:
    begin = place.begin or 0
    opening = place.source.text[begin]
    closing = "}" if opening == "{" else "]"
    if place.character in ("[", "{"):
        return _quoted(place, f"a `{place.character}` stands in text without quotes")
    is_one_line = "\n" not in place.source.text[begin : place.index]
    if is_one_line and place.character.strip():
        return _Finding(
            f"a `,` or `{closing}` is missing before `{place.character}`",
            "part the items with commas, and put text that holds a bracket or a comma into double "
            "quotes",
            other=f"in what the `{opening}` begins",
        )
    return _Finding(
        f"the bracket `{opening}` is never closed", f"add `{closing}` where it ends", at=begin,
        label=f"needs a `{closing}`",
    )  # fmt: skip


def _misplaced_line(place: _Place) -> _Finding:
    if place.before.rstrip().endswith(('"', "'")):
        return _Finding(
            "text follows the closing quote",
            "put all of it into the quotes; in single quotes write `''` for `'`",
        )
    return _Finding(
        "this line does not line up with those above it",
        "indent it like the keys or the list that it goes on with",
    )


def _quoted(place: _Place, message: str) -> _Finding:
    """A fault that quotes cure, with the corrected text where that is a whole line."""
    found = re.fullmatch(r"\s*([\w.-]+: )(.*\S)\s*", place.line)
    help_text = "put the text into double quotes"
    if found and not found[2].startswith(("{", "[")):
        inside = found[2].replace("\\", "\\\\").replace('"', '\\"')
        help_text = f'write `{found[1]}"{inside}"`'
    return _Finding(message, help_text, Code.NEEDS_QUOTES)
