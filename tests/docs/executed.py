"""Pages that are carried out as they are read: README, tutorials.

A fence says what its block is.

- ```sh: commands, typed in the reader's folder; all must succeed. After `sh fails`, none may.
- ```yaml FILE: sections of a case file, put at its end or in place of those of the same name.
- ```csv FILE: a whole file that the reader writes.
- ```diff FILE: lines to take out of a file and to put into it; `…` stands for the rest of an item.
- ```text: what the last command printed; with `part "HEADING"` a part of it, with
  `rows "WORDS" ...` only the rows that hold one of these, with `errors` its messages.
- ```yaml printed: a whole file that the last command printed.

A comment after a simulation holds it against the N-th simulation of the page, name by name:
`<!-- since N: up NAME ...; down NAME ...; still NAME ...; same NAME ... -->`. Up and down mean by
more than three Monte Carlo errors, still by fewer, same to the last bit.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from foedus.questions.answers import Answers
from foedus.questions.estimates import Estimate
from tests.architecture.project import ROOT
from tests.cli.program import Result

PIECE = re.compile(
    r"^```(?P<kind>\w+)(?P<words>[^\n]*)\n(?P<text>.*?)^```$|<!-- since (?P<moves>.*?) -->",
    re.MULTILINE | re.DOTALL,
)
SECTION = re.compile(r"^(?=[a-z][a-z-]*:)", re.MULTILINE)
LEFT_OUT = "…"
SETTING_UP = (". .venv/bin/activate", "./dev test")
"""What a reader does to the machine; other tests are about these."""

Program = Callable[[list[str]], Result]


@dataclass
class Reader:
    """Where somebody who follows a page has got to."""

    folder: Path
    program: Program
    answers: list[Answers]
    last: Result = field(default_factory=lambda: Result(0, "", ""))


def compared(path: Path, today: str, updates: bool) -> None:
    """Nothing, if a page shows what is printed today; or make it so."""
    if updates:
        path.write_text(today, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == today, "./dev update-pages puts today's output there"


def carried_out(page: str, reader: Reader) -> str:
    """The page after everything on it has been done: with what is printed today."""
    return PIECE.sub(lambda piece: _piece(piece, reader), page)


def _piece(piece: re.Match[str], reader: Reader) -> str:
    if piece["moves"] is not None:
        verify_moves(piece["moves"], reader.answers)
        return piece[0]
    kind, text = piece["kind"], piece["text"]
    words = shlex.split(piece["words"])
    if kind == "sh":
        for line in text.replace("\\\n", "").splitlines():
            type_in(line, reader)
            assert (reader.last.code == 0) is (words == []), (line, reader.last)
    elif kind == "text" or words == ["printed"]:
        text = selected(reader.last, words)
    elif kind == "yaml":
        put_sections(reader.folder / words[0], text)
    elif kind == "csv":
        (reader.folder / words[0]).write_text(text, encoding="utf-8")
    elif kind == "diff":
        change_lines(reader.folder / words[0], text)
    else:
        raise AssertionError(f"no such block: {piece[0][:40]}")
    return f"```{kind}{piece['words']}\n{text}```"


def type_in(line: str, reader: Reader) -> None:
    """Do what a command line says, in the reader's folder."""
    command, *arguments = shlex.split(line, comments=True)
    line = shlex.join([command, *arguments])
    if command == "foedus":
        reader.last = reader.program(arguments)
    elif line == "./dev run":
        assert "set -- kazakhstan-2022" in (ROOT / "dev").read_text(encoding="utf-8")
        reader.last = reader.program(["run", "kazakhstan-2022"])
    elif command == "cp":
        *_, source, target = arguments
        copy = shutil.copytree if "-r" in arguments else shutil.copy
        copy(ROOT / source, reader.folder / target)
    elif command == "mkdir":
        (reader.folder / arguments[0]).mkdir()
    elif command == "cat":
        reader.last = Result(0, (reader.folder / arguments[0]).read_text(encoding="utf-8"), "")
    else:
        assert line in SETTING_UP, f"no reader of the tests can do this: {line}"


