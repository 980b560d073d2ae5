"""Decisions against questions: the answers as they are, and what each decision changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from foedus.case.case import Case
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.answer_text import measure_of, show_estimate_of
from foedus.report.catalogue import say
from foedus.report.differences import show_short
from foedus.report.layout import fits, heading, table, wrap
from foedus.report.names import headed, question_name
from foedus.report.what_if import level_of, name_of, warnings


def show_table(
    case: Case, changes: Sequence[Change | OtherWorld], language: str = "en", width: int = 80
) -> str:
    """Decisions against questions, all on one level; what must be said first of each decision."""
    title = say(language, "what-if.table.title", title=headed(case, language))
    lines = heading(title, width)[1:]
    lines += [*wrap(level_of(case, changes[0], language), width), ""]
    letters = dict(zip(range(len(changes)), ascii_uppercase, strict=False))
    for place, letter in letters.items():
        name = name_of(case, changes[place].what_if, language)
        lines += wrap(say(language, "what-if.table.letter", letter=letter, name=name), width)
        for sentence in warnings(case, changes[place], language):
            lines += wrap(sentence, width, "   ")
    rows = [["", say(language, "what-if.table.as-it-is"), *letters.values()]]
    for number, first in enumerate(changes[0].questions):
        measure = measure_of(case.questions[first.name])
        cells = [
            show_short(changes[place].questions[number].difference, measure, language)
            for place in letters
        ]
        value = show_estimate_of(first.factual, measure, language)[0]
        rows.append([question_name(case, first.name, language), value, *cells])
    lines += ["", *_as_table(rows, width), ""]
    lines += wrap(say(language, "what-if.table.reading"), width)
    return "\n".join(lines) + "\n"


def _as_table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    if fits(rows, width):
        yield from table(rows, width, right=range(1, len(rows[0])))
        return
    for row in rows[1:]:
        yield from wrap(row[0], width)
        pairs = zip(rows[0][1:], row[1:], strict=True)
        yield from wrap("  ".join(f"{head}: {cell}" for head, cell in pairs), width, "    ")
