"""Reading the pages of the codes, and running what stands on them.

A page has the parts `PARTS`. In *Example* and *Fixed* its fenced blocks mean:

- ```yaml: sections of a case; those it does not write are those of the base case, after it, so
  that the line numbers are those of the block. With the word `whole` after it: all of the file;
- ```file NAME: a text file beside the case;
- ```setup: what cannot be shown as text, one a line: `case.yaml bytes "..."` (with escapes as in
  Python), `case.yaml size N`, `case.yaml absent`; or `documents`, by which the citations are held
  against the files;
- ```output: what is printed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import check_case, parse_case
from foedus.case.reader import read_source
from foedus.cli.holding import hold
from foedus.text.diagnostic import Diagnostic, Diagnostics

FOLDER = Path(__file__).parents[2] / "src" / "foedus" / "diagnostics"
PARTS = ("What it means", "Why it matters", "Example", "Fixed")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^(?=[a-z][a-z-]*:)", re.MULTILINE)
NAME = "case.yaml"


def base_case() -> str:
    """The case that the examples of the pages are parts of."""
    return (FOLDER / "_base.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, the word after that, its text."""

    kind: str
    word: str
    text: str


@dataclass(frozen=True)
class Found:
    """What the checker said about an example."""

    diagnostics: tuple[Diagnostic, ...]
    case: Case | None


def parts(page: str) -> dict[str, str]:
    """The parts of a page by their headings, in order."""
    pieces = HEADING.split(page)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def blocks(part: str) -> Iterator[Block]:
    """The fenced blocks of a part."""
    return (Block(kind, word or "", text) for kind, word, text in BLOCK.findall(part))


def outputs(part: str) -> str:
    """The output that a part shows."""
    return "".join(block.text for block in blocks(part) if block.kind == "output")


def with_output(page: str, output: str) -> str:
    """The page with this output in the block of its example."""
    before, heading, rest = page.partition("## Example\n")
    fresh = f"```output\n{output}```\n"
    changed, number = re.subn(
        r"^```output\n.*?^```\n", lambda _: fresh, rest, count=1, flags=re.MULTILINE | re.DOTALL
    )
    assert number == 1, "the example has no block of output"
    return before + heading + changed


def merged(fragment: str) -> str:
    """The fragment and, after it, the sections of the base case that it does not write."""
    written = {section.partition(":")[0] for section in SECTION.split(fragment)}
    rest = [s for s in SECTION.split(base_case()) if s.partition(":")[0] not in written]
    return fragment + "".join(section for section in rest if not section.startswith("#"))


def run(part: str, folder: Path) -> Found:
    """Set up the case of a part in a folder, and check it."""
    against_documents = False
    for block in blocks(part):
        if block.kind == "yaml":
            text = block.text if block.word == "whole" else merged(block.text)
            (folder / NAME).write_text(text, encoding="utf-8", newline="")
        elif block.kind == "file":
            (folder / block.word).write_text(block.text, encoding="utf-8", newline="")
        elif block.kind == "setup":
            for line in block.text.splitlines():
                against_documents |= line == "documents"
                _prepare(line, folder)
    return _check(folder, against_documents)


def _prepare(line: str, folder: Path) -> None:
    name, _, rest = line.partition(" ")
    action, _, value = rest.partition(" ")
    if action == "bytes":
        (folder / name).write_bytes(ast.literal_eval(f"b{value}"))
    elif action == "size":
        (folder / name).write_bytes(b"\n" * int(value))
    elif action == "absent":
        (folder / name).unlink(missing_ok=True)
    else:
        assert line == "documents", f"no such set-up: {line}"


def _check(folder: Path, against_documents: bool) -> Found:
    diagnostics = Diagnostics()
    source = read_source(folder / NAME, NAME, diagnostics)
    file = None if source is None else parse_case(source, folder, diagnostics)
    case = None if file is None else check_case(file, diagnostics)
    if case is not None and against_documents:
        hold(case, [folder], diagnostics)
    return Found(diagnostics.in_order(), None if diagnostics.has_errors else case)