# Files --------------------------------------------------------------------------------------------


def put_sections(path: Path, text: str) -> None:
    """Put sections at the end of a file, or in place of those of the same name."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = {part.partition(":")[0]: part.strip() for part in SECTION.split(before) if part}
    sections |= {part.partition(":")[0]: part.strip() for part in SECTION.split(text) if part}
    path.write_text("\n".join(sections.values()) + "\n", encoding="utf-8")


def change_lines(path: Path, text: str) -> None:
    """Do to a file what a block of changes says; each run of changes must fit in one place."""
    for change in text.split("\n\n"):
        lines = path.read_text(encoding="utf-8").splitlines()
        changes = change.splitlines()
        old = [line[1:] for line in changes if line[0] != "+"]
        first = [line for line in old if line.strip() != LEFT_OUT]
        (start,) = (n for n in range(len(lines)) if lines[n : n + len(first)] == first)
        end = start + len(first)
        if len(first) < len(old):
            end += len(list(takewhile(lambda line: line.startswith("    "), lines[end:])))
        lines[start:end] = [line[1:] for line in changes if line[0] != "-"]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# What is printed ----------------------------------------------------------------------------------


def selected(result: Result, words: list[str]) -> str:
    """The part of what was printed that a block shows."""
    text = result.err if "errors" in words else result.out
    if "part" in words:
        text = part_of(text, words[words.index("part") + 1])
    if "rows" in words:
        text = rows_of(text, words[words.index("rows") + 1 :])
    assert text.strip(), f"nothing was printed for {words}"
    return "".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines())


def part_of(text: str, heading: str) -> str:
    """A heading of a summary with what stands below it."""
    lines = text.splitlines()
    start = lines.index(heading)
    below = (n for n in range(start + 2, len(lines)) if lines[n] and not lines[n].strip("-="))
    return "\n".join(lines[start : next(below, len(lines) + 1) - 1]).rstrip()


def rows_of(text: str, words: list[str]) -> str:
    """The rows that hold some of the words, under the headings; a mark for what is left out."""
    kept: list[str] = []
    for row in _rows(text):
        is_heading = row.startswith(" ") or "\n---" in row
        if is_heading or any(word in " ".join(row.split()) for word in words):
            kept.append(row)
        elif LEFT_OUT not in kept[-1:]:
            kept.append(LEFT_OUT)
    joined = " ".join(" ".join(kept).split())
    assert [word for word in words if word not in joined] == [], "no such row"
    return "\n".join(kept)


def _rows(text: str) -> Iterator[str]:
    """Each line with the indented lines below it; a heading goes with its underline."""
    row: list[str] = []
    for line in text.splitlines():
        if row and line[:1].strip("- "):
            yield "\n".join(row)
            row = []
        row.append(line)
    yield "\n".join(row)


# How answers move ---------------------------------------------------------------------------------


def verify_moves(text: str, answers: list[Answers]) -> None:
    """Nothing, if the last answers differ from earlier ones as a comment says."""
    number, _, clauses = text.partition(":")
    before, after = estimates(answers[int(number) - 1]), estimates(answers[-1])
    for clause in clauses.split(";"):
        word, *names = clause.split()
        for name in names:
            assert word in directions(before[name], after[name]), (word, name, before, after)


def estimates(answers: Answers) -> dict[str, Estimate]:
    """The answers over all explanations, by question."""
    return {answer.name: answer.estimate for answer in answers.questions}


def directions(before: Estimate, after: Estimate) -> set[str]:
    """How an answer has moved, measured by the Monte Carlo errors of both."""
    assert before.value is not None
    assert before.error is not None
    assert after.value is not None
    assert after.error is not None
    if before.value == after.value:
        return {"same", "still"}
    moved = after.value - before.value
    if abs(moved) <= 3.0 * (before.error**2 + after.error**2) ** 0.5:
        return {"still"}
    return {"up"} if moved > 0.0 else {"down"}
